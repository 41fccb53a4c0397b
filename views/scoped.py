"""Reading within a scope: which rows a generated screen finds, and what may be asked of it."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, request
from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter, Filters
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, false

from models.permissions import Actor
from views.login import actor

LARGEST_NUMBER = 2**31 - 1


class Scoped(BaseFilter):
    """The rows that the actor may see; none where a view names no scope."""

    def apply(self, query, clause: Callable[[Actor], ColumnElement[bool]] | None):
        return query.filter(clause(actor()) if clause else false())


class Contains(BaseFilter):
    """Text that contains the words, whatever their case; % and _ mean themselves."""

    name = lazy_gettext("包含")

    def apply(self, query, words: str):
        column = getattr(self.model, self.column_name)
        wanted = words.strip()
        return query.filter(column.icontains(wanted, autoescape=True)) if wanted else query


class Equals(BaseFilter):
    """This number; nothing is found where none was typed but something else."""

    name = lazy_gettext("等于")

    def apply(self, query, words: str):
        column, wanted = getattr(self.model, self.column_name), words.strip()
        if not wanted:
            return query
        number = int(wanted) if wanted.isdecimal() and len(wanted) <= 10 else LARGEST_NUMBER + 1
        return query.filter(column == number if number <= LARGEST_NUMBER else false())


class Questions(BaseFilterConverter):
    """The framework's filters fail open and know no escape; these are all there are."""

    conversion_table = (
        ("is_text", [Contains]),
        ("is_string", [Contains]),
        ("is_integer", [Equals]),
    )

    def convert(self, col_name: str) -> list[BaseFilter] | None:
        """The filters of a column; None, and no warning, where it cannot be searched."""
        for kind, filters in self.conversion_table:
            if getattr(self.datamodel, kind)(col_name):
                return [each(col_name, self.datamodel) for each in filters]
        return None


class ScopedInterface(SQLAInterface):
    """Fetches no row outside the scope, whoever asks, and lets a box be unticked.

    ``options`` are the loader options of lists, so that a column of another table does
    not cost a statement a row.
    """

    filter_converter_class = Questions
    scope: Callable[[], Any] | None = None
    options: Iterable[Any] = ()

    def get(self, id, filters=None, **kwargs):
        """The row, if it is in the scope."""
        return super().get(id, filters if filters is not None else self.scope(), **kwargs)

    def apply_all(self, query, *args, **kwargs):
        """The query of a list, with its loader options."""
        return super().apply_all(query.options(*self.options), *args, **kwargs)

    def get_values(self, lst, list_columns):
        """The values of a list, each row with the version that its deletion names."""
        rows = super().get_values(lst, list_columns)
        pairs = zip(rows, lst, strict=True)
        return [row | {"version": getattr(item, "version", "")} for row, item in pairs]

    def get_columns_list(self) -> list[str]:
        """Columns and relations; a sealed number is none of them."""
        return [name for name in super().get_columns_list() if name in self.list_columns]

    def is_nullable(self, col_name: str) -> bool:
        """The framework demands a tick in every box that is not nullable; we do not."""
        return self.is_boolean(col_name) or super().is_nullable(col_name)


def check_query(filters: Filters) -> None:
    """400 for an address that the framework would stumble over: a page that is no number,
    a filter that a column does not have."""
    for name, value in request.args.items():
        if re.search("page_|psize_", name) and not (value.isdecimal() and len(value) < 10):
            abort(400)
        if name.startswith("_flt_"):
            asked = re.fullmatch(r"_flt_([0-9])_(.*)", name)
            known = filters.get_search_filters().get(asked[2], []) if asked else []
            if not known or int(asked[1]) >= len(known):
                abort(400)
