"""Rows by the million into tables that are empty: without indices, which are made afterwards.

All happens in the session's one transaction, so a run that fails or is killed leaves the
empty database. Values are numbers, booleans, None and text without tabs, line breaks and
backslashes; bytes go through ``blob``. Moments are text in UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

BLOCK = 1_000
"""Rows that are sent at once."""


@dataclass(frozen=True, eq=False)
class Target:
    """A table, and the columns that its rows have."""

    table: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        """As a statement names them; one column has the name of a keyword."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f"{self.table} ({columns})"


def refuse_rows(raw: Any, tables: Sequence[str]) -> None:
    """ValueError if one of the tables has a row: it would be in the way, or be lost."""
    for table in tables:
        if raw.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            raise ValueError(f"the table {table} is not empty")


class PostgresLoad:
    """COPY into tables that have no keys and no indices for the time of it.

    TRUNCATE in the same transaction lets COPY write rows that need no vacuum later.
    """

    SETTINGS = ("timezone = 'UTC'", "work_mem = '128MB'", "maintenance_work_mem = '384MB'")
    KEYS = """
        SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype
        FROM pg_constraint
        WHERE contype IN ('p', 'u', 'f') AND (
            conrelid = ANY(%(tables)s::text[]::regclass[])
            OR confrelid = ANY(%(tables)s::text[]::regclass[]))
        ORDER BY contype = 'f' DESC, oid
    """
    INDICES = """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = ANY(%(tables)s::text[]::regclass[]) ORDER BY indexrelid
    """
    SEQUENCE = "SELECT setval('{0}_id_seq', max(id)) FROM {0} HAVING max(id) IS NOT NULL"

    def __init__(self, session: Session, tables: Sequence[str]):
        self._session, self._tables = session, list(tables)
        self._raw = session.connection().connection.driver_connection
        for setting in self.SETTINGS:
            self._raw.execute(f"SET LOCAL {setting}")
        # Whoever writes waits for this lock or has committed before it.
        self._raw.execute(f"LOCK TABLE {', '.join(self._tables)} IN ACCESS EXCLUSIVE MODE")
        refuse_rows(self._raw, tables)
        self._keys = self._asked(self.KEYS)
        for table, name, *_ in self._keys:
            self._raw.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        self._indices = self._asked(self.INDICES)
        for name, _ in self._indices:
            self._raw.execute(f"DROP INDEX {name}")
        self._raw.execute(f"TRUNCATE {', '.join(self._tables)} RESTART IDENTITY")

    def _asked(self, query: str) -> list[tuple]:
        return self._raw.execute(query, {"tables": self._tables}).fetchall()

    def put(self, target: Target, rows: Iterable[tuple]) -> None:
        """Add rows."""
        # "None" is how Python writes a value that is not there, so it says NULL.
        copy = f"COPY {target} FROM STDIN WITH (NULL 'None', FREEZE)"
        line = "\t".join(["%s"] * len(target.columns)) + "\n"
        waiting = iter(rows)
        with self._raw.cursor() as cursor, cursor.copy(copy) as into:
            # Block by block: the server reads one while the next one is written.
            while block := "".join([line % row for row in islice(waiting, BLOCK)]):
                into.write(block)

    def blob(self, value: bytes) -> Any:
        """Bytes as a row must hold them."""
        return rf"\\x{value.hex()}"

    def finish(self) -> None:
        """Make keys and indices again, which proves them, and move the sequences on."""
        for table, name, rule, kind in reversed(self._keys):
            if kind != "f":
                self._raw.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
        for _, index in self._indices:
            self._raw.execute(index)
        for table, name, rule, kind in self._keys:
            if kind == "f":
                self._raw.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
        known = "SELECT relname FROM pg_class WHERE relkind = 'S'"
        sequences = {name for (name,) in self._raw.execute(known).fetchall()}
        for table in self._tables:
            if f"{table}_id_seq" in sequences:
                self._raw.execute(self.SEQUENCE.format(table))

    def settle(self) -> None:
        """After the commit: what the planner has to know."""
        engine = self._session.get_bind()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM (ANALYZE) {', '.join(self._tables)}"))


class SqliteLoad:
    """Inserts into tables without indices, in one transaction whose journal stays small:
    new pages need no way back, so not the changes are written twice but the file once.

    Nothing is lost by a power failure but a database that was empty.
    """

    FASTER = (
        "PRAGMA journal_mode = TRUNCATE",
        "PRAGMA synchronous = OFF",
        "PRAGMA foreign_keys = OFF",
        # They cost as much as all the rest; PostgreSQL, where the same rows go, asks them.
        "PRAGMA ignore_check_constraints = ON",
        "PRAGMA cache_size = -262144",
        "PRAGMA threads = 2",
    )
    INDICES = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"

    def __init__(self, session: Session, tables: Sequence[str]):
        self._session = session
        # The log of changes can only be left by the last connection that has the file open.
        session.rollback()
        session.get_bind().dispose()
        self._raw = session.connection().connection.driver_connection
        # The settings are refused within a transaction; these connections begin one at once.
        self._raw.execute("ROLLBACK")
        for setting in self.FASTER:
            self._raw.execute(setting)
        self._raw.execute("BEGIN IMMEDIATE")
        refuse_rows(self._raw, tables)
        found = self._raw.execute(self.INDICES).fetchall()
        self._indices = [(name, index) for table, name, index in found if table in tables]
        for name, _ in self._indices:
            self._raw.execute(f"DROP INDEX {name}")

    def put(self, target: Target, rows: Iterable[tuple]) -> None:
        """Add rows."""
        places = ", ".join("?" * len(target.columns))
        self._raw.executemany(f"INSERT INTO {target} VALUES ({places})", rows)

    def blob(self, value: bytes) -> Any:
        """Bytes as a row must hold them."""
        return value

    def finish(self) -> None:
        """Make the indices again, which proves the unique ones, and count for the planner."""
        for _, index in self._indices:
            self._raw.execute(index)
        self._raw.execute("ANALYZE")

    def settle(self) -> None:
        """After the commit: new connections have the settings of every day."""
        self._session.get_bind().dispose()


LOADS = {"postgresql": PostgresLoad, "sqlite": SqliteLoad}

Load = PostgresLoad | SqliteLoad


def load_into(session: Session, tables: Sequence[str]) -> Load:
    """Begin a load into these tables in the session's transaction; ValueError if one of them
    is not empty."""
    return LOADS[session.get_bind().dialect.name](session, tables)
