"""The work desk as a page: counters of each notice, the queue of one counter, what to do first."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext

from models.notice import Notice
from models.offices import OfficeKind
from views.audit.queue import COUNTERS, PAGE, SORTS, DeskReader, QueueRow, Wanted
from views.parts import Empty, level_of
from views.words import long_time


class Count(NamedTuple):
    """A counter of one notice, as a link."""

    word: str
    number: int
    url: str
    kind: str
    current: bool


@dataclass(frozen=True)
class NoticeRow:
    """One notice with its counters."""

    title: str
    short: str
    due: str
    left: str
    level: str
    start_url: str
    start_word: str
    counters: list[Count]


class Choice(NamedTuple):
    """A way to sort, a page to go to."""

    word: str
    url: str
    current: bool


class PageLink(NamedTuple):
    """A page of the queue."""

    number: int
    url: str
    current: bool


class Todo(NamedTuple):
    """Something to do first."""

    icon: str
    kind: str
    link: str
    url: str
    rest: str


@dataclass
class DeskPage:
    """See templates/audit/desk.html."""

    title: str
    office: str
    search: str
    search_url: str
    notices: list[NoticeRow]
    tabs: list[Count]
    sorts: list[Choice]
    rows: list[QueueRow]
    total: int
    span: str
    pages: list[PageLink]
    before: str
    after: str
    todos: list[Todo]
    empty: Empty | None
    export_url: str = ""


def desk_page(reader: DeskReader, office, wanted: Wanted) -> DeskPage:
    """The whole page."""
    numbers = reader.numbers()
    notices = reader.notices(numbers)
    if wanted.notice_id not in numbers and notices:
        first = next((n.id for n in notices if numbers[n.id]["pending"]), notices[0].id)
        wanted = Wanted(first, wanted.counter, wanted.sort, wanted.page, wanted.words)
    total, rows = reader.rows(wanted)
    last = max(1, -(-total // PAGE))
    kind = gettext(OfficeKind(office.kind).label)
    counts = numbers.get(wanted.notice_id, {})
    return DeskPage(
        title=gettext("业务审核"),
        office=f"{office.name} · {kind}",
        search=wanted.words,
        search_url=url_for("Desk.list"),
        notices=[_notice(reader, n, numbers[n.id], office, wanted) for n in notices],
        tabs=_counts(wanted.notice_id, counts, office, wanted) if not wanted.words else [],
        sorts=[
            Choice(gettext(word), _url(wanted, sort=key), key == wanted.sort)
            for key, (word, _order) in SORTS.items()
        ],
        rows=rows,
        total=total,
        span=_span(wanted.page, len(rows)),
        pages=[
            PageLink(n, _url(wanted, page=n), n == wanted.page)
            for n in range(max(1, wanted.page - 3), min(last, wanted.page + 3) + 1)
        ],
        before=_url(wanted, page=wanted.page - 1) if wanted.page > 1 else "",
        after=_url(wanted, page=wanted.page + 1) if wanted.page < last else "",
        todos=_todos(reader, notices, numbers, office),
        empty=None if rows else _empty(wanted, counts),
    )


def _url(wanted: Wanted, **changes) -> str:
    given = {"notice": wanted.notice_id, "state": wanted.counter.key, "sort": wanted.sort}
    if wanted.words:
        given = {"q": wanted.words, "sort": wanted.sort}
    return url_for("Desk.list", **given | {"page": None} | changes)


def _span(page: int, rows: int) -> str:
    first = (page - 1) * PAGE + 1
    return gettext("第 %(first)s—%(last)s 人", first=first, last=first + rows - 1)


def _counts(notice_id, counts: dict[str, int], office, wanted: Wanted) -> list[Count]:
    """The counters that this office can have: the last one passes and sends nothing."""
    last = office.superior_id is None
    shown = [c for c in COUNTERS if c.key not in (("vetted", "sent") if last else ("passed",))]
    return [
        Count(
            gettext(c.word),
            counts.get(c.key, 0),
            url_for("Desk.list", notice=notice_id, state=c.key),
            c.kind,
            not wanted.words and notice_id == wanted.notice_id and c is wanted.counter,
        )
        for c in shown
    ]


def _notice(reader: DeskReader, notice: Notice, counts, office, wanted: Wanted) -> NoticeRow:
    unit = office.kind == OfficeKind.UNIT
    due, left, level = "", "", ""
    if unit:
        days = (notice.audit_end - reader.now).days
        open_ = notice.audit_end > reader.now
        left = gettext("剩 %(n)s 天", n=days) if open_ else gettext("已截止")
        level = level_of(notice.audit_end, reader.now) if open_ else ""
        due = long_time(notice.audit_end, reader.now) if open_ else ""
    url, word = _next_work(notice, counts, wanted)
    return NoticeRow(
        title=notice.title,
        short=notice.title,
        due=due,
        left=left,
        level=level,
        start_url=url,
        start_word=word,
        counters=_counts(notice.id, counts, office, wanted),
    )


def _next_work(notice: Notice, counts, wanted: Wanted) -> tuple[str, str]:
    """What the button of a notice leads to: the queue first, but 批量送审 beside 待送审."""
    at_vetted = notice.id == wanted.notice_id and wanted.counter.key == "vetted"
    if counts.get("vetted") and (at_vetted or not counts.get("pending")):
        return url_for("Send.show", notice_id=notice.id), gettext("批量送审")
    if counts.get("pending"):
        return url_for("Desk.next", notice=notice.id), gettext("开始审核")
    return "", ""


def _todos(reader: DeskReader, notices, numbers, office) -> list[Todo]:
    made = []
    for notice in notices:
        counts = numbers[notice.id]
        days = (notice.audit_end - reader.now).days
        url = url_for("Desk.list", notice=notice.id, state="pending")
        if office.kind == OfficeKind.UNIT and counts.get("pending") and 0 <= days < 3:
            link = gettext("%(title)s还有 %(n)s 份待审", title=notice.title, n=counts["pending"])
            end = long_time(notice.audit_end, reader.now)
            made.append(Todo("clock", "err", link, url, gettext("，%(end)s 截止", end=end)))
        if counts.get("vetted"):
            link = gettext("%(n)s 份已审核，等待送审", n=counts["vetted"])
            send = url_for("Send.show", notice_id=notice.id)
            made.append(
                Todo("send", "ret", link, send, gettext("（%(title)s）", title=notice.title))
            )
    if waiting := reader.requests():
        link = gettext("%(n)s 人申请绑定本单位", n=waiting)
        made.append(Todo("user", "no", link, url_for("Requests.list"), ""))
    return made


def _empty(wanted: Wanted, counts: dict[str, int]) -> Empty:
    if wanted.words:
        title = gettext("没有找到“%(words)s”", words=wanted.words)
        text = gettext("可以输入姓名中的几个字、完整的身份证号或申报编号。")
        return Empty("search", title, text, gettext("返回业务审核"), url_for("Desk.list"))
    word = gettext(wanted.counter.word)
    if wanted.counter.key == "pending" and counts.get("vetted"):
        url = url_for("Send.show", notice_id=wanted.notice_id)
        text = gettext("%(n)s 份等待送审。", n=counts["vetted"])
        return Empty("circle-check", gettext("待审的都审完了"), text, gettext("去批量送审"), url)
    title = gettext("没有“%(word)s”的申报", word=word)
    text = gettext("有人提交申报后会出现在这里。")
    return Empty("inbox", title, text, "", "")
