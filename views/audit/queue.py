"""The queue behind one counter, and where a declaration stands in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union
from sqlalchemy.orm import Session

from models.binding import Binding, BindingState
from models.codes import CodeBook
from models.declaration import Declaration, Step, in_states
from models.offices import Office
from models.people import Person
from models.permissions import Actor, granted, registrations_visible_to
from models.searching import named
from models.status import WAITING
from models.unit_registration import UnitRegistration, UnitState
from models.vault import Vault
from models.words import _
from views.audit.counters import Counted, Counter, counted
from views.counting import capped
from views.paging import Order, Page, Place, Rows, fetch
from views.words import short_time

PAGE = 25

LONG_WAIT = 5
"""Days after which a case is shown as waiting for long."""

SORTS = {
    "waiting": (_("等待最久在前"), Order((Step.arrived_at, Step.id))),
    "again": (_("退回后重交在前"), Order((-Declaration.round, Step.arrived_at, Step.id))),
    "name": (_("按姓名"), Order((Person.name, Step.id))),
}
"""The first is the order of an index; the others sort, so that they are for short queues."""

FOUND = SORTS["name"][1]
"""The order of what was searched for: it may also be a step that has no arrival any more."""


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


class Home(NamedTuple):
    """The office whose desk it is, and how many ask to be bound to it."""

    name: str
    kind: str
    superior_id: int | None
    requests: int
    registrations: int


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: the counter of a notice and its order, or words to find."""

    notice_id: int | None
    counter: Counter
    sort: str = "waiting"
    words: str = ""

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return FOUND if self.words else SORTS[self.sort][1]


class DeskReader:
    """Reads what the desk of one office shows."""

    def __init__(
        self, session: Session, actor: Actor, codes: CodeBook, vault: Vault, now: datetime
    ):
        self.session, self.actor, self.codes, self.vault = session, actor, codes, vault
        self.now = now

    def home(self) -> Home | None:
        """The office of the actor, if there is one."""
        waiting = self._requests(), self._registrations()
        query = select(Office.name, Office.kind, Office.superior_id, *waiting)
        row = self.session.execute(query.where(Office.id == self.actor.office_id)).one_or_none()
        return Home(*row) if row else None

    def _requests(self) -> ColumnElement[int]:
        """How many persons wait for an answer that the actor may give."""
        if not granted(self.actor, "requests", "read"):
            return literal(0)
        waits = (Binding.unit_id == Office.id, Binding.state == BindingState.REQUESTED)
        return select(func.count()).select_from(Binding).where(*waits).scalar_subquery()

    def _registrations(self) -> ColumnElement[int]:
        """How many units wait for an answer that the actor may give."""
        if not granted(self.actor, "units", "read"):
            return literal(0)
        waits = (
            registrations_visible_to(self.actor),
            UnitRegistration.state == UnitState.SUBMITTED,
        )
        return select(func.count(UnitRegistration.id)).where(*waits).scalar_subquery()

    def counted(self) -> list[Counted]:
        """The notices with their counters."""
        return counted(self.session, self.actor.office_id)

    def queue(self, wanted: Wanted) -> Select:
        """The rows of one counter, or those that the words find; not ordered."""
        return (
            select(
                Declaration.id, Person.name, Declaration.round, Declaration.title_code,
                Declaration.specialty, Declaration.category, Declaration.submitted_at,
                Declaration.hints, Step.state, Step.arrived_at, Step.opened_by,
            )
            .select_from(Step)
            .join(Declaration, Declaration.id == Step.declaration_id)
            .join(Person, Person.id == Declaration.person_id)
            .where(Step.office_id == self.actor.office_id, *self._conditions(wanted))
        )  # fmt: skip

    def _conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        if wanted.words:
            return [Step.round > 0, Step.declaration_id.in_(self._found(wanted.words))]
        return [Step.notice_id == wanted.notice_id, in_states(wanted.counter.states)]

    def _found(self, words: str):
        """Name contains, number equals, identity number equals by its blind index."""
        ids = select(Declaration.id)
        by_name = ids.where(Declaration.person_id.in_(named(words)))
        if not words.isascii():
            return by_name
        card = Person.__table__.c.id_no_index == self.vault.index(words)
        return union(
            by_name, ids.where(Declaration.declare_no == words), ids.join(Person).where(card)
        )

    def page(self, wanted: Wanted, place: Place) -> Page:
        """The page of the queue at ``place``."""
        return fetch(self.session, Rows(self.queue(wanted), wanted.order), PAGE, place)

    def shown(self, row: Any) -> QueueRow:
        """A row as the desk shows it."""
        days = (self.now - row.arrived_at).days if row.arrived_at else 0
        waiting = row.state in WAITING
        return QueueRow(
            name=row.name,
            url=url_for("Bench.show", pk=row.id),
            verb=gettext("审核") if waiting else gettext("查看"),
            round=row.round,
            title=self.codes.name("title_name", row.title_code),
            specialty=row.specialty,
            category=self.codes.name("declare_category", row.category),
            at=short_time(row.submitted_at, self.now),
            waited=days,
            old=waiting and days >= LONG_WAIT,
            hints=row.hints,
            opened_by=row.opened_by if waiting else "",
        )


@dataclass(frozen=True)
class Standing:
    """Where a declaration stands in its queue; both numbers are exact up to ``CAP``."""

    number: int = 0
    total: int = 0
    previous: int | None = None
    next: int | None = None
    oldest: int | None = None

    @property
    def following(self) -> int | None:
        """What to audit after this one: at the end of the queue what was left out before."""
        return self.next or self.oldest


OLDEST_FIRST = SORTS["waiting"][1]


def waiting(office_id: int, notice_id: int) -> Select:
    """The declarations of a notice that wait for an office; not ordered."""
    here = (Step.office_id == office_id, Step.notice_id == notice_id)
    return select(Step.declaration_id).where(*here, in_states(WAITING))


def standing_of(session: Session, step: Step) -> Standing:
    """Where a waiting step stands among those of its notice, the longest wait first."""
    if step.state not in WAITING:
        return Standing()
    key = tuple_(Step.arrived_at, Step.id)
    here = tuple_(step.arrived_at, step.id)
    ids = waiting(step.office_id, step.notice_id)
    oldest, newest = OLDEST_FIRST, Order(OLDEST_FIRST.keys, down=True)
    before, after = ids.where(key < here), ids.where(key > here)
    row = session.execute(
        select(
            capped(before),
            capped(ids),
            newest.apply(before).limit(1).scalar_subquery(),
            oldest.apply(after).limit(1).scalar_subquery(),
            oldest.apply(before).limit(1).scalar_subquery(),
        )
    ).one()
    return Standing(row[0] + 1, *row[1:])
