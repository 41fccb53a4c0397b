"""The rail: all sections of a declaration with their states, and the sums."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext

from models.checking import findings_of
from models.declaration import Declaration
from models.permissions import may_edit
from models.section import FILES, MANY, Case, Finding, Section
from models.sections import SECTIONS
from models.status import Part, Status
from views.login import actor
from views.words import translate


class SectionState(NamedTuple):
    """One section in the rail and in the task list."""

    key: str
    title: str
    url: str
    state: str
    hint: str
    required: bool
    count: int
    problems: int


@dataclass(frozen=True)
class PartState:
    """The sections under one heading."""

    title: str
    sections: list[SectionState]

    @property
    def required(self) -> int:
        """How many of its sections must be filled in."""
        return sum(s.required for s in self.sections)

    @property
    def done(self) -> int:
        """How many of those are complete."""
        return sum(s.required and s.state in ("ok", "lock") for s in self.sections)

    @property
    def state(self) -> str:
        """The worst of its sections."""
        states = [s.state for s in self.sections]
        worst = next((s for s in ("err", "ret", "no") if s in states), "")
        return worst or ("lock" if set(states) == {"lock"} else "ok" if "ok" in states else "opt")


@dataclass(frozen=True)
class Rail:
    """All sections with their states, and the sums."""

    parts: list[PartState]

    def _count(self, *states: str) -> int:
        return sum(s.state in states for part in self.parts for s in part.sections)

    @property
    def required(self) -> int:
        """Required sections."""
        return sum(part.required for part in self.parts)

    @property
    def done(self) -> int:
        """Required sections that are complete."""
        return sum(part.done for part in self.parts)

    @property
    def wrong(self) -> int:
        """Sections with errors."""
        return self._count("err")

    @property
    def to_fix(self) -> int:
        """Sections that were returned."""
        return self._count("ret")

    @property
    def next(self) -> SectionState | None:
        """The section to go on with: returned first, then wrong, then required."""
        states = [s for part in self.parts for s in part.sections]
        for wanted in ("ret", "err", "no"):
            for state in states:
                if state.state == wanted and (wanted != "no" or state.required):
                    return state
        return None


def rail_of(case: Case) -> Rail:
    """The rail of a declaration as its applicant sees it."""
    states = [_state(section, case) for section in SECTIONS if _shown(section, case)]
    by_part = {part: [s for s, section in states if section.part is part] for part in Part}
    return Rail([PartState(gettext(part.value), states) for part, states in by_part.items()])


def _shown(section: Section, case: Case) -> bool:
    return section.applies(case) or bool(section.records(case.declaration))


def _state(section: Section, case: Case) -> tuple[SectionState, Section]:
    declaration = case.declaration
    found = findings_of(section, case)
    errors = [f for f in found if not f.problem.warning]
    count = len(section.records(declaration))
    files = [f for f in case.files if f.section == section.key]
    none = section.key in {tick.section for tick in declaration.declared_none}
    state = _word(section, declaration, bool(errors), bool(count or files or none))
    shown_state = SectionState(
        key=section.key,
        title=gettext(section.title),
        url=section_url(declaration, section),
        state=state,
        hint=_hint(section, state, errors or found, count, len(files), none),
        required=section.asked,
        count=count if section.shape is MANY else 0,
        problems=len(errors),
    )
    return shown_state, section


def _word(section: Section, declaration: Declaration, wrong: bool, begun: bool) -> str:
    if declaration.status not in (Status.DRAFT, Status.RETURNED):
        return "lock"
    if declaration.status == Status.RETURNED:
        return "ret" if may_edit(actor(), declaration, section.key) else "lock"
    if wrong:
        return "err" if begun else "no"
    return "ok" if begun else "opt"


def _hint(
    section: Section, state: str, found: list[Finding], count: int, files: int, none: bool
) -> str:
    if found and state in ("err", "ret", "no"):
        return translate(found[0].problem.sentence)
    if section.shape is FILES:
        return gettext("已传 %(n)s 个附件", n=files) if files else gettext("还没有上传")
    if section.shape is MANY and count:
        return gettext("已填 %(n)s %(unit)s", n=count, unit=gettext(section.counted))
    if none and not count:
        return gettext(section.none_word)
    empty = gettext("没有填写") if state == "lock" else gettext("没有可以不填")
    return gettext("已填写") if count else empty


def section_url(declaration: Declaration, section: Section) -> str:
    """Where a section of one's own declaration is filled in."""
    return url_for(f"Mine_{section.key}.list", declaration_id=declaration.id)
