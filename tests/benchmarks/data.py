"""The databases: made once by the program's own commands, and kept between the runs.

A folder that holds a file ``pg.url`` names a server that somebody else has started.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.benchmarks.settings import ROOT, Settings, say

FOR_ALL = (
    "CREATE INDEX IF NOT EXISTS ix_bench_submitted ON declaration (submitted_at, id)",
    "CREATE INDEX IF NOT EXISTS ix_bench_unit ON declaration (unit_id, submitted_at, id)",
    "CREATE INDEX IF NOT EXISTS ix_bench_status ON declaration (status, submitted_at, id)",
)
"""Our lists are ordered through a table that the others know nothing of: they get the same
orders as indices of the table that they read. All programs see all of the indices."""


@dataclass
class Databases:
    """Where the databases are; ``close`` stops the server that was started for them."""

    settings: Settings
    _server: subprocess.Popen | None = None
    _address: str = ""
    _ready: set[str] = field(default_factory=set)

    def url(self, kind: str, scale: int) -> str:
        """The address of a database that is ready; it is made if it is not there."""
        name = name_of(kind, scale)
        url = self._at(kind, name)
        if url not in self._ready:
            if not self._finished(kind, name):
                self._make(kind, name, url, scale)
            self._command(url, "setup")
            self._prepare(kind, url)
            self._ready.add(url)
        return url

    def copy(self, kind: str, scale: int, name: str) -> str:
        """A copy that a measure may write to; an older one of this name is replaced."""
        source, target = self.url(kind, scale), self._at(kind, name)
        if kind == "sqlite":
            checkpoint(source)
            self._remove(name)
            shutil.copyfile(file_of(source), file_of(target))
        else:
            self._create(name, name_of(kind, scale))
        return target

    def drop(self, kind: str, name: str) -> None:
        """Remove a copy."""
        if kind == "sqlite":
            self._remove(name)
        else:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def close(self) -> None:
        """Stop the server."""
        if self._server:
            self._server.communicate(timeout=120)

    def environment(self, url: str) -> dict[str, str]:
        """What a process of the program needs to be told."""
        told = {"DATABASE_URL": url, "ZHIPING_VAR": str(self.settings.data / "var"), "DEMO": "1"}
        return os.environ | told | {"PYTHONPATH": str(ROOT)}

    def _at(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self.settings.data / name}.db"
        return make_url(self._server_address()).set(database=name).render_as_string(False)

    def _server_address(self) -> str:
        if not self._address:
            kept = self.settings.data / "pg.url"
            self._address = kept.read_text().strip() if kept.exists() else self._started()
        return str(make_url(self._address).set(drivername="postgresql+psycopg"))

    def _started(self) -> str:
        folder = self.settings.data / "postgresql"
        scratch = tempfile.mkdtemp(prefix="zhiping-")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.cluster", folder],
            cwd=ROOT, env=os.environ | {"TMPDIR": scratch, "XDG_RUNTIME_DIR": scratch},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        return self._server.stdout.readline().strip()

    def _finished(self, kind: str, name: str) -> bool:
        """The load commits once, at its end: a database with declarations has all of them."""
        url = self._at(kind, name)
        try:
            if kind == "sqlite":
                if not file_of(url).exists():
                    return False
                with closing(sqlite3.connect(file_of(url))) as connection:
                    return bool(connection.execute("SELECT 1 FROM declaration LIMIT 1").fetchone())
            with psycopg.connect(dsn(url)) as connection:
                return bool(connection.execute("SELECT 1 FROM declaration LIMIT 1").fetchone())
        except (psycopg.Error, sqlite3.Error):
            return False

    def _make(self, kind: str, name: str, url: str, scale: int) -> None:
        say(f"making {scale:,} declarations on {kind}; they are kept in {self.settings.data}")
        self.settings.data.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            self._remove(name)
        else:
            self._create(name, "template0")
        self._command(url, "setup")
        self._command(url, "demo", "--declarations", str(scale), "--seed", "1", "--lean")

    def _command(self, url: str, *words: str) -> None:
        """One of the program's own; ``setup`` brings what was kept to this version."""
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment(url), check=True)

    def _prepare(self, kind: str, url: str) -> None:
        """Indices for the others, and what the planner has to know."""
        if kind == "sqlite":
            with closing(sqlite3.connect(file_of(url))) as connection:
                for index in FOR_ALL:
                    connection.execute(index)
                connection.execute("ANALYZE declaration")
            return
        with psycopg.connect(dsn(url), autocommit=True) as connection:
            for index in FOR_ALL:
                connection.execute(index)
            connection.execute("ANALYZE declaration")

    def _create(self, name: str, template: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)

    def _remove(self, name: str) -> None:
        for ending in (".db", ".db-wal", ".db-shm", ".db-journal"):
            (self.settings.data / f"{name}{ending}").unlink(missing_ok=True)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(dsn(self._server_address()), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def name_of(kind: str, scale: int) -> str:
    """``sqlite-10k`` or ``lean_1m``."""
    word = f"{scale // 10**6}m" if scale % 10**6 == 0 else f"{scale // 1000}k"
    return f"sqlite-{word}" if kind == "sqlite" else f"lean_{word}"


def file_of(url: str) -> Path:
    """The file of a database of SQLite."""
    return Path(url.removeprefix("sqlite:///"))


def dsn(url: str) -> str:
    """The address of a database of PostgreSQL as libpq has it."""
    return make_url(url).set(drivername="postgresql").render_as_string(False)


def checkpoint(url: str) -> None:
    """Bring what lies in the log of changes into the file."""
    with closing(sqlite3.connect(file_of(url))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
