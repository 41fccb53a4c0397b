"""What only our program is asked for: sending up, signing in, exports, transitions at once."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from time import perf_counter
from unittest import mock
from urllib.parse import urlencode

from openpyxl import Workbook
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

from adapters.database import tune
from adapters.passwords import fits
from models.acts import carry_out
from models.bulk import send
from models.clock import now
from models.codes import CodeBook
from models.declaration import Progress
from models.sections import SECTIONS
from models.words import NotAllowed
from models.workflow import Action, Decision, Mark
from tests.benchmarks.peers.staging import Stage, batch_of, staged
from tests.benchmarks.sites import forget_peak, memory_of
from views.console import listing
from views.exporting import workbook
from views.exporting.cells import guarded

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PLEDGE = {section.key: Mark(False) for section in SECTIONS}


def login(desk, username: str, password: str) -> float:
    """Seconds of the POST that signs somebody in."""
    environ = desk.environ("", "/login/")
    headers: list[tuple[str, str]] = []
    parts = desk.app(environ, lambda status, given, exc_info=None: headers.extend(given))
    page = b"".join(parts).decode()
    parts.close()
    cookie = next(v.partition(";")[0] for k, v in headers if k == "Set-Cookie")
    form = {"username": username, "password": password, "csrf_token": TOKEN.search(page)[1]}
    sent = urlencode(form).encode()
    asked = desk.environ("", "/login/") | {
        "REQUEST_METHOD": "POST", "HTTP_COOKIE": cookie, "CONTENT_LENGTH": str(len(sent)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": Bytes(sent),
    }  # fmt: skip
    status, body, seconds = desk.call(asked)
    if status != 302:
        raise ValueError(f"the login answers {status}")
    return seconds


class Bytes:
    """The body of a request, which is read once."""

    def __init__(self, content: bytes):
        self._content = content

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        end = len(self._content) if size < 0 else size
        found, self._content = self._content[:end], self._content[end:]
        return found

    def readline(self, size: int = -1) -> bytes:
        """Forms have one line."""
        return self.read(size)


def bare_hash(desk, username: str, password: str) -> float:
    """Seconds of checking the password alone."""
    with desk.app.app_context():
        known = desk.app.appbuilder.sm.find_user(username=username).password
    begun = perf_counter()
    if not fits(known, password):
        raise ValueError("the password does not fit")
    return perf_counter() - begun


def send_up(desk, count: int) -> dict:
    """One batch of ``count`` declarations; seconds of all, of its statements that write (but for
    those of the journal), and of those of them that the others carry out as well."""
    with desk.app.app_context():
        session = desk.app.extensions["sqlalchemy"].session()
        stage = staged(session, count, "VETTED")
        uid = batch_of(session, stage)
        with timed() as seen:
            begun = perf_counter()
            send(session, uid, stage.ids, stage.actor, now(session))
            session.commit()
            whole = perf_counter() - begun
        session.close()
    writing = [(sql, t) for sql, t in seen if writes(sql)]
    return {
        "seconds": whole, "statements": len(seen), "writing": len(writing),
        "data": sum(t for sql, t in writing if "journal" not in sql),
        "shared": sum(t for sql, t in writing if sql.startswith(SHARED)),
    }  # fmt: skip


SHARED = ("UPDATE step", "UPDATE declaration", "INSERT INTO progress")
"""What Django's three updates and its bulk insert do too."""


def stage(desk, count: int, state: str) -> dict:
    """Set the rows that another program is to send up."""
    with desk.app.app_context():
        session = desk.app.extensions["sqlalchemy"].session()
        made = staged(session, count, state)
        session.close()
    return {"ids": made.ids, "notice_id": made.notice_id, "at": made.at.isoformat()}


def writes(sql: str) -> bool:
    """Whether a statement changes rows."""
    return sql.lstrip().upper().startswith(("UPDATE", "INSERT", "DELETE", "WITH"))


