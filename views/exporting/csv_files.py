"""CSV as the databases write it: this program hands blocks of bytes on and looks into no row,
so that a million rows take a few seconds and no memory. Both write the same bytes.
"""

import csv
import io
import selectors
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import chain
from typing import Any

from psycopg import ClientCursor, DatabaseError, Error
from psycopg.pq import ExecStatus
from sqlalchemy import Dialect, Engine, LargeBinary, Select, cast
from sqlalchemy.sql import func

from views.exporting.cells import guarded, safe
from views.exporting.kinds import BLOCK, Blocks, Export

MARK = b"\xef\xbb\xbf"
"""The mark of byte order tells a spreadsheet that the text is UTF-8."""

ROWS = 100
"""Rows that are fetched together from SQLite; some have 20 KB."""

MOST_PIECES = 90
"""SQLite's functions take no more than 100 arguments in its older versions."""

PATIENCE = 5
"""Seconds that the server has to hear that a statement is no longer wanted."""


def csv_blocks(export: Export, engine: Engine) -> Blocks:
    """Blocks of the file with the number of their rows; the first holds the headings."""
    pairs = zip(export.query.selected_columns, export.guards, strict=True)
    query = export.query.with_only_columns(*(guarded(cell, guard) for cell, guard in pairs))
    yield 0, MARK + heading(export.headings)
    with closing(READERS[engine.dialect.name](query, engine)) as blocks:
        yield from blocks


def heading(labels) -> bytes:
    """The first line."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(map(safe, labels))
    return text.getvalue().encode()


def copied(query: Select, engine: Engine) -> Blocks:
    """By PostgreSQL's COPY, which takes no parameters: the driver writes them into it."""
    statement, given = in_words_of(engine.dialect, query)
    raw = engine.raw_connection()
    driver = raw.driver_connection
    try:
        asked = ClientCursor(driver).mogrify(statement, given)
        copy = f"COPY ({asked}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, ENCODING 'UTF8')"
        check(driver.pgconn.exec_(copy.encode(driver.info.encoding)), ExecStatus.COPY_OUT)
        yield from received(driver.pgconn)
    except BaseException:
        # Who downloads may have gone away; nobody may wait for the rest of the rows.
        with suppress(Error):
            driver.cancel_safe(timeout=PATIENCE)
        raw.invalidate()
        raise
    raw.close()


def received(connection) -> Blocks:
    """What the server sends, a row a message, put together into blocks.

    The driver's own loop makes an object of each row and takes six times as long. Waiting is
    left to the selector: within libpq it would hold up all other threads.
    """
    rows, block = 0, bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(connection.socket, selectors.EVENT_READ)
        while (found := connection.get_copy_data(1))[0] >= 0:
            if not found[0]:
                selector.select()
                connection.consume_input()
                continue
            rows += 1
            block += found[1]
            if len(block) >= BLOCK:
                yield rows, bytes(block)
                rows, block = 0, bytearray()
    while (result := connection.get_result()) is not None:
        check(result, ExecStatus.COMMAND_OK)
    if rows:
        yield rows, bytes(block)


def check(result, wanted: ExecStatus) -> None:
    """DatabaseError with the server's words if it did not do what it was told."""
    if result.status != wanted:
        raise DatabaseError(result.get_error_message())


def printed(query: Select, engine: Engine) -> Blocks:
    """By SQLite, a line each row: its printf knows how to double quotation marks (%w)."""
    lines = query.with_only_columns(cast(line_of(list(query.selected_columns)), LargeBinary))
    statement, given = in_words_of(engine.dialect, lines)
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        cursor.execute(statement, given)
        rows, block = 0, bytearray()
        while found := cursor.fetchmany(ROWS):
            rows += len(found)
            block += b"".join(chain.from_iterable(found))
            if len(block) >= BLOCK:
                yield rows, bytes(block)
                rows, block = 0, bytearray()
        if rows:
            yield rows, bytes(block)


def line_of(cells: list):
    """A line of the file."""
    parts = [cells[at : at + MOST_PIECES] for at in range(0, len(cells), MOST_PIECES)]
    written = [func.printf(",".join(['"%w"'] * len(part)), *part) for part in parts]
    line = written[0]
    for more in written[1:]:
        line = line + "," + more
    return line + "\n"


def in_words_of(dialect: Dialect, query: Select) -> tuple[str, Any]:
    """The statement and its parameters as the driver takes them."""
    compiled = query.compile(dialect=dialect)
    state = compiled.construct_expanded_state()
    given = dict(state.parameters)
    for parameter, name in compiled.bind_names.items():
        process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        for each in state.parameter_expansion.get(name, (name,)) if process else ():
            given[each] = process(given[each])
    by_place = state.positiontup is not None
    return state.statement, [given[name] for name in state.positiontup] if by_place else given


READERS: dict[str, Callable[[Select, Engine], Blocks]] = {
    "postgresql": copied,
    "sqlite": printed,
}
