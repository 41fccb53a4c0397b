"""What was submitted, frozen (decisions 12): content, its hash, and what changed since."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from models.attachment import Attachment
from models.checking import findings
from models.declaration import Submission
from models.section import MANY, Case, Section, shown
from models.sections import SECTIONS

FORMAT = 1
"""Counts up whenever the form of ``content`` changes, so that old ones stay readable."""


def freeze(case: Case, round_: int, now: datetime) -> Submission:
    """The declaration as it stands, as readers will see it."""
    remarks = findings(case)
    sections = {
        section.key: _content(section, case, [f for f in remarks if f.section is section])
        for section in SECTIONS
    }
    content = {"format": FORMAT, "sections": sections}
    return Submission(
        declaration_id=case.declaration.id,
        round=round_,
        at=now,
        content=content,
        sha256=digest(content),
    )


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _content(section: Section, case: Case, remarks: list) -> dict[str, Any]:
    declaration, codes = case.declaration, case.codes
    files = [f for f in case.files if f.section == section.key and f.removed_at is None]
    ticked = section.key in {tick.section for tick in declaration.declared_none}
    records = section.records(declaration)
    return {
        "facts": {fact.key: fact.value(declaration, codes) for fact in section.facts},
        "none": ticked and not records,
        "records": [
            {
                "uid": record.uid,
                "values": {
                    key: shown(f, getattr(record, key), codes) for key, f in section.fields.items()
                },
                "files": [_file(f) for f in files if f.record_uid == record.uid],
            }
            for record in records
        ],
        "files": [_file(f) for f in files if not f.record_uid],
        "remarks": [
            {"uid": r.record.uid if r.record else "", "text": str(r.problem.sentence)}
            for r in remarks
        ],
    }


def _file(file: Attachment) -> dict[str, Any]:
    return {"uid": file.uid, "proof": file.proof, "name": file.name, "sha256": file.sha256}


@dataclass(frozen=True)
class Line:
    """One value of a frozen record; ``before`` is what it was, None where it is the same."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class FrozenRecord:
    """A record as it was submitted; ``fresh`` if the submission before did not have it."""

    title: str
    lines: tuple[Line, ...]
    file_uids: tuple[str, ...]
    fresh: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything differs from the submission before."""
        return self.fresh or any(line.before is not None for line in self.lines)


@dataclass(frozen=True)
class FrozenSection:
    """A section as it was submitted, beside the submission before (if there was one)."""

    section: Section
    none: bool
    records: tuple[FrozenRecord, ...]
    gone: tuple[str, ...]
    file_uids: tuple[str, ...]
    remarks: tuple[str, ...]
    files_changed: bool

    @property
    def changed(self) -> bool:
        """Whether anything of it differs from the submission before."""
        return bool(self.gone) or self.files_changed or any(r.changed for r in self.records)

    @property
    def count(self) -> int:
        """How many records it has."""
        return len(self.records)


def thaw(section: Section, content: dict, before: dict | None) -> FrozenSection:
    """One section of a frozen content, compared with the one before."""
    kept = content["sections"].get(section.key, EMPTY)
    old = before["sections"].get(section.key, EMPTY) if before else None
    olds = {record["uid"]: record for record in old["records"]} if old else {}
    facts, again = _facts(section, kept, old), old is not None
    records = tuple(_record(section, facts, r, olds.get(r["uid"]), again) for r in kept["records"])
    if not kept["records"] and kept["facts"]:
        records = (FrozenRecord("", facts, ()),)
    there = {record["uid"] for record in kept["records"]}
    return FrozenSection(
        section=section,
        none=kept["none"],
        records=records,
        gone=tuple(_title(section, r) for uid, r in olds.items() if uid not in there),
        file_uids=tuple(f["uid"] for f in kept["files"]),
        remarks=tuple(remark["text"] for remark in kept["remarks"]),
        files_changed=old is not None and _hashes(kept) != _hashes(old),
    )


EMPTY: dict[str, Any] = {"facts": {}, "none": False, "records": [], "files": [], "remarks": []}


def _hashes(kept: dict) -> list[tuple[str, str, str]]:
    owners = [("", kept["files"]), *((r["uid"], r["files"]) for r in kept["records"])]
    return sorted((uid, f["proof"], f["sha256"]) for uid, files in owners for f in files)


def _title(section: Section, record: dict) -> str:
    first = section.listed_keys[0] if section.listed else ""
    return record["values"].get(first, "")


def _facts(section: Section, kept: dict, old: dict | None) -> tuple[Line, ...]:
    labels = {fact.key: fact.label for fact in section.facts}
    return _lines(labels, kept["facts"], old["facts"] if old else None)


def _lines(labels: dict[str, str], values: dict, was: dict | None) -> tuple[Line, ...]:
    return tuple(
        Line(label, values.get(key, ""), None if was is None else _before(was, values, key))
        for key, label in labels.items()
    )


def _record(section: Section, facts: tuple[Line, ...], record: dict, old: dict | None, new: bool):
    lines = _lines(section.labels, record["values"], old["values"] if old else None)
    return FrozenRecord(
        title=_title(section, record) if section.shape is MANY else "",
        lines=(() if section.shape is MANY else facts) + lines,
        file_uids=tuple(f["uid"] for f in record["files"]),
        fresh=new and old is None,
    )


def _before(was: dict, values: dict, key: str) -> str | None:
    old = was.get(key, "")
    return old if old != values.get(key, "") else None
