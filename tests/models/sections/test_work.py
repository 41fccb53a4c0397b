"""（2）③ 工作经历: order in time, gaps, and the present post."""

from datetime import date

import pytest

from models.sections.work import SECTION, Work
from tests.models.books import asked
from tests.models.sections.applicant import applicant, case_of, judged_for, needed_of

UNIT = "吉林省水利水电勘测设计研究院"


def work(start=date(2015, 8, 1), end=None, unit=UNIT, **more) -> Work:
    filled = {"post": "设计", "work_content": "水工结构设计", "is_professional": True}
    return Work(start_date=start, end_date=end, unit_name=unit, **{**filled, **more})


FORMER = work(date(2008, 7, 1), date(2015, 7, 1), "吉林省水利工程局")


def judged(record, *siblings):
    return judged_for(applicant(), SECTION, record, *siblings)


def test_the_fields_that_nobody_may_leave_out():
    assert judged(Work()) == [
        ("start_date", "请选择开始时间。"),
        ("unit_name", "请填写工作单位。"),
        ("post", "请填写工作岗位。"),
        ("work_content", "请填写从事何种专业技术工作。"),
        ("is_professional", "请选择是否本专业工作。"),
    ]


@pytest.mark.parametrize(
    ("record", "siblings"),
    [
        (work(), [FORMER]),
        (FORMER, [work()]),
        (work(date(2015, 7, 1)), [FORMER]),
        (work(date(2015, 11, 1)), [FORMER]),
        (work(witness_phone="0431-84612345"), []),
    ],
)
def test_nothing_is_wrong(record, siblings):
    assert judged(record, *siblings) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (work(date(2026, 4, 1)), ("start_date", "这个日期还没有到，请核对。")),
        (
            work(date(2015, 8, 1), date(2015, 7, 1)),
            ("end_date", "结束时间不能早于开始时间。"),
        ),
        (work(end=date(2026, 4, 1)), ("end_date", "这个日期还没有到，请核对。")),
        (
            work(witness_phone="无"),
            ("witness_phone", "证明人电话应为 7 至 20 位的数字，可含区号和“-”。"),
        ),
    ],
)
def test_what_is_wrong_with_one_post(record, expected):
    assert judged(record) == [expected]


def test_only_one_post_is_held_to_this_day():
    assert judged(work(), work(date(2020, 1, 1))) == [
        ("end_date", "至今的工作经历只能有一条，请填写结束时间。")
    ]


@pytest.mark.parametrize(
    ("record", "siblings", "expected"),
    [
        (
            work(unit="吉林大学"),
            [],
            ("unit_name", f"至今的工作单位应与推荐单位“{UNIT}”一致，请核对。"),
        ),
        (
            work(date(2015, 6, 1)),
            [FORMER],
            ("start_date", "与“吉林省水利工程局”的工作时间有重叠，请核对。"),
        ),
        (
            work(date(2015, 12, 1)),
            [FORMER],
            ("start_date", "此前有 4 个月没有工作经历，请核对。"),
        ),
    ],
)
def test_what_is_only_remarked(record, siblings, expected):
    (found,) = SECTION.judge(record, case_of(applicant(), *siblings))
    assert (found.field, str(found.sentence), found.warning) == (*expected, True)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), []),
        ((FORMER, work()), []),
        ((FORMER,), [("", "没有至今的工作经历：现单位的结束时间请留空。")]),
    ],
)
def test_one_post_is_the_present_one(rows, expected):
    assert needed_of(applicant(), SECTION, rows) == expected


def test_it_requires_no_file():
    assert asked(SECTION, work()) == []
