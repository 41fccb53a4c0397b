"""Declarations in memory for the tests of ``decide``: no database, ids given by hand."""

from datetime import UTC, datetime, timedelta

from models.declaration import Declaration, Step, Verdict
from models.notice import Notice
from models.offices import Office
from models.permissions import Actor, Role
from models.sections import SECTIONS
from models.status import Status, StepState
from models.workflow import Action, Decision, Known, Mark, Move, decide

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
DECLARED = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
AUDITED = (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
SECOND = timedelta(seconds=1)

ME, SOMEBODY = 1, 2
"""Persons: the applicant of every declaration here, and another one."""

RIGHT = {section.key: Mark(False) for section in SECTIONS}
FILED = Known(errors=0, bound_to=1, reports=1)
"""Nothing that is known beside the declaration stands against any action."""


def offices(count: int) -> list[Office]:
    """A chain of offices, the unit first; their ids are 1, 2, …"""
    made = [Office(id=number, name=f"机构{number}") for number in range(1, count + 1)]
    for lower, upper in zip(made, made[1:], strict=False):
        lower.superior = upper
    return made


def declaration(*states: str, status: str = "SUBMITTED", policy: str = "direct") -> Declaration:
    """One whose steps stand thus, by way of as many offices; it lies with the first open one,
    or ended at the last one that was reached."""
    chain = offices(len(states) or 3)
    notice = Notice(
        title="通知",
        declare_start=DECLARED[0],
        declare_end=DECLARED[1],
        audit_start=AUDITED[0],
        audit_end=AUDITED[1],
        resubmit_policy=policy,
        published=True,
    )
    made = Declaration(
        person_id=ME, unit=chain[0], unit_id=1, notice=notice, status=status, chain_start=1,
        round=1 if states else 0,
    )  # fmt: skip
    for office, state in zip(chain, states, strict=False):
        made.steps.append(step(office, state))
    if status not in ("DRAFT", "RETURNED"):
        made.current = max((s.position for s in made.steps if s.state != "AHEAD"), default=1)
    return made


def step(office: Office, state: str, position: int | None = None, round_: int = 1) -> Step:
    """A step of an office; one that lies ahead has not been reached."""
    reached = 0 if state == "AHEAD" else round_
    place = office.id if position is None else position
    return Step(
        position=place, office=office, office_id=office.id, state=StepState(state), round=reached,
        opened_by="", opinion="",
    )  # fmt: skip


def judged(step_: Step, round_: int, **wrong: bool) -> None:
    """Verdicts of one round."""
    for key, is_wrong in wrong.items():
        step_.verdicts.append(Verdict(round=round_, section=key, wrong=is_wrong, note=""))


def applicant(person: int = ME) -> Actor:
    """An applicant."""
    return Actor(Role.APPLICANT, "p", "申报人", person_id=person)


def agent(office: int = 1, person: int | None = None) -> Actor:
    """An agent of an office, who may be a person that declares."""
    return Actor(Role.AGENT, "a", "经办人", person_id=person, office_id=office)


def holder(of: Declaration) -> Actor:
    """An agent of the office where it lies."""
    return agent(of.step.office_id)


def decided(
    of: Declaration, action: str, actor: Actor | None = None, now=NOW, known=FILED, **asked
) -> Move:
    """What ``decide`` answers to the one whose turn it is."""
    turn = applicant() if of.status in (Status.DRAFT, Status.RETURNED) else None
    who = actor or turn or holder(of)
    return decide(Decision(Action(action), **asked), of, who, now, known)
