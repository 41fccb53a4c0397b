"""The two cities of the console with values in them that files could get wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.batch import Batch
from models.binding import Binding, BindingState
from models.declaration import Declaration
from models.offices import Office
from models.people import Person
from models.sections.basic_info import BasicInfo
from models.sections.education import Education
from models.sections.paper import Paper
from models.sections.project import Project
from tests.worlds.console import two_cities

TEXTS = (
    '"', 'a"b""c"', '""', "行一\n行二", "行一\r\n行二", "行一\r行二", "\n行二", "a,b;c\td",
    "𠮷野屋", "😀=1", "ａ１", "＋", "=", "'=1+1'", "''", " =1", "  首", "尾  ", "\u3000全角",
    "0", "00", "0x1F", "007", "1" * 15, "1" * 16, "1" * 16 + "X", "-1.5", "+8613", "0.5", "０１",
    "%", "%s %(a)s %%", "\\", "\\N", "\\.", "NULL", "(NULL)", "_x000D_", "\x01\x1f\x7f",
    "<r>a</r>", "<r><t/></r></is></c><c r='ZZ9'><f>1+1</f></c><c t='inlineStr'><is><r></r>",
    "<r>", "&amp;<b>", "]]>", "\u2028\ufeff", "@", "A", "z", "Ａ", "＠x", "＝", "－0", "{=1}",
    "长" * 150, "\u3000=1", "\xa0+1", "\ufeff@x", "\u200b－1", " \t=1", " 007",
)  # fmt: skip
"""Formulas, quotation marks, ends of lines, what a database, CSV, printf or XML could take for
a word of its own."""

CODES = (
    None, [], ["9"], ["2", "1"], ["06", "01"], ["𠮷\"'、", "1", "=1"], ["0012", "", "1"], ["=1"],
)  # fmt: skip
"""Lists of codes: none, empty, in an order that is not that of the table, unknown."""

DECIMALS = tuple(
    Decimal(text) for text in ("0", "0.1", "100", "1234.5", "0.25", "10", "999999.99", "20.5")
)

MOMENTS = tuple(
    datetime(2026, 3, 20, *rest, tzinfo=UTC)
    for rest in ((15, 59, 59, 999999), (16, 0), (23, 59, 59, 500000), (0, 0, 0, 1), (8, 9, 5))
)


def odd_city(app: Flask) -> None:
    """The world ``odd``."""
    two_cities(app)
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        papers(session)
        sections(session)
        around(session)
        session.commit()


def every(session: Session, model: type) -> list:
    """All rows of a table, in one order."""
    return list(session.scalars(select(model).order_by(model.id)))


def papers(session: Session) -> None:
    """Texts of all kinds, lists of codes, long decimals, what is empty and what is not there."""
    for n, paper in enumerate(every(session, Paper)):
        paper.title = TEXTS[n % len(TEXTS)]
        paper.abstract = TEXTS[-n % len(TEXTS)]
        paper.issn = (None, "", "007", "1000-123X", "12345678")[n % 5]
        paper.index = CODES[n % len(CODES)]
        paper.total_words = (None, *DECIMALS)[n % 9]
        paper.impact_factor = (None, Decimal("0.010"), Decimal("9999.999"), Decimal("5"))[n % 4]
        paper.paper_kind = ("1", "没有", "", "0001", "=1")[n % 5]
        paper.cite_count = (None, 0, 999_999)[n % 3]


def sections(session: Session) -> None:
    """Dates, flags and codes that are there, missing or unknown."""
    for n, project in enumerate(every(session, Project)):
        project.fund_wan = Decimal(("9999999999.99", "0.01", "1000000000")[n % 3])
        project.end_date = (None, date(1999, 12, 1))[n % 2]
    for n, education in enumerate(every(session, Education)):
        education.is_first = n % 2 == 0
        education.degree = (None, "", "408", "未知")[n % 4]
        education.degree_date = (None, date(2008, 6, 30), date(1960, 1, 2))[n % 3]
        education.diploma_no = ("102941200805001234", "0", "", "证2008", "=1")[n % 5]
    for n, basic in enumerate(every(session, BasicInfo)):
        basic.waived_conditions = CODES[n % len(CODES)]


def around(session: Session) -> None:
    """Names, moments, numbers, words of enumerations that are no more."""
    for n, declaration in enumerate(every(session, Declaration)):
        if declaration.submitted_at:
            declaration.submitted_at = MOMENTS[n % len(MOMENTS)]
        declaration.title_code = ("05012", "", "没有", "-1")[n % 4]
        declaration.specialty = TEXTS[n % len(TEXTS)][:100]
    for n, person in enumerate(every(session, Person)):
        person.sex = ("1", "2", "", "9x")[n % 4]
        person.name += ("", "𠮷", "\"'", ",")[n % 4]
    for n, office in enumerate(every(session, Office)):
        office.uscc = f"11220421700002{n:04d}" if n % 2 else f"1122042170000{n:04d}X"
        office.nature = ("20", "", "没有")[n % 3]
        office.telephone = ("", "0438-2123456", "04382123456", "-1")[n % 4]
        office.active = n % 2 == 0
        office.kind = "former" if n == 3 else office.kind
    for n, binding in enumerate(every(session, Binding)):
        if n % 3:
            binding.state, binding.ended_at = BindingState.ENDED, MOMENTS[n % len(MOMENTS)]
        binding.reason = TEXTS[n % len(TEXTS)][:100]
        binding.decided_at = MOMENTS[n % len(MOMENTS)]
    for n, batch in enumerate(every(session, Batch)):
        batch.count = n * 1000
        batch.number = batch.number and ("202600000000000001", "=1+1")[n % 2]
