"""How many statements a page costs: the same number for one row and for thirty."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.declaration import Declaration
from models.people import Person
from tests.client import Browser
from tests.worlds.base import PASSWORD
from tests.worlds.crowd import one, thirty

PAGES = {
    "applicant": {
        "/mine/list/": 7,
        "/mine/show/1": 25,
        "/mine/show/1?check=1": 25,
        "/mine/1/basic_info/list/": 25,
        "/mine/1/paper/list/": 23,
        "/mine/1/paper/add": 23,
        "/mine/1/paper/edit/1": 23,
        "/mine/1/assessment/list/": 23,
        "/mine/1/materials/list/": 23,
        "/mine/track/2": 7,
        "/print/1/publicity": 19,
        "/binding/": 4,
        "/notices/1/read": 4,
    },
    "agent": {
        "/audit/list/": 4,
        "/audit/list/?state=vetted": 4,
        "/audit/list/?q=%E5%BE%85": 4,
        "/send/1": 11,
        "/reviewed/list/": 2,
        "/requests/list/": 3,
        "/phrases/list/": 2,
        "/audit/{judged}": 8,
    },
    "data": {
        "/console/declaration/": 3,
        "/console/paper/": 3,
        "/console/office/": 2,
        "/console/batch/": 3,
    },
    "manager": {"/notices/list/": 2, "/offices/list/": 2},
    "admin": {"/accounts/list/": 2},
}
"""Who opens which page, and what it costs with one of everything."""


def counted(client, count_statements, username: str, judged: int) -> dict[str, int]:
    """What each page of one account costs; the first look warms what a process keeps."""
    client.login(username, PASSWORD)
    found = {}
    for url in PAGES[username]:
        client.open(url.format(judged=judged))
        with count_statements() as seen:
            client.open(url.format(judged=judged))
        found[url] = len(seen)
    return found


def judged(db) -> int:
    """The declaration that was submitted in earnest, with all its papers."""
    wanted = Person.name == "被审人"
    with Session(db.engine) as session:
        return session.scalar(select(Declaration.id).join(Person).where(wanted))


@pytest.mark.parametrize("username", PAGES)
class TestPages:
    @pytest.mark.world(build=one)
    def test_of_one(self, db, client, count_statements, username):
        found = counted(client, count_statements, username, judged(db))
        assert found == PAGES[username]

    @pytest.mark.world(build=thirty)
    def test_of_thirty(self, db, client, count_statements, username):
        found = counted(client, count_statements, username, judged(db))
        assert found == PAGES[username]


SIZES = [
    pytest.param(1, marks=pytest.mark.world(build=one)),
    pytest.param(30, marks=pytest.mark.world(build=thirty)),
]


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_show_so_many(db, client, size):
    """What is counted above is really there."""
    client.login("applicant", PASSWORD)
    assert len(client.open("/mine/1/paper/list/").select("li.zc-entry")) == size
    assert len(client.open("/mine/list/").rows()) == size + 1
    client = Browser(db.app)
    client.login("agent", PASSWORD)
    assert len(client.open("/send/1").rows()) == size
    page = client.open(f"/audit/{judged(db)}")
    assert all(f"论文 {n}" in page.text for n in range(1, size))
