"""（1）基本信息: the title that one has and the one applied for."""

from datetime import date

import pytest

from models.sections.basic_info import SECTION
from tests.models.sections.applicant import NO_TITLE, applicant, case_of, judged_for

NOT_THE_USUAL_STEP = ("apply_level", "申报级别一般比现任职称高一级，请核对是否符合申报条件。")


def judged(**changes):
    made = applicant(**changes)
    return judged_for(made, SECTION, made.basic_info[0])


def test_a_title_asks_for_all_that_belongs_to_it():
    assert judged(**{**NO_TITLE, "current_title_level": "4"}) == [
        ("current_title_series", "请选择现任职称系列。"),
        ("current_title_name", "请选择现任职称名称。"),
        ("current_title_specialty", "请填写现任职称专业，证书未注明的填“无”。"),
        ("current_title_date", "请选择现任职称取得时间。"),
        ("current_title_method", "请选择现任职称的取得方式。"),
        ("current_title_cert_no", "请填写现任职称证书编号，证书未编号的填“无”。"),
        ("current_title_issuer", "请填写现任职称的发证（批准）机关。"),
        ("appointed_date", "事业单位人员请填写现任职称聘任时间。"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {**NO_TITLE, "current_title_name": "05013"},
            ("current_title_level", "填写了现任职称的，请选择现任职称级别。"),
        ),
        (
            {"current_title_name": "05014"},
            ("current_title_name", "现任职称名称与所选系列、级别不符，请重新选择。"),
        ),
        (
            {"current_title_series": "06"},
            ("current_title_name", "现任职称名称与所选系列、级别不符，请重新选择。"),
        ),
        (
            {"current_title_date": date(2026, 3, 21), "appointed_date": date(2026, 3, 21)},
            ("current_title_date", "这个日期还没有到，请核对。"),
        ),
        (
            {"appointed_date": date(2018, 12, 19)},
            ("appointed_date", "现任职称聘任时间不能早于取得时间。"),
        ),
        ({"appointed_date": None}, ("appointed_date", "事业单位人员请填写现任职称聘任时间。")),
        (
            {"appointed_date": date(2026, 3, 21)},
            ("appointed_date", "这个日期还没有到，请核对。"),
        ),
    ],
)
def test_what_is_wrong_with_the_present_title(changes, expected):
    assert judged(**changes)[:1] == [expected]


@pytest.mark.parametrize(
    ("nature", "expected"),
    [
        ("03", [("appointed_date", "事业单位人员请填写现任职称聘任时间。")]),
        ("04", [("appointed_date", "事业单位人员请填写现任职称聘任时间。")]),
        ("05", []),
        ("07", []),
    ],
)
def test_only_public_institutions_appoint(nature, expected):
    made = applicant(appointed_date=None)
    made.unit.nature = nature
    assert judged_for(made, SECTION, made.basic_info[0]) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"apply_series": "06", "apply_title_name": "06012"},
            ("apply_series", "申报系列不在通知范围内，请重新选择。"),
        ),
        (
            {"apply_level": "4", "apply_title_name": "05014"},
            ("apply_level", "申报级别不在通知范围内，请重新选择。"),
        ),
        (
            {"apply_title_name": "05011"},
            ("apply_title_name", "申报职称与申报系列、级别不符，请重新选择。"),
        ),
        (
            {"is_grassroots": True},
            ("is_grassroots", "推荐单位不是基层单位，不能申报基层定向职称。"),
        ),
        (
            {"last_declare_year": 2025},
            ("last_declare_result", "填写了上次申报年度的，请填写上次评审结果。"),
        ),
        (
            {"last_declare_year": 2027, "last_declare_result": "未通过"},
            ("last_declare_year", "上次申报年度不能晚于本次申报年度。"),
        ),
    ],
)
def test_what_is_wrong_with_the_title_applied_for(changes, expected):
    assert judged(**changes)[:1] == [expected]


def test_a_unit_of_the_grassroots_may_declare_for_it():
    made = applicant(is_grassroots=True)
    made.unit.grassroots = True
    assert judged_for(made, SECTION, made.basic_info[0]) == []


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ([], []),
        (["水利工程", "水文"], []),
        (["建筑工程"], [("apply_specialty", "申报专业不在通知范围内，请重新填写。")]),
    ],
)
def test_the_specialty_is_one_of_the_notice(scope, expected):
    made = applicant()
    made.notice.specialties = scope
    assert judged_for(made, SECTION, made.basic_info[0]) == expected


@pytest.mark.parametrize(
    ("category", "own", "applied", "expected"),
    [
        ("01", "3", "2", []),
        ("01", "3", "1", [NOT_THE_USUAL_STEP]),
        ("01", "3", "3", [NOT_THE_USUAL_STEP]),
        ("03", "3", "3", []),
        ("13", "2", "2", []),
        ("03", "3", "2", [NOT_THE_USUAL_STEP]),
        ("01", None, "3", []),
        ("01", None, "2", [NOT_THE_USUAL_STEP]),
    ],
)
def test_the_usual_step_is_one_level_up(category, own, applied, expected):
    titles = {"apply_level": applied, "apply_title_name": f"0501{applied}"}
    before = {} if own else NO_TITLE
    if own:
        before = {"current_title_level": own, "current_title_name": f"0501{own}"}
    made = applicant(**{**before, **titles, "declare_category": category})
    found = SECTION.judge(made.basic_info[0], case_of(made))
    assert [(p.field, str(p.sentence)) for p in found] == expected
    assert all(p.warning for p in found)
