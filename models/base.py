"""The declarative base of every table of the domain, and what many of them share."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, String, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from models.clock import Moment

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class Base(DeclarativeBase):
    """Tables of the domain; a second table of the same name is an error."""

    metadata = MetaData(naming_convention=NAMES)


def insert_into(session: Session, table: type[Base] | Table) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of the session's database that knows ON CONFLICT."""
    return INSERTS[session.get_bind().dialect.name](table)


def add_new(session: Session, table: type[Base], **row: Any) -> bool:
    """Insert a row, unless one is there that it would double; whether it was inserted."""
    new = insert_into(session, table).values(**row).on_conflict_do_nothing()
    # Asked for the key: PostgreSQL's driver does not count the rows of an INSERT.
    return session.execute(new.returning(*table.__table__.primary_key)).first() is not None


def sortable(length: int) -> String:
    """Text in byte order on both databases, so that lists agree and indices serve them."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def new_uid() -> str:
    """16 random bytes in hexadecimal: an identity that tells nothing and never changes."""
    return secrets.token_hex(16)


class Tracked:
    """A row that two people may edit: its version, and who saved it last and when.

    ``version`` is counted by SQLAlchemy; an update of a row that moved on meanwhile
    raises ``StaleDataError``.
    """

    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime | None] = mapped_column(Moment)
    updated_by: Mapped[str] = mapped_column(String(64), default="")

    @declared_attr.directive
    def __mapper_args__(cls):
        return {"version_id_col": cls.version}
