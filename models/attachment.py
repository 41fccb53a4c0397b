"""附件: what was uploaded for what, and the rule that it obeys (decisions 23)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, new_uid
from models.batch import Batch
from models.clock import Moment
from models.codes import CodeBook
from models.declaration import Declaration

WHOLE_SECTION = ""
"""The ``record_uid`` of a file that belongs to its section and not to one record."""


class Attachment(Base):
    """One file. It belongs to a record or a section of a declaration, or to a batch.

    ``removed_at`` is the tombstone of a file that a submission holds: it leaves the
    applicant's lists, the submission keeps showing it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(declaration_id IS NULL) <> (batch_id IS NULL)", name="one_owner"),
        Index("ix_attachment_declaration_section", "declaration_id", "section", "record_uid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    section: Mapped[str] = mapped_column(String(30), default="")
    record_uid: Mapped[str] = mapped_column(String(32), default=WHOLE_SECTION)
    proof: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    pages: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    submitted: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    declaration: Mapped[Declaration | None] = relationship()
    batch: Mapped[Batch | None] = relationship()

    def __str__(self) -> str:
        return self.name


def drop(session: Session, file: Attachment, now: datetime) -> None:
    """Take a file away: with a tombstone if it was submitted, wholly otherwise."""
    if file.submitted:
        file.removed_at = now
    else:
        session.delete(file)


@dataclass(frozen=True)
class FileRule:
    """格式要求, 大小要求, 数量要求 of one kind of attachment, from its code table."""

    code: str
    title: str
    extensions: tuple[str, ...]
    megabytes: float
    at_least: int
    at_most: int
    remark: str

    @property
    def limit_bytes(self) -> int:
        """The largest size in bytes."""
        return int(self.megabytes * 1024 * 1024)


def file_rule(codes: CodeBook, code: str) -> FileRule:
    """The rule of one kind; KeyError if the table has no such kind."""
    entry = codes.table("attachment_type")[code]
    return FileRule(
        code=code,
        title=entry.name,
        extensions=tuple(entry.extra["extensions"].split(";")),
        megabytes=float(entry.extra["max_mb"]),
        at_least=int(entry.extra["min_count"]),
        at_most=int(entry.extra["max_count"]),
        remark=entry.extra["required_when"],
    )


@dataclass(frozen=True)
class Proof:
    """A kind of attachment that a section asks for.

    ``when(record, case)`` says whether it is required; without it the code table's
    smallest count decides. ``of_record`` is false for files of the section as a whole.
    """

    code: str
    when: Callable[[Any, Any], bool] | None = None
    of_record: bool = True
    hint: str = ""

    def needed(self, rule: FileRule, record: Any, case: Any) -> int:
        """How many files there must be at least."""
        if self.when is None:
            return rule.at_least
        return max(1, rule.at_least) if self.when(record, case) else 0


def proof(code: str, when=None, *, hint: str = "") -> Proof:
    """A proof that each record of the section asks for."""
    return Proof(code, when, True, hint)


def section_proof(code: str, when=None, *, hint: str = "") -> Proof:
    """A proof of the section as a whole; ``when`` gets its one record, or None."""
    return Proof(code, when, False, hint)


def never(record: Any, case: Any) -> bool:
    """Optional whatever the table says: for conditions that the data cannot decide."""
    return False
