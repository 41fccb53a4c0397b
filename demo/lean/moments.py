"""Office hours as whole numbers: seconds since 2000 of days that have nine hours.

Any two of them can be subtracted, and what lies between is an office hour again. A day is
half past eight to half past five in Asia/Shanghai; there are no weekends here.
"""

from datetime import date, datetime, timedelta

from models.clock import SHANGHAI

DAY = 9 * 3600
FIRST = date(2000, 1, 1)
OPENS = timedelta(minutes=30)
"""Half past eight in Shanghai is half past midnight in UTC, on the same day."""

_DAYS = [f"{FIRST + timedelta(days=day):%Y-%m-%d}" for day in range(36_525)]
_TIMES = [f" {datetime.min + OPENS + timedelta(seconds=s):%H:%M:%S}.000000" for s in range(DAY)]


def office_seconds(moment: datetime) -> int:
    """Office hours until ``moment``, in seconds."""
    local = moment.astimezone(SHANGHAI)
    opened = local.replace(hour=8, minute=30, second=0, microsecond=0)
    spent = int((local - opened).total_seconds())
    return (local.date() - FIRST).days * DAY + min(max(spent, 0), DAY - 1)


def stamp(seconds: int) -> str:
    """The moment in UTC as both databases read it."""
    return _DAYS[seconds // DAY] + _TIMES[seconds % DAY]
