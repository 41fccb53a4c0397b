"""What tests of the domain need besides the domain: its real code tables and a case.

Nothing here touches a database; records are made in memory and judged there.
"""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from models.attachment import Attachment, file_rule
from models.codes import CodeBook, Entry
from models.declaration import Declaration
from models.notice import Notice
from models.record import Record
from models.section import Case, Problem, Section

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "codes"

CUT_OFF = date(2025, 12, 31)
"""The last day that the notice of every case counts."""

TODAY = date(2026, 3, 20)
"""The day of every case, unless it names another: after the cut-off, as in real life."""


@cache
def book() -> CodeBook:
    """All code tables of ``fixtures/codes``; columns besides code and name are in ``extra``."""
    return CodeBook({path.stem: _table(path) for path in sorted(FOLDER.glob("*.csv"))})


def _table(path: Path) -> dict[str, Entry]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: _entry(row) for row in csv.DictReader(file)}


def _entry(row: dict[str, str]) -> Entry:
    extra = {column: value for column, value in row.items() if column not in ("code", "name_zh")}
    return Entry(row["code"], row["name_zh"], extra=extra)


def declaration(*records: Record) -> Declaration:
    """A declaration of a notice with ``CUT_OFF``, holding these records."""
    made = Declaration(notice=Notice(cut_off=CUT_OFF))
    for record in records:
        record.declaration = made
    return made


def case(
    *siblings: Record,
    of: Declaration | None = None,
    today: date = TODAY,
    files: Iterable[Attachment] = (),
) -> Case:
    """What a rule looks at besides its record: by default a fresh declaration."""
    return Case(of or declaration(), book(), today, siblings, tuple(files))


def said(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Field and sentence of each problem, as the user reads it."""
    return [(problem.field, str(problem.sentence)) for problem in problems]


def judged(section: Section, record: Record, *siblings: Record) -> list[tuple[str, str]]:
    """What a section says of a record among its siblings."""
    return said(section.judge(record, case(*siblings)))


def asked(section: Section, record: Record | None) -> list[str]:
    """The codes of the proofs that a section requires for a record."""
    return [
        proof.code
        for proof in section.proofs
        if proof.needed(file_rule(book(), proof.code), record, case())
    ]
