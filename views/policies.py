"""The password policy of this deployment, and whom a password belongs to."""

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.passwords import common_passwords, fits
from models.passwords import Owner, PastPassword, password_problems
from models.people import Account
from models.permissions import Role
from models.problems import Problem
from models.words import _, say
from views.logins import policy
from views.words import translate


def policy_words(*, staff: bool = True, first: bool = False) -> str:
    """What is asked of a new password, or of the first one of who registers."""
    return translate(policy().words(staff=staff, first=first))


def owner_of(session: Session, user: User) -> Owner:
    """Whose password it is, with all that it may not contain."""
    account = session.get(Account, user.username)
    person, office = (account.person, account.office) if account else (None, None)
    numbers = [account.mobile] if account else []
    numbers += [office.uscc] if office else []
    if person:
        vault = current_app.extensions["vault"]
        numbers += [vault.open(person.id_no, "person", "id_no", person.uid), person.mobile]
    applies = [role.name for role in user.roles] == [Role.APPLICANT.value]
    name = user.last_name + user.first_name
    return Owner(user.username, name, staff=not applies, numbers=tuple(numbers))


def new_password_problems(password: str, again: str, owner: Owner) -> list[Problem]:
    """What is wrong with a new password, by the profile in force."""
    return password_problems(policy(), password, again, owner, common_passwords())


def last_hashes(session: Session, user: User) -> list[str]:
    """The hashes of the passwords that may not be taken again, the present one first."""
    mine = select(PastPassword.hash).where(PastPassword.username == user.username)
    past = mine.order_by(PastPassword.id.desc()).limit(max(policy().history - 1, 0))
    return [user.password, *session.scalars(past)]


def reuse_problems(password: str, hashes: list[str]) -> list[Problem]:
    """The objection to a password that the account had lately. Each hash takes its time: ask
    while no transaction is open."""
    if any(fits(hash_, password) for hash_ in hashes):
        return [Problem("password", say(_("这个密码最近用过，请换一个。")))]
    return []
