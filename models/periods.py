"""Ages, years and months between days, as 年龄 and 任职年限 are counted."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal


def age_on(birth: date, day: date) -> int:
    """Whole years of life (周岁); one born on 29 February grows older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def month_number(day: date) -> int:
    """Months since the year nought, so that months can be subtracted."""
    return day.year * 12 + day.month


def years_between(first: date, last: date) -> Decimal:
    """Years with one decimal, from whole months and rounded down: none are given away."""
    months = month_number(last) - month_number(first) - (last.day < first.day)
    return (Decimal(months) / 12).quantize(Decimal("0.1"), ROUND_DOWN)


def months_covered(spans: Iterable[tuple[date, date]]) -> int:
    """Calendar months that the spans touch; one that two of them touch counts once."""
    months: set[int] = set()
    for first, last in spans:
        months.update(range(month_number(first), month_number(last) + 1))
    return len(months)
