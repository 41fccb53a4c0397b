"""The frozen submission and its files, section by section, with the verdicts."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.declaration import Declaration, Step, Submission
from models.section import MANY, Section
from models.sections import SECTIONS
from models.status import Part
from models.submission import FrozenRecord, FrozenSection, thaw
from views.audit.deciding import Draft


class FilePage(NamedTuple):
    """The picture of one page."""

    number: int
    url: str
    thumb_url: str


class FileShown(NamedTuple):
    """One file of a section; no pages means that it can only be downloaded."""

    key: str
    name: str
    url: str
    pages: list[FilePage]


class FactShown(NamedTuple):
    """One value; ``before`` is what the last submission had, where it differs."""

    label: str
    value: str
    before: str
    changed: bool


class RecordShown(NamedTuple):
    """One record as it was submitted."""

    title: str
    main: str
    change: str
    facts: list[FactShown]
    files: list[FileShown]


class Check(NamedTuple):
    """A remark of the data check."""

    kind: str
    text: str


@dataclass
class SectionShown:
    """One section on the workbench."""

    key: str
    title: str
    count: int
    verdict: str
    note: str
    last: str
    last_note: str
    changed: bool
    meta: str
    looks: list[str]
    checks: list[Check]
    records: list[RecordShown]
    files: list[FileShown]


class PartShown(NamedTuple):
    """The sections under one heading."""

    title: str
    sections: list[SectionShown]


class Evidence:
    """The last submission, the one before, those that ``step`` judged, and their files."""

    def __init__(self, session: Session, declaration: Declaration, step: Step | None):
        last = self._last = declaration.round
        judged = {v.submission for v in step.judged(step.round - 1).values()} if step else set()
        rows = session.execute(
            select(Submission.round, Submission.content).where(
                Submission.declaration_id == declaration.id,
                Submission.round.in_(sorted({last, last - 1, *judged})),
            )
        )
        self._contents = dict(rows.all())
        self.content, self.before = self._contents[last], self._contents.get(last - 1)
        files = select(Attachment.uid, Attachment.name, Attachment.pages).where(
            Attachment.declaration_id == declaration.id, Attachment.submitted
        )
        self.files = {file.uid: file for file in session.execute(files)}

    def section(self, section: Section) -> FrozenSection:
        """One section of it."""
        return thaw(section, self.content, self.before)

    def same_since(self, section: Section, round_: int) -> bool:
        """Whether the section is what it was in the submission of that round."""
        seen = self._contents.get(round_)
        if round_ == self._last or seen is None:
            return round_ == self._last
        return not thaw(section, self.content, seen).changed

    def shown(self, uids) -> list[FileShown]:
        """Files for the viewer, in the order of the submission."""
        return [file_shown(self.files[uid]) for uid in uids if uid in self.files]


def file_shown(file: Any) -> FileShown:
    """One file with its pages; ``file`` has uid, name and pages."""
    where = {"uid": file.uid}
    pages = [
        FilePage(
            n, url_for("Files.page", number=n, **where), url_for("Files.thumb", number=n, **where)
        )
        for n in range(1, file.pages + 1)
    ]
    return FileShown(file.uid, file.name, url_for("Files.original", **where), pages)


def section_shown(frozen: FrozenSection, step: Step | None, draft: Draft, evidence: Evidence):
    """One section with its verdict: the one of this round, else 无误 of the round before."""
    section = frozen.section
    last = step.judged(step.round - 1).get(section.key) if step else None
    mark = draft.marks.get(section.key)
    right = last is not None and not last.wrong
    carried = "right" if right and evidence.same_since(section, last.submission) else ""
    records = [_record(r, evidence) for r in frozen.records]
    records += [RecordShown(title, "", "gone", [], []) for title in frozen.gone]
    if frozen.none and not frozen.records:
        records = [RecordShown(gettext(section.none_word), "", "", [], [])]
    own = [file for record in records for file in record.files]
    return SectionShown(
        key=section.key,
        title=gettext(section.title),
        count=frozen.count if section.shape is MANY else 0,
        verdict=("wrong" if mark.wrong else "right") if mark else carried,
        note=mark.note if mark else "",
        last=("wrong" if last.wrong else "right") if last else "",
        last_note=last.note if last else "",
        changed=frozen.changed,
        meta=_meta(section, frozen),
        looks=[gettext(text) for text in section.checks],
        checks=[Check("warn", text) for text in frozen.remarks],
        records=records,
        files=[*own, *evidence.shown(frozen.file_uids)],
    )


def _meta(section: Section, frozen: FrozenSection) -> str:
    if section.shape is not MANY or not frozen.count:
        return ""
    return gettext("%(n)s %(unit)s", n=frozen.count, unit=gettext(section.counted))


def _record(record: FrozenRecord, evidence: Evidence) -> RecordShown:
    facts = [
        FactShown(gettext(line.label), line.value, line.before or "", line.before is not None)
        for line in record.lines
        if line.value or line.before
    ]
    change = "new" if record.fresh else "changed" if record.changed else ""
    return RecordShown(record.title, "", change, facts, evidence.shown(record.file_uids))


def parts_shown(evidence: Evidence, step: Step | None, draft: Draft) -> list[PartShown]:
    """All seventeen sections under their headings."""
    made = {s: section_shown(evidence.section(s), step, draft, evidence) for s in SECTIONS}
    return [
        PartShown(gettext(part.value), [shown for s, shown in made.items() if s.part is part])
        for part in Part
    ]
