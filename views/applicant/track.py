"""进度跟踪: where a declaration lies, what happened, what is still to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import current_app, url_for
from flask_babel import gettext

from models.clock import SHANGHAI
from models.codes import CodeBook
from models.declaration import Declaration
from models.status import Status
from views.parts import Event, Link, events_of
from views.words import short_time


class Note(NamedTuple):
    """What stands on top: how it is, and what there is to do."""

    kind: str
    icon: str
    strong: str
    text: str


class Past(NamedTuple):
    """One declaration of the person's history."""

    year: int
    title: str
    status: str
    at: str
    url: str


@dataclass(frozen=True)
class TrackPage:
    """See templates/applicant/track.html."""

    title: str
    crumbs: list[Link]
    system: str
    printed_at: str
    content_url: str
    note: Note
    place: int
    total: int
    events: list[Event]
    history: list[Past]
    facts: list[tuple[str, str]]
    contact: list[tuple[str, str]]


def track(declaration: Declaration, history, codes: CodeBook, now: datetime) -> TrackPage:
    """The page for the applicant."""
    chain = declaration.chain
    step = declaration.step
    return TrackPage(
        title=submitted_title(declaration, codes),
        crumbs=[Link(gettext("我的申报"), url_for("Mine.list")), Link(gettext("进度跟踪"), "")],
        system=current_app.config["APP_NAME"],
        printed_at=f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        content_url=url_for("Mine.show", pk=declaration.id),
        note=_note(declaration, now),
        place=1 + (chain.index(step) + 1 if step in chain else 0),
        total=1 + len(chain),
        events=events_of(declaration, now, for_applicant=True),
        history=[_past(d, declaration, codes, now) for d in history],
        facts=[
            (gettext("申报人"), declaration.person.name),
            (gettext("申报编号"), declaration.declare_no),
            (gettext("通知"), declaration.notice.title),
            (gettext("推荐单位"), declaration.unit.name),
            (gettext("申报类别"), codes.name("declare_category", declaration.category)),
        ],
        contact=_contact(declaration),
    )


def submitted_title(declaration: Declaration, codes: CodeBook) -> str:
    """高级工程师 · 水利水电工程, as it was last submitted."""
    return f"{codes.name('title_name', declaration.title_code)} · {declaration.specialty}"


def _past(other: Declaration, this: Declaration, codes: CodeBook, now: datetime) -> Past:
    url = "" if other is this else url_for("Mine.track", pk=other.id)
    title = submitted_title(other, codes)
    at = short_time(other.submitted_at, now)
    return Past(other.notice.year, title, other.status.lower(), at, url)


def _contact(declaration: Declaration) -> list[tuple[str, str]]:
    step = declaration.step or declaration.returner
    if step is None:
        return []
    phone = step.office.telephone or gettext("未登记")
    return [(gettext("当前环节"), step.office.name), (gettext("电话"), phone)]


def _note(declaration: Declaration, now: datetime) -> Note:
    status, step = declaration.status, declaration.step
    if status == Status.RETURNED:
        office = declaration.returner.office.name
        strong = gettext("%(office)s退回了申报，等您修改。", office=office)
        text = gettext("按退回意见改好标出的模块，再重新提交。")
        return Note("ret", "corner-up-left", strong, text)
    if status == Status.PASSED:
        text = gettext("现在不需要您做什么。")
        return Note("ok", "circle-check", gettext("终审通过。"), text)
    if status == Status.TERMINATED:
        strong = gettext("%(office)s终止了审核，这份申报到此结束。", office=step.office.name)
        return Note("err", "ban", strong, gettext("原因见下面的审核意见。"))
    if status == Status.DRAFT:
        return Note("", "pencil", gettext("已撤回，还没有重新提交。"), "")
    days = (now - step.arrived_at).days
    words = gettext("在%(office)s，已 %(days)s 天。", office=step.office.name, days=days)
    return Note("", "clock", words, gettext("现在不需要您做什么。"))
