"""第二重验证: one-time codes of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 s), and
recovery codes for the day when the telephone is lost.

The key is sealed by the vault; of the recovery codes only keyed digests are kept. A step of
the clock is spent by the first code of it that is taken, however many come at once.
"""

import hmac
import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_into, new_uid
from models.clock import Moment
from models.permissions import Role
from models.vault import Sealed, Vault
from models.words import BadInput, NotAllowed, _

STEP = 30
"""Seconds in which a code is valid."""

DRIFT = 1
"""Steps that a clock may be ahead or behind (RFC 6238, 5.2)."""

BEGUN_LIFE = timedelta(minutes=10)
"""From the key on the screen to its confirmation: who finds it there later has no use for it."""

RECOVERY_CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of a recovery code; none of them is taken for another one."""

CODE_LENGTH = 12
"""Letters of a recovery code: 59 bits, and who guesses is held up after five."""

WRONG = _("验证码不对或已经用过。请等手机上显示下一个 6 位数字再填，或填写一个没有用过的恢复码。")
NOT_BEGUN = _("还没有开始启用第二重验证，或已经启用。请重新打开这个页面。")
TOO_LATE = _("这个密钥已经失效：从显示到确认最多 10 分钟。请重新开始启用第二重验证。")
NONE = _("这个账号没有启用第二重验证。")


class Use(StrEnum):
    """What a deployment makes of second factors; its word in the configuration."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return USES[self]


USES = {
    Use.OFF: _("不使用"),
    Use.OPTIONAL: _("由本人决定是否启用"),
    Use.REQUIRED: _("申报人以外的账号必须启用"),
}


class SecondFactor(Base):
    """The second factor of one account; it counts from its confirmation on."""

    __tablename__ = "second_factor"

    username: Mapped[str] = mapped_column(
        String(64), ForeignKey("account.username"), primary_key=True
    )
    uid: Mapped[str] = mapped_column(String(32), default=new_uid)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A recovery code that has not been used; used ones are gone."""

    __tablename__ = "recovery_code"

    username: Mapped[str] = mapped_column(
        String(64), ForeignKey("second_factor.username"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


def concerns(role: Role | None) -> bool:
    """Whether accounts of this role take part: all but those of applicants."""
    return role is not Role.APPLICANT


def confirmed(session: Session, username: str) -> SecondFactor | None:
    """The second factor that the account has to show at its login, if any."""
    query = select(SecondFactor).where(SecondFactor.confirmed_at.is_not(None))
    return session.scalars(query.where(SecondFactor.username == username)).one_or_none()


def codes_left(session: Session, username: str) -> int:
    """How many recovery codes can still be used."""
    query = select(RecoveryCode.digest).where(RecoveryCode.username == username)
    return len(session.scalars(query).all())


# Enrolment.


def begin(session: Session, vault: Vault, username: str, now: datetime) -> None:
    """A new key that waits for its confirmation; NotAllowed if one is confirmed."""
    uid = new_uid()
    key = vault.seal(pyotp.random_base32(), "second_factor", "key", uid)
    fresh = {"uid": uid, "begun_at": now, "key_sealed": key.sealed}
    new = insert_into(session, SecondFactor).values(username=username, **fresh)
    # In one statement, for two browsers may come to it at once.
    written = new.on_conflict_do_update(
        index_elements=[SecondFactor.username],
        set_=fresh,
        where=SecondFactor.confirmed_at.is_(None),
    ).returning(SecondFactor)
    if session.scalars(written, execution_options={"populate_existing": True}).first() is None:
        raise NotAllowed(_("已经启用第二重验证。要换手机，请先停用，再重新启用。"))


def begun_key(session: Session, vault: Vault, username: str, now: datetime) -> str:
    """The key (Base32) of an enrolment that waits for its confirmation; NotAllowed if none
    does, or has waited too long."""
    return _key(vault, _waiting(session.get(SecondFactor, username), now))


def confirm(session: Session, vault: Vault, username: str, typed: str, now: datetime) -> list[str]:
    """The key is in the app: the first code proves it. Gives the recovery codes, which nobody
    sees a second time. BadInput if the code is wrong."""
    row = _waiting(session.get(SecondFactor, username, with_for_update=True), now)
    step = matching_step(_key(vault, row), typed, now)
    if step is None:
        raise BadInput(_("验证码不对。请核对手机的时间，等显示下一个 6 位数字再填。"))
    row.confirmed_at, row.last_step = now, step
    session.flush()
    return renew_codes(session, vault, username)


def _waiting(row: SecondFactor | None, now: datetime) -> SecondFactor:
    """The enrolment, if it waits for its confirmation."""
    if row is None or row.confirmed_at is not None:
        raise NotAllowed(NOT_BEGUN)
    if now - row.begun_at >= BEGUN_LIFE:
        raise NotAllowed(TOO_LATE)
    return row


def renew_codes(session: Session, vault: Vault, username: str) -> list[str]:
    """New recovery codes in the place of all old ones."""
    codes = [_new_code() for _n in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.username == username))
    rows = [{"username": username, "digest": _digest(vault, username, code)} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes


def remove(session: Session, username: str) -> bool:
    """Take the second factor away with its codes; False if there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.username == username))
    gone = delete(SecondFactor).where(SecondFactor.username == username)
    return session.execute(gone).rowcount > 0


