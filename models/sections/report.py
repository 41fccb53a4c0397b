"""（3）④ 工作报告"""

from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, essay, text, whole, yes_no
from models.record import Record, only_one
from models.rules import OneOnly, by_cut_off, equals, needed_when, not_in_future
from models.section import Section
from models.status import Part
from models.words import _


class Report(Record):
    """One work report; it can stand for a paper in practical series (domain 05.9)."""

    __tablename__ = "report"
    __table_args__ = (only_one("report", "is_representative"),)

    report_date: Mapped[date] = day(_("工作报告日期"))
    title: Mapped[str] = text(_("工作报告题目"), 200)
    kind: Mapped[str] = choice(_("报告类别"), "report_kind")
    words: Mapped[int | None] = whole(_("字数"), required=False)
    role: Mapped[str] = choice(_("本人角色"), "author_role")
    order: Mapped[int | None] = whole(_("本人排名"), 1, 999, required=False)
    adopted: Mapped[bool | None] = yes_no(_("是否被采用"), required=False)
    adopt_org: Mapped[str | None] = text(_("采用单位"), 150, required=False)
    brief: Mapped[str] = essay(_("内容概要及实际效果"), 500)
    is_representative: Mapped[bool] = yes_no(_("是否代表性工作报告"))


is_adopted = equals(Report.adopted, True)

SECTION = Section(
    code="M09",
    title=_("工作报告"),
    part=Part.ACHIEVEMENT,
    place=3,
    model=Report,
    counted=_("篇"),
    listed=(Report.title, Report.kind, Report.report_date, Report.is_representative),
    rules=(
        not_in_future(Report.report_date),
        by_cut_off(Report.report_date),
        needed_when(Report.adopt_org, is_adopted, _("被采用的工作报告请填写采用单位。")),
        OneOnly(Report.is_representative, _("代表性工作报告只能有一篇。")),
    ),
    proofs=(proof("A60"), proof("A61", is_adopted)),
    checks=(_("题目、日期与报告全文一致"), _("被采用的有采纳证明"), _("本人角色属实")),
)
