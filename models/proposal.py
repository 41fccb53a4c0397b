"""双人复核: what an agent proposes and a 负责人 of the same office confirms or refuses.

A proposal moves nothing. It keeps what was proposed and what the agent saw; the workflow is
asked anew when it is confirmed.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, backref, mapped_column, relationship

from models.base import Base
from models.batch import Batch
from models.clock import Moment
from models.declaration import Declaration, Step
from models.offices import Office
from models.reasons import REASON
from models.status import one_of
from models.words import _


class Kind(StrEnum):
    """What is proposed."""

    TERMINATE = "TERMINATE"
    SEND = "SEND"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return KIND_LABELS[self]


class ProposalState(StrEnum):
    """What became of it."""

    LIVE = "LIVE"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    TAKEN_BACK = "TAKEN_BACK"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return PROPOSAL_LABELS[self]


KIND_LABELS = {Kind.TERMINATE: _("终止审核"), Kind.SEND: _("批量送审")}
PROPOSAL_LABELS = {
    ProposalState.LIVE: _("待负责人确认"),
    ProposalState.CONFIRMED: _("已确认"),
    ProposalState.REFUSED: _("已驳回"),
    ProposalState.TAKEN_BACK: _("已撤回"),
}


def one_live(name: str, column: str) -> Index:
    """At most one that waits."""
    where = text("state = 'LIVE'")
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


class Proposal(Base):
    """提请. ``version`` is that of the declaration, ``chosen`` are the declarations of a batch
    (id and version, in old rows the id alone) and ``reports`` the uids of its files, all as
    they stood when it was proposed."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("state", ProposalState), name="state"),
        CheckConstraint("(kind = 'TERMINATE') = (step_id IS NOT NULL)", name="of_a_step"),
        CheckConstraint("(kind = 'SEND') = (batch_id IS NOT NULL)", name="of_a_batch"),
        CheckConstraint("(step_id IS NULL) = (declaration_id IS NULL)", name="declaration"),
        CheckConstraint("(state = 'LIVE') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'LIVE') = (decided_by = '')", name="decided_by"),
        CheckConstraint("state <> 'CONFIRMED' OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("state <> 'REFUSED' OR reason <> ''", name="reason"),
        one_live("uq_proposal_step", "step_id"),
        one_live("uq_proposal_batch", "batch_id"),
        # Serves the desk of the 负责人: what waits, the longest first; the latest decided.
        Index("ix_proposal_office_state", "office_id", "state", "proposed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str] = mapped_column(String(10))
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"), index=True)
    version: Mapped[int | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    chosen: Mapped[list[list[int] | int]] = mapped_column(JSON, default=list)
    reports: Mapped[list[str]] = mapped_column(JSON, default=list)
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposer: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.LIVE)
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decider: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(REASON), default="")

    office: Mapped[Office] = relationship()
    declaration: Mapped[Declaration | None] = relationship()
    # At the step too, only to be read: the audit bench has it with the chain.
    step: Mapped[Step | None] = relationship(
        backref=backref("proposals", order_by="Proposal.id", viewonly=True)
    )
    batch: Mapped[Batch | None] = relationship()

    @property
    def ids(self) -> list[int]:
        """The declarations that it is about."""
        ids = [each if isinstance(each, int) else each[0] for each in self.chosen]
        return ids or [self.declaration_id]

    @property
    def seen(self) -> dict[int, int]:
        """The version of each declaration of a batch, where it was kept."""
        return dict(each for each in self.chosen if not isinstance(each, int))

    def close(
        self, state: ProposalState, username: str, name: str, now: datetime, reason: str = ""
    ) -> None:
        """Say what became of it; ``username`` and ``name`` are of who decided."""
        self.state, self.decided_by, self.decider = state, username, name
        self.decided_at, self.reason = now, reason


def last_of_step(step: Step) -> Proposal | None:
    """The latest proposal for a step since the declaration arrived there."""
    came = step.arrived_at
    last = step.proposals[-1] if step.proposals else None
    return last if last and (came is None or last.proposed_at >= came) else None


def last_of_batch(session: Session, batch_id: int) -> Proposal | None:
    """The latest proposal for a batch."""
    query = select(Proposal).where(Proposal.batch_id == batch_id)
    return session.scalars(query.order_by(Proposal.id.desc()).limit(1)).first()
