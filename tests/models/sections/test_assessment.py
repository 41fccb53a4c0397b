"""（4）① 年度考核: the past five years, and what a grade asks for."""

from datetime import date

import pytest

from models.checking import findings_of
from models.sections.assessment import SECTION, Assessment
from tests.models.books import asked, case, declaration, judged, said


def assessment(year: int = 2024, grade: str | None = "2", **more) -> Assessment:
    return Assessment(year=year, grade=grade, **more)


def found(*records: Assessment) -> list[tuple[str, str]]:
    """What the data check says of a declaration with these years."""
    made = findings_of(SECTION, case(of=declaration(*records)))
    return said(finding.problem for finding in made)


@pytest.mark.parametrize(
    ("cut_off", "years"),
    [
        (date(2025, 12, 31), [2025, 2024, 2023, 2022, 2021]),
        (date(2025, 12, 30), [2024, 2023, 2022, 2021, 2020]),
        (date(2026, 1, 1), [2025, 2024, 2023, 2022, 2021]),
    ],
)
def test_the_form_asks_for_the_five_years_that_have_closed_by_the_cut_off(cut_off, years):
    made = declaration()
    made.notice.cut_off = cut_off
    assert SECTION.years(made) == years


def test_five_years_are_right():
    assert found(*map(assessment, range(2021, 2026))) == []


def test_a_missing_year_is_named():
    assert found(*map(assessment, (2021, 2023, 2025))) == [
        ("", "还没有填写这些年度的考核结果：2022、2024。")
    ]


def test_the_section_is_required():
    assert found() == [
        ("", "“年度考核”是必填栏目，还没有填写。"),
        ("", "还没有填写这些年度的考核结果：2021、2022、2023、2024、2025。"),
    ]


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Assessment()) == [
        ("year", "请填写考核年度。"),
        ("grade", "请选择考核结果。"),
    ]


def test_a_year_without_a_result_is_refused():
    assert judged(SECTION, assessment(grade=None)) == [("grade", "请选择考核结果。")]


@pytest.mark.parametrize("grade", ["1", "2"])
def test_a_good_grade_needs_no_word(grade):
    assert judged(SECTION, assessment(grade=grade)) == []


@pytest.mark.parametrize("grade", ["5", "6"])
def test_no_grade_needs_a_reason(grade):
    assert judged(SECTION, assessment(grade=grade)) == [
        ("reason", "请填写未确定等次或未参加考核的原因。")
    ]
    assert judged(SECTION, assessment(grade=grade, reason="病假超过半年")) == []


@pytest.mark.parametrize("grade", ["3", "4"])
def test_a_bad_grade_is_a_warning(grade):
    problems = SECTION.judge(assessment(grade=grade), case())
    assert [(p.field, str(p.sentence), p.warning) for p in problems] == [
        ("grade", "这个考核结果可能使申报延期，请核对通知的规定。", True)
    ]


def test_a_proof_may_be_given_for_each_year():
    assert [(proof.code, proof.of_record) for proof in SECTION.proofs] == [("A70", True)]
    assert asked(SECTION, assessment()) == []
