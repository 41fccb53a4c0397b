"""Flask-Admin as it comes: ModelViews of its own backend, explicit columns, joined loading."""

from functools import partial, update_wrapper

from flask import Flask, redirect
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import joinedload

from adapters.database import tune
from models.declaration import Declaration, Step
from models.permissions import Role
from tests.benchmarks.peers.columns import (
    AGENT,
    CODED,
    MANAGER,
    NOT_SHOWN,
    URL,
    add_office_where_it_lies,
    labels,
    staff,
    status_word,
)
from tests.benchmarks.peers.flasks import cookie_of
from tests.benchmarks.views import SIZES
from tests.statements import count_statements as counting

__all__ = ["DEEDS", "application", "cookie", "counting"]

DEEDS: dict = {}


add_office_where_it_lies()
RELATED = (Declaration.person, Declaration.unit, Declaration.notice)


class Signed(UserMixin):
    """A user of the login."""

    def __init__(self, row):
        self.id, self.username, self.role, self.office_id = row


class Listing(ModelView):
    """What both lists share."""

    can_create = can_edit = can_delete = False
    can_view_details = can_export = True
    named_filter_urls = True
    column_default_sort = [("submitted_at", True), ("id", True)]
    column_sortable_list = ["declare_no", "person.name", "submitted_at"]
    column_searchable_list = ["person.name", "declare_no"]
    column_filters = ["status"]
    export_max_rows = 0
    words: dict = {}
    role = ""

    def is_accessible(self):
        """By the role of the user."""
        return current_user.is_authenticated and current_user.role == self.role

    def mine(self, query):
        """The condition of the rows."""
        return query.filter(Declaration.status != NOT_SHOWN)

    def get_query(self):
        """The rows of the user."""
        return self.mine(super().get_query())

    def get_count_query(self):
        """How many they are."""
        return self.mine(super().get_count_query())


class AgentView(Listing):
    """申报查询."""

    column_list = column_details_list = AGENT
    column_auto_select_related = False
    column_select_related_list = RELATED
    page_size = SIZES["agent"]
    role = Role.AGENT.value

    def mine(self, query):
        """Those of the unit."""
        return super().mine(query).filter(Declaration.unit_id == current_user.office_id)


class ManagerView(Listing):
    """申报."""

    column_list = column_details_list = [c.replace("lies.", "here.office.") for c in MANAGER]
    column_auto_select_related = False
    column_select_related_list = RELATED
    page_size = SIZES["manager"]
    role = Role.DATA_MANAGER.value

    def get_query(self):
        """Two steps to the office, which the framework's own list of relations cannot say."""
        return super().get_query().options(joinedload(Declaration.here).joinedload(Step.office))


def application() -> Flask:
    """The program."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="bench" * 8, SQLALCHEMY_DATABASE_URI=URL)
    db = SQLAlchemy(app)
    Babel(app, default_locale="zh")
    login = LoginManager(app)
    with app.app_context():
        tune(db.engine)
        engine = db.engine
        words = labels(engine)
    # Its export asks a formatter for its name, which a partial has not.
    formats = {
        column: update_wrapper(partial(word, words, table), word) for column, table in CODED.items()
    }
    formats["status"] = lambda view, context, row, name: status_word(row.status)
    for view in (AgentView, ManagerView):
        view.column_formatters = formats
    login.user_loader(lambda key: Signed(staff(engine, "id", int(key))))
    login.unauthorized_handler(lambda: redirect("/"))
    admin = Admin(app, "bench")
    for view, name in ((AgentView, "agent"), (ManagerView, "manager")):
        admin.add_view(view(Declaration, db.session, name, endpoint=name, url=f"/admin/{name}"))
    app.extensions["engine"] = engine
    return app


def word(words: dict, table: str, view, context, row, name: str) -> str:
    """The label of a coded column."""
    at = row
    for part in name.split("."):
        at = getattr(at, part)
    return words.get((table, at), at)


def cookie(app: Flask, user: str) -> str:
    """Of a person who is signed in."""
    return cookie_of(app, Signed(staff(app.extensions["engine"], "username", user)))
