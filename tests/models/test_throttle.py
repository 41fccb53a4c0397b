"""Guesses: as many are checked as the limit says, and nobody else pays for them."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.journal import Line
from models.limits import LIMITS, Scope
from models.throttle import (
    Guess,
    Throttle,
    forgive,
    guess,
    locked_accounts,
    marks_for,
    spare,
    sweep,
    unlock,
)
from tests.models.stage import NOON, SECOND, Stage, build
from tests.models.test_races import at_once

pytestmark = pytest.mark.world(build=build)

HERE, THERE = "192.0.2.1", "198.51.100.7"
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@pytest.fixture
def tried(stage: Stage):
    """Counts a guess; ``tried("agent", HERE)``."""

    def count(subject: str, address: str = HERE, at=NOON, account=None, kind="login") -> Guess:
        marks = tuple(marks_for(stage.vault, kind, subject, address, account))
        return guess(stage.session, marks, at)

    return count


def passed(guesses: list[Guess]) -> int:
    return sum(one.until is None for one in guesses)


def test_five_guesses_are_checked_and_the_sixth_waits_half_an_hour(tried):
    five = [tried("agent", at=NOON + n * MINUTE) for n in range(5)]
    assert [(one.until, one.failures) for one in five] == [(None, n) for n in range(1, 6)]
    until = NOON + 34 * MINUTE
    assert [tried("agent", at=NOON + n * MINUTE).until for n in (5, 20, 33)] == [until] * 3
    again = tried("agent", at=until)
    assert (again.until, again.failures) == (None, 1)


def test_failures_count_for_a_quarter_of_an_hour(tried):
    for _time in range(4):
        tried("agent")
    assert tried("agent", at=NOON + 15 * MINUTE - SECOND).failures == 5
    for _time in range(4):
        tried("other")
    assert tried("other", at=NOON + 15 * MINUTE).failures == 1


def test_of_fifty_at_once_five_pass(stage: Stage):
    def one(session: Session) -> Guess:
        return guess(session, tuple(marks_for(stage.vault, "login", "agent", HERE, "agent")), NOON)

    answers = at_once(stage, *[one] * 50)
    # 30 of them are counted for the address, then it is out for a minute.
    waits = {None: 5, NOON + 30 * MINUTE: 25, NOON + MINUTE: 20}
    assert Counter(answer.until for answer in answers) == waits
    counts = sorted(answer.failures for answer in answers if answer.until is None)
    assert counts == [1, 2, 3, 4, 5]
    # One line says that the account was locked, whoever asked on.
    lines = stage.session.scalars(select(Line).where(Line.act == "lock")).all()
    assert [(line.actor, line.object_id) for line in lines] == [("", "agent")]


def test_guesses_at_one_leave_the_other_free_up_to_the_limit_of_the_address(tried):
    """30 in a minute from one address; what is refused there costs no account anything."""
    first = [tried(f"person{n // 3}") for n in range(30)]
    assert passed(first) == 30
    refused = tried("person99")
    assert (refused.until, refused.marks) == (NOON + MINUTE, ())
    assert tried("person99", THERE).failures == 1
    assert tried("person99", at=NOON + MINUTE).until is None


def test_an_address_is_out_after_a_hundred_failures(tried):
    slow = [tried(f"person{n // 4}", at=NOON + n * 3 * SECOND) for n in range(100)]
    assert passed(slow) == 100
    assert tried("another", at=NOON + 6 * MINUTE).until == NOON + 297 * SECOND + 30 * MINUTE


def test_who_is_locked_here_may_still_come_from_elsewhere_once_he_is_forgiven(stage, tried):
    """The owner signs in from home; whoever guesses at work is not let in again by that."""
    for _time in range(4):
        tried("agent", account="agent")
    home = tried("agent", THERE, account="agent")
    forgive(stage.session, home)
    assert tried("agent", account="agent").failures == 5
    assert tried("agent", account="agent").until is not None
    fresh = tried("agent", THERE, account="agent")
    assert (fresh.until, fresh.failures) == (None, 2)


def test_a_success_gives_the_address_its_own_guess_back_and_no_other(stage, tried):
    for number in range(29):
        tried(f"person{number // 3}")
    for number in range(40):
        done = tried(f"colleague{number}")
        assert done.until is None
        forgive(stage.session, done)
    assert tried("somebody").until is None
    assert tried("somebody").until is not None


def test_what_was_not_checked_costs_the_address_alone(stage, tried):
    """A wrong captcha: also where this guess was the one that locked."""
    for _time in range(4):
        tried("agent")
    spare(stage.session, tried("agent"))
    assert tried("agent").failures == 5
    assert tried("agent").until is not None
    table = stage.session.scalars(select(Throttle.failures)).all()
    assert sorted(table) == [5, 5, 5, 7, 7]


def test_one_account_has_five_guesses_under_all_its_names_and_nobody_learns_that(tried):
    """By number and by mobile; the second is answered as a wrong password is."""
    for _time in range(3):
        tried("220702198503120018", account="p1")
    by_mobile = [tried("13800000000", account="p1") for _time in range(4)]
    assert [one.until is None for one in by_mobile] == [True, True, False, False]
    assert [one.told for one in by_mobile if one.until] == [False, False]
    assert [one.failures for one in by_mobile] == [1, 2, 3, 4]


def test_each_way_in_counts_for_itself(tried):
    for _time in range(5):
        tried("agent")
    assert tried("agent", kind="second").failures == 1


def test_the_table_holds_no_name_number_or_address(stage, tried):
    tried("220702198503120018")
    tried("13800000000")
    rows = stage.session.execute(select(*Throttle.__table__.columns)).all()
    assert len(rows) == 8  # one address: its two rows are the same ones
    assert [text for text in ("2207", "1380", HERE) if text in repr(rows)] == []


def test_the_security_administrator_sees_and_unlocks(stage, tried):
    for _time in range(5):
        tried("agent", account="agent")
        tried("applicant", THERE, account=None)
    seen = [tuple(row) for row in stage.session.execute(locked_accounts(NOON))]
    assert seen == [("agent", NOON + 30 * MINUTE)]
    assert unlock(stage.session, "agent", "security", reason="本人来电") == 3
    stage.session.commit()
    assert tried("agent", account="agent").failures == 1
    line = stage.session.scalars(select(Line).where(Line.act == "unlock")).one()
    assert (line.actor, line.object_id, line.detail) == (
        "security", "agent", '{"reason": "本人来电"}',
    )  # fmt: skip


def test_old_rows_are_swept_and_locks_stay(stage, tried):
    tried("once")
    for _time in range(5):
        tried("agent", THERE)
    later = NOON + 20 * MINUTE
    assert sweep(stage.session, later) == 7  # once and its address, that of the other
    left = stage.session.scalars(select(Throttle)).all()
    assert [row.locked_until for row in left] == [NOON + 30 * MINUTE] * 3
    assert sweep(stage.session, NOON + 30 * MINUTE) == 3


@pytest.mark.databases("postgresql")
def test_a_sweep_passes_by_what_a_guess_has_locked(stage, tried):
    tried("once"), tried("other", THERE)
    stage.session.commit()
    tried("once", at=NOON + HOUR)
    with stage.sessions() as another:
        another.execute(text("SET lock_timeout = '10s'"))
        assert sweep(another, NOON + HOUR) == 5


@pytest.mark.databases("sqlite")
def test_who_guesses_on_and_on_is_checked_a_handful_of_times(tried):
    """A thousand guesses in almost three hours, each from another address."""
    guesses = [
        tried("agent", f"10.0.{n >> 8}.{n & 255}", NOON + 10 * n * SECOND, "agent")
        for n in range(1000)
    ]
    rounds = -(-10_000 // (30 * 60 + 40))  # five guesses, then half an hour after the last
    assert passed(guesses) == 5 * rounds == 30


def test_the_limits_are_those_of_the_policy():
    said = {scope: (limit.count, limit.window, limit.lock) for scope, limit in LIMITS.items()}
    quarter, half = timedelta(minutes=15), timedelta(minutes=30)
    five = (5, quarter, half)
    assert {said[s] for s in (Scope.PAIR, Scope.SUBJECT, Scope.ACCOUNT)} == {five}
    assert said[Scope.ADDRESS] == (100, quarter, half)
    assert said[Scope.BURST] == (30, timedelta(minutes=1), timedelta(minutes=1))
