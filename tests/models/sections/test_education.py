"""（2）① 教育经历: each rule once kept and once broken."""

from datetime import date
from decimal import Decimal

import pytest

from models.sections.education import SECTION, Education
from tests.models.books import asked
from tests.models.sections.applicant import applicant, case_of, judged_for, needed_of

BACHELOR = {
    "start_date": date(2004, 9, 1),
    "end_date": date(2008, 7, 1),
    "school": "河海大学",
    "major": "水利水电工程",
    "education_level": "21",
    "degree": "408",
    "degree_date": date(2008, 6, 30),
    "education_mode": "01",
    "schooling_years": Decimal("4"),
    "diploma_no": "102941200805001234",
    "degree_cert_no": "1029442008001234",
    "is_first": True,
    "is_review_basis": True,
}
ABROAD = {
    "education_mode": "10",
    "school_country": "英国",
    "diploma_no": "MSC-2010-77",
}


def education(**changes) -> Education:
    return Education(**{**BACHELOR, **changes})


def judged(record, *siblings):
    return judged_for(applicant(), SECTION, record, *siblings)


def test_the_fields_that_nobody_may_leave_out():
    assert judged(Education()) == [
        ("start_date", "请选择入学时间。"),
        ("end_date", "请选择毕业时间。"),
        ("school", "请填写毕业学校。"),
        ("major", "请填写所学专业。"),
        ("education_level", "请选择学历。"),
        ("education_mode", "请选择教育方式（学习形式）。"),
        ("is_review_basis", "请选择是否参评学历。"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"degree": None, "degree_date": None, "degree_cert_no": None},
        {"start_date": date(1997, 9, 1), "end_date": date(2001, 7, 1), "diploma_no": None},
        {"diploma_no": "1029412008050012"},
        {"education_level": "41", "diploma_no": "吉中 2008-17"},
        ABROAD,
        {"verify_code": "ABCD1234EFGH", "verify_expire": date(2026, 5, 1)},
        {"verify_code": "ABCD1234EFGH5678"},
        {"schooling_years": Decimal("0.5")},
    ],
)
def test_nothing_is_wrong(changes):
    assert judged(education(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end_date": date(2004, 9, 1)}, ("end_date", "毕业时间应晚于入学时间。")),
        (
            {"end_date": date(2026, 1, 1)},
            ("end_date", "通知规定截止到2025-12-31，请填写不晚于该日的日期。"),
        ),
        ({"education_level": "20"}, ("education_level", "学历的选项已不可用，请重新选择。")),
        (
            {"education_mode": "10", "diploma_no": "MSC-1"},
            ("school_country", "国（境）外教育请填写院校所在国家（地区）。"),
        ),
        ({"degree_date": None}, ("degree_date", "有学位的请填写学位授予时间。")),
        ({"degree_date": date(2004, 8, 31)}, ("degree_date", "学位授予时间不能早于入学时间。")),
        ({"degree_cert_no": None}, ("degree_cert_no", "有学位的请填写学位证书编号。")),
        ({"schooling_years": Decimal("0.4")}, ("schooling_years", "学制应在 0.5 到 8 年之间。")),
        ({"schooling_years": Decimal("8.5")}, ("schooling_years", "学制应在 0 到 8 之间。")),
        ({"diploma_no": None}, ("diploma_no", "2001 年以后毕业的，请填写学历证书编号。")),
        (
            {"diploma_no": "102941200805"},
            ("diploma_no", "电子注册的学历证书编号一般为 16 至 18 位数字，请照证书核对。"),
        ),
        (
            {"verify_code": "ABCD1234"},
            ("verify_code", "学信网在线验证码应为 12 位或 16 位字母、数字。"),
        ),
        (
            {"verify_expire": date(2026, 4, 30)},
            ("verify_expire", "验证码在单位审核截止（2026-05-01）前到期，请延长有效期。"),
        ),
    ],
)
def test_what_is_wrong_with_one_course(changes, expected):
    assert judged(education(**changes))[:1] == [expected]


def test_at_most_two_count_and_one_is_the_first():
    one = education(is_first=False)
    two = education(is_first=True)
    assert judged(education(is_first=False), one) == []
    assert judged(education(), one, two) == [
        ("is_first", "第一学历只能有一个。"),
        ("is_review_basis", "参评学历最多选择两个。"),
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([], []),
        ([False, True], []),
        ([False, False], [("", "请至少选择一个学历作为参评学历。")]),
    ],
)
def test_at_least_one_counts(chosen, expected):
    records = tuple(education(is_review_basis=flag) for flag in chosen)
    assert needed_of(applicant(), SECTION, records) == expected


def test_the_highest_is_the_last_of_the_highest_rank():
    college = education(education_level="31", end_date=date(2015, 7, 1))
    bachelor = education()
    second = education(end_date=date(2011, 7, 1))
    SECTION.before_save(college, case_of(applicant(), bachelor, second))
    assert [r.is_highest for r in (college, bachelor, second)] == [False, False, True]
    SECTION.before_save(bachelor, case_of(applicant(), college))
    assert [r.is_highest for r in (college, bachelor)] == [False, True]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["A10", "A11"]),
        ({"degree": None}, ["A10"]),
        ({"education_mode": "10"}, ["A10", "A11", "A12"]),
        ({"school_country": "日本"}, ["A10", "A11", "A12"]),
        ({"school_country": "中国"}, ["A10", "A11"]),
    ],
)
def test_the_files_that_it_requires(changes, expected):
    assert asked(SECTION, education(**changes)) == expected
