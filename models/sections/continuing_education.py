"""（2）② 近5年继续教育情况"""

from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.attachment import section_proof
from models.fields import choices, decimal, text, whole
from models.record import Record
from models.rules import working_since
from models.section import Case, Problem, Section, shown, yearly
from models.status import Part
from models.words import _, say

MOST_HOURS = 3000
"""More than anybody learns in a year, and so few that the sum fits its column."""


class ContinuingEducation(Record):
    """The hours of one year (domain 05.4)."""

    __tablename__ = "continuing_education"
    __table_args__ = (
        UniqueConstraint("declaration_id", "year", name="uq_continuing_education_year"),
    )

    year: Mapped[int] = whole(_("年度"), 1950, 2100)
    public_hours: Mapped[Decimal] = decimal(_("公需科目学时"), 5, 1, limit=MOST_HOURS)
    professional_hours: Mapped[Decimal] = decimal(_("专业科目学时"), 5, 1, limit=MOST_HOURS)
    elective_hours: Mapped[Decimal | None] = decimal(
        _("其他学时"), 5, 1, limit=MOST_HOURS, required=False
    )
    total_hours: Mapped[Decimal] = decimal(_("总学时"), 5, 1, system=True)
    form: Mapped[list[str] | None] = choices(_("继续教育形式"), "ce_form", required=False)
    provider: Mapped[str | None] = text(_("培训机构（平台）"), 100, required=False)
    certificate_no: Mapped[str | None] = text(_("证书（登记）编号"), 40, required=False)
    exempt_reason: Mapped[str | None] = text(
        _("免修（减免）原因"), 200, required=False, hint=_("学时不足而申请减免的填写")
    )


HOURS_A_YEAR, PROFESSIONAL_HOURS = 90, 60
"""专业技术人员继续教育规定 (2015) art. 8: 90 hours, two thirds of them professional."""


def total_of(record) -> Decimal:
    """The hours of a year, of whatever subject."""
    hours = (record.public_hours, record.professional_hours, record.elective_hours)
    return sum((part for part in hours if part is not None), Decimal(0))


def add_up(record, case: Case) -> None:
    """总学时 is the sum of the others."""
    record.total_hours = total_of(record)


def short_of_hours(record, case) -> Problem | None:
    """Fewer than 90 hours, and no reason for it (R14); a warning."""
    total = total_of(record)
    if total >= HOURS_A_YEAR or record.exempt_reason:
        return None
    words = _("%(year)s 年总学时 %(total)s，不足 %(least)s 学时；申请减免的请填写原因。")
    values = {"total": shown(SECTION.fields["total_hours"], total, case.codes)}
    found = say(words, year=record.year, least=HOURS_A_YEAR, **values)
    return Problem("", found, warning=True)


def short_of_professional_hours(record, case) -> Problem | None:
    """Fewer than 60 professional hours, and no reason for it (R14); a warning."""
    hours = record.professional_hours
    if hours is None or hours >= PROFESSIONAL_HOURS or record.exempt_reason:
        return None
    words = _("%(year)s 年专业科目 %(hours)s 学时，一般不少于 %(least)s 学时。")
    values = {"hours": shown(SECTION.fields["professional_hours"], hours, case.codes)}
    found = say(words, year=record.year, least=PROFESSIONAL_HOURS, **values)
    return Problem("professional_hours", found, warning=True)


def years_left_out(records, case: Case) -> Problem | None:
    """Each year since the person began to work has its hours (R14); a warning."""
    there, begun = {record.year for record in records}, working_since(case)
    years = [y for y in SECTION.years(case.declaration) if y >= begun and y not in there]
    if not years:
        return None
    words = _("%(years)s 年没有填写继续教育学时，请核对。")
    found = say(words, years="、".join(str(year) for year in sorted(years)))
    return Problem("", found, warning=True)


def any_hours(record, case: Case) -> bool:
    """Whether any year has hours, which have to be proved."""
    return any(total_of(row) > 0 for row in case.declaration.continuing_education)


SECTION = Section(
    code="M04",
    title=_("近5年继续教育情况"),
    part=Part.EXPERIENCE,
    place=1,
    model=ContinuingEducation,
    shape=yearly(5),
    counted=_("年"),
    listed=(
        ContinuingEducation.year,
        ContinuingEducation.public_hours,
        ContinuingEducation.professional_hours,
        ContinuingEducation.total_hours,
    ),
    before_save=add_up,
    needs=(years_left_out,),
    rules=(short_of_hours, short_of_professional_hours),
    proofs=(section_proof("A23", any_hours),),
    checks=(_("各年学时与证明一致"), _("学时不足的年度有减免原因")),
)
