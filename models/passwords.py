"""密码: what a new one must be, as a profile that the deployment chooses.

``djbh3`` is what the third grade of 等级保护 (GB/T 22239 8.1.4.1) is commonly checked for,
``asvs`` OWASP ASVS 5.0 §6.2: long, unusual, and then kept.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.clock import Moment
from models.problems import Problem
from models.words import Sentence, _, say

KINDS_OF_CHARACTERS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")

PIECE = 6
"""So many characters of a number in a row are recognised as that number: a region, a day of
birth without its century, the last digits of a mobile."""

DAY = timedelta(days=1)


class PastPassword(Base):
    """The hash of a password that an account had before."""

    __tablename__ = "past_password"
    # The last passwords of one account, the latest first.
    __table_args__ = (Index("ix_past_password_username", "username", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(256))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Policy:
    """One profile. Lengths in characters; ``kinds`` of four kinds of characters; ``history``
    counts the present password; ``days`` until staff must change it, None for never."""

    shortest: int
    shortest_of_staff: int
    kinds: int = 0
    history: int = 0
    days: int | None = None
    days_of_warning: int = 0
    longest: int = 128

    def length(self, *, staff: bool) -> int:
        """The least number of characters."""
        return self.shortest_of_staff if staff else self.shortest

    def words(self, *, staff: bool, first: bool = False) -> Sentence:
        """What is asked, before anybody types; ``first``: of who has neither a user name nor an
        earlier password that he could know of."""
        values = {"least": self.length(staff=staff), "kinds": self.kinds, "history": self.history}
        if self.kinds and self.history:
            return say(FIRST_IN_KINDS if first else IN_KINDS, **values)
        return say(FIRST_LONG if first else LONG, **values)

    def days_left(self, changed_at: datetime | None, now: datetime) -> int | None:
        """Whole days until a password of staff ends, less than none if it has; None as long
        as nobody need be told, or if nobody knows since when it is."""
        if self.days is None or changed_at is None:
            return None
        left = changed_at + self.days * DAY - now
        return left.days if left <= self.days_of_warning * DAY else None


IN_KINDS = _(
    "至少 %(least)s 个字符，含小写字母、大写字母、数字、其他符号中的 %(kinds)s 种；"
    "不含用户名、姓名、证件号码、手机号，不用常见密码，也不用最近 %(history)s 个密码。"
)
FIRST_IN_KINDS = _(
    "至少 %(least)s 个字符，含小写字母、大写字母、数字、其他符号中的 %(kinds)s 种；"
    "不含姓名、证件号码、手机号，不用常见密码。"
)
LONG = _("至少 %(least)s 个字符，可以是一句话；不含用户名、姓名、证件号码、手机号，不用常见密码。")
FIRST_LONG = _("至少 %(least)s 个字符，可以是一句话；不含姓名、证件号码、手机号，不用常见密码。")

PROFILES = {
    "djbh3": Policy(8, 10, kinds=3, history=5, days=90, days_of_warning=7),
    "asvs": Policy(12, 12),
}


@dataclass(frozen=True)
class Owner:
    """Whose password it is; ``numbers``: of the person, of the unit, of the mobile. No user
    name: it is made later."""

    username: str
    name: str = ""
    staff: bool = True
    numbers: tuple[str, ...] = ()


def password_problems(
    policy: Policy, password: str, again: str, owner: Owner, common: Set[str]
) -> list[Problem]:
    """What is wrong with a new password; ``common`` are those that everybody tries first."""
    objection = _objection(policy, password, owner, common)
    if objection is not None:
        return [Problem("password", objection)]
    if password != again:
        return [Problem("again", say(_("两次输入的密码不一样，请重新输入。")))]
    return []


def _objection(policy: Policy, password: str, owner: Owner, common: Set[str]) -> Sentence | None:
    if not password:
        return say(_("请填写密码。"))
    least, most = policy.length(staff=owner.staff), policy.longest
    if not least <= len(password) <= most:
        words = _("密码为 %(least)s 到 %(most)s 个字符，现在是 %(length)s 个。")
        return say(words, least=least, most=most, length=len(password))
    if sum(bool(re.search(kind, password)) for kind in KINDS_OF_CHARACTERS) < policy.kinds:
        words = _("密码要包含小写字母、大写字母、数字、其他符号中的至少 %(kinds)s 种。")
        return say(words, kinds=policy.kinds)
    if is_common(password, common):
        return say(_("这个密码太常见，很容易被猜中，请换一个。"))
    return _of_the_owner(password.casefold(), owner)


def is_common(password: str, common: Set[str]) -> bool:
    """Whether everybody tries it first, also with digits and signs behind it."""
    plain = password.casefold()
    return plain in common or re.sub(r"[^a-z]+$", "", plain) in common


def _of_the_owner(password: str, owner: Owner) -> Sentence | None:
    if owner.username and owner.username.casefold() in password:
        return say(_("密码不能包含用户名。"))
    if owner.name and owner.name.casefold() in password:
        return say(_("密码不能包含姓名。"))
    for number in owner.numbers:
        plain = number.casefold()
        pieces = (plain[at : at + PIECE] for at in range(len(plain) - PIECE + 1))
        if any(piece in password for piece in pieces):
            return say(_("密码不能包含证件号码、单位代码或手机号的一段。"))
    return None
