"""密码: what the two profiles let pass."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.passwords import common_passwords
from models.passwords import PROFILES, Owner, password_problems

OWNER = Owner(
    "wang.fang",
    "王芳",
    staff=True,
    numbers=("220702198503120018", "91220700MA0000010X", "13843801234"),
)
PERSON = Owner("gaojianguo", "高建国", staff=False)

SHORT = "密码为 %(least)s 到 %(most)s 个字符，现在是 %(length)s 个。"
KINDS = "密码要包含小写字母、大写字母、数字、其他符号中的至少 %(kinds)s 种。"
COMMON = "这个密码太常见，很容易被猜中，请换一个。"
NUMBER = "密码不能包含证件号码、单位代码或手机号的一段。"


def said(profile: str, password: str, owner: Owner = OWNER) -> list[str]:
    found = password_problems(PROFILES[profile], password, password, owner, common_passwords())
    return [problem.sentence.msgid for problem in found]


@pytest.mark.parametrize(
    ("password", "owner", "words"),
    [
        ("Kiesel-417", OWNER, []),
        ("Kiesel-41", OWNER, [SHORT]),
        ("", OWNER, ["请填写密码。"]),
        ("Kiesel-417", Owner(""), []),
        ("Kies-417", PERSON, []),
        ("Kies-41", PERSON, [SHORT]),
        ("K-4" + "x" * 125, OWNER, []),
        ("K-4" + "x" * 126, OWNER, [SHORT]),
        ("kieselstein7", OWNER, [KINDS]),
        ("鹅卵石在河床上面Aa", OWNER, []),
        ("Password2026!", OWNER, [COMMON]),
        ("Woaini5201314!", OWNER, [COMMON]),
        ("P@ssw0rd2026", OWNER, [COMMON]),
        ("1qaz@WSX", PERSON, [COMMON]),
        ("Zhiping-2026", OWNER, [COMMON]),
        ("xWang.Fang1", OWNER, ["密码不能包含用户名。"]),
        ("王芳-Kiesel-4", OWNER, ["密码不能包含姓名。"]),
        ("Kiesel-850312", OWNER, [NUMBER]),
        ("Kiesel-85031", OWNER, []),
        ("Kiesel-801234", OWNER, [NUMBER]),
        ("Kiesel-700ma0", OWNER, [NUMBER]),
        ("Kiesel-850312", PERSON, []),
    ],
)
def test_what_djbh3_says(password, owner, words):
    assert said("djbh3", password, owner) == words


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("kieselsteine", []),
        ("kieselstein", [SHORT]),
        ("correcthorsebatterystaple", [COMMON]),
        ("kieselwang.fang", ["密码不能包含用户名。"]),
    ],
)
@pytest.mark.parametrize("owner", [OWNER, Owner("wang.fang", staff=False)])
def test_what_asvs_says(password, owner, words):
    assert said("asvs", password, owner) == words


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("staff", [True, False])
def test_who_registers_hears_of_no_user_name_and_no_earlier_password(profile, staff):
    policy = PROFILES[profile]
    told, first = policy.words(staff=staff), policy.words(staff=staff, first=True)
    assert first.values == told.values
    less = told.msgid.replace("用户名、", "").replace("，也不用最近 %(history)s 个密码", "")
    assert first.msgid == less != told.msgid


def test_both_must_be_typed_alike():
    found = password_problems(PROFILES["djbh3"], "Kiesel-417", "Kiesel-418", OWNER, frozenset())
    assert [(p.field, p.sentence.msgid) for p in found] == [
        ("again", "两次输入的密码不一样，请重新输入。")
    ]


def test_days_until_a_password_ends():
    at = datetime(2026, 3, 20, tzinfo=UTC)
    ages = (82, 83, 89, 90, 91)
    left = [PROFILES["djbh3"].days_left(at - timedelta(days=age), at) for age in ages]
    assert left == [None, 7, 1, 0, -1]
    assert PROFILES["djbh3"].days_left(None, at) is None
    assert PROFILES["asvs"].days_left(at - timedelta(days=4000), at) is None


def test_the_common_ones_are_written_as_they_are_compared():
    common = common_passwords()
    assert len(common) > 500
    assert [word for word in common if word != word.casefold().strip()] == []
