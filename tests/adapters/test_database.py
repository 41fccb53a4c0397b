"""What both databases promise: who reads changes nothing, and no connection lives for ever."""

from time import time

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import base

from adapters.database import only_reading
from models.people import Person
from tests.worlds.base import managed

pytestmark = pytest.mark.world(build=managed)


def renamed(session: Session) -> None:
    """By a statement."""
    session.execute(update(Person).values(name="无名"))


def changed(session: Session) -> None:
    """By an object that the next question writes down."""
    session.scalars(select(Person).limit(1)).one().name = "无名"
    session.scalars(select(Person)).all()


@pytest.mark.parametrize("change", [renamed, changed])
def test_a_request_that_reads_changes_nothing_by_mistake(db, change):
    """On PostgreSQL it would be there at once, and in no journal."""
    refused = pytest.raises(RuntimeError, match="only reads")
    with Session(db.engine) as session, only_reading(session), refused:
        change(session)
    with Session(db.engine) as session:
        assert "无名" not in set(session.scalars(select(Person.name)))


def test_a_connection_is_opened_anew_after_an_hour(db, monkeypatch):
    """SQLite reads then how its rows lie, which ``sweep`` has found out meanwhile."""
    with db.app.app_context():
        engine = db.app.extensions["sqlalchemy"].engine

        def used() -> object:
            with engine.connect() as connection:
                return connection.connection.dbapi_connection

        first = used()
        assert used() is first
        monkeypatch.setattr(base.time, "time", lambda now=time: now() + 3700)
        assert used() is not first
