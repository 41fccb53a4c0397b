"""验证码: one lives, once, for ten minutes and five tries."""

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
BURNT = "验证码已输错 5 次，不能再用。请重新获取。"


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


def test_a_new_one_ends_the_one_before(stage: Stage):
    first = issued(stage)
    second = issued(stage, at=NOON + PAUSE)
    assert first == second or spent(stage, first, at=NOON + PAUSE).startswith("验证码不对")
    assert spent(stage, second, at=NOON + PAUSE) == ""


def test_a_wrong_one_counts_although_the_request_is_refused(stage: Stage):
    """And what the request had written before does not stay."""
    code = issued(stage)
    with pytest.raises(BadInput), stage.refusing():
        stage.office("水利院").name = "改名"
        stage.session.flush()
        spend(stage.session, "register", MOBILE, other(code), NOON)
    assert stage.session.scalars(select(OneTimeCode.tries)).all() == [1]
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
    """It counts as any other, and what does not live any more it replaces."""
    code = issued(stage)
    issued(stage, at=NOON + PAUSE, keeps=True)
    with pytest.raises(TooSoon, match="请 1 秒后再获取"):
        issued(stage, at=NOON + 2 * PAUSE - SECOND, keeps=True)
    assert spent(stage, code, at=NOON + LIFE - SECOND) == ""
    fresh = issued(stage, at=NOON + LIFE, keeps=True)
    assert spent(stage, fresh, at=NOON + LIFE + SECOND) == ""


def test_of_two_right_answers_one_wins(stage: Stage):
    code = issued(stage)
    works = [lambda session: spend(session, "register", MOBILE, code, NOON)] * 8
    assert Counter(map(str, at_once(stage, *works))) == {"None": 1, USED: 7}


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
    rows = [stage.session.execute(select(t.__table__)).one() for t in (OneTimeCode, CodesAsked)]
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
