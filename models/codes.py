"""Code tables (代码表): what a choice may be, loaded from ``fixtures/codes``.

They are some 1,500 rows that change only at deployment, so a process reads them once
into a ``CodeBook``; labels then cost no statement and no join.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import JSON, Date, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base


class Code(Base):
    """One row of one code table; what the table has beyond a name is in ``extra``."""

    __tablename__ = "code"

    table: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    extra: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


@dataclass(frozen=True)
class Entry:
    """One code as the program reads it; dates are inclusive."""

    code: str
    name: str
    valid_from: date | None = None
    valid_until: date | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def valid_on(self, day: date) -> bool:
        """Whether the code may be chosen on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_until is not None and self.valid_until < day
        return begun and not ended and self.extra.get("selectable", "1") != "0"


class CodeBook:
    """All code tables, read once."""

    def __init__(self, tables: dict[str, dict[str, Entry]]):
        self._tables = tables

    @classmethod
    def read(cls, session: Session) -> "CodeBook":
        """The book as the database has it now; one statement."""
        tables: dict[str, dict[str, Entry]] = {}
        for row in session.scalars(select(Code).order_by(Code.table, Code.place)):
            entry = Entry(row.code, row.name, row.valid_from, row.valid_until, row.extra)
            tables.setdefault(row.table, {})[row.code] = entry
        return cls(tables)

    def table(self, name: str) -> dict[str, Entry]:
        """The codes of one table in its order; KeyError if there is none of that name."""
        return self._tables[name]

    def get(self, table: str, code: str | None) -> Entry | None:
        """One code, or None; also of a table that is not here."""
        return self._tables.get(table, {}).get(code or "")

    def name(self, table: str, code: str | None) -> str:
        """The label of a code; a code that is no longer known stands for itself."""
        entry = self.get(table, code)
        return entry.name if entry else (code or "")

    def extra(self, table: str, code: str | None, column: str) -> str:
        """A further column of a code, as text; empty if there is none."""
        entry = self.get(table, code)
        return entry.extra.get(column, "") if entry else ""

    def above(self, table: str, code: str) -> list[str]:
        """The codes that a code of a tree lies below, the nearest one first."""
        found = []
        while code := self.extra(table, code, "parent"):
            found.append(code)
        return found

    def choices(self, table: str, today: date) -> list[tuple[str, str]]:
        """What may be chosen today, as (code, label)."""
        return [(e.code, e.name) for e in self.table(table).values() if e.valid_on(today)]
