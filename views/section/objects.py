"""What the template of a section page is given: plain objects without a rule."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.declaration import Declaration
from models.section import Section
from views.parts import Link
from views.section.rail import Rail
from views.section.uploads import Upload
from views.words import long_time


class Returned:
    """Why a section came back: who, when, what was noted."""

    def __init__(self, declaration: Declaration, section: Section):
        step = declaration.returner
        self.office = step.office.name
        self.when = long_time(step.decided_at)
        self.note = step.judged()[section.key].note


class Entry(NamedTuple):
    """One record in the list of a section page."""

    title: str
    main: str
    meta: list[str]
    files: int
    problem: str
    open: bool
    edit_url: str
    delete_url: str
    delete_text: str
    version: int


class Group(NamedTuple):
    """Fields under one heading of a form."""

    key: str
    title: str
    hint: str
    facts: list[tuple[str, str]]
    fields: list[Any]


class Year(NamedTuple):
    """One year of a yearly sheet."""

    title: str
    fields: list[Any]
    facts: list[tuple[str, str]]


class NoneChoice(NamedTuple):
    """The tick that stands for an empty section."""

    word: str
    url: str
    ticked: bool


class Shown(NamedTuple):
    """A record that can only be read."""

    title: str
    facts: list[tuple[str, str]]


class Difference(NamedTuple):
    """A field that somebody else saved meanwhile."""

    label: str
    mine: str
    saved: str


@dataclass
class SectionPage:
    """The page of one section (栏目页); see templates/section/page.html."""

    title: str
    key: str
    shape: str
    rail: Rail
    crumbs: list[Link]
    intro: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    returned: Any = None
    locked: str = ""
    records: list[Shown] = field(default_factory=list)
    conflict: list[Difference] = field(default_factory=list)
    heading: str = ""
    entries: list[Entry] = field(default_factory=list)
    add_url: str = ""
    add_word: str = ""
    none: Any = None
    form: Any = None
    form_url: str = ""
    form_title: str = ""
    save_word: str = ""
    cancel_url: str = ""
    groups: list[Group] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    uploads_title: str = ""
    uploads: list[Upload] = field(default_factory=list)
    uploads_note: str = ""

    def __getattr__(self, name: str):
        """The rail's sums are the page's."""
        if name in ("parts", "done", "required", "wrong", "to_fix"):
            return getattr(self.rail, name)
        raise AttributeError(name)
