"""Counts guesses (of passwords, of codes) before any of them is checked.

One row for each thing that is guessed at and each place that guesses. What it is stands
there only as a keyed hash, so no name, number or address can be read from the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import INSERTS, Base
from models.clock import Moment
from models.journal import note
from models.limits import LIMITS, OF_PLACES, Scope
from models.vault import Vault


class Throttle(Base):
    """How often something was tried since ``began_at``. ``account`` is the user name that
    it turned out to be; by it a lock is shown and taken away."""

    __tablename__ = "throttle"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)


ROWS = Throttle.__table__

THIS = and_(ROWS.c.kind == bindparam("its_kind"), ROWS.c.key == bindparam("its_key"))
"""The row of a mark, which ``_named`` gives."""

FORGET = delete(ROWS).where(THIS)

UNCOUNT = (
    update(ROWS)
    .where(THIS, ROWS.c.began_at == bindparam("counted"), ROWS.c.failures > 0)
    .values(failures=ROWS.c.failures - 1, locked_until=None)
)
"""Take one guess back that counts there since ``counted``."""


@dataclass(frozen=True)
class Mark:
    """One row to count at; ``failures`` and ``began_at`` are known when it was counted."""

    scope: Scope
    kind: str
    key: str
    account: str | None
    failures: int = 0
    began_at: datetime | None = None


@dataclass(frozen=True)
class Guess:
    """What came of counting: the rows where the guess counts and, if it may not be checked,
    until when, and whether that may be said."""

    marks: tuple[Mark, ...]
    until: datetime | None = None
    told: bool = True

    @property
    def failures(self) -> int:
        """Guesses at the subject, from here or from everywhere, this one among them."""
        seen = (m.failures for m in self.marks if m.scope in (Scope.PAIR, Scope.SUBJECT))
        return max(seen, default=0)


def marks_for(
    vault: Vault, kind: str, subject: str, address: str, account: str | None = None
) -> Iterator[Mark]:
    """The rows of one guess at ``subject``; without an address those of addresses fall away."""
    said = {
        Scope.BURST: address,
        Scope.ADDRESS: address,
        Scope.PAIR: address and f"{address}|{subject}",
        Scope.SUBJECT: subject,
        Scope.ACCOUNT: account or subject,
    }
    for scope in LIMITS:
        if said[scope]:
            key = vault.index(f"throttle|{kind}|{scope}|{said[scope]}")
            yield Mark(scope, kind, key, None if scope in OF_PLACES else account)


def guess(session: Session, marks: Sequence[Mark], now: datetime) -> Guess:
    """Count one guess, unless one of its rows is locked. Atomic: of many at once as many
    pass as the limit says."""
    counted = []
    counting = _counting(session.get_bind().dialect.name)
    for mark in marks:
        row = session.execute(counting, _counted(mark, now)).one_or_none()
        if row is None:
            told = LIMITS[mark.scope].told
            return Guess(tuple(counted), _lock_of(session, mark), told)
        counted.append(replace(mark, failures=row.failures, began_at=row.began_at))
    last = counted[-1]
    if last.failures == LIMITS[last.scope].count:
        note(session, "", "lock", "account", last.account or "", way=last.kind)
    return Guess(tuple(counted))


@cache
def _counting(dialect: str) -> Executable:
    """One statement that counts and answers with the count, or with nothing if locked.

    Made once for each database: five are carried out at every login, and to put one together
    takes ten times as long as to carry it out.
    """
    now, lock_end = bindparam("now", type_=Moment()), bindparam("lock_end", type_=Moment())
    limit = bindparam("limit", type_=Integer)
    over, more = _over(now, bindparam("past", type_=Moment())), ROWS.c.failures + 1
    first = INSERTS[dialect](ROWS).values(
        kind=bindparam("its_kind"), key=bindparam("its_key"), account=bindparam("its_account"),
        failures=1, began_at=now,
    )  # fmt: skip
    return first.on_conflict_do_update(
        index_elements=[ROWS.c.kind, ROWS.c.key],
        set_={
            "account": first.excluded.account,
            "failures": case((over, 1), else_=more),
            "began_at": case((over, now), else_=ROWS.c.began_at),
            "locked_until": case((~over & (more >= limit), lock_end), else_=null()),
        },
        where=over | (ROWS.c.failures < limit),
    ).returning(ROWS.c.failures, ROWS.c.began_at)


def _counted(mark: Mark, now: datetime) -> dict[str, Any]:
    """What the statement has to be told to count at this row."""
    limit = LIMITS[mark.scope]
    ends = {"now": now, "past": now - limit.window, "lock_end": now + limit.lock}
    return _named(mark) | ends | {"its_account": mark.account, "limit": limit.count}


def _over(
    now: ColumnElement[datetime], past: ColumnElement[datetime], row: FromClause = ROWS
) -> ColumnElement[bool]:
    """Whether a row says nothing any more: its lock has ended, or its window, which began
    ``past``."""
    locked = row.c.locked_until.is_not(None)  # asked for, so that the answer is never NULL
    ended, expired = row.c.locked_until <= now, row.c.began_at <= past
    return or_(and_(locked, ended), and_(~locked, expired))


def _lock_of(session: Session, mark: Mark) -> datetime:
    """When the row that refused will be free again."""
    query = select(ROWS.c.locked_until, ROWS.c.began_at).where(THIS)
    locked_until, began_at = session.execute(query, _named(mark)).one()
    return locked_until or began_at + LIMITS[mark.scope].window


def _named(mark: Mark) -> dict[str, Any]:
    return {"its_kind": mark.kind, "its_key": mark.key}


def forgive(session: Session, done: Guess) -> None:
    """It was right: forget what went wrong with this subject, here and by itself; at the
    address only this one guess is taken back, for others guess there too."""
    # Row by row, as guesses lock them: in any other order the two would wait for each other.
    take_back(session, [mark for mark in done.marks if mark.scope in OF_PLACES])
    forget(session, done)


def forget(session: Session, done: Guess) -> None:
    """It was no guess at a secret, but cost something: the subject is free again, while its
    address goes on paying."""
    for mark in done.marks:
        if mark.scope not in OF_PLACES:
            session.execute(FORGET, _named(mark))


def spare(session: Session, done: Guess) -> None:
    """It was not checked at all: only the address pays for it."""
    take_back(session, [mark for mark in done.marks if mark.scope not in OF_PLACES])


def take_back(session: Session, marks: Sequence[Mark]) -> None:
    """Uncount one guess where it was counted, unless a new window has begun there since."""
    for mark in marks:
        session.execute(UNCOUNT, _named(mark) | {"counted": mark.began_at})


def locked_accounts(now: datetime):
    """User name and end of the lock of each account that is locked, the latest first."""
    until = func.max(Throttle.locked_until).label("until")
    query = select(Throttle.account, until).where(Throttle.locked_until > now)
    known = query.where(Throttle.account.is_not(None)).group_by(Throttle.account)
    return known.order_by(until.desc(), Throttle.account)


def unlock(session: Session, username: str, actor: str, **detail: str) -> int:
    """解锁: forget all guesses at an account; the number of rows. ``detail`` goes into the
    journal with the act."""
    found = session.execute(delete(Throttle).where(Throttle.account == username)).rowcount
    note(session, actor, "unlock", "account", username, **detail)
    return found


def sweep(session: Session, now: datetime) -> int:
    """Remove the rows that say nothing any more; their number. Rows that a guess has locked
    wait for the next time: two who wait for each other would both have to begin again."""
    longest = max(limit.window for limit in LIMITS.values())
    row, at = ROWS.alias(), literal(now, Moment())
    free = select(row.c.kind, row.c.key).where(_over(at, literal(now - longest, Moment()), row))
    over = tuple_(ROWS.c.kind, ROWS.c.key).in_(free.with_for_update(skip_locked=True))
    return session.execute(delete(ROWS).where(over)).rowcount
