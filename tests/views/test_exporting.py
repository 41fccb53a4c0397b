"""CSV and Excel: the same rows as the list, safe in every spreadsheet, streamed, in the journal."""

import csv
import io
import json
import re
import sqlite3
import tempfile
import tracemalloc
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from time import monotonic
from urllib.parse import unquote
from xml.etree import ElementTree

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Integer, String, cast, column, func, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.journal import Journal, Line, note
from models.offices import Office
from models.permissions import Actor, Role
from models.sections import SECTIONS
from models.words import NotAllowed
from tests.bed import Bed
from tests.client import Browser
from tests.databases import started
from tests.views.test_console import listed
from tests.worlds.base import id_no_of
from tests.worlds.console import FORMULAS, MANY, PASSWORD, two_cities
from tests.worlds.odd import TEXTS, odd_city
from views import exporting
from views.console.around import BATCHES, BINDINGS, OFFICES
from views.console.table import Table
from views.console.tables import DECLARATIONS, of_section
from views.exporting import FORMATS, Export, csv_files, journalled, send, workbook
from views.exporting.cells import ALTERED, BLANKS, FORMULA, HARMLESS, Guard, guarded, safe
from views.exporting.csv_files import csv_blocks
from views.login import codes

pytestmark = pytest.mark.world(build=two_cities)
odd = pytest.mark.world(build=odd_city)

SHOWN = (DECLARATIONS, *(of_section(s) for s in SECTIONS if s.model), OFFICES, BINDINGS, BATCHES)
TABLES = [table.key for table in SHOWN]
WHO = Actor(Role.DATA_MANAGER, "data", "数管")
CSV, XLSX = FORMATS["csv"], FORMATS["xlsx"]


@pytest.fixture
def manager(client):
    """The data manager of the city."""
    client.login("data", PASSWORD)
    return client