@contextmanager
def timed() -> Iterator[list[tuple[str, float]]]:
    """Each statement with its seconds."""
    seen: list[tuple[str, float]] = []
    begun: list[float] = []

    def before(connection, cursor, statement, parameters, context, executemany):
        begun.append(perf_counter())

    def after(connection, cursor, statement, parameters, context, executemany):
        seen.append((statement, perf_counter() - begun.pop()))

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


def export_query(desk, user: str, path: str) -> str:
    """The statement that writes the cells of an export, labels and guard and all."""
    export = asked_for(desk, user, path)
    pairs = zip(export.query.selected_columns, export.guards, strict=True)
    query = export.query.with_only_columns(*(guarded(cell, guard) for cell, guard in pairs))
    with desk.app.app_context():
        dialect = desk.app.extensions["sqlalchemy"].engine.dialect
    text = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return text.replace("%%", "%")


def asked_for(desk, user: str, path: str):
    """The export that an address asks for; nothing is written."""
    caught = []

    def keep(export, *_others):
        caught.append(export)
        return ""

    with mock.patch.object(listing, "send", keep):
        desk.call(desk.environ(user, path))
    return caught[0]


def xlsx(desk, user: str, path: str, rows: int, by: str) -> dict:
    """Seconds of a file of so many rows, and by how many MiB the peak grew."""
    export = asked_for(desk, user, path)
    query = export.query.limit(rows)
    with desk.app.app_context(), TemporaryDirectory() as folder:
        engine = desk.app.extensions["sqlalchemy"].engine
        forget_peak(os.getpid())
        before, begun = memory_of(os.getpid()), perf_counter()
        if by == "ours":
            workbook.write(Export(export, query), engine, Path(folder, "ours.xlsx"))
        else:
            openpyxl(engine, query, Path(folder, "theirs.xlsx"))
        seconds = perf_counter() - begun
    return {"seconds": seconds, "growth": memory_of(os.getpid(), "VmHWM") - before}


class Export:
    """An export with fewer rows."""

    def __init__(self, export, query):
        self.headings, self.query = export.headings, query


def openpyxl(engine, query, path: Path) -> None:
    """The same cells by openpyxl's streaming mode."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with engine.connect().execution_options(yield_per=500) as connection:
        for row in connection.execute(query):
            sheet.append(list(row))
    book.save(path)


def rush(desk, clients: int, count: int) -> dict:
    """``clients`` threads decide the same declarations at once; each may be decided once."""
    with desk.app.app_context():
        session = desk.app.extensions["sqlalchemy"].session()
        stage = staged(session, count, "PENDING")
        codes, url = CodeBook.read(session), desk.app.config["SQLALCHEMY_DATABASE_URI"]
        session.close()
    engine = create_engine(url, pool_size=clients, max_overflow=clients)
    tune(engine)
    times, refused, faults = [], [], []
    barrier = Barrier(clients)
    journal = desk.app.extensions["journal"]

    def go(place: int) -> None:
        barrier.wait(60)
        for id_ in stage.ids[place // 2 :: clients // 2]:  # two clients want each of them
            begun = perf_counter()
            try:
                with Session(engine) as mine, mine.begin():
                    asked = Decision(Action.APPROVE, marks=PLEDGE)
                    carry_out(mine, codes, asked, id_, stage.actor, now(mine))
                    journal.write(mine)
                times.append(perf_counter() - begun)
            except NotAllowed:
                refused.append(id_)
            except Exception as fault:
                faults.append(repr(fault))

    threads = [Thread(target=go, args=(place,)) for place in range(clients)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - begun
    done = told(engine, stage)
    engine.dispose()
    wrong = sum(1 for id_ in stage.ids if done[id_] != 1)
    return {"times": times, "seconds": seconds, "refused": len(refused), "faults": faults[:3],
            "wrong": wrong}  # fmt: skip


def told(engine, stage: Stage) -> Counter:
    """How often each was approved, by its progress since the stage was set."""
    query = select(Progress.declaration_id).where(
        Progress.declaration_id.in_(stage.ids), Progress.at >= stage.at,
        Progress.action == Action.APPROVE,
    )  # fmt: skip
    with engine.connect() as connection:
        return Counter(connection.scalars(query))
