"""The migrations make the schema that the models describe, to the letter.

Alembic sees neither a changed CHECK nor a changed predicate of an index, so the DDL of a
migrated database is compared with that of one which the models made themselves.
"""

import re
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from adapters.schema import ROOT
from models.base import Base
from tests.bed import Bed

COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision,
           numeric_scale, is_nullable, column_default, collation_name, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
INDICES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


@pytest.fixture
def fresh(db: Bed) -> Iterator[Engine]:
    """An empty database beside the migrated one, filled with tables by the models."""
    db.server.create("fresh")
    engine = create_engine(db.server.url("fresh"))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    db.server.drop("fresh")


def ours(table: str) -> bool:
    """The framework keeps tables of its own."""
    return table in Base.metadata.tables


def of_postgresql(connection: Connection) -> set[tuple]:
    rows = [
        row for query in (COLUMNS, CONSTRAINTS, INDICES) for row in connection.execute(text(query))
    ]
    return {tuple(row) for row in rows if ours(row[0].strip('"'))}


def of_sqlite(connection: Connection) -> set[tuple]:
    """Name of the table, and each column and constraint of it; each index."""
    query = "SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL"
    return {
        (table, part)
        for table, kind, sql in connection.execute(text(query))
        if ours(table)
        for part in (parts(sql) if kind == "table" else [plain(sql)])
    }


def plain(sql: str) -> str:
    """The statement with single blanks and without quotes around names."""
    return " ".join(sql.replace('"', "").split())


def parts(sql: str) -> list[str]:
    """What stands between the outer brackets of CREATE TABLE, comma by comma."""
    inner = re.fullmatch(r"CREATE TABLE \w+ ?\((.*)\)", plain(sql)).group(1)
    found, depth = [""], 0
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found]


def schema(engine: Engine) -> set[tuple]:
    read = of_sqlite if engine.dialect.name == "sqlite" else of_postgresql
    with engine.connect() as connection:
        return read(connection)


def test_the_migrated_schema_is_that_of_the_models(db: Bed, fresh: Engine):
    migrated, made = schema(db.engine), schema(fresh)
    assert {table for table, *_ in made} == set(Base.metadata.tables)
    assert migrated - made == set()
    assert made - migrated == set()


def test_the_comparison_sees_checks_predicates_and_types(db: Bed, fresh: Engine):
    """What Alembic would pass over, so that the test above is worth something."""
    rows = schema(fresh)
    said = "\n".join(" ".join(map(str, row)) for row in rows)
    seen = ("RETURNED_OUT", "is_representative", "uq_step_open", "fk_step_office_id", "18")
    assert [words for words in seen if words not in said] == []
    if fresh.dialect.name == "postgresql":
        collated = {row[:2] for row in rows if row[-2:-1] == ("C",)}
        assert ("office", "name") in collated and ("office", "region") not in collated


def test_nothing_is_left_to_migrate(db: Bed):
    """Alembic's own comparison of the models with the migrated database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_down_and_up_again(db: Bed):
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    before = schema(db.engine)
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert schema(db.engine) == set()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    assert schema(db.engine) == before


def test_a_code_that_somebody_waits_for_lives_through_the_migration(db: Bed):
    """Up from 0014 and down again, with rows on both sides of the foreign key."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    old = (
        "INSERT INTO one_time_code (target_index, purpose, code_hash, made_at, expires_at,"
        " tries, spent_at, day, made_today) VALUES ('t', :purpose, 'h', :at, :at, 2, :spent,"
        " '2026-01-01', 1)"
    )
    at = (
        "2026-01-01 00:00:00+00:00"
        if db.engine.dialect.name == "postgresql"
        else ("2026-01-01 00:00:00.000000")
    )
    living = text("SELECT target_index, purpose, code_hash, tries FROM living_code")
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0014")
        connection.execute(text(old), {"purpose": "unit", "at": at, "spent": None})
        connection.execute(text(old), {"purpose": "used", "at": at, "spent": at})
        connection.commit()
        command.upgrade(config, "head")
        connection.commit()
        assert connection.execute(living).all() == [("t", "unit", "h", 2)]
        command.downgrade(config, "0014")
        connection.commit()
        assert connection.execute(text("SELECT count(*) FROM one_time_code")).scalar() == 0
        command.upgrade(config, "head")
        connection.commit()
