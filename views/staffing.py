"""The agents of an office as framework and domain keep them together."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from models.handover import Agent
from models.people import MEANT, Account, Person
from models.permissions import Actor, Role
from views.logins import NAME


@dataclass(frozen=True)
class Member:
    """An agent or checker of an office."""

    id: int
    username: str
    name: str
    role: str
    active: bool
    person_id: int | None
    number: str
    mobile: str

    @property
    def confirms(self) -> bool:
        """Whether he is the 负责人 and not one who audits."""
        return self.role == Role.CHECKER

    @property
    def agent(self) -> Agent:
        """As work is signed."""
        return Agent(self.username, self.name)


CARD = Person.__table__.c.id_no_mask


def _members() -> Select:
    return (
        select(
            User.id, User.username, NAME, RoleRow.name, User.active,
            Account.person_id, CARD, Account.mobile,
        )
        .join(Account, Account.username == User.username)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
        .outerjoin(Person, Person.id == Account.person_id)
    )  # fmt: skip


def members(session: Session, scope: ColumnElement[bool]) -> Sequence[Member]:
    """All of a scope, those in use first; by their names."""
    rows = session.execute(_members().where(scope).order_by(User.active.desc(), NAME, User.id))
    return [_member(row) for row in rows]


def member(session: Session, scope: ColumnElement[bool], pk: int) -> Member | None:
    """The one of this number, if it is in the scope."""
    row = session.execute(_members().where(scope, User.id == pk)).first()
    return _member(row) if row else None


def _member(row) -> Member:
    id_, username, name, role, active, person_id, number, mobile = row
    return Member(id_, username, name, role, bool(active), person_id, number or "", mobile)


def agent_named(session: Session, username: str) -> Actor | None:
    """The agent of this user name as he stands now, None if he may not audit any more."""
    wanted = (User.username == username, User.active.is_(True), RoleRow.name == Role.AGENT.value)
    row = session.execute(
        _members().where(*wanted).with_only_columns(NAME, MEANT, Account.office_id)
    ).one_or_none()
    return Actor(Role.AGENT, username, *row) if row else None
