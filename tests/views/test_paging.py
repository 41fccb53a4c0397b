"""Pages by key: the same rows in the same order as plain objects, each exactly once."""

from typing import Any

import pytest
from sqlalchemy import select, update

import views.counting
import views.turning
from models.declaration import Declaration
from models.offices import Office
from models.people import Person
from models.permissions import Actor, Role, visible_to
from models.reach import Reach
from models.status import Status
from tests.models.books import book
from tests.worlds.base import PASSWORD
from tests.worlds.crowd import thirty

pytestmark = pytest.mark.world(build=thirty)

LIST = "/reviewed/list/"
SIZE = 7


@pytest.fixture
def agent(client):
    """Whose office has had some ninety declarations."""
    client.login("agent", PASSWORD)
    return client


def plain(session, *order: Any) -> list[list[str]]:
    """What the list must show, read as objects, one after the other."""
    office = session.scalars(select(Office.id).where(Office.name == "松原江源设计院")).one()
    mine = visible_to(Actor(Role.AGENT, "agent", office_id=office))
    query = select(Declaration).join(Person).where(mine).order_by(*order)
    return [
        [
            d.declare_no, d.person.name, d.first.office.name, d.notice.title,
            book().name("title_name", d.title_code), d.specialty, str(Status(d.status).label),
        ]
        for d in session.scalars(query)
    ]  # fmt: skip


ORDERS = {
    "as it begins": ({}, (Declaration.submitted_at.desc(), Declaration.id.desc())),
    "by name": (
        {"_oc_Reviewed": "person.name", "_od_Reviewed": "asc"},
        (Person.name, Declaration.id),
    ),
    "by name, downwards": (
        {"_oc_Reviewed": "person.name", "_od_Reviewed": "desc"},
        (Person.name.desc(), Declaration.id.desc()),
    ),
    "by time": (
        {"_oc_Reviewed": "submitted_at", "_od_Reviewed": "asc"},
        (Declaration.submitted_at, Declaration.id),
    ),
}


def shown(page) -> list[list[str]]:
    return [row[:7] for row in page.rows()]


def walk(page, words: str) -> list[list[list[str]]]:
    """The rows of each page, by following one link until there is none."""
    found = [shown(page)]
    while page.select(f"nav a:-soup-contains('{words}')"):
        page = page.follow(words)
        found.append(shown(page))
    return found


@pytest.mark.parametrize("name", ORDERS)
def test_forwards_and_backwards_each_row_comes_once(agent, session, name):
    query, order = ORDERS[name]
    rows = plain(session, *order)
    assert len(rows) > 10 * SIZE
    first = agent.open(LIST, query=query | {"psize_Reviewed": SIZE})
    pages = [rows[at : at + SIZE] for at in range(0, len(rows), SIZE)]
    assert walk(first, "下一页") == pages
    last = first.follow("末页")
    backwards = walk(last, "上一页")
    assert sum(reversed(backwards), []) == rows
    assert {len(page) for page in backwards} == {SIZE}
    again = last.follow("首页")
    assert shown(again) == pages[0]
    assert not again.select("nav a:-soup-contains('首页')")


def test_a_page_costs_the_same_wherever_it_lies(agent, count_statements):
    """The user and its rows; their number is read with the first page and then kept in the
    address."""
    page = agent.open(LIST, query={"psize_Reviewed": SIZE})
    for words in ("下一页", "下一页", "末页", "上一页", "首页"):
        with count_statements() as seen:
            page = page.follow(words)
        assert len(seen) == 2, seen
        assert ("found_in_all" in seen[1]) == (words == "首页")


def test_what_stood_on_a_page_is_gone_and_the_end_is_shown(agent, session):
    """Whoever has audited all of the last page and looks again sees what is left."""
    last = agent.open(LIST, query={"psize_Reviewed": SIZE}).follow("末页")
    beyond = last.follow("上一页").follow("下一页")
    numbers = [row[0] for row in shown(beyond)]
    rows = select(Declaration.id).where(Declaration.declare_no.in_(numbers))
    session.execute(Reach.__table__.delete().where(Reach.declaration_id.in_(rows)))
    session.commit()
    left = plain(session, Declaration.submitted_at.desc(), Declaration.id.desc())
    left = [row for row in left if row[0] not in numbers]
    again = agent.open(beyond.url)
    assert shown(again) == left[-SIZE:]
    assert f"共 {len(left)} 条" in again.text


def test_what_is_beyond_the_limit_is_not_counted(agent, monkeypatch, session):
    there = len(plain(session, Declaration.id))
    assert f"共 {there} 条" in agent.open(LIST).text
    for module in (views.counting, views.turning):
        monkeypatch.setattr(module, "CAP", 10)
    page = agent.open(LIST)
    assert "共 10+ 条" in page.text
    assert "共 10+ 条" in page.follow("下一页").text


def test_a_row_that_is_gone_leaves_the_page_where_it_was(agent, session):
    """The address holds keys, not a number: what leaves the list before a page moves nothing."""
    first = agent.open(LIST, query={"psize_Reviewed": SIZE})
    expected = shown(first.follow("下一页"))
    gone = shown(first)[0][0]
    row = select(Declaration.id).where(Declaration.declare_no == gone).scalar_subquery()
    session.execute(Reach.__table__.delete().where(Reach.declaration_id == row))
    session.commit()
    assert shown(first.follow("下一页")) == expected


def test_a_name_is_found_by_any_of_its_characters(agent, session):
    """The same on both databases; also once the name was changed."""
    latin = session.scalars(select(Person).where(Person.name == "待审人 1")).one()
    latin.name = "Li·Ming O'Neil"
    his = select(Declaration.id).where(Declaration.person_id == latin.id)
    session.execute(update(Reach).where(Reach.declaration_id.in_(his)).values(name=latin.name))
    session.commit()
    rows = plain(session, Declaration.submitted_at.desc(), Declaration.id.desc())
    for words in ("待审人 2", "审", "人 2", "送人 30", "无此人", "·", "'", "Li·M", "O'N"):
        page = agent.open(LIST, query={"_flt_0_name": words, "psize_Reviewed": 100})
        assert shown(page) == [row for row in rows if words in row[1]], words
    for words in ("li", "MING", "o'neil"):
        page = agent.open(LIST, query={"_flt_0_name": words})
        assert [row[1] for row in shown(page)] == ["Li·Ming O'Neil"], words


def test_the_first_page_is_counted_anew_when_somebody_turns_back_to_it(agent, session):
    """The address says how many there were; what left the list meanwhile is not among them."""
    first = agent.open(LIST, query={"psize_Reviewed": SIZE})
    second = first.follow("下一页")
    left = select(Declaration.id).where(Declaration.declare_no.in_(r[0] for r in shown(first)[:3]))
    session.execute(Reach.__table__.delete().where(Reach.declaration_id.not_in(left)))
    session.commit()
    assert "共 3 条" in second.follow("上一页").text
    session.execute(Reach.__table__.delete())
    session.commit()
    assert "共 0 条" in second.follow("上一页").text
