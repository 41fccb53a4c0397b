"""验证码: each lives for ten minutes and five tries, and one of them is used once."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.onetime import (
    A_DAY,
    A_DAY_IN_ALL,
    LIFE,
    PAUSE,
    CodesAsked,
    LivingCode,
    OneTimeCode,
    TooSoon,
    issue,
    spend,
    sweep_codes,
)
from models.words import BadInput, NotAllowed
from tests.models.stage import NOON, SECOND, Stage, at_once, build

pytestmark = pytest.mark.world(build=build)

MOBILE = "13800000001"
HERE, THERE = "192.0.2.1", "198.51.100.7"


def issued(
    stage: Stage, purpose: str = "register", target: str = MOBILE, at=NOON, asker=HERE, **more
) -> str:
    """A code whose row is committed."""
    with stage.refusing():
        return issue(stage.session, purpose, target, at, asker=asker, **more)


def spent(stage: Stage, code: str, purpose: str = "register", target: str = MOBILE, at=NOON):
    """What came of a code: "" or the sentence of the refusal."""
    try:
        with stage.refusing():
            spend(stage.session, purpose, target, code, at)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def other(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 10**6:06d}"


USED = "这个验证码已经用过，请重新获取。"
NONE = "还没有获取验证码，或者它早已过期。请重新获取。"
BURNT = "验证码已输错 5 次，不能再用。请 60 秒后重新获取。"


def test_a_code_is_good_once(stage: Stage):
    code = issued(stage)
    assert len(code) == 6 and code.isdecimal()
    assert [spent(stage, f" {code[:3]} {code[3:]} "), spent(stage, code)] == ["", USED]


def test_it_is_good_for_its_purpose_and_target_only(stage: Stage):
    code = issued(stage)
    assert spent(stage, code, purpose="recover") == NONE
    assert spent(stage, code, target="13800000002") == NONE
    assert spent(stage, code) == ""


def test_it_ends_after_ten_minutes(stage: Stage):
    code = issued(stage)
    assert spent(stage, code, at=NOON + LIFE) == "验证码已于 12:10 过期，请重新获取。"
    assert spent(stage, code, at=NOON + LIFE - SECOND) == ""


def test_the_fifth_wrong_one_burns_it(stage: Stage):
    code = issued(stage)
    found = [spent(stage, other(code)) for _ in range(5)]
    assert found == [f"验证码不对，还可以再试 {n} 次。" for n in (4, 3, 2, 1)] + [BURNT]
    assert spent(stage, code) == BURNT
    later = "验证码已输错 5 次，不能再用。请重新获取。"
    assert spent(stage, code, at=NOON + PAUSE) == later


def two(stage: Stage) -> tuple[str, str]:
    """Two codes of one purpose and target: somebody else has asked for the second."""
    return issued(stage), issued(stage, at=NOON + PAUSE, asker=THERE)


def wrong_for(*codes: str) -> str:
    """Six digits that are none of these."""
    return next(c for c in (f"{n:06d}" for n in range(9)) if c not in codes)


@pytest.mark.parametrize("which", [0, 1])
def test_who_asks_for_another_one_does_not_end_the_one_before(stage: Stage, which):
    """Either is good, and with it the other is used up too."""
    codes, at = two(stage), NOON + PAUSE
    assert [spent(stage, codes[which], at=at), spent(stage, codes[1 - which], at=at)] == ["", USED]


def test_each_ends_at_its_own_time(stage: Stage):
    first, second = two(stage)
    if first != second:
        assert spent(stage, first, at=NOON + LIFE).startswith("验证码不对")
    assert spent(stage, second, at=NOON + LIFE) == ""


def test_a_wrong_one_counts_for_all_that_live(stage: Stage):
    """Who collects codes has no more guesses by it."""
    first, second = two(stage)
    found = [spent(stage, wrong_for(first, second), at=NOON + PAUSE) for _ in range(5)]
    assert found == [f"验证码不对，还可以再试 {n} 次。" for n in (4, 3, 2, 1)] + [BURNT]
    assert [spent(stage, code, at=NOON + PAUSE) for code in (first, second)] == [BURNT, BURNT]


def test_the_fresh_one_outlives_the_guesses_at_the_one_before(stage: Stage):
    first = issued(stage)
    for _ in range(3):
        spent(stage, other(first))
    second = issued(stage, at=NOON + PAUSE)
    wrong = wrong_for(first, second)
    found = [spent(stage, wrong, at=NOON + PAUSE) for _ in range(2)]
    assert found == ["验证码不对，还可以再试 4 次。", "验证码不对，还可以再试 3 次。"]
    if first != second:  # five have been tried on it
        assert spent(stage, first, at=NOON + PAUSE) == "验证码不对，还可以再试 2 次。"
    assert spent(stage, second, at=NOON + PAUSE) == ""


def test_no_more_live_than_the_pauses_of_ten_minutes_let_through(stage: Stage):
    for n in range(15):
        issued(stage, at=NOON + n * PAUSE, asker=f"192.0.2.{n}")
    assert len(stage.session.scalars(select(LivingCode.code_hash)).all()) == LIFE // PAUSE


def test_a_wrong_one_counts_although_the_request_is_refused(stage: Stage):
    """And what the request had written before does not stay."""
    code = issued(stage)
    with pytest.raises(BadInput), stage.refusing():
        stage.office("水利院").name = "改名"
        stage.session.flush()
        spend(stage.session, "register", MOBILE, other(code), NOON)
    assert stage.session.scalars(select(LivingCode.tries)).all() == [1]
    assert stage.office("水利院").name == "水利院"


def test_a_right_one_remains_if_the_request_is_refused(stage: Stage):
    code = issued(stage)
    with pytest.raises(NotAllowed, match="密码"), stage.refusing():
        spend(stage.session, "register", MOBILE, code, NOON)
        raise NotAllowed("密码")
    assert spent(stage, code) == ""


def test_one_a_minute_and_ten_a_day(stage: Stage):
    issued(stage)
    with pytest.raises(TooSoon, match="验证码刚刚发出，请 1 秒后再获取。"):
        issued(stage, at=NOON + PAUSE - SECOND)
    for n in range(1, A_DAY - 1):
        issued(stage, at=NOON + n * PAUSE)
    issued(stage, "recover", at=NOON)
    for purpose in ("register", "recover", "third"):
        with pytest.raises(TooSoon, match="今天获取验证码已达 10 次，请明天再试。"):
            issued(stage, purpose, at=NOON + timedelta(hours=2))
    issued(stage, target="13800000002", at=NOON + timedelta(hours=2))
    issued(stage, at=NOON + timedelta(hours=12))


def test_who_has_asked_too_often_closes_nothing_for_others(stage: Stage):
    """Fifty a day are the end for all: nobody's telephone is flooded from many places."""
    for n in range(A_DAY_IN_ALL):
        issued(stage, at=NOON + n * PAUSE, asker=f"192.0.2.{n // A_DAY}")
    with pytest.raises(TooSoon, match="今天获取验证码已达 50 次，请明天再试。"):
        issued(stage, at=NOON + timedelta(hours=2), asker=THERE)


