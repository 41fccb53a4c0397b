"""（5）① 荣誉奖励"""

from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, text, whole, yes_no
from models.record import Record, only_one
from models.rules import (
    OneOnly,
    by_cut_off,
    equals,
    needed_when,
    not_in_future,
    ranked,
    refused_when,
)
from models.section import Section
from models.status import Part
from models.words import _


class Award(Record):
    """One honour or award (domain 05.15)."""

    __tablename__ = "award"
    __table_args__ = (only_one("award", "is_representative"),)

    name: Mapped[str] = text(_("荣誉奖励名称"), 200, hint=_("与证书上的名称完全一致"))
    kind: Mapped[str] = choice(_("奖励类别"), "award_kind")
    level: Mapped[str] = choice(_("奖励级别"), "achievement_level")
    grade: Mapped[str | None] = choice(_("奖励等级"), "award_grade", required=False)
    award_date: Mapped[date] = day(_("授予日期"))
    award_org: Mapped[str] = text(_("授予单位"), 150, hint=_("以证书上的公章为准"))
    project_name: Mapped[str | None] = text(
        _("获奖成果（项目）名称"), 200, required=False, hint=_("同一成果多次获奖的，只填最高的一项")
    )
    certificate_no: Mapped[str | None] = text(_("证书编号"), 60, required=False)
    rank: Mapped[int | None] = whole(_("本人排名（位次）"), 1, 999, required=False)
    total: Mapped[int | None] = whole(_("获奖总人数"), 1, 999, required=False)
    is_representative: Mapped[bool] = yes_no(_("是否代表性"))


is_for_a_result = equals(Award.kind, "01", "02", "03", "04", "05", "06")
"""Prizes that several people win with one result; titles and contests go to one person."""


def _result(award) -> str:
    return "".join((award.project_name or "").split()).casefold()


def result_again(award, case):
    """Whether another award names the same result."""
    result = _result(award)
    return bool(result) and result in {_result(sibling) for sibling in case.siblings}


SECTION = Section(
    code="M15",
    title=_("荣誉奖励"),
    part=Part.HONOUR,
    place=0,
    model=Award,
    counted=_("项"),
    listed=(Award.name, Award.level, Award.award_date, Award.is_representative),
    rules=(
        not_in_future(Award.award_date),
        by_cut_off(Award.award_date),
        refused_when(
            Award.project_name,
            result_again,
            _("同一成果已填过一次，多次获奖的只填最高的一项。"),
            warning=True,
        ),
        needed_when(Award.rank, is_for_a_result, _("这类奖励请填写本人排名（位次）。")),
        ranked(Award.rank, Award.total),
        OneOnly(Award.is_representative, _("代表性荣誉奖励只能有一项。")),
    ),
    proofs=(proof("A80"),),
    checks=(
        _("名称、日期、授予单位与证书一致"),
        _("奖励级别按授予单位认定"),
        _("本人排名与证书一致"),
    ),
)
