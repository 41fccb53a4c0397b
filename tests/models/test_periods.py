"""Ages, years and months between days."""

from datetime import date
from decimal import Decimal

import pytest

from models.periods import age_on, months_covered, years_between


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1985, 3, 12), date(2026, 3, 11), 40),
        (date(1985, 3, 12), date(2026, 3, 12), 41),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
    ],
)
def test_age(birth, day, age):
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2020, 12, 31), date(2025, 12, 31), "5.0"),
        (date(2021, 1, 1), date(2025, 12, 31), "4.9"),
        (date(2025, 12, 31), date(2025, 12, 31), "0.0"),
        (date(2025, 6, 30), date(2025, 12, 31), "0.5"),
    ],
)
def test_years_are_never_rounded_up(first, last, years):
    assert years_between(first, last) == Decimal(years)


def test_a_month_of_two_spans_counts_once():
    spans = [(date(2024, 11, 1), date(2025, 2, 1)), (date(2025, 2, 1), date(2025, 3, 31))]
    assert months_covered(spans) == 5
    assert months_covered([]) == 0
