"""日志: the audit trail. Append-only, each line chained to the one before by an HMAC.

Lines are collected while a transaction runs and written just before it commits, so
that they stand or fall with the change, and the head of the chain, one row that all
writers want, is locked last and shortly. The key lies outside the database.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Index, Select, String, Text, event, insert, select, update
from sqlalchemy.orm import (
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    scoped_session,
)

from models.base import Base, add_new
from models.clock import Moment, now
from models.vault import without_numbers

GENESIS = "0" * 64

PAGE = 1000
"""Lines that a verification holds in memory."""


class Line(Base):
    """One line: who did what to which object, with what detail (JSON text)."""

    __tablename__ = "journal"
    __table_args__ = (
        # The history of one object; its number comes first, for it is also asked for alone.
        Index("ix_journal_object", "object_id", "object_kind", "at", "id"),
        # The reader's list, the newest first, within days; the next ones the same of one
        # account, of one act (rare ones are looked for among millions), of one kind of object.
        Index("ix_journal_at", "at", "id"),
        Index("ix_journal_actor", "actor", "at", "id"),
        Index("ix_journal_act", "act", "at", "id"),
        Index("ix_journal_kind", "object_kind", "at", "id"),
    )

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


DIGESTS = frozenset({"sha256"})
"""Details that may look like a number and are none."""


def plain(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail without identity numbers: reasons and names of files are typed by people."""
    return {
        key: without_numbers(value) if isinstance(value, str) and key not in DIGESTS else value
        for key, value in detail.items()
    }


class Fault(NamedTuple):
    """A place where the chain is broken."""

    kind: str
    line: int
    other: int = 0

    def __str__(self) -> str:
        return FAULTS[self.kind] % self._asdict()


FAULTS = {
    "missing": "line %(line)s is missing: the next one is %(other)s",
    "altered": "line %(line)s is not what was written, or the one before it",
    "end": "the chain ends at line %(line)s, its head says %(other)s",
}


@dataclass
class Place:
    """How far a verification has come: the last line that it saw, and its MAC."""

    number: int = 0
    mac: str = GENESIS


def note(session: Session, actor: str, act: str, kind: str, id_: Any, /, **detail: Any) -> None:
    """Collect one line for the running transaction; with none running it begins one."""
    own = session() if isinstance(session, scoped_session) else session
    if not own.in_transaction():
        own.begin()
    entry = Entry(actor, act, kind, str(id_), plain(detail))
    session.info.setdefault("journal", []).append(entry)


def as_kept(detail: Mapping[str, Any]) -> str:
    """A detail as it stands in the journal."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)


def _head(session: Session) -> tuple[int, str]:
    """Number and MAC of the last line; nobody else appends until the transaction ends."""
    locked = select(Head.count, Head.mac).where(Head.id == 1).with_for_update()
    head = session.execute(locked).one_or_none()
    if head is None:
        # The first two writers of all may come at once: the later one waits here.
        add_new(session, Head, id=1, count=0, mac=GENESIS, seal="")
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
            detail = as_kept(entry.detail)
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
        place = Place()
        rows = session.execute(_behind(place).execution_options(yield_per=PAGE))
        for fault in self._walk(rows.mappings(), place):
            yield str(fault)
        yield from map(str, self._end(session, place))

    def verify_some(self, session: Session, after: int, most: int) -> tuple[int, bool, list[Fault]]:
        """Verify ``most`` lines behind line ``after``, or to the end of the chain: how far it
        came, whether that is the end, and what is broken. The end is judged with the head
        locked, because others go on writing."""
        mac = session.scalar(select(Line.mac).where(Line.id == after)) or ""
        place = Place(after, mac) if after else Place()
        rows = session.execute(_behind(place).limit(most)).mappings().all()
        found = list(self._walk(rows, place))
        if len(rows) == most:
            return place.number, False, found
        _head(session)
        found += self._walk(session.execute(_behind(place)).mappings().all(), place)
        return place.number, True, [*found, *self._end(session, place)]

    def _walk(self, rows: Iterable[Mapping[str, Any]], place: Place) -> Iterator[Fault]:
        """Follow the chain over these lines; ``place`` goes along."""
        for row in rows:
            place.number += 1
            if row["id"] != place.number:
                yield Fault("missing", place.number, row["id"])
                place.number = row["id"]
            if not hmac.compare_digest(row["mac"], self._mac(place.mac, dict(row))):
                yield Fault("altered", row["id"])
            place.mac = row["mac"]

    def _end(self, session: Session, place: Place) -> Iterator[Fault]:
        """Whether the chain ends where its head says."""
        head = session.execute(select(Head.count, Head.mac, Head.seal)).one_or_none()
        count, mac, seal = head or (0, GENESIS, self._seal(0, GENESIS))
        if (count, mac) != (place.number, place.mac) or seal != self._seal(count, mac):
            yield Fault("end", place.number, count)


def _behind(place: Place) -> Select:
    """The lines behind a place, in their order."""
    lines = select(*Line.__table__.columns)
    return lines.where(Line.id > place.number).order_by(Line.id)
