"""The first of each administrator: nobody could give a role who has none to give it.

Only from the command line of the server, and only where no such administrator is active.
"""

from dataclasses import replace
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Standing, standing_problems
from models.journal import note
from models.passwords import Owner
from models.permissions import Role
from models.words import NotAllowed, _
from views.logins import TAKEN, is_taken, other_administrators, put, set_password
from views.policies import new_password_problems, owner_of

SERVER = "server"
"""Who acts, in the journal: whoever can run a command on the server."""


def appoint(
    session: Session, role: Role, username: str, name: str, password: str, now: datetime
) -> None:
    """A new account in the role of an administrator; NotAllowed with what is wrong, or if
    there is an active one already. Should it be this account, it gets another password, which
    nobody can give it on a screen. The password is changed at the first login."""
    if holder := _holder(session, role, username):
        return _renew(session, holder, password, now)
    user = User()
    if other_administrators(session, user, role):
        words = _("已经有启用的%(role)s。请由安全管理员在“角色管理”中给予角色。")
        raise NotAllowed(words, role=role.value)
    standing = Standing(username, name, None)
    problems = standing_problems(standing, None, SERVER, 0)
    problems += new_password_problems(password, password, Owner(username, name))
    if problems:
        raise NotAllowed(problems[0].sentence)
    if is_taken(session, username):
        raise NotAllowed(TAKEN)
    put(session, user, replace(standing, role=role))
    set_password(session, user, password, first=True, now=now)
    note(session, SERVER, "appoint", "account", username, role=role)


def _holder(session: Session, role: Role, username: str) -> User | None:
    """The active account of this name, if it has this role and no other."""
    wanted = (User.username == username, User.active.is_(True))
    user = session.scalars(select(User).where(*wanted).with_for_update()).one_or_none()
    return user if user and [each.name for each in user.roles] == [role] else None


def _renew(session: Session, user: User, password: str, now: datetime) -> None:
    """Another first password. The logins end with the old one."""
    if problems := new_password_problems(password, password, owner_of(session, user)):
        raise NotAllowed(problems[0].sentence)
    set_password(session, user, password, first=True, now=now)
    note(session, SERVER, "password", "account", user.username)
