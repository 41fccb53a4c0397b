"""How many statements a page costs: the same number for one row and for thirty."""

import pytest

from tests.worlds.base import PASSWORD
from tests.worlds.crowd import one, thirty

PAGES = {
    "applicant": {
        "/mine/list/": 0,
        "/mine/show/1": 0,
        "/mine/show/1?check=1": 0,
        "/mine/1/basic_info/list/": 0,
        "/mine/1/paper/list/": 0,
        "/mine/1/paper/add": 0,
        "/mine/1/paper/edit/1": 0,
        "/mine/1/assessment/list/": 0,
        "/mine/1/materials/list/": 0,
        "/mine/track/2": 0,
        "/print/1/publicity": 0,
        "/binding/": 0,
        "/notices/1/read": 0,
    },
    "agent": {
        "/audit/list/": 0,
        "/audit/list/?state=vetted": 0,
        "/audit/list/?q=%E5%BE%85": 0,
        "/send/1": 0,
        "/reviewed/list/": 0,
        "/requests/list/": 0,
        "/phrases/list/": 0,
    },
    "data": {
        "/console/declaration/": 0,
        "/console/paper/": 0,
        "/console/office/": 0,
        "/console/batch/": 0,
    },
    "manager": {"/notices/list/": 0, "/offices/list/": 0},
    "admin": {"/accounts/list/": 0},
}
"""Who opens which page, and what it costs."""


def counted(client, count_statements, username: str, judged: int) -> dict[str, int]:
    """What each page of one account costs; the first look warms what a process keeps."""
    client.login(username, PASSWORD)
    found = {}
    for url in [*PAGES[username], *([f"/audit/{judged}"] if username == "agent" else [])]:
        client.open(url)
        with count_statements() as seen:
            client.open(url)
        found[url if not url.endswith(f"/audit/{judged}") else "/audit/…"] = len(seen)
    return found


@pytest.mark.parametrize("username", PAGES)
class TestPages:
    @pytest.mark.world(build=one)
    def test_of_one(self, client, count_statements, username):
        print(username, counted(client, count_statements, username, 3))

    @pytest.mark.world(build=thirty)
    def test_of_thirty(self, client, count_statements, username):
        print(username, counted(client, count_statements, username, 32))
