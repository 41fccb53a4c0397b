"""Counts what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
"""How a transaction is opened differs between the databases; what is asked in it does not."""


class Statements(list[str]):
    """The statements in their order; printed one a line, so that a failed count explains itself."""

    def __repr__(self) -> str:
        return f"{len(self)} statements\n" + "\n".join(" ".join(text.split()) for text in self)


@contextmanager
def count_statements() -> Iterator[Statements]:
    """All statements of all engines of this process, in every thread: ``len(seen) == 7``."""
    seen = Statements()

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.lstrip().upper().startswith(FRAME):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