def test_what_is_asked_for_in_vain_leaves_the_living_code(stage: Stage):
    code = issued(stage)
    issued(stage, at=NOON + PAUSE)
    with pytest.raises(TooSoon, match="请 1 秒后再获取"):
        issued(stage, at=NOON + 2 * PAUSE - SECOND)
    assert spent(stage, code, at=NOON + LIFE - SECOND) == ""
    fresh = issued(stage, at=NOON + LIFE)
    assert spent(stage, fresh, at=NOON + LIFE + SECOND) == ""


def test_of_two_right_answers_one_wins(stage: Stage):
    code = issued(stage)
    works = [lambda session: spend(session, "register", MOBILE, code, NOON)] * 8
    assert Counter(map(str, at_once(stage, *works))) == {"None": 1, USED: 7}


def test_of_the_right_answers_to_two_codes_one_wins(stage: Stage):
    codes = two(stage) * 4
    works = [
        lambda session, code=code: spend(session, "register", MOBILE, code, NOON + PAUSE)
        for code in codes
    ]
    assert Counter(map(str, at_once(stage, *works))) == {"None": 1, USED: 7}


def test_of_fifty_guesses_at_two_codes_at_once_five_are_looked_at(stage: Stage):
    wrong, at = wrong_for(*two(stage)), NOON + PAUSE
    works = [lambda session: spend(session, "register", MOBILE, wrong, at)] * 50
    left = {f"验证码不对，还可以再试 {n} 次。": 1 for n in (4, 3, 2, 1)}
    assert Counter(map(str, at_once(stage, *works))) == left | {BURNT: 46}


def test_of_fifty_guesses_at_once_five_are_looked_at(stage: Stage):
    code = issued(stage)
    works = [lambda session: spend(session, "register", MOBILE, other(code), NOON)] * 50
    wrong = {f"验证码不对，还可以再试 {n} 次。": 1 for n in (4, 3, 2, 1)}
    assert Counter(map(str, at_once(stage, *works))) == wrong | {BURNT: 46}


def test_of_codes_asked_for_at_once_one_is_made(stage: Stage):
    works = [lambda session: issue(session, "register", MOBILE, NOON, asker=HERE)] * 8
    kinds = Counter(type(answer) for answer in at_once(stage, *works))
    assert kinds == {str: 1, TooSoon: 7}


def test_neither_code_nor_target_lies_there(stage: Stage):
    code = issued(stage)
    kinds = (OneTimeCode, LivingCode, CodesAsked)
    rows = [stage.session.execute(select(t.__table__)).one() for t in kinds]
    assert not any(
        word in str(value) for row in rows for value in row for word in (code, MOBILE, HERE)
    )


def test_old_ones_are_swept(stage: Stage):
    issued(stage)
    issued(stage, "recover", at=NOON + timedelta(days=2))
    with stage.refusing():
        assert sweep_codes(stage.session, NOON + timedelta(days=2, seconds=1)) == 1
    assert stage.session.scalars(select(OneTimeCode.purpose)).all() == ["recover"]
    assert stage.session.scalars(select(CodesAsked.count)).all() == [1]
    with stage.refusing():
        sweep_codes(stage.session, NOON + timedelta(days=5))
    assert stage.session.scalars(select(CodesAsked.count)).all() == []
