"""The counters of the work desk: what an office has to do, notice by notice."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.declaration import Step, in_states
from models.notice import Notice
from models.status import WAITING, StepState
from models.words import _
from views.counting import capped


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


class Counted(NamedTuple):
    """A notice with its counters, each exact up to ``CAP``."""

    id: int
    title: str
    audit_end: datetime
    numbers: dict[str, int]


def counted(session: Session, office_id: int) -> list[Counted]:
    """The notices that the office has declarations of, the next deadline first."""
    rows = session.execute(counting(office_id))
    keys = [counter.key for counter in COUNTERS]
    made = [Counted(*row[:3], dict(zip(keys, row[3:], strict=True))) for row in rows]
    return [notice for notice in made if any(notice.numbers.values())]


def counting(office_id: int) -> Select:
    """One statement. Each count stops at ``CAP``, so that it costs as much after a million."""
    here = (Step.office_id == office_id, Step.notice_id == Notice.id)
    each = [select(Step.id).where(*here, in_states(counter.states)) for counter in COUNTERS]
    numbers = [capped(some.correlate(Notice)) for some in each]
    return (
        select(Notice.id, Notice.title, Notice.audit_end, *numbers)
        .where(select(Step.id).where(*here).exists())
        .order_by(Notice.audit_end.desc(), Notice.id)
    )
