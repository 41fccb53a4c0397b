"""Back to the panel by which this browser last came in, and to the entrance before that."""

import pytest

from tests.client import Browser
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import APPLICANT, MOBILE, portals

pytestmark = pytest.mark.world(build=portals)

FORM = "main form[method=post]"
PANELS = {
    "person": ("/login/person", {"who": id_no_of(APPLICANT)}),
    "legal": ("/login/legal", {"who": uscc_of(2)}),
    "agent": ("/login/agent", {"code": uscc_of(2), "who": MOBILE}),
    "staff": ("/login/", {"username": "agent"}),
}
WANTED = "?next=/sessions/"


def enter(browser: Browser, kind: str, status: int = 200, password: str = PASSWORD):
    path, typed = PANELS[kind]
    return browser.open(path).form(FORM).send(status, password=password, **typed)


def leave(browser: Browser):
    return browser.open("/sessions/").form(".zc-hide-m form[action='/logout/']").send()


@pytest.mark.parametrize("kind", PANELS)
def test_who_has_come_in_by_a_panel_comes_back_to_it(client, kind):
    enter(client, kind)
    page = leave(client)
    assert (page.url, page.texts(".zc-flash")) == (PANELS[kind][0], ["您已安全退出。"])
    assert client.open("/sessions/").url == PANELS[kind][0] + WANTED


def test_the_last_panel_counts_and_a_wrong_password_counts_for_nothing(client):
    for kind in ("staff", "person"):
        enter(client, kind)
        leave(client)
    enter(client, "legal", 400, password="Wrong-2026-Words")
    assert client.open("/sessions/").url == PANELS["person"][0] + WANTED


@pytest.mark.parametrize("kept", [None, "", "root", "//evil.test", "Panels.person", "staff\x00"])
def test_who_is_not_known_here_chooses_at_the_entrance(client, kept):
    if kept is not None:
        client.client.set_cookie("__Host-panel", kept)
    page = client.open("/sessions/")
    assert (page.heading, page.url) == ("职称申报评审系统", f"/{WANTED}")
    page = page.follow("法人登录")
    assert page.form(FORM).send(who=uscc_of(2), password=PASSWORD).url == "/sessions/"


def test_the_idle_question_leads_there_too(client):
    enter(client, "person")
    page = client.open("/sessions/")
    assert page.one("#idle [data-again]")["href"] == PANELS["person"][0] + WANTED


@pytest.mark.parametrize(("demo", "name"), [(False, "__Host-panel"), (True, "panel")])
def test_the_cookie_says_the_panel_and_no_more(db, demo, name):
    app = db.make_app(DEMO=demo)
    browser = Browser(app)
    enter(browser, "person")
    kept = browser.client.get_cookie(name)
    assert (kept.value, kept.path, kept.http_only, kept.same_site, kept.secure) == (
        "person", "/", True, "Lax", not demo,
    )  # fmt: skip
    assert kept.origin_only
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
