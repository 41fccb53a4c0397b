"""我的经办人: what must hold of an agent whom the legal person sets up (unit manual 2.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.numbers import id_number_objection, mobile_objection
from models.problems import Problem
from models.words import _, say

LABELS = {
    "name": _("姓名"),
    "number": _("身份证号"),
    "mobile": _("手机号"),
    "checker": _("负责人"),
    "password": _("密码"),
    "again": _("再次输入密码"),
}

LONGEST_NAME = 50
"""Characters, as of a person."""


@dataclass(frozen=True)
class Wanted:
    """What was typed about an agent; ``known`` if his person is known already."""

    name: str
    number: str = ""
    mobile: str = ""
    known: bool = False

    def numbers(self, unit: str) -> tuple[str, ...]:
        """What his password may not contain; ``unit`` is the code of the unit."""
        return tuple(filter(None, (unit, self.number, self.mobile)))


def agent_problems(wanted: Wanted, others: Collection[str], today: date) -> list[Problem]:
    """What is wrong with it; ``others`` are the names of the other agents of the office."""
    found = _name(wanted.name, others)
    if wanted.number and (objection := id_number_objection(wanted.number, today)):
        found.append(Problem("number", objection))
    if wanted.mobile and (objection := mobile_objection(wanted.mobile)):
        found.append(Problem("mobile", objection))
    if not (wanted.number or wanted.mobile or wanted.known):
        words = _("身份证号和手机号至少填写一项，经办人登录时要用。")
        found.append(Problem("mobile", say(words)))
    return found


def _name(name: str, others: Collection[str]) -> list[Problem]:
    if not name:
        return [Problem("name", say(_("请填写%(label)s。"), label=LABELS["name"]))]
    if len(name) > LONGEST_NAME:
        over = {"limit": LONGEST_NAME, "length": len(name)}
        return [Problem("name", say(_("姓名最多 %(limit)s 字，现在是 %(length)s 字。"), **over))]
    if name in others:  # what is opened and decided is signed with the name
        words = _("本机构已有启用的“%(name)s”。同名时请在姓名后加以区分。")
        return [Problem("name", say(words, name=name))]
    return []
