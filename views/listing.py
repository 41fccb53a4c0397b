"""The list of a generated screen: named columns only, a page at a time, nothing else read."""

from functools import cache
from typing import Any, ClassVar

from flask import abort, current_app, url_for
from flask_appbuilder.urltools import get_filter_args, get_order_args, get_page_size_args
from flask_appbuilder.widgets import FormWidget, SearchWidget
from flask_babel import gettext
from markupsafe import Markup

from views.paging import Order, Rows, fetch
from views.scoped import Through, check_query
from views.shell import kept
from views.turning import asked, links, turned

SIZES = (25, 50, 75, 100)


class SearchBox(SearchWidget):
    """The search of a list. The framework's draws each control a second time, for nobody."""

    def __call__(self, **kwargs):
        form, known = self.template_args["form"], self.filters.get_search_filters()
        columns = self.template_args["include_cols"]
        words = {
            "label_columns": {name: str(form[name].label.text) for name in columns},
            "search_filters": {name: [str(one.name) for one in known[name]] for name in columns},
            "active_filters": self.filters.get_filters_values_tojson(),
        }
        return FormWidget.__call__(self, **words, **kwargs)


class Listing:
    """How a generated screen lists. A subclass names its columns.

    ``reads`` names those that a formatter makes one of, ``through`` another table that scopes
    the list, ``keys`` what an order goes by where it is not the column itself, ``asks`` what
    else can be searched.
    """

    search_widget = SearchBox
    order_columns: ClassVar[list[str]] = []
    page_size = 25
    through: ClassVar[Through | None] = None
    keys: ClassVar[dict[str, Any]] = {}
    reads: ClassVar[dict[str, tuple[str, ...]]] = {}
    asks: ClassVar[dict[str, Any]] = {}

    def _list(self, **kwargs):
        """The framework's as well makes the search form anew each time."""
        check_query(self._filters)
        get_filter_args(self._filters)
        name = type(self).__name__
        column, direction = get_order_args().get(name, ("", ""))
        size = get_page_size_args().get(name)
        widgets = self._get_list_widget(self._filters, column, direction, page_size=size, **kwargs)
        return widgets | {"search": self._search()}

    def _search(self) -> Markup:
        """The search form: while nothing is asked for it is the same for everybody."""
        if self._filters.get_filters_values():
            return self._drawn_search()
        return kept(("search", type(self).__name__), self._drawn_search)

    def _drawn_search(self) -> Markup:
        return Markup(self._get_search_widget(form=self.search_form.refresh())["search"]())

    def _get_list_widget(self, filters, order_column="", order_direction="", **kwargs):
        if order_column and order_column not in self.order_columns:
            abort(400)
        order = self._order(order_column, order_direction)
        size = min(max(int(kwargs.get("page_size") or self.page_size), 1), SIZES[-1])
        place = asked(order)
        asks, name = self.datamodel, self.__class__.__name__
        formats = {key: cache(words) for key, words in self.formatters_columns.items()}
        rows = Rows(asks.found(filters), order, asks.shown, asks.bare)
        page = fetch(asks.session, rows, size, place)
        widget = self.list_widget(
            headings=self._headings(order_column, order_direction),
            rows=[
                (pk, version, *map(word, self._cells(cells, formats)))
                for pk, version, *cells in page.values
            ],
            ways=self._ways(),
            add_url=self._way("add"),
            found=page.found,
            sizes=[(n, "" if n == size else turned(**{f"psize_{name}": n})) for n in SIZES],
            links=links(page, place),
        )
        return (kwargs.get("widgets") or {}) | {"list": widget}

    def _headings(self, column: str, direction: str) -> list[tuple[str, str, str]]:
        """Label, the address that orders by it, and how it is ordered now."""
        name, made = self.__class__.__name__, []
        for key in self.list_columns:
            now = direction if key == column else ""
            further = {f"_oc_{name}": key, f"_od_{name}": "desc" if now == "asc" else "asc"}
            url = turned(**further) if key in self.order_columns else ""
            words = {"asc": "ascending", "desc": "descending"}
            made.append((self.label_columns[key], url, words.get(now, "")))
        return made

    def _way(self, method: str, **values) -> str:
        """The address of one of the view's own methods, if it has it and the actor may."""
        deed = (self.method_permission_name or {}).get(method)
        may = deed and self.appbuilder.sm.has_access(f"can_{deed}", self.class_permission_name)
        place = f"{self.endpoint}.{method}"
        there = may and place in current_app.view_functions
        return url_for(place, **values) if there else ""

    def _ways(self) -> dict[str, str]:
        """What leads on from a row: addresses that end where its key follows."""
        ways = {method: self._way(method, pk=0) for method in ("show", "edit", "delete")}
        return {method: url.removesuffix("0") for method, url in ways.items() if url}

    def _order(self, column: str, direction: str) -> Order:
        """The order that is asked for, or the one in which the list begins; ties by the key."""
        if not column:
            column, direction = self.base_order or (self.model.__mapper__.primary_key[0].key, "asc")
        key = self.model.__mapper__.primary_key[0]
        keys = self.keys.get(column) or (getattr(self.model, column), key)
        return Order(keys, direction == "desc")

    def _cells(self, row, formats: dict) -> list:
        """What stands in each column, written out."""
        cells, at = [], 0
        for name in self.list_columns:
            width = len(self.reads.get(name, (name,)))
            value = row[at] if name not in self.reads else tuple(row[at : at + width])
            cells.append(formats[name](value) if name in formats else value)
            at += width
        return cells


def word(value: Any) -> Any:
    """What a cell shows of its value."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    return "—" if value is None or value == "" else value
