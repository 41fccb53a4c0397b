"""The list of one's own declarations and of the notices that may be answered."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from models.binding import BindingState
from models.codes import CodeBook
from models.declaration import Declaration
from models.notice import Notice
from models.status import Status
from views.parts import level_of
from views.words import long_time, short_time


class Card(NamedTuple):
    """One of my declarations in the list."""

    title: str
    notice: str
    status: str
    number: str
    at: str
    url: str
    track_url: str
    verb: str


class NoticeCard(NamedTuple):
    """A notice: when it is open, and what can be done with it."""

    title: str
    text: str
    level: str
    url: str
    verb: str
    why_not: str


def title_of(declaration: Declaration, codes: CodeBook) -> str:
    """高级工程师 · 水利水电工程, or the notice while nothing is chosen."""
    basic = declaration.basic_info[0] if declaration.basic_info else None
    if basic is None:
        return declaration.notice.title
    return f"{codes.name('title_name', basic.apply_title_name)} · {basic.apply_specialty}"


def card_of(declaration: Declaration, codes: CodeBook, now: datetime) -> Card:
    """The card of one declaration."""
    filling = declaration.status in (Status.DRAFT, Status.RETURNED)
    submitted = declaration.submitted_at
    return Card(
        title=title_of(declaration, codes),
        notice=declaration.notice.title,
        status=declaration.status.lower(),
        number=declaration.declare_no or "",
        at=short_time(submitted, now) if submitted else gettext("还没有提交"),
        url=url_for("Mine.show", pk=declaration.id),
        track_url=url_for("Mine.track", pk=declaration.id) if declaration.round else "",
        verb=gettext("编辑") if filling else gettext("查看"),
    )


def notice_cards(notices, mine, binding: Any, now: datetime) -> list[NoticeCard]:
    """The notices, those that can be answered first."""
    answered = {d.notice_id: d for d in mine}
    return [_notice(n, answered.get(n.id), binding, now) for n in notices]


def _notice(notice: Notice, answer: Declaration | None, binding: Any, now) -> NoticeCard:
    bound = binding is not None and binding.state == BindingState.BOUND
    text = gettext(
        "个人申报 %(start)s 至 %(end)s",
        start=long_time(notice.declare_start, now),
        end=long_time(notice.declare_end, now),
    )
    why, url, verb = "", "", ""
    if answer is not None:
        url, verb = url_for("Mine.show", pk=answer.id), gettext("查看申报")
    elif now < notice.declare_start:
        why = gettext("还没有开始")
    elif now >= notice.declare_end:
        why = gettext("已经截止")
    elif not bound:
        why = gettext("先绑定推荐单位，才能申报")
    elif not notice.serves(binding.unit):
        why = gettext("申报范围不包括您的推荐单位")
    else:
        url, verb = url_for("Mine.begin", pk=notice.id), gettext("申报")
    return NoticeCard(notice.title, text, level_of(notice.declare_end, now), url, verb, why)
