"""What the two databases must be told so that they keep the same promises.

SQLite: WAL, foreign keys, full durability, and write transactions that begin by taking
the write lock. A transaction that reads first and writes later fails there at once with
"database is locked" if anybody wrote in between, whatever the timeout.

PostgreSQL: who only reads goes without transactions, and what is asked all the time is prepared.

Both: a request that only reads writes nothing, not even by mistake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

writing: ContextVar[bool | None] = ContextVar("writing", default=True)
"""Whether transactions that begin now may write; a GET's may not. None: nobody has said."""

READING = "reads without transactions"
"""What is noted at a connection of PostgreSQL as long as it does."""

SOON, DRIVERS = 2, 5
"""After how many times a statement is prepared: one that is meant to be, any other."""

TRIED_TOGETHER = """
    SELECT set_config('join_collapse_limit', '5', false) FROM pg_settings
    WHERE name = 'join_collapse_limit' AND source = 'default'
"""
"""Of how many tables PostgreSQL looks for the best order at once, unless its operator has said."""

PATIENCE = "PRAGMA busy_timeout = 15000"

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    PATIENCE,
    # 32 MiB a connection, as they are needed: in the usual 2 MiB the inner pages of the indices
    # of a million declarations do not stay, and each list reads them again.
    "PRAGMA cache_size = -32768",
)


LOOKED_AT = 1000
"""Rows of each index that SQLite looks at: it takes moments, after a million too."""


def tune(engine: Engine) -> None:
    """Make ``engine`` keep the promises."""
    event.listen(engine, "before_cursor_execute", _only_as_said)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _plan_soon)
        event.listen(engine, "begin", _begin_or_not)
        event.listen(engine, "before_cursor_execute", _prepare_or_not)
        event.listen(engine, "checkin", _as_it_was)


def _connect(connection, record) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _only_as_said(connection, cursor, statement, parameters, context, executemany) -> None:
    """RuntimeError for a change in a request that only reads: without a transaction it would
    stay, and be in no journal."""
    changes = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if changes and writing.get() is False:
        raise RuntimeError(f"a request that only reads would change something: {statement[:80]}")


def _plan_soon(connection, record) -> None:
    """Lists join ten tables, and name those first that leave few rows. PostgreSQL would try the
    orders of eight at a time, which for a search takes as long as the search."""
    connection.autocommit = True  # what is set in a transaction ends with its rollback
    connection.execute(TRIED_TOGETHER)
    connection.autocommit = False


def _begin_or_not(connection: Connection) -> None:
    """On PostgreSQL each statement sees what is committed when it begins, within a transaction
    or without. So who only reads goes without: BEGIN and ROLLBACK are ways to the server and
    back, and at the latter the driver forgets what it has prepared. A cursor needs one."""
    cursor = connection.get_execution_options().get("yield_per")
    if writing.get() is False and not cursor:
        connection.connection.dbapi_connection.autocommit = connection.info[READING] = True
    else:
        _as_it_was(connection.connection.dbapi_connection, connection)


def _prepare_or_not(connection, cursor, statement, parameters, context, executemany) -> None:
    """PostgreSQL plans a statement that is prepared for its parameters a few times, and then, if
    that seems no dearer, once for all, for the average of them. That is right where an index
    leads to all that is asked, as ``prepared`` in its execution options says; elsewhere a rare
    name needs another plan than a common one. Who writes keeps the driver's own way: he may write
    a thousand rows by one statement."""
    wanted = context is not None and context.execution_options.get("prepared")
    never = None if connection.info.get(READING) else DRIVERS
    cursor.connection.prepare_threshold = SOON if wanted else never


def _as_it_was(driver, noted) -> None:
    """The driver's connection with transactions again, unless somebody else had them switched
    off; ``noted`` is what has its ``info``: the pool's record, or SQLAlchemy's connection."""
    if noted.info.pop(READING, False) and driver is not None:
        driver.autocommit = False


def look_around(engine: Engine) -> None:
    """Let SQLite see how its rows lie: of what it knows nothing about it guesses badly.
    PostgreSQL looks by itself."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {LOOKED_AT}")
            connection.exec_driver_sql("ANALYZE")


def read_no_longer(_error: BaseException | None) -> None:
    """A request that only read is over: nobody has said what its thread does next."""
    if writing.get() is False:
        writing.set(None)


def met_another(error: OperationalError) -> bool:
    """Whether somebody else's transaction was in the way: SQLite's lock was not to be had in
    time, or PostgreSQL ended one of two that waited for each other."""
    return "database is locked" in str(error.orig) or isinstance(error.orig, DeadlockDetected)


@contextmanager
def only_reading(session: Session) -> Iterator[None]:
    """A transaction that writes nothing in the midst of a request that may write; it has
    ended when the block has. Nothing may have been written before."""
    session.rollback()
    token = writing.set(False)
    try:
        yield
    finally:
        session.rollback()
        writing.reset(token)


@contextmanager
def also_writing(session: Session) -> Iterator[None]:
    """A transaction that may write in the midst of a request that otherwise reads; what was
    not committed when the block ends is undone."""
    session.rollback()
    token = writing.set(True)
    try:
        yield
    finally:
        session.rollback()
        writing.reset(token)


@contextmanager
def aside(engine: Engine, journal) -> Iterator[Session]:
    """A short write transaction of its own, beside the reading one of a GET."""
    token = writing.set(True)
    try:
        with Session(engine) as session, session.begin():
            yield session
            journal.write(session)
    finally:
        writing.reset(token)


def in_passing(engine: Engine, statement: Executable) -> bool:
    """Run one statement in a transaction of its own, if nobody has to be waited for.

    False if SQLite's write lock is not to be had at once. On PostgreSQL the statement must
    pass by locked rows itself.
    """
    token = writing.set(True)
    try:
        with engine.connect() as connection, _impatient(connection), connection.begin():
            connection.execute(statement)
        return True
    except OperationalError as error:
        if not met_another(error):
            raise
        return False
    finally:
        writing.reset(token)


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection  # asked through SQLAlchemy it would begin first
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        raw.execute(PATIENCE)
