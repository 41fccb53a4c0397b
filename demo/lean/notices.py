"""Ten years of notices: those of this year as they stand now, the others long over."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from demo.lean.moments import DAY, office_seconds
from demo.notices import NOTICES, TO_READ, NoticePlan
from demo.province import BUILDING, HOSPITAL, SCHOOL, WATER
from models.clock import SHANGHAI
from models.notice import Notice
from models.offices import Office

YEARS = 10

FOR = {
    "engineering": (WATER, BUILDING),
    "intermediate": (WATER, BUILDING),
    "health": (HOSPITAL,),
    "teachers": (SCHOOL,),
}
"""The notices that are put out each year, and the trades of the units that answer them."""

WINDOWS = ("declare_start", "declare_end", "audit_start", "audit_end")

FIRST_DAYS = 3
"""After a notice opens nobody submits yet."""


@dataclass(frozen=True)
class Call:
    """A notice to be answered. All that is done about it lies between ``begin`` and ``end``
    (office seconds); ``settled`` if its windows were over long ago."""

    notice: Notice
    trades: tuple[str, ...]
    begin: int
    end: int
    settled: bool

    @cached_property
    def id(self) -> int:
        """The notice's; it has one when it was written."""
        return self.notice.id

    @cached_property
    def year(self) -> int:
        """The year for which it was put out."""
        return self.notice.year

    @cached_property
    def series(self) -> str:
        """The only series that it is for."""
        return self.notice.series[0]

    @cached_property
    def levels(self) -> list[str]:
        """The levels that may be applied for."""
        return self.notice.levels

    def at(self, fraction: float) -> int:
        """The moment (office seconds) when so much of its time had gone by."""
        return self.begin + int((self.end - self.begin) * fraction)


def calls(today: date, owner: Office) -> list[Call]:
    """The notices of ten years, the oldest first; this year's are those of ``demo.notices``."""
    plans = {plan.key: plan for plan in NOTICES if plan.key in FOR}
    return [
        _call(plans[key], today, owner, ago)
        for ago in range(YEARS - 1, -1, -1)
        for key in FOR
    ]  # fmt: skip


def _call(plan: NoticePlan, today: date, owner: Office, ago: int) -> Call:
    notice = plan.made(today, owner)
    notice.year -= ago
    notice.title = plan.title.format(year=notice.year)
    notice.cut_off = date(notice.year - 1, 12, 31)
    notice.to_read = TO_READ.format(cut_off=f"{notice.cut_off:%Y-%m-%d}")
    for window in WINDOWS:
        setattr(notice, window, _earlier(getattr(notice, window), ago))
    # Nothing happened today: so the hour in which the province is made changes nothing.
    this_morning = office_seconds(datetime(today.year, today.month, today.day, tzinfo=SHANGHAI))
    begin = office_seconds(notice.declare_start) + FIRST_DAYS * DAY
    end = min(office_seconds(notice.audit_end), this_morning)
    return Call(notice, FOR[plan.key], begin, end, ago > 0)


def _earlier(moment: datetime, years: int) -> datetime:
    """The same day so many years ago; the last of February for one that is not there."""
    leap = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year - years, day=28 if leap else moment.day)
