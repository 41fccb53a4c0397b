"""（2）③ 工作经历"""

from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, essay, month, text, yes_no
from models.periods import month_number
from models.record import Record
from models.rules import in_order, matches, not_in_future, refused_when
from models.section import Problem, Section
from models.status import Part
from models.words import _, say


class Work(Record):
    """One post that one held; without an end it is the present one (domain 05.5)."""

    __tablename__ = "work"

    start_date: Mapped[date] = month(_("开始时间"))
    end_date: Mapped[date | None] = month(_("结束时间"), required=False, hint=_("不填即为至今"))
    unit_name: Mapped[str] = text(_("工作单位"), 100)
    department: Mapped[str | None] = text(_("部门"), 100, required=False)
    post: Mapped[str] = text(_("工作岗位"), 100)
    title_held: Mapped[str | None] = text(_("任专业技术职务"), 100, required=False)
    work_content: Mapped[str] = essay(_("从事何种专业技术工作"), 300)
    is_professional: Mapped[bool] = yes_no(_("是否本专业工作"))
    is_grassroots: Mapped[bool | None] = yes_no(_("是否基层工作"), required=False)
    region: Mapped[str | None] = choice(
        _("工作地点"), "region_jilin", required=False, hint=_("省外的不选")
    )
    witness: Mapped[str | None] = text(_("证明人"), 50, required=False)
    witness_phone: Mapped[str | None] = text(_("证明人电话"), 20, required=False)


LONGEST_GAP = 3
"""Months between two posts that nobody asks about."""


def is_open(row) -> bool:
    """Whether the post is held to this day (至今)."""
    return row.start_date is not None and row.end_date is None


def second_open(row, case) -> bool:
    """Whether another post is held to this day as well."""
    return is_open(row) and any(is_open(other) for other in case.siblings)


def elsewhere(row, case) -> Problem | None:
    """The present post is one in the bound unit (R20); a warning."""
    unit = case.declaration.unit.name
    if not is_open(row) or not row.unit_name or row.unit_name.strip() == unit:
        return None
    words = say(_("至今的工作单位应与推荐单位“%(unit)s”一致，请核对。"), unit=unit)
    return Problem("unit_name", words, warning=True)


def earlier(row, case) -> list:
    """The other posts that began before this one or with it."""
    if row.start_date is None:
        return []
    return [o for o in case.siblings if o.start_date and o.start_date <= row.start_date]


def overlapping(row, case) -> Problem | None:
    """No earlier post goes on beyond the month in which this one begins; a warning."""
    for other in earlier(row, case):
        if other.end_date is None or other.end_date > row.start_date:
            words = say(_("与“%(unit)s”的工作时间有重叠，请核对。"), unit=other.unit_name)
            return Problem("start_date", words, warning=True)
    return None


def after_a_gap(row, case) -> Problem | None:
    """No more than three months without a post lie before this one; a warning."""
    before = earlier(row, case)
    if not before or any(other.end_date is None for other in before):
        return None
    last = max(other.end_date for other in before)
    months = month_number(row.start_date) - month_number(last) - 1
    if months <= LONGEST_GAP:
        return None
    words = say(_("此前有 %(months)s 个月没有工作经历，请核对。"), months=months)
    return Problem("start_date", words, warning=True)


def present_post(rows, case) -> Problem | None:
    """One post is held to this day, since only those in service may declare; a warning."""
    if not rows or any(is_open(row) for row in rows):
        return None
    words = say(_("没有至今的工作经历：现单位的结束时间请留空。"))
    return Problem("", words, warning=True)


SECTION = Section(
    code="M05",
    title=_("工作经历"),
    part=Part.EXPERIENCE,
    place=2,
    model=Work,
    required=True,
    listed=(Work.unit_name, Work.post, Work.start_date, Work.end_date),
    needs=(present_post,),
    rules=(
        not_in_future(Work.start_date),
        in_order(Work.start_date, Work.end_date),
        not_in_future(Work.end_date),
        refused_when(Work.end_date, second_open, _("至今的工作经历只能有一条，请填写结束时间。")),
        elsewhere,
        overlapping,
        after_a_gap,
        matches(
            Work.witness_phone,
            r"[0-9+() -]{7,20}",
            _("证明人电话应为 7 至 20 位的数字，可含区号和“-”。"),
        ),
    ),
    proofs=(proof("A25"),),
    checks=(_("工作时间连续，没有矛盾"), _("至今的单位与推荐单位一致")),
)
