"""Brings a declaration and its steps to where a move says."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.declaration import Declaration, Step
from models.status import OPEN, WAITING, StepState
from models.workflow import Change, Move


def apply(session: Session, declaration: Declaration, move: Move, now: datetime) -> None:
    """Bring the declaration and its steps to where the move says."""
    start_at = declaration.chain_start
    if move.chain:
        start_at = move.changes[0].position
        _copy_chain(session, declaration, move, start_at)
    steps = {step.position: step for step in declaration.steps}
    # The partial unique index allows one open step at any instant: close first, then open.
    for change in sorted(move.changes, key=lambda c: c.state in OPEN):
        if change.state in OPEN:
            session.flush()
        _change(steps[change.position], change, now)
    declaration.chain_start = start_at
    declaration.status, declaration.current = move.status, move.current


def _copy_chain(session: Session, declaration: Declaration, move: Move, start_at: int) -> None:
    """Put the offices of the move behind the steps that have been reached."""
    for step in [s for s in declaration.steps if not s.round]:
        declaration.steps.remove(step)
    session.flush()  # or the new steps would come before the old ones leave their positions
    for place, office in enumerate(move.chain, start_at):
        step = Step(
            position=place, office=office, notice_id=declaration.notice_id, round=0,
            state=StepState.AHEAD, opened_by="", opinion="",
        )  # fmt: skip
        declaration.steps.append(step)


def _change(step: Step, change: Change, now: datetime) -> None:
    step.state = change.state
    step.decided_at = now if change.state not in WAITING | {StepState.AHEAD} else None
    if change.arrives:
        step.round += 1
        step.arrived_at, step.opinion = now, ""
    if change.state is StepState.AHEAD:
        step.arrived_at = None
    if change.arrives or change.state is StepState.AHEAD:
        step.opened_at, step.opened_by, step.batch_id = None, "", None
