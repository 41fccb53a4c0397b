"""（3）④ 工作报告: what may be filled in, and what must be proved."""

from datetime import date

import pytest

from models.sections.report import SECTION, Report
from tests.models.books import asked, judged

GOOD = {
    "report_date": date(2024, 11, 20),
    "title": "全省小型水库安全鉴定报告",
    "kind": "02",
    "words": 18_000,
    "role": "2",
    "order": 1,
    "brief": "汇总了 300 座水库的鉴定结果。",
    "is_representative": False,
}


def report(**changes) -> Report:
    return Report(**(GOOD | changes))


def test_a_complete_report_is_right():
    assert judged(SECTION, report()) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Report()) == [
        ("report_date", "请选择工作报告日期。"),
        ("title", "请填写工作报告题目。"),
        ("kind", "请选择报告类别。"),
        ("role", "请选择本人角色。"),
        ("brief", "请填写内容概要及实际效果。"),
        ("is_representative", "请选择是否代表性工作报告。"),
    ]


PAST_CUT_OFF = "通知规定截止到2025-12-31，请填写不晚于该日的日期。"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"adopted": True}, [("adopt_org", "被采用的工作报告请填写采用单位。")]),
        ({"adopted": True, "adopt_org": "吉林省水利厅"}, []),
        ({"adopted": False}, []),
        ({"report_date": date(2025, 12, 31)}, []),
        ({"report_date": date(2026, 1, 1)}, [("report_date", PAST_CUT_OFF)]),
        (
            {"report_date": date(2026, 3, 21)},
            [("report_date", "这个日期还没有到，请核对。"), ("report_date", PAST_CUT_OFF)],
        ),
        ({"order": 0}, [("order", "本人排名应在 1 到 999 之间。")]),
        ({"brief": "字" * 500}, []),
        ({"brief": "字" * 501}, [("brief", "内容概要及实际效果最多 500 字，现在是 501 字。")]),
        ({"kind": "77"}, [("kind", "报告类别的选项已不可用，请重新选择。")]),
    ],
)
def test_the_rules_of_a_report(changes, expected):
    assert judged(SECTION, report(**changes)) == expected


def test_one_representative_report():
    assert judged(SECTION, report(is_representative=True), report()) == []
    assert judged(SECTION, report(is_representative=True), report(is_representative=True)) == [
        ("is_representative", "代表性工作报告只能有一篇。")
    ]


@pytest.mark.parametrize(
    ("adopted", "proofs"), [(None, ["A60"]), (False, ["A60"]), (True, ["A60", "A61"])]
)
def test_the_proofs_of_a_report(adopted, proofs):
    assert asked(SECTION, report(adopted=adopted)) == proofs
