"""What the reader of the journal asks for, and how lines are written: on screen and in files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, String, case, cast, func, select

from models.clock import SHANGHAI
from models.journal import Line, as_kept
from models.trail import (
    ACTS,
    DETAILS,
    IDENTITY,
    KINDS,
    OF_IDENTITIES,
    REASONS,
    values_of,
    word_of_act,
)
from models.vault import without_numbers
from models.words import _
from views.exporting.cells import Either, Guard
from views.exporting.kinds import Export
from views.paging import Order

COLUMNS = (
    Line.id, Line.at, Line.actor, Line.act, Line.object_kind, Line.object_id, Line.detail,
)  # fmt: skip

NEWEST = Order((Line.at, Line.id), down=True)

YEARS = range(2000, 2100)
"""A day outside of them is a slip of the keys."""


class Told(NamedTuple):
    """A line as it is shown."""

    number: int
    at: str
    actor: str
    act: str
    kind: str
    object_id: str
    details: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed by; empty where it is not. Days are those of Asia/Shanghai,
    both included."""

    actor: str = ""
    act: str = ""
    kind: str = ""
    object_id: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of_request(cls) -> "Asked":
        """From the address; 400 for what makes no sense there."""
        made = cls(**{name: request.args.get(name, "").strip() for name in cls.__annotations__})
        if made.act not in ("", *ACTS) or made.kind not in ("", *KINDS):
            abort(400)
        for day in (made.since, made.until):
            _midnight(day)
        return made

    @property
    def given(self) -> dict[str, str]:
        """What was given, for addresses and for the journal."""
        return {name: without_numbers(value) for name, value in vars(self).items() if value}

    def apply(self, query: Select) -> Select:
        """The query, narrowed: each condition meets an index of the journal."""
        same = {
            Line.actor: self.actor, Line.act: self.act,
            Line.object_kind: self.kind, Line.object_id: self.object_id,
        }  # fmt: skip
        query = query.where(*(column == value for column, value in same.items() if value))
        if since := _midnight(self.since):
            query = query.where(Line.at >= since)
        if until := _midnight(self.until):
            query = query.where(Line.at < until + timedelta(days=1))
        return query


def _midnight(day: str) -> datetime | None:
    """The beginning of a day in Asia/Shanghai; 400 if it is none."""
    if not day:
        return None
    try:
        found = date.fromisoformat(day)
    except ValueError:
        abort(400)
    if found.year not in YEARS:
        abort(400)
    return datetime.combine(found, time(), SHANGHAI)


def told(row) -> Told:
    """A line for the screen."""
    return Told(
        row.id,
        f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        row.actor,
        gettext(word_of_act(row.act, row.object_kind)),
        gettext(KINDS.get(row.object_kind, row.object_kind)),
        row.object_id,
        list(_details(row.object_kind, json.loads(row.detail))),
    )


def _details(kind: str, detail: Mapping[str, Any]):
    """Each detail with its word; what is empty says nothing."""
    for key, value in detail.items():
        if value not in (None, "", [], {}):
            said = values_of(key, kind).get(value, value) if isinstance(value, str) else value
            yield gettext(DETAILS.get(key, key)), without_numbers(_value(said))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, dict):
        pairs = (f"{key}={_value(each)}" for key, each in value.items())
        return "；".join(pairs)
    if isinstance(value, list):
        return "、".join(_value(each) for each in value)
    return gettext(KINDS.get(value, value)) if isinstance(value, str) and value else str(value)


# As a file: the database writes it.

HEADINGS = (
    _("序号"), _("时间"), _("账号"), _("操作"), _("对象"), _("对象编号"), _("内容"), _("校验值"),
)  # fmt: skip


def export_of(asked: Asked) -> Export:
    """All lines that are asked for, the newest first."""
    columns = (
        _text(Line.id),
        _second(Line.at),
        Line.actor,
        _of_identities(_named(Line.act, ACTS | OF_IDENTITIES), _named(Line.act, ACTS)),
        _named(Line.object_kind, KINDS),
        Line.object_id,
        _of_identities(_reasoned(Line.detail), Line.detail),
        Line.mac,
    )
    guards = (Guard.NEVER, Guard.NEVER, *(Guard.NEEDED,) * 5, Guard.ALWAYS)
    return Export(
        name=gettext("日志"),
        headings=[gettext(heading) for heading in HEADINGS],
        query=NEWEST.apply(asked.apply(select(*columns))),
        guards=guards,
        table="journal",
        conditions=asked.given,
    )


def _text(column: ColumnElement) -> ColumnElement[str]:
    return cast(column, String)


def _named(column: ColumnElement, words: Mapping[str, str]) -> ColumnElement[str]:
    """The word for the reader; another one stands for itself."""
    return case({key: gettext(word) for key, word in words.items()}, value=column, else_=column)


def _of_identities(theirs: ColumnElement[str], others: ColumnElement[str]) -> ColumnElement[str]:
    return case((Line.object_kind == IDENTITY, theirs), else_=others)


def _reasoned(detail: ColumnElement[str]) -> ColumnElement[str]:
    """The detail of a refused identity, which is its reason alone, with the word for it."""
    said = {
        as_kept({"reason": code}): as_kept({"reason": gettext(word)})
        for code, word in REASONS.items()
    }
    return case(said, value=detail, else_=detail)


def _second(column: ColumnElement) -> ColumnElement[str]:
    """An instant in Asia/Shanghai, to the second; SQLite knows no zones."""
    local = func.timezone(SHANGHAI.key, column)
    whole = func.substr(column, 1, len("2026-01-01 00:00:00"))
    return Either(
        postgresql=func.to_char(local, "YYYY-MM-DD HH24:MI:SS", type_=String),
        sqlite=func.strftime("%Y-%m-%d %H:%M:%S", whole, "+8 hours", type_=String),
    )
