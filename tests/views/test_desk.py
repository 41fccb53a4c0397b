"""The work desk: its counters, and the pages of the queue behind each."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.declaration import Declaration, Step
from models.people import Person
from tests.client import Browser
from tests.worlds.base import PASSWORD
from tests.worlds.crowd import thirty
from views import counting
from views.audit import desk_page

pytestmark = pytest.mark.world(build=thirty)

ORDERS = {
    "waiting": (Step.arrived_at, Step.id),
    "again": (Declaration.round.desc(), Step.arrived_at, Step.id),
    "name": (Person.name, Step.id),
}


@pytest.fixture
def agent(client: Browser) -> Browser:
    client.login("agent", PASSWORD)
    return client


def names(page) -> list[str]:
    return [row.find("th").contents[0].strip() for row in page.select("[data-queue] tbody tr")]


def turn(page, word: str):
    """The page behind 上一页, 下一页, …; None where there is none."""
    link = next((a for a in page.select("nav[aria-label=分页] a") if word in a.text), None)
    return page.browser.open(link["href"]) if link else None


def in_order(session: Session, sort: str) -> list[str]:
    """The names of all that waits, as one statement has them."""
    query = (
        select(Person.name)
        .select_from(Step)
        .join(Declaration, Declaration.id == Step.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .where(Step.position == 1, Step.state == "PENDING")
    )
    return list(session.scalars(query.order_by(*ORDERS[sort])))


@pytest.mark.parametrize("sort", ORDERS)
def test_forth_and_back(agent, session, sort):
    for n, declaration in enumerate(session.scalars(select(Declaration)).all()):
        declaration.round = declaration.round and 1 + n % 3
    session.commit()
    wanted = in_order(session, sort)
    first = agent.open(f"/audit/list/?sort={sort}")
    second = turn(first, "下一页")
    assert names(first) + names(second) == wanted and len(wanted) == 31
    assert "共 31 人" in second.text
    assert names(turn(second, "上一页")) == names(first)
    assert names(turn(first, "末页")) == wanted[-25:]
    assert turn(second, "下一页") is None and turn(first, "上一页") is None


def test_counters_follow_each_act(agent):
    def counted() -> dict[str, str]:
        tabs = agent.open("/audit/list/?notice=1").texts("nav[aria-label=按状态查看] a")
        return dict(tab.split() for tab in tabs)

    before = counted()
    page = agent.open("/audit/next/1")
    token = {"csrf_token": agent.csrf_token, "version": page.select("[name=version]")[0]["value"]}
    verdicts = {field["name"]: "right" for field in page.select("input[value=right]")}
    agent.post(page.url + "/decide", data=token | verdicts | {"action": "pass"})
    after = counted()
    assert int(after["待审"]) == int(before["待审"]) - 1
    assert int(after["待送审"]) == int(before["待送审"]) + 1


def test_many_are_counted_no_further_and_sorted_no_more(agent, monkeypatch):
    for module in (counting, desk_page):
        monkeypatch.setattr(module, "CAP", 30)
    page = agent.open("/audit/list/?sort=name")
    assert page.texts(".zc-cnt[aria-current] b") == ["30+"]
    assert names(page)[0] == "被审人" and page.select(".zc-tools a") == []
    assert page.texts(".zc-cnt b").count("30") == 1


@pytest.mark.parametrize(
    ("words", "found"), [("被审", ["被审人"]), ("20260004", []), ("%", []), ('"', []), ("审", None)]
)
def test_words(agent, words, found):
    page = agent.open(f"/audit/list/?q={words.replace('%', '%25')}")
    assert names(page) == found if found is not None else len(names(page)) == 25


def test_numbers_are_looked_up_whole(agent, session):
    query = select(Declaration.declare_no, Person.name).join(Person)
    number, name = session.execute(query.where(Person.name == "待审人 7")).one()
    assert names(agent.open(f"/audit/list/?q={number}")) == [name]
    assert names(agent.open("/audit/list/?q=待审人 7")) == [name]
