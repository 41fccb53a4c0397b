"""申报通知: what may be declared, by whom, and when."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    String,
    Table,
    Text,
    inspect,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Tracked, sortable
from models.clock import Moment
from models.offices import Office
from models.problems import Problem, too_long
from models.words import NotAllowed, Sentence, _, say

notice_unit = Table(
    "notice_unit",
    Base.metadata,
    Column("notice_id", ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True),
    Column("office_id", ForeignKey("office.id"), primary_key=True, index=True),
)
"""The units that a notice names; a notice that names none is for all of its regions."""


TITLE = 200
"""Characters of a title at most."""


class Notice(Tracked, Base):
    """One notice. Windows are half-open instants (Asia/Shanghai on screen, to the second):
    an act counts if its request arrived before the end (decisions: windows)."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("declare_start < declare_end", name="declare_window"),
        CheckConstraint("audit_start < audit_end", name="audit_window"),
        CheckConstraint("declare_end <= audit_end", name="audit_after_declare"),
        CheckConstraint("resubmit_policy IN ('direct', 'restart')", name="resubmit_policy"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sortable(TITLE), unique=True)
    year: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    series: Mapped[list[str]] = mapped_column(JSON, default=list)
    levels: Mapped[list[str]] = mapped_column(JSON, default=list)
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)
    regions: Mapped[list[str]] = mapped_column(JSON, default=list)
    declare_start: Mapped[datetime] = mapped_column(Moment)
    declare_end: Mapped[datetime] = mapped_column(Moment, index=True)
    audit_start: Mapped[datetime] = mapped_column(Moment)
    audit_end: Mapped[datetime] = mapped_column(Moment)
    cut_off: Mapped[date] = mapped_column(Date)
    to_read: Mapped[str] = mapped_column(Text, default="")
    self_check: Mapped[list[str]] = mapped_column(JSON, default=list)
    resubmit_policy: Mapped[str] = mapped_column(String(12), default="direct")
    published: Mapped[bool] = mapped_column(default=False, index=True)

    owner: Mapped[Office] = relationship()
    units: Mapped[list[Office]] = relationship(secondary=notice_unit)

    def __str__(self) -> str:
        return self.title

    def declaring(self, now: datetime) -> bool:
        """Whether the declare window is open."""
        return self.published and self.declare_start <= now < self.declare_end

    def auditing(self, now: datetime) -> bool:
        """Whether the unit-audit window is open."""
        return self.audit_start <= now < self.audit_end

    @property
    def declare_window(self) -> tuple[datetime, datetime]:
        """When persons declare."""
        return self.declare_start, self.declare_end

    @property
    def audit_window(self) -> tuple[datetime, datetime]:
        """When units audit."""
        return self.audit_start, self.audit_end

    @property
    def last_year(self) -> int:
        """The last calendar year that has closed by the cut-off date."""
        closed = (self.cut_off.month, self.cut_off.day) == (12, 31)
        return self.cut_off.year if closed else self.cut_off.year - 1

    def serves(self, unit: Office) -> bool:
        """Whether declarations by way of ``unit`` are in scope.

        A region code that ends in ``0000`` or ``00`` stands for all below it (GB/T 2260).
        """
        if self.units:
            return unit in self.units
        return not self.regions or any(_within(unit.region, r) for r in self.regions)


def scope_objection(notice: Notice, unit: Office) -> Sentence | None:
    """Why one cannot declare for ``notice`` by way of ``unit`` (R08)."""
    if notice.serves(unit):
        return None
    words = _("“%(title)s”的申报范围不包括%(unit)s。")
    return say(words, title=notice.title, unit=unit.name)


def _within(region: str, area: str) -> bool:
    stem = area[:2] if area.endswith("0000") else area[:4] if area.endswith("00") else area
    return region.startswith(stem)


LABELS = {
    "title": _("标题"),
    "year": _("申报年度"),
    "series": _("职称系列"),
    "levels": _("职称级别"),
    "specialties": _("专业"),
    "regions": _("地区"),
    "units": _("限定单位"),
    "declare_start": _("个人申报开始"),
    "declare_end": _("个人申报截止"),
    "audit_start": _("单位审核开始"),
    "audit_end": _("单位审核截止"),
    "cut_off": _("材料截止日期"),
    "to_read": _("申报须知"),
    "self_check": _("条件自检"),
    "resubmit_policy": _("退回后重新提交"),
    "published": _("发布"),
}

TYPED = ("title", "year")
CHOSEN = ("series", "levels", "declare_start", "declare_end", "audit_start", "audit_end", "cut_off")
YEARS = range(2000, 2100)
"""The years that a notice may name; a slip of the keyboard is none of them."""


def notice_problems(notice: Notice, declared: int, now: datetime) -> list[Problem]:
    """What is wrong with a notice as it was typed; ``declared`` counts its declarations."""
    found = [_lacking(key, _("请填写%(label)s。")) for key in TYPED if not getattr(notice, key)]
    found += [_lacking(key, _("请选择%(label)s。")) for key in CHOSEN if not getattr(notice, key)]
    lacking = {problem.field for problem in found}
    found += too_long(notice, {"title": TITLE}, LABELS)
    for key, year in (("year", notice.year), ("cut_off", notice.cut_off and notice.cut_off.year)):
        if key not in lacking and year not in YEARS:
            found.append(Problem(key, say(_("年份应在 2000 到 2099 之间。"))))
    if declared and not notice.published:
        words = _("已有 %(n)s 份申报，不能取消发布。需要停止申报时，请修改截止时间。")
        found.append(Problem("published", say(words, n=declared)))
    if not lacking & set(CHOSEN):
        found += _windows(notice, now)
    return found


def _lacking(key: str, words: str) -> Problem:
    return Problem(key, say(words, label=LABELS[key]))


def _windows(notice: Notice, now: datetime) -> list[Problem]:
    """The windows in their order; a warning where one is over as soon as it is saved."""
    found = []
    if notice.declare_start >= notice.declare_end:
        found.append(Problem("declare_end", say(_("个人申报截止要晚于开始。"))))
    if notice.audit_start >= notice.audit_end:
        found.append(Problem("audit_end", say(_("单位审核截止要晚于开始。"))))
    if notice.declare_end > notice.audit_end:
        found.append(Problem("audit_end", say(_("单位审核截止不能早于个人申报截止。"))))
    moved = inspect(notice).attrs
    for key in ("declare_end", "audit_end"):
        if getattr(notice, key) <= now and notice.published and moved[key].history.has_changes():
            words = _("%(label)s已经过去，还没有办完的申报从现在起不能再办。")
            found.append(Problem(key, say(words, label=LABELS[key]), warning=True))
    return found


def check_removal(notice: Notice, declared: int) -> None:
    """NotAllowed if the notice must stay: it is published, or somebody answered it."""
    if declared:
        raise NotAllowed(_("已有 %(n)s 份申报使用这个通知，不能删除。"), n=declared)
    if notice.published:
        raise NotAllowed(_("已发布的通知不能删除。请先改为不发布，再删除。"))
