"""Office hours: what happens in an office happens on weekdays by day (Asia/Shanghai)."""

from datetime import date, datetime, time, timedelta
from random import Random

from models.clock import SHANGHAI

OPENS, HOURS = time(8, 30), 9
"""Half past eight to half past five."""

MONDAY = date(2000, 1, 3)


def hours_until(moment: datetime) -> float:
    """Office hours from the first Monday of 2000 to ``moment``."""
    local = moment.astimezone(SHANGHAI)
    weeks, weekday = divmod((local.date() - MONDAY).days, 7)
    if weekday > 4:
        return HOURS * (weeks * 5 + 5)
    opened = datetime.combine(local.date(), OPENS, SHANGHAI)
    spent = (local - opened).total_seconds() / 3600
    return HOURS * (weeks * 5 + weekday) + min(max(spent, 0), HOURS)


def moment_at(hours: float) -> datetime:
    """The instant after so many office hours."""
    days, rest = divmod(hours, HOURS)
    weeks, weekday = divmod(int(days), 5)
    day = MONDAY + timedelta(days=weeks * 7 + weekday)
    return datetime.combine(day, OPENS, SHANGHAI) + timedelta(seconds=int(rest * 3600))


def spread(rng: Random, begin: datetime, ends: list[datetime]) -> list[datetime]:
    """Moments after ``begin`` in this order, each before its own end, in office hours.

    What comes later may not come too late either, so the earliest end that still lies
    ahead is shared by all that must happen until then.
    """
    limits = [hours_until(end) for end in ends]
    for place in range(len(limits) - 2, -1, -1):
        limits[place] = min(limits[place], limits[place + 1])
    at, moments = hours_until(begin), []
    for place, limit in enumerate(limits):
        sharing = sum(1 for later in limits[place:] if later == limit)
        at += max(limit - at, 0) / (sharing + 1) * rng.uniform(0.4, 1.2)
        moments.append(moment_at(at))
    return moments
