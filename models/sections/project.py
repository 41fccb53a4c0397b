"""（3）② 项目研究"""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from models.attachment import never, proof
from models.fields import choice, day, decimal, essay, month, text, whole, yes_no
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


class Project(Record):
    """One project of research or engineering (domain 05.7)."""

    __tablename__ = "project"
    __table_args__ = (only_one("project", "is_main"),)

    name: Mapped[str] = text(_("科研项目名称"), 200, hint=_("与立项文件上的名称完全一致"))
    project_no: Mapped[str | None] = text(_("项目编号"), 60, required=False)
    kind: Mapped[str] = choice(_("项目类别"), "project_kind")
    source: Mapped[str] = text(_("项目来源（下达单位）"), 150)
    level: Mapped[str] = choice(_("项目级别"), "achievement_level")
    fund_wan: Mapped[Decimal | None] = decimal(_("科研项目经费（万元）"), 12, 2, required=False)
    start_date: Mapped[date] = month(_("开始时间"))
    end_date: Mapped[date | None] = month(
        _("结束时间"), required=False, hint=_("未结题的可填计划结束时间")
    )
    status: Mapped[str] = choice(_("项目状态"), "project_status")
    role: Mapped[str] = choice(_("本人角色"), "project_role")
    rank: Mapped[int] = whole(_("本人排名"), 1, 999)
    total: Mapped[int] = whole(_("参加总人数"), 1, 999)
    own_work: Mapped[str] = essay(_("本人承担工作"), 500)
    result: Mapped[str | None] = essay(_("成果及效益"), 500, required=False)
    accept_org: Mapped[str | None] = text(_("验收（鉴定）单位"), 150, required=False)
    accept_date: Mapped[date | None] = day(_("验收（鉴定）时间"), required=False)
    is_main: Mapped[bool] = yes_no(_("是否主要科研项目"))


is_completed = equals(Project.status, "2")


def completed_too_early(project, case):
    """Whether it is called completed before the month of its end has come."""
    end = project.end_date
    return is_completed(project, case) and end is not None and end > case.today


SECTION = Section(
    code="M07",
    title=_("项目研究"),
    part=Part.ACHIEVEMENT,
    place=1,
    model=Project,
    counted=_("项"),
    listed=(Project.name, Project.level, Project.status, Project.is_main),
    rules=(
        not_in_future(Project.start_date),
        by_cut_off(Project.start_date),
        in_order(Project.start_date, Project.end_date),
        needed_when(Project.end_date, is_completed, _("已结题的项目请填写结束时间。")),
        refused_when(
            Project.end_date,
            completed_too_early,
            _("结束时间还没有到，项目状态不能是已结题。"),
        ),
        needed_when(Project.accept_org, is_completed, _("已结题的项目请填写验收（鉴定）单位。")),
        needed_when(Project.accept_date, is_completed, _("已结题的项目请填写验收（鉴定）时间。")),
        not_in_future(Project.accept_date),
        by_cut_off(Project.accept_date),
        in_order(Project.start_date, Project.accept_date, _("验收（鉴定）时间不能早于开始时间。")),
        ranked(Project.rank, Project.total),
        OneOnly(Project.is_main, _("主要科研项目只能有一项。")),
    ),
    proofs=(
        proof("A40"),
        proof("A41", is_completed),
        proof("A42", never, hint=_("验收证书上没有本人排名的，请上传")),
    ),
    checks=(
        _("项目名称、级别与立项文件一致"),
        _("已结题的有验收（鉴定）证明"),
        _("本人角色、排名有依据"),
    ),
)
