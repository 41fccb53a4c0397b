"""How the databases find what a page asks for: the same steps after a million rows.

The tables are tiny here, so PostgreSQL is told to prefer an index to reading or sorting all.
"""

import json
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from models.declaration import Declaration, Step
from models.reach import Reach
from models.searching import named
from tests.bed import Bed
from tests.client import Browser
from tests.worlds.base import PASSWORD
from tests.worlds.crowd import thirty

DEAR = ("seqscan", "sort", "hashjoin", "mergejoin", "material")
"""What costs more the more rows there are."""

SORTS = ("USE TEMP B-TREE FOR ORDER BY", "Sort Key")
"""Words of a plan that reads all rows before it shows the first."""


class Query(NamedTuple):
    """What was asked of the database."""

    statement: str
    parameters: Any


@contextmanager
def listening() -> Iterator[list[Query]]:
    """All that is asked, with its parameters: a plan depends on what is one."""
    heard: list[Query] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        heard.append(Query(statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan(connection: Connection, query: Query) -> str:
    """The steps of a query, one a line."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.statement}", query.parameters)
        return "\n".join(row.detail for row in rows)
    for way in DEAR:
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    rows = connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {query.statement}", query.parameters)
    return "\n".join(row[0] for row in rows)


@pytest.fixture
def plans(db: Bed, client: Browser) -> Callable[[str, str, str], list[str]]:
    """The plans of the statements of a page in which some words stand."""

    def plans_of(username: str, url: str, words: str) -> list[str]:
        client.login(username, PASSWORD)
        client.open(url)
        with listening() as heard:
            client.open(url)
        wanted = [query for query in heard if words in query.statement]
        assert wanted, f"{url} asks nothing with {words}"
        with db.engine.connect() as connection:
            return [plan(connection, query) for query in wanted]

    return plans_of


def steps(plan_: str, *words: str) -> list[str]:
    """The lines of a plan with one of these words."""
    return [line for line in plan_.split("\n") if any(word in line for word in words)]


def sorted_by_hand(plan_: str) -> list[str]:
    """The lines of a plan that sort."""
    return steps(plan_, *SORTS)


@pytest.mark.world(build=thirty)
def test_people_by_the_characters_of_their_name(db):
    with db.engine.connect() as connection:
        with listening() as heard:
            assert len(connection.execute(named("待审")).all()) == 30
        found = plan(connection, heard[-1])
    assert steps(found, "person_name VIRTUAL TABLE INDEX", "ix_person_characters")
    assert steps(found, "SCAN person USING", "Seq Scan") == []


def whole(plan_: str) -> list[str]:
    """The lines that read all of a table; the rows of a page, or those that are counted, are
    none."""
    none = ("SCAN page", "SCAN capped")
    return [line for line in steps(plan_, "SCAN", "Seq Scan") if not line.endswith(none)]


COVERING = ("USING COVERING INDEX ix_step_", "Index Only Scan using ix_step_")
READING = ("SEARCH step", "SCAN step", "Scan on step", "on step")


@pytest.mark.world(build=thirty)
class TestDesk:
    def test_counters_from_an_index_alone(self, plans):
        found = plans("agent", "/audit/list/", "FROM notice \nWHERE EXISTS")
        read = steps(found[0], *READING)
        assert len(found) == 1 and len(read) >= 7
        assert [line for line in read if not any(word in line for word in COVERING)] == []

    @pytest.mark.parametrize(
        ("state", "index"),
        [("pending", "ix_step_waiting"), ("vetted", "ix_step_office_notice_state")],
    )
    def test_the_queue_in_the_order_of_an_index(self, plans, state, index):
        (found,) = plans("agent", f"/audit/list/?state={state}", "AS key_0")
        assert sorted_by_hand(found) == []
        assert index in found
        assert "Seq Scan" not in found and "SCAN" not in found

    def test_the_next_one_and_the_place_in_the_queue(self, plans):
        found = plans("agent", "/audit/next/1", "ORDER BY step.arrived_at")
        assert len(found) == 2
        for each in found:
            assert sorted_by_hand(each) == []
            assert [line for line in steps(each, *READING) if "ix_step_" not in line] == []
            assert "ix_step_waiting" in each

    def test_one_declaration_by_its_own_steps(self, db, plans):
        """Not by a list of all that ever came to the office."""
        with db.engine.connect() as connection:
            waits = (Step.state == "PENDING", Step.position == 1)
            pk = connection.scalar(select(Step.declaration_id).where(*waits).limit(1))
        (found,) = plans("agent", f"/audit/{pk}", "FROM declaration")
        keys = ("sqlite_autoindex_step_", "uq_step_declaration_position")
        assert steps(found, *keys)
        assert steps(found, "LIST SUBQUERY", "ix_step_office", "Seq Scan", "SCAN step") == []


LISTS = [
    ("agent", "/reviewed/list/", "ix_reach_arrived_submitted"),
    ("agent", "/reviewed/list/?_flt_0_status=SUBMITTED", "ix_reach_arrived_status"),
    (
        "agent",
        "/reviewed/list/?_oc_Reviewed=person.name&_od_Reviewed=desc",
        "ix_reach_arrived_name",
    ),
    ("data", "/console/declaration/", "ix_reach_all_submitted"),
    ("data", "/console/declaration/?flt0_status=SUBMITTED", "ix_reach_all_status"),
    ("data", "/console/declaration/?sort=1", "ix_reach_all_name"),
    ("data", "/console/declaration/?last=1", "ix_reach_all_submitted"),
]


@pytest.mark.world(build=thirty)
class TestLists:
    @pytest.mark.parametrize(("username", "url", "index"), LISTS)
    def test_a_page_is_read_in_the_order_of_an_index(self, db, plans, username, url, index):
        """What hangs on a row is found by its own key. The few rows of a page are found first,
        and ordered once more, unless PostgreSQL sees that they still are."""
        found = plans(username, url, "AS key_0")
        assert len(found) == 1
        still = db.engine.dialect.name == "postgresql" and username == "agent"
        assert len(sorted_by_hand(found[0])) == (0 if still else 1)
        assert steps(found[0], index)
        assert whole(found[0]) == []
        assert steps(found[0], "LIST SUBQUERY") == []

    @pytest.mark.parametrize(
        ("username", "url", "index"),
        [
            ("agent", "/reviewed/list/", "ix_reach_arrived_"),
            ("data", "/console/declaration/", "ix_reach_all_"),
        ],
    )
    def test_they_are_counted_in_the_index_alone(self, db, plans, username, url, index):
        """None of ten thousand declarations is looked up to know that it is there. SQLite also
        finds the rows of the page so."""
        (found,) = plans(username, url, "AS key_0")
        ways = (f"USING COVERING INDEX {index}", f"Index Only Scan using {index}")
        assert len(steps(found, *ways)) == {"sqlite": 2, "postgresql": 1}[db.engine.dialect.name]

    def test_a_later_page_of_a_section_begins_where_it_begins(self, plans):
        """Its order goes over two tables; the index of the first leads to the place."""
        day = ["2026-03-20T00:00:00+00:00", 5, -1, -1]
        place = urlsafe_b64encode(json.dumps(day).encode()).decode().rstrip("=")
        found = plans("data", f"/console/paper/?after={place}&of=9", "AS key_0")[0]
        (line,) = steps(found, "ix_reach_all_submitted")
        assert "submitted_at" in " ".join(found[found.index(line) :].split("\n")[:2])
        assert whole(found) == []

    @pytest.mark.parametrize("table", ["office", "binding", "batch"])
    def test_the_offices_below_are_gathered_once(self, plans, table):
        """And not looked for again at each row."""
        found = plans("data", f"/console/{table}/", "AS key_0")
        assert len(found) == 1
        assert steps(found[0], "CORRELATED", "(SubPlan") == []
        assert steps(found[0], "ix_office_superior_id", "superior_id")

    def test_accounts_by_their_names(self, db, plans):
        """SQLite orders the few of the page once more."""
        (found,) = plans("admin", "/accounts/list/", "AS key_0")
        assert len(sorted_by_hand(found)) == (1 if db.kind == "sqlite" else 0)
        assert steps(
            found, "SCAN ab_user USING", "Index Scan using ab_user_username_key on ab_user"
        )


@pytest.mark.world(build=thirty)
class TestAccounts:
    """Whoever may ask before a login may ask often."""

    TYPED = [
        ("/login/legal", {"who": "Unit.One", "password": PASSWORD}),
        ("/login/agent", {"code": "Unit.One", "who": "13800000000", "password": PASSWORD}),
    ]

    @pytest.mark.parametrize(("url", "typed"), TYPED, ids=["legal", "agent"])
    def test_the_account_of_a_unit_by_its_name_in_any_case(self, db, client, url, typed):
        form = client.open(url).form()
        with listening() as heard:
            form.send(400, **typed)
        (wanted,) = [query for query in heard if "lower(" in query.statement]
        with db.engine.connect() as connection:
            found = plan(connection, wanted)
        assert steps(found, "ix_account_legal_name")

    def test_the_roles_of_who_signs_in_are_joined_one_after_the_other(self, client):
        """A join within the join SQLite carries out first, for four hundred thousand accounts."""
        form = client.open("/login/").form()
        with listening() as heard:
            form.send(username="agent", password=PASSWORD)
        joined = [query.statement for query in heard if "JOIN ab_role" in query.statement]
        assert len(joined) > 1
        assert [statement for statement in joined if "JOIN (" in statement] == []


MANY = (
    ("reach", "ix_reach_all_submitted", "4000000 160 160 1 1"),
    ("reach", "ix_reach_all_status", "4000000 160 160 50 1 1"),
    ("reach", "ix_reach_all_name", "4000000 160 160 3 1"),
    ("reach", "sqlite_autoindex_reach_1", "4000000 4 1"),
    ("declaration", "ix_declaration_person_id", "1000000 3"),
)
"""What SQLite knows of a million declarations."""


@pytest.fixture
def many(db: Bed) -> None:
    """SQLite takes the thirty declarations for a million."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", list(MANY))
    db.engine.dispose()


@pytest.mark.world(build=thirty)
@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("many")
class TestNames:
    """SQLite would rather go through a million declarations in their order than sort a few;
    PostgreSQL knows how often each character is there, and chooses by that."""

    @pytest.mark.parametrize("asked", ["", "&last=1", "&sort=1", "&page_size=20"])
    def test_few_people_are_found_first_and_sorted_then(self, plans, asked):
        (found,) = plans("data", f"/console/declaration/?search=待送{asked}", "AS key_0")
        assert len(steps(found, "ix_declaration_person_id")) == 1  # for the rows and their number
        assert steps(found, "ix_reach_all_") == []

    def test_many_people_are_gone_through_until_the_page_is_full(self, plans):
        """Of one character there may be a hundred thousand."""
        (found,) = plans("data", "/console/declaration/?search=待", "AS key_0")
        assert steps(found, "ix_reach_all_submitted")


@pytest.mark.world(build=thirty)
@pytest.mark.databases("postgresql")
class TestSmallOffices:
    """In a unit of thirty declarations its own rows tell sooner than all people of a province."""

    @pytest.mark.parametrize(
        ("username", "url", "index"),
        [
            ("agent", "/reviewed/list/?_flt_0_name=待送", "ix_reach_arrived_name"),
            ("data", "/console/declaration/?search=待送", "ix_reach_all_name"),
        ],
    )
    def test_their_own_names_are_looked_through(self, plans, username, url, index):
        (found,) = plans(username, url, "AS key_0")
        (line,) = steps(found, "on reach", "on reach_1")[:1]
        assert index in line
        assert steps(found, "ix_person_characters") == []


@pytest.mark.world(build=thirty)
@pytest.mark.databases("sqlite")
def test_sqlite_is_told_how_its_rows_lie(db):
    """By the command of every deployment and by that of every day."""
    known = text("SELECT DISTINCT tbl FROM sqlite_stat1")
    for command in ("setup", "sweep"):
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM sqlite_stat1"))
        assert db.app.test_cli_runner().invoke(args=[command]).exit_code == 0
        with db.engine.connect() as connection:
            assert {"reach", "declaration", "person"} <= set(connection.scalars(known))


def compared(db: Bed, query: Query) -> int:
    """How many rows SQLite compares by LIKE while it answers."""
    rows: list[str] = []
    with closing(sqlite3.connect(db.engine.url.database)) as raw:
        raw.create_function("like", 3, lambda _word, cell, _escape: rows.append(cell))
        raw.execute(query.statement, query.parameters).fetchall()
    return len(rows)


def left_out(db: Bed, query: Query) -> list[str]:
    """What PostgreSQL had planned and found that it need not do."""
    ways = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{ways} {query.statement}", query.parameters)
        return [row[0] for row in rows if "never executed" in row[0]]


@pytest.mark.world(build=thirty)
def test_what_is_rare_is_looked_for_in_the_whole_list_only_once(db, client, session):
    """Where no index leads: for the page, and not for the number too."""
    arrived = select(Declaration).join(Reach).where(Reach.arrived)
    declared = session.scalars(arrived).unique().all()
    declared[0].specialty = "稀有专业"
    session.commit()
    client.login("agent", PASSWORD)
    with listening() as heard:
        assert len(client.open("/reviewed/list/?_flt_0_specialty=稀有").rows()) == 1
    (query,) = [query for query in heard if "AS capped" in query.statement]
    if db.kind == "sqlite":
        assert compared(db, query) == len(declared)
    else:
        assert left_out(db, query)
