"""批量送审: one report, many declarations, one transaction (unit manual 3.1.1 E)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from models.acts import lock_many
from models.attachment import Attachment
from models.base import add_new
from models.batch import Batch, draw
from models.declaration import Declaration, Progress, Step
from models.journal import note
from models.messages import tell_applicants
from models.permissions import Actor
from models.proposal import Proposal, ProposalState
from models.reach import arrive
from models.status import StepState
from models.words import BadInput, NotAllowed, NotFound, Sentence, _, say
from models.workflow import Action, Decision, Known, Move, decide


class NotSendable(NotAllowed):
    """Some of the chosen declarations cannot go; ``reasons`` names each by its id."""

    def __init__(self, reasons: dict[int, Sentence]):
        self.reasons = reasons
        super().__init__(_("%(n)s 份不能送审，一份也没有送出。请看每份的原因。"), n=len(reasons))


ENDING = _("这份申报已提请终止审核，待负责人确认。要送审，请先撤回提请。")
CHANGED = _("%(name)s的申报在提请送审之后有过变化，请由经办人核对后重新提请。")


@dataclass(frozen=True)
class Sent:
    """What a bulk send did; ``again`` if the same click had done it before."""

    batch: Batch
    again: bool = False


@dataclass(frozen=True)
class Ready:
    """A batch and where each of its declarations would go, in the version that was seen;
    nowhere, if it is sent already."""

    batch: Batch
    moves: dict[int, Move]
    versions: dict[int, int]


def open_batch(session: Session, notice_id: int, actor: Actor, now: datetime) -> Batch:
    """The batch that collects the report of this office for a notice; made when needed."""
    mine = (Batch.office_id == actor.office_id, Batch.notice_id == notice_id)
    query = select(Batch).where(*mine, Batch.sent_at.is_(None)).with_for_update()
    batch = session.scalars(query).one_or_none()
    if batch is None:
        # Two agents may upload at once: the later one waits here and finds the other's.
        add_new(session, Batch, office_id=actor.office_id, notice_id=notice_id, created_at=now)
        batch = session.scalars(query).one()
    return batch


def send(
    session: Session,
    batch_uid: str,
    ids: Iterable[int],
    actor: Actor,
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> Sent:
    """Send the chosen declarations up with the batch, all of them or none; what is ``seen``
    (versions by id) only as it was.

    NotSendable names a reason for each that cannot go. The batch's uid is the key of
    the click: a second one finds the batch sent and changes nothing.
    """
    ready = prepared(session, batch_uid, ids, actor, now, seen)
    batch, moves = ready.batch, ready.moves
    if batch.sent_at is not None:
        return Sent(batch, again=True)
    batch.target_id = next(iter(moves.values())).target.id
    serial = draw(session, f"batch-{batch.notice.year}-{batch.office_id}")
    batch.number = f"{batch.notice.year}{batch.office_id:06d}{serial:04d}"
    batch.sent_at, batch.sent_by, batch.count = now, actor.name, len(moves)
    session.flush()
    _write(session, moves, batch, actor, now)
    return Sent(batch)


def prepared(
    session: Session,
    batch_uid: str,
    ids: Iterable[int],
    actor: Actor,
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> Ready:
    """What would be sent, all of it locked; the refusals are those of ``send``."""
    mine = (Batch.uid == batch_uid, Batch.office_id == actor.office_id)
    batch = session.scalars(select(Batch).where(*mine).with_for_update()).one_or_none()
    if batch is None:
        raise NotFound(_("没有找到这个批次，请从“批量送审”重新进入。"))
    if batch.sent_at is not None:
        return Ready(batch, {}, {})
    wanted = sorted(set(ids))
    if not wanted:
        raise BadInput(_("请先勾选要送审的申报。"))
    there = (Attachment.batch_id == batch.id, Attachment.removed_at.is_(None))
    reports = session.scalar(select(func.count()).select_from(Attachment).where(*there))
    if not reports:
        raise NotAllowed(_("请先上传推荐报告或申报函。"))
    locked = lock_many(session, wanted, actor)
    if against := _ending(session, locked) | _changed(locked, seen or {}):
        raise NotSendable(against)
    moves = _moves(locked, wanted, batch, actor, now, reports)
    return Ready(batch, moves, {id_: locked[id_].version for id_ in moves})


def _ending(session: Session, locked: Mapping[int, Declaration]) -> dict[int, Sentence]:
    """Those whose end waits for the 负责人."""
    steps = {found.step.id: id_ for id_, found in locked.items() if found.step}
    wanted = (Proposal.step_id.in_(list(steps)), Proposal.state == ProposalState.LIVE)
    waiting = session.scalars(select(Proposal.step_id).where(*wanted))
    return {steps[step]: say(ENDING) for step in waiting}


def _changed(locked: Mapping[int, Declaration], seen: Mapping[int, int]) -> dict[int, Sentence]:
    """Those that are not as they were seen."""
    return {
        id_: say(CHANGED, name=found.person.name)
        for id_, found in locked.items()
        if seen.get(id_, found.version) != found.version
    }


def reason_against(declaration: Declaration, actor: Actor, now: datetime) -> Sentence | None:
    """Why a declaration cannot be sent now, the report aside."""
    try:
        decide(Decision(Action.SEND), declaration, actor, now, Known(reports=1))
    except NotAllowed as refusal:
        return refusal.sentence
    return None


def _moves(
    found: dict[int, Declaration], wanted: list[int], batch: Batch, actor: Actor, now, reports: int
) -> dict[int, Move]:
    moves: dict[int, Move] = {}
    reasons: dict[int, Sentence] = {}
    for id_ in wanted:
        declaration = found.get(id_)
        if declaration is None or declaration.notice_id != batch.notice_id:
            reasons[id_] = say(_("没有找到这份申报，或者它不属于这个通知。"))
            continue
        try:
            moves[id_] = decide(
                Decision(Action.SEND), declaration, actor, now, Known(reports=reports)
            )
        except NotAllowed as refusal:
            reasons[id_] = refusal.sentence
    offices = {move.target.id for move in moves.values()}
    if len(offices) > 1:
        first = min(moves)
        for id_, move in moves.items():
            if move.target is not moves[first].target:
                reasons[id_] = say(_("报送到%(office)s，请另作一批。"), office=move.target.name)
    if reasons:
        raise NotSendable(reasons)
    return moves


PLAIN = {"synchronize_session": False}


def _write(session: Session, moves: dict[int, Move], batch: Batch, actor: Actor, now) -> None:
    """Three set-based updates, one insert each of progress and of messages, the journal's
    lines at the commit."""
    ids = list(moves)
    _move_steps(session, ids, batch, now)
    session.execute(
        update(Declaration)
        .where(Declaration.id.in_(ids))
        .values(
            current=Declaration.current + 1, version=Declaration.version + 1,
            updated_at=now, updated_by=actor.name,
        )
        .execution_options(**PLAIN)
    )  # fmt: skip
    arrive(session, ids, batch.target_id)
    line = {
        "at": now, "action": Action.SEND, "actor": actor.name, "office_id": batch.office_id,
        "target_id": batch.target_id, "batch_id": batch.id, "opinion": "", "faults": [],
    }  # fmt: skip
    session.execute(insert(Progress), [line | {"declaration_id": id_} for id_ in ids])
    tell_applicants(session, ids, Action.SEND, batch.office.name, now)
    for id_ in ids:
        note(session, actor.username, "send", "declaration", id_, batch=batch.number)
    note(session, actor.username, "batch", "batch", batch.id, number=batch.number, count=len(ids))
    session.expire_all()


def _move_steps(session: Session, ids: list[int], batch: Batch, now: datetime) -> None:
    """Close the open step of each declaration, then open the one above it.

    The step above has the next position, and an open step is its declaration's only one:
    so two statements find all rows by the ids alone.
    """
    sent = {"state": StepState.SENT, "decided_at": now, "batch_id": batch.id}
    open_ = (Step.declaration_id.in_(ids), Step.state == StepState.VETTED)
    session.execute(update(Step).where(*open_).values(**sent).execution_options(**PLAIN))
    current = select(Declaration.current).where(Declaration.id == Step.declaration_id)
    above = (Step.declaration_id.in_(ids), Step.position == current.scalar_subquery() + 1)
    arrived = {
        "state": StepState.PENDING, "round": Step.round + 1, "arrived_at": now, "opinion": "",
        "opened_at": None, "opened_by": "", "decided_at": None, "batch_id": None,
    }  # fmt: skip
    session.execute(update(Step).where(*above).values(**arrived).execution_options(**PLAIN))
