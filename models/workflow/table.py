"""The table of transitions, and the machine that reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models.declaration import Declaration
from models.permissions import Actor, Role, owns
from models.status import OPEN, WAITING, Status, StepState
from models.words import Forbidden, NotAllowed, Sentence, _
from models.workflow.actions import Action, Asked, Decision, Known, Move
from models.workflow.needs import (
    all_judged_right,
    bound_to_unit,
    complete,
    faults_named,
    in_audit_window,
    in_scope,
    last_step,
    not_opened,
    notice_open,
    opinion_given,
    pledged,
    report_uploaded,
    sent_below,
    step_above,
)
from models.workflow.paths import (
    back_to_draft,
    first_or_returner,
    here,
    to_applicant,
    to_target,
    upwards,
)


@dataclass(frozen=True)
class Transition:
    """Who may do it, from where, with what need, and where it leads.

    ``when`` are words of the declaration (for the applicant) or of the step (for agents).
    """

    by: Role
    when: frozenset[str]
    path: Callable[[Asked], Move]
    needs: tuple[Callable[[Asked], Sentence | None], ...] = ()


FILLING = frozenset({Status.DRAFT, Status.RETURNED})
JUDGED = (in_audit_window, all_judged_right)

TRANSITIONS: dict[Action, Transition] = {
    Action.SUBMIT: Transition(
        by=Role.APPLICANT,
        when=FILLING,
        path=first_or_returner,
        needs=(notice_open, bound_to_unit, in_scope, complete, pledged),
    ),
    Action.WITHDRAW: Transition(
        by=Role.APPLICANT,
        when=frozenset({Status.SUBMITTED}),
        path=back_to_draft,
        needs=(not_opened,),
    ),
    Action.APPROVE: Transition(
        by=Role.AGENT,
        when=WAITING,
        path=here(Action.APPROVE, StepState.VETTED),
        needs=(step_above, *JUDGED),
    ),
    Action.REOPEN: Transition(
        by=Role.AGENT,
        when=frozenset({StepState.VETTED}),
        path=here(Action.REOPEN, StepState.PENDING),
        needs=(in_audit_window,),
    ),
    Action.SEND: Transition(
        by=Role.AGENT,
        when=frozenset({StepState.VETTED}),
        path=upwards,
        needs=(in_audit_window, report_uploaded),
    ),
    Action.RETURN: Transition(
        by=Role.AGENT,
        when=OPEN,
        path=to_applicant,
        needs=(in_audit_window, faults_named, opinion_given),
    ),
    Action.HAND_BACK: Transition(
        by=Role.AGENT,
        when=OPEN,
        path=to_target,
        needs=(sent_below, opinion_given),
    ),
    Action.TERMINATE: Transition(
        by=Role.AGENT,
        when=OPEN,
        path=here(Action.TERMINATE, StepState.TERMINATED, Status.TERMINATED),
        needs=(in_audit_window, opinion_given),
    ),
    Action.PASS: Transition(
        by=Role.AGENT,
        when=WAITING,
        path=here(Action.PASS, StepState.PASSED, Status.PASSED),
        needs=(last_step, *JUDGED),
    ),
}


def holds(actor: Actor, declaration: Declaration) -> bool:
    """Whether it is the actor's turn to speak of it: his own, or it lies with his office."""
    if actor.role is Role.APPLICANT:
        return owns(actor, declaration)
    step = declaration.step
    return step is not None and actor.office_id == step.office_id


def open_to(actor: Actor, declaration: Declaration) -> list[Action]:
    """What ``actor`` may ask for here; the needs are only asked on doing it."""
    if not holds(actor, declaration) or _judges_himself(actor, declaration):
        return []
    state = _state(actor, declaration)
    return [a for a, t in TRANSITIONS.items() if t.by is actor.role and state in t.when]


def check_turn(actor: Actor, declaration: Declaration, by: Role, action: str) -> None:
    """Forbidden if it is not the turn of ``actor``, or of nobody in his role, or his own
    declaration that he would judge; ``action`` is the word for what he asks for."""
    if not holds(actor, declaration):
        raise Forbidden(_("这份申报现在不在您这里，不能%(action)s。"), action=action)
    if _judges_himself(actor, declaration):
        raise Forbidden(_("不能审核本人的申报，请由其他经办人审核。"))
    if by is not actor.role:
        raise Forbidden(_("您的账号不能%(action)s。"), action=action)


def decide(
    decision: Decision, declaration: Declaration, actor: Actor, now: datetime, known: Known
) -> Move:
    """Where the decision takes the declaration.

    Forbidden if it is not the actor's to decide, NotAllowed with the reason if its state
    or a need stands against it.
    """
    transition = TRANSITIONS[decision.action]
    label = decision.action.label
    check_turn(actor, declaration, transition.by, label)
    state = _state(actor, declaration)
    if state not in transition.when:
        words = _("这份申报现在是“%(state)s”，不能%(action)s。")
        raise NotAllowed(words, state=state.label, action=label)
    asked = Asked(decision, declaration, actor, now, known)
    for need in transition.needs:
        if reason := need(asked):
            raise NotAllowed(reason)
    return transition.path(asked)


def _judges_himself(actor: Actor, declaration: Declaration) -> bool:
    return actor.role is not Role.APPLICANT and owns(actor, declaration)


def _state(actor: Actor, declaration: Declaration) -> Status | StepState:
    """The word that counts for this actor; an office's counts while the review runs."""
    status = Status(declaration.status)
    if actor.role is Role.APPLICANT or status is not Status.SUBMITTED:
        return status
    return StepState(declaration.step.state)
