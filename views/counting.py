"""How many rows a list has: exactly, as long as that is worth the reading."""

from flask_babel import gettext
from sqlalchemy import (
    Column,
    ColumnClause,
    FromClause,
    Join,
    ScalarSelect,
    Select,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.sql.visitors import iterate

CAP = 10_000
"""Rows that are counted; of more one reads "10000+"."""


def capped(query: Select) -> ScalarSelect:
    """How many rows a query has, as far as ``CAP`` and one more, within another statement."""
    some = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    some = some.limit(at_most(CAP + 1)).subquery("capped")
    return select(func.count()).select_from(some).scalar_subquery()


def at_most(number: int) -> ColumnClause:
    """A limit that stands in the statement: one that is prepared is planned for so many."""
    return literal_column(str(number))


def spoken(number: int) -> str:
    """Such a count for a reader."""
    return str(number) if number <= CAP else gettext("%(n)s+", n=CAP)


def alone(query: Select, source: FromClause) -> Select | None:
    """The rows of ``source``, a part of what a query joins, under the conditions of that query,
    for the count; None where a condition asks for more than its first table, whose index has
    them.

    Each row of ``source`` must lead to just one of each of the other tables, as a foreign key
    does: ten thousand of them need not be looked up to know that they are there.
    """
    rows, conditions = select(literal(1)).select_from(source), query.whereclause
    if conditions is None:
        return rows
    first = source.left if isinstance(source, Join) else source
    asked_for = {part.table for part in iterate(conditions) if isinstance(part, Column)}
    return rows.where(conditions) if asked_for <= {first} else None
