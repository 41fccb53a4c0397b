"""What people do with declarations: each act locks, decides, writes and leaves its lines.

None of them commits: the caller's transaction is the act's transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from models.attachment import Attachment
from models.clock import SHANGHAI, day_of
from models.codes import CodeBook
from models.declaration import Declaration, Progress, Step, Verdict
from models.filing import known_of, number, submit, touch
from models.journal import note
from models.messages import tell_applicants
from models.permissions import Actor, Role, visible_to
from models.reach import register
from models.section import Case
from models.sections import BY_KEY
from models.status import OPEN, WAITING
from models.steps import apply
from models.words import BadInput, NotAllowed, NotFound, Stale, _
from models.workflow import (
    JUDGING,
    Action,
    Decision,
    Known,
    Mark,
    Move,
    check_turn,
    decide,
    window_objection,
)


def lock(session: Session, declaration_id: int, actor: Actor) -> Declaration:
    """The declaration, locked until the transaction ends; NotFound if it is not the
    actor's to see. Every write to a declaration or a part of it begins here."""
    query = _locking(session, Declaration.id == declaration_id, actor)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份申报，或者它不在您的办理范围内。"))
    return found


def lock_many(session: Session, ids: Iterable[int], actor: Actor) -> dict[int, Declaration]:
    """Those of the declarations that the actor may see, locked in the order of their ids
    and with all that a decision looks at."""
    query = _locking(session, Declaration.id.in_(list(ids)), actor).order_by(Declaration.id)
    steps = selectinload(Declaration.steps)
    loaded = query.options(
        steps.selectinload(Step.office),
        selectinload(Declaration.notice),
        selectinload(Declaration.unit),
    )
    return {found.id: found for found in session.scalars(loaded)}


def _locking(
    session: Session, wanted: ColumnElement[bool], actor: Actor
) -> Select[tuple[Declaration]]:
    """What the session has read before the lock may have been overtaken while it waited."""
    session.flush()
    session.expire_all()
    return select(Declaration).where(wanted, visible_to(actor)).with_for_update()


def check_version(declaration: Declaration, version: int | None, actor: Actor) -> None:
    """Stale, with who and when, if it changed since the actor looked."""
    if version is None or version == declaration.version:
        return
    at = declaration.updated_at or declaration.created_at
    when = f"{at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"
    if declaration.updated_by == actor.name:
        words = _("您已于 %(when)s 在别的窗口处理了这份申报，本页的内容已经过时。请重新打开。")
        raise Stale(words, when=when)
    words = _("%(who)s已于 %(when)s 处理了这份申报，您看到的内容已经过时。请重新打开后再办理。")
    raise Stale(words, who=declaration.updated_by, when=when)


def case_of(session: Session, declaration: Declaration, codes: CodeBook, now: datetime) -> Case:
    """All that the rules look at; one statement for the files."""
    files = session.scalars(
        select(Attachment)
        .where(Attachment.declaration_id == declaration.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return Case(declaration, codes, day_of(now), files=tuple(files))


def carry_out(
    session: Session,
    codes: CodeBook,
    decision: Decision,
    declaration_id: int,
    actor: Actor,
    now: datetime,
) -> Declaration:
    """Lock, decide, write: one transition with its progress and its journal line."""
    declaration = lock(session, declaration_id, actor)
    check_version(declaration, decision.version, actor)
    case = case_of(session, declaration, codes, now)
    known = known_of(session, case) if decision.action is Action.SUBMIT else Known()
    step = declaration.step
    move = decide(decision, declaration, actor, now, known)
    # Only the steps are written before the end, so that one transition is one version.
    with session.no_autoflush:
        if move.action in JUDGING:
            write_marks(step, decision, actor, now)
        declare_no = number(session, declaration) if move.action is Action.SUBMIT else ""
        apply(session, declaration, move, now)
        if move.action is Action.SUBMIT:
            submit(session, case, declare_no, now)
        if move.action is Action.WITHDRAW:
            declaration.steps.clear()
        touch(declaration, actor, now)
        _tell(session, declaration, decision, move, actor, step, now)
    register(session, [declaration.id])
    if step is not None:
        tell_applicants(session, [declaration.id], move.action, step.office.name, now)
    return declaration


def write_marks(step: Step, decision: Decision, actor: Actor, now: datetime) -> None:
    """Keep opinion and verdicts of this round; sections not spoken of stay as they are.

    Who judges has opened it. BadInput if a mark names no section.
    """
    if not set(decision.marks) <= set(BY_KEY):
        raise BadInput(_("审核记录中有不存在的模块，请刷新页面后再审。"))
    _judge(step, decision.marks)
    step.opinion = decision.opinion
    if step.opened_at is None:
        step.opened_at, step.opened_by = now, actor.name


def _judge(step: Step, marks: Mapping[str, Mark]) -> None:
    kept = step.judged()
    for section, mark in marks.items():
        if section not in kept:
            kept[section] = Verdict(round=step.round, section=section)
            step.verdicts.append(kept[section])
        verdict = kept[section]
        verdict.wrong, verdict.note = mark.wrong, mark.note
        verdict.submission = step.declaration.round


def save_marks(
    session: Session, decision: Decision, declaration_id: int, actor: Actor, now: datetime
) -> Declaration:
    """仅保存: keep verdicts and opinion without deciding."""
    declaration = lock(session, declaration_id, actor)
    check_version(declaration, decision.version, actor)
    check_turn(actor, declaration, Role.AGENT, _("保存审核记录"))
    step = declaration.step
    if step.state not in WAITING:
        raise NotAllowed(_("这份申报现在不在待审状态，不能再改审核记录。"))
    if reason := window_objection(declaration, now):
        raise NotAllowed(reason)
    write_marks(step, decision, actor, now)
    touch(declaration, actor, now)
    wrong = sorted(key for key, mark in decision.marks.items() if mark.wrong)
    note(session, actor.username, "marks", "declaration", declaration.id, wrong=wrong)
    session.flush()
    return declaration


def open_step(session: Session, declaration_id: int, actor: Actor, now: datetime) -> None:
    """The office opens what waits for it: from now on the applicant cannot withdraw it.

    Nothing happens if it was opened before, or if it is not this actor's turn.
    """
    declaration = lock(session, declaration_id, actor)
    try:
        check_turn(actor, declaration, Role.AGENT, _("打开"))
    except NotAllowed:
        return
    step = declaration.step
    if step.state not in OPEN or step.opened_at is not None:
        return
    step.opened_at, step.opened_by = now, actor.name
    note(session, actor.username, "open", "declaration", declaration.id, step=step.position)


def _tell(
    session: Session,
    declaration: Declaration,
    decision: Decision,
    move: Move,
    actor: Actor,
    step: Step | None,
    now: datetime,
) -> None:
    """One line of progress for people, one of the journal for auditors."""
    faults = sorted(step.faulted) if step and move.action is Action.RETURN else []
    session.add(
        Progress(
            declaration_id=declaration.id,
            at=now,
            action=move.action,
            actor=actor.name,
            office=step.office if step and actor.office_id else None,
            target=move.target,
            opinion=decision.opinion.strip(),
            faults=faults,
        )
    )
    detail = {"round": declaration.round, "status": move.status, "faults": faults}
    target = move.target.id if move.target else None
    act = move.action.lower()
    note(session, actor.username, act, "declaration", declaration.id, target=target, **detail)