# Use.


def show(session: Session, vault: Vault, username: str, typed: str, now: datetime) -> str:
    """Spend what was typed: ``totp`` or ``recovery`` is said, which it was. BadInput if it is
    neither, or was used before."""
    row = confirmed(session, username)
    if row is None:
        raise NotAllowed(NONE)
    plain = _plain(typed)
    if _spend_step(session, vault, row, plain, now):
        return "totp"
    if _spend_code(session, vault, username, plain):
        return "recovery"
    raise BadInput(WRONG)


def matching_step(key: str, typed: str, now: datetime) -> int | None:
    """The step of the clock whose code this is, of those that are valid now."""
    plain, here = _plain(typed), int(now.timestamp()) // STEP
    if not re.fullmatch("[0-9]{6}", plain):
        return None
    of = pyotp.HOTP(key)
    steps = range(here - DRIFT, here + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(of.at(step), plain)]
    return fits[-1] if fits else None


def _spend_step(
    session: Session, vault: Vault, row: SecondFactor, plain: str, now: datetime
) -> bool:
    """Take a code, if nobody took one of its step or of a later one. One statement decides."""
    step = matching_step(_key(vault, row), plain, now)
    if step is None:
        return False
    free = (SecondFactor.username == row.username, SecondFactor.last_step < step)
    spent = update(SecondFactor).where(*free, SecondFactor.key_sealed == row.key_sealed)
    return session.execute(spent.values(last_step=step)).rowcount == 1


def _spend_code(session: Session, vault: Vault, username: str, plain: str) -> bool:
    mine = (
        RecoveryCode.username == username,
        RecoveryCode.digest == _digest(vault, username, plain),
    )
    return session.execute(delete(RecoveryCode).where(*mine)).rowcount == 1


def _key(vault: Vault, row: SecondFactor) -> str:
    return vault.open(Sealed(row.key_sealed), "second_factor", "key", row.uid)


def _plain(typed: str) -> str:
    """Without the blanks and strokes by which people group letters; full-width digits too."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed or "")).upper()


def _new_code() -> str:
    signs = "".join(secrets.choice(LETTERS) for _n in range(CODE_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def _digest(vault: Vault, username: str, code: str) -> str:
    """Keyed outside the database: who reads the table cannot try codes against it."""
    return vault.index(f"recovery|{username}|{_plain(code)}")


def address(key: str, username: str, issuer: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=issuer)
