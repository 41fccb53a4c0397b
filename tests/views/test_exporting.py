"""CSV: the same rows as the list, safe in every spreadsheet, streamed, in the journal."""

import csv
import io
import json
import tracemalloc
from contextlib import closing
from hashlib import sha256
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import Integer, column, literal, select
from sqlalchemy.exc import DBAPIError

from models.journal import Journal, Line
from models.permissions import Actor, Role
from models.sections import SECTIONS
from tests.views.test_console import listed
from tests.worlds.base import id_no_of
from tests.worlds.console import FORMULAS, MANY, PASSWORD, two_cities
from views import exporting
from views.exporting import Export, blocks, journalled, safe, send

pytestmark = pytest.mark.world(build=two_cities)

TABLES = ["declaration", *(s.key for s in SECTIONS if s.model), "office", "binding", "batch"]
WHO = Actor(Role.DATA_MANAGER, "data", "数管")


@pytest.fixture
def manager(client):
    """The data manager of the city."""
    client.login("data", PASSWORD)
    return client


def exported(browser, table: str, **query) -> list[list[str]]:
    """The file as a spreadsheet reads it; the first row holds the headings."""
    answer = browser.client.get(f"/console/{table}/export/csv/", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def lines(session) -> list[Line]:
    return list(session.scalars(select(Line).where(Line.act == "export").order_by(Line.id)))


def folded(cell: str) -> str:
    """As a page shows it, and without the apostrophe that makes it safe."""
    return " ".join((cell[1:] if safe(cell[1:]) == cell else cell).split())


def test_the_file_is_the_list(manager):
    for table in TABLES:
        headings, *rows = exported(manager, table)
        assert [[folded(cell) for cell in row] for row in rows] == listed(manager, table), table
        assert not rows or headings == manager.page.texts("thead th"), table


@pytest.mark.parametrize(
    "query",
    [
        {"search": "张0"},
        {"search": "张", "sort": 1, "desc": 1},
        {"flt0_status": "RETURNED"},
        {"flt4_unit": "%_", "sort": 0},
        {"search": "不存在"},
    ],
)
def test_it_has_the_filters_and_the_order_of_the_list(manager, query):
    page = manager.open("/console/declaration/", query=query | {"page_size": 100})
    _headings, *rows = exported(manager, "declaration", **query)
    assert [[folded(cell) for cell in row] for row in rows] == page.rows()


def test_the_page_links_to_the_file_of_what_it_shows(manager):
    page = manager.open("/console/declaration/", query={"search": "张0", "sort": 1, "desc": 1})
    link = next(a["href"] for a in page.select("a[href*='export']"))
    answer = manager.client.get(link).data.decode("utf-8-sig")
    _headings, *rows = csv.reader(io.StringIO(answer))
    assert [row[1] for row in rows] == [row[1] for row in page.rows()]


def test_no_cell_is_a_formula(manager):
    for table, place in (("paper", 4), ("declaration", 9)):
        _headings, *rows = exported(manager, table)
        assert {f"'{formula}" for formula in FORMULAS} <= {row[place] for row in rows}
        cells = [cell for row in rows for cell in row if cell]
        assert [cell for cell in cells if cell[0] in "=+-@\t\r\n＝＋－＠"] == []


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1", "'=1"),
        ("-1", "'-1"),
        ("\n=1", "'\n=1"),
        ("＠x", "'＠x"),
        ("1=1", "1=1"),
        ("", ""),
        ("0", "0"),
        ("0.5", "0.5"),
        ("007", "'007"),
        ("202622070005000031", "'202622070005000031"),
        ("13843100019", "13843100019"),
        ("220702********038X", "220702********038X"),
        ("第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_cells_are_text(cell, written):
    assert safe(cell) == written


def test_the_name_of_the_file(manager):
    answer = manager.client.get("/console/paper/export/csv/", buffered=True)
    plain, _, encoded = answer.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="paper.csv"'
    title, _, day = unquote(encoded).removesuffix(".csv").partition("_")
    assert (title, len(day)) == ("论文信息", len("2026-03-20"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_only_csv(manager):
    assert manager.client.get("/console/paper/export/xlsx/").status_code == 404


def test_a_line_in_the_journal(manager, session, app):
    query = {"search": "张", "flt0_status": "SUBMITTED"}
    body = manager.client.get("/console/paper/export/csv/", query_string=query).data
    line = lines(session)[-1]
    assert (line.actor, line.object_kind, line.object_id) == ("data", "console", "paper")
    assert json.loads(line.detail) == {
        "conditions": {"search": "张", "status": "SUBMITTED"},
        "count": 2 * (MANY - len(FORMULAS) - 2),
        "sha256": sha256(body).hexdigest(),
        "whole": True,
    }
    assert list(app.extensions["journal"].verify(session)) == []


def test_no_identity_number_is_in_the_journal(manager, session):
    """What somebody searched for is told, the number itself stands in no table in the clear."""
    number = id_no_of(7)
    exported(manager, "declaration", search=f"{number[:6]} {number[6:]} 高")
    (line,) = lines(session)
    assert json.loads(line.detail)["conditions"] == {
        "search": f"{number[:6]}********{number[-4:]} 高"
    }


def test_the_line_comes_before_the_last_bytes(manager, app, session, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS", 7)
    answer = manager.client.get("/console/paper/export/csv/", buffered=False)
    parts = answer.response
    assert next(parts) and next(parts)
    assert lines(session) == []
    session.rollback()
    answer.close()
    detail = json.loads(lines(session)[-1].detail)
    assert detail["whole"] is False
    assert 7 <= detail["count"] < 2 * MANY
    assert "sha256" not in detail
    assert list(app.extensions["journal"].verify(session)) == []


def test_blocks_make_up_the_same_file(manager, monkeypatch):
    whole = exported(manager, "paper")
    monkeypatch.setattr(exporting, "ROWS", 7)
    assert exported(manager, "paper") == whole


def test_an_export_costs_the_same_for_any_number_of_rows(manager, count_statements):
    """The user and the rows; four for the line in the journal."""
    manager.open("/console/paper/")
    counts = []
    for query in ({"search": "张05"}, {}):
        with count_statements() as seen:
            exported(manager, "paper", **query)
        counts.append(len(seen))
    assert counts == [6, 6], seen


def numbers(last: int):
    """A query of so many rows, without a table."""
    counted = select(literal(1, Integer).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))
    return select(counted.c.n)


def of_numbers(last: int) -> Export:
    return Export("数", ["数"], numbers(last), lambda row: [f"第{row[0]}行" * 20], "numbers", {})


def peak(db, last: int) -> tuple[int, int]:
    """Bytes of the file, and of the memory that sending it took."""
    tracemalloc.start()
    with closing(blocks(of_numbers(last), db.engine)) as parts:
        size = sum(len(block) for _rows, block in parts)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, most


def test_memory_does_not_grow_with_the_file(db):
    peak(db, 2_000)
    small, least = peak(db, 2_000)
    large, most = peak(db, 20_000)
    assert large > 9 * small
    assert most < 1.5 * least


def test_a_query_that_fails_is_no_torn_file(app: Flask, db):
    broken = Export("错", ["错"], select(column("nothing")), list, "broken", {})
    with app.test_request_context("/"):
        storage = app.extensions["sqlalchemy"]
        with pytest.raises(DBAPIError):
            send(broken, storage, Journal(b"k" * 32), WHO, None)


def test_a_row_that_fails_ends_the_file_early_and_is_told(db, app, session, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS", 5)

    def cells(row) -> list[str]:
        if row[0] > 12:
            raise ValueError("this row cannot be written")
        return [str(row[0])]

    export = Export("数", ["数"], numbers(20), cells, "numbers", {})
    sent = []
    with pytest.raises(ValueError, match="this row"):
        sent.extend(journalled(export, db.engine, app.extensions["journal"], WHO))
    assert b"12" not in b"".join(sent)
    assert json.loads(lines(session)[-1].detail) == {"conditions": {}, "count": 10, "whole": False}
