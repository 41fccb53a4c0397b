"""A list of the console as data: its columns, its rows, and what it can be narrowed by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, FromClause, Join, Row, Select, select

from models.codes import CodeBook
from models.permissions import Actor
from views.console.criteria import Criterion
from views.console.texts import Labels, Text, plain
from views.exporting.cells import Guard
from views.paging import Order, Show
from views.patterns import filled


def led_by(page: FromClause, here: ColumnElement[bool], source: FromClause) -> FromClause:
    """The joins of ``source``, beginning with the rows of ``page``."""
    if isinstance(source, Join):
        left = led_by(page, here, source.left)
        return Join(left, source.right, source.onclause, isouter=source.isouter)
    return Join(page, source, here)


@dataclass(frozen=True)
class Column:
    """One column: what is read, and how it is written. ``number``: it holds numbers that are
    text, as those of papers and offices are."""

    key: str
    label: str
    of: Any
    text: Text = plain
    number: bool = False

    @property
    def guard(self) -> Guard:
        """Which cells of it need an apostrophe in a file; numbers all or none, so that a
        column looks the same in every row."""
        return Guard.ALWAYS if self.number else self.text.guard


LONG = 30
"""Characters of a cell that stand in one line."""


class Listed(NamedTuple):
    """One row, written out."""

    id: int
    cells: list[str]

    def line(self, unnamed: str, long: Markup) -> tuple[int | str, ...]:
        """The id, the first cell, which names the row, and the others."""
        name, *others = self.cells
        framed = (filled(long, [[cell]]) if len(cell) > LONG else cell for cell in others)
        return self.id, name or unnamed, *framed


@dataclass(frozen=True)
class Table:
    """One list. The first of the columns names the row; ``order`` is how it begins.

    ``orders`` are those that an index serves, by the key of their column. ``searched`` makes
    the condition of one word of the search box, ``hint`` says in it what can be searched;
    ``remark`` is the sentence about what the list leaves out. ``narrow`` is as much of the
    ``source`` as conditions and orders need, where that is less: a planner that meets ten
    tables at once goes through all rows of one. ``bare`` is as much of it as has all of the
    rows, for the count; its first table is the one with the index.
    """

    key: str
    title: str
    category: str
    source: FromClause
    id: Any
    scope: Callable[[Actor], ColumnElement[bool]]
    columns: tuple[Column, ...]
    order: Order
    searched: Callable[[str], ColumnElement[bool]]
    hint: str
    orders: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    remark: str = ""
    narrow: FromClause | None = None
    bare: FromClause | None = None

    def finding(self, who: Actor) -> Select:
        """Its rows for ``who``: for conditions and order."""
        if self.narrow is None:
            return self.rows(who)
        return select(self.id.label("found")).select_from(self.narrow).where(self.scope(who))

    def showing(self, who: Actor) -> Show | None:
        """What shows the rows of a page, and touches no others; None if they are shown as
        they are found."""
        if self.narrow is None:
            return None

        def shown(page: FromClause) -> Select:
            wanted = (self.id, *(column.of for column in self.columns))
            source = led_by(page, page.c.found == self.id, self.source)
            return select(*wanted).select_from(source).where(self.scope(who))

        return shown

    def rows(self, who: Actor) -> Select:
        """Its rows for ``who``: the columns that are shown and no others."""
        wanted = (self.id, *(column.of for column in self.columns))
        return select(*wanted).select_from(self.source).where(self.scope(who))

    def told(self, who: Actor) -> Select:
        """The same rows, written out by the database."""
        labels = Labels()
        texts = [column.text.told(column.of, labels) for column in self.columns]
        return select(*texts).select_from(labels.joined(self.source)).where(self.scope(who))

    def found(self, query: Select, words: str | None) -> Select:
        """The query, narrowed to rows that each of the words is found in."""
        for word in (words or "").split():
            query = query.where(self.searched(word))
        return query

    def in_order(self, key: str | None, down: bool) -> Order:
        """The order by one column, or the one in which the list begins."""
        return Order(self.orders[key], down) if key else self.order

    def written(self, row: Row, codes: CodeBook) -> Listed:
        """A row as a reader sees it."""
        values = zip(self.columns, row[1 : 1 + len(self.columns)], strict=True)
        return Listed(row[0], [column.text.read(value, codes) for column, value in values])
