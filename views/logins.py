"""Accounts as the framework and the domain keep them together: read, found, written."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from adapters.passwords import hashed
from models.accounts import Standing, realm_of
from models.holders import holding_objection, lock_unit
from models.offices import Office
from models.passwords import PastPassword, Policy
from models.people import Account, Person, Realm
from models.permissions import ADMINISTRATORS, Role
from models.problems import Problem
from models.sessions import End, end_all
from models.words import NotFound, Stale, _
from views.login import role_in


@dataclass(frozen=True)
class Listed:
    """One account in the list; ``side`` is its office or its person."""

    id: int
    username: str
    name: str
    role: str
    side: str
    active: bool


@dataclass(frozen=True)
class Wanted:
    """What the list is searched for; ``active`` is "1", "0" or empty for both."""

    words: str = ""
    role: str = ""
    active: str = ""


TAKEN = _("这个用户名已经有人用了，请换一个。")


def is_taken(session: Session, username: str) -> bool:
    """Whether an account has this user name, in whatever case: nobody tells the two apart."""
    return bool(
        session.scalar(select(exists().where(func.lower(User.username) == username.lower())))
    )


SIDE = func.coalesce(Office.name, Person.name, "")
NAME = User.last_name + User.first_name
OF_USER = select(func.min(RoleRow.name)).join(
    assoc_user_role, assoc_user_role.c.role_id == RoleRow.id
)
ROLE = func.coalesce(OF_USER.where(assoc_user_role.c.user_id == User.id).scalar_subquery(), "")
"""One of his roles: should an account have two, it is still one row of the list."""

LISTED = (User.id, User.username, NAME, ROLE, SIDE, User.active)


def accounts_of(wanted: Wanted) -> Select:
    """The accounts that are searched for, with role, office and person: one statement."""
    query = (
        select(*LISTED)
        .outerjoin(Account, Account.username == User.username)
        .outerjoin(Office, Office.id == Account.office_id)
        .outerjoin(Person, Person.id == Account.person_id)
    )
    if wanted.words:
        texts = (User.username, NAME, Office.name)
        query = query.where(or_(*(t.icontains(wanted.words, autoescape=True) for t in texts)))
    if wanted.role:
        there = select(assoc_user_role.c.user_id).join(RoleRow)
        query = query.where(User.id.in_(there.where(RoleRow.name == wanted.role)))
    if wanted.active:
        query = query.where(User.active.is_(wanted.active == "1"))
    return query


def accounts_by_role(wanted: Wanted, given: bool) -> Select:
    """Of the accounts that are searched for those with a role, or those without one; never
    those of applicants, whose role comes with them and who are many."""
    table = assoc_user_role.c
    staff = [role for role in Role if role is not Role.APPLICANT]
    query = accounts_of(wanted)
    if given:
        return query.where(User.id.in_(select(table.user_id).where(in_role(*staff))))
    return query.where(~exists().where(table.user_id == User.id))


def locked_user(session: Session, pk: int) -> User:
    """The user ``pk``, locked together with all administrators in the order of their ids:
    two of them who step down at once would otherwise leave none. NotFound if there is none."""
    admins = select(assoc_user_role.c.user_id).where(in_role(*ADMINISTRATORS))
    query = select(User).where(or_(User.id == pk, User.id.in_(admins))).order_by(User.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    found = next((user for user in session.scalars(query) if user.id == pk), None)
    if found is None:
        raise NotFound(_("没有找到这个账号。"))
    return found


def in_role(*roles: Role):
    """The clause on the table of who has which role for those who have one of these."""
    ids = select(RoleRow.id).where(RoleRow.name.in_([role.value for role in roles]))
    return assoc_user_role.c.role_id.in_(ids)


def standing_of(session: Session, user: User) -> Standing:
    """How the account of a user stands."""
    account = session.get(Account, user.username, populate_existing=True)
    return Standing(
        username=user.username,
        name=user.last_name + user.first_name,
        role=role_in([role.name for role in user.roles]),
        office=account.office if account else None,
        active=bool(user.active),
        is_person=bool(account and account.realm == Realm.PERSON),
    )


def person_of(session: Session, username: str) -> Person | None:
    """The person of an account, if one is known."""
    account = session.get(Account, username)
    return account.person if account else None


def holding_problems(session: Session, now: Standing, field: str) -> list[Problem]:
    """Why the person of a legal account, if he is known, cannot hold that of his unit; the
    unit is locked."""
    person = person_of(session, now.username)
    if now.role is not Role.LEGAL or person is None or now.office is None:
        return []
    lock_unit(session, now.office)
    objection = holding_objection(session, person, now.office)
    return [Problem(field, objection)] if objection else []


def seal_of(standing: Standing) -> str:
    """What a form carries to know whether the account is still as it was shown."""
    office = standing.office.id if standing.office else None
    return sealed(standing.name, standing.role, office, standing.active)


def sealed(*parts: Any) -> str:
    """What was shown of an account, in short: the framework's table has no version."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def check_seal(form, seal: str) -> None:
    """Stale if the account is no longer as the form has shown it; the next save counts."""
    if form.seen.data != seal:
        form.seen.data = seal
        raise Stale(_("别人刚刚改过这个账号。您填写的内容还在本页，请核对后再保存。"))


