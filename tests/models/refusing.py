"""What the database refuses, and by which name."""

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import new_uid
from models.constraints import name_of, sentence_of


def violated(session: Session, statement) -> str:
    """The name of the constraint that a statement meets; it has a sentence for people."""
    with pytest.raises(IntegrityError) as error:
        session.execute(statement)
    session.rollback()
    assert str(sentence_of(error.value)).endswith("。")
    return name_of(error.value)


def copied(session: Session, table: Table, changes: dict, where: str = "1 = 1") -> dict:
    """A row of a table as it would be inserted again, with new keys but those that are
    ``same``."""
    row = dict(session.execute(select(table).where(text(where))).mappings().first())
    same = {key for key, value in changes.items() if value == "same"}
    fresh = {key: new_uid() for key in ("uid", "token") if key in row and key not in same}
    row.pop("id", None)
    return row | fresh | {key: value for key, value in changes.items() if key not in same}
