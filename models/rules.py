"""The rules that sections may lay on their records (domain 05: R01 … R19).

Each is made from attributes and answers ``(record, case) -> Problem | None``. What a
form has not filled in yet is None; a rule about it then says nothing.
"""

import re
from collections.abc import Callable
from typing import Any

from models.section import Case, Need, Problem, Rule
from models.words import Sentence, _, say

Condition = Callable[[Any, Case], bool]


def at_most(count: int, flag: Any, message: str) -> Rule:
    """No more than ``count`` records may say 是 (R02)."""

    def rule(record, case):
        others = sum(bool(getattr(sibling, flag.key)) for sibling in case.siblings)
        if getattr(record, flag.key) and others >= count:
            return Problem(flag.key, Sentence(message))
        return None

    return rule


class OneOnly:
    """At most one record says 是 (R03); choosing it here switches the other one off.

    The form asks for ``flag`` and tells beforehand, the database holds a unique index.
    """

    def __init__(self, flag: Any, message: str):
        self.flag, self.message = flag.key, message

    def __call__(self, record, case) -> Problem | None:
        if getattr(record, self.flag) and self.chosen(case):
            return Problem(self.flag, Sentence(self.message))
        return None

    def chosen(self, case: Case) -> list[Any]:
        """The other records that say 是: at most one."""
        return [s for s in case.siblings if getattr(s, self.flag)]


def not_in_future(day: Any) -> Rule:
    """A day that has come (R16)."""

    def rule(record, case):
        value = getattr(record, day.key)
        if value and value > case.today:
            return Problem(day.key, say(_("这个日期还没有到，请核对。")))
        return None

    return rule


def by_cut_off(day: Any) -> Rule:
    """Not after the cut-off date of the notice (R16)."""

    def rule(record, case):
        value, last = getattr(record, day.key), case.declaration.notice.cut_off
        if value and value > last:
            words = say(_("通知规定截止到%(day)s，请填写不晚于该日的日期。"), day=last)
            return Problem(day.key, words)
        return None

    return rule


def in_order(first: Any, last: Any, message: str = _("结束时间不能早于开始时间。")) -> Rule:
    """``first`` is not after ``last`` (R16)."""

    def rule(record, case):
        start, end = getattr(record, first.key), getattr(record, last.key)
        if start and end and end < start:
            return Problem(last.key, Sentence(message))
        return None

    return rule


def ranked(rank: Any, total: Any) -> Rule:
    """1 ≤ rank ≤ total (R17)."""

    def rule(record, case):
        place, all_ = getattr(record, rank.key), getattr(record, total.key)
        if place is not None and all_ is not None and not 1 <= place <= all_:
            return Problem(rank.key, say(_("排名应在 1 到总人数 %(total)s 之间。"), total=all_))
        return None

    return rule


def needed_when(field: Any, condition: Condition, message: str) -> Rule:
    """``field`` must be filled in where ``condition`` holds."""

    def rule(record, case):
        if condition(record, case) and getattr(record, field.key) in (None, "", []):
            return Problem(field.key, Sentence(message))
        return None

    return rule


def matches(field: Any, pattern: str, message: str) -> Rule:
    """The whole text has this form; an empty one is not asked."""
    form = re.compile(pattern)

    def rule(record, case):
        value = getattr(record, field.key)
        if value and not form.fullmatch(value):
            return Problem(field.key, Sentence(message))
        return None

    return rule


def valid(field: Any, check: Callable[[Any], bool], message: str) -> Rule:
    """``check(value)`` holds; an empty value is not asked."""

    def rule(record, case):
        value = getattr(record, field.key)
        if value not in (None, "") and not check(value):
            return Problem(field.key, Sentence(message))
        return None

    return rule


def refused_when(field: Any, condition: Condition, message: str, *, warning: bool = False) -> Rule:
    """Wrong, or only remarkable, where ``condition`` holds."""

    def rule(record, case):
        if condition(record, case):
            return Problem(field.key, Sentence(message), warning)
        return None

    return rule


def equals(field: Any, *values: Any) -> Condition:
    """Whether the field holds one of the values."""

    def condition(record, case):
        return getattr(record, field.key) in values

    return condition


def filled(field: Any) -> Condition:
    """Whether the field holds anything."""

    def condition(record, case):
        return getattr(record, field.key) not in (None, "", [])

    return condition


def every_year(message: str) -> Need:
    """Each year that the section asks for has its record (R01, manual: 过去五年).

    Years before the person began to work are not asked for.
    """

    def need(records, case):
        begun = working_since(case)
        last = case.declaration.notice.last_year
        asked = range(last - 4, last + 1)
        missing = [y for y in asked if y >= begun and y not in {r.year for r in records}]
        if missing:
            years = "、".join(str(year) for year in missing)
            return Problem("", say(message, years=years))
        return None

    return need


def working_since(case: Case) -> int:
    """The year in which the person began to work, 0 while 基本信息 does not say so."""
    basic = getattr(case.declaration, "basic_info", None)
    return basic[0].work_start_date.year if basic else 0
