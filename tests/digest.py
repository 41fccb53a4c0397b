"""Whether a database changed: a cheap look, and where that is in doubt all that it holds."""

import sqlite3
from hashlib import sha256

import psycopg
from sqlalchemy import MetaData, Table, select
from sqlalchemy.engine import make_url

from tests.bed import Bed

FIXED = ("alembic_version", "code")
"""Tables that no request can change."""


def digest(db: Bed) -> dict[str, str]:
    """A hash for each table, over all of its rows in the order of their keys; the names of
    the kept files stand beside the tables."""
    files = sorted(str(p.relative_to(db.files)) for p in db.files.rglob("*") if p.is_file())
    found = {"files": sha256("\n".join(files).encode()).hexdigest()}
    with db.engine.connect() as connection:
        for table in _tables(db):
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = sha256(repr(rows).encode()).hexdigest()
    return found


def _tables(db: Bed) -> list[Table]:
    if db.kind not in _known:
        metadata = MetaData()
        metadata.reflect(db.engine)
        _known[db.kind] = [t for t in metadata.sorted_tables if t.name not in FIXED]
    return _known[db.kind]


_known: dict[str, list[Table]] = {}


class Watch:
    """Says which tables changed since it last looked.

    Each database counts its writing transactions. While that number stands still nothing
    can have changed; where it moved (also by a transaction that was rolled back) the rows
    themselves are compared.
    """

    def __init__(self, db: Bed):
        self.db = db
        url = make_url(db.url)
        if db.kind == "sqlite":
            self._own = sqlite3.connect(url.database)
            self._ask = "PRAGMA data_version"
        else:
            dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._own = psycopg.connect(dsn, autocommit=True)
            self._ask = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
        self._count, self._kept = self._counter(), digest(db)

    def _counter(self) -> str:
        return str(self._own.execute(self._ask).fetchone()[0])

    def changed(self) -> list[str]:
        """The tables that are not what they were at the last look."""
        count = self._counter()
        if count == self._count:
            return []
        before, self._kept, self._count = self._kept, digest(self.db), count
        return [name for name, value in self._kept.items() if before[name] != value]

    def close(self) -> None:
        """Let go of the database."""
        self._own.close()
