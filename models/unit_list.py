"""单位导入: a list of units that a data manager puts under the offices of his own, line by line
without a fault or not at all."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, new_uid
from models.clock import Moment
from models.codes import CodeBook
from models.numbers import mobile_objection, mobile_of, uscc_objection
from models.offices import CODES
from models.vault import normalised
from models.words import Sentence, _, say

COLUMNS = {
    "uscc": _("统一社会信用代码"),
    "name": _("单位名称"),
    "nature": _("单位性质"),
    "region": _("地区"),
    "superior": _("上级机构代码"),
    "legal_person": _("法定代表人"),
    "mobile": _("手机"),
}
"""The columns of the table, in their order."""

EXAMPLE = (
    _("示例，不导入"),
    _("榆树市水利勘测院"),
    _("全额拨款事业单位"),
    _("榆树市"),
    _("上级机构的代码"),
    _("张明"),
    "13800000000",
)
"""The line of the template that shows how to fill it in."""

LIMITS = {"name": 100, "legal_person": 50}
MOST_LINES = 2000
"""So many can be looked through and written in one request."""

FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a formula of a spreadsheet begins (CWE-1236)."""


UNSEEN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that nobody can read."""


class UnitList(Base):
    """A table that was uploaded and not imported yet; it is swept after a day."""

    __tablename__ = "unit_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    username: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Moment)
    lines: Mapped[list[dict]] = mapped_column(JSON)


@dataclass(frozen=True)
class UnitLine:
    """One line; ``number`` is that of the file, the headings counted."""

    number: int
    uscc: str
    name: str
    nature: str
    region: str
    superior: str
    legal_person: str
    mobile: str


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which line and column."""

    number: int
    column: str
    sentence: Sentence


@dataclass(frozen=True)
class Known:
    """What the database says of the codes and names of a list. ``superiors``: code → id of the
    offices that may be named; ``offices``: code → (name, id of the superior) of the units that
    are here; ``others``: code → why this office is no unit; ``held``: codes with a legal
    account; ``names``: name → code."""

    superiors: Mapping[str, int]
    offices: Mapping[str, tuple[str, int | None]]
    others: Mapping[str, Sentence]
    held: frozenset[str]
    names: Mapping[str, str]


def is_example(cells: Mapping[str, str]) -> bool:
    """Whether a line (key → text) is the one of the template; it may stay where it is."""
    return cells.get("uscc", "").strip() == EXAMPLE[0]


def line_of(number: int, cells: Mapping[str, str], codes: CodeBook) -> UnitLine:
    """A line as it is kept: codes of tables also by their words."""
    said = {key: " ".join(shown(cells.get(key, "")).split()) for key in COLUMNS}
    for key in ("uscc", "superior"):
        said[key] = normalised(said[key].removeprefix("'"))
    said["mobile"] = mobile_of(said["mobile"].removeprefix("'"))
    for key, table in CODES.items():
        said[key] = _code(codes, table, said[key].removeprefix("'"))
    return UnitLine(number, **said)


def shown(text: str) -> str:
    """The text with a mark for each character that cannot be seen, such as NUL."""
    return "".join(c if c.isprintable() or c.isspace() else UNSEEN for c in text)


def _code(codes: CodeBook, table: str, text: str) -> str:
    """The code of a word, where only one has it."""
    found = [entry.code for entry in codes.table(table).values() if entry.name == text]
    return found[0] if len(found) == 1 else text


def faults_of(lines: Iterable[UnitLine], known: Known, codes: CodeBook, today: date) -> list[Fault]:
    """All that is wrong, line by line."""
    lines, found = list(lines), []
    twice = {
        key: {value for value, n in Counter(getattr(x, key) for x in lines).items() if n > 1}
        for key in ("uscc", "name")
    }
    for line in lines:
        for column, sentence in _objections(line, known, codes, today):
            found.append(Fault(line.number, COLUMNS[column], sentence))
        for column, values in twice.items():
            if getattr(line, column) in values and getattr(line, column):
                words = say(_("这一项在文件里出现了不止一次。"))
                found.append(Fault(line.number, COLUMNS[column], words))
    return found


def _objections(line: UnitLine, known: Known, codes: CodeBook, today: date):
    """(column, sentence) of one line."""
    said = asdict(line)
    for key in ("name", "legal_person"):
        if not said[key]:
            yield key, say(_("不能为空。"))
        elif len(said[key]) > LIMITS[key]:
            over = {"limit": LIMITS[key], "length": len(said[key])}
            yield key, say(_("最多 %(limit)s 字，现在是 %(length)s 字。"), **over)
        elif FORMULA.match(said[key]):
            yield key, say(_("不能以 = + - @ 开头，它在表格软件里是公式。"))
        elif UNSEEN in said[key]:
            yield key, say(_("含有无法保存的控制字符。"))
    for key, table in CODES.items():
        entry = codes.get(table, said[key])
        if entry is None or not entry.valid_on(today):
            yield key, say(_("没有这个代码或名称；同名的请填写代码。"))
    if objection := mobile_objection(line.mobile):
        yield "mobile", objection
    if objection := uscc_objection(line.uscc):
        yield "uscc", objection
    else:
        yield from _clashes(line, known)
    if line.superior not in known.superiors:
        yield "superior", say(_("不是本机构或下级审核机构的代码。"))


def _clashes(line: UnitLine, known: Known):
    """What the offices that are here forbid."""
    if line.uscc in known.others:
        yield "uscc", known.others[line.uscc]
        return  # what its name is, is nothing to who imports
    if line.uscc in known.held:
        yield "uscc", say(_("这个单位已经有法人账号。"))
        return  # its line has to go, whatever else it says
    there = known.offices.get(line.uscc)
    if there is None:
        if line.name in known.names:
            yield "name", say(_("这个名称已由另一个统一社会信用代码登记。"))
        return
    name, superior = there
    if name != line.name:
        yield "name", say(_("系统里这个代码的单位名称是“%(name)s”，请核对。"), name=name)
    if superior != known.superiors.get(line.superior):
        yield "superior", say(_("系统里这个单位的上级机构不是它，请核对。"))
