"""The time: one instant on both databases, one calendar in Shanghai."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from models.clock import SHANGHAI, Instant, Moment, day_of, now
from models.journal import Line
from models.notice import Notice
from tests.models.stage import Stage, build

EXACT = datetime(2026, 4, 30, 15, 59, 59, 999999, tzinfo=UTC)

ONE_DAY = timedelta(days=1)


def test_the_database_tells_the_time(session):
    first, second = now(session), now(session)
    machine = datetime.now(UTC)
    assert first.tzinfo is UTC
    assert first <= second and abs(machine - second) < timedelta(seconds=5)


def test_it_moves_on_within_a_transaction(session):
    """PostgreSQL's now() would stand still."""
    first = now(session)
    seen = {now(session) for _ in range(2000)}
    assert max(seen) > first


@pytest.mark.world(build=build)
@pytest.mark.parametrize("zone", [UTC, SHANGHAI, timezone(timedelta(hours=-5))])
def test_an_instant_comes_back_to_the_microsecond(stage: Stage, zone):
    stage.notice.audit_end = EXACT.astimezone(zone)
    stage.session.commit()
    stored = stage.notice.audit_end
    assert (stored, stored.tzinfo) == (EXACT, UTC)
    later = select(Notice.id).where(Notice.audit_end > EXACT.astimezone(zone))
    assert stage.session.scalars(later).all() == []
    sooner = select(Notice.id).where(Notice.audit_end > EXACT - timedelta(microseconds=1))
    assert len(stage.session.scalars(sooner).all()) == 1


@pytest.mark.world(build=build)
def test_the_database_compares_its_clock_with_what_is_stored(stage: Stage):
    notice, clock = stage.notice, now(stage.session)
    for shift, expected in ((-1, []), (1, [True])):
        notice.audit_end = clock + timedelta(hours=shift)
        notice.declare_end, notice.declare_start = clock - ONE_DAY, clock - 2 * ONE_DAY
        notice.audit_start = clock - ONE_DAY
        stage.session.flush()
        open_ = select(Notice.published).where(Notice.audit_end > Instant())
        assert stage.session.scalars(open_).all() == expected


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="a moment needs its zone"):
        Moment().process_bind_param(datetime(2026, 3, 20, 12), None)
    assert Moment().process_bind_param(None, None) is None
    assert Moment().process_result_value(None, None) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 3, 1, tzinfo=SHANGHAI), date(2026, 3, 1)),
    ],
)
def test_the_day_is_that_of_shanghai(moment, day):
    assert day_of(moment) == day


def test_every_time_of_the_domain_is_a_moment():
    """A plain DateTime would lose its zone on SQLite and change its hour on PostgreSQL."""
    columns = [c for table in Line.metadata.tables.values() for c in table.columns]
    plain = [str(c) for c in columns if "DATETIME" in str(c.type).upper()]
    assert plain == [str(c) for c in columns if isinstance(c.type, Moment)]
