"""批量送审: what one office sends up together, and the numbers that are drawn in order."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, insert_into, new_uid, sortable
from models.clock import Moment
from models.notice import Notice
from models.offices import Office


class Batch(Base):
    """批量送审: what one office sends up together under one 推荐报告/申报函.

    One that is not sent yet collects the report of an office and a notice.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("(sent_at IS NULL) = (number IS NULL)", name="number_when_sent"),
        # 送审批次 of the console, the latest first.
        Index("ix_batch_sent", "sent_at", "id"),
        Index(
            "uq_batch_open",
            "office_id",
            "notice_id",
            unique=True,
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    number: Mapped[str | None] = mapped_column(sortable(30), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_by: Mapped[str] = mapped_column(String(64), default="")

    office: Mapped[Office] = relationship(foreign_keys=office_id)
    target: Mapped[Office | None] = relationship(foreign_keys=target_id)
    notice: Mapped[Notice] = relationship()


class Serial(Base):
    """The next number of a series, drawn under a row lock (申报编号, 批次号)."""

    __tablename__ = "serial"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def draw(session: Session, name: str) -> int:
    """The next number of a series. Its row stays locked until the transaction ends,
    so that numbers come once each and without gaps."""
    insert = insert_into(session, Serial).values(name=name, last=1)
    drawn = insert.on_conflict_do_update(
        index_elements=[Serial.name], set_={"last": Serial.last + 1}
    ).returning(Serial.last)
    return session.execute(drawn).scalar_one()
