"""The account at the end of a registration, in the tables of framework and domain."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts import realm_of
from models.holders import holder_problems
from models.offices import Office
from models.people import Account, Person, holder_of, new_person
from models.permissions import Role
from models.vault import vault_of
from views.logins import keep_hash
from views.writing import Invalid


@dataclass(frozen=True)
class Opened:
    """A new account. Its ``username`` tells nothing of a person: it stands in the journal."""

    username: str
    name: str
    role: Role
    mobile: str
    email: str = ""


def new_username(letter: str) -> str:
    """A user name that nobody has; who registers signs in by his own numbers."""
    return letter + secrets.token_hex(6)


def legal_usernames(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """For each unit its code; with something behind it where an account that was closed has
    that name."""
    wanted = list(codes)
    there = select(func.upper(User.username)).where(func.upper(User.username).in_(wanted))
    taken = set(session.scalars(there))
    return {c: f"{c}-{secrets.token_hex(3)}" if c in taken else c for c in wanted}


def new_holder(session: Session, name: str, number: str, unit: Office) -> Person:
    """The person who will hold the account of ``unit``, whose row is locked; Invalid if he
    cannot."""
    vault = vault_of(session)
    person = holder_of(session, vault, number)
    if problems := holder_problems(session, person, name, unit):
        raise Invalid(problems)
    return person or new_person(session, vault, name, number)


def add_account(
    session: Session,
    role: RoleRow,
    made: Opened,
    *,
    person: Person | None = None,
    office: Office | None = None,
) -> User:
    """The account, without a password and switched off until its holder activates it."""
    user = User(
        username=made.username, email=made.username, last_name=made.name, first_name="",
        active=False, roles=[role],
    )  # fmt: skip
    account = Account(
        username=made.username, person=person, office=office, realm=realm_of(made.role),
        mobile=made.mobile, email=made.email,
    )  # fmt: skip
    session.add_all([user, account])
    return user


def open_account(
    session: Session, made: Opened, hash_: str, now: datetime, **owner: Person | Office
) -> User:
    """One account that is open at once."""
    role = session.scalars(select(RoleRow).where(RoleRow.name == made.role.value)).one()
    user = add_account(session, role, made, **owner)
    session.flush()
    user.active = True
    keep_hash(session, user, hash_, first=False, now=now)
    return user
