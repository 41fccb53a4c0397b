"""（3）③ 专利信息"""

import re
from datetime import date
from itertools import cycle

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, essay, text, whole, yes_no
from models.record import Record, only_one
from models.rules import (
    OneOnly,
    by_cut_off,
    equals,
    in_order,
    needed_when,
    not_in_future,
    ranked,
    refused_when,
)
from models.section import Section
from models.status import Part
from models.words import _


class Patent(Record):
    """One patent or like right (domain 05.8)."""

    __tablename__ = "patent"
    __table_args__ = (only_one("patent", "is_main"),)

    kind: Mapped[str] = choice(_("专利类别"), "patent_kind")
    name: Mapped[str] = text(_("专利名称"), 200, hint=_("与证书上的名称完全一致"))
    patent_no: Mapped[str | None] = text(
        _("专利号（授权号）"), 30, required=False, hint=_("如 ZL201910438466.2")
    )
    application_no: Mapped[str | None] = text(
        _("申请号"), 30, required=False, hint=_("如 201910438466.2")
    )
    application_date: Mapped[date | None] = day(_("申请日期"), required=False)
    grant_date: Mapped[date | None] = day(_("授权日期"), required=False)
    status: Mapped[str] = choice(_("法律状态"), "patent_status")
    owner: Mapped[str] = text(_("专利权人"), 150)
    inventor_order: Mapped[int] = whole(_("发明（设计）人排名"), 1, 999)
    inventor_total: Mapped[int] = whole(_("发明（设计）人总数"), 1, 999)
    benefit: Mapped[str | None] = essay(_("实施（转化）情况及效益"), 500, required=False)
    is_main: Mapped[bool] = yes_no(_("是否主要专利"))


is_granted = equals(Patent.status, "3", "4", "5")
is_implemented = equals(Patent.status, "5")
is_numbered_by_zl = equals(Patent.kind, "1", "2", "3")
"""Inventions, utility models and designs; plant varieties, software and rights of other
countries have numbers of their own."""

NUMBER = re.compile(r"([0-9]{12}|[0-9]{8})\.([0-9X])")


def check_digit(digits: str) -> str:
    """The last character of an application number (ZC 0006-2003): weights 2 to 9 over and
    over, modulo 11. Numbers before October 2003 have 8 digits and the same weights."""
    total = sum(int(d) * weight for d, weight in zip(digits, cycle(range(2, 10)), strict=False))
    return "0123456789X"[total % 11]


def _is_number(value: str, prefix: str) -> bool:
    # Certificates print blanks inside of the number: ZL 2019 1 0438466.2.
    found = NUMBER.fullmatch("".join(value.split()).upper().removeprefix(prefix))
    return found is not None and check_digit(found[1]) == found[2]


def wrong_patent_no(patent, case):
    """Whether the number of a Chinese patent is not ZL, digits and their check digit."""
    number = patent.patent_no
    if not number or not is_numbered_by_zl(patent, case):
        return False
    return not number.strip().upper().startswith("ZL") or not _is_number(number, "ZL")


def wrong_application_no(patent, case):
    """Whether the number of a Chinese application has another form or check digit."""
    number = patent.application_no
    return bool(number) and is_numbered_by_zl(patent, case) and not _is_number(number, "CN")


SECTION = Section(
    code="M08",
    title=_("专利信息"),
    part=Part.ACHIEVEMENT,
    place=2,
    model=Patent,
    counted=_("件"),
    listed=(Patent.name, Patent.kind, Patent.status, Patent.is_main),
    rules=(
        needed_when(Patent.patent_no, is_granted, _("已授权的请填写专利号（授权号）。")),
        refused_when(
            Patent.patent_no,
            wrong_patent_no,
            _("专利号应类似 ZL201910438466.2，最后一位是校验位，请照证书核对。"),
        ),
        refused_when(
            Patent.application_no,
            wrong_application_no,
            _("申请号应类似 201910438466.2，最后一位是校验位，请照受理通知书核对。"),
        ),
        not_in_future(Patent.application_date),
        by_cut_off(Patent.application_date),
        needed_when(Patent.grant_date, is_granted, _("已授权的请填写授权日期。")),
        not_in_future(Patent.grant_date),
        by_cut_off(Patent.grant_date),
        in_order(Patent.application_date, Patent.grant_date, _("授权日期不能早于申请日期。")),
        ranked(Patent.inventor_order, Patent.inventor_total),
        OneOnly(Patent.is_main, _("主要专利只能有一件。")),
    ),
    proofs=(proof("A50", is_granted), proof("A51", is_implemented)),
    checks=(
        _("专利号、名称、日期与证书一致"),
        _("法律状态属实"),
        _("发明（设计）人排名与证书一致"),
    ),
)
