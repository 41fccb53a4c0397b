"""实名核验: whether a name and an identity number belong together, by whoever can tell."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.clock import Moment
from models.journal import note
from models.people import Person
from models.status import one_of
from models.words import _


class Finding(StrEnum):
    """What the check says; UNAVAILABLE: nobody can tell now, it is asked again later."""

    OK = "OK"
    MISMATCH = "MISMATCH"
    UNAVAILABLE = "UNAVAILABLE"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return FINDINGS[self]


FINDINGS = {
    Finding.OK: _("已实名"),
    Finding.MISMATCH: _("实名不符"),
    Finding.UNAVAILABLE: _("实名待核验"),
}

MISMATCH_WORDS = _("【职评】您注册时填写的姓名与身份证号经核验不一致，请联系单位或系统管理员更正。")

PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""Before the second, third, fourth time; then once a day."""


class NameCheck(Base):
    """How the name of a person who registered himself stands. ``due_at`` is when it is asked
    again, None once it was answered."""

    __tablename__ = "name_check"
    __table_args__ = (
        CheckConstraint(one_of("finding", Finding), name="finding"),
        CheckConstraint("(due_at IS NOT NULL) = (finding = 'UNAVAILABLE')", name="due"),
        # What is asked again now, the longest due first.
        Index(
            "ix_name_check_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    finding: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


def keep_finding(session: Session, person: Person, finding: Finding, now: datetime) -> NameCheck:
    """Mark a person with what the check says of his name."""
    check = session.get(NameCheck, person.id)
    tries = check.tries + 1 if check else 1
    check = check or NameCheck(person=person)
    check.finding, check.asked_at, check.tries = finding, now, tries
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    check.due_at = now + pause if finding is Finding.UNAVAILABLE else None
    session.add(check)
    note(session, "", "verify_name", "person", person.uid, finding=finding)
    session.flush()
    return check


def due_checks(session: Session, now: datetime, limit: int) -> list[int]:
    """The persons whose name is asked for now, the longest due first."""
    query = select(NameCheck.person_id).where(NameCheck.due_at <= now).order_by(NameCheck.due_at)
    return list(session.scalars(query.limit(limit)))
