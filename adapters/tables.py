"""Tables that people upload: CSV as spreadsheets write it, read as text and nothing else."""

import csv
from collections.abc import Sequence
from io import StringIO

from models.words import BadInput, _

ENCODINGS = ("utf-8-sig", "gb18030")
"""With a byte order mark or without one; the second is what Chinese spreadsheets save as."""

TORN = _("第 %(line)s 行有 %(n)s 格，比标题多。内容里有逗号时要用英文双引号括起来。")
BROKEN = _("第 %(line)s 行读不出来，请用表格软件另存为 CSV 后再上传。")
LONGEST_CELL = 1000
"""Characters; a quote that is never closed would take the rest of the file as one cell."""


def read_table(data: bytes, headings: Sequence[str], most: int) -> list[tuple[int, dict[str, str]]]:
    """(number of the line in the file, heading → text) of every line that is not empty.

    BadInput says what makes it no such table. Cells that a line lacks at its end are empty.
    """
    rows = _rows(_text(data))
    if not rows:
        raise BadInput(_("文件是空的，请填写后再上传。"))
    names = [cell.strip() for cell in rows[0][1]]
    lacking = [heading for heading in headings if names.count(heading) != 1]
    if lacking:
        words = _("第一行应有且只有一列“%(name)s”，请按模板填写标题。")
        raise BadInput(words, name=lacking[0])
    lines = []
    for number, cells in rows[1:]:
        if any(cell.strip() for cell in cells[len(names) :]):
            raise BadInput(TORN, line=number, n=len(cells))
        if any(cell.strip() for cell in cells):
            said = dict(zip(names, cells, strict=False))
            lines.append((number, {heading: said.get(heading, "") for heading in headings}))
    if not lines:
        raise BadInput(_("标题下面没有内容，请填写后再上传。"))
    if len(lines) > most:
        raise BadInput(_("一次最多导入 %(most)s 行，现在有 %(n)s 行。"), most=most, n=len(lines))
    return lines


def _text(data: bytes) -> str:
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise BadInput(_("这是 Excel 文件，请用“另存为”存成 CSV 后再上传。"))
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(_("文件的编码读不出来，请存成 UTF-8 的 CSV 后再上传。"))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Each line with the number at which it begins."""
    reader, found, begun = csv.reader(StringIO(text, newline=""), strict=True), [], 1
    try:
        for cells in reader:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise BadInput(BROKEN, line=begun)
            found.append((begun, cells))
            begun = reader.line_num + 1
    except csv.Error:
        raise BadInput(BROKEN, line=begun) from None
    return found
