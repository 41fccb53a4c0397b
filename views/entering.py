"""Coming in and leaving: an account is recognised, then a session begins."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import current_app, request, session
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Select, func, select, update

from adapters.database import only_reading
from adapters.passwords import fits, hashed, is_outdated
from models.clock import Instant
from models.journal import note
from models.people import Account
from models.permissions import NOBODY, Role
from models.sessions import (
    End,
    LoginSession,
    close,
    credential_of,
    end_all,
    hash_of,
    open_login,
    words_of,
)
from models.words import NotAllowed, _
from views import captcha
from views.login import SignedIn, actor, role_in, with_roles
from views.throttling import attempt


class Recognised(NamedTuple):
    """An account whose password was right a moment ago. ``fresh`` is the hash to keep from
    now on, if another one than ``password`` is due."""

    id: int
    username: str
    password: str
    at: datetime
    fresh: str | None = None


class Origin(NamedTuple):
    """Where a login comes from: the hash of the identity platform's session, empty if that has
    not opened it, and when who is signed in has come in."""

    sid: str
    opened_at: datetime


class Unrecognised(NotAllowed):
    """Nobody has this name with this password (400)."""

    status = 400


USERS = select(User.id, User.username, User.password, Instant().label("at")).where(
    User.active.is_(True)
)
"""The accounts that may come in: a way in says which one it wants."""

ACCOUNTS = USERS.join(Account, Account.username == User.username)
"""The same with what the domain knows of an account."""


def recognise(database, username: str, password: str) -> Recognised:
    """Who has this user name and this password."""
    wanted = (username or "").replace("\0", "")  # no database takes it in a text
    return recognised(database, USERS.where(User.username == wanted), wanted, password)


def recognised(
    database,
    wanted: Select,
    typed: str,
    password: str,
    *,
    always: bool = False,
    counted: Callable[[], None] = lambda: None,
) -> Recognised:
    """Whose account is the one that is wanted, if the password is right; else TooMany,
    WrongCaptcha or Unrecognised, whichever comes first.

    ``typed`` is all by which it was asked for, and what guesses are counted for; ``always``:
    a captcha is due from the first time on; ``counted`` is done when the throttle has let the
    guess through, before it is judged. Whether there is such an account or none changes
    nothing of what is done: the same statements, one hash.
    """
    with only_reading(database):  # a hash takes long: nobody may wait for it to write
        row = database.execute(wanted).one_or_none()
    tried = attempt("login", typed, row.username if row else None)
    counted()
    if always or captcha.due(tried):
        captcha.demand(tried, captcha.FAILED if captcha.due(tried) else captcha.MISSING)
    known = row.password if row and not tried.blocked else None
    if not fits(known, password or "") or known is None:
        if always or captcha.due_next(tried):
            captcha.ask_for()
        raise Unrecognised(_("用户名或密码不对，请重新输入。"))
    tried.succeeded()
    return Recognised(*row, hashed(password) if is_outdated(row.password) else None)


def refreshed(database, found: Recognised) -> Recognised:
    """The account with the hash that it is to have from now on, if another one was due."""
    if found.fresh is None:
        return found
    same = (User.id == found.id, User.password == found.password)
    database.execute(update(User).where(*same).values(password=found.fresh))
    database.commit()
    return found._replace(password=found.fresh, fresh=None)


def vouched(database, username: str) -> Recognised | None:
    """The account of this name, whom somebody else has recognised (the identity platform)."""
    row = database.execute(USERS.where(User.username == username)).one_or_none()
    return Recognised(*row) if row else None


def enter(database, found: Recognised, sid: str = "") -> bool:
    """Begin the session, if the password still is what it was when it was checked. ``sid``
    is the session of the identity platform, where that has recognised whom."""
    return _enter(database, found, Origin(hash_of(sid) if sid else "", found.at))


def enter_again(database, found: Recognised) -> bool:
    """The same for who is signed in and has shown his password anew: it is the login that he
    had, under a new key. False also if that was ended meanwhile, as by the platform."""
    origin = _origin(database)
    return origin is not None and _enter(database, found, origin)


def _enter(database, found: Recognised, origin: Origin) -> bool:
    table = User.__table__.c
    unchanged = (table.id == found.id, table.password == found.password, table.active.is_(True))
    counted = {"login_count": func.coalesce(table.login_count, 0) + 1}
    kept = {"password": found.fresh or found.password}
    stamp = found.at.replace(tzinfo=None)  # the framework keeps naive times
    login = update(User.__table__).where(*unchanged).values(last_login=stamp, **counted, **kept)
    if not database.execute(login).rowcount:
        return False
    note(database, found.username, "login", "account", found.username)
    key = _open(database, found, origin)
    database.commit()
    session.clear()
    session.permanent = True
    _carry(key, found.id, found.username, found.at)
    return True


def _origin(database) -> Origin | None:
    """Of the login by which this request came, if nobody has ended it; he waits who would."""
    mine = (LoginSession.id == current_user.life.id, LoginSession.ended == "")
    query = select(LoginSession.sid, LoginSession.opened_at).where(*mine).with_for_update()
    row = database.execute(query).one_or_none()
    return row and Origin(*row)


def _open(database, who: Recognised | SignedIn, origin: Origin) -> str:
    """Begin a login in place of the one that this browser had; its key."""
    close(database, session.get("_user_id", ""))
    query = with_roles(select(User.password, User.active, RoleRow.name).select_from(User))
    rows = database.execute(query.where(User.id == who.id)).all()
    roles = [row.name for row in rows if row.name]
    login = LoginSession(
        username=who.username,
        opened_at=origin.opened_at,
        seen_at=who.at,
        address=request.remote_addr or "",
        agent=words_of(request.user_agent.string),
        credential=credential_of(rows[0].password, roles, rows[0].active),
        sid=origin.sid,
    )
    key = open_login(database, login)
    if current_app.config["ONE_SESSION_PER_STAFF"] and role_in(roles) is not Role.APPLICANT:
        ended = end_all(database, who.username, End.REPLACED, keep=login.id)
        if ended:
            note(database, who.username, "end_logins", "account", who.username, ended=ended)
    return key


def _carry(key: str, id_: int, username: str, at: datetime) -> None:
    """Give the browser its key. Who it is is read at the next request; this one leads there."""
    login_user(SignedIn(id_, username, "", "", NOBODY, at, key))


def leave(database) -> None:
    """安全退出."""
    if current_user.is_authenticated:
        note(database, actor().username, "logout", "account", actor().username)
        close(database, current_user.key)
        database.commit()
    logout_user()
    session.clear()
