"""The one base class of the console's screens: Flask-Admin's, with its holes closed.

The framework's own backend for SQLAlchemy fetches by id without asking for the scope and
loads whole rows as objects. This one reads named columns, always within the scope, and
has no way to write: of the framework's addresses only list, details and export exist.
"""

import re
from typing import Any, NamedTuple

from flask import abort, current_app, g, request
from flask_admin import BaseView, expose
from flask_admin.model import BaseModelView
from flask_admin.model.base import ViewArgs
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy import Select
from wtforms import Form

from models.permissions import granted
from models.vault import without_numbers
from models.words import BadInput, _
from views.console.criteria import Criterion
from views.console.table import Listed, Table
from views.exporting import FORMATS, Export, send
from views.guard import CONSOLE, LARGEST_ID
from views.login import actor, codes, request_time
from views.paging import Page, Rows, fetch
from views.turning import asked, links

LONGEST_SEARCH = 100


class Guarded(BaseView):
    """Open to those whose role has the deed at this desk. The guard before every request
    asks the same; whoever is not signed in it has sent to the login."""

    def is_accessible(self) -> bool:
        """Whether the actor may look at all: also what the menu asks."""
        return granted(actor(), CONSOLE, "read")

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        if not granted(actor(), CONSOLE, "export" if name == "export" else "read"):
            abort(403)

    def _run_view(self, view, *args: Any, **kwargs: Any):
        """Once: the framework runs a view again when a TypeError comes out of it."""
        return view(self, *args, **kwargs)


class Asked(NamedTuple):
    """One filter in the form."""

    name: str
    label: str
    kind: str
    value: str
    options: list[tuple[str, str]]


