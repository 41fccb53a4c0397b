"""Pages found by where the one before ended: the last of a million rows costs what the first does.

A page by its number makes the database count all rows before it. Here the address carries
the keys of a row, and an index leads there at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Label,
    Row,
    Select,
    case,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from models.searching import seeks_few
from views.counting import alone, at_most, capped, spoken

COUNTED = "found_in_all"
"""The column of a page's rows that says how many there are."""


@dataclass(frozen=True)
class Order:
    """The order of a list: expressions that are never null and together name one row.

    ``lead``: how many of them lie in one index, if the others come from a further table. A
    comparison of all would be asked row by row; that of the first few leads to the place.
    """

    keys: tuple[Any, ...]
    down: bool = False
    lead: int | None = None

    def apply(self, query: Select) -> Select:
        """The query in this order."""
        return query.order_by(*(of.desc() if self.down else of.asc() for of in self.keys))

    def columns(self) -> list[Label]:
        """The keys as columns of a statement."""
        return [key.label(f"key_{n}") for n, key in enumerate(self.keys)]

    def read(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The same columns from a row, or from a table that has them."""
        return tuple(row[f"key_{n}"] for n in range(len(self.keys)))


@dataclass(frozen=True)
class Place:
    """Which page: the first, the last, or the one after or before the row of ``values``."""

    kind: str = "first"
    values: tuple[Any, ...] = ()
    count: int | None = None

    @property
    def backwards(self) -> bool:
        """Whether its rows are looked for from the end of the list on."""
        return self.kind in ("before", "last")


class Page(NamedTuple):
    """Rows of one page, with the places of those around it (None where there is none).

    ``count`` is exact up to ``CAP``; one more than that stands for all beyond.
    """

    rows: list[Row]
    count: int
    previous: Place | None
    next: Place | None
    added: int

    @property
    def values(self) -> list[tuple[Any, ...]]:
        """What was asked for in each row, without what the page itself needs beside it."""
        return [tuple(row)[: len(row) - self.added] for row in self.rows]

    @property
    def found(self) -> str:
        """The number for a reader."""
        return spoken(self.count)


Show = Callable[[FromClause], Select]
"""Makes of the rows of a page, a table of their own, the statement that shows them."""


class Rows(NamedTuple):
    """All that a list has, of which one page is asked for: columns, or objects if their number
    is known.

    With ``show`` the query only finds the rows, and is as narrow as that can be; ``bare`` is
    the table, or few, of which the first has an index with all of them in order while nothing
    else is asked: there they are counted with the page.
    """

    query: Select
    order: Order
    show: Show | None = None
    bare: FromClause | None = None


def fetch(session: Session, rows: Rows, size: int, place: Place) -> Page:
    """The page at ``place``, and how many rows there are where nothing was counted yet: one
    statement."""
    few = rows.show is not None and seeks_few(rows.query)
    found = _read(session, _gathered(rows) if few else rows, size, place, few)
    if place.kind == "after" and not found:
        # What stood here is gone: show the end of the list, and not an empty page of it.
        return fetch(session, rows, size, Place("last"))
    more, found = len(found) > size, found[:size]
    if place.kind == "before" and not more:
        # So near the beginning that it is the first page: show all of that.
        return fetch(session, rows, size, Place(count=place.count))
    if place.backwards:
        found.reverse()
        return _page(found, rows.order, place, before=more, after=place.kind == "before")
    return _page(found, rows.order, place, before=place.kind == "after", after=more)


def _gathered(rows: Rows) -> Rows:
    """The few rows that a search finds are looked for once: to be ordered, and to be counted.
    SQLite would go through a whole list in its order to spare itself the sorting of them."""
    found = rows.query.add_columns(*rows.order.columns()).cte("few").prefix_with("MATERIALIZED")
    order = Order(rows.order.read(found.c), rows.order.down)
    return Rows(select(found.c.found), order, rows.show, found)


def _read(session: Session, rows: Rows, size: int, place: Place, few: bool) -> list[Row]:
    """The rows of the page and one more, with their number where that is not known. What a
    search looks for decides how that is best done: so it is not prepared."""
    query, order, show, bare = rows
    down = order.down != place.backwards
    wanted = _narrowed(query, order, down, place).limit(at_most(size + 1))
    of_bare = None if bare is None else alone(query, bare)
    if show or place.count is None:
        page = wanted.cte("page")
        wanted = _shown(page, order, down, show)
    if place.count is None:
        number = _number(query, page, size, place) if of_bare is None else capped(of_bare)
        wanted = wanted.add_columns(number.label(COUNTED))
    prepared = of_bare is not None and not few
    return session.execute(wanted, execution_options={"prepared": prepared}).all()


def _number(query: Select, page: CTE, size: int, place: Place) -> ColumnElement[int]:
    """How many rows there are, where no index knows. They are counted only if the page is not
    all of them: what is rare would be looked for twice."""
    number = capped(query)
    if place.values:
        return number
    seen = select(func.count()).select_from(page).scalar_subquery()
    return case((seen > at_most(size), number))


def _page(rows: list[Row], order: Order, place: Place, *, before: bool, after: bool) -> Page:
    """The rows with what lies around them: whether there are others before and after."""
    if not rows:
        return Page(rows, 0, None, None, 0)
    first, last = (order.read(row._mapping) for row in (rows[0], rows[-1]))
    known = rows[0]._mapping[COUNTED] if place.count is None else place.count
    count = known if before or after else len(rows)
    return Page(
        rows,
        count,
        Place("before", first, count) if before else None,
        Place("after", last, count) if after else None,
        len(order.keys) + (place.count is None),
    )


def _narrowed(query: Select, order: Order, down: bool, place: Place) -> Select:
    """The query from the place on, in its order, with the keys as its last columns."""
    query = query.add_columns(*order.columns())
    if place.values:
        typed = zip(place.values, order.keys, strict=True)
        here = [literal(value, of.type) for value, of in typed]
        key, row = tuple_(*order.keys), tuple_(*here)
        query = query.where(key < row if down else key > row)
        if order.lead:
            key, row = tuple_(*order.keys[: order.lead]), tuple_(*here[: order.lead])
            query = query.where(key <= row if down else key >= row)
    return Order(order.keys, down).apply(query)


def _shown(page: CTE, order: Order, down: bool, show: Show | None) -> Select:
    """The rows that were found with all that is shown of them, in the same order."""
    keys = order.read(page.c)
    shown = show(page).add_columns(*keys) if show else select(page)
    return Order(keys, down).apply(shown)
