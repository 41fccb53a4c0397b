"""Between the right password and the session: every way in ends with ``then_enter``, which begins
the session or leads to the second factor first.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask import Response, current_app, redirect, url_for
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from flask_login import current_user
from sqlalchemy import exists, select

from adapters.database import only_reading
from adapters.passwords import fits
from models import second
from models.permissions import Role
from models.second import SecondFactor, Use
from models.words import BadInput, NotAllowed, Stale, _
from views.entering import Recognised, enter, refreshed
from views.guard import status_of
from views.half import open_half
from views.login import actor
from views.throttling import attempt
from views.way_in import remember
from views.writing import Refusal, write

CHANGED = _("账号刚刚有改动，请重新登录。")


class Needs(NamedTuple):
    """How an account stands to the second factor."""

    applies: bool
    has: bool


def needs(database, username: str) -> Needs:
    """What the login of this account asks for, in one statement."""
    if current_app.config["SECOND_FACTOR"] is Use.OFF:
        return Needs(applies=False, has=False)
    mine = select(assoc_user_role.c.user_id).join(RoleRow)
    declares = mine.where(
        RoleRow.name == Role.APPLICANT.value, User.id == assoc_user_role.c.user_id
    )
    there = (SecondFactor.username == User.username, SecondFactor.confirmed_at.is_not(None))
    query = select(~exists(declares.correlate(User)), exists().where(*there))
    with only_reading(database):
        row = database.execute(query.where(User.username == username)).one_or_none()
    return Needs(*row) if row else Needs(applies=True, has=False)


def then_enter(found: Recognised, onward: str = "") -> Response:
    """The way on for an account whose password was right: ``onward`` (a path of this host, or
    home) with a session, or to the second factor. Stale if the account changed meanwhile."""
    remember()
    database, onward = current_app.appbuilder.session, onward or url_for("Home.index")
    need = needs(database, found.username)
    if need.applies and need.has:
        open_half(refreshed(database, found), onward, enrols=False)
        return redirect(url_for("Second.check"))
    if need.applies and current_app.config["SECOND_FACTOR"] is Use.REQUIRED:
        open_half(refreshed(database, found), onward, enrols=True)
        second.begin(database, current_app.extensions["vault"], found.username, found.at)
        database.commit()
        return redirect(url_for("Second.enrol"))
    if not enter(database, found):
        raise Stale(CHANGED)
    return redirect(onward)


def concerned() -> bool:
    """Whether this screen is for who is signed in."""
    used = current_app.config["SECOND_FACTOR"] is not Use.OFF
    return used and current_user.is_authenticated and second.concerns(actor().role)


def try_code(username: str, work: Callable[[], None], done: str = "") -> Refusal | None:
    """Count a guess at a code, then do what it is for; why it was refused, if it was."""
    try:
        tried = attempt("second", username, username)
        if tried.blocked:
            raise BadInput(second.WRONG)
    except NotAllowed as refusal:
        return Refusal(status_of(refusal), refusal.sentence, (), refusal)
    refused = write(work, done)
    if refused is None:
        tried.succeeded()
    return refused


def check_password(database, username: str, typed: str) -> None:
    """BadInput if this is not the password of who is signed in, TooMany after too many guesses."""
    tried = attempt("login", username, username)
    with only_reading(database):
        kept = database.scalar(select(User.password).where(User.username == username))
    if not fits(kept, typed) or tried.blocked:
        raise BadInput(_("登录密码不对，请重新输入。"))
    tried.succeeded()