def other_administrators(session: Session, user: User, role: Role | None) -> int:
    """How many other accounts administer now in the same role; 0 if it is no such role."""
    if role not in ADMINISTRATORS:
        return 0
    query = (
        select(func.count())
        .select_from(User)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .where(in_role(role), User.active.is_(True), User.id != user.id)
    )
    return session.scalar(query)


def checkers_of(session: Session, office_id: int) -> int:
    """How many accounts can confirm for an office now."""
    query = (
        select(func.count())
        .select_from(User)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(Account, Account.username == User.username)
        .where(in_role(Role.CHECKER), User.active, Account.office_id == office_id)
    )
    return session.scalar(query)


def put(session: Session, user: User, standing: Standing) -> None:
    """Bring a standing to the rows of framework and domain. Another role, or none of it any
    more, ends the logins of the account, for good: they do not come back with it."""
    if user.id is None:
        # The framework asks for an address that nobody else has; no mail is ever sent.
        user.username = user.email = standing.username
    if user.id is None or standing.name != user.last_name + user.first_name:
        user.last_name, user.first_name = standing.name, ""
    switched = user.active != standing.active
    if switched:
        end_all(session, standing.username, End.CHANGED)
    user.active = standing.active
    session.add(user)
    account = session.get(Account, standing.username)
    if account is None:
        account = Account(username=standing.username)
        session.add(account)
    if not standing.is_person:
        account.office = standing.office
    if switched:  # one that waits for its activation is live before it is active
        account.live = standing.active
    if standing.role is not role_in([role.name for role in user.roles]):
        _give(session, user, standing.role)
        account.realm = realm_of(standing.role)
    session.flush()


def _give(session: Session, user: User, role: Role | None) -> None:
    """Let the user have this role and no other; None takes all away."""
    end_all(session, user.username, End.CHANGED)
    names = [role.value] if role else []
    user.roles = list(session.scalars(select(RoleRow).where(RoleRow.name.in_(names))))


def policy() -> Policy:
    """The profile of passwords that is in force."""
    return current_app.extensions["passwords"]


def set_password(
    session: Session, user: User, password: str, *, first: bool, now: datetime
) -> None:
    """Give an account, whose row is there, a password that was judged. ``first``: somebody
    else chose it, so it must be changed before anything else is open."""
    keep_hash(session, user, hashed(password), first=first, now=now)


def keep_hash(session: Session, user: User, hash_: str, *, first: bool, now: datetime) -> None:
    """The same with a hash that was made before the transaction began."""
    account = session.get(Account, user.username) or Account(username=user.username)
    session.add(account)
    if user.password:
        session.add(PastPassword(username=user.username, hash=user.password, at=now))
        session.flush()
    mine = PastPassword.username == user.username
    latest = select(PastPassword.id).where(mine).order_by(PastPassword.id.desc())
    kept = latest.limit(max(policy().history - 1, 0))  # the present one counts as well
    session.execute(delete(PastPassword).where(mine, PastPassword.id.not_in(kept)))
    user.password = hash_
    account.password_changed_at, account.password_is_first = now, first
    session.flush()
