"""Writes a draft: the rows of its sections, and the files that they ask for."""

from datetime import datetime
from random import Random

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from demo.evidence import LIKELY, Pool
from demo.plans import BEGUN, BLANK
from demo.records import Rows
from models.acts import case_of
from models.attachment import Attachment, Proof, file_rule
from models.base import new_uid
from models.codes import CodeBook
from models.declaration import Declaration
from models.journal import note
from models.permissions import Actor
from models.record import DeclaredNone, Record
from models.section import Case, Section
from models.sections import SECTIONS
from models.vault import Vault

FIRST = ("basic_info", "education", "work")
"""Where one begins to fill in."""


class Writer:
    """Writes drafts into the running transaction."""

    def __init__(self, session: Session, codes: CodeBook, vault: Vault, pool: Pool):
        self.session, self.codes, self.vault, self.pool = session, codes, vault, pool

    def write(
        self,
        declaration: Declaration,
        rows: Rows,
        filled: str,
        actor: Actor,
        at: datetime,
        rng: Random,
    ) -> list[Attachment]:
        """Fill in as much as ``filled`` says; the files that were uploaded."""
        if filled == BLANK:
            return []
        begun = filled == BEGUN
        wanted = [s for s in SECTIONS if s.model and (not begun or s.key in FIRST)]
        made = [(s, self._records(s, declaration, rows.get(s.key, []), at)) for s in wanted]
        self.session.flush()
        for section, records in made:
            self._tell_records(section, declaration, records, actor)
        case = case_of(self.session, declaration, self.codes, at)
        files = [
            self.upload(declaration.id, section, proof.code, uid, actor, at, rng)
            for section in SECTIONS
            for proof, uid in self._wanted(section, case, rng)
            if not begun or (section.key in FIRST and rng.random() < 0.5)
        ]
        self.session.flush()
        for file in files:
            self._tell_upload(file, actor)
        return files

    def upload(
        self,
        declaration_id: int,
        section: Section,
        code: str,
        record_uid: str,
        actor: Actor,
        at: datetime,
        rng: Random,
    ) -> Attachment:
        """One file of a kind for a record or a section."""
        owner = {"declaration_id": declaration_id, "section": section.key}
        file = self.pool.attachment(code, rng, at, actor.username, record_uid=record_uid, **owner)
        file.uid = new_uid()
        self.session.add(file)
        return file

    def replace(self, old: Attachment, actor: Actor, at: datetime, rng: Random) -> None:
        """Another file in the place of one that a submission holds and keeps."""
        owner = {key: getattr(old, key) for key in ("declaration_id", "section", "record_uid")}
        old.removed_at = at
        note(self.session, actor.username, "delete", "attachment", old.uid, name=old.name)
        file = self.pool.attachment(old.proof, rng, at, actor.username, **owner)
        file.uid = new_uid()
        self.session.add(file)
        self._tell_upload(file, actor)

    def _records(
        self, section: Section, declaration: Declaration, rows: list[dict], at: datetime
    ) -> list[Record]:
        """The records of a section, or the tick that there are none."""
        records = [self._record(section, row) for row in rows]
        for place, record in enumerate(records, 1):
            record.position, record.created_at = place, at
            record.declaration_id = declaration.id
        self.session.add_all(records)
        # They are known: nothing need be read back to see which files they ask for.
        set_committed_value(declaration, section.key, records)
        if section.none_word and not rows:
            self.session.add(DeclaredNone(declaration_id=declaration.id, section=section.key))
        return records

    def _tell_records(
        self, section: Section, declaration: Declaration, records: list[Record], actor: Actor
    ) -> None:
        for record in records:
            note(self.session, actor.username, "add", section.key, record.id)
        if section.none_word and not records:
            note(self.session, actor.username, "none", section.key, declaration.id)

    def _record(self, section: Section, row: dict) -> Record:
        uid = new_uid()
        values = dict(row, uid=uid)
        if number := values.pop("expert_id_no", None):
            values["expert_id_no"] = self.vault.seal(number, section.key, "expert_id_no", uid)
        return section.model(**values)

    def _wanted(self, section: Section, case: Case, rng: Random) -> list[tuple[Proof, str]]:
        """The proofs of a section, as often as they are needed, some others besides."""
        records = section.records(case.declaration)
        if not section.applies(case):
            return []
        made = []
        for proof in section.proofs:
            rule = file_rule(self.codes, proof.code)
            owners = records if proof.of_record else [records[0] if records else None]
            for record in owners:
                count = proof.needed(rule, record, case)
                if not count and (record or section.model is None):
                    count = rng.random() < LIKELY.get(proof.code, 0)
                made += [(proof, record.uid if proof.of_record else "")] * count
        return made

    def _tell_upload(self, file: Attachment, actor: Actor) -> None:
        note(self.session, actor.username, "upload", "attachment", file.uid, name=file.name)
