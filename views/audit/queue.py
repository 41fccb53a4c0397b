"""The queue of one counter, and the counters themselves: what an office has to do."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from models.binding import Binding, BindingState
from models.codes import CodeBook
from models.declaration import Declaration, Step
from models.notice import Notice
from models.people import Person
from models.permissions import Actor
from models.status import WAITING, StepState
from models.vault import Vault
from models.words import _
from views.words import short_time

PAGE = 25

LONG_WAIT = 5
"""Days after which a case is shown as waiting for long."""


class Counter(NamedTuple):
    """One of the words of the work desk, and the states that it counts."""

    key: str
    word: str
    states: frozenset[str]
    kind: str = ""


COUNTERS = (
    Counter("pending", _("待审"), frozenset(WAITING), "todo"),
    Counter("vetted", _("待送审"), frozenset({StepState.VETTED}), "todo"),
    Counter("sent", _("已送审"), frozenset({StepState.SENT})),
    Counter("returned", _("退回"), frozenset({StepState.RETURNED_OUT})),
    Counter("terminated", _("终止"), frozenset({StepState.TERMINATED}), "bad"),
    Counter("passed", _("终审通过"), frozenset({StepState.PASSED})),
)

BY_KEY = {counter.key: counter for counter in COUNTERS}


class QueueRow(NamedTuple):
    """One declaration of the queue."""

    name: str
    url: str
    verb: str
    round: int
    title: str
    specialty: str
    category: str
    at: str
    waited: int
    old: bool
    hints: int
    opened_by: str


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: the counter of a notice, order, page, words to find."""

    notice_id: int | None
    counter: Counter
    sort: str = "waiting"
    page: int = 1
    words: str = ""


SORTS = {
    "waiting": (_("等待最久在前"), (Step.arrived_at, Step.id)),
    "again": (_("退回后重交在前"), (Declaration.round.desc(), Step.arrived_at, Step.id)),
    "name": (_("按姓名"), (Person.name, Step.id)),
}


class DeskReader:
    """Reads what the desk of one office shows."""

    def __init__(
        self, session: Session, actor: Actor, codes: CodeBook, vault: Vault, now: datetime
    ):
        self.session, self.actor, self.codes, self.vault = session, actor, codes, vault
        self.now = now

    def numbers(self) -> dict[int, dict[str, int]]:
        """Counts by notice and counter: one GROUP BY over the steps of the office."""
        query = (
            select(Step.notice_id, Step.state, func.count())
            .where(Step.office_id == self.actor.office_id, Step.round > 0)
            .group_by(Step.notice_id, Step.state)
        )
        counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for notice_id, state, number in self.session.execute(query):
            for counter in COUNTERS:
                if state in counter.states:
                    counts[notice_id][counter.key] += number
        return counts

    def notices(self, ids) -> list[Notice]:
        """The notices that the office has declarations of, the next deadline first."""
        query = select(Notice).where(Notice.id.in_(list(ids))).order_by(Notice.audit_end.desc())
        return list(self.session.scalars(query))

    def queue(self, wanted: Wanted) -> Select:
        """The steps of one counter, with declaration and person; not ordered."""
        return (
            select(Step)
            .join(Step.declaration)
            .join(Declaration.person)
            .options(contains_eager(Step.declaration).contains_eager(Declaration.person))
            .where(*self.conditions(wanted))
        )

    def conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        """What a step must be to stand in the queue."""
        made = [Step.office_id == self.actor.office_id, Step.round > 0]
        if wanted.words:
            return [*made, self._matches(wanted.words)]
        states = sorted(wanted.counter.states)
        return [*made, Step.notice_id == wanted.notice_id, Step.state.in_(states)]

    def _matches(self, words: str) -> ColumnElement[bool]:
        """Name contains, number equals, identity number equals by its blind index."""
        return or_(
            Person.name.contains(words, autoescape=True),
            Declaration.declare_no == words,
            Person.__table__.c.id_no_index == self.vault.index(words),
        )

    def rows(self, wanted: Wanted) -> tuple[int, list[QueueRow]]:
        """How many there are, and those of the page."""
        counted = select(func.count()).select_from(Step).join(Step.declaration)
        counted = counted.join(Declaration.person).where(*self.conditions(wanted))
        total = self.session.scalar(counted)
        order = SORTS[wanted.sort][1]
        page = self.queue(wanted).order_by(*order).offset((wanted.page - 1) * PAGE).limit(PAGE)
        return total, [self._row(step, wanted) for step in self.session.scalars(page)]

    def _row(self, step: Step, wanted: Wanted) -> QueueRow:
        declaration = step.declaration
        days = (self.now - step.arrived_at).days if step.arrived_at else 0
        waiting = step.state in WAITING
        more = {} if wanted.words else {"sort": wanted.sort}
        return QueueRow(
            name=declaration.person.name,
            url=url_for("Bench.show", pk=declaration.id, **more),
            verb=gettext("审核") if waiting else gettext("查看"),
            round=declaration.round,
            title=self.codes.name("title_name", declaration.title_code),
            specialty=declaration.specialty,
            category=self.codes.name("declare_category", declaration.category),
            at=short_time(declaration.submitted_at, self.now),
            waited=days,
            old=waiting and days >= LONG_WAIT,
            hints=declaration.hints,
            opened_by=step.opened_by if waiting else "",
        )

    def requests(self) -> int:
        """Binding requests that wait for the office."""
        mine = (Binding.unit_id == self.actor.office_id, Binding.state == BindingState.REQUESTED)
        return self.session.scalar(select(func.count()).select_from(Binding).where(*mine))


@dataclass(frozen=True)
class Place:
    """Where a declaration stands in its queue."""

    number: int = 0
    total: int = 0
    previous: int | None = None
    next: int | None = None
    oldest: int | None = None

    @property
    def following(self) -> int | None:
        """What to audit after this one: at the end of the queue what was left out before."""
        return self.next or self.oldest


def place_of(session, step: Step) -> Place:
    """Where a waiting step stands among those of its notice, the longest wait first."""
    if step.state not in WAITING:
        return Place()
    key = tuple_(Step.arrived_at, Step.id)
    here = tuple_(step.arrived_at, step.id)
    queue = (
        Step.office_id == step.office_id,
        Step.notice_id == step.notice_id,
        Step.state.in_(sorted(WAITING)),
    )
    ids = select(Step.declaration_id).where(*queue)
    count = select(func.count()).select_from(Step).where(*queue)
    forward, backward = (Step.arrived_at, Step.id), (Step.arrived_at.desc(), Step.id.desc())
    row = session.execute(
        select(
            count.scalar_subquery(),
            count.where(key < here).scalar_subquery(),
            ids.where(key < here).order_by(*backward).limit(1).scalar_subquery(),
            ids.where(key > here).order_by(*forward).limit(1).scalar_subquery(),
            ids.where(key < here).order_by(*forward).limit(1).scalar_subquery(),
        )
    ).one()
    return Place(row[1] + 1, row[0], row[2], row[3], row[4])
