"""（3）③ 专利信息: what may be filled in, and what must be proved."""

from datetime import date

import pytest

from models.sections.patent import SECTION, Patent, check_digit
from tests.models.books import asked, judged

GRANTED = {
    "kind": "1",
    "name": "一种冰盖变形监测装置",
    "patent_no": "ZL201910438466.2",
    "application_no": "201910438466.2",
    "application_date": date(2019, 5, 24),
    "grant_date": date(2021, 8, 6),
    "status": "3",
    "owner": "吉林省水利科学研究院",
    "inventor_order": 1,
    "inventor_total": 4,
    "is_main": False,
}
ACCEPTED = GRANTED | {"status": "1", "patent_no": None, "grant_date": None}


def patent(**changes) -> Patent:
    return Patent(**(GRANTED | changes))


@pytest.mark.parametrize("right", [GRANTED, ACCEPTED])
def test_a_granted_patent_and_an_application_are_right(right):
    assert judged(SECTION, Patent(**right)) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Patent()) == [
        ("kind", "请选择专利类别。"),
        ("name", "请填写专利名称。"),
        ("status", "请选择法律状态。"),
        ("owner", "请填写专利权人。"),
        ("inventor_order", "请填写发明（设计）人排名。"),
        ("inventor_total", "请填写发明（设计）人总数。"),
        ("is_main", "请选择是否主要专利。"),
    ]


@pytest.mark.parametrize(
    ("digits", "digit"),
    [
        ("201910438466", "2"),
        ("201610304533", "8"),
        ("201810190183", "6"),
        ("201710601862", "3"),
        ("95115608", "X"),
    ],
)
def test_the_check_digit_of_real_applications(digits, digit):
    assert check_digit(digits) == digit


@pytest.mark.parametrize(
    "number",
    ["ZL201910438466.2", "ZL 2019 1 0438466.2", "zl201910438466.2", "ZL95115608.X", "ZL95115608.x"],
)
def test_a_patent_number_as_certificates_print_it(number):
    assert judged(SECTION, patent(patent_no=number)) == []


WRONG_PATENT_NO = "专利号应类似 ZL201910438466.2，最后一位是校验位，请照证书核对。"
WRONG_APPLICATION_NO = "申请号应类似 201910438466.2，最后一位是校验位，请照受理通知书核对。"


@pytest.mark.parametrize(
    "number",
    [
        "ZL201910438466.3",
        "ZL201910438446.2",
        "ZL201910438466",
        "ZL20191043846.2",
        "201910438466.2",
        "CN201910438466.2",
        "ZLCN201910438466.2",
        "ZL２０１９１０４３８４６６.2",
    ],
)
def test_another_patent_number_is_refused(number):
    assert judged(SECTION, patent(patent_no=number)) == [("patent_no", WRONG_PATENT_NO)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, []),
        ("CN201910438466.2", []),
        ("2019 1 0438466.2", []),
        ("201910438466.X", [("application_no", WRONG_APPLICATION_NO)]),
        ("ZL201910438466.2", [("application_no", WRONG_APPLICATION_NO)]),
        ("受理中", [("application_no", WRONG_APPLICATION_NO)]),
    ],
)
def test_the_application_number(number, expected):
    assert judged(SECTION, patent(application_no=number)) == expected


@pytest.mark.parametrize("kind", ["1", "2", "3"])
def test_the_numbers_of_the_patent_office_are_checked(kind):
    assert judged(SECTION, patent(kind=kind, patent_no="2021SR0123456")) == [
        ("patent_no", WRONG_PATENT_NO)
    ]


@pytest.mark.parametrize("kind", ["4", "5", "6", "7", "8"])
def test_other_rights_have_numbers_of_their_own(kind):
    own = patent(kind=kind, patent_no="2021SR0123456", application_no="2021R11L123456")
    assert judged(SECTION, own) == []


@pytest.mark.parametrize("status", ["3", "4", "5"])
def test_a_granted_patent_tells_its_number_and_day(status):
    assert judged(SECTION, patent(status=status, patent_no=None, grant_date=None)) == [
        ("patent_no", "已授权的请填写专利号（授权号）。"),
        ("grant_date", "已授权的请填写授权日期。"),
    ]


@pytest.mark.parametrize("status", ["1", "2"])
def test_an_application_need_not(status):
    assert judged(SECTION, patent(status=status, patent_no=None, grant_date=None)) == []


PAST_CUT_OFF = "通知规定截止到2025-12-31，请填写不晚于该日的日期。"
TO_COME = "这个日期还没有到，请核对。"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"grant_date": date(2019, 5, 24)}, []),
        ({"grant_date": date(2019, 5, 23)}, [("grant_date", "授权日期不能早于申请日期。")]),
        ({"grant_date": date(2019, 5, 23), "application_date": None}, []),
        ({"grant_date": date(2025, 12, 31)}, []),
        ({"grant_date": date(2026, 1, 1)}, [("grant_date", PAST_CUT_OFF)]),
        (
            {"grant_date": date(2026, 3, 21)},
            [("grant_date", TO_COME), ("grant_date", PAST_CUT_OFF)],
        ),
        (
            {"application_date": date(2026, 3, 21), "grant_date": date(2026, 3, 21)},
            [
                ("application_date", TO_COME),
                ("application_date", PAST_CUT_OFF),
                ("grant_date", TO_COME),
                ("grant_date", PAST_CUT_OFF),
            ],
        ),
        ({"inventor_order": 4}, []),
        ({"inventor_order": 5}, [("inventor_order", "排名应在 1 到总人数 4 之间。")]),
        ({"status": "9"}, [("status", "法律状态的选项已不可用，请重新选择。")]),
    ],
)
def test_the_rules_of_a_patent(changes, expected):
    assert judged(SECTION, patent(**changes)) == expected


def test_one_main_patent():
    assert judged(SECTION, patent(is_main=True), patent()) == []
    assert judged(SECTION, patent(is_main=True), patent(is_main=True)) == [
        ("is_main", "主要专利只能有一件。")
    ]


@pytest.mark.parametrize(
    ("status", "proofs"),
    [("1", []), ("2", []), ("3", ["A50"]), ("4", ["A50"]), ("5", ["A50", "A51"])],
)
def test_the_proofs_of_a_patent(status, proofs):
    assert asked(SECTION, patent(status=status)) == proofs
