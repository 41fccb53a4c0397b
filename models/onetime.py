"""验证码: six digits that somebody reads on a telephone or in a mail, for one purpose, once."""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Row,
    String,
    and_,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_into
from models.clock import SHANGHAI, Moment, day_of
from models.vault import Vault, vault_of
from models.words import BadInput, NotAllowed, Sentence, _, say

CODE = re.compile(r"[0-9]{6}")

UNSEEN = {"synchronize_session": False}
"""No row of these tables is ever an object of a session."""

LIFE = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)
"""Between two codes for the same target."""

TRIES = 5
A_DAY = 10
"""Codes for one target that one place may ask for on one day in Shanghai, whatever they are
for. Who asks for those of another spends his own."""

A_DAY_IN_ALL = 50
"""The same from wherever it is asked for, so that nobody's telephone is flooded."""


class TooSoon(NotAllowed):
    """Too many codes were asked for; the sentence says when to come again (429)."""

    status = 429


class OneTimeCode(Base):
    """When a code of a purpose was last made for a target, and how many were. Who makes one or
    tries one locks this row first, so that all of it is exact.

    The target (an account, a mobile number) lies here as an HMAC only.
    """

    __tablename__ = "one_time_code"

    # The target comes first: its index serves the count of a day, over all purposes.
    target_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    spent_at: Mapped[datetime | None] = mapped_column(Moment)
    day: Mapped[str] = mapped_column(String(10))
    made_today: Mapped[int] = mapped_column(default=1)


class LivingCode(Base):
    """A code that can be used, as an HMAC. Those of one purpose and target live side by side, so
    that nobody ends another's by asking for one more; ``PAUSE`` lets no more than ten live."""

    __tablename__ = "living_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["target_index", "purpose"], ["one_time_code.target_index", "one_time_code.purpose"]
        ),
    )

    target_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)


class CodesAsked(Base):
    """How many codes for one target one place has asked for on ``day``; both lie here as one
    HMAC only."""

    __tablename__ = "codes_asked"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    count: Mapped[int] = mapped_column(default=1)


def issue(
    session: Session, purpose: str, target: str, now: datetime, *, asker: str, bound: str = ""
) -> str:
    """A new code for who asks from the place ``asker``; those before it live on to their end.

    ``bound``: what it is good for besides, as the telephone that it is sent to; it counts
    only where ``spend`` is told the same.

    Costs the same for a target that nobody has. TooSoon within a minute, or after too many
    on one day. The caller posts it (``models.outbox.post``) in the same transaction.
    """
    index, day = _index(vault_of(session), target), day_of(now).isoformat()
    fresh = {"made_at": now, "expires_at": now + LIFE, "spent_at": None, "day": day}
    new = insert_into(session, OneTimeCode)
    again = case((OneTimeCode.day == day, OneTimeCode.made_today + 1), else_=1)
    made = session.execute(
        new.values(target_index=index, purpose=purpose, made_today=1, **fresh)
        .on_conflict_do_update(
            index_elements=[OneTimeCode.target_index, OneTimeCode.purpose],
            set_=fresh | {"made_today": again},
            where=OneTimeCode.made_at <= now - PAUSE,
        )
        .returning(OneTimeCode.made_at)
    ).one_or_none()
    if made is None:
        raise _pausing(session, purpose, index, now)
    _check_quota(session, index, asker, day)
    return _bring_to_life(session, purpose, index, now, bound)


def _bring_to_life(session: Session, purpose: str, index: str, now: datetime, bound: str) -> str:
    """A new code in the place of those that are dead."""
    code = f"{secrets.randbelow(10**6):06d}"
    session.execute(delete(LivingCode).where(*_at(LivingCode, purpose, index), ~_living(now)))
    key = {"target_index": index, "purpose": purpose}
    key |= {"code_hash": _hash(vault_of(session), purpose, index, code, bound)}
    fresh = {"expires_at": now + LIFE, "tries": 0}
    new = insert_into(session, LivingCode).values(**key, **fresh)
    # Once in a hundred thousand times one of those that live is drawn again.
    session.execute(new.on_conflict_do_update(index_elements=list(key), set_=fresh))
    return code


def _check_quota(session: Session, index: str, asker: str, day: str) -> None:
    """Count a code for who asked, and for all."""
    new = insert_into(session, CodesAsked)
    more = case((CodesAsked.day == day, CodesAsked.count + 1), else_=1)
    counted = (
        new.values(key=vault_of(session).index(f"codes asked|{index}|{asker}"), day=day, count=1)
        .on_conflict_do_update(index_elements=[CodesAsked.key], set_={"day": day, "count": more})
        .returning(CodesAsked.count)
    )
    of_today = (OneTimeCode.target_index == index, OneTimeCode.day == day)
    of_all = select(func.sum(OneTimeCode.made_today)).where(*of_today)
    for query, limit in ((counted, A_DAY), (of_all, A_DAY_IN_ALL)):
        if session.scalar(query) > limit:
            raise TooSoon(_("今天获取验证码已达 %(n)s 次，请明天再试。"), n=limit)


