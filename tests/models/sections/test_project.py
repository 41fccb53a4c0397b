"""（3）② 项目研究: what may be filled in, and what must be proved."""

from datetime import date
from decimal import Decimal

import pytest

from models.sections.project import SECTION, Project
from tests.models.books import asked, judged

ONGOING = {
    "name": "寒区水库安全监测",
    "kind": "01",
    "source": "吉林省科技厅",
    "level": "2",
    "fund_wan": Decimal("35.50"),
    "start_date": date(2022, 3, 1),
    "status": "1",
    "role": "1",
    "rank": 1,
    "total": 6,
    "own_work": "负责总体设计与现场试验。",
    "is_main": False,
}
COMPLETED = {
    "status": "2",
    "end_date": date(2024, 12, 1),
    "accept_org": "吉林省科技厅",
    "accept_date": date(2025, 1, 16),
}


def project(**changes) -> Project:
    return Project(**(ONGOING | changes))


def completed(**changes) -> Project:
    return project(**(COMPLETED | changes))


def test_an_ongoing_and_a_completed_project_are_right():
    assert judged(SECTION, project()) == []
    assert judged(SECTION, completed()) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Project()) == [
        ("name", "请填写科研项目名称。"),
        ("kind", "请选择项目类别。"),
        ("source", "请填写项目来源（下达单位）。"),
        ("level", "请选择项目级别。"),
        ("start_date", "请选择开始时间。"),
        ("status", "请选择项目状态。"),
        ("role", "请选择本人角色。"),
        ("rank", "请填写本人排名。"),
        ("total", "请填写参加总人数。"),
        ("own_work", "请填写本人承担工作。"),
        ("is_main", "请选择是否主要科研项目。"),
    ]


def test_a_completed_project_tells_its_end_and_who_accepted_it():
    bare = completed(end_date=None, accept_org=None, accept_date=None)
    assert judged(SECTION, bare) == [
        ("end_date", "已结题的项目请填写结束时间。"),
        ("accept_org", "已结题的项目请填写验收（鉴定）单位。"),
        ("accept_date", "已结题的项目请填写验收（鉴定）时间。"),
    ]


@pytest.mark.parametrize("status", ["1", "3", "4"])
def test_another_project_need_not(status):
    assert judged(SECTION, project(status=status)) == []


def test_an_ongoing_project_may_tell_its_planned_end_a_completed_one_has_ended():
    assert judged(SECTION, project(end_date=date(2027, 6, 1))) == []
    assert judged(SECTION, completed(end_date=date(2026, 3, 1))) == []
    assert judged(SECTION, completed(end_date=date(2026, 4, 1))) == [
        ("end_date", "结束时间还没有到，项目状态不能是已结题。")
    ]


PAST_CUT_OFF = "通知规定截止到2025-12-31，请填写不晚于该日的日期。"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start_date": date(2024, 12, 1), "end_date": date(2024, 12, 1)}, []),
        (
            {"start_date": date(2025, 1, 1)},
            [("end_date", "结束时间不能早于开始时间。")],
        ),
        (
            {"start_date": date(2026, 1, 1), "end_date": date(2026, 2, 1), "accept_date": None},
            [
                ("start_date", PAST_CUT_OFF),
                ("accept_date", "已结题的项目请填写验收（鉴定）时间。"),
            ],
        ),
        (
            {"start_date": date(2026, 4, 1), "status": "1", "end_date": None, "accept_date": None},
            [("start_date", "这个日期还没有到，请核对。"), ("start_date", PAST_CUT_OFF)],
        ),
        (
            {"accept_date": date(2022, 2, 28)},
            [("accept_date", "验收（鉴定）时间不能早于开始时间。")],
        ),
        ({"accept_date": date(2025, 12, 31)}, []),
        ({"accept_date": date(2026, 3, 20)}, [("accept_date", PAST_CUT_OFF)]),
        (
            {"accept_date": date(2026, 3, 21)},
            [("accept_date", "这个日期还没有到，请核对。"), ("accept_date", PAST_CUT_OFF)],
        ),
        ({"rank": 6}, []),
        ({"rank": 7}, [("rank", "排名应在 1 到总人数 6 之间。")]),
        (
            {"fund_wan": Decimal("-1")},
            [("fund_wan", "科研项目经费（万元）应在 0 到 9999999999 之间。")],
        ),
        ({"own_work": "字" * 501}, [("own_work", "本人承担工作最多 500 字，现在是 501 字。")]),
        ({"kind": "77"}, [("kind", "项目类别的选项已不可用，请重新选择。")]),
    ],
)
def test_the_rules_of_a_project(changes, expected):
    assert judged(SECTION, completed(**changes)) == expected


def test_one_main_project():
    assert judged(SECTION, project(is_main=True), project()) == []
    assert judged(SECTION, project(is_main=True), project(is_main=True)) == [
        ("is_main", "主要科研项目只能有一项。")
    ]


def test_the_proofs_of_a_project():
    assert [proof.code for proof in SECTION.proofs] == ["A40", "A41", "A42"]
    assert asked(SECTION, project()) == ["A40"]
    assert asked(SECTION, completed()) == ["A40", "A41"]
