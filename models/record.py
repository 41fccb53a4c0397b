"""A record: one row of a section, and the tick that stands for none."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, backref, declared_attr, mapped_column, relationship

from models.base import Base, Tracked, new_uid
from models.clock import Moment
from models.declaration import Declaration


class Record(Tracked, Base):
    """One row of a section; ``declaration.<table>`` holds them all, in their order."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid, sort_order=-9)
    position: Mapped[int] = mapped_column(default=0, sort_order=-8)
    created_at: Mapped[datetime] = mapped_column(Moment, sort_order=-7)

    @declared_attr
    def declaration_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("declaration.id"), index=True, sort_order=-9)

    @declared_attr
    def declaration(cls) -> Mapped[Declaration]:
        order = f"({cls.__name__}.position, {cls.__name__}.id)"
        rows = backref(cls.__tablename__, cascade="all, delete-orphan", order_by=order)
        return relationship(Declaration, backref=rows)


class DeclaredNone(Base):
    """The tick that stands for an empty section: 本人无惩罚处分."""

    __tablename__ = "declared_none"
    __table_args__ = (UniqueConstraint("declaration_id", "section", name="uq_declared_none"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    section: Mapped[str] = mapped_column(String(30))

    declaration: Mapped[Declaration] = relationship(
        backref=backref("declared_none", cascade="all, delete-orphan")
    )


def only_one(table: str, flag: str) -> Index:
    """A partial unique index: one record of a declaration may say 是 (R03)."""
    return Index(
        f"uq_{table}_{flag}",
        "declaration_id",
        unique=True,
        sqlite_where=text(flag),
        postgresql_where=text(flag),
    )