def _pausing(session: Session, purpose: str, index: str, now: datetime) -> TooSoon:
    made_at = session.scalar(select(OneTimeCode.made_at).where(*_at(OneTimeCode, purpose, index)))
    return TooSoon(_("验证码刚刚发出，请 %(n)s 秒后再获取。"), n=_pause(made_at, now))


def code_objection(typed: str | None) -> Sentence | None:
    """Why something cannot be a code: that is no guess at one, and costs none."""
    if CODE.fullmatch("".join((typed or "").split())):
        return None
    return say(_("请填写收到的 6 位数字验证码。"))


def spend(
    session: Session, purpose: str, target: str, code: str, now: datetime, *, bound: str = ""
) -> None:
    """Use a code up, and with it all of its purpose and target; NotAllowed (wrong: BadInput)
    says why it does not count. A wrong one counts against each that lives.

    Ask this before anything is written: it begins a transaction of its own, and commits
    that if the code is wrong, for a guess must count although the request is refused. A
    right one is used up when the caller commits; if he is refused, it remains. (So the
    session must not be one of a ``with session.begin()``.)
    """
    session.rollback()
    vault = vault_of(session)
    index = _index(vault, target)
    given = _hash(vault, purpose, index, "".join((code or "").split()), bound)
    place, all_ = (_at(kind, purpose, index) for kind in (OneTimeCode, LivingCode))
    columns = OneTimeCode.made_at, OneTimeCode.spent_at, OneTimeCode.expires_at
    last = session.execute(select(*columns).where(*place).with_for_update()).one_or_none()
    guess = update(LivingCode).where(*all_, _living(now)).values(tries=LivingCode.tries + 1)
    guess = guess.returning(LivingCode.code_hash, LivingCode.tries)
    tried = dict(session.execute(guess, execution_options=UNSEEN).all())
    if not tried:
        raise _why_dead(last, now)
    if given not in tried:
        session.commit()
        left = TRIES - min(tried.values())
        words = _("验证码不对，还可以再试 %(n)s 次。")
        raise BadInput(words, n=left) if left else BadInput(_burnt(last, now))
    session.execute(delete(LivingCode).where(*all_), execution_options=UNSEEN)
    spent = update(OneTimeCode).where(*place).values(spent_at=now)
    session.execute(spent, execution_options=UNSEEN)


def _burnt(last: Row, now: datetime) -> Sentence:
    """What to say after the last try, and when there can be another code."""
    if last.made_at + PAUSE <= now:
        return say(_("验证码已输错 %(n)s 次，不能再用。请重新获取。"), n=TRIES)
    words = _("验证码已输错 %(n)s 次，不能再用。请 %(wait)s 秒后重新获取。")
    return say(words, n=TRIES, wait=_pause(last.made_at, now))


def _pause(made_at: datetime, now: datetime) -> int:
    """Seconds until the next code may be asked for."""
    return max(1, int((made_at + PAUSE - now).total_seconds()))


def _why_dead(row: Row | None, now: datetime) -> NotAllowed:
    """What to say of the last code, where none lives."""
    if row is None:
        return NotAllowed(_("还没有获取验证码，或者它早已过期。请重新获取。"))
    if row.spent_at is not None:
        return NotAllowed(_("这个验证码已经用过，请重新获取。"))
    if row.expires_at <= now:
        local = row.expires_at.astimezone(SHANGHAI)
        return NotAllowed(_("验证码已于 %(when)s 过期，请重新获取。"), when=f"{local:%H:%M}")
    return NotAllowed(_burnt(row, now))


def sweep_codes(session: Session, now: datetime) -> int:
    """Remove what no limit needs any more; how many rows that were."""
    past = now - timedelta(days=2)
    session.execute(delete(CodesAsked).where(CodesAsked.day < day_of(past).isoformat()))
    session.execute(delete(LivingCode).where(LivingCode.expires_at <= now))
    return session.execute(delete(OneTimeCode).where(OneTimeCode.made_at < past)).rowcount


def _living(now: datetime) -> ColumnElement[bool]:
    """What is asked of a code that still counts."""
    return and_(LivingCode.expires_at > now, LivingCode.tries < TRIES)


def _at(kind: type[OneTimeCode | LivingCode], purpose: str, index: str) -> tuple:
    return kind.target_index == index, kind.purpose == purpose


def _index(vault: Vault, target: str) -> str:
    return vault.index(f"one-time code|{target}")


def _hash(vault: Vault, purpose: str, index: str, code: str, bound: str) -> str:
    """Of the code at its place: six digits alone would be found by trying all of them."""
    return vault.index(f"one-time code|{purpose}|{index}|{code}|{bound}")
