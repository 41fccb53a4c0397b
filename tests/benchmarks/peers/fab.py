"""Flask-AppBuilder as it comes, as a careful user writes it: plain ModelViews with explicit
columns (the defaults load whole related tables into the search form) and base filters."""

from datetime import datetime
from functools import partial
from time import perf_counter

from flask import Flask, g
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import Role, User
from flask_appbuilder.utils.legacy import get_sqla_class
from sqlalchemy import select, text

from adapters.database import tune
from models.declaration import Declaration, Progress
from models.people import Person
from models.permissions import Role as Words
from tests.benchmarks.peers.columns import (
    AGENT,
    CODED,
    MANAGER,
    MENU,
    NOT_SHOWN,
    URL,
    add_office_where_it_lies,
    labels,
    status_word,
)
from tests.benchmarks.peers.flasks import cookie_of
from tests.benchmarks.peers.race import race
from tests.benchmarks.views import SIZES
from tests.statements import count_statements as counting

__all__ = ["DEEDS", "application", "cookie", "counting"]


class OfMyUnit(BaseFilter):
    """An agent's rows."""

    name = "mine"

    def apply(self, query, value):
        """By the office of the account, which is asked for as a hand-written filter would."""
        office = text("(SELECT office_id FROM account WHERE username = :me)").bindparams(
            me=g.user.username
        )
        return query.filter(Declaration.unit_id == office, Declaration.status != NOT_SHOWN)


class Submitted(BaseFilter):
    """A manager's rows."""

    name = "submitted"

    def apply(self, query, value):
        """All but drafts."""
        return query.filter(Declaration.status != NOT_SHOWN)


class NameContains(BaseFilter):
    """The framework has no filter for a column of another table."""

    name = "contains"

    def apply(self, query, value):
        """As its own FilterContains does it."""
        return query.filter(Declaration.person.has(Person.name.ilike(f"%{value}%")))


class Listing(ModelView):
    """What both lists share."""

    base_order = ("submitted_at", "desc")
    order_columns = ["declare_no", "person.name", "submitted_at"]
    search_columns = ["declare_no", "specialty", "status", "series", "level"]
    add_columns = edit_columns = ["specialty"]
    base_permissions = ["can_list", "can_show"]

    def _init_properties(self):
        super()._init_properties()
        # Its ``search_filters`` take no column that the model lacks.
        named = {"name": [NameContains("name", self.datamodel)]}
        self._filters._search_filters.update(named)
        self._filters._all_filters.update(named)


class AgentView(Listing):
    """申报查询."""

    datamodel = SQLAInterface(Declaration)
    list_columns = show_columns = list(AGENT)
    base_filters = [["id", OfMyUnit, None]]
    page_size = SIZES["agent"]


class ManagerView(Listing):
    """申报."""

    datamodel = SQLAInterface(Declaration)
    list_columns = show_columns = list(MANAGER)
    base_filters = [["id", Submitted, None]]
    page_size = SIZES["manager"]


def application() -> Flask:
    """The program; permissions are written when it starts, once for each database."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="bench" * 8, SQLALCHEMY_DATABASE_URI=URL, BABEL_DEFAULT_LOCALE="zh",
        FAB_ADD_SECURITY_API=False, WTF_CSRF_ENABLED=False, LANGUAGES={},
    )  # fmt: skip
    db = get_sqla_class()()
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
        words = labels(db.engine)
        show_labels(words)
        appbuilder = AppBuilder(app, db.session)
        appbuilder.add_view(AgentView, "申报查询")
        appbuilder.add_view(ManagerView, "申报")
        for name in MENU:
            appbuilder.add_link(name, f"/{name}")
        give_rights(appbuilder)
    return app


def show_labels(words: dict[tuple[str, str], str]) -> None:
    """The formatters of coded columns."""
    add_office_where_it_lies()
    made = {column: partial(label_of, words, table) for column, table in CODED.items()}
    for view in (AgentView, ManagerView):
        view.formatters_columns = made | {"status": status_word}


def label_of(words: dict, table: str, code: str) -> str:
    """The label of a code, or the code itself."""
    return words.get((table, code), code)


def give_rights(appbuilder: AppBuilder) -> None:
    """Each role its list and the whole menu."""
    sm = appbuilder.sm
    for word, view in ((Words.AGENT, "AgentView"), (Words.DATA_MANAGER, "ManagerView")):
        role = sm.session.scalar(select(Role).where(Role.name == word.value))
        for deed in ("can_list", "can_show"):
            sm.add_permission_role(role, sm.add_permission_view_menu(deed, view))
        for name in (*MENU, "申报查询", "申报"):
            sm.add_permission_role(role, sm.add_permission_view_menu("menu_access", name))


def cookie(app: Flask, user: str) -> str:
    """Of a person who is signed in."""
    with app.app_context():
        found = app.appbuilder.session.scalar(select(User).where(User.username == user))
        return cookie_of(app, found)


def send_up(desk, ids: list[int], notice_id: int, at: str) -> float:
    """Seconds of an action as the documentation writes one: each row is fetched by its key,
    changed and committed, and so is its line of progress."""
    with desk.app.test_request_context():
        declarations = SQLAInterface(Declaration, desk.app.appbuilder.session)
        lines = SQLAInterface(Progress, desk.app.appbuilder.session)
        begun = perf_counter()
        for pk in ids:
            item = declarations.get(pk)
            item.current = item.current + 1
            declarations.edit(item)
            line = {"at": datetime.fromisoformat(at), "action": "SEND", "actor": "bench"}
            lines.add(Progress(declaration_id=pk, faults=[], **line))
        return perf_counter() - begun


DEEDS = {"race": race, "send_up": send_up}
