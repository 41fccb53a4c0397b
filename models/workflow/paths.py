"""Where a transition takes the declaration: each answers a ``Move``."""

from collections.abc import Callable

from models.offices import chain_of
from models.status import Status, StepState
from models.workflow.actions import Action, Asked, Change, Move


def first_or_returner(asked: Asked) -> Move:
    """To the unit; after a return to the step that returned it, unless policy or a new
    choice of unit, series or level starts the chain again (decisions 5)."""
    declaration = asked.declaration
    returner = declaration.returner
    restart = declaration.notice.resubmit_policy == "restart" or asked.known.rechosen
    if returner is not None and not restart:
        back = Change(returner.position, StepState.PENDING, arrives=True)
        return Move(Action.SUBMIT, Status.SUBMITTED, returner.position, (back,))
    start = 1 + max((s.position for s in declaration.steps if s.round), default=0)
    chain = tuple(chain_of(declaration.unit))
    if returner is not None and [s.office for s in declaration.chain] == list(chain):
        start = declaration.chain_start
        ahead = tuple(Change(s.position, StepState.AHEAD) for s in declaration.chain[1:])
        first = Change(start, StepState.PENDING, arrives=True)
        return Move(Action.SUBMIT, Status.SUBMITTED, start, (*ahead, first))
    first = Change(start, StepState.PENDING, arrives=True)
    return Move(Action.SUBMIT, Status.SUBMITTED, start, (first,), chain)


def back_to_draft(asked: Asked) -> Move:
    away = Change(asked.step.position, StepState.AHEAD)
    return Move(Action.WITHDRAW, Status.DRAFT, None, (away,))


def here(
    action: Action, state: StepState, status: Status = Status.SUBMITTED
) -> Callable[[Asked], Move]:
    """It stays with this office, in another state."""

    def path(asked: Asked) -> Move:
        place = asked.step.position
        return Move(action, status, place, (Change(place, state),))

    return path


def upwards(asked: Asked) -> Move:
    here = asked.step.position
    above = asked.declaration.chain[asked.declaration.chain.index(asked.step) + 1]
    sent = Change(here, StepState.SENT)
    arrived = Change(above.position, StepState.PENDING, arrives=True)
    return Move(Action.SEND, Status.SUBMITTED, above.position, (sent, arrived), target=above.office)


def to_applicant(asked: Asked) -> Move:
    out = Change(asked.step.position, StepState.RETURNED_OUT)
    return Move(Action.RETURN, Status.RETURNED, None, (out,))


def to_target(asked: Asked) -> Move:
    chain, target = asked.declaration.chain, asked.decision.target
    above = [s for s in chain if target < s.position <= asked.step.position]
    ahead = tuple(Change(s.position, StepState.AHEAD) for s in above)
    back = Change(target, StepState.RETURNED_IN, arrives=True)
    office = next(s.office for s in chain if s.position == target)
    return Move(Action.HAND_BACK, Status.SUBMITTED, target, (*ahead, back), target=office)
