"""我的经办人: what must hold of an agent whom the legal person sets up (unit manual 2.3)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from models.names import LONGEST_NAME, name_objection
from models.numbers import mobile_objection
from models.problems import Problem
from models.words import _, say

LABELS = {
    "name": _("姓名"),
    "number": _("身份证号"),
    "mobile": _("手机号"),
    "checker": _("负责人"),
    "password": _("密码"),
    "again": _("再次输入密码"),
    "new_password": _("新密码"),
    "new_again": _("再次输入新密码"),
}

ADDITION = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*$")
"""What stands in brackets behind a name and tells namesakes of one office apart."""


@dataclass(frozen=True)
class Wanted:
    """What was typed about an agent; ``known`` if his person is known already."""

    name: str
    number: str = ""
    mobile: str = ""
    known: bool = False


def bare(name: str) -> str:
    """The name of the person, without what tells namesakes apart."""
    return ADDITION.sub("", name) or name


def agent_problems(wanted: Wanted, others: Collection[str]) -> list[Problem]:
    """What is wrong with it; ``others`` are the names of the other agents of the office.

    Who an agent is must be known: by his number alone his own declaration is kept from him
    (06.7). What is wrong with the number itself is said by ``models.naming``.
    """
    found = _name(wanted.name, others)
    if not (wanted.number or wanted.known):
        words = _("请填写身份证号：经办人登录、回避本人的申报都要用。")
        found.append(Problem("number", say(words)))
    if wanted.mobile and (objection := mobile_objection(wanted.mobile)):
        found.append(Problem("mobile", objection))
    return found


def _name(name: str, others: Collection[str]) -> list[Problem]:
    if not name:
        return [Problem("name", say(_("请填写%(label)s。"), label=LABELS["name"]))]
    if len(name) > LONGEST_NAME:
        over = {"limit": LONGEST_NAME, "length": len(name)}
        return [Problem("name", say(_("姓名最多 %(limit)s 字，现在是 %(length)s 字。"), **over))]
    if objection := name_objection(bare(name)):
        return [Problem("name", objection)]
    if name in others:  # what is opened and decided is signed with the name
        words = _("本机构已有启用的“%(name)s”。同名时请在姓名后用括号加以区分，如加上科室。")
        return [Problem("name", say(words, name=name))]
    return []
