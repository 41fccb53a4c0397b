"""What a request that only reads asks of PostgreSQL, and that what writes is still whole."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from adapters.database import tune, writing
from models.people import Person
from tests.worlds.base import PASSWORD, managed

pytestmark = [pytest.mark.world(build=managed), pytest.mark.databases("postgresql")]


@contextmanager
def reading():
    token = writing.set(False)
    yield
    writing.reset(token)


@pytest.fixture
def idle(db) -> Callable[[], bool]:
    """Whether a statement leaves no transaction behind on the connection that it had."""

    def ask() -> bool:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            raw = connection.connection.dbapi_connection
            return raw.info.transaction_status == TransactionStatus.IDLE

    return ask


def test_who_reads_opens_no_transaction_and_who_writes_does(idle):
    with reading():
        assert idle()
    assert not idle()


def test_what_is_not_committed_is_undone_after_a_reading_too(db):
    with db.engine.connect() as connection:
        before = connection.scalar(select(Person.name).limit(1))
    with reading(), db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    with db.engine.connect() as connection:
        connection.execute(text("UPDATE person SET name = '无名'"))
        connection.rollback()
    with db.engine.connect() as connection:
        after = connection.scalar(select(Person.name).limit(1))
    assert before is not None and after == before


def test_a_connection_that_was_read_from_is_given_back_as_it_was(db):
    """Who takes it without SQLAlchemy's transaction expects one, as from any other."""
    with reading(), db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert connection.connection.dbapi_connection.autocommit
    raw = db.engine.raw_connection()
    assert not raw.dbapi_connection.autocommit
    raw.close()


def test_a_cursor_has_its_transaction(db):
    query = text("SELECT generate_series(1, 5)")
    with reading(), db.engine.connect().execution_options(yield_per=2) as connection:
        assert connection.scalars(query).all() == [1, 2, 3, 4, 5]


def test_a_request_leaves_the_thread_as_it_was(client):
    client.login("agent", PASSWORD)
    client.open("/phrases/list/")
    assert writing.get() is not False


def prepared(db) -> set[str]:
    """The first words of what the one connection of the pool has prepared."""
    with Session(db.app.extensions["sqlalchemy"].engine) as session:
        found = session.scalars(text("SELECT statement FROM pg_prepared_statements"))
        return {statement.split(",")[0] for statement in found}


def test_who_asks_and_the_plain_pages_of_a_list_are_prepared_and_a_search_is_not(db, client):
    """What a name needs depends on the name."""
    client.login("agent", PASSWORD)
    for _ in range(4):
        client.open("/reviewed/list/", query={"_flt_0_name": "高建"})
    with db.app.app_context():
        assert prepared(db) == {"SELECT login_session.id AS login"}
    for _ in range(4):
        client.open("/reviewed/list/")
    with db.app.app_context():
        assert prepared(db) == {
            "SELECT login_session.id AS login",
            "WITH page AS \n(SELECT declaration.id AS found",
        }


@pytest.mark.parametrize(
    "options, seen", [("-c work_mem=5MB", "5"), ("-c join_collapse_limit=12", "12")]
)
def test_joins_are_planned_a_few_at_a_time_unless_the_operator_says_otherwise(db, options, seen):
    engine = create_engine(db.engine.url.update_query_dict({"options": options}))
    tune(engine)
    with engine.connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SELECT current_setting('join_collapse_limit')")) == seen
    engine.dispose()
