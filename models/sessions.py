"""登录: how long a login lives, and what ends it.

What a browser keeps is a random key, in its signed cookie. Whether the key is worth
anything stands in a row here, which every process reads at every request: a row that is
ended, or that no longer fits the account, is dead everywhere at once.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Select, String, Update, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.clock import Moment
from models.words import NotFound, _

TOUCH = timedelta(seconds=60)
"""The last use is written down at most this often; nobody is put out earlier because of it."""


class LoginSession(Base):
    """One login of one account in one browser. Of its key only the SHA-256 is kept.

    ``credential`` is what the account was at the login, see ``credential_of``; ``ended``
    says why the login was ended before its time, or is empty; ``sid`` is the hash of the
    identity platform's session, if that has opened it.
    """

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    username: Mapped[str] = mapped_column(String(64), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(40), default="")
    credential: Mapped[str] = mapped_column(String(32))
    ended: Mapped[str] = mapped_column(String(10), default="")
    # The platform's logout asks whose logins its session has opened.
    sid: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)


class End(StrEnum):
    """Why a login is over."""

    GONE = "gone"
    IDLE = "idle"
    LONG = "long"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    REPLACED = "replaced"
    PLATFORM = "platform"


SENTENCES = {
    End.GONE: _("登录已经结束，请重新登录。"),
    End.IDLE: _("您有一段时间没有操作，已自动退出。请重新登录。"),
    End.LONG: _("这次登录的时间已满，请重新登录。"),
    End.CHANGED: _("账号的密码、角色或状态刚刚改过，请重新登录。"),
    End.ELSEWHERE: _("这里的登录已在别处退出，请重新登录。"),
    End.PLATFORM: _("您已在统一身份认证平台退出，这里也已退出。请重新登录。"),
    End.REPLACED: _("您的账号刚在别处登录，这里已退出。如果不是您本人登录的，请尽快修改密码。"),
}
"""What the person is told at the way in."""


@dataclass(frozen=True)
class Limits:
    """How long a login may live without being used, and in all."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Life:
    """What a request reads of its login."""

    id: int
    opened_at: datetime
    seen_at: datetime
    credential: str
    ended: str = ""


def end_of(life: Life, credential: str, limits: Limits, now: datetime) -> End | None:
    """Why the login is over at ``now``, None while it lives.

    ``credential`` is what the account is now.
    """
    if life.ended:
        return End(life.ended)
    if life.credential != credential:
        return End.CHANGED
    if now - life.opened_at >= limits.longest:
        return End.LONG
    if now - life.seen_at >= limits.idle + TOUCH:
        return End.IDLE
    return None


def credential_of(password: str | None, roles: Iterable[str], active: bool | None) -> str:
    """A digest of what a login rests on: who changes any of it ends all logins by that."""
    parts = (password, sorted(roles), bool(active))
    return sha256(repr(parts).encode()).hexdigest()[:32]


def hash_of(key: str) -> str:
    """What is kept of a key. It is random, so that no salt and no slow hash is needed."""
    return sha256(key.encode()).hexdigest()


def open_login(session: Session, login: LoginSession) -> str:
    """Add the row of a login that begins now; its key, which nobody else ever learns."""
    key = secrets.token_urlsafe(32)
    login.key_hash, login.seen_at = hash_of(key), login.seen_at or login.opened_at
    session.add(login)
    session.flush()
    return key


def close(session: Session, key: str) -> None:
    """Remove the login of a key, if there is one."""
    session.execute(delete(LoginSession).where(LoginSession.key_hash == hash_of(key)))


def end_all(session: Session, username: str, why: End, *, keep: int | None = None) -> int:
    """End all logins of an account but ``keep``; how many there were."""
    mine = (LoginSession.username == username, LoginSession.ended == "")
    others = update(LoginSession).where(*mine, LoginSession.id.is_distinct_from(keep))
    return session.execute(others.values(ended=why.value)).rowcount


def end_by_platform(session: Session, usernames: list[str], sid: str) -> list[str]:
    """End what a session of the platform has opened, or what of these accounts the platform
    gave no session for; without ``sid`` all logins of these accounts. Whose they were."""
    theirs = LoginSession.username.in_(usernames)
    if sid:
        unnamed = theirs & (LoginSession.sid == "")
        theirs = (LoginSession.sid == hash_of(sid)) | unnamed
    ended = update(LoginSession).where(theirs, LoginSession.ended == "")
    ended = ended.values(ended=End.PLATFORM.value).returning(LoginSession.username)
    return sorted(set(session.scalars(ended)))


def end_one(session: Session, username: str, id_: int) -> None:
    """End one login of an account; NotFound if it has none of this number."""
    mine = (LoginSession.username == username, LoginSession.id == id_, LoginSession.ended == "")
    if not session.execute(update(LoginSession).where(*mine).values(ended=End.ELSEWHERE)).rowcount:
        raise NotFound(_("没有找到这次登录，它可能已经退出。"))


def living(username: str, credential: str, limits: Limits, now: datetime) -> Select:
    """The logins of an account that live, the last used first."""
    return (
        select(LoginSession)
        .where(LoginSession.username == username, LoginSession.credential == credential)
        .where(LoginSession.ended == "", LoginSession.opened_at > now - limits.longest)
        .where(LoginSession.seen_at > now - limits.idle - TOUCH)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )


def touch(id_: int, at: datetime) -> Update:
    """Writes down that a login was used; passes by where somebody else is doing it."""
    row = select(LoginSession.id).where(LoginSession.id == id_, LoginSession.seen_at < at)
    free = row.with_for_update(skip_locked=True)
    return update(LoginSession).where(LoginSession.id.in_(free)).values(seen_at=at)


def sweep(session: Session, longest: timedelta, now: datetime) -> int:
    """Remove the logins whose time is over; how many. Until then they can say why they ended."""
    over = delete(LoginSession).where(LoginSession.opened_at <= now - longest)
    return session.execute(over).rowcount


BROWSERS = (
    (_("微信"), r"MicroMessenger/(\d{1,3})"),
    ("Edge", r"Edg(?:A|iOS)?/(\d{1,3})"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d{1,3})"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d{1,3})"),
    ("Safari", r"Version/(\d{1,3})[\d.]* (?:Mobile/\w+ )?Safari"),
)
SYSTEMS = ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


def words_of(user_agent: str) -> str:
    """A browser in a few words of ours, empty if it is none that is known."""
    found = ((name, re.search(pattern, user_agent)) for name, pattern in BROWSERS)
    browser = next((f"{name} {match[1]}" for name, match in found if match), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return " · ".join(filter(None, (browser, system)))
