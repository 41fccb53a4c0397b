"""From the login of Flask-AppBuilder to the actor of the domain, and back.

The framework's tables keep names, password hashes and roles; what a role may do is in
``models.permissions`` alone. The framework's questions (has_access, the menu) are
answered from there, so a grant is never cached and a role that is taken away is gone
at the next request in every process.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from sqlalchemy import func, select, update

from adapters.database import only_reading
from adapters.passwords import fits
from models.clock import Instant, now
from models.codes import CodeBook
from models.journal import note
from models.people import Account
from models.permissions import NOBODY, Actor, Role, granted

MENU_DESKS = {"reviewed": "audit"}
"""Menu entries that are a second screen of a desk."""


@dataclass(frozen=True)
class SignedIn:
    """The user of one request, as the framework and the templates want it."""

    id: int
    username: str
    first_name: str
    last_name: str
    actor: Actor
    at: datetime
    is_authenticated = is_active = active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session keeps."""
        return str(self.id)


class Recognised(NamedTuple):
    """An account whose password was right a moment ago."""

    id: int
    username: str
    password: str
    at: datetime


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


class Gatekeeper(SecurityManager):
    """The framework's security manager, asking the domain."""

    def register_views(self) -> None:
        """Only the login: accounts have their own screen, roles and grants have none."""
        self.auth_view = self.appbuilder.add_view_no_menu(Login)

    def load_user(self, pk: str) -> SignedIn | None:
        """User, role, account and the time, in one statement."""
        query = (
            select(User, RoleRow.name, Account.person_id, Account.office_id, Instant())
            .outerjoin(assoc_user_role, assoc_user_role.c.user_id == User.id)
            .outerjoin(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
            .outerjoin(Account, Account.username == User.username)
            .where(User.id == int(pk), User.active.is_(True))
            .with_only_columns(
                User.id, User.username, User.first_name, User.last_name,
                RoleRow.name, Account.person_id, Account.office_id, Instant(),
            )
        )  # fmt: skip
        rows = self.session.execute(query).all()
        if not rows:
            return None
        id_, username, first, last, role, person_id, office_id, at = rows[0]
        # Two roles are none: nobody has decided which of them it is.
        known = Role(role) if len(rows) == 1 and role in set(Role) else None
        who = Actor(known, username, last + first, person_id, office_id)
        return SignedIn(id_, username, first, last, who, at)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the actor may, by the table of grants."""
        deed = "read" if permission_name == "menu_access" else permission_name.removeprefix("can_")
        return granted(actor(), MENU_DESKS.get(view_name, view_name), deed)

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu entries of the desks that the actor may read."""
        desks = {name: MENU_DESKS.get(name, name) for name in menu_names or []}
        return {name for name, desk in desks.items() if granted(actor(), desk, "read")}

    def recognise(self, username: str, password: str) -> Recognised | None:
        """Who has this name and this password; by user name only, never by mail."""
        wanted = (username or "").replace("\0", "")  # no database takes it in a text
        query = select(User.id, User.username, User.password, Instant().label("at"))
        with only_reading(self.session):  # a hash takes long: nobody may wait for it to write
            row = self.session.execute(
                query.where(User.username == wanted, User.active.is_(True))
            ).one_or_none()
        right = fits(row.password if row else None, password or "")
        return Recognised(*row) if row and right else None

    def auth_user_db(self, username: str, password: str) -> User | None:
        """The same, as the framework wants it."""
        found = self.recognise(username, password)
        return self.session.get(User, found.id) if found else None


def sync_roles(session) -> None:
    """Write the roles of the domain where the framework keeps roles."""
    there = set(session.scalars(select(RoleRow.name)))
    session.add_all(RoleRow(name=role.value) for role in Role if role.value not in there)
    session.flush()


class Login(AuthDBView):
    """登录 and 安全退出."""

    login_template = "appbuilder/general/security/login_db.html"

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self):
        """Ask for name and password; what was typed as the name stays."""
        if current_user.is_authenticated:
            return redirect(next_page())
        form = LoginForm_db()
        status = 200
        if request.method == "POST":
            if form.validate() and self._enter(form.username.data, form.password.data):
                return redirect(next_page())
            flash(gettext("用户名或密码不对，请重新输入。"), "danger")
            status = 400
        page = self.render_template(
            self.login_template, title=gettext("登录"), form=form, appbuilder=self.appbuilder
        )
        return page, status

    def _enter(self, username: str, password: str) -> bool:
        """Sign in, if the password is right and still is when the login is written down."""
        found = self.appbuilder.sm.recognise(username, password)
        if found is None:
            return False
        database, table = self.appbuilder.session, User.__table__.c
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

    @expose("/logout/", methods=["POST"])
    def logout(self):
        """Leave; only by POST, so that no foreign page can log anybody out."""
        if current_user.is_authenticated:
            database = self.appbuilder.session
            note(database, actor().username, "logout", "account", actor().username)
            database.commit()
        logout_user()
        session.clear()
        return redirect(url_for("Login.login"))


def next_page() -> str:
    """Where to go after the login: a path of this host, or home."""
    wanted = request.args.get("next", "")
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if plain and wanted.isprintable() else url_for("Home.index")
