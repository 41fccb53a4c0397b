"""双人复核: the doors of an office. What an agent does goes through here; where the office
wants four eyes, 终止审核 and 批量送审 become proposals that a 负责人 confirms.

None of it commits: the caller's transaction is the act's transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.acts import carry_out, check_version, lock, save_marks, write_marks
from models.attachment import Attachment
from models.bulk import Sent, prepared, send
from models.codes import CodeBook
from models.declaration import Declaration
from models.filing import touch
from models.journal import note
from models.offices import Office
from models.permissions import Actor, proposals_visible_to
from models.proposal import Kind, Proposal, ProposalState
from models.reasons import checked_reason
from models.words import Forbidden, NotAllowed, NotFound, Stale, _
from models.workflow import Action, Decision, Known, decide


def wants_four_eyes(session: Session, office_id: int | None) -> bool:
    """Whether the switch of the office is on."""
    return bool(session.scalar(select(Office.four_eyes).where(Office.id == office_id)))


def check_free(session: Session, declaration: Declaration) -> None:
    """NotAllowed while the end of this declaration waits for the 负责人."""
    step = declaration.step
    waits = (Proposal.step_id == (step.id if step else None), Proposal.state == ProposalState.LIVE)
    if session.scalar(select(exists().where(*waits))):
        raise NotAllowed(_("这份申报已提请终止审核，待负责人确认。要改变结果，请先撤回提请。"))


def act(
    session: Session,
    codes: CodeBook,
    decision: Decision,
    declaration_id: int,
    actor: Actor,
    now: datetime,
) -> Proposal | None:
    """Carry a decision out, or propose it; the proposal, if it became one."""
    declaration = lock(session, declaration_id, actor)
    check_free(session, declaration)
    if decision.action is Action.TERMINATE and wants_four_eyes(session, actor.office_id):
        return _propose_end(session, decision, declaration, actor, now)
    carry_out(session, codes, decision, declaration_id, actor, now)
    return None


def keep(
    session: Session, decision: Decision, declaration_id: int, actor: Actor, now: datetime
) -> None:
    """仅保存, unless the end waits for the 负责人: he decides on what was proposed."""
    check_free(session, lock(session, declaration_id, actor))
    save_marks(session, decision, declaration_id, actor, now)


def _propose_end(
    session: Session, decision: Decision, declaration: Declaration, actor: Actor, now: datetime
) -> Proposal:
    """What would be refused when it is done is refused now; verdicts and opinion are kept."""
    check_version(declaration, decision.version, actor)
    decide(decision, declaration, actor, now, Known())
    step = declaration.step
    with session.no_autoflush:
        write_marks(step, decision, actor, now)
        touch(declaration, actor, now)
    session.flush()
    seen = {"declaration_id": declaration.id, "step_id": step.id, "version": declaration.version}
    return _proposed(session, actor, now, kind=Kind.TERMINATE, opinion=decision.opinion, **seen)


def send_up(
    session: Session, batch_uid: str, ids: Iterable[int], actor: Actor, now: datetime
) -> Sent | Proposal:
    """批量送审, or its proposal; the refusals are the same."""
    wanted = sorted(set(ids))
    if not wants_four_eyes(session, actor.office_id):
        return send(session, batch_uid, wanted, actor, now)
    ready = prepared(session, batch_uid, wanted, actor, now)
    if ready.batch.sent_at is not None:
        return Sent(ready.batch, again=True)
    waits = (Proposal.batch_id == ready.batch.id, Proposal.state == ProposalState.LIVE)
    if session.scalar(select(exists().where(*waits))):
        raise NotAllowed(_("这一批已提请送审，待负责人确认。要改名单或推荐报告，请先撤回提请。"))
    seen = {
        "batch_id": ready.batch.id,
        "chosen": [list(pair) for pair in ready.versions.items()],
        "reports": _reports(session, ready.batch.id),
    }
    return _proposed(session, actor, now, kind=Kind.SEND, **seen)


def _proposed(session: Session, actor: Actor, now: datetime, **what) -> Proposal:
    who = {"proposed_by": actor.username, "proposer": actor.name, "proposed_at": now}
    proposal = Proposal(office_id=actor.office_id, **who, **what)
    session.add(proposal)
    session.flush()
    _note(session, actor, "propose", proposal)
    return proposal


def _reports(session: Session, batch_id: int | None) -> list[str]:
    there = (Attachment.batch_id == batch_id, Attachment.removed_at.is_(None))
    return list(session.scalars(select(Attachment.uid).where(*there).order_by(Attachment.id)))


def confirm(
    session: Session,
    codes: CodeBook,
    proposal_id: int,
    proposer: Actor | None,
    checker: Actor,
    now: datetime,
) -> Proposal:
    """The 负责人 agrees: the workflow runs now, in the name of who proposed it.

    ``proposer`` is that agent as he stands now, None if he is none any more. Whatever has
    changed since is told and nothing moves.
    """
    proposal = _locked(session, proposal_id, checker)
    same = checker.person_id is not None and checker.person_id == _person(proposer)
    if proposal.proposed_by == checker.username or same:
        raise Forbidden(_("不能确认自己提请的事项，请由另一名负责人确认。"))
    if proposer is None or proposer.office_id != proposal.office_id:
        words = _("提请人%(name)s已不是本机构的经办人，请驳回后由其他经办人重新提请。")
        raise NotAllowed(words, name=proposal.proposer)
    _check_not_own(session, proposal, checker)
    if proposal.kind == Kind.TERMINATE:
        given = {"opinion": proposal.opinion, "version": proposal.version}
        decision = Decision(Action.TERMINATE, **given)
        declaration = lock(session, proposal.declaration_id, checker)
        check_version(declaration, proposal.version, checker)  # the sentence is for him
        carry_out(session, codes, decision, proposal.declaration_id, proposer, now)
    else:
        if _reports(session, proposal.batch_id) != proposal.reports:
            raise Stale(_("推荐报告在提请之后更换过。请驳回，由经办人核对后重新提请。"))
        send(session, proposal.batch.uid, proposal.ids, proposer, now, proposal.seen)
    # A bulk send forgets what the session knew: the proposal is read again before it is closed.
    proposal.close(ProposalState.CONFIRMED, checker.username, checker.name, now)
    _note(session, checker, "confirm", proposal)
    return proposal


def _person(actor: Actor | None) -> int | None:
    return actor.person_id if actor else None


def _check_not_own(session: Session, proposal: Proposal, checker: Actor) -> None:
    """Nobody decides on a declaration of his own person (decisions 13)."""
    ids = proposal.ids
    his = (Declaration.id.in_(ids), Declaration.person_id == checker.person_id)
    if checker.person_id is not None and session.scalar(select(exists().where(*his))):
        raise Forbidden(_("不能审核本人的申报，请由其他负责人确认。"))


def refuse(
    session: Session, proposal_id: int, checker: Actor, reason: str, now: datetime
) -> Proposal:
    """The 负责人 does not agree, with the reason; nothing has moved."""
    proposal = _locked(session, proposal_id, checker)
    reason = checked_reason(reason, _("驳回时请写明原因。"))
    proposal.close(ProposalState.REFUSED, checker.username, checker.name, now, reason)
    _note(session, checker, "refuse", proposal)
    return proposal


def take_back(session: Session, proposal_id: int, agent: Actor, now: datetime) -> Proposal:
    """An agent of the office takes it back; what it was about is free again."""
    proposal = _locked(session, proposal_id, agent)
    proposal.close(ProposalState.TAKEN_BACK, agent.username, agent.name, now)
    _note(session, agent, "take_back", proposal)
    return proposal


def _locked(session: Session, proposal_id: int, actor: Actor) -> Proposal:
    """It, locked; NotFound outside the office, NotAllowed if it waits no more."""
    mine = (Proposal.id == proposal_id, proposals_visible_to(actor))
    query = select(Proposal).where(*mine).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项提请，或者它不在您的办理范围内。"))
    if found.state != ProposalState.LIVE:
        state = ProposalState(found.state).label
        raise NotAllowed(_("这项提请%(state)s，办理人：%(who)s。"), state=state, who=found.decider)
    return found


def _note(session: Session, actor: Actor, act: str, proposal: Proposal) -> None:
    """Both names stand in the journal: who proposed and who decides."""
    about = {"kind": proposal.kind, "proposed_by": proposal.proposed_by}
    about["declarations"] = proposal.ids
    if proposal.reason:
        about["reason"] = proposal.reason
    note(session, actor.username, act, "proposal", proposal.id, **about)
