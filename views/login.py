"""Who asks: from the users of Flask-AppBuilder to the actor of the domain.

The framework's tables keep names, password hashes and roles; what a role may do is in
``models.permissions`` alone. The framework's questions (has_access, the menu) are
answered from there, so a grant is never cached and a role that is taken away is gone
at the next request in every process.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from flask_login import current_user
from sqlalchemy import select

from models.clock import Instant, now
from models.codes import CodeBook
from models.offices import Office
from models.people import Account
from models.permissions import NOBODY, Actor, Role, granted

MENU_DESKS = {"reviewed": "audit"}
"""Menu entries that are a second screen of a desk."""


@dataclass(frozen=True)
class SignedIn:
    """The user of one request, as the framework and the templates want it.

    ``must_change``: the password, before anything else is open; ``days_left``: until then,
    once they are few.
    """

    id: int
    username: str
    first_name: str
    last_name: str
    actor: Actor
    at: datetime
    must_change: bool = False
    days_left: int | None = None
    is_authenticated = is_active = active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session keeps."""
        return str(self.id)


def actor() -> Actor:
    """Who is logged in, in words of the domain."""
    return current_user.actor if current_user.is_authenticated else NOBODY


def request_time() -> datetime:
    """The database's time when the request began; asked once."""
    if current_user.is_authenticated:
        return current_user.at
    if "at" not in g:
        g.at = now(current_app.appbuilder.session)
    return g.at


def codes() -> CodeBook:
    """The code tables; read when the process first wants them."""
    if "codes" not in current_app.extensions:
        current_app.extensions["codes"] = CodeBook.read(current_app.appbuilder.session)
    return current_app.extensions["codes"]


class Gatekeeper(SecurityManager):
    """The framework's security manager, asking the domain."""

    def register_views(self) -> None:
        """None of the framework's: ways in, accounts and roles have screens of their own."""

    def load_user(self, pk: str) -> SignedIn | None:
        """User, role, account and the time, in one statement."""
        query = (
            select(User, RoleRow.name, Account.person_id, Account.office_id, Office.kind, Instant())
            .outerjoin(assoc_user_role, assoc_user_role.c.user_id == User.id)
            .outerjoin(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
            .outerjoin(Account, Account.username == User.username)
            .outerjoin(Office, Office.id == Account.office_id)
            .where(User.id == int(pk), User.active.is_(True))
            .with_only_columns(
                User.id, User.username, User.first_name, User.last_name,
                RoleRow.name, Account.person_id, Account.office_id, Office.kind, Instant(),
                Account.password_is_first, Account.password_changed_at,
            )
        )  # fmt: skip
        rows = self.session.execute(query).all()
        if not rows:
            return None
        (id_, username, first, last, role, person_id, office_id, kind, at,
         given, changed_at) = rows[0]  # fmt: skip
        # Two roles are none: nobody has decided which of them it is.
        known = Role(role) if len(rows) == 1 and role in set(Role) else None
        who = Actor(known, username, last + first, person_id, office_id, kind or "")
        policy, staff = current_app.extensions["passwords"], known is not Role.APPLICANT
        days = policy.days_left(changed_at, at) if staff else None
        must = bool(given) or (days is not None and days < 0)
        return SignedIn(id_, username, first, last, who, at, must, days)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the actor may, by the table of grants."""
        deed = "read" if permission_name == "menu_access" else permission_name.removeprefix("can_")
        return granted(actor(), MENU_DESKS.get(view_name, view_name), deed)

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu entries of the desks that the actor may read."""
        desks = {name: MENU_DESKS.get(name, name) for name in menu_names or []}
        return {name for name, desk in desks.items() if granted(actor(), desk, "read")}


def sync_roles(session) -> None:
    """Write the roles of the domain where the framework keeps roles."""
    there = set(session.scalars(select(RoleRow.name)))
    session.add_all(RoleRow(name=role.value) for role in Role if role.value not in there)
    session.flush()
