"""Sentences of the domain, translated at the edge."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from models.clock import SHANGHAI
from models.words import Sentence, _

WEEKDAYS = _("一二三四五六日")

LARGEST_ID = 2**31 - 1
"""What fits the ids of both databases."""


def number_in(text: str | None) -> int | None:
    """The number that an address or a hidden field names; None if it is none, or larger than
    any id. Python refuses to read numbers of more than 4,300 digits, so the length is asked
    first."""
    known = text is not None and text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    return int(text) if known and int(text) <= LARGEST_ID else None


def translate(sentence: Sentence | str) -> str:
    """A sentence of the domain in the language of the request, its values too."""
    if isinstance(sentence, str):
        return gettext(sentence)
    words = gettext(sentence.msgid)
    return words % {k: _value(v) for k, v in sentence.values.items()} if sentence.values else words


def _value(value: Any) -> Any:
    return gettext(value) if isinstance(value, str) and value else value


def named(label: str, words: str, year: str = "") -> str:
    """A sentence with the field that it is about, unless it names it itself; of a sheet with
    the year."""
    place = year if label in words else year + label
    return gettext("%(title)s：%(words)s", title=place, words=words) if place else words


def short_time(moment: datetime | None, now: datetime) -> str:
    """For lists: 11-21 10:05, with the year when it is another one."""
    if moment is None:
        return "—"
    local = moment.astimezone(SHANGHAI)
    same_year = local.year == now.astimezone(SHANGHAI).year
    return f"{local:%m-%d %H:%M}" if same_year else f"{local:%Y-%m-%d %H:%M}"


def long_time(moment: datetime, now: datetime | None = None) -> str:
    """For sentences: 12 月 5 日（星期六）17:00, in Asia/Shanghai; with the year when it is
    another one than that of ``now``."""
    local = moment.astimezone(SHANGHAI)
    words = gettext("%(month)s 月 %(day)s 日（星期%(weekday)s）%(time)s")
    if now is not None and local.year != now.astimezone(SHANGHAI).year:
        words = gettext("%(year)s 年 %(month)s 月 %(day)s 日（星期%(weekday)s）%(time)s")
    return words % {
        "year": local.year,
        "month": local.month,
        "day": local.day,
        "weekday": gettext(WEEKDAYS)[local.weekday()],
        "time": f"{local:%H:%M}",
    }
