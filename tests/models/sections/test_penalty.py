"""（5）② 惩罚处分: what is written down, and what keeps a person from declaring."""

from datetime import date

import pytest

from models.attachment import Attachment
from models.checking import findings_of
from models.record import DeclaredNone
from models.sections.penalty import SECTION, Penalty
from tests.models.books import TODAY, asked, book, case, declaration, judged, said

IN_FORCE = {
    "penalty_kind": "13",
    "penalty_level": "政务处分",
    "name": "记大过",
    "decide_org": "吉林省水利厅",
    "decide_date": date(2025, 6, 3),
    "reason": "违反工作纪律。",
    "start_date": date(2025, 6, 3),
    "end_date": date(2026, 12, 2),
    "status": "1",
}
LIFTED = {"status": "2", "end_date": date(2025, 12, 2), "lift_date": date(2025, 12, 10)}


def penalty(**changes) -> Penalty:
    return Penalty(**(IN_FORCE | {"uid": "p"} | changes))


def found(*records: Penalty, today: date = TODAY) -> list[tuple[str, str]]:
    """What the data check says of a declaration whose penalties have their proof."""
    proof = Attachment(section="penalty", proof="A81", record_uid="p")
    made = findings_of(SECTION, case(of=declaration(*records), today=today, files=[proof]))
    assert all(not finding.problem.warning for finding in made)
    return said(finding.problem for finding in made)


def test_who_is_under_a_penalty_can_write_it_down():
    assert judged(SECTION, penalty()) == []
    assert judged(SECTION, penalty(**LIFTED)) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Penalty()) == [
        ("penalty_kind", "请选择处分类别。"),
        ("penalty_level", "请填写处分级别。"),
        ("name", "请填写处分名称。"),
        ("decide_org", "请填写处分决定机关。"),
        ("decide_date", "请选择处分日期。"),
        ("reason", "请填写处分原因。"),
        ("start_date", "请选择处分（影响）期起。"),
        ("end_date", "请选择处分（影响）期止。"),
        ("status", "请选择处分状态。"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lift_date": None}, [("lift_date", "已期满解除的请填写解除日期。")]),
        ({"lift_date": None, "status": "3"}, []),
        ({"lift_date": date(2025, 6, 3)}, []),
        ({"lift_date": date(2025, 6, 2)}, [("lift_date", "解除日期不能早于处分日期。")]),
        ({"lift_date": date(2026, 3, 20)}, []),
        ({"lift_date": date(2026, 3, 21)}, [("lift_date", "这个日期还没有到，请核对。")]),
        ({"end_date": date(2025, 6, 3)}, []),
        ({"end_date": date(2025, 6, 2)}, [("end_date", "处分（影响）期止不能早于期起。")]),
        (
            {"decide_date": date(2026, 3, 21), "lift_date": None, "status": "1"},
            [("decide_date", "这个日期还没有到，请核对。")],
        ),
        ({"reason": "字" * 301}, [("reason", "处分原因最多 300 字，现在是 301 字。")]),
        ({"penalty_kind": "77"}, [("penalty_kind", "处分类别的选项已不可用，请重新选择。")]),
    ],
)
def test_the_rules_of_a_penalty(changes, expected):
    assert judged(SECTION, penalty(**LIFTED | changes)) == expected


BLOCKING = ["03", "04", "05", "12", "13", "14", "15", "16", "22", "31", "32", "33", "34"]


@pytest.mark.parametrize("kind", book().table("penalty_kind"))
def test_a_penalty_in_force_blocks_if_its_kind_does(kind):
    refusal = ("", "“记大过”仍在处分（影响）期内，按规定不能申报。")
    assert found(penalty(penalty_kind=kind)) == ([refusal] if kind in BLOCKING else [])


@pytest.mark.parametrize(
    ("today", "blocks"),
    [
        (date(2025, 6, 3), True),
        (date(2026, 12, 2), True),
        (date(2026, 12, 3), False),
    ],
)
def test_it_blocks_from_its_first_day_to_its_last(today, blocks):
    refusal = ("", "“记大过”仍在处分（影响）期内，按规定不能申报。")
    assert found(penalty(), today=today) == ([refusal] if blocks else [])


def test_a_penalty_that_has_not_begun_does_not_block():
    assert found(penalty(start_date=date(2026, 3, 21))) == []


@pytest.mark.parametrize("status", ["2", "3"])
def test_a_lifted_or_revoked_one_does_not_block(status):
    assert found(penalty(status=status, lift_date=date(2026, 1, 5))) == []


def test_all_that_block_are_named():
    milder = penalty(name="警告", penalty_kind="11")
    expelled = penalty(name="开除党籍", penalty_kind="05")
    assert found(penalty(), milder, expelled) == [
        ("", "“记大过、开除党籍”仍在处分（影响）期内，按规定不能申报。")
    ]


def test_without_the_decision_that_is_said_too():
    made = findings_of(SECTION, case(of=declaration(penalty())))
    assert said(finding.problem for finding in made) == [
        ("", "“记大过”仍在处分（影响）期内，按规定不能申报。"),
        ("", "还没有上传“处分决定/解除处分决定”：至少 1 个，已传 0 个。"),
    ]


def test_an_empty_section_needs_the_tick():
    assert found() == [("", "请填写“惩罚处分”，没有的请勾选“本人无惩罚处分”。")]
    ticked = declaration()
    ticked.declared_none.append(DeclaredNone(section="penalty"))
    assert findings_of(SECTION, case(of=ticked)) == []


def test_the_decision_is_required_and_nothing_is_made_public():
    assert asked(SECTION, penalty()) == ["A81"]
    assert SECTION.published is False
