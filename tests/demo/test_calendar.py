"""Office hours."""

from datetime import datetime
from random import Random

import pytest

from demo.calendar import HOURS, hours_until, moment_at, spread
from models.clock import SHANGHAI


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 begins on a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "same"),
    [
        (at(2, 12), at(2, 12)),
        (at(2, 6), at(2, 8, 30)),
        (at(3, 20), at(4, 8, 30)),
        (at(7, 12), at(9, 8, 30)),
        (at(8, 23), at(9, 8, 30)),
    ],
)
def test_a_moment_out_of_hours_counts_as_the_next_opening(moment, same):
    assert moment_at(hours_until(moment)) == same


def test_a_week_has_five_days():
    assert hours_until(at(9, 8, 30)) - hours_until(at(2, 8, 30)) == 5 * HOURS


@pytest.mark.parametrize("seed", range(30))
def test_acts_keep_their_order_and_their_ends(seed):
    ends = [at(20, 12), at(27, 17), at(12, 17), at(27, 17), at(27, 17)]
    moments = spread(Random(seed), at(4, 10), ends)
    assert moments == sorted(moments)
    assert all(at(4, 10) <= moment < end for moment, end in zip(moments, ends, strict=True))
    assert moments[2] < at(12, 17)
    assert all(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in moments)
