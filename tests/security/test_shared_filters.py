"""WSTG-ATHZ: what one searches for stays with the request that asked, whatever the others do.

The framework keeps the search on the view, which all threads share.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import g

from tests.client import Browser
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import FOREIGN, OWN, two_units

pytestmark = [pytest.mark.world(build=two_units), pytest.mark.databases("sqlite")]

ROUNDS = 6


@contextmanager
def threads_that_switch_often():
    """What takes a busy server an hour happens within seconds."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def searches(
    app, username: str, screen: tuple[str, str], word: str
) -> list[tuple[int, set[str], list[str]]]:
    """Status, words in the search boxes and first cells of the rows, of each round."""
    browser, found, (path, column) = Browser(app), [], screen
    browser.login(username, PASSWORD)
    for _round in range(ROUNDS):
        page = browser.open(path, query={f"_flt_0_{column}": word})
        typed = {box["value"] for box in page.select("input[name^=_flt_]") if box.get("value")}
        found.append((page.status, typed, sorted(row[0] for row in page.rows())))
    return found


@pytest.mark.parametrize(
    ("screen", "askers"),
    [
        # Both keep all offices: only what they search for tells their answers apart.
        (("/offices/list/", "name"), {"manager": "松原市", "manager-b": "白城市"}),
        # Each has phrases of his own, and both search for what both have.
        (("/phrases/list/", "text"), {"agent": "常用", "agent-b": "常用", "manager": "推荐"}),
    ],
)
def test_no_answer_has_the_search_or_the_rows_of_another(app, screen, askers):
    wanted = {user: searches(app, user, screen, word)[0] for user, word in askers.items()}
    assert len({str(rows) for _status, _typed, rows in wanted.values()}) == len(askers)
    with threads_that_switch_often(), ThreadPoolExecutor(2 * len(askers)) as pool:
        asked = [
            (user, pool.submit(searches, app, user, screen, word))
            for user, word in askers.items()
            for _twice in range(2)
        ]
        for user, answers in asked:
            assert answers.result() == [wanted[user]] * ROUNDS


def test_the_rows_of_the_phrases_are_ones_own(app):
    """What the test above compares is really marked by its owner."""
    for user, mine, theirs in (("agent", OWN, FOREIGN), ("agent-b", FOREIGN, OWN)):
        rows = searches(app, user, ("/phrases/list/", "text"), "常用")[0][2]
        assert rows and all(mine.text in row and theirs.text not in row for row in rows)


def test_every_screen_has_filters_of_the_request(app):
    screens = [view for view in app.appbuilder.baseviews if hasattr(view, "_all_filters")]
    assert len(screens) > 20
    for view in screens:
        with app.test_request_context():
            first = view._filters
            first.values.append("探")
            assert view._filters is first
        with app.test_request_context():
            assert view._filters is not first
            assert view._filters.values == []
            assert "filters" in g
