"""（2）② 近5年继续教育情况: the hours of a year."""

from decimal import Decimal

import pytest

from models.attachment import file_rule
from models.sections.continuing_education import SECTION, ContinuingEducation
from tests.models.books import book
from tests.models.sections.applicant import applicant, case_of, judged_for, needed_of


def hours(public="30", professional="60", elective=None, year=2024, **more):
    return ContinuingEducation(
        year=year,
        public_hours=Decimal(public),
        professional_hours=Decimal(professional),
        elective_hours=None if elective is None else Decimal(elective),
        **more,
    )


def judged(record):
    return judged_for(applicant(), SECTION, record)


def test_a_year_is_asked_for_its_hours():
    assert judged(ContinuingEducation(year=2024, exempt_reason="援派")) == [
        ("public_hours", "请填写公需科目学时。"),
        ("professional_hours", "请填写专业科目学时。"),
    ]


@pytest.mark.parametrize(
    "record",
    [hours(), hours("20", "60", "10"), hours("0", "10", exempt_reason="产假，经单位批准减免")],
)
def test_enough_hours_or_a_reason(record):
    assert judged(record) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            hours("29.5", "60"),
            [("", "2024 年总学时 89.5，不足 90 学时；申请减免的请填写原因。")],
        ),
        (
            hours("40", "50"),
            [("professional_hours", "2024 年专业科目 50 学时，一般不少于 60 学时。")],
        ),
    ],
)
def test_too_few_hours_are_remarked(record, expected):
    found = SECTION.judge(record, case_of(applicant()))
    assert [(p.field, str(p.sentence)) for p in found] == expected
    assert all(p.warning for p in found)


def test_no_hours_below_nought():
    assert judged(hours("90", "-1", exempt_reason="产假")) == [
        ("professional_hours", "专业科目学时应在 0 到 3000 之间。")
    ]


def test_the_total_is_the_sum():
    record = hours("30.5", "60", "3")
    SECTION.before_save(record, case_of(applicant()))
    assert record.total_hours == Decimal("93.5")


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([2021, 2022, 2023, 2024, 2025], []),
        ([2024, 2022], [("", "2021、2023、2025 年没有填写继续教育学时，请核对。")]),
    ],
)
def test_years_without_hours_are_remarked(years, expected):
    records = tuple(hours(year=year) for year in years)
    assert needed_of(applicant(), SECTION, records) == expected


def test_years_before_the_first_work_are_not():
    made = applicant()
    made.basic_info[0].work_start_date = made.notice.cut_off.replace(year=2023, month=7, day=1)
    records = (hours(year=2023), hours(year=2024), hours(year=2025))
    assert needed_of(made, SECTION, records) == []


@pytest.mark.parametrize(("record", "expected"), [(hours(), 1), (hours("0", "0"), 0)])
def test_hours_are_proved(record, expected):
    made = applicant()
    hours("0", "0", year=2023).declaration = made
    record.declaration = made
    (proof,) = SECTION.proofs
    needed = proof.needed(
        file_rule(book(), proof.code), made.continuing_education[0], case_of(made)
    )
    assert (proof.code, needed) == ("A23", expected)