def file_of(browser, table: str, ending: str = "csv", **query) -> bytes:
    """What is downloaded."""
    answer = browser.client.get(f"/console/{table}/export/{ending}/", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == FORMATS[ending].mimetype
    return answer.data


def exported(browser, table: str, **query) -> list[list[str]]:
    """The file as a spreadsheet reads it; the first row holds the headings."""
    return read(file_of(browser, table, **query))


def read(file: bytes) -> list[list[str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(file: bytes) -> ElementTree.Element:
    """The one sheet of a workbook."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert parts.testzip() is None
        return ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))


def cells_of(file: bytes) -> list[list[str]]:
    """The workbook as a spreadsheet reads it: every cell is text, what is empty is left out."""
    sheet = sheet_of(file)
    first, *rest = [[typed(cell) for cell in row] for row in sheet.iter(f"{SHEET}row")]
    found = [dict(first), *map(dict, rest)]
    places = list(found[0])
    assert all(set(row) <= set(places) for row in found)
    return [[row.get(place, "") for place in places] for row in found]


def typed(cell: ElementTree.Element) -> tuple[str, str]:
    """The letters of its column and its text."""
    assert cell.get("t") == "inlineStr", ElementTree.tostring(cell)
    words = "".join(part.text or "" for part in cell.iter(f"{SHEET}t"))
    said = re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), words)
    return cell.get("r").rstrip("0123456789"), said


def lines(session) -> list[Line]:
    return list(session.scalars(select(Line).where(Line.act == "export").order_by(Line.id)))


def manages(session: Session) -> Actor:
    """Whose browser ``manager`` is."""
    office = session.scalars(select(Office.id).where(Office.name == "松原市人社局")).one()
    return Actor(Role.DATA_MANAGER, "data", "数管", office_id=office)


def as_listed(session: Session, table: Table, who: Actor) -> list[list[str]]:
    """All rows, written in Python as pages write them."""
    query = table.in_order(None, False).apply(table.rows(who))
    return [table.written(row, codes()).cells for row in session.execute(query)]


def guarded_by(table: Table, cells: list[str]) -> list[str]:
    """A row as it must stand in a CSV."""
    ways = {
        Guard.NEVER: str,
        Guard.NEEDED: safe,
        Guard.ALWAYS: lambda cell: f"'{cell}" if cell else "",
    }
    pairs = zip(table.columns, cells, strict=True)
    return [ways[column.guard](cell) for column, cell in pairs]


def folded(cell: str) -> str:
    """As a page shows it, and without the apostrophe that makes it safe."""
    return " ".join(cell.removeprefix("'").split())


# What is written


def test_the_file_is_the_list(manager):
    for table in TABLES:
        headings, *rows = exported(manager, table)
        assert [[folded(cell) for cell in row] for row in rows] == listed(manager, table), table
        assert not rows or headings == manager.page.texts("thead th"), table


@odd
def test_the_database_writes_what_python_writes(manager, app, session):
    """To the last byte, for values that each of the two might write in a way of its own."""
    who = manages(session)
    for table in SHOWN:
        headings = [column.label for column in table.columns]
        with app.test_request_context("/"):
            rows = as_listed(session, table, who)
        wanted = io.StringIO(newline="")
        writer = csv.writer(wanted, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([headings, *(guarded_by(table, row) for row in rows)])
        file = file_of(manager, table.key).decode("utf-8-sig")
        assert read(file_of(manager, table.key))[1:] == [guarded_by(table, row) for row in rows]
        assert file == wanted.getvalue(), table.key
        assert cells_of(file_of(manager, table.key, "xlsx")) == [headings, *rows], table.key


@odd
def test_the_odd_is_really_there(manager):
    """The test above proves nothing about what is in no row."""
    _headings, *rows = exported(manager, "paper")
    assert {row[4].removeprefix("'") for row in rows} >= {text.removeprefix("'") for text in TEXTS}
    found = {table: {c for row in exported(manager, table) for c in row} for table in TABLES}
    assert {"", "其他", "资历(任职年限)、学历", "𠮷\"'、、学历、=1", "0012、、学历"} <= found[
        "basic_info"
    ]
    assert {"CSSCI、SCI(SCIE)", "'=1", "没有", "'0001", "0.01", "9999.999", "1234.5"} <= found[
        "paper"
    ]
    assert {"9999999999.99", "0.01", "1000000000", "1999-12"} <= found["project"]
    assert {"是", "否", "", "未知"} <= found["education"]
    assert {"2026-03-20 23:59", "2026-03-21 00:00", "2026-03-21 07:59"} <= found["declaration"]
    assert "former" in found["office"]


@odd
def test_both_databases_write_the_same_bytes(tmp_path):
    sqlite, postgresql = (files_over(kind, tmp_path / kind) for kind in ("sqlite", "postgresql"))
    assert list(sqlite) == TABLES
    for table in TABLES:
        assert sqlite[table] == postgresql[table], table


def files_over(kind: str, folder) -> dict[str, bytes]:
    """All files over one database."""
    folder.mkdir()
    with started(kind) as server:
        bed = Bed(server, folder)
        bed.restore(odd_city)
        browser = Browser(bed.app)
        browser.login("data", PASSWORD)
        files = {table: file_of(browser, table) for table in TABLES}
        bed.engine.dispose()
    return files


QUERIES = (
    {"search": "张0"},
    {"search": "张", "sort": 1, "desc": 1},
    {"flt0_status": "RETURNED"},
    {"flt4_unit": "%_", "sort": 13},
    {"flt5_since": "2026-03-20", "flt6_until": "2026-03-20", "search": "'"},
    {"flt5_since": "2026-03-20", "flt6_until": "2026-03-20", "search": "张"},
    {"search": "不存在"},
)


@pytest.mark.parametrize("query", QUERIES)
def test_it_has_the_filters_and_the_order_of_the_list(manager, query):
    page = manager.open("/console/declaration/", query=query | {"page_size": 100})
    headings, *rows = exported(manager, "declaration", **query)
    assert [[folded(cell) for cell in row] for row in rows] == page.rows()
    bare = cells_of(file_of(manager, "declaration", "xlsx", **query))
    assert [[folded(cell) for cell in row] for row in bare] == [headings, *page.rows()]


def test_the_page_links_to_the_files_of_what_it_shows(manager):
    page = manager.open("/console/declaration/", query={"search": "张0", "sort": 1, "desc": 1})
    links = {a.get_text(strip=True): a["href"] for a in page.select("a[href*='export']")}
    assert list(links) == ["导出 CSV", "导出 Excel"]
    _headings, *rows = read(manager.client.get(links["导出 CSV"]).data)
    assert [row[1] for row in rows] == [row[1] for row in page.rows()]
    _headings, *rows = cells_of(manager.client.get(links["导出 Excel"]).data)
    assert rows == page.rows()


def test_nothing_else_can_be_exported(manager):
    for kind in ("xls", "json", "tsv", "pdf", "CSV"):
        assert manager.client.get(f"/console/paper/export/{kind}/").status_code == 404


@pytest.mark.parametrize("ending", FORMATS)
def test_the_name_of_the_file(manager, ending):
    answer = manager.client.get(f"/console/paper/export/{ending}/", buffered=True)
    plain, _, encoded = answer.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain == f'attachment; filename="paper.{ending}"'
    title, _, day = unquote(encoded).removesuffix(f".{ending}").partition("_")
    assert (title, len(day)) == ("论文信息", len("2026-03-20"))
    slashed = manager.client.head(f"/console/office/export/{ending}/").headers
    named = unquote(slashed["Content-Disposition"].partition("''")[2])
    assert named.startswith("推荐单位／机构_")  # "/" would be a folder
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# What a spreadsheet makes of it


def test_no_cell_is_a_formula(manager):
    for table, place in (("paper", 4), ("declaration", 9)):
        _headings, *rows = exported(manager, table)
        assert {f"'{formula}" for formula in FORMULAS} <= {row[place] for row in rows}
        cells = [cell for row in rows for cell in row if cell]
        assert [cell for cell in cells if cell[0] in "=+-@\t\r\n＝＋－＠"] == []


@odd
@pytest.mark.parametrize("table", ["declaration", "office", "education", "paper", "batch"])
def test_numbers_look_alike_in_every_row(manager, table):
    """One row with an apostrophe beside one without looks like a mistake."""
    titles = (
        "申报编号",
        "统一社会信用代码",
        "联系电话",
        "证件号码",
        "学历证书编号",
        "ISSN",
        "批次号",
    )
    headings, *rows = exported(manager, table)
    of_numbers = [place for place, title in enumerate(headings) if title in titles]
    assert of_numbers
    for place in of_numbers:
        cells = [row[place] for row in rows if row[place]]
        assert cells and all(cell.startswith("'") for cell in cells), headings[place]


CELLS = [
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
    (" =1", "' =1"),
    ("\u3000\xa0\ufeff＝1", "'\u3000\xa0\ufeff＝1"),
    (" \n1", "' \n1"),
    (" 007", "' 007"),
    (" x=1", " x=1"),
    ("  ", "  "),
]


@pytest.mark.parametrize(("cell", "written"), CELLS)
def test_cells_are_text(cell, written):
    assert safe(cell) == written


def test_the_databases_guard_as_python_does(db):
    """Every first character that could matter, alone and before others, what may stand before
    it, and rows of digits."""
    firsts = [chr(code) for code in range(1, 0x250)] + [
        chr(code) for code in range(0xFE00, 0x10000)
    ]
    cells = [f"{first}{rest}" for first in firsts for rest in ("", "1+1")]
    cells += ["0" * n for n in range(1, 20)] + ["1" * n for n in range(1, 20)]
    cells += ["0" * n + "x" for n in range(1, 20)] + ["𠮷", "０１", "1\n", "01\n", "1" * 16 + "\n"]
    cells += [f"{blank}{rest}" for blank in BLANKS for rest in ("", "=1", "＠", "007", "1", "x")]
    cells += [f"{end}{rest}" for ends in HARMLESS for end in ends for rest in ("", "=1")]
    cells += [*TEXTS, *(cell for cell, _written in CELLS)]
    assert {sign for sign in FORMULA if sign != "\0"} <= set(cells)
    assert any(ALTERED.fullmatch(cell) for cell in cells)
    given = column("cell", String)
    sql = select(given, guarded(given, Guard.NEEDED)).select_from(
        text("(SELECT CAST(:cell AS VARCHAR) AS cell) AS given")
    )
    with db.engine.connect() as connection:
        found = [connection.execute(sql, {"cell": cell}).one() for cell in cells]
    assert [(cell, told) for cell, told in found] == [(cell, safe(cell)) for cell in cells]


def test_what_is_harmless_needs_no_guard():
    """The guard asks no more of what lies within these ends."""
    signs = [chr(n) for first, last in HARMLESS for n in range(ord(first), ord(last) + 1)]
    assert {"A", "z", "、", "一", "龥"} <= set(signs)
    assert set(signs).isdisjoint({*FORMULA, *BLANKS, *"0123456789"})
    assert [sign for sign in signs if safe(f"{sign}=1") != f"{sign}=1"] == []


@odd
def test_columns_without_a_guard_need_none(manager, app, session):
    """Numbers that the program itself bounds, dates, 是 and 否."""
    who, seen = manages(session), 0
    for table in SHOWN:
        with app.test_request_context("/"):
            rows = as_listed(session, table, who)
        for place, column_ in enumerate(table.columns):
            cells = [row[place] for row in rows if column_.guard is Guard.NEVER]
            assert [cell for cell in cells if safe(cell) != cell] == [], column_.key
            seen += len(list(filter(None, cells)))
    assert seen > 100


def test_every_cell_of_a_workbook_is_text_that_stays_text(manager):
    file = file_of(manager, "paper", "xlsx")
    sheet = sheet_of(file)
    assert sheet.findall(f".//{SHEET}f") == sheet.findall(f".//{SHEET}v") == []
    pane = sheet.find(f".//{SHEET}pane")
    assert (pane.get("ySplit"), pane.get("state"), pane.get("xSplit")) == ("1", "frozen", None)
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
    shapes = styles.find(f"{SHEET}cellXfs").findall(f"{SHEET}xf")
    fonts = styles.find(f"{SHEET}fonts").findall(f"{SHEET}font")
    first, *rest = sheet.iter(f"{SHEET}row")
    for row, bold in ((first, True), *((row, False) for row in rest)):
        for cell in row:
            shape = shapes[int(cell.get("s"))]
            assert shape.get("numFmtId") == "49"  # "@": text
            assert (fonts[int(shape.get("fontId"))].find(f"{SHEET}b") is not None) is bold


@pytest.mark.parametrize("most", [2 * MANY - 1, 2 * MANY])
def test_a_workbook_holds_no_more_rows_than_a_sheet(manager, session, monkeypatch, most):
    monkeypatch.setattr(workbook, "MOST", most)
    answer = manager.client.get("/console/paper/export/xlsx/")
    if most == 2 * MANY:
        assert len(cells_of(answer.data)) == 1 + most
        return
    assert answer.status_code == 409
    assert f"超过 {most} 行" in answer.text and "导出 CSV" in answer.text
    detail = json.loads(lines(session)[-1].detail)
    assert (detail["whole"], detail["count"]) == (False, 0)
    assert len(exported(manager, "paper")) == 1 + 2 * MANY


def test_rows_that_come_while_a_workbook_is_written_are_not_left_out(db, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST", 5)
    monkeypatch.setattr(workbook, "counted", lambda query: select(literal(5)))
    with pytest.raises(NotAllowed):
        workbook.write(of_numbers(6), db.engine, tmp_path / "x.xlsx")


# The journal


@pytest.mark.parametrize("ending", FORMATS)
def test_a_line_in_the_journal(manager, session, app, ending):
    query = {"search": "张", "flt0_status": "SUBMITTED"}
    body = file_of(manager, "paper", ending, **query)
    line = lines(session)[-1]
    assert (line.actor, line.object_kind, line.object_id) == ("data", "console", "paper")
    assert json.loads(line.detail) == {
        "format": ending,
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


@pytest.mark.parametrize("ending", FORMATS)
def test_who_only_asks_what_would_come_exports_nothing(manager, session, ending):
    answer = manager.client.head(f"/console/paper/export/{ending}/")
    assert (answer.status_code, answer.data) == (200, b"")
    assert f"paper.{ending}" in answer.headers["Content-Disposition"]
    assert lines(session) == []


@pytest.fixture
def small_blocks(monkeypatch):
    """So that a short file comes in many blocks."""
    monkeypatch.setattr(csv_files, "ROWS", 7)
    monkeypatch.setattr(csv_files, "BLOCK", 1000)
    monkeypatch.setattr(workbook, "BLOCK", 1000)


@pytest.mark.parametrize(("ending", "least"), [("csv", 1), ("xlsx", 2 * MANY)])
def test_the_line_comes_before_the_last_bytes(manager, app, session, small_blocks, ending, least):
    answer = manager.client.get(f"/console/paper/export/{ending}/", buffered=False)
    parts = answer.response
    assert next(parts) and next(parts)
    assert lines(session) == []
    session.rollback()
    answer.close()
    detail = json.loads(lines(session)[-1].detail)
    assert detail["whole"] is False
    assert least <= detail["count"] <= 2 * MANY
    assert ending == "xlsx" or detail["count"] < 2 * MANY
    assert "sha256" not in detail
    assert list(app.extensions["journal"].verify(session)) == []


@pytest.mark.parametrize(("ending", "busy", "files"), [("csv", 1, 0), ("xlsx", 0, 1)])
def test_who_goes_away_leaves_nothing_behind(
    manager, db, monkeypatch, tmp_path, small_blocks, ending, busy, files
):
    """No connection and no temporary file; the line in the journal waits for no connection that
    the file still holds."""
    at_the_line = []

    def noted(*args, **said):
        at_the_line.append(taken(db))
        note(*args, **said)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(exporting, "note", noted)
    before = taken(db)
    answer = manager.client.get(f"/console/paper/export/{ending}/", buffered=False)
    assert next(answer.response) and next(answer.response)
    assert (taken(db) - before, len(list(tmp_path.iterdir()))) == (busy, files)
    answer.close()
    assert at_the_line == [before]
    assert (taken(db), list(tmp_path.iterdir())) == (before, [])


def taken(db) -> int:
    """Connections that are in use."""
    return db.engine.pool.checkedout()


def test_blocks_make_up_the_same_file(manager, request):
    whole = file_of(manager, "paper")
    request.getfixturevalue("small_blocks")
    assert file_of(manager, "paper") == whole


# What it costs


def numbers(last: int, *more):
    """A query of so many rows, without a table."""
    counted = select(literal(1, Integer).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))
    cell = func.replace("第#行" * 20, "#", cast(counted.c.n, String), type_=String)
    return select(cell, *more).select_from(counted)


def of_numbers(last: int) -> Export:
    return Export("数", ["数"], numbers(last), [Guard.NEEDED], "numbers", {})


def peak(db, format_, last: int) -> tuple[int, int]:
    """Bytes of the file, and of the memory that sending it took."""
    tracemalloc.start()
    with closing(format_.blocks(of_numbers(last), db.engine)) as parts:
        size = sum(len(block) for _rows, block in parts)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, most


@pytest.mark.parametrize(
    ("ending", "small", "large"), [("csv", 8_000, 40_000), ("xlsx", 4_000, 20_000)]
)
def test_memory_does_not_grow_with_the_file(db, ending, small, large):
    peak(db, FORMATS[ending], small)
    size, least = peak(db, FORMATS[ending], small)
    grown, most = peak(db, FORMATS[ending], large)
    assert grown > 4 * size
    assert most < 1.5 * least


def test_an_export_costs_the_same_for_any_number_of_rows(manager, count_statements):
    """The user; four for the line in the journal. What the drivers read is one statement,
    which is given to them directly."""
    manager.open("/console/paper/")
    counts = []
    for query in ({"search": "张05"}, {}):
        with count_statements() as seen:
            exported(manager, "paper", **query)
        counts.append(len(seen))
    assert counts == [5, 5], seen


def test_sealed_numbers_are_not_even_asked_for(app, db):
    with app.test_request_context("/"):
        asked = [str(table.told(WHO).compile(db.engine)) for table in SHOWN]
    assert len(asked) == len(TABLES)
    assert [sql for sql in asked if "_sealed" in sql or "id_no_index" in sql] == []


# What goes wrong


@pytest.mark.parametrize("ending", FORMATS)
def test_a_query_that_fails_is_no_torn_file(app: Flask, ending):
    query = select(column("nothing", String))
    broken = Export("错", ["错"], query, [Guard.NEVER], "broken", {})
    with app.test_request_context("/"):
        storage, journal = app.extensions["sqlalchemy"], Journal(b"k" * 32)
        with pytest.raises((DBAPIError, psycopg.Error, sqlite3.Error)):
            send(broken, FORMATS[ending], storage, journal, WHO, datetime.now(UTC))


def test_a_row_that_fails_ends_the_file_early_and_is_told(db, app, session, small_blocks):
    """By a division by nought, which SQLite takes for NULL and PostgreSQL refuses; there by a
    list that is none."""
    n = column("n", Integer)
    late = {
        "postgresql": 1 / (300 - n),
        "sqlite": func.json_extract(func.iif(n == 300, "[", "[1]"), "$"),
    }
    query = numbers(900, cast(late[db.kind], String))
    export = Export("数", ["数", "数"], query, [Guard.NEVER] * 2, "numbers", {})
    sent = []
    with pytest.raises((psycopg.Error, sqlite3.Error)):
        sent.extend(journalled(export, CSV, db.engine, app.extensions["journal"], WHO))
    assert "第300行".encode() not in b"".join(sent)
    detail = json.loads(lines(session)[-1].detail)
    assert detail["whole"] is False and 0 < detail["count"] < 300


@pytest.mark.databases("postgresql")
def test_a_statement_nobody_waits_for_is_cancelled(db):
    """Who goes away takes the work of the server with him."""
    if db.kind != "postgresql":  # asked for by --database: SQLite has no server
        return
    endless = Export("数", ["数"], numbers(10**9), [Guard.NEVER], "numbers", {})
    with closing(csv_blocks(endless, db.engine)) as parts:
        assert len(list(islice(parts, 3))) == 3
        assert running(db) == 1
    until = monotonic() + 10
    while running(db) and monotonic() < until:  # the server needs a moment to hear of it
        pass
    assert running(db) == 0


def running(db) -> int:
    """Statements of exports at work."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'"
    )
    with db.engine.connect() as connection:
        return connection.scalars(query).one()
