"""What still refers to a row, so that a deletion is refused in words and not by the database."""

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.base import Base


def in_use(session: Session, item: Any) -> bool:
    """Whether another row of any table refers to ``item``; one statement.

    Rows that go with it (ON DELETE CASCADE) do not count.
    """
    table, key = item.__table__, item.id
    columns = [
        foreign.parent
        for other in Base.metadata.tables.values()
        for column in other.columns
        for foreign in column.foreign_keys
        if foreign.column.table is table and foreign.ondelete != "CASCADE"
    ]
    return bool(session.scalar(select(or_(*(exists().where(c == key) for c in columns)))))
