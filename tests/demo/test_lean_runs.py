"""Filling with the large province: again the same, never on top of something, all or nothing."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from demo.lean import filling
from demo.lean.answers import Answers
from demo.lean.filling import fill, is_empty
from demo.lean.scale import Scale
from models.offices import Office, OfficeKind
from models.people import Account, Person
from tests.bed import Bed, empty
from tests.demo.province import tools
from tests.digest import digest

LEAP_DAY = datetime(2028, 2, 29, 4, tzinfo=UTC)

SALTED = ("ab_user", "person", "journal", "journal_head")
"""Tables that hold a salt, a nonce or the hour."""


class LightsOutError(Exception):
    """Something that nobody foresaw."""


def fill_with(db: Bed, count: int, seed: int) -> dict[str, str]:
    """Fill anew; a hash for each table that is fully told by the seed, and who is there."""
    db.restore(empty)
    with db.app.app_context():
        fill(tools(db.app), count, seed)
    found = {table: hash_ for table, hash_ in digest(db).items() if table not in SALTED}
    with Session(db.engine) as session:
        people = select(Person.uid, Person.name, Person.birth_date, Person.mobile)
        found["people"] = repr(session.execute(people.order_by(Person.id)).all())
    return found


SHAPES = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
}


CASTS = re.compile(r"::(text|character varying)(\[\])?|[()]")
"""PostgreSQL writes the same condition with other casts when it has read its own words."""


def shape(db: Bed) -> set:
    """Keys, rules and indices of all tables."""
    with Session(db.engine) as session:
        found = session.execute(text(SHAPES[db.kind])).all()
    return {(table, name, CASTS.sub("", rule or "")) for table, name, rule in found}


def test_the_same_seed_makes_the_same_rows(db, monkeypatch):
    monkeypatch.setattr(filling, "now", lambda session: LEAP_DAY)
    first = fill_with(db, 100, 3)
    assert fill_with(db, 100, 3) == first
    other = fill_with(db, 100, 4)
    assert other["declaration"] != first["declaration"]
    assert other["people"] != first["people"]


def test_keys_and_indices_are_the_same_afterwards(db):
    before = shape(db)
    with db.app.app_context():
        fill(tools(db.app), 100, 3)
    assert shape(db) == before


def test_a_run_that_breaks_off_leaves_nothing(db, monkeypatch):
    def add(answers, call, answering):
        raise LightsOutError

    before = shape(db)
    monkeypatch.setattr(Answers, "add", add)
    with db.app.app_context(), pytest.raises(LightsOutError):
        fill(tools(db.app), 100, 1)
    with Session(db.engine) as session:
        assert is_empty(session)
    assert shape(db) == before


def test_nothing_is_put_on_top_of_anything(db):
    with db.app.app_context():
        fill(tools(db.app), 20, 1)
        before = digest(db)
        with pytest.raises(ValueError, match="the table office is not empty"):
            fill(tools(db.app), 20, 1)
    assert digest(db) == before


def test_settings_of_every_day_return(db):
    with db.app.app_context():
        fill(tools(db.app), 0, 1)
    if db.kind == "sqlite":
        asked = ("journal_mode", "synchronous", "foreign_keys", "ignore_check_constraints")
        with Session(db.engine) as session:
            found = [session.scalar(text(f"PRAGMA {name}")) for name in asked]
        assert found == ["wal", 2, 1, 0]


def test_without_declarations_the_accounts_of_the_file_are_there(db):
    with db.app.app_context():
        fill(tools(db.app), 0, 1)
    with Session(db.engine) as session:
        assert session.get(Account, "lisi").person.name == "李思远"
        assert not is_empty(session)


class TestCommand:
    """``flask demo --lean``"""

    def test_it_asks_for_an_application_of_demonstrations(self, db):
        ran = db.app.test_cli_runner().invoke(args=["demo", "--lean", "--declarations", "20"])
        assert (ran.exit_code, "DEMO=1" in ran.output) == (1, True)
        with Session(db.engine) as session:
            assert is_empty(session)

    def test_it_fills_a_demonstration(self, db):
        app = db.make_app(DEMO=True)
        ran = app.test_cli_runner().invoke(args=["demo", "--lean", "--declarations", "20"])
        assert ran.exit_code == 0, ran.output
        assert "20 declarations" in ran.output
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()

    def test_it_leaves_a_database_with_anything_in_it_alone(self, db):
        with Session(db.engine) as session:
            office = Office(name="唯一的单位", uscc="1", kind=OfficeKind.UNIT, region="220000")
            session.add(office)
            session.commit()
        ran = db.app.test_cli_runner().invoke(args=["demo", "--lean"])
        assert (ran.exit_code, "not empty" in ran.output) == (1, True)
        with Session(db.engine) as session:
            assert session.scalars(select(Office.name)).all() == ["唯一的单位"]


class TestScale:
    """How many of everything."""

    @pytest.mark.parametrize(
        ("count", "units", "persons", "owned"),
        [
            (0, 60, 0, 0),
            (600, 60, 252, 180),
            (10_000, 200, 4_200, 3_000),
            (99_999, 1_999, 42_000, 3_000),
            (1_000_000, 20_000, 420_000, 3_000),
        ],
    )
    def test_sizes(self, count, units, persons, owned):
        scale = Scale(count)
        assert (scale.units, scale.persons, scale.owned) == (units, persons, owned)

    @pytest.mark.parametrize("count", [1, 2, 3, 7, 50, 600, 10_000, 12_345])
    def test_every_declaration_is_somebodys_and_nobody_has_more_than_there_are_years(self, count):
        scale = Scale(count)
        whose = [scale.declarant(number) for number in range(count)]
        assert whose == sorted(whose)
        assert set(whose) == set(range(scale.persons))
        assert max(whose.count(person) for person in set(whose[:50])) <= 3
        ours = whose[: scale.owned]
        assert set(ours) == set(range(scale.owners))
