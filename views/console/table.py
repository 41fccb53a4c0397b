"""A list of the console as data: its columns, its rows, and what it can be narrowed by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import ColumnElement, FromClause, Row, Select, func, or_, select

from models.clock import SHANGHAI
from models.codes import CodeBook
from models.fields import Field, Kind
from models.permissions import Actor
from models.section import shown
from models.words import _
from views.console.criteria import Criterion

Text = Callable[[Any, CodeBook], str]
"""How a value of a column is written, on screen and in files."""


def plain(value: Any, codes: CodeBook) -> str:
    """As it stands."""
    return "" if value is None else str(value)


def moment(value: datetime | None, codes: CodeBook) -> str:
    """An instant in Asia/Shanghai, to the minute."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


def coded(table: str) -> Text:
    """The label of a code."""
    return lambda value, codes: codes.name(table, value)


def labelled(labels: dict[Any, str]) -> Text:
    """The word of an enumeration."""
    words = {str(key): label for key, label in labels.items()}
    return lambda value, codes: gettext(words.get(value, value))


def yes_no(value: bool, codes: CodeBook) -> str:
    """是 or 否."""
    return gettext(_("是")) if value else gettext(_("否"))


def of_field(field: Field) -> Text:
    """A value of a section; of an identity number only the mask is ever read."""
    if field.kind is Kind.SECRET:
        return plain
    return lambda value, codes: shown(field, value, codes)


@dataclass(frozen=True)
class Column:
    """One column: what is read, and how it is written. ``sorts`` says whether lists may
    be ordered by it: text only where its collation is that of both databases."""

    key: str
    label: str
    of: Any
    text: Text = plain
    sorts: bool = False


class Listed(NamedTuple):
    """One row, written out."""

    id: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """One list. The first of the columns names the row; ``order`` is how it begins.

    ``searched`` are the columns of the search box, ``hint`` says so in it; ``remark`` is the
    sentence about what the list leaves out.
    """

    key: str
    title: str
    category: str
    source: FromClause
    id: Any
    scope: Callable[[Actor], ColumnElement[bool]]
    columns: tuple[Column, ...]
    order: tuple[Any, ...]
    searched: tuple[Any, ...]
    hint: str
    criteria: tuple[Criterion, ...] = ()
    remark: str = ""

    def rows(self, who: Actor) -> Select:
        """Its rows for ``who``: the columns that are shown and no others."""
        wanted = (self.id, *(column.of for column in self.columns))
        return select(*wanted).select_from(self.source).where(self.scope(who))

    def count(self, who: Actor) -> Select:
        """How many there are."""
        return select(func.count()).select_from(self.source).where(self.scope(who))

    def found(self, query: Select, words: str | None) -> Select:
        """The query, narrowed to rows that hold each of the words somewhere."""
        for word in (words or "").split():
            places = (column.icontains(word, autoescape=True) for column in self.searched)
            query = query.where(or_(*places))
        return query

    def ordered(self, query: Select, key: str | None, down: bool) -> Select:
        """The query in one order on both databases; empty values stand last."""
        if key is None:
            return query.order_by(*self.order, self.id.desc())
        column = next(column.of for column in self.columns if column.key == key and column.sorts)
        first = column.desc() if down else column.asc()
        return query.order_by(first.nulls_last(), self.id.desc() if down else self.id)

    def written(self, row: Row, codes: CodeBook) -> Listed:
        """A row as a reader sees it."""
        values = zip(self.columns, row[1:], strict=True)
        return Listed(row[0], [column.text(value, codes) for column, value in values])
