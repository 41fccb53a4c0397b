"""Cells of files: text for every spreadsheet, whatever it holds.

A guard has two ways, for what Python writes and for what the database writes: exports of a
million rows are written where the rows lie.
"""

import re
from enum import Enum
from unicodedata import category

from sqlalchemy import ColumnElement, String, and_, between, case, collate, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import func

FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
"""A cell that begins so is a formula to a spreadsheet (CWE-1236); quotes do not help."""

ALTERED = re.compile(r"0[0-9]+|[0-9]{16,}")
"""Digits that a spreadsheet would change: it drops leading noughts and keeps 15 places,
which turns the end of a 申报编号 into noughts."""

APOSTROPHE = "'"
"""To a spreadsheet what follows is text."""

INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
"""Unicode's categories of what shows nothing: blanks, controls, marks of direction."""

BLANKS = "".join(
    sign
    for sign in map(chr, range(ord("＠")))
    if category(sign) in INVISIBLE and sign not in FORMULA
)
"""What may stand before a formula or a number: some spreadsheets cut it off before they look."""

HARMLESS = (("、", "\ufefe"), ("A", "~"))
"""Ranges of characters, in the order of their bytes, in which nearly all cells begin. No sign
of FORMULA, no blank and no digit lies in them. Chinese first: there is more of it."""


class Guard(Enum):
    """Which cells of a column get an apostrophe: what a spreadsheet would take for something
    else; all that hold anything, so that numbers of one kind look alike; none, where the
    program knows what can stand there."""

    NEEDED = "needed"
    ALWAYS = "always"
    NEVER = "never"


class Either(ColumnElement):
    """One meaning, said to each of the two databases in its own words."""

    inherit_cache = False

    def __init__(self, *, postgresql: ColumnElement, sqlite: ColumnElement):
        self.postgresql, self.sqlite = postgresql.self_group(), sqlite.self_group()
        self.type = postgresql.type


@compiles(Either, "postgresql")
def _to_postgresql(element, compiler, **kw):
    return compiler.process(element.postgresql, **kw)


@compiles(Either, "sqlite")
def _to_sqlite(element, compiler, **kw):
    return compiler.process(element.sqlite, **kw)


def safe(cell: str) -> str:
    """The cell as text for every spreadsheet: with an apostrophe where it needs one."""
    bare = cell.lstrip(BLANKS)
    needs = bare.startswith(FORMULA) or ALTERED.fullmatch(bare)
    return f"{APOSTROPHE}{cell}" if needs else cell


def guarded(cell: ColumnElement[str], guard: Guard) -> ColumnElement[str]:
    """SQL for the same; ``cell`` is never NULL."""
    if guard is Guard.NEVER:
        return cell
    mark = literal(APOSTROPHE, String)
    if guard is Guard.ALWAYS:
        return func.coalesce(mark + func.nullif(cell, ""), "")
    # What nearly all cells are comes first: two comparisons save the questions after it.
    return case(
        (or_(*(_within(cell, *ends) for ends in HARMLESS), cell == ""), cell),
        (_within(cell, "0", ":"), case((_altered(cell), mark + cell), else_=cell)),
        (_needs(func.ltrim(cell, BLANKS, type_=String)), mark + cell),
        else_=cell,
    )


def _within(cell: ColumnElement[str], first: str, last: str) -> ColumnElement[bool]:
    """Whether it lies between them in the order of the bytes."""
    by_bytes = Either(postgresql=collate(cell, "C"), sqlite=cell)
    return between(by_bytes, literal(first, String), literal(last, String))


def _needs(bare: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a spreadsheet would take it, bare of blanks, for a formula or another number."""
    # SQLite's text may begin with \0, of which unicode() knows nothing.
    first = Either(postgresql=func.ascii(bare), sqlite=func.coalesce(func.unicode(bare), 0))
    return and_(bare != "", or_(first.in_([ord(sign) for sign in FORMULA]), _altered(bare)))


def _altered(cell: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is one of ALTERED."""
    digits = and_(cell.op("NOT GLOB")("*[^0-9]*"), cell.op("GLOB")("[0-9]*"))
    return Either(
        postgresql=cell.op("~")(f"^({ALTERED.pattern})$"),
        sqlite=and_(digits, or_(cell.op("GLOB")("0?*"), func.length(cell) >= 16)),
    )
