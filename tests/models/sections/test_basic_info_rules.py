"""（1）基本信息: category, person and post."""

from datetime import date

import pytest

from models.sections.basic_info import SECTION, BasicInfo
from models.sections.work import Work
from tests.models.sections.applicant import BREAKING, NO_TITLE, applicant, case_of, judged_for


def judged(**changes):
    made = applicant(**changes)
    return judged_for(made, SECTION, made.basic_info[0])


def test_a_complete_basic_info_is_right():
    assert judged() == []


def test_the_fields_that_nobody_may_leave_out():
    found = judged_for(applicant(), SECTION, BasicInfo())
    assert [field for field, sentence in found] == [
        "declare_category",
        "nation",
        "political_status",
        "mobile",
        "post_name",
        "employment_type",
        "on_duty_status",
        "work_start_date",
        "professional_years",
        "current_specialty",
        "apply_series",
        "apply_specialty",
        "apply_level",
        "apply_title_name",
        "declare_method",
        "summary",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        BREAKING,
        NO_TITLE,
        {"declare_category": "03", "apply_level": "3", "apply_title_name": "05013"},
        {"employment_type": "3", "agency_name": "吉林省人才交流开发中心"},
        {"email": "wang@example.com", "postcode": "130000"},
        {"work_start_date": date(2001, 3, 1)},
        {"last_declare_year": 2025, "last_declare_result": "未通过"},
        {"party_date": date(2012, 7, 1), "appointed_date": date(2018, 12, 20)},
    ],
)
def test_nothing_is_wrong(changes):
    assert judged(**changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"break_type": None}, ("break_type", "破格申报请选择破格类别。")),
        ({"waived_conditions": []}, ("waived_conditions", "破格申报请选择破格条件。")),
        ({"break_reason": None}, ("break_reason", "该申报类别请填写破格（绿色通道）理由。")),
        (
            {"declare_category": "01"},
            ("break_type", "申报类别不是“破格申报”，请清除破格类别和破格条件。"),
        ),
        (
            {"waived_conditions": ["1", "2"]},
            ("waived_conditions", "学历和资历一般不能同时破格，请以通知规定为准。"),
        ),
    ],
)
def test_what_breaking_the_rules_asks_for(changes, expected):
    assert judged(**{**BREAKING, **changes}) == [expected]


def test_education_and_tenure_are_waived_together_by_a_type_of_its_own():
    assert judged(**{**BREAKING, "break_type": "04", "waived_conditions": ["1", "2"]}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"party_date": date(2026, 3, 21)}, ("party_date", "这个日期还没有到，请核对。")),
        ({"mobile": "12843100019"}, ("mobile", "手机号码应为 11 位数字，以 13 至 19 开头。")),
        ({"email": "wang@"}, ("email", "电子邮箱应类似 name@example.com。")),
        ({"postcode": "13000"}, ("postcode", "邮政编码应为 6 位数字。")),
        (
            {"employment_type": "4"},
            ("agency_name", "人事代理、劳务派遣人员请填写人事代理/派遣单位。"),
        ),
        (
            {"on_duty_status": "5"},
            (
                "on_duty_status",
                "已退休的人员不得申报职称（《职称评审管理暂行规定》第十三条）。",
            ),
        ),
        ({"on_duty_status": "6"}, ("on_duty_status", "已离职的人员不能由原单位推荐申报。")),
        (
            {"work_start_date": date(2026, 4, 1)},
            ("work_start_date", "这个日期还没有到，请核对。"),
        ),
        (
            {"work_start_date": date(2001, 2, 1)},
            ("work_start_date", "参加工作时不应未满 16 周岁，请核对。"),
        ),
        (
            {"professional_years": 51},
            ("professional_years", "从事本专业工作年限应在 0 到 50 之间。"),
        ),
        ({"summary": "总" * 199}, ("summary", "专业技术工作总结至少 200 字，现在是 199 字。")),
    ],
)
def test_what_is_wrong_with_person_and_post(changes, expected):
    assert judged(**changes) == [expected]


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2010, 3, 20), []),
        (
            date(2010, 3, 21),
            [("", "申报人应在 16 至 70 周岁之间，现为 15 周岁，请核对证件信息。")],
        ),
        (date(1955, 3, 21), []),
        (
            date(1955, 3, 20),
            [("", "申报人应在 16 至 70 周岁之间，现为 71 周岁，请核对证件信息。")],
        ),
    ],
)
def test_the_age(birth, expected):
    made = applicant(work_start_date=None)
    made.person.birth_date = birth
    found = judged_for(made, SECTION, made.basic_info[0])
    assert [line for line in found if line[0] != "work_start_date"] == expected


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (6, []),
        (7, [("professional_years", "工作经历中的本专业工作合计约 6 年，请核对。")]),
    ],
)
def test_the_professional_years_are_those_of_the_work(years, expected):
    """2010-01 to 2013-12 and 2013-07 to 2015-12 are six years; the rest is no such work."""
    made = applicant(professional_years=years)
    for first, last, professional in (
        (date(2010, 1, 1), date(2013, 12, 1), True),
        (date(2013, 7, 1), date(2015, 12, 1), True),
        (date(2016, 1, 1), None, False),
    ):
        row = Work(start_date=first, end_date=last, is_professional=professional)
        row.declaration = made
    found = SECTION.judge(made.basic_info[0], case_of(made))
    assert [(p.field, str(p.sentence)) for p in found] == expected
    assert all(p.warning for p in found)
