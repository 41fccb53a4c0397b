"""Who asks: from the users of Flask-AppBuilder to the actor of the domain.

The framework's tables keep names, password hashes and roles; what a role may do is in
``models.permissions`` alone. The framework's questions (has_access, the menu) are
answered from there, so a grant is never cached and a role that is taken away is gone
at the next request in every process.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import current_app, g
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from flask_login import current_user
from sqlalchemy import Engine, Select, bindparam, select

from adapters.database import in_passing
from models.clock import Instant, now
from models.codes import CodeBook
from models.offices import Office
from models.people import MEANT, Account
from models.permissions import NOBODY, Actor, Role, granted
from models.sessions import (
    TOUCH,
    End,
    Life,
    Limits,
    LoginSession,
    credential_of,
    end_of,
    hash_of,
    touch,
)

MENU_DESKS = {"reviewed": "audit"}
"""Menu entries that are a second screen of a desk."""


def with_roles(users: Select) -> Select:
    """Users with the names of their roles: a row for each, and one for who has none. One join
    after the other: that of the relationship SQLite would carry out for all accounts first."""
    held = users.outerjoin(assoc_user_role, assoc_user_role.c.user_id == User.id)
    return held.outerjoin(RoleRow, RoleRow.id == assoc_user_role.c.role_id)


OF_LOGIN = (
    select(
        LoginSession.id.label("login"), LoginSession.opened_at, LoginSession.seen_at,
        LoginSession.credential, LoginSession.ended,
        User.id, User.username, User.first_name, User.last_name, User.password, User.active,
        MEANT.label("person_id"), Account.office_id, Office.kind, Account.password_is_first,
        Account.password_changed_at, RoleRow.name.label("role"), Instant().label("at"),
    )
    .select_from(LoginSession)
    .join(User, User.username == LoginSession.username)
)  # fmt: skip

OF_KEY = (
    with_roles(OF_LOGIN)
    .outerjoin(Account, Account.username == User.username)
    .outerjoin(Office, Office.id == Account.office_id)
    .where(LoginSession.key_hash == bindparam("hash"))
    .execution_options(prepared=True)
)
"""Login, user, account, role and the time: all that a request must know of who asks."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedIn:
    """The user of one request, as the framework and the templates want it.

    ``key`` is what the browser keeps of the login, ``life`` its row, with its ``limits``.
    ``must_change``: the password, before anything else is open; ``days_left``: until then,
    once they are few.
    """

    id: int
    username: str
    first_name: str
    last_name: str
    actor: Actor
    at: datetime
    key: str
    life: Life | None = None
    limits: Limits | None = None
    must_change: bool = False
    days_left: int | None = None
    is_authenticated = is_active = active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session keeps."""
        return self.key

    @property
    def idle_left(self) -> int:
        """Seconds until the login ends if nobody does anything."""
        return int(self.limits.idle.total_seconds())

    @property
    def all_left(self) -> int:
        """Seconds until the login ends whatever is done."""
        return int((self.life.opened_at + self.limits.longest - self.at).total_seconds())


def actor() -> Actor:
    """Who is logged in, in words of the domain."""
    return current_user.actor if current_user.is_authenticated else NOBODY


def request_time() -> datetime:
    """The database's time when the request began; asked once."""
    if "at" not in g:
        known = current_user.is_authenticated
        g.at = current_user.at if known else now(current_app.appbuilder.session)
    return g.at


def codes() -> CodeBook:
    """The code tables; read when the process first wants them."""
    if "codes" not in current_app.extensions:
        current_app.extensions["codes"] = CodeBook.read(current_app.appbuilder.session)
    return current_app.extensions["codes"]


def role_in(names: list[str]) -> Role | None:
    """The role of who has these. Two are none: nobody has decided which of them it is."""
    return Role(names[0]) if len(names) == 1 and names[0] in set(Role) else None


def limits_of(role: Role | None) -> Limits:
    """How long logins live here; applicants think longer over a form than staff."""
    idle = current_app.config["IDLE_APPLICANT" if role is Role.APPLICANT else "IDLE_STAFF"]
    return Limits(timedelta(seconds=idle), current_app.permanent_session_lifetime)


def has_password(username: str) -> bool:
    """Whether this account signs in by a password: where an identity platform does the
    logins, only the one for emergencies does."""
    signon = current_app.config["SIGN_ON"]
    return signon is None or username == signon.emergency


def password_due(
    role: Role | None, given: bool | None, changed_at: datetime | None, at: datetime
) -> tuple[bool, int | None]:
    """Whether the password must be changed now, and in how many days, once they are few."""
    policy = current_app.extensions["passwords"]
    days = None if role is Role.APPLICANT else policy.days_left(changed_at, at)
    return bool(given) or (days is not None and days < 0), days


def keep_seen(response):
    """Behind every answer: have it written down, now and then, that the login is used."""
    user = g.get("_login_user")  # who was never asked for is not loaded for this
    if isinstance(user, SignedIn) and user.life and user.at - user.life.seen_at >= TOUCH:
        engine = current_app.extensions["sqlalchemy"].engine
        # When the answer is out and the request's transaction over: it holds nobody up.
        response.call_on_close(partial(_seen, engine, user.life.id, user.at))
    return response


def _seen(engine: Engine, id_: int, at: datetime) -> None:
    if not in_passing(engine, touch(id_, at)):
        log.info("somebody else was writing: the next request of login %s tells it", id_)


class Gatekeeper(SecurityManager):
    """The framework's security manager, asking the domain."""

    def register_views(self) -> None:
        """None of the framework's: ways in, accounts and roles have screens of their own."""

    def load_user(self, key: str) -> SignedIn | None:
        """Whose key this is, in one statement; None, and why in ``g.ended``, if it is over."""
        rows = self.session.execute(OF_KEY, {"hash": hash_of(key)}).all()
        if not rows:
            g.ended = End.GONE
            return None
        found, roles = rows[0], [row.role for row in rows if row.role]
        role = role_in(roles)
        life = Life(found.login, found.opened_at, found.seen_at, found.credential, found.ended)
        limits, credential = limits_of(role), credential_of(found.password, roles, found.active)
        g.ended = end_of(life, credential, limits, found.at)
        if g.ended:
            return None
        first, last = found.first_name, found.last_name
        name = last + first
        who = Actor(role, found.username, name, found.person_id, found.office_id, found.kind or "")
        must, days = False, None
        if has_password(found.username):
            given, changed_at = found.password_is_first, found.password_changed_at
            must, days = password_due(role, given, changed_at, found.at)
        return SignedIn(
            found.id, found.username, first, last, who, found.at, key, life, limits, must, days
        )

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
