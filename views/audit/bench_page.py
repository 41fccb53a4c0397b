"""The bench as a page: the sections, the results that are open, the progress."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from models.codes import CodeBook
from models.declaration import Declaration, Step
from models.permissions import Actor, granted
from models.proposal import Proposal, ProposalState, last_of_step
from models.status import StepState
from models.workflow import Action, lower_steps, open_to
from views.audit.deciding import OPINION_LIMIT, Draft
from views.audit.evidence import Evidence, PartShown, parts_shown
from views.parts import Event, events_of
from views.words import short_time


class Choice(NamedTuple):
    """A result that may be chosen."""

    name: str
    word: str
    key: str
    kind: str
    checked: bool


class Target(NamedTuple):
    """Whom it may be returned to."""

    value: str
    word: str
    selected: bool
    applicant: bool


@dataclass
class BenchPage:
    """See templates/audit/bench.html."""

    title: str
    back_url: str
    name: str
    step: str
    round: int
    line: list[str]
    parts: list[PartShown]
    events: list[Event]
    place: str = ""
    total: str = ""
    previous_url: str = ""
    next_url: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    read_only: str = ""
    reopen_url: str = ""
    take_back_url: str = ""
    refused: str = ""
    result: list[tuple[str, str]] = field(default_factory=list)
    form: Any = None
    form_url: str = ""
    actions: list[Choice] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    opinion: str = ""
    opinion_max: int = OPINION_LIMIT
    phrases: list[str] = field(default_factory=list)
    phrases_url: str = ""


KEYS = {Action.APPROVE: "P", Action.PASS: "P", Action.TERMINATE: "X"}


def choices(declaration: Declaration, actor: Actor, draft: Draft) -> list[Choice]:
    """通过, 退回 and 终止, as far as the table opens them; the last office passes finally."""
    open_ = set(open_to(actor, declaration))
    last = declaration.step is declaration.chain[-1]
    made = []
    if open_ & {Action.APPROVE, Action.PASS}:
        word = gettext("终审通过") if last else gettext("通过")
        made.append(Choice("pass", word, "P", "pass", draft.action == "pass"))
    if open_ & {Action.RETURN, Action.HAND_BACK}:
        made.append(Choice("back", gettext("退回"), "B", "back", draft.action == "back"))
    if Action.TERMINATE in open_:
        made.append(Choice("stop", gettext("终止"), "X", "stop", draft.action == "stop"))
    return made


def targets(declaration: Declaration, draft: Draft) -> list[Target]:
    """The applicant, and the offices below that sent it up."""
    name = gettext("申报人 %(name)s", name=declaration.person.name)
    chosen = draft.target or "applicant"
    below = [
        Target(str(s.position), s.office.name, chosen == str(s.position), False)
        for s in lower_steps(declaration)
    ]
    return [Target("applicant", name, chosen == "applicant", True), *below]


def read_only(declaration: Declaration, actor: Actor, mine: Step) -> str:
    """Why nothing can be decided here now; empty if something can."""
    if open_to(actor, declaration) and declaration.step is mine:
        if mine.state == StepState.VETTED:
            return gettext("已审核通过，等待批量送审。")
        return ""
    if actor.person_id == declaration.person_id:
        return gettext("这是您本人的申报，不能自己审核。")
    where = declaration.step.office.name if declaration.step else gettext("申报人")
    state = gettext(StepState(mine.state).label)
    return gettext("本单位的审核结果：%(state)s。现在在%(where)s处。", state=state, where=where)


def waiting(proposal: Proposal | None, now: datetime) -> str:
    """What is said while the end that an agent proposed waits for the 负责人."""
    if proposal is None or proposal.state != ProposalState.LIVE:
        return ""
    words = {"who": proposal.proposer, "at": short_time(proposal.proposed_at, now)}
    return gettext("%(who)s于 %(at)s 提请终止审核，待负责人确认。确认前不生效。", **words)


def _show_proposal(page: BenchPage, proposal: Proposal | None, actor: Actor) -> None:
    """The way to take it back, or why the 负责人 did not agree."""
    if proposal is None:
        return
    if proposal.state == ProposalState.LIVE and granted(actor, "audit", "write"):
        page.take_back_url = url_for("Proposals.take_back", pk=proposal.id)
    if proposal.state == ProposalState.REFUSED:
        words = {"who": proposal.decider, "reason": proposal.reason}
        page.refused = gettext("负责人%(who)s驳回了终止审核：%(reason)s", **words)


def bench_page(
    session: Session,
    declaration: Declaration,
    actor: Actor,
    codes: CodeBook,
    draft: Draft,
    now: datetime,
) -> BenchPage:
    """The page, without the queue around it and without the form."""
    mine = own_step(declaration, actor)
    evidence = Evidence(session, declaration, mine)
    proposal = last_of_step(mine)
    why_not = waiting(proposal, now) or read_only(declaration, actor, mine)
    name = declaration.person.name
    page = BenchPage(
        title=gettext("审核 %(name)s", name=name),
        back_url=url_for("Desk.list", notice=declaration.notice_id),
        name=name,
        step=mine.state.lower(),
        round=declaration.round,
        line=_line(declaration, codes),
        parts=parts_shown(evidence, mine, draft),
        events=events_of(declaration, now),
        read_only=why_not,
        opinion=draft.opinion,
    )
    _show_proposal(page, proposal, actor)
    if why_not:
        _show_result(page, declaration, mine)
    else:
        page.form_url = url_for("Bench.decide", pk=declaration.id)
        page.actions = choices(declaration, actor, draft)
        page.targets = targets(declaration, draft)
    return page


def _line(declaration: Declaration, codes: CodeBook) -> list[str]:
    """职称, 专业, 类别, 申报编号."""
    return [
        codes.name("title_name", declaration.title_code),
        declaration.specialty,
        codes.name("declare_category", declaration.category),
        declaration.declare_no,
    ]


def _show_result(page: BenchPage, declaration: Declaration, mine: Step) -> None:
    """What the office has decided; a 待送审 can be opened again."""
    page.result = [(gettext("审核意见"), mine.opinion)]
    if mine.state == StepState.VETTED and declaration.step is mine and not page.take_back_url:
        page.reopen_url = url_for("Bench.reopen", pk=declaration.id)


def own_step(declaration: Declaration, actor: Actor) -> Step:
    """The step of the actor's office; the newest one, if it had several."""
    steps = [s for s in declaration.steps if s.office_id == actor.office_id and s.round]
    return steps[-1]
