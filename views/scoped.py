"""Reading within a scope: which rows a generated screen finds, and what may be asked of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import abort, request
from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter, Filters
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, FromClause, Select, Table, false, literal, select
from sqlalchemy.orm import aliased

from models.permissions import Actor
from models.searching import called
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


class Is(BaseFilter):
    """This code, of those that can be picked."""

    name = lazy_gettext("等于")

    def apply(self, query, code: str):
        column, wanted = self.datamodel.asks[self.column_name], code.strip()
        return query.filter(column == wanted) if wanted else query


class Named(BaseFilter):
    """People whose name holds these characters."""

    name = lazy_gettext("包含")

    def apply(self, query, words: str):
        (person, name), wanted = self.datamodel.asks[self.column_name], words.strip()
        return query.filter(called(person, name, wanted)) if wanted else query


class Questions(BaseFilterConverter):
    """The framework's filters fail open and know no escape; these are all there are."""

    conversion_table = (
        ("is_text", [Contains]),
        ("is_string", [Contains]),
        ("is_integer", [Equals]),
    )

    def convert(self, col_name: str) -> list[BaseFilter] | None:
        """The filters of a column; None, and no warning, where it cannot be searched."""
        if col_name in self.datamodel.asks:
            kind = Named if col_name == "name" else Is
            return [kind(col_name, self.datamodel)]
        for kind, filters in self.conversion_table:
            if getattr(self.datamodel, kind)(col_name):
                return [each(col_name, self.datamodel) for each in filters]
        return None


@dataclass(frozen=True)
class Through:
    """A table of the lists' own: joined by ``on``, and scoped in place of the model."""

    table: type
    on: ColumnElement[bool]
    scope: Callable[[Actor], ColumnElement[bool]]


class Columns:
    """Named columns of a model, also those of rows that it leads to (``person.name``)."""

    def __init__(self, model: type, names: Iterable[str]):
        self.of: dict[str, Any] = {}
        self._joins: dict[str, tuple[Any, Any]] = {}
        for name in names:
            self.of[name] = self._column(model, name)

    def _column(self, model: type, name: str) -> Any:
        at, path = model, ""
        *ways, last = name.split(".")
        for way in ways:
            path += f".{way}"
            if path not in self._joins:
                target = aliased(getattr(at, way).property.mapper.class_)
                self._joins[path] = (getattr(at, way).of_type(target), target)
            at = self._joins[path][1]
        return getattr(at, last)

    def read_from(self, query: Select) -> Select:
        """The query with the tables that the columns need."""
        for way, _target in self._joins.values():
            query = query.join(way, isouter=True)
        return query


class ScopedInterface(SQLAInterface):
    """Fetches no row outside the scope, whoever asks, and lets a box be unticked.

    Lists read the named ``columns`` and no objects. ``asks`` are further questions of the
    search, each with the column that answers it.
    """

    filter_converter_class = Questions
    scope: Callable[[], Any] | None = None
    through: Through | None = None
    asks: Mapping[str, Any] = MappingProxyType({})
    columns: Columns

    def get(self, id, filters=None, **kwargs):
        """The row, if it is in the scope."""
        return super().get(id, filters if filters is not None else self.scope(), **kwargs)

    @property
    def key(self) -> ColumnElement:
        """What names a row."""
        return self.obj.__mapper__.primary_key[0]

    @property
    def bare(self) -> Table | None:
        """The table whose index has all rows of a list, if one has."""
        return self.through.table.__table__ if self.through else None

    def found(self, filters: Filters) -> Select:
        """The keys of a list, within the scope and under the user's conditions."""
        query = select(self.key.label("found")).select_from(self.obj)
        if self.through:
            query = query.join(self.through.table, self.through.on)
            query = query.where(self.through.scope(actor()))
        else:
            query = self.scope().apply_all(query)
        return filters.apply_all(query)

    def shown(self, page: FromClause) -> Select:
        """The rows of a page with all that is shown of them, and with no others."""
        version = getattr(self.obj, "version", literal(""))
        query = select(self.key, version, *self.columns.of.values())
        query = query.select_from(page).join(self.obj, self.key == page.c.found)
        return self.columns.read_from(query)

    def get_columns_list(self) -> list[str]:
        """What can be searched: columns and relations, but no sealed number."""
        found = [name for name in super().get_columns_list() if name in self.list_columns]
        return [*found, *(name for name in self.asks if name not in found)]

    def get_search_columns_list(self) -> list[str]:
        """What a view that names nothing could be searched by: nothing."""
        return []

    def is_nullable(self, col_name: str) -> bool:
        """The framework demands a tick in every box that is not nullable; we do not."""
        return self.is_boolean(col_name) or super().is_nullable(col_name)


def check_query(filters: Filters) -> None:
    """400 for an address that the framework would stumble over: a size that is no number,
    a filter that a column does not have."""
    for name, value in request.args.items():
        if re.search("page_|psize_", name) and not (value.isdecimal() and len(value) < 10):
            abort(400)
        if name.startswith("_flt_"):
            asked = re.fullmatch(r"_flt_([0-9])_(.*)", name)
            known = filters.get_search_filters().get(asked[2], []) if asked else []
            if not known or int(asked[1]) >= len(known):
                abort(400)
