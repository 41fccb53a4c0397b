"""The work desk as a page: counters of each notice, the queue of one counter, what to do first."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext

from models.offices import OfficeKind
from models.words import Forbidden, _
from views.audit.counters import COUNTERS, Counted
from views.audit.queue import SORTS, DeskReader, Home, QueueRow, Wanted
from views.counting import CAP, spoken
from views.parts import Empty, level_of
from views.turning import asked, links
from views.words import long_time


class Count(NamedTuple):
    """A counter of one notice, as a link."""

    word: str
    number: str
    url: str
    kind: str
    current: bool


@dataclass(frozen=True)
class NoticeRow:
    """One notice with its counters."""

    title: str
    due: str
    left: str
    level: str
    start_url: str
    start_word: str
    counters: list[Count]


class Choice(NamedTuple):
    """A way to sort."""

    word: str
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
    total: str
    links: list[tuple[str, str, str]]
    todos: list[Todo]
    empty: Empty | None


def desk_page(reader: DeskReader, wanted: Wanted) -> DeskPage:
    """The whole page."""
    home = reader.home()
    if home is None:
        raise Forbidden(_("您的账号还不属于任何单位，请联系系统管理员。"))
    notices = reader.counted()
    wanted, counts = _chosen(notices, wanted)
    place = asked(wanted.order)
    if not wanted.words:
        place = replace(place, count=counts.get(wanted.counter.key, 0))
    found = reader.page(wanted, place)
    return DeskPage(
        title=gettext("业务审核"),
        office=f"{home.name} · {gettext(OfficeKind(home.kind).label)}",
        search=wanted.words,
        search_url=url_for("Desk.list"),
        notices=[_notice(reader, n, home, wanted) for n in notices],
        tabs=_counts(wanted.notice_id, counts, home, wanted) if not wanted.words else [],
        sorts=_sorts(wanted, counts),
        rows=[reader.shown(row) for row in found.rows],
        total=found.found,
        links=links(found, place),
        todos=_todos(reader, notices, home),
        empty=None if found.rows else _empty(wanted, counts),
    )


def _chosen(notices: list[Counted], wanted: Wanted) -> tuple[Wanted, dict[str, int]]:
    """What is shown with its counters: the first notice with work where none was named, and
    a long queue in the one order that costs no sorting."""
    numbers = {notice.id: notice.numbers for notice in notices}
    if wanted.notice_id not in numbers and notices:
        first = next((n.id for n in notices if n.numbers["pending"]), notices[0].id)
        wanted = replace(wanted, notice_id=first)
    counts = numbers.get(wanted.notice_id, {})
    if counts.get(wanted.counter.key, 0) > CAP:
        wanted = replace(wanted, sort="waiting")
    return wanted, counts


def _sorts(wanted: Wanted, counts: dict[str, int]) -> list[Choice]:
    """The orders there are; none to choose from for what was searched for or is very long."""
    if wanted.words or counts.get(wanted.counter.key, 0) > CAP:
        return []
    given = {"notice": wanted.notice_id, "state": wanted.counter.key}
    return [
        Choice(gettext(word), url_for("Desk.list", **given, sort=key), key == wanted.sort)
        for key, (word, _order) in SORTS.items()
    ]


def _counts(notice_id, counts: dict[str, int], home: Home, wanted: Wanted) -> list[Count]:
    """The counters that this office can have: the last one passes and sends nothing."""
    last = home.superior_id is None
    shown = [c for c in COUNTERS if c.key not in (("vetted", "sent") if last else ("passed",))]
    return [
        Count(
            gettext(c.word),
            spoken(counts.get(c.key, 0)),
            url_for("Desk.list", notice=notice_id, state=c.key),
            c.kind,
            not wanted.words and notice_id == wanted.notice_id and c is wanted.counter,
        )
        for c in shown
    ]


def _notice(reader: DeskReader, notice: Counted, home: Home, wanted: Wanted) -> NoticeRow:
    unit = home.kind == OfficeKind.UNIT
    due, left, level = "", "", ""
    if unit:
        days = (notice.audit_end - reader.now).days
        open_ = notice.audit_end > reader.now
        left = gettext("剩 %(n)s 天", n=days) if open_ else gettext("已截止")
        level = level_of(notice.audit_end, reader.now) if open_ else ""
        due = long_time(notice.audit_end, reader.now) if open_ else ""
    url, word = _next_work(notice, wanted)
    return NoticeRow(
        title=notice.title,
        due=due,
        left=left,
        level=level,
        start_url=url,
        start_word=word,
        counters=_counts(notice.id, notice.numbers, home, wanted),
    )


def _next_work(notice: Counted, wanted: Wanted) -> tuple[str, str]:
    """What the button of a notice leads to: the queue first, but 批量送审 beside 待送审."""
    counts = notice.numbers
    at_vetted = notice.id == wanted.notice_id and wanted.counter.key == "vetted"
    if counts.get("vetted") and (at_vetted or not counts.get("pending")):
        return url_for("Send.show", notice_id=notice.id), gettext("批量送审")
    if counts.get("pending"):
        return url_for("Desk.next", notice=notice.id), gettext("开始审核")
    return "", ""


def _todos(reader: DeskReader, notices: list[Counted], home: Home) -> list[Todo]:
    made = []
    for notice in notices:
        counts = notice.numbers
        days = (notice.audit_end - reader.now).days
        url = url_for("Desk.list", notice=notice.id, state="pending")
        if home.kind == OfficeKind.UNIT and counts.get("pending") and 0 <= days < 3:
            link = gettext(
                "%(title)s还有 %(n)s 份待审", title=notice.title, n=spoken(counts["pending"])
            )
            end = long_time(notice.audit_end, reader.now)
            made.append(Todo("clock", "err", link, url, gettext("，%(end)s 截止", end=end)))
        if counts.get("vetted"):
            link = gettext("%(n)s 份已审核，等待送审", n=spoken(counts["vetted"]))
            send = url_for("Send.show", notice_id=notice.id)
            made.append(
                Todo("send", "ret", link, send, gettext("（%(title)s）", title=notice.title))
            )
    if home.requests:
        link = gettext("%(n)s 人申请绑定本单位", n=home.requests)
        made.append(Todo("user", "no", link, url_for("Requests.list"), ""))
    if home.registrations:
        link = gettext("%(n)s 个单位申请注册", n=home.registrations)
        made.append(Todo("building-2", "no", link, url_for("Units.list"), ""))
    return made


def _empty(wanted: Wanted, counts: dict[str, int]) -> Empty:
    if wanted.words:
        title = gettext("没有找到“%(words)s”", words=wanted.words)
        text = gettext("可以输入姓名中的几个字、完整的身份证号或申报编号。")
        return Empty("search", title, text, gettext("返回业务审核"), url_for("Desk.list"))
    word = gettext(wanted.counter.word)
    if wanted.counter.key == "pending" and counts.get("vetted"):
        url = url_for("Send.show", notice_id=wanted.notice_id)
        text = gettext("%(n)s 份等待送审。", n=spoken(counts["vetted"]))
        return Empty("circle-check", gettext("待审的都审完了"), text, gettext("去批量送审"), url)
    title = gettext("没有“%(word)s”的申报", word=word)
    text = gettext("有人提交申报后会出现在这里。")
    return Empty("inbox", title, text, "", "")
