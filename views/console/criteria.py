"""What a list of the console can be narrowed by. A value that makes no sense is refused:
a filter that is left out would show more than was asked for.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_admin.model.filters import BaseFilter
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select

from models.clock import SHANGHAI
from models.words import _
from views.guard import LARGEST_ID
from views.login import codes

Options = Callable[[], list[tuple[str, str]]]

YEARS = range(1900, 3000)
"""A day outside of them is a slip of the keys."""


class Criterion(BaseFilter):
    """One condition: ``key`` names it in the address, ``label`` on the page."""

    kind = "search"

    def __init__(self, key: str, label: str, column: Any, options: Options | None = None):
        super().__init__(label, options=options, key_name=key)
        self.column = column

    def operation(self) -> str:
        """The framework wants a word for it; the label says it all."""
        return ""

    def clause(self, value: Any) -> ColumnElement[bool]:
        """The condition for a cleaned value."""
        raise NotImplementedError

    def apply(self, query: Select, value: Any) -> Select:
        """The query, narrowed."""
        return query.where(self.clause(value))


class Contains(Criterion):
    """Holds these characters, as they stand: % and _ mean themselves."""

    def clause(self, value: str) -> ColumnElement[bool]:
        return self.column.icontains(value, autoescape=True)


class Chosen(Criterion):
    """Is the one that was picked from a list."""

    kind = "select"

    def clause(self, value: Any) -> ColumnElement[bool]:
        return self.column == value


class ChosenRow(Chosen):
    """The same for a row of a table, by its number."""

    def clean(self, value: str) -> int:
        number = int(value)
        if not 0 <= number <= LARGEST_ID:
            raise ValueError(value)
        return number


class Ticked(Chosen):
    """是 or 否."""

    def __init__(self, key: str, label: str, column: Any):
        super().__init__(key, label, column, yes_or_no)

    def clean(self, value: str) -> bool:
        if value not in ("0", "1"):
            raise ValueError(value)
        return value == "1"

    def clause(self, value: bool) -> ColumnElement[bool]:
        return self.column.is_(value)


class Since(Criterion):
    """From the beginning of a day in Asia/Shanghai on."""

    kind = "date"

    def clean(self, value: str) -> date:
        day = date.fromisoformat(value)
        if day.year not in YEARS:
            raise ValueError(value)
        return day

    def clause(self, value: date) -> ColumnElement[bool]:
        return self.column >= midnight(value)


class Until(Since):
    """Up to the end of a day in Asia/Shanghai."""

    def clause(self, value: date) -> ColumnElement[bool]:
        return self.column < midnight(value + timedelta(days=1))


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def yes_or_no() -> list[tuple[str, str]]:
    """Both answers."""
    return [("1", gettext(_("是"))), ("0", gettext(_("否")))]


def from_table(name: str) -> Options:
    """All codes of a table, those of earlier years too: old records hold them."""
    return lambda: [(entry.code, entry.name) for entry in codes().table(name).values()]


def from_labels(labels: dict[Any, str]) -> Options:
    """The words of an enumeration."""
    return lambda: [(key.value, gettext(label)) for key, label in labels.items()]
