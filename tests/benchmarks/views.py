"""The pages that are looked at, and the rows that must stand on them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine, create_engine, text

from tests.benchmarks.settings import USERS

SIZES = dict(zip(USERS, map(int, os.environ.get("BENCH_SIZES", "25 20").split()), strict=True))
"""Rows of a page: 申报查询 begins with 25, the console with 20, and so must all others."""

HUNDREDTH, DEEP, LAST = 99, -2, -1
"""Places counted from nought, or from the end."""

ORDERS = {"submitted": "d.submitted_at DESC, d.id DESC", "name": "p.name, d.id"}
PASSED = "PASSED"


@dataclass(frozen=True)
class View:
    """One page. ``place`` counts pages, ``words`` characters of the name that is searched."""

    key: str
    who: str
    place: int = 0
    order: str = "submitted"
    status: str = ""
    words: int = 0
    show: bool = False

    def __str__(self) -> str:
        return f"{self.who} {self.key}"


def both(key: str, **how) -> tuple[View, View]:
    """The page of the agent and that of the manager."""
    return View(key, "agent", **how), View(key, "manager", **how)


GROWING = (
    *both("first"), *both("100th", place=HUNDREDTH), *both("deep", place=DEEP),
    *both("last", place=LAST), *both("by name", order="name"), *both("show", show=True),
)  # fmt: skip
NARROWED = both("passed only", status=PASSED)
SEARCHES = (*both("2 characters", words=2), *both("3 characters", words=3))
FIRST = both("first")


@dataclass
class Truth:
    """What the database says should be seen."""

    url: str

    @cached_property
    def engine(self) -> Engine:
        """A connection of the driver's own."""
        return create_engine(self.url)

    @cached_property
    def unit(self) -> int:
        """The office of the agent."""
        return self.one("SELECT office_id FROM account WHERE username = :name", name=USERS["agent"])

    @cached_property
    def name(self) -> str:
        """A full name of three characters, of the unit's people: the one that most have."""
        return self.one(
            "SELECT p.name FROM declaration d JOIN person p ON p.id = d.person_id"
            " WHERE d.unit_id = :unit AND length(p.name) = 3 AND d.status != 'DRAFT'"
            " GROUP BY p.name ORDER BY count(*) DESC, p.name LIMIT 1",
            unit=self.unit,
        )

    def words(self, view: View) -> str:
        """What is typed into the search: the given name, or all of the name."""
        return self.name[-view.words :] if view.words else ""

    def count(self, view: View) -> int:
        """How many rows there are."""
        return self.one(f"SELECT count(*) {self._from(view)}", **self._given(view))

    def numbers(self, view: View, backwards: bool) -> list[tuple[int, str]]:
        """Ids and 申报编号 of the page, in its order. ``backwards``: pages from the end are
        counted from there, so that they are full; else the last one holds what is left."""
        size = SIZES[view.who]
        place = 0 if view.show else view.place
        if place < 0:
            total = self.count(view)
            pages = -(-total // size)
            offset = total + place * size if backwards else (pages + place) * size
        else:
            offset = place * size
        query = f"SELECT d.id, d.declare_no {self._from(view)} ORDER BY {ORDERS[view.order]}"
        limits = {"size": 1 if view.show else size, "offset": max(offset, 0)}
        with self.engine.connect() as connection:
            found = connection.execute(
                text(f"{query} LIMIT :size OFFSET :offset"), self._given(view) | limits
            )
            return [tuple(row) for row in found]

    def keys(self, view: View, numbers: Sequence[str]) -> list:
        """What the order goes by, for each of the numbers: rows that share it may change places
        where a program knows no second column to order by."""
        column = "p.name" if view.order == "name" else "d.submitted_at"
        wanted = ", ".join(f":n{place}" for place in range(len(numbers))) or "NULL"
        query = f"SELECT d.declare_no, {column} {self._from(view)} AND d.declare_no IN ({wanted})"
        given = {f"n{place}": number for place, number in enumerate(numbers)}
        with self.engine.connect() as connection:
            found = dict(map(tuple, connection.execute(text(query), self._given(view) | given)))
        return [found.get(number) for number in numbers]

    def _from(self, view: View) -> str:
        parts = [
            "FROM declaration d JOIN person p ON p.id = d.person_id WHERE d.status != 'DRAFT'",
            "AND d.unit_id = :unit" if view.who == "agent" else "",
            "AND d.status = :status" if view.status else "",
            "AND p.name LIKE :words" if view.words else "",
        ]
        return " ".join(filter(None, parts))

    def _given(self, view: View) -> dict:
        given = {"unit": self.unit, "status": view.status, "words": f"%{self.words(view)}%"}
        return {name: value for name, value in given.items() if f":{name}" in self._from(view)}

    def one(self, query: str, **given):
        with self.engine.connect() as connection:
            return connection.execute(text(query), given).scalar_one()
