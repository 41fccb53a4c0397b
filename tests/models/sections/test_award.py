"""（5）① 荣誉奖励: what may be filled in, and what must be proved."""

from datetime import date

import pytest

from models.sections.award import SECTION, Award
from tests.models.books import asked, case, judged

PRIZE = {
    "name": "吉林省科学技术进步奖",
    "kind": "01",
    "level": "2",
    "grade": "2",
    "award_date": date(2023, 12, 8),
    "award_org": "吉林省人民政府",
    "project_name": "寒区水库安全监测",
    "rank": 2,
    "total": 9,
    "is_representative": False,
}


def award(**changes) -> Award:
    return Award(**(PRIZE | changes))


def test_a_complete_prize_is_right():
    assert judged(SECTION, award()) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Award()) == [
        ("name", "请填写荣誉奖励名称。"),
        ("kind", "请选择奖励类别。"),
        ("level", "请选择奖励级别。"),
        ("award_date", "请选择授予日期。"),
        ("award_org", "请填写授予单位。"),
        ("is_representative", "请选择是否代表性。"),
    ]


@pytest.mark.parametrize("kind", ["01", "02", "03", "04", "05", "06"])
def test_a_prize_for_a_result_tells_ones_rank(kind):
    assert judged(SECTION, award(kind=kind, rank=None)) == [
        ("rank", "这类奖励请填写本人排名（位次）。")
    ]


@pytest.mark.parametrize("kind", ["07", "08", "09", "99"])
def test_a_title_has_no_rank(kind):
    assert judged(SECTION, award(kind=kind, rank=None, total=None)) == []


PAST_CUT_OFF = "通知规定截止到2025-12-31，请填写不晚于该日的日期。"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"award_date": date(2025, 12, 31)}, []),
        ({"award_date": date(2026, 1, 1)}, [("award_date", PAST_CUT_OFF)]),
        (
            {"award_date": date(2026, 3, 21)},
            [("award_date", "这个日期还没有到，请核对。"), ("award_date", PAST_CUT_OFF)],
        ),
        ({"rank": 9}, []),
        ({"rank": 10}, [("rank", "排名应在 1 到总人数 9 之间。")]),
        ({"rank": 10, "total": None}, []),
        ({"level": "77"}, [("level", "奖励级别的选项已不可用，请重新选择。")]),
        ({"name": "奖" * 201}, [("name", "荣誉奖励名称最多 200 字，现在是 201 字。")]),
    ],
)
def test_the_rules_of_an_award(changes, expected):
    assert judged(SECTION, award(**changes)) == expected


@pytest.mark.parametrize("name", ["寒区水库安全监测", " 寒区水库 安全监测"])
def test_the_same_result_twice_is_a_warning(name):
    problems = SECTION.judge(award(), case(award(project_name=name)))
    assert [(p.field, str(p.sentence), p.warning) for p in problems] == [
        ("project_name", "同一成果已填过一次，多次获奖的只填最高的一项。", True)
    ]


@pytest.mark.parametrize(("one", "other"), [("寒区水库", "寒区大坝"), (None, None), ("", "")])
def test_other_results_and_none_are_not_the_same(one, other):
    assert judged(SECTION, award(project_name=one), award(project_name=other)) == []


def test_one_representative_award():
    chosen = award(is_representative=True, project_name=None)
    assert judged(SECTION, chosen, award()) == []
    assert judged(SECTION, chosen, award(is_representative=True)) == [
        ("is_representative", "代表性荣誉奖励只能有一项。")
    ]


def test_each_award_has_its_certificate():
    assert asked(SECTION, award()) == ["A80"]
