"""Pages found by where the one before ended: the last of a million rows costs what the first does.

A page by its number makes the database count all rows before it. Here the address carries
the keys of a row, and an index leads there at once.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, FromClause, Label, Row, Select, literal, select, tuple_
from sqlalchemy.orm import Session

from models.searching import seeks_few
from views.counting import CAP, alone, at_most, capped, spoken

PLACES = ("first", "after", "before", "last")


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
        return [tuple(row)[: -self.added] for row in self.rows]

    @property
    def found(self) -> str:
        """The number for a reader."""
        return spoken(self.count)


Show = Callable[[FromClause], Select]
"""Makes of the rows of a page, a table of their own, the statement that shows them."""


class Rows(NamedTuple):
    """All that a list has, of which one page is asked for.

    With ``show`` the query only finds the rows, and is as narrow as that can be; ``bare`` is
    the table, or few, whose index has all of them in order while nothing else is asked.
    """

    query: Select
    order: Order
    show: Show | None = None
    bare: FromClause | None = None


def fetch(session: Session, rows: Rows, size: int, place: Place) -> Page:
    """The page at ``place``, and how many rows there are where nothing was counted yet: one
    statement."""
    backwards = place.kind in ("before", "last")
    found = _read(session, _gathered(rows), size + 1, place, backwards)
    if place.kind == "after" and not found:
        # What stood here is gone: show the end of the list, and not an empty page of it.
        return fetch(session, rows, size, Place("last"))
    more, found = len(found) > size, found[:size]
    if place.kind == "before" and not more:
        # So near the beginning that it is the first page: show all of that.
        return fetch(session, rows, size, Place(count=place.count))
    if backwards:
        found.reverse()
    before, after = (more, place.kind == "before") if backwards else (place.kind == "after", more)
    return _page(found, rows.order, place, before=before, after=after)


def _gathered(rows: Rows) -> Rows:
    """The few rows that a search finds are looked for once: to be ordered, and to be counted.
    SQLite would go through a whole list in its order to spare itself the sorting of them."""
    if not (rows.show and seeks_few(rows.query)):
        return rows
    found = rows.query.add_columns(*rows.order.columns()).cte("few").prefix_with("MATERIALIZED")
    order = Order(rows.order.read(found.c), rows.order.down)
    return Rows(select(found.c.found), order, rows.show)


def _read(session: Session, rows: Rows, most: int, place: Place, backwards: bool) -> list[Row]:
    """So many rows from the place on, with their number where that is not known."""
    query, order, show, bare = rows
    down = order.down != backwards
    some = _narrowed(query, order, down, place).limit(at_most(most))
    wanted = _shown(some, order, down, show) if show else some
    of_bare = None if bare is None else alone(query, bare)
    if place.count is None:
        number = capped(query if of_bare is None else of_bare)
        wanted = wanted.add_columns(number.label("found_in_all"))
    return session.execute(wanted, execution_options={"prepared": of_bare is not None}).all()


def _page(rows: list[Row], order: Order, place: Place, *, before: bool, after: bool) -> Page:
    """The rows with what lies around them: whether there are others before and after."""
    if not rows:
        return Page(rows, place.count or 0, None, None, 0)
    first, last = (order.read(row._mapping) for row in (rows[0], rows[-1]))
    count = rows[0].found_in_all if place.count is None else place.count
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


def _shown(some: Select, order: Order, down: bool, show: Show) -> Select:
    """The rows that were found with all that is shown of them, in the same order."""
    page = some.subquery("page")
    keys = order.read(page.c)
    return Order(keys, down).apply(show(page).add_columns(*keys))


# In the address.


def asked(order: Order) -> Place:
    """The place that the address names; 400 if it makes no sense for this order."""
    given = [kind for kind in PLACES if kind in request.args]
    count = request.args.get("of", "")
    if len(given) > 1 or (count and not (count.isdecimal() and len(count) < 6)):
        abort(400)
    known = min(int(count), CAP + 1) if count else None
    kind = given[0] if given else "first"
    if kind in ("first", "last"):
        return Place(kind, count=known)
    return Place(kind, _values(request.args[kind], order.keys), known)


def arguments(place: Place) -> dict[str, str]:
    """The place as arguments of an address."""
    count = {} if place.count is None else {"of": str(place.count)}
    if place.kind in ("first", "last"):
        return ({} if place.kind == "first" else {"last": "1"}) | count
    values = [v.isoformat() if isinstance(v, datetime) else v for v in place.values]
    text = json.dumps(values, ensure_ascii=False).encode()
    return {place.kind: urlsafe_b64encode(text).decode().rstrip("=")} | count


def _values(text: str, keys: Sequence[ColumnElement]) -> tuple[Any, ...]:
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list):
            raise ValueError(values)
        return tuple(_value(v, of) for v, of in zip(values, keys, strict=True))
    except (ValueError, OverflowError, RecursionError):
        abort(400)


def _value(value: Any, of: ColumnElement) -> Any:
    """The value as its column holds it; ValueError if the column cannot."""
    kind = of.type.python_type
    if kind is datetime:
        found = datetime.fromisoformat(str(value))
        if found.tzinfo is None:
            raise ValueError(value)
        return found.astimezone(UTC)
    if type(value) is not kind or (kind is int and abs(value) >= 2**31) or "\0" in str(value):
        raise ValueError(value)
    str(value).encode()  # half of a pair of surrogates is no character
    return value


def links(page: Page, place: Place) -> list[tuple[str, str, str]]:
    """Key, word and address of the pages around this one; no address where there is none."""
    count = page.count
    around = (
        ("first", gettext("首页"), Place() if page.previous else None),
        ("previous", gettext("上一页"), page.previous),
        ("next", gettext("下一页"), page.next),
        ("last", gettext("末页"), Place("last", count=count) if page.next else None),
    )
    return [(key, word, turned(**arguments(at)) if at else "") for key, word, at in around]


def turned(**changes: Any) -> str:
    """This address with other arguments, from the first page on."""
    kept = {name: request.args.getlist(name) for name in request.args}
    kept = {name: values for name, values in kept.items() if name not in (*PLACES, "of")}
    here = quote(request.script_root + request.path)
    asked_for = urlencode(kept | changes, doseq=True)
    return f"{here}?{asked_for}" if asked_for else here
