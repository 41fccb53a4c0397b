"""What becomes of each declaration, in a few words that the domain then carries out.

A plan is written in verbs: ``submit withdraw open judge approve reopen send return mend
back unit terminate pass``. ``up`` approves it and sends it a step higher, ``top`` all the
way to the last office; ``back`` hands it to the office below, ``unit`` to the first one;
``judge`` saves some marks only, ``mend`` puts right what was found wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from demo.notices import NOTICES, NoticePlan

BLANK, BEGUN, WHOLE = "blank", "begun", "whole"
"""How far a draft is filled in."""


@dataclass(frozen=True)
class Plan:
    """One fate. ``settled`` ones leave nothing to a unit or an applicant to do, and so
    suit the notice whose windows are over. ``notice`` names the only one that it is for."""

    words: str
    share: int
    filled: str = WHOLE
    settled: bool = False
    notice: str = ""


PLANS = (
    Plan("", 3, BLANK),
    Plan("", 6, BEGUN),
    Plan("", 5),
    Plan("submit", 9),
    Plan("submit open", 5),
    Plan("submit open judge", 3),
    Plan("submit approve", 9),
    Plan("submit up", 6, settled=True),
    Plan("submit up open", 3, settled=True),
    Plan("submit up approve", 5, settled=True),
    Plan("submit up up", 4, settled=True),
    Plan("submit up up approve", 3, settled=True),
    Plan("submit top", 4, settled=True),
    Plan("submit top open pass", 12, settled=True),
    Plan("submit open return", 6),
    Plan("submit open return mend", 3),
    Plan("submit open return submit", 4),
    Plan("submit open return submit approve", 3),
    Plan("submit open return submit open return", 3),
    Plan("submit open return submit open return submit up", 2, settled=True),
    Plan("submit up open return", 3, settled=True),
    Plan("submit up open return submit", 3, notice="engineering"),
    Plan("submit up open return submit", 2, notice="intermediate"),
    Plan("submit up up open return submit up open return", 2),
    Plan("submit up open return submit top open pass", 5, settled=True),
    Plan("submit open return submit top open return submit top open pass", 3, settled=True),
    Plan("submit up open back", 3),
    Plan("submit up up open back", 2, notice="engineering"),
    Plan("submit up up open unit open return", 2),
    Plan("submit up up open unit open return submit approve", 1),
    Plan("submit up up open back up up", 2, settled=True),
    Plan("submit open terminate", 3, settled=True),
    Plan("submit up open terminate", 2, settled=True),
    Plan("submit withdraw", 2),
    Plan("submit withdraw submit up", 1),
    Plan("submit approve reopen", 1),
    Plan("submit approve reopen approve send open", 1, settled=True),
)


@dataclass(frozen=True)
class Act:
    """One verb at one place of the chain; ``position`` counts from nought."""

    verb: str
    position: int


def acts(plan: Plan, length: int, policy: str) -> list[Act]:
    """The plan in single acts for a chain of ``length`` offices; where the chain ends
    earlier than the plan had thought, so does the plan."""
    made: list[Act] = []
    position = returned = 0
    for verb in _verbs(plan.words):
        for one in _expanded(verb, position, length):
            if one in ("approve", "send") and position == length - 1:
                return made
            if one in ("back", "unit") and position == 0:
                return made
            if one == "submit":
                position = 0 if policy == "restart" else returned
            made.append(Act(one, position))
            position += (one == "send") - (one == "back")
            if one == "unit":
                position = 0
            if one == "return":
                returned = position
    return made


def _verbs(words: str) -> Iterator[str]:
    for word in words.split():
        yield from ("approve", "send") if word == "up" else (word,)


def _expanded(verb: str, position: int, length: int) -> list[str]:
    if verb == "top":
        return ["approve", "send"] * (length - 1 - position)
    return [verb]


def allowed(plan: Plan, notice: NoticePlan) -> bool:
    """Whether the plan suits the windows of the notice."""
    if plan.notice:
        return plan.notice == notice.key
    if notice.settled:
        return plan.settled
    over = notice.declare[1] < 0
    return bool(notice.share) and not (over and plan.words in ("", "submit withdraw"))


def dealt(rng: Random, count: int) -> list[Plan]:
    """So many plans: each of them once, as far as they go, then by their shares."""
    more = max(count - len(PLANS), 0)
    drawn = rng.choices(PLANS, [plan.share for plan in PLANS], k=more)
    return [*PLANS[:count], *drawn]


def notice_for(rng: Random, plan: Plan) -> NoticePlan:
    """A notice that the plan suits."""
    fitting = [notice for notice in NOTICES if allowed(plan, notice)]
    return rng.choices(fitting, [notice.share for notice in fitting])[0]
