"""The kinds of field that a section may have; each carries its label."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import MappedColumn, composite, mapped_column
from sqlalchemy.types import TypeEngine

from models.codes import CodeBook
from models.vault import Sealed
from models.words import Sentence, _, say


class Kind(StrEnum):
    """What a field holds, and so how it is asked, shown and exported."""

    TEXT = "text"
    ESSAY = "essay"
    DAY = "day"
    MONTH = "month"
    CHOICE = "choice"
    CHOICES = "choices"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FLAG = "flag"
    SECRET = "secret"


CHOSEN = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.FLAG, Kind.DAY, Kind.MONTH})
"""Kinds that one picks rather than types."""


@dataclass(frozen=True)
class Field:
    """What the screens know of one field.

    ``limit`` and ``least`` count characters for text and bound the value for numbers;
    ``codes`` names the code table; ``system`` fields are filled by the program.
    """

    kind: Kind
    label: str
    required: bool = True
    hint: str = ""
    group: str = ""
    codes: str = ""
    limit: int | None = None
    least: int | None = None
    places: int = 0
    system: bool = False


def _column(type_: TypeEngine, field: Field) -> MappedColumn:
    return mapped_column(type_, nullable=not field.required, info={"field": field})


def text(label: str, limit: int, **more) -> MappedColumn:
    """One line of at most ``limit`` characters."""
    return _column(String(limit), Field(Kind.TEXT, label, limit=limit, **more))


def essay(label: str, limit: int, *, least: int | None = None, **more) -> MappedColumn:
    """Several lines of ``least`` to ``limit`` characters; line breaks count as one."""
    return _column(Text(), Field(Kind.ESSAY, label, limit=limit, least=least, **more))


def day(label: str, **more) -> MappedColumn:
    """A calendar day."""
    return _column(Date(), Field(Kind.DAY, label, **more))


def month(label: str, **more) -> MappedColumn:
    """A calendar month, kept as its first day."""
    return _column(Date(), Field(Kind.MONTH, label, **more))


def choice(label: str, codes: str, **more) -> MappedColumn:
    """One code of the table ``codes``."""
    return _column(String(20), Field(Kind.CHOICE, label, codes=codes, **more))


def choices(label: str, codes: str, **more) -> MappedColumn:
    """Any number of codes of the table ``codes``, as a JSON list."""
    return _column(JSON(none_as_null=True), Field(Kind.CHOICES, label, codes=codes, **more))


def whole(label: str, least: int = 0, limit: int = 999_999, **more) -> MappedColumn:
    """A whole number from ``least`` to ``limit``."""
    return _column(Integer(), Field(Kind.WHOLE, label, least=least, limit=limit, **more))


def decimal(label: str, digits: int, places: int, *, limit: int | None = None, **more):
    """A number from nought to ``limit`` with ``places`` decimals."""
    limit = 10 ** (digits - places) - 1 if limit is None else limit
    field = Field(Kind.DECIMAL, label, least=0, limit=limit, places=places, **more)
    return _column(Numeric(digits, places), field)


def yes_no(label: str, **more) -> MappedColumn:
    """是 or 否; a required one must be answered."""
    return _column(Boolean(), Field(Kind.FLAG, label, **more))


def secret(label: str, name: str, **more):
    """An identity number: sealed, found by a blind index, shown masked. Never required."""
    return composite(
        Sealed,
        mapped_column(f"{name}_sealed", LargeBinary, nullable=True),
        mapped_column(f"{name}_index", String(64), nullable=True, index=True),
        mapped_column(f"{name}_mask", String(18), nullable=True),
        info={"field": Field(Kind.SECRET, label, required=False, **more)},
    )


def objection(field: Field, value: Any, codes: CodeBook, today: date) -> Sentence | None:
    """What is wrong with one value by its field alone: missing, too long, out of bounds,
    no code of its table. Text counts in characters, a line break as one (R18)."""
    if value in (None, "", []):
        if not field.required:
            return None
        verb = _("请选择%(label)s。") if field.kind in CHOSEN else _("请填写%(label)s。")
        return say(verb, label=field.label)
    if field.kind in (Kind.TEXT, Kind.ESSAY):
        return _too_long(field, value)
    if field.kind in (Kind.WHOLE, Kind.DECIMAL) and not field.least <= value <= field.limit:
        bounds = {"least": field.least, "limit": field.limit}
        return say(_("%(label)s应在 %(least)s 到 %(limit)s 之间。"), label=field.label, **bounds)
    if field.codes:
        wanted = value if isinstance(value, list) else [value]
        entries = [codes.get(field.codes, code) for code in wanted]
        if not all(entry and entry.valid_on(today) for entry in entries):
            return say(_("%(label)s的选项已不可用，请重新选择。"), label=field.label)
    return None


def _too_long(field: Field, value: str) -> Sentence | None:
    length = len(value.replace("\r\n", "\n"))
    if field.limit and length > field.limit:
        over = {"limit": field.limit, "length": length}
        return say(
            _("%(label)s最多 %(limit)s 字，现在是 %(length)s 字。"), label=field.label, **over
        )
    if field.least and length < field.least:
        under = {"least": field.least, "length": length}
        return say(
            _("%(label)s至少 %(least)s 字，现在是 %(length)s 字。"), label=field.label, **under
        )
    return None
