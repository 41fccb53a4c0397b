"""A declaration (申报): who declares, where it lies, what was judged."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Tracked, sortable
from models.clock import Moment
from models.notice import Notice
from models.offices import Office
from models.people import Person
from models.status import Status, StepState, one_of


class Declaration(Tracked, Base):
    """一份申报. What is filled in lies in the sections; here is how it stands.

    ``current`` is the position of the step where it lies, none while the applicant has it.
    ``title_code`` to ``hints`` are copied from the last submission: lists never show
    what the applicant is still changing.
    """

    __tablename__ = "declaration"
    __table_args__ = (
        UniqueConstraint("person_id", "notice_id", name="uq_declaration_person_notice"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(
            "(current IS NULL) = (status IN ('DRAFT', 'RETURNED'))", name="current_step"
        ),
        CheckConstraint("(declare_no IS NULL) = (round = 0)", name="number_at_first_submission"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default=Status.DRAFT)
    current: Mapped[int | None]
    chain_start: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0)
    declare_no: Mapped[str | None] = mapped_column(sortable(20), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    title_code: Mapped[str] = mapped_column(String(20), default="")
    series: Mapped[str] = mapped_column(String(20), default="")
    level: Mapped[str] = mapped_column(String(20), default="")
    specialty: Mapped[str] = mapped_column(String(100), default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    hints: Mapped[int] = mapped_column(default=0)

    notice: Mapped[Notice] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Office] = relationship()
    steps: Mapped[list["Step"]] = relationship(
        order_by="Step.position", cascade="all, delete-orphan", back_populates="declaration"
    )
    first: Mapped["Step | None"] = relationship(
        primaryjoin="and_(Step.declaration_id == Declaration.id,"
        " Step.position == Declaration.chain_start)",
        viewonly=True,
    )
    """The unit's step; ``unit`` is what the applicant may be changing."""
    progress: Mapped[list["Progress"]] = relationship(order_by="Progress.id")

    @property
    def chain(self) -> list["Step"]:
        """The steps that it climbs now; those of an earlier unit are history."""
        return [step for step in self.steps if step.position >= self.chain_start]

    @property
    def step(self) -> "Step | None":
        """Where it lies, or where it ended."""
        return next((s for s in self.steps if s.position == self.current), None)

    @property
    def returner(self) -> "Step | None":
        """The step that returned it to the applicant and waits for it."""
        if self.status != Status.RETURNED:
            return None
        return next(s for s in self.chain if s.state == StepState.RETURNED_OUT)


class Step(Base):
    """One office's turn. ``round`` counts how often it came to this office."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("declaration_id", "position", name="uq_step_declaration_position"),
        CheckConstraint(one_of("state", StepState), name="state"),
        CheckConstraint("(state = 'AHEAD') = (arrived_at IS NULL)", name="arrived"),
        CheckConstraint(
            "(decided_at IS NULL) = (state IN ('AHEAD', 'PENDING', 'RETURNED_IN'))",
            name="decided",
        ),
        CheckConstraint("(state = 'SENT') = (batch_id IS NOT NULL)", name="sent_in_a_batch"),
        CheckConstraint("(opened_at IS NULL) = (opened_by = '')", name="opened"),
        Index(
            "uq_step_open",
            "declaration_id",
            unique=True,
            sqlite_where=text("state IN ('PENDING', 'RETURNED_IN', 'VETTED')"),
            postgresql_where=text("state IN ('PENDING', 'RETURNED_IN', 'VETTED')"),
        ),
        # Serves the counters of the work desk, and the queue behind those of one state.
        Index("ix_step_office_notice_state", "office_id", "notice_id", "state", "arrived_at", "id"),
        # Serves the queue of 待审, which are two states, and the next one of it.
        Index(
            "ix_step_waiting",
            "office_id",
            "notice_id",
            "arrived_at",
            "id",
            sqlite_where=text("state IN ('PENDING', 'RETURNED_IN')"),
            postgresql_where=text("state IN ('PENDING', 'RETURNED_IN')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=StepState.AHEAD)
    round: Mapped[int] = mapped_column(default=0)
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    opinion: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)

    declaration: Mapped[Declaration] = relationship(back_populates="steps")
    office: Mapped[Office] = relationship()
    verdicts: Mapped[list["Verdict"]] = relationship(cascade="all, delete-orphan")

    def judged(self, round_: int | None = None) -> dict[str, "Verdict"]:
        """The verdicts of one round by section, by default of this one."""
        wanted = self.round if round_ is None else round_
        return {v.section: v for v in self.verdicts if v.round == wanted}

    @property
    def faulted(self) -> frozenset[str]:
        """The sections marked 有误 in this round: the 问题模块."""
        return frozenset(key for key, v in self.judged().items() if v.wrong)


def in_states(states: Iterable[str]) -> ColumnElement[bool]:
    """Steps in one of these states. The words stand in the statement itself: a database
    compares no parameter with the predicate of an index."""
    return Step.state.in_([literal_column(f"'{state}'") for state in sorted(states)])


class Verdict(Base):
    """此模块信息是否有误: one section, judged by one step in one round. Never deleted.

    ``submission`` is the round of the submission that was judged.
    """

    __tablename__ = "verdict"

    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(String(30), primary_key=True)
    wrong: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200), default="")
    submission: Mapped[int] = mapped_column(default=0, server_default="0")


class Submission(Base):
    """What was submitted, frozen: offices see this and never open edits."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("declaration_id", "round", name="uq_submission_declaration_round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    round: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[dict] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


class Progress(Base):
    """进度跟踪: one line for each transition, in words for people."""

    __tablename__ = "progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    action: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    opinion: Mapped[str] = mapped_column(Text, default="")
    faults: Mapped[list[str]] = mapped_column(JSON, default=list)

    office: Mapped[Office | None] = relationship(foreign_keys=office_id)
    target: Mapped[Office | None] = relationship(foreign_keys=target_id)