class Listing(Guarded, BaseModelView):
    """One table: list, details, files."""

    can_create = can_edit = can_delete = False
    can_view_details = can_export = can_set_page_size = True
    column_editable_list = form_ajax_refs = None
    page_size, page_size_options = 20, (20, 50, 100)
    list_template = "zc_admin/list.html"
    details_template = "zc_admin/details.html"

    # Without a view there is no address.
    create_view = edit_view = delete_view = action_view = ajax_lookup = ajax_update = None

    def __init__(self, table: Table, db, related: tuple[Table, ...] = ()):
        self.table, self.db, self.related = table, db, related
        endpoint = endpoint_of(table)
        super().__init__(object, table.title, table.category, endpoint, url=table.key)

    # What the framework asks of a backend.

    def scaffold_form(self) -> type[Form]:
        """Nothing can be typed."""
        return Form

    def init_search(self) -> bool:
        """The search box is always there."""
        return True

    def get_list_columns(self) -> list[tuple[str, str]]:
        """Key and label of each column, in order. Labels are translated here: what a template
        translates is a format, and a label may hold a %."""
        return [(column.key, lazy_gettext(column.label)) for column in self.table.columns]

    get_details_columns = get_export_columns = get_list_columns

    def get_sortable_columns(self) -> dict[str, str]:
        """The columns that an index serves."""
        return {key: key for key in self.table.orders}

    def get_filters(self) -> list[Criterion]:
        """What the table can be narrowed by."""
        return list(self.table.criteria)

    def get_filter_arg(self, index: int, flt: Criterion) -> str:
        """The name of a filter in the address."""
        return flt.key_name

    def _refresh_filters_cache(self) -> None:
        """Options are read when they are shown: they lie in the database."""
        self._filters, self._filter_groups = self.get_filters(), None
        self._filter_args = {flt.key_name: (i, flt) for i, flt in enumerate(self._filters)}

    def get_pk_value(self, row: Listed) -> int:
        """What names a row in the address of its details."""
        return row.id

    # What is read, always within the scope.

    def get_query(self) -> Select:
        """The rows of the actor."""
        return self.table.rows(actor())

    def get_one(self, id: int) -> Listed | None:
        """One row of the actor; None if it is not there or not his."""
        row = self.db.session.execute(self.get_query().where(self.table.id == id)).one_or_none()
        return self.table.written(row, codes()) if row else None

    def get_list(
        self, page, sort_field, sort_desc, search, filters, page_size=None
    ) -> tuple[int, list[Listed]]:
        """One page of what was asked for, and how many rows there are, as far as they are
        counted. Which page it is stands in the address, as in every list (``views.turning``)."""
        query = self.narrowed(self.table.finding(actor()), search, filters)
        order = self.table.in_order(sort_field, sort_desc)
        rows, place = Rows(query, order, self.table.showing(actor()), self.table.bare), asked(order)
        page = fetch(self.db.session, rows, page_size, place)
        g.page = page, links(page, place)
        return page.count, [self.table.written(row, codes()) for row in page.rows]

    def paged(self) -> tuple[Page, list[tuple[str, str, str]]]:
        """The page that was just read, and the addresses of those around it."""
        return g.page

    def lines(self, rows: list[Listed], long: Markup) -> list[tuple]:
        """What stands in the lines of the page; long cells in the frame ``long``."""
        return [row.line(gettext("详情"), long) for row in rows]

    def narrowed(self, query: Select, search: str | None, filters) -> Select:
        """The query under the conditions of the address."""
        query = self.table.found(query, search)
        for index, _name, value in filters or ():
            criterion = self._filters[index]
            query = criterion.apply(query, criterion.clean(value))
        return query

    # What stands in the address.

    def _get_list_extra_args(self) -> ViewArgs:
        """Order, search and filters within bounds, and nothing else: the framework
        puts whatever it finds into the addresses that it makes."""
        given = super()._get_list_extra_args()
        column = self._get_column_by_idx(given.sort)
        if given.sort is not None and (column is None or column[0] not in self._sortable_columns):
            abort(400)
        search = (given.search or "").strip()[:LONGEST_SEARCH]
        return given.clone(page=0, search=search or None, extra_args={})

    def _get_list_filter_args(self) -> list[tuple[int, str, str]]:
        """The filters that are filled in; BadInput if one is unknown or makes no sense."""
        found = []
        for name, value in request.args.items():
            if not name.startswith("flt") or not value.strip():
                continue
            index, criterion = self._filter_args.get(name.partition("_")[2], (None, None))
            if criterion is None:
                abort(400)
            if not criterion.validate(value.strip()):
                words = _("筛选条件“%(label)s”的值无法识别，请重新选择。")
                raise BadInput(words, label=criterion.name)
            found.append((index, criterion.name, value.strip()))
        return found

    def wanted(self, active: list[tuple[int, str, str]]) -> list[Asked]:
        """The filters of the form, with what is set."""
        values = {index: value for index, _name, value in active or ()}
        return [
            Asked(
                name=f"flt{index}_{criterion.key_name}",
                label=gettext(criterion.name),
                kind=criterion.kind,
                value=values.get(index, ""),
                options=criterion.get_options(self) or [],
            )
            for index, criterion in enumerate(self._filters)
        ]

    # The addresses.

    @expose("/details/")
    def details_view(self):
        """All of one row."""
        key = request.args.get("id", "")
        known = re.fullmatch("[0-9]{1,10}", key) and int(key) <= LARGEST_ID
        row = self.get_one(int(key)) if known else None
        if row is None:
            abort(404)
        related = [(table.title, endpoint_of(table)) for table in self.related]
        facts = [
            (label, cell)
            for (_key, label), cell in zip(self._details_columns, row.cells, strict=True)
        ]
        return self.render(
            self.details_template, row=row, facts=facts, back=self.back(), related=related
        )

    def back(self) -> str:
        """The list that one came from; nothing outside this list is led to."""
        here, wanted = self.get_url(".index_view"), request.args.get("url", "")
        return wanted if wanted.startswith(f"{here}?") else here

    @expose("/export/<export_type>/")
    def export(self, export_type: str):
        """What the list shows, all of it, as a file."""
        format_ = FORMATS.get(export_type) or abort(404)
        given = self._get_list_extra_args()
        key, _label = self._get_column_by_idx(given.sort) or (None, "")
        query = self.narrowed(self.table.told(actor()), given.search, given.filters)
        export = Export(
            name=gettext(self.table.title),
            headings=[str(label) for _key, label in self._export_columns],
            query=self.table.in_order(key, given.sort_desc).apply(query),
            guards=[column.guard for column in self.table.columns],
            table=self.table.key,
            conditions=self.conditions(given),
        )
        journal = current_app.extensions["journal"]
        return send(export, format_, self.db, journal, actor(), request_time())

    def conditions(self, asked: ViewArgs) -> dict[str, str]:
        """What the journal says about the choice of rows; it keeps no identity number."""
        said = {self._filters[index].key_name: value for index, _name, value in asked.filters or ()}
        said |= {"search": asked.search} if asked.search else {}
        return {name: without_numbers(value) for name, value in said.items()}


def endpoint_of(table: Table) -> str:
    """Flask's name for the screen of a table."""
    return f"{CONSOLE}_{table.key}"
