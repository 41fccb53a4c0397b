"""Real databases for the tests: files of SQLite and a server of PostgreSQL.

Both answer the same three verbs: the address of a database by its name, a database made
as a copy of another, and a database removed. A test starts from such a copy, so it may
commit, use threads and processes, and needs no clean-up of its own.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

ROOM = 2 * 1024**3
"""Bytes that a run may need: a server of PostgreSQL and some ten databases."""

ROOT = Path(__file__).resolve().parent.parent


class Sqlite:
    """Databases as files of one folder."""

    kind = "sqlite"

    def __init__(self, folder: Path):
        self.folder = folder

    def url(self, name: str) -> str:
        """The address of a database, also of one that is still to be made."""
        return f"sqlite:///{self._file(name)}"

    def create(self, name: str) -> None:
        """An empty database."""
        self.drop(name)

    def copy(self, source: str, target: str) -> None:
        """Make ``target`` equal to ``source``; nobody may be connected to either."""
        with sqlite3.connect(self._file(source)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert not busy, f"somebody still writes to {source}"
        connection.close()
        self.drop(target)
        shutil.copyfile(self._file(source), self._file(target))

    def drop(self, name: str) -> None:
        """Remove a database, if it is there."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{suffix}").unlink(missing_ok=True)

    def unchanged(self, name: str) -> bool:
        """Whether a copy would change nothing; copying a file costs less than asking."""
        return False

    def stop(self) -> None:
        """Nothing runs."""

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"


class Postgres:
    """Databases of one server: a fresh one, or that of DATABASE_URL_TEST.

    A given address needs the right to create databases; those made here begin with
    ``zhiping_test`` and the number of this process.
    """

    kind = "postgresql"

    def __init__(self, folder: Path, given: str | None):
        self._server = None if given else start_server(folder)
        address = given or self._server.stdout.readline().strip()
        assert address, "PostgreSQL did not start: see its words above"
        self._url = make_url(address).set(drivername="postgresql+psycopg")
        self._made: dict[str, None] = {}
        self._seen: dict[str, int] = {}
        dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._admin = psycopg.connect(dsn, autocommit=True)

    def url(self, name: str) -> str:
        """The address of a database, also of one that is still to be made."""
        return self._url.set(database=self._full(name)).render_as_string(hide_password=False)

    def create(self, name: str) -> None:
        """An empty database."""
        self.copy(None, name)

    def copy(self, source: str | None, target: str) -> None:
        """Make ``target`` equal to ``source``; who is connected to ``target`` is thrown out."""
        self.drop(target)
        origin = self._full(source) if source else "template0"
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._run(statement, self._full(target), origin)
        self._made[target] = None
        self._seen[target] = self._transactions()

    def drop(self, name: str) -> None:
        """Remove a database, if it is there."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._full(name))
        self._made.pop(name, None)

    def unchanged(self, name: str) -> bool:
        """Whether no transaction of the server has written since the database was made.

        A transaction gets a number at its first write, so an unmoved counter proves it.
        """
        return name in self._made and self._seen[name] == self._transactions()

    def stop(self) -> None:
        """Remove what was made, and stop the server if it is ours."""
        for name in list(self._made):
            self.drop(name)
        self._admin.close()
        if self._server:
            self._server.communicate(timeout=60)

    def _full(self, name: str) -> str:
        return f"zhiping_test_{os.getpid()}_{name}"

    def _run(self, statement: str, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _transactions(self) -> int:
        row = self._admin.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()
        return int(row[0])


def start_server(folder: Path) -> subprocess.Popen:
    """The process that keeps PostgreSQL running; its first line is the address."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.postgres_server", folder],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl+C reaches the tests, and they still need the server to end well.
        start_new_session=True,
    )


def memory() -> str | None:
    """The system's temporary directory in memory, or None for the usual one.

    No test waits for the disk there: a database costs 8 ms instead of 40 ms with SQLite,
    40 ms instead of 500 ms with PostgreSQL. Like the usual one it lies outside of the
    checkout and of every home, and its name is short enough for a socket.
    """
    place = "/dev/shm"
    roomy = os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM
    return place if roomy else None


@contextmanager
def started(kind: str) -> Iterator[Sqlite | Postgres]:
    """The databases of one kind, ``sqlite`` or ``postgresql``, in a fresh folder."""
    folder = Path(tempfile.mkdtemp(prefix="zhiping-", dir=memory()))
    try:
        given = os.environ.get("DATABASE_URL_TEST")
        server = Sqlite(folder) if kind == "sqlite" else Postgres(folder, given)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
