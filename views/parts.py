"""Parts of pages that several desks show: links, empty states, windows, the timeline."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext

from models.declaration import Declaration, Progress
from models.section import titles
from models.sections import SECTIONS
from models.status import Status, StepState
from models.workflow import Action
from views.words import short_time


class Event(NamedTuple):
    """One point of the timeline."""

    kind: str
    title: str
    tag: str
    tag_kind: str
    meta: str
    quote: str


KINDS = {
    Action.RETURN: ("ret", "ret"),
    Action.HAND_BACK: ("ret", "ret"),
    Action.TERMINATE: ("stop", "err"),
}


BETWEEN_OFFICES = frozenset({Action.APPROVE, Action.REOPEN, Action.SEND, Action.HAND_BACK})
"""What an office writes to another one; the applicant reads what is addressed to him
(domain 06.6)."""


def events_of(
    declaration: Declaration, now: datetime, *, for_applicant: bool = False
) -> list[Event]:
    """What happened, then where it lies, then the nodes to come."""
    hidden = BETWEEN_OFFICES if for_applicant else frozenset()
    made = [_event(line, now, quoted=line.action not in hidden) for line in declaration.progress]
    step = declaration.step
    if declaration.status == Status.SUBMITTED and step is not None:
        since = gettext("%(at)s 到达", at=short_time(step.arrived_at, now))
        state = StepState(step.state).label
        made.append(Event("now", step.office.name, gettext(state), "info", since, ""))
        above = [s for s in declaration.chain if s.position > step.position]
        made += [Event("ahead", s.office.name, "", "", "", "") for s in above]
    return made


def _event(line: Progress, now: datetime, *, quoted: bool) -> Event:
    action = Action(line.action)
    kind, tag = KINDS.get(action, ("done", "ok"))
    meta = [short_time(line.at, now), line.actor]
    if line.target is not None:
        meta.append(gettext("→ %(office)s", office=line.target.name))
    if line.faults:
        names = "、".join(gettext(title) for title in titles(SECTIONS, line.faults))
        meta.append(gettext("要修改：%(names)s", names=names))
    title = line.office.name if line.office else gettext("申报人")
    quote = line.opinion if quoted else ""
    return Event(kind, title, gettext(action.label), tag, "　".join(meta), quote)


def level_of(end: datetime, now: datetime) -> str:
    """Amber below three days, red below one."""
    days = (end - now).total_seconds() / 86400
    return "" if days >= 3 or days < 0 else "warn" if days >= 1 else "err"


class Link(NamedTuple):
    """A title and where it leads."""

    title: str
    url: str


class Empty(NamedTuple):
    """What an empty queue says."""

    icon: str
    title: str
    text: str
    word: str
    url: str
    other_word: str = ""
    other_url: str = ""
