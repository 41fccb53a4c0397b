"""Where each transition takes the declaration and its steps."""

import pytest

from models.status import StepState
from models.workflow import Change, Known, Mark, Move
from tests.models.workflow.bodies import RIGHT, applicant, decided, declaration, offices, step

PAPER = RIGHT | {"paper": Mark(True)}


def submitted(of, **known) -> Move:
    return decided(of, "SUBMIT", pledged=True, known=Known(bound_to=of.unit_id, **known))


def moved(move: Move):
    """Status, place, and the changes as (position, state, arrives)."""
    changes = [(c.position, c.state, c.arrives) for c in move.changes]
    return move.status, move.current, changes


def test_the_first_submission_copies_the_chain():
    draft = declaration(status="DRAFT")
    move = submitted(draft)
    assert moved(move) == ("SUBMITTED", 1, [(1, "PENDING", True)])
    assert [office.name for office in move.chain] == ["机构1", "机构2", "机构3"]


@pytest.mark.parametrize(
    ("states", "place"),
    [(("RETURNED_OUT", "AHEAD"), 1), (("SENT", "RETURNED_OUT"), 2)],
)
def test_directly_back_to_who_returned_it(states, place):
    move = submitted(declaration(*states, status="RETURNED"))
    assert (moved(move), move.chain) == (("SUBMITTED", place, [(place, "PENDING", True)]), ())


FROM_THE_START = ("SUBMITTED", 1, [(2, "AHEAD", False), (3, "AHEAD", False), (1, "PENDING", True)])


@pytest.mark.parametrize(
    "states", [("RETURNED_OUT", "AHEAD", "AHEAD"), ("SENT", "RETURNED_OUT", "AHEAD")]
)
@pytest.mark.parametrize(("policy", "rechosen"), [("restart", False), ("direct", True)])
def test_from_the_start_again(states, policy, rechosen):
    back = declaration(*states, status="RETURNED", policy=policy)
    move = submitted(back, rechosen=rechosen)
    assert (moved(move), move.chain) == (FROM_THE_START, ())


@pytest.mark.parametrize(
    ("states", "start"),
    [
        (("RETURNED_OUT", "AHEAD", "AHEAD"), 2),
        (("SENT", "RETURNED_OUT", "AHEAD"), 3),
        (("SENT", "SENT", "RETURNED_OUT"), 4),
    ],
)
def test_another_unit_has_its_own_chain_behind_what_was_reached(states, start):
    back = declaration(*states, status="RETURNED")
    other = offices(3)
    for office in other:
        office.id, office.name = office.id + 10, f"另{office.id}"
    back.unit, back.unit_id = other[0], 11
    move = submitted(back, rechosen=True)
    assert moved(move) == ("SUBMITTED", start, [(start, "PENDING", True)])
    assert [office.id for office in move.chain] == [11, 12, 13]


def test_a_chain_that_was_changed_meanwhile_is_copied_anew_only_from_the_start():
    def returned(policy):
        back = declaration("SENT", "RETURNED_OUT", "AHEAD", status="RETURNED", policy=policy)
        back.unit.superior = back.steps[2].office
        return back

    assert moved(submitted(returned("direct"))) == ("SUBMITTED", 2, [(2, "PENDING", True)])
    move = submitted(returned("restart"))
    assert (move.current, [office.id for office in move.chain]) == (3, [1, 3])


def test_withdrawn_it_is_a_draft():
    pending = declaration("PENDING", "AHEAD")
    move = decided(pending, "WITHDRAW", applicant())
    assert moved(move) == ("DRAFT", None, [(1, "AHEAD", False)])


@pytest.mark.parametrize(
    ("states", "action", "asked", "expected"),
    [
        (("PENDING", "AHEAD"), "APPROVE", {"marks": RIGHT}, ("SUBMITTED", 1, "VETTED")),
        (("RETURNED_IN", "AHEAD"), "APPROVE", {"marks": RIGHT}, ("SUBMITTED", 1, "VETTED")),
        (("VETTED", "AHEAD"), "REOPEN", {}, ("SUBMITTED", 1, "PENDING")),
        (("PENDING", "AHEAD"), "RETURN", {"marks": PAPER}, ("RETURNED", None, "RETURNED_OUT")),
        (("VETTED", "AHEAD"), "RETURN", {"marks": PAPER}, ("RETURNED", None, "RETURNED_OUT")),
        (("PENDING", "AHEAD"), "TERMINATE", {}, ("TERMINATED", 1, "TERMINATED")),
        (("RETURNED_IN", "AHEAD"), "TERMINATE", {}, ("TERMINATED", 1, "TERMINATED")),
        (("VETTED", "AHEAD"), "TERMINATE", {}, ("TERMINATED", 1, "TERMINATED")),
        (("SENT", "PENDING"), "PASS", {"marks": RIGHT}, ("PASSED", 2, "PASSED")),
        (("SENT", "RETURNED_IN"), "PASS", {"marks": RIGHT}, ("PASSED", 2, "PASSED")),
    ],
)
def test_it_stays_with_the_office(states, action, asked, expected):
    move = decided(declaration(*states), action, opinion="意见", **asked)
    status, current, state = expected
    place = 2 if states[0] == "SENT" else 1
    assert move == Move(action, status, current, (Change(place, StepState(state)),))


def test_sent_it_comes_to_the_office_above():
    move = decided(declaration("SENT", "VETTED", "AHEAD"), "SEND")
    assert moved(move) == ("SUBMITTED", 3, [(2, "SENT", False), (3, "PENDING", True)])
    assert move.target.name == "机构3"


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        (1, [(2, "AHEAD", False), (3, "AHEAD", False), (1, "RETURNED_IN", True)]),
        (2, [(3, "AHEAD", False), (2, "RETURNED_IN", True)]),
    ],
)
@pytest.mark.parametrize("state", ["PENDING", "RETURNED_IN", "VETTED"])
def test_handed_back_all_above_the_target_lie_ahead(state, target, changes):
    of = declaration("SENT", "SENT", state, "AHEAD")
    move = decided(of, "HAND_BACK", opinion="意见", target=target)
    assert moved(move) == ("SUBMITTED", target, changes)
    assert (move.target.name, move.chain) == (f"机构{target}", ())


def test_in_a_later_chain_the_next_office_is_of_that_chain():
    """The county bureau stands in both chains; it must come to the later one of its steps."""
    unit, county = offices(2)
    of = declaration("VETTED", "AHEAD")
    of.steps[:] = [
        step(unit, "SENT", 1),
        step(county, "RETURNED_OUT", 2),
        step(unit, "VETTED", 3),
        step(county, "AHEAD", 4),
    ]
    of.chain_start = of.current = 3
    assert moved(decided(of, "SEND"))[1:] == (4, [(3, "SENT", False), (4, "PENDING", True)])
