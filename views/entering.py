"""Coming in and leaving: an account is recognised, then a session begins."""

from datetime import datetime
from typing import NamedTuple

from flask import session
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Select, func, select, update

from adapters.database import only_reading
from adapters.passwords import fits
from models.clock import Instant
from models.journal import note
from models.people import Account
from models.permissions import NOBODY
from views.login import SignedIn, actor


class Recognised(NamedTuple):
    """An account whose password was right a moment ago."""

    id: int
    username: str
    password: str
    at: datetime


USERS = select(User.id, User.username, User.password, Instant().label("at")).where(
    User.active.is_(True)
)
ACCOUNTS = USERS.join(Account, Account.username == User.username)
"""The same with what the domain knows of an account: a panel says which one it wants."""


def recognise(database, username: str, password: str) -> Recognised | None:
    """Who has this user name and this password."""
    wanted = (username or "").replace("\0", "")  # no database takes it in a text
    return recognised(database, USERS.where(User.username == wanted), password)


def recognised(database, wanted: Select, password: str) -> Recognised | None:
    """Whose account is the one that is wanted, if the password is right. Whether there is
    such an account or none: one statement, one hash."""
    with only_reading(database):  # a hash takes long: nobody may wait for it to write
        row = database.execute(wanted).one_or_none()
    right = fits(row.password if row else None, password or "")
    return Recognised(*row) if row and right else None


def vouched(database, username: str) -> Recognised | None:
    """The account of this name, whom somebody else has recognised (the identity platform)."""
    row = database.execute(USERS.where(User.username == username)).one_or_none()
    return Recognised(*row) if row else None


def enter(database, found: Recognised) -> bool:
    """Begin the session, if the password still is what it was when it was checked."""
    table = User.__table__.c
    unchanged = (table.id == found.id, table.password == found.password, table.active.is_(True))
    counted = {"login_count": func.coalesce(table.login_count, 0) + 1}
    stamp = found.at.replace(tzinfo=None)  # the framework keeps naive times
    login = update(User.__table__).where(*unchanged).values(last_login=stamp, **counted)
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
