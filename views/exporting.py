"""Tables as CSV: read by a cursor of its own and sent as it is read, so that a worker holds
a few hundred rows however many there are; with a line in the journal at its end.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import Response, stream_with_context
from sqlalchemy import Engine, Row, Select

from adapters.database import aside
from models.clock import day_of
from models.journal import Journal, note
from models.permissions import Actor

ROWS = 500
"""Rows that are read, written and sent together."""

FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
"""A cell that begins so is a formula to a spreadsheet (CWE-1236); quotes do not help."""

ALTERED = re.compile(r"0[0-9]+|[0-9]{16,}")
"""Digits that a spreadsheet would change: it drops leading noughts and keeps 15 places,
which turns the end of a 申报编号 into noughts."""


@dataclass(frozen=True)
class Export:
    """What is exported: a query, how its rows are written, and what the journal shall say."""

    name: str
    headings: Sequence[str]
    query: Select
    cells: Callable[[Row], Sequence[str]]
    table: str
    conditions: dict[str, Any]


def safe(cell: str) -> str:
    """The cell as text for every spreadsheet: with an apostrophe where it needs one."""
    return f"'{cell}" if cell.startswith(FORMULA) or ALTERED.fullmatch(cell) else cell


def send(export: Export, db, journal: Journal, who: Actor, at: datetime) -> Response:
    """The file as an answer. A query that fails is an error page and no torn file."""
    db.session.close()  # the request's connection is not needed while the file is sent
    stream = stream_with_context(journalled(export, db.engine, journal, who))
    answer = Response(chain([next(stream)], stream), mimetype="text/csv")
    answer.call_on_close(stream.close)
    name = quote(f"{export.name}_{day_of(at)}.csv")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{export.table}.csv\"; filename*=UTF-8''{name}"
    )
    return answer


def journalled(export: Export, engine: Engine, journal: Journal, who: Actor) -> Iterator[bytes]:
    """The blocks of the file. The last one waits until the journal has its line, so that
    nobody has a whole file of which the journal knows nothing."""
    count, whole, digest, held = 0, False, sha256(), b""
    with closing(blocks(export, engine)) as parts:
        try:
            for rows, block in parts:
                if held:
                    yield held
                digest.update(block)
                count, held = count + rows, block
            whole = True
        finally:
            said = {"conditions": export.conditions, "count": count, "whole": whole}
            said |= {"sha256": digest.hexdigest()} if whole else {}
            with aside(engine, journal) as session:
                note(session, who.username, "export", "console", export.table, **said)
    yield held


def blocks(export: Export, engine: Engine) -> Iterator[tuple[int, bytes]]:
    """Blocks of the file with the number of their rows; the first holds the headings."""
    with engine.connect() as connection:
        reading = connection.execution_options(yield_per=ROWS)
        with closing(reading.execute(export.query)) as result:
            # The mark of byte order tells a spreadsheet that the text is UTF-8.
            yield 0, b"\xef\xbb\xbf" + lines([export.headings])
            for rows in result.partitions():
                yield len(rows), lines(export.cells(row) for row in rows)


def lines(rows) -> bytes:
    """Rows as lines of CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
