"""日志: the audit trail. Append-only, each line chained to the one before by an HMAC.

Lines are collected while a transaction runs and written just before it commits, so
that they stand or fall with the change, and the head of the chain, one row that all
writers want, is locked last and shortly. The key lies outside the database.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Index, String, Text, event, insert, select, update
from sqlalchemy.orm import (
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    scoped_session,
)

from models.base import Base
from models.batch import INSERTS
from models.clock import Moment, now

GENESIS = "0" * 64

PAGE = 1000
"""Lines that a verification holds in memory."""


class Line(Base):
    """One line: who did what to which object, with what detail (JSON text)."""

    __tablename__ = "journal"
    # Serves the history of one object.
    __table_args__ = (Index("ix_journal_object", "object_kind", "object_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(30))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))


class Head(Base):
    """The one row that says where the chain ends; a cut tail is found by it."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Entry:
    """A line that waits for the commit."""

    actor: str
    act: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]


def note(session: Session, actor: str, act: str, kind: str, id_: Any, **detail: Any) -> None:
    """Collect one line for the running transaction; with none running it begins one."""
    own = session() if isinstance(session, scoped_session) else session
    if not own.in_transaction():
        own.begin()
    entry = Entry(actor, act, kind, str(id_), detail)
    session.info.setdefault("journal", []).append(entry)


def _head(session: Session) -> tuple[int, str]:
    """Number and MAC of the last line; nobody else appends until the transaction ends."""
    locked = select(Head.count, Head.mac).where(Head.id == 1).with_for_update()
    head = session.execute(locked).one_or_none()
    if head is None:
        # The first two writers of all may come at once: the later one waits here.
        first = INSERTS[session.get_bind().dialect.name](Head)
        made = first.values(id=1, count=0, mac=GENESIS, seal="").on_conflict_do_nothing()
        session.execute(made)
        head = session.execute(locked).one()
    return head.count, head.mac


def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What was collected and not written ends with its transaction, however that ends."""
    if transaction.parent is None:
        session.info.pop("journal", None)


class Journal:
    """Writes and verifies the chain with ``key`` (32 bytes or more)."""

    def __init__(self, key: bytes):
        if len(key) < 32:
            raise ValueError("the journal's key needs 32 bytes")
        self._key = key

    def listen_to(self, sessions: Any) -> None:
        """Write the collected lines of every session before it commits."""
        event.listen(sessions, "before_commit", self.write)
        event.listen(sessions, "after_transaction_end", _forget)

    def write(self, session: Session) -> None:
        """Append the collected lines: one statement for the lines, two for the head."""
        entries = session.info.pop("journal", None)
        if not entries:
            return
        session.flush()
        count, mac = _head(session)
        at, rows = now(session), []
        for number, entry in enumerate(entries, count + 1):
            detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True, default=str)
            row = {
                "id": number,
                "at": at,
                "actor": entry.actor,
                "act": entry.act,
                "object_kind": entry.object_kind,
                "object_id": entry.object_id,
                "detail": detail,
            }
            mac = row["mac"] = self._mac(mac, row)
            rows.append(row)
        session.execute(insert(Line), rows)
        ended = {"count": number, "mac": mac, "seal": self._seal(number, mac)}
        session.execute(update(Head).where(Head.id == 1).values(**ended))

    def _mac(self, before: str, row: dict[str, Any]) -> str:
        """The HMAC-SHA256 of the line before and of all that this one says."""
        names = ("id", "actor", "act", "object_kind", "object_id", "detail")
        said = [before, f"{row['at']:%Y-%m-%dT%H:%M:%S.%f}", *(str(row[n]) for n in names)]
        return hmac.new(self._key, json.dumps(said).encode(), sha256).hexdigest()

    def _seal(self, count: int, mac: str) -> str:
        return hmac.new(self._key, f"{count}|{mac}".encode(), sha256).hexdigest()

    def verify(self, session: Session) -> Iterator[str]:
        """Yield one English sentence for each place where the chain is broken."""
        before, number = GENESIS, 0
        lines = select(*Line.__table__.columns).order_by(Line.id)
        rows = session.execute(lines.execution_options(yield_per=PAGE))
        for row in rows.mappings():
            number += 1
            if row["id"] != number:
                yield f"line {number} is missing: the next one is {row['id']}"
                number = row["id"]
            if not hmac.compare_digest(row["mac"], self._mac(before, dict(row))):
                yield f"line {row['id']} is not what was written, or the one before it"
            before = row["mac"]
        head = session.execute(select(Head.count, Head.mac, Head.seal)).one_or_none()
        count, mac, seal = head or (0, GENESIS, self._seal(0, GENESIS))
        if (count, mac) != (number, before) or seal != self._seal(count, mac):
            yield f"the chain ends at line {number}, its head says {count}"
