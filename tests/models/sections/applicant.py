"""A whole applicant for tests of 基本信息 and 学习工作经历: person, unit, notice, category."""

from datetime import UTC, date, datetime

from models.declaration import Declaration
from models.notice import Notice
from models.offices import Office
from models.people import Person
from models.record import Record
from models.section import Case, Section
from models.sections.basic_info import BasicInfo
from models.vault import Sealed
from tests.models.books import CUT_OFF, TODAY, book, said

OWN = Sealed(b"1", "1" * 64, "220102********0019")
"""The applicant's identity number; two numbers are the same if their indices are."""

FILLED = {
    "declare_category": "01",
    "nation": "01",
    "political_status": "01",
    "mobile": "13843100019",
    "post_name": "工程师",
    "employment_type": "1",
    "on_duty_status": "1",
    "work_start_date": date(2008, 7, 1),
    "professional_years": 15,
    "current_specialty": "水利工程",
    "current_title_level": "3",
    "current_title_series": "05",
    "current_title_name": "05013",
    "current_title_specialty": "水利工程",
    "current_title_date": date(2018, 12, 20),
    "current_title_method": "1",
    "current_title_cert_no": "2018220500013",
    "current_title_issuer": "吉林省人力资源和社会保障厅",
    "appointed_date": date(2019, 1, 10),
    "apply_series": "05",
    "apply_specialty": "水利工程",
    "apply_level": "2",
    "apply_title_name": "05012",
    "declare_method": "1",
    "summary": "总" * 200,
}
"""A basic_info in which nothing is wrong."""


BREAKING = {
    "declare_category": "02",
    "break_type": "01",
    "waived_conditions": ["2"],
    "break_reason": "获省部级科技进步一等奖，业绩突出。",
}
"""The changes that make a 破格申报 by two experts of it, with nothing wrong."""

NO_TITLE = {
    "current_title_level": None,
    "current_title_series": None,
    "current_title_name": None,
    "current_title_specialty": None,
    "current_title_date": None,
    "current_title_method": None,
    "current_title_cert_no": None,
    "current_title_issuer": None,
    "appointed_date": None,
    "apply_level": "3",
    "apply_title_name": "05013",
}
"""The changes that make a first title of it, with nothing wrong."""


def basic_info(**changes) -> BasicInfo:
    """A basic_info in which only the changes may be wrong."""
    return BasicInfo(**{**FILLED, **changes})


def applicant(**changes) -> Declaration:
    """A declaration by way of a public institution whose chain has three offices."""
    committee = Office(name="水利工程评委会办公室", kind="committee", region="220000")
    bureau = Office(name="吉林省水利厅", kind="department", region="220000", superior=committee)
    unit = Office(
        name="吉林省水利水电勘测设计研究院",
        uscc="12220000412755004K",
        kind="unit",
        nature="02",
        region="220102",
        grassroots=False,
        superior=bureau,
    )
    notice = Notice(
        title="2026 年度工程系列申报通知",
        year=2026,
        series=["05"],
        levels=["1", "2", "3"],
        specialties=[],
        cut_off=CUT_OFF,
        audit_end=datetime(2026, 5, 1, tzinfo=UTC),
    )
    person = Person(name="王小明", id_type="01", id_no=OWN, sex="1", birth_date=date(1985, 3, 12))
    made = Declaration(person=person, notice=notice, unit=unit)
    basic_info(**changes).declaration = made
    return made


def case_of(declaration: Declaration, *siblings: Record) -> Case:
    """What a rule looks at besides its record."""
    return Case(declaration, book(), TODAY, siblings)


def judged_for(declaration: Declaration, section: Section, record: Record, *siblings: Record):
    """Field and sentence of all that a section says of a record."""
    return said(section.judge(record, case_of(declaration, *siblings)))


def needed_of(declaration: Declaration, section: Section, records: tuple[Record, ...]):
    """Field and sentence of all that a section says of its records together."""
    case = case_of(declaration)
    return said(found for need in section.needs if (found := need(records, case)))
