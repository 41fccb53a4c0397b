"""The one base view of all generated screens: Flask-AppBuilder's, with its holes closed.

Scope on every read, named columns only, filters of one request only, and a write path of
its own: the framework's commits by itself, flashes SQL, loses the form and knows no version.
"""

from collections.abc import Callable
from copy import copy
from typing import ClassVar

from flask import abort, g, has_request_context, redirect, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from sqlalchemy import ColumnElement, select

from models.journal import note
from models.permissions import Actor
from models.problems import Problem
from models.words import NotFound, _
from views.listing import Listing
from views.login import actor, request_time
from views.refusing import NOT_DELETED, answer_with, check_seen, explain, give_up, show_theirs
from views.scoped import Columns, Scoped, ScopedInterface
from views.screens import Asking
from views.writing import Invalid, tell, write

READ = {"list": "read", "show": "read"}
WRITE = {"add": "write", "edit": "write", "delete": "write"}
NAMED = ("list_columns", "show_columns", "add_columns", "edit_columns", "search_columns")


class ScopedView(Asking, Listing, ModelView):
    """A generated screen. A subclass names its ``model``, ``scope``, ``desk`` and columns.

    ``problems(item, form)`` judges what was typed, ``prepare(item)`` fills in what nobody types.
    """

    model: ClassVar[type]
    scope: ClassVar[Callable[[Actor], ColumnElement[bool]]]
    desk: ClassVar[str] = ""
    method_permission_name = READ | WRITE
    exclude_route_methods = {"download", "action", "action_post"}
    add_row_message = edit_row_message = _("已保存。")
    delete_row_message = _("已删除。")

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "model" not in cls.__dict__:
            return
        missing = [name for name in NAMED if getattr(cls, name, None) is None]
        if missing:
            raise TypeError(f"{cls.__name__} must name {missing}: the default is every column")
        cls.datamodel = ScopedInterface(cls.model)
        cls.datamodel.through, cls.datamodel.asks = cls.through, cls.asks
        wanted = [name for key in cls.list_columns for name in cls.reads.get(key, (key,))]
        cls.datamodel.columns = Columns(cls.model, wanted)
        cls.class_permission_name = cls.desk
        cls.base_filters = [[cls.model.__mapper__.primary_key[0].key, Scoped, cls.scope]]

    def _init_properties(self) -> None:
        """An empty list of columns means none; the framework takes it for all."""
        wanted = {name: list(getattr(self, name)) for name in (*NAMED, "order_columns")}
        if not wanted["search_columns"]:
            self.search_form = DynamicForm
        super()._init_properties()
        for name, columns in wanted.items():
            setattr(self, name, columns)
        self._filters = self.datamodel.get_filters(self.search_columns)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.datamodel.scope = lambda: self._base_filters

    @property
    def _filters(self):
        """The user's search, one for each request: the framework keeps it on the view,
        which all threads share."""
        if not has_request_context():
            return self._all_filters
        mine = g.setdefault("filters", {})
        if self not in mine:
            mine[self] = copy(self._all_filters)
            mine[self].clear_filters()
        return mine[self]

    @_filters.setter
    def _filters(self, filters):
        self._all_filters = filters

    def update_redirect(self) -> None:
        """Keep no history of addresses in the cookie."""

    def get_redirect(self) -> str:
        """After a write back to the list."""
        return url_for(f"{self.endpoint}.list")

    # The write path: lock, version, rules, flush, journal, one commit (decisions 15).

    def _add(self):
        form = self.add_form.refresh()
        if self.is_post() and form.validate():
            refusal = write(lambda: self.save(self.model(), form, "add"), self.add_row_message)
            if refusal is None:
                return None
            explain(form, refusal)
        elif self.is_post():
            answer_with(400)
        return self._get_add_widget(form=form)

    def _edit(self, pk):
        item = self.datamodel.get(pk) or abort(404)
        if not self.is_post():
            return self._get_edit_widget(form=self.edit_form.refresh(obj=item))
        form = self.edit_form.refresh()
        form._id = item.id
        if form.validate():
            refusal = write(lambda: self.change(pk, form), self.edit_row_message)
            if refusal is None:
                return None
            explain(form, refusal)
            show_theirs(form, self.datamodel.get(pk) or abort(404))
        else:
            answer_with(400)
        return self._get_edit_widget(form=form)

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk):
        """Delete one row; the framework would also do it by GET."""
        if refusal := write(lambda: self.remove(pk), self.delete_row_message):
            give_up(refusal)
        return redirect(self.get_redirect())

    def change(self, pk, form) -> None:
        """Write the form to the row ``pk``, if nobody else did meanwhile."""
        item = self.locked(pk)
        self.check_version(item, form)
        self.save(item, form, "edit")

    def remove(self, pk) -> None:
        """Delete the row ``pk``, if it is still the one that was seen."""
        item = self.locked(pk)
        check_seen(item, request.form.get("version"), NOT_DELETED)
        self.may_remove(item)
        session = self.session
        note(session, actor().username, "delete", self.model.__tablename__, item.id)
        session.delete(item)
        session.flush()

    def save(self, item, form, act: str) -> None:
        """Fill, judge, flush and leave a line in the journal."""
        session = self.session
        with session.no_autoflush:
            self.fill(item, form)
            problems = self.problems(item, form)
            if any(not problem.warning for problem in problems):
                raise Invalid([problem for problem in problems if not problem.warning])
            for problem in problems:
                tell(problem.sentence, "warning")
        session.add(item)
        session.flush()
        note(session, actor().username, act, self.model.__tablename__, item.id)

    def locked(self, pk):
        """The row, locked until the commit; NotFound outside the scope."""
        key = self.model.__mapper__.primary_key[0]
        query = select(self.model).where(key == int(pk), type(self).scope(actor()))
        query = query.with_for_update(of=self.model).execution_options(populate_existing=True)
        item = self.session.scalars(query).one_or_none()
        if item is None:
            raise NotFound(_("没有找到这条记录，或者它不在您的办理范围内。"))
        return item

    def check_version(self, item, form) -> None:
        """Refuse a form that does not say what it shows, or that shows what is no more."""
        if "version" in form:
            check_seen(item, form["version"].data)

    def fill(self, item, form) -> None:
        """Bring the form's values to the row."""
        for name, field in form._fields.items():
            if name not in ("csrf_token", "version"):
                field.populate_obj(item, name)
        if hasattr(item, "updated_by"):
            item.updated_by, item.updated_at = actor().name, request_time()
        self.prepare(item)

    def prepare(self, item) -> None:
        """Fill in what nobody types."""

    def problems(self, item, form) -> list[Problem]:
        """What is wrong with the row, by the rules of its kind."""
        return []

    def may_remove(self, item) -> None:
        """Raise NotAllowed if this row must stay."""

    def is_post(self) -> bool:
        """Whether the request sends a form."""
        return request.method == "POST"
