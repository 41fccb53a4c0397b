"""The time: the database's, so that all workers of all servers agree on a deadline."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect, TypeDecorator, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every window of a notice is meant in this zone; it has had no summer time since 1991."""


class Moment(TypeDecorator):
    """An instant, aware and in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Instant(FunctionElement):
    """SQL for the instant of asking, not of the transaction's begin."""

    type = Moment()
    inherit_cache = True


@compiles(Instant)
def _now_postgresql(element, compiler, **kw):
    return "clock_timestamp()"


@compiles(Instant, "sqlite")
def _now_sqlite(element, compiler, **kw):
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def now(session: Session) -> datetime:
    """The instant by the database's clock, in UTC."""
    return session.scalars(select(Instant())).one()


def day_of(moment: datetime) -> date:
    """The calendar day of an instant in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()
