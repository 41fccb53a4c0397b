"""（4）① 年度考核"""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, text, whole
from models.record import Record
from models.rules import equals, every_year, needed_when, refused_when
from models.section import Section, yearly
from models.status import Part
from models.words import _


class Assessment(Record):
    """The assessment of one year (domain 05.11)."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("declaration_id", "year", name="uq_assessment_year"),)

    year: Mapped[int] = whole(_("考核年度"), 1950, 2100)
    grade: Mapped[str] = choice(_("考核结果"), "assessment_grade")
    assess_unit: Mapped[str | None] = text(_("考核单位"), 100, required=False)
    reason: Mapped[str | None] = text(_("未确定等次（未参加）原因"), 200, required=False)


is_without_grade = equals(Assessment.grade, "5", "6")


def postpones(assessment, case):
    """Whether the code table postpones a declaration for this grade (domain 03.4)."""
    years = case.codes.extra("assessment_grade", assessment.grade, "default_defer_years")
    return years not in ("", "0")


SECTION = Section(
    code="M11",
    title=_("年度考核"),
    part=Part.PERFORMANCE,
    place=0,
    model=Assessment,
    shape=yearly(5),
    required=True,
    counted=_("个年度"),
    listed=(Assessment.year, Assessment.grade),
    rules=(
        needed_when(Assessment.reason, is_without_grade, _("请填写未确定等次或未参加考核的原因。")),
        refused_when(
            Assessment.grade,
            postpones,
            _("这个考核结果可能使申报延期，请核对通知的规定。"),
            warning=True,
        ),
    ),
    needs=(every_year(_("还没有填写这些年度的考核结果：%(years)s。")),),
    proofs=(proof("A70", hint=_("每年上传一份，或合并为一个文件上传在最近一年")),),
    checks=(_("考核结果与考核表一致"), _("考核表已盖章"), _("未参加考核的原因属实")),
)
