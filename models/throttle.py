"""Counts guesses (of passwords, of codes) before any of them is checked.

One row for each thing that is guessed at and each place that guesses. What it is stands
there only as a keyed hash, so no name, number or address can be read from the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
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
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.base import Base, insert_into
from models.clock import Moment
from models.journal import note
from models.vault import Vault

MINUTE, QUARTER, HALF = (timedelta(minutes=n) for n in (1, 15, 30))


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


class Scope(StrEnum):
    """What a guess is counted for."""

    BURST = "burst"
    ADDRESS = "address"
    PAIR = "pair"
    SUBJECT = "subject"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Limit:
    """As many failures within the window lock for so long. ``told``: who asks hears of it."""

    count: int
    window: timedelta
    lock: timedelta
    told: bool = True


LIMITS: dict[Scope, Limit] = {
    # A whole office stands behind one address, and comes at eight o'clock. So only what went
    # wrong counts here, a burst costs a minute, and the limits are far above an account's.
    Scope.BURST: Limit(30, MINUTE, MINUTE),
    Scope.ADDRESS: Limit(100, QUARTER, HALF),
    # Stays when the owner, who signs in elsewhere, is forgiven.
    Scope.PAIR: Limit(5, QUARTER, HALF),
    Scope.SUBJECT: Limit(5, QUARTER, HALF),
    # Who knows a number and a mobile could guess at both. But were he told that the one is
    # locked by guesses at the other, he would learn that they are the same person's.
    Scope.ACCOUNT: Limit(5, QUARTER, HALF, told=False),
}
"""In the order of counting: a guess that one of them refuses is not counted at the next, so
no lock grows by what was never checked; and as all transactions take their rows in this
order, none waits for another in a circle."""

OF_PLACES = frozenset({Scope.BURST, Scope.ADDRESS})
"""Where guesses come from, whatever they are at."""


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
    for mark in marks:
        row = session.execute(_counting(session, mark, now)).one_or_none()
        if row is None:
            told = LIMITS[mark.scope].told
            return Guess(tuple(counted), _lock_of(session, mark), told)
        counted.append(replace(mark, failures=row.failures, began_at=row.began_at))
    last = counted[-1]
    if last.failures == LIMITS[last.scope].count:
        note(session, "", "lock", "account", last.account or "", way=last.kind)
    return Guess(tuple(counted))


def _counting(session: Session, mark: Mark, now: datetime):
    """One statement that counts and answers with the count, or with nothing if locked."""
    limit, at = LIMITS[mark.scope], literal(now, Moment())
    over, more = _over(now, limit.window), Throttle.failures + 1
    locks = case((~over & (more >= limit.count), literal(now + limit.lock, Moment())), else_=null())
    row = {"kind": mark.kind, "key": mark.key, "account": mark.account, "failures": 1}
    first = insert_into(session, Throttle).values(**row, began_at=now)
    return first.on_conflict_do_update(
        index_elements=[Throttle.kind, Throttle.key],
        set_={
            "account": first.excluded.account,
            "failures": case((over, 1), else_=more),
            "began_at": case((over, at), else_=Throttle.began_at),
            "locked_until": locks,
        },
        where=over | (Throttle.failures < limit.count),
    ).returning(Throttle.failures, Throttle.began_at)


def _over(
    now: datetime, window: timedelta, row: type["Throttle"] = Throttle
) -> ColumnElement[bool]:
    """Whether a row says nothing any more: its lock has ended, or its window."""
    locked = row.locked_until.is_not(None)  # asked for, so that the answer is never NULL
    ended, past = row.locked_until <= now, row.began_at <= now - window
    return or_(and_(locked, ended), and_(~locked, past))


def _lock_of(session: Session, mark: Mark) -> datetime:
    """When the row that refused will be free again."""
    query = select(Throttle.locked_until, Throttle.began_at).where(_is(mark))
    locked_until, began_at = session.execute(query).one()
    return locked_until or began_at + LIMITS[mark.scope].window


def _is(mark: Mark) -> ColumnElement[bool]:
    return and_(Throttle.kind == mark.kind, Throttle.key == mark.key)


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
            session.execute(delete(Throttle).where(_is(mark)))


def spare(session: Session, done: Guess) -> None:
    """It was not checked at all: only the address pays for it."""
    take_back(session, [mark for mark in done.marks if mark.scope not in OF_PLACES])


def take_back(session: Session, marks: Sequence[Mark]) -> None:
    """Uncount one guess where it was counted, unless a new window has begun there since."""
    fewer = update(Throttle).values(failures=Throttle.failures - 1, locked_until=None)
    for mark in marks:
        same = Throttle.began_at == mark.began_at
        session.execute(fewer.where(_is(mark), same, Throttle.failures > 0))


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
    row = aliased(Throttle)
    free = select(row.kind, row.key).where(_over(now, longest, row))
    over = tuple_(Throttle.kind, Throttle.key).in_(free.with_for_update(skip_locked=True))
    gone = delete(Throttle).where(over).execution_options(synchronize_session=False)
    return session.execute(gone).rowcount
