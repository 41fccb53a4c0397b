"""校验日志: the chain of the journal is followed piece by piece, a request each; a row says how
far it came and what was found, so that it can be stopped, gone on with and looked up.
"""

import json
from datetime import datetime

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.clock import Moment
from models.journal import Fault, Head, Journal, note
from models.words import NotAllowed, _

PIECE = 10_000
"""Lines of one piece: some half a second of work."""

KEPT = 20
"""Faults that are written down; all of them are counted."""


class Verification(Base):
    """One verification: ``position`` of about ``until`` lines, with so many ``faults``."""

    __tablename__ = "verification"
    # The list of them, the latest first.
    __table_args__ = (Index("ix_verification_begun", "begun_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)
    first_faults: Mapped[str] = mapped_column(Text, default="[]")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped: Mapped[bool] = mapped_column(default=False)

    @property
    def found(self) -> list[Fault]:
        """The first faults."""
        return [Fault(*fault) for fault in json.loads(self.first_faults)]


def begin(session: Session, username: str, now: datetime) -> Verification:
    """A verification that has seen nothing yet."""
    until = session.scalar(select(Head.count)) or 0
    made = Verification(username=username, begun_at=now, until=until)
    session.add(made)
    session.flush()
    return made


def go_on(
    session: Session, journal: Journal, row: Verification, now: datetime, piece: int = PIECE
) -> None:
    """The next piece; NotAllowed if it has ended. The end is written in the journal."""
    _check_open(row)
    row.position, at_end, found = journal.verify_some(session, row.position, piece)
    kept = [*row.found, *found][:KEPT]
    row.faults, row.first_faults = row.faults + len(found), json.dumps(kept)
    row.until = max(row.until, row.position)
    if at_end:
        _end(session, row, now)
    session.flush()


def stop(session: Session, row: Verification, now: datetime) -> None:
    """Leave it at where it has come to."""
    _check_open(row)
    row.stopped = True
    _end(session, row, now)
    session.flush()


def _check_open(row: Verification) -> None:
    if row.ended_at is not None:
        raise NotAllowed(_("这次校验已经结束。请看结果，或重新开始一次。"))


def _end(session: Session, row: Verification, now: datetime) -> None:
    row.ended_at = now
    said = {"lines": row.position, "faults": row.faults, "whole": not row.stopped}
    note(session, row.username, "verify", "journal", row.id, **said)
