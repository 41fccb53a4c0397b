"""Tables as files: read by a connection of its own and sent as it is read, however many rows
there are, with a line in the journal at the end.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from urllib.parse import quote

from flask import Response, request, stream_with_context
from sqlalchemy import Engine

from adapters.database import aside
from models.clock import day_of
from models.journal import Journal, note
from models.permissions import Actor
from views.exporting.csv_files import csv_blocks
from views.exporting.kinds import Blocks, Export
from views.exporting.workbook import xlsx_blocks


@dataclass(frozen=True)
class Format:
    """A kind of file: what the browser is told, and how it is written."""

    ending: str
    mimetype: str
    blocks: Callable[[Export, Engine], Blocks]


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    each.ending: each
    for each in (Format("csv", "text/csv", csv_blocks), Format("xlsx", SPREADSHEET, xlsx_blocks))
}


def send(
    export: Export, format_: Format, db, journal: Journal, who: Actor, at: datetime
) -> Response:
    """The file as an answer. A query that fails is an error page and no torn file."""
    answer = Response(iter(()), mimetype=format_.mimetype)
    name = quote(f"{export.name}_{day_of(at)}.{format_.ending}".replace("/", "／"), safe="")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{export.table}.{format_.ending}\"; filename*=UTF-8''{name}"
    )
    if request.method == "HEAD":  # asks what would come, and takes nothing out of the house
        return answer
    db.session.close()  # the request's connection is not needed while the file is sent
    stream = stream_with_context(journalled(export, format_, db.engine, journal, who))
    answer.response = chain([next(stream)], stream)
    answer.call_on_close(stream.close)
    return answer


def journalled(
    export: Export, format_: Format, engine: Engine, journal: Journal, who: Actor
) -> Iterator[bytes]:
    """The blocks of the file. The last one waits until the journal has its line, so that
    nobody has a whole file of which the journal knows nothing. When the line is written,
    the file's own connection has been given back."""
    count, whole, digest, held = 0, False, sha256(), b""
    try:
        with closing(format_.blocks(export, engine)) as parts:
            for rows, block in parts:
                if held:
                    yield held
                digest.update(block)
                count, held = count + rows, block
        whole = True
    finally:
        said = {"format": format_.ending, "conditions": export.conditions}
        said |= {"count": count, "whole": whole}
        said |= {"sha256": digest.hexdigest()} if whole else {}
        with aside(engine, journal) as session:
            note(session, who.username, "export", "console", export.table, **said)
    yield held
