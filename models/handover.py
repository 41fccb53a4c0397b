"""交接: what is open in the name of an agent, and who goes on with it when he leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from models.declaration import Declaration, Step, in_states
from models.journal import note
from models.opinions import Phrase
from models.permissions import Actor
from models.proposal import Proposal, ProposalState
from models.status import WAITING
from models.words import NotAllowed, _


@dataclass(frozen=True)
class Agent:
    """An agent of the office, as work is signed: by user name, or by the name for people."""

    username: str
    name: str


@dataclass(frozen=True)
class OpenWork:
    """What somebody would leave behind: opened and undecided, proposed and waiting, his own
    phrases."""

    steps: Sequence[Step]
    proposals: Sequence[Proposal]
    phrases: Sequence[Phrase]

    def __bool__(self) -> bool:
        return bool(self.steps or self.proposals or self.phrases)


def open_work(session: Session, office_id: int, agent: Agent) -> OpenWork:
    """All of it. Steps are signed with the name, which is an agent's alone in his office."""
    his = (Step.office_id == office_id, Step.opened_by == agent.name, in_states(WAITING))
    person = joinedload(Step.declaration).joinedload(Declaration.person)
    steps = select(Step).where(*his).options(person).order_by(Step.arrived_at, Step.id)
    own = select(Phrase).where(Phrase.username == agent.username)
    return OpenWork(
        session.scalars(steps).all(),
        session.scalars(_proposed(office_id, agent)).all(),
        session.scalars(own.order_by(Phrase.id)).all(),
    )


def _proposed(office_id: int, agent: Agent) -> Select[tuple[Proposal]]:
    live = (Proposal.office_id == office_id, Proposal.state == ProposalState.LIVE)
    mine = select(Proposal).where(*live, Proposal.proposed_by == agent.username)
    return mine.order_by(Proposal.id)


def hand_over(
    session: Session,
    office_id: int,
    leaver: Agent,
    heir: Agent | None,
    actor: Actor,
    now: datetime,
) -> OpenWork:
    """Give what is open to ``heir``; NotAllowed if something is open and there is nobody.

    What waits for the 负责人 is taken back: nobody decides in another one's name. Its
    verdicts and opinion stay, so the heir can propose it anew.
    """
    # What is being confirmed at this moment is waited for, and then it is none of the work.
    locked = _proposed(office_id, leaver).with_for_update()
    session.scalars(locked.execution_options(populate_existing=True)).all()
    work = open_work(session, office_id, leaver)
    if work and heir is None:
        raise NotAllowed(_("%(name)s名下还有没办完的工作，请选择接手的经办人。"), name=leaver.name)
    for step in work.steps:
        step.opened_by = heir.name
    for phrase in work.phrases:
        phrase.username = heir.username
    for proposal in work.proposals:
        proposal.close(ProposalState.TAKEN_BACK, actor.username, actor.name, now)
    session.flush()
    if work:
        given = {
            "to": heir.username,
            "declarations": [step.declaration_id for step in work.steps],
            "proposals": [proposal.id for proposal in work.proposals],
            "phrases": len(work.phrases),
        }
        note(session, actor.username, "hand_over", "account", leaver.username, **given)
    return work
