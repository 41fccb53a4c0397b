"""XLSX: written into a temporary file, row by row, and sent when it is complete. Every cell is
text, so that no spreadsheet takes it for a number or a formula.

The library makes the workbook with its headings and formats; the rows are put in here. Its
own way for rows takes five times as long, and lets a text ``<r>…</r>`` stand as it is, with
whatever formula is in it.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Engine, Select, func, literal, select
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from models.words import NotAllowed, _
from views.exporting.kinds import BLOCK, Blocks, Export

MOST = 1_048_575
"""Rows that a sheet of Excel holds below its headings."""

WIDTH = 16
"""Of every column, in characters; Chinese counts double."""

TEXT = 49
"""The format "@": what is typed into such a cell remains text."""

ROWS = 200
"""Rows that are read together."""

LEVEL = 3
"""Of compression: what the higher ones save is not worth their time."""

SHEET = "xl/worksheets/sheet1.xml"
"""Where the rows lie in the workbook."""

TOO_MANY = _(
    "符合条件的记录超过 %(most)s 行，一个 Excel 工作表放不下。"
    "请增加筛选条件后再导出，或改用“导出 CSV”。"
)

SPECIAL = re.compile("[&<>\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML reads as its own, what it cannot hold, and what would be read as such a sign
(ECMA-376, ST_Xstring)."""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def xlsx_blocks(export: Export, engine: Engine) -> Blocks:
    """Blocks of the file; the first counts all rows. NotAllowed if a sheet cannot hold them."""
    with TemporaryDirectory(prefix="zhiping-") as folder:
        path = Path(folder, "export.xlsx")
        rows = write(export, engine, path)
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield rows, block
                rows = 0


def write(export: Export, engine: Engine, path: Path) -> int:
    """The file, beside the parts that it is made of; says how many rows it has."""
    empty, sheet = path.with_name("empty.xlsx"), path.with_name("sheet.xml")
    with engine.connect().execution_options(yield_per=ROWS) as connection:
        if connection.scalars(counted(export.query)).one() > MOST:
            raise NotAllowed(TOO_MANY, most=MOST)
        make_empty(empty, export.headings)
        with ZipFile(empty) as parts, closing(connection.execute(export.query)) as result:
            shape = parts.read(SHEET).decode()
            with sheet.open("w", encoding="utf-8", newline="") as file:
                rows = fill(file, shape, result, len(export.headings))
            with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=LEVEL) as whole:
                for name in sorted(set(parts.namelist()) - {SHEET}):
                    whole.writestr(name, parts.read(name))
                whole.write(sheet, SHEET)
    return rows


def counted(query: Select) -> Select:
    """How many rows there are; no further than to one too many."""
    some = query.with_only_columns(literal(1), maintain_column_froms=True)
    some = some.order_by(None).limit(MOST + 1)
    return select(func.count()).select_from(some.subquery())


def make_empty(path: Path, headings: Sequence[str]) -> None:
    """A workbook of headings: bold and always in sight, over columns of text."""
    with Workbook(str(path), {"constant_memory": True, "tmpdir": path.parent}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": TEXT})
        bold = book.add_format({"num_format": TEXT, "bold": True})
        sheet.set_column(0, len(headings) - 1, WIDTH, text)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)


def fill(file: TextIO, empty: str, rows: Iterable[Sequence[str]], width: int) -> int:
    """The sheet with its rows, in the format of its columns; NotAllowed if meanwhile they have
    become too many."""
    before, end, after = re.sub("<dimension [^>]*>", "", empty).partition("</sheetData>")
    style = re.search('<col [^>]*style="([0-9]+)"', before)[1]
    names = [xl_col_to_name(place) for place in range(width)]
    starts = [f'<c s="{style}" t="inlineStr" r="{name}' for name in names]
    line = 1
    file.write(before)
    for line, row in enumerate(rows, 2):
        if line > MOST + 1:
            raise NotAllowed(TOO_MANY, most=MOST)
        file.write(f'<row r="{line}">')
        file.writelines(
            f'{start}{line}"><is><t xml:space="preserve">{SPECIAL.sub(_escaped, cell)}</t></is></c>'
            for start, cell in zip(starts, row, strict=True)
            if cell
        )
        file.write("</row>")
    file.write(end + after)
    return line - 1


def _escaped(found: re.Match) -> str:
    return ENTITIES.get(found[0]) or f"_x{ord(found[0]):04X}_"
