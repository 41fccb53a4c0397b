"""破格推荐专家: when it is asked for, how many, and who may recommend."""

from datetime import date

import pytest

from models.sections.expert import SECTION, Expert
from models.vault import Sealed
from tests.models.books import asked
from tests.models.sections.applicant import (
    BREAKING,
    OWN,
    applicant,
    case_of,
    judged_for,
    needed_of,
)

FIRST = Sealed(b"2", "2" * 64, "220202********0014")
SECOND = Sealed(b"3", "3" * 64, "222401********0010")

RIGHT = {
    "expert_name": "李教授",
    "expert_id_no": FIRST,
    "expert_unit": "吉林大学",
    "expert_unit_same": False,
    "expert_title_level": "1",
    "expert_title_name": "05011",
    "expert_specialty": "水利工程",
    "expert_mobile": "0431-85168000",
    "relation": "同行",
    "recommend_opinion": "该" * 100,
    "recommend_date": date(2026, 3, 20),
}


def expert(**changes) -> Expert:
    return Expert(**{**RIGHT, **changes})


def judged(record, *siblings):
    return judged_for(applicant(**BREAKING), SECTION, record, *siblings)


def test_a_complete_expert_is_right():
    assert judged(expert(), expert(expert_id_no=SECOND)) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(Expert()) == [
        ("expert_name", "请填写推荐专家姓名。"),
        ("expert_unit", "请填写工作单位。"),
        ("expert_unit_same", "请选择是否与申报人同单位。"),
        ("expert_title_level", "请选择专业技术职称级别。"),
        ("expert_title_name", "请选择职称名称。"),
        ("expert_specialty", "请填写从事专业。"),
        ("expert_mobile", "请填写联系电话。"),
        ("recommend_opinion", "请填写推荐意见。"),
        ("recommend_date", "请选择推荐日期。"),
    ]


@pytest.mark.parametrize(
    ("category", "break_type", "expected"),
    [
        ("02", "01", True),
        ("02", "04", True),
        ("02", "06", True),
        ("02", "02", False),
        ("02", None, False),
        ("01", "01", False),
    ],
)
def test_only_some_exceptions_ask_for_experts(category, break_type, expected):
    made = applicant(declare_category=category, break_type=break_type)
    assert SECTION.applies(case_of(made)) is expected


def test_nobody_asks_before_the_category_is_known():
    made = applicant()
    made.basic_info.clear()
    assert SECTION.applies(case_of(made)) is False


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (0, [("", "该破格类别须有 2 名推荐专家，现已填写 0 名。")]),
        (1, [("", "该破格类别须有 2 名推荐专家，现已填写 1 名。")]),
        (2, []),
        (3, [("", "该破格类别须有 2 名推荐专家，现已填写 3 名。")]),
    ],
)
def test_exactly_as_many_as_the_kind_names(there, expected):
    records = tuple(expert() for _ in range(there))
    assert needed_of(applicant(**BREAKING), SECTION, records) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"expert_id_no": OWN}, ("expert_id_no", "推荐专家不能是申报人本人。")),
        ({"expert_id_no": SECOND}, ("expert_id_no", "这位专家已经填写过，请另请一位专家。")),
        (
            {"expert_unit": "吉林省水利水电勘测设计研究院"},
            ("expert_unit_same", "推荐专家的工作单位就是您的推荐单位，请选择“是”。"),
        ),
        (
            {"expert_unit_same": True},
            ("expert_unit_same", "与申报人同单位的推荐专家最多一名。"),
        ),
        ({"expert_title_level": "2"}, ("expert_title_level", "推荐专家须具有正高级职称。")),
        (
            {"expert_title_name": "05012"},
            ("expert_title_name", "该职称不是正高级职称，请重新选择。"),
        ),
        (
            {"expert_title_name": "01011"},
            ("expert_title_name", "推荐专家的职称与申报系列不同，请确认专业相同或相近。"),
        ),
        (
            {"expert_title_date": date(2026, 3, 21)},
            ("expert_title_date", "这个日期还没有到，请核对。"),
        ),
        (
            {"expert_mobile": "见名片"},
            ("expert_mobile", "联系电话应为 7 至 20 位的数字，可含区号和“-”。"),
        ),
        (
            {"recommend_date": date(2026, 3, 21)},
            ("recommend_date", "这个日期还没有到，请核对。"),
        ),
        (
            {"recommend_opinion": "该" * 99},
            ("recommend_opinion", "推荐意见至少 100 字，现在是 99 字。"),
        ),
    ],
)
def test_what_is_wrong_with_one_expert(changes, expected):
    other = expert(expert_id_no=SECOND, expert_unit_same=True)
    assert judged(expert(**changes), other) == [expected]


def test_experts_without_numbers_are_not_the_same():
    assert judged(expert(expert_id_no=Sealed()), expert(expert_id_no=Sealed())) == []


@pytest.mark.parametrize(
    "relation", ["配偶", "夫妻", "岳父", "堂兄", "舅舅", "姐弟", "直系亲属", "大学同学，表妹"]
)
def test_spouses_and_relatives_may_not_recommend(relation):
    assert judged(expert(relation=relation)) == [("relation", "配偶和亲属不得作为推荐专家。")]


@pytest.mark.parametrize(
    "relation", [None, "同事", "师生", "师兄", "师姐妹", "母校老师", "无亲属关系", "非直系亲属"]
)
def test_others_may(relation):
    assert judged(expert(relation=relation)) == []


def test_each_expert_proves_opinion_and_title():
    assert asked(SECTION, expert()) == ["B01", "B02"]


def test_the_identity_number_is_shown_masked():
    row = dict(zip(SECTION.fields, SECTION.row(expert(), case_of(applicant()).codes), strict=True))
    assert row["expert_id_no"] == "220202********0014"
