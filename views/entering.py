"""Coming in and leaving: an account is recognised, then a session begins."""

from datetime import datetime
from typing import NamedTuple

from flask import session
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Select, func, select, update

from adapters.database import only_reading
from adapters.passwords import fits, hashed, is_outdated
from models.clock import Instant
from models.journal import note
from models.people import Account
from models.permissions import NOBODY
from models.words import NotAllowed, _
from views import captcha
from views.login import SignedIn, actor
from views.throttling import Attempt, attempt
from views.words import translate


class Recognised(NamedTuple):
    """An account whose password was right a moment ago. ``fresh`` is the hash to keep from
    now on, if another one than ``password`` is due."""

    id: int
    username: str
    password: str
    at: datetime
    fresh: str | None = None


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
    database, wanted: Select, typed: str, password: str, *, always: bool = False
) -> Recognised:
    """Whose account is the one that is wanted, if the password is right; else TooMany,
    WrongCaptcha or Unrecognised, whichever comes first.

    ``typed`` is all by which it was asked for, and what guesses are counted for; ``always``:
    a captcha is due from the first time on. Whether there is such an account or none
    changes nothing of what is done: the same statements, one hash.
    """
    with only_reading(database):  # a hash takes long: nobody may wait for it to write
        row = database.execute(wanted).one_or_none()
    tried = attempt("login", typed, row.username if row else None)
    if always or captcha.due(tried):
        _read_picture(tried)
    known = row.password if row and not tried.blocked else None
    if not fits(known, password or "") or known is None:
        if always or captcha.due_next(tried):
            captcha.ask_for()
        raise Unrecognised(_("用户名或密码不对，请重新输入。"))
    tried.succeeded()
    return Recognised(*row, hashed(password) if is_outdated(row.password) else None)


def _read_picture(tried: Attempt) -> None:
    try:
        captcha.check()
    except captcha.WrongCaptcha as refusal:
        tried.not_checked()
        captcha.ask_for(translate(refusal.sentence))
        raise


def enter(database, found: Recognised) -> bool:
    """Begin the session, if the password still is what it was when it was checked."""
    table = User.__table__.c
    unchanged = (table.id == found.id, table.password == found.password, table.active.is_(True))
    counted = {"login_count": func.coalesce(table.login_count, 0) + 1}
    kept = {"password": found.fresh or found.password}
    stamp = found.at.replace(tzinfo=None)  # the framework keeps naive times
    login = update(User.__table__).where(*unchanged).values(last_login=stamp, **counted, **kept)
    if not database.execute(login).rowcount:
        return False
    note(database, found.username, "login", "account", found.username)
    database.commit()
    session.clear()
    session.permanent = True
    # Who it is is read at the next request; this one only leads there.
    login_user(SignedIn(found.id, found.username, "", "", NOBODY, found.at))
    return True


def leave(database) -> None:
    """安全退出."""
    if current_user.is_authenticated:
        note(database, actor().username, "logout", "account", actor().username)
        database.commit()
    logout_user()
    session.clear()
