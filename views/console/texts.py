"""How values are written, on screen and in files.

Each kind of text has two ways that write the same: in Python, for the few rows of a page,
and in SQL, for the many of a file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, FromClause, String, and_, case, cast, outerjoin, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import aliased
from sqlalchemy.sql import func

from models.clock import SHANGHAI
from models.codes import Code, CodeBook
from models.fields import Field, Kind
from models.section import shown
from models.words import _
from views.exporting.cells import Either, Guard

COMMA = "、"
"""Between the labels of several codes."""


class Labels:
    """The code book of a statement: it joins the table of codes once for each column."""

    def __init__(self):
        self._joins: list[tuple[Any, ColumnElement[bool]]] = []

    def name(self, table: str, column: ColumnElement) -> ColumnElement[str]:
        """The label of a code; a code that is no longer known stands for itself."""
        code = aliased(Code, name=f"code{len(self._joins)}")
        self._joins.append((code, and_(code.table == table, code.code == column)))
        return func.coalesce(code.name, column, "")

    def joined(self, source: FromClause) -> FromClause:
        """``source`` with the codes of all columns that asked."""
        for code, here in self._joins:
            source = source.outerjoin(code, here)
        return source


@dataclass(frozen=True)
class Text:
    """One kind of text: ``read`` writes a value, ``told`` the column of a statement. ``guard``
    says which cells of a file need an apostrophe."""

    read: Callable[[Any, CodeBook], str]
    told: Callable[[ColumnElement, Labels], ColumnElement[str]]
    guard: Guard = Guard.NEEDED


def _plain(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
    text = column if isinstance(column.type, String) else cast(column, LongText)
    return func.coalesce(text, "")


plain = Text(lambda value, codes: "" if value is None else str(value), _plain)
"""As it stands."""


def _moment(value: datetime | None, codes: CodeBook) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


def _told_moment(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
    # SQLite knows no zones; this one has been eight hours ahead ever since there are moments.
    # Without its seconds no moment is rounded up to the next minute.
    shape, minute = "%Y-%m-%d %H:%M", func.substr(column, 1, len("2026-01-01 00:00"))
    local = func.timezone(SHANGHAI.key, column)
    told = Either(
        postgresql=func.to_char(local, "YYYY-MM-DD HH24:MI", type_=String),
        sqlite=func.strftime(shape, minute, "+8 hours", type_=String),
    )
    return func.coalesce(told, "")


moment = Text(_moment, _told_moment, Guard.NEVER)
"""An instant in Asia/Shanghai, to the minute."""


def coded(table: str) -> Text:
    """The label of a code."""
    return Text(
        lambda value, codes: codes.name(table, value),
        lambda column, labels: labels.name(table, column),
    )


def labelled(labels: dict[Any, str]) -> Text:
    """The word of an enumeration."""
    words = {str(key): label for key, label in labels.items()}

    def told(column: ColumnElement, _labels: Labels) -> ColumnElement[str]:
        written = {key: gettext(label) for key, label in words.items()}
        return func.coalesce(case(written, value=column, else_=column), "")

    return Text(lambda value, codes: gettext(words.get(value, value)), told)


def _yes_no(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
    return case((column, gettext(_("是"))), else_=gettext(_("否")))


yes_no = Text(
    lambda value, codes: gettext(_("是")) if value else gettext(_("否")), _yes_no, Guard.NEVER
)
"""是 or 否."""


def _date(shape: str) -> Callable[[ColumnElement, Labels], ColumnElement[str]]:
    """A day, or so much of it: SQLite keeps it as the text of which this is the beginning."""

    def told(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
        either = Either(
            postgresql=func.to_char(column, shape, type_=String),
            sqlite=func.substr(column, 1, len(shape), type_=String),
        )
        return func.coalesce(either, "")

    return told


def _decimal(places: int) -> Callable[[ColumnElement, Labels], ColumnElement[str]]:
    """A number without noughts at its end. SQLite keeps it as a float."""

    def told(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
        digits = func.printf(f"%.{places}f", column)
        if places:
            digits = func.rtrim(func.rtrim(digits, "0"), ".")
        either = Either(
            postgresql=cast(func.trim_scale(column), LongText),
            sqlite=case((column.is_not(None), digits)),
        )
        return func.coalesce(either, "")

    return told


def _flag(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
    return case((column.is_(None), ""), (column, _("是")), else_=_("否"))


def _choices(table: str) -> Callable[[ColumnElement, Labels], ColumnElement[str]]:
    """The labels of a JSON list of codes, in its order."""

    def told(column: ColumnElement, labels: Labels) -> ColumnElement[str]:
        found = case((func.json_typeof(column) == "array", column))
        items = func.json_array_elements_text(found)
        ranked = items.table_valued("value", with_ordinality="key").render_derived()
        name, source = _named(table, ranked)
        joined = func.aggregate_strings(name, COMMA).aggregate_order_by(ranked.c.key)
        # SQLite keeps the order of what is put together; it has no other way before 3.44.
        pairs = func.json_each(column).table_valued("key", "value")
        word, origin = _named(table, pairs)
        words = select(word.label("word")).select_from(origin).order_by(pairs.c.key).subquery()
        either = Either(
            postgresql=select(joined).select_from(source).scalar_subquery(),
            sqlite=select(func.group_concat(words.c.word, COMMA)).scalar_subquery(),
        )
        return func.coalesce(either, "")

    return told


def _named(table: str, items: FromClause) -> tuple[ColumnElement[str], FromClause]:
    """The label of each item, and where it is read."""
    code = aliased(Code)
    here = and_(code.table == table, code.code == items.c.value)
    return func.coalesce(code.name, items.c.value), outerjoin(items, code, here)


def of_field(field: Field) -> Text:
    """A value of a section; of an identity number only the mask is ever read."""
    if field.kind is Kind.SECRET:
        return plain
    told, guard = _TOLD[field.kind](field)
    return Text(lambda value, codes: shown(field, value, codes), told, guard)


_TOLD: dict[Kind, Callable[[Field], tuple[Any, Guard]]] = {
    Kind.TEXT: lambda field: (_plain, Guard.NEEDED),
    Kind.ESSAY: lambda field: (_plain, Guard.NEEDED),
    Kind.WHOLE: lambda field: (_plain, Guard.NEVER),
    Kind.DAY: lambda field: (_date("YYYY-MM-DD"), Guard.NEVER),
    Kind.MONTH: lambda field: (_date("YYYY-MM"), Guard.NEVER),
    Kind.FLAG: lambda field: (_flag, Guard.NEVER),
    Kind.DECIMAL: lambda field: (_decimal(field.places), Guard.NEVER),
    Kind.CHOICE: lambda field: (coded(field.codes).told, Guard.NEEDED),
    Kind.CHOICES: lambda field: (_choices(field.codes), Guard.NEEDED),
}
"""The second way of ``models.section.shown``, by the kind of the field."""
