"""Plans in single acts."""

from random import Random

import pytest

from demo.notices import NOTICES
from demo.plans import PLANS, Plan, acts, allowed, dealt, notice_for


def said(words: str, length: int = 4, policy: str = "direct") -> str:
    """The acts of a plan in short: verb and position."""
    return " ".join(f"{act.verb}{act.position}" for act in acts(Plan(words, 1), length, policy))


@pytest.mark.parametrize(
    ("words", "acted"),
    [
        ("", ""),
        ("submit open approve", "submit0 open0 approve0"),
        ("submit up open", "submit0 approve0 send0 open1"),
        ("submit up open back up", "submit0 approve0 send0 open1 back1 approve0 send0"),
        (
            "submit up up open unit open return submit",
            "submit0 approve0 send0 approve1 send1 open2 unit2 open0 return0 submit0",
        ),
        ("submit up return submit open", "submit0 approve0 send0 return1 submit1 open1"),
    ],
)
def test_a_plan_in_single_acts(words, acted):
    assert said(words) == acted


def test_a_restart_begins_at_the_unit():
    assert said("submit up open return submit open", policy="restart").endswith("submit0 open0")


def test_the_top_is_the_last_office():
    assert said("submit top open pass", 2) == "submit0 approve0 send0 open1 pass1"


def test_a_plan_ends_where_the_chain_does():
    assert said("submit up up open approve", 3) == "submit0 approve0 send0 approve1 send1 open2"


def test_each_plan_is_dealt_before_any_comes_again():
    assert dealt(Random(1), len(PLANS)) == list(PLANS)
    assert dealt(Random(1), 3) == list(PLANS[:3])
    assert len(dealt(Random(1), 300)) == 300


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.words or plan.filled)
def test_each_plan_has_a_notice(plan):
    assert allowed(plan, notice_for(Random(1), plan))


def test_nothing_is_left_to_do_where_all_windows_are_over():
    over = next(notice for notice in NOTICES if notice.settled)
    left = [plan.words for plan in PLANS if allowed(plan, over) and not plan.settled]
    assert left == []
