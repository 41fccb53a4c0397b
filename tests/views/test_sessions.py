"""登录: what was a way in before is none after it. Each rule shows the old cookie dead."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask.sessions import SecureCookieSessionInterface
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text, update

from adapters.database import in_passing
from adapters.passwords import hashed
from models.clock import now
from models.journal import Line
from models.permissions import Role
from models.sessions import SENTENCES, End, LoginSession, hash_of, touch
from tests.client import Browser
from tests.worlds.base import PASSWORD, managed
from views.captcha import FREE

pytestmark = pytest.mark.world(build=managed)

COOKIE = "__Host-zhiping"
FORM = "main form[method=post]"


def copied(browser: Browser, app=None) -> Browser:
    """Another browser with the same cookie: that of a thief, or of a second tab."""
    other = Browser(app or browser.app)
    other.client.set_cookie(COOKIE, browser.client.get_cookie(COOKIE).value)
    return other


def opens(browser: Browser) -> bool:
    """Whether the cookie opens anything."""
    return browser.client.get("/sessions/").status_code == 200


def key_in(browser: Browser) -> str:
    reader = SecureCookieSessionInterface().get_signing_serializer(browser.app)
    return reader.loads(browser.client.get_cookie(COOKIE).value)["_user_id"]


def row_of(session, browser: Browser) -> LoginSession:
    session.rollback()
    mine = LoginSession.key_hash == hash_of(key_in(browser))
    return session.scalars(select(LoginSession).where(mine)).one()


def age(session, browser: Browser, column: str, by: timedelta) -> None:
    """Let the login be older than it is."""
    row = row_of(session, browser)
    setattr(row, column, getattr(row, column) - by)
    session.commit()


def user(session, username: str = "agent") -> User:
    session.rollback()
    return session.scalars(select(User).where(User.username == username)).one()


@pytest.fixture
def agent(client) -> Browser:
    client.login("agent", PASSWORD)
    return client


def by_hand(session, **values) -> None:
    session.execute(update(User).where(User.username == "agent").values(**values))
    session.commit()


def administrator(app) -> Browser:
    browser = Browser(app)
    browser.login("admin", PASSWORD)
    return browser


def sign_out(browser, app, session):
    browser.post("/logout/", data={"csrf_token": browser.csrf_token})


def another_password(browser, app, session):
    page = administrator(app).open(f"/accounts/password/{user(session).id}")
    page.form(FORM).send(password="Neues-2026", again="Neues-2026")


def edited(app, session, **typed):
    page = administrator(app).open(f"/accounts/edit/{user(session).id}")
    session.rollback()
    return page.form(FORM).send(**typed)


def given(app, session, role: str):
    browser = Browser(app)
    browser.login("security", PASSWORD)
    page = browser.open(f"/roles/edit/{user(session).id}")
    session.rollback()
    return page.form(FORM).send(role=role, reason="工作需要")


def another_role(browser, app, session):
    given(app, session, "数据管理员")


def another_role_and_back(browser, app, session):
    another_role(browser, app, session)
    given(app, session, "经办人")


def disabled(browser, app, session):
    edited(app, session, active=None)


def disabled_and_back(browser, app, session):
    disabled(browser, app, session)
    edited(app, session, active="y")


def password_by_hand(browser, app, session):
    by_hand(session, password=hashed("Neues-2026"))


def role_by_hand(browser, app, session):
    one = session.scalars(select(RoleRow).where(RoleRow.name == Role.DATA_MANAGER)).one()
    user(session).roles = [one]
    session.commit()


def off_by_hand(browser, app, session):
    by_hand(session, active=False)


def idle(browser, app, session):
    age(session, browser, "seen_at", timedelta(minutes=16))


def twelve_hours(browser, app, session):
    age(session, browser, "opened_at", timedelta(hours=12))


def ended_elsewhere(browser, app, session):
    other = Browser(app)
    page = other.login("agent", PASSWORD)
    page = other.open("/sessions/")
    page.form("form[action='/sessions/others']").send()


def ended_by_its_row(browser, app, session):
    other = Browser(app)
    other.login("agent", PASSWORD)
    other.open("/sessions/").form(f"{FORM}[action^='/sessions/end/']").send()


WAYS = {
    sign_out: End.GONE,
    another_password: End.CHANGED, password_by_hand: End.CHANGED,
    another_role: End.CHANGED, another_role_and_back: End.CHANGED, role_by_hand: End.CHANGED,
    disabled: End.CHANGED, disabled_and_back: End.CHANGED, off_by_hand: End.CHANGED,
    idle: End.IDLE, twelve_hours: End.LONG,
    ended_elsewhere: End.ELSEWHERE, ended_by_its_row: End.ELSEWHERE,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_old_cookie_is_dead(agent, app, session, way):
    thief = copied(agent)
    assert opens(thief)
    way(agent, app, session)
    page = thief.open("/audit/list/")
    assert (page.heading, page.url) == ("职称申报评审系统", "/?next=/audit/list/")
    assert page.texts(".zc-flash") == [SENTENCES[WAYS[way]]]
    assert not opens(thief) and not opens(copied(thief))
    assert thief.open("/audit/list/").texts(".zc-flash") == []  # said once


@pytest.mark.parametrize("way", [sign_out, another_password, ended_elsewhere, idle])
def test_no_worker_has_to_be_told(agent, app, db, session, way):
    """Another application over the same database has the login open, and then no more."""
    other = db.make_app()
    there = copied(agent, other)
    assert opens(there)
    way(agent, app, session)
    assert not opens(there)
    with other.app_context():
        other.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize(("username", "idle"), [("applicant", 30), ("agent", 15), ("admin", 15)])
def test_the_minutes_of_each(client, session, username, idle):
    client.login(username, PASSWORD)
    page = client.open("/sessions/")
    told = page.one("#idle")
    assert (int(told["data-idle"]), int(told["data-all"]) // 60) == (idle * 60, 12 * 60 - 1)
    row = row_of(session, client)
    row.seen_at = now(session) - timedelta(minutes=idle, seconds=50)
    session.commit()
    assert opens(client)
    row.seen_at = now(session) - timedelta(minutes=idle, seconds=70)
    session.commit()
    assert not opens(client)


def test_the_deployment_says_how_long(db, session):
    app = db.make_app(IDLE_STAFF=600, IDLE_APPLICANT=300, PERMANENT_SESSION_LIFETIME=3600)
    for username, idle in (("agent", "600"), ("applicant", "300")):
        browser = Browser(app)
        browser.login(username, PASSWORD)
        told = browser.open("/sessions/").one("#idle")
        assert told["data-idle"] == idle and 3590 < int(told["data-all"]) <= 3600
    age(session, browser, "opened_at", timedelta(hours=1))
    assert not opens(browser)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_a_login_takes_the_place_of_the_one_before(agent, session):
    """What was planted, or copied, before the login is worth nothing after it."""
    thief, first = copied(agent), key_in(agent)
    age(session, agent, "seen_at", timedelta(minutes=16))
    agent.login("colleague", PASSWORD)
    assert key_in(agent) != first and not opens(thief)
    assert session.scalars(select(LoginSession.username)).all() == ["colleague"]


def test_another_key_after_another_password(agent):
    thief, first = copied(agent), key_in(agent)
    form = agent.open("/password/").form(FORM)
    form.send(old=PASSWORD, password="Neues-2026", again="Neues-2026")
    assert opens(agent) and not opens(thief)
    assert key_in(agent) != first


def test_the_cookie_holds_the_key_and_nothing_of_the_person(agent, app):
    reader = app.session_interface.get_signing_serializer(app)
    kept = reader.loads(agent.client.get_cookie(COOKIE).value)
    assert set(kept) == {"_permanent", "_fresh", "_id", "_user_id", "csrf_token", "locale"}
    assert len(kept["_user_id"]) == 43


def test_a_form_that_is_sent_too_late_leads_back_to_its_page(client, session):
    client.login("applicant", PASSWORD)
    client.open("/binding/")
    age(session, client, "seen_at", timedelta(minutes=32))
    page = client.post(
        "/binding/ask", data={"csrf_token": client.csrf_token, "code": "x"},
        headers={"Referer": "http://localhost/binding/?from=home"},
    )  # fmt: skip
    assert (page.heading, page.url) == ("登录", "/login/?next=/binding/?from%3Dhome")
    assert page.texts(".zc-flash") == [SENTENCES[End.IDLE]]
    form = page.form("form:has(input[name=password])")
    assert form.send(username="applicant", password=PASSWORD).url == "/binding/?from=home"


@pytest.mark.parametrize(
    ("referrer", "location"),
    [
        ("http://localhost/binding/ask", "/"),  # nothing that can be opened
        ("http://localhost//evil.test/x", "/"),
        ("http://evil.test/binding/", "/?next=/"),
        ("http://[", "/?next=/"),
        ("", "/?next=/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(client, referrer, location):
    answer = client.client.post("/binding/ask", headers={"Referer": referrer})
    assert (answer.status_code, answer.location) == (302, location)


def test_who_has_signed_out_in_another_tab_is_led_to_the_login(agent):
    """His cookie has no token any more: that is no fault of the form."""
    token = agent.csrf_token
    sign_out(agent, None, None)
    data = {"csrf_token": token, "text": "同意"}
    assert agent.post("/phrases/add", data=data).heading == "登录"


def test_a_picture_does_not_hear_why(agent, session):
    """The reason is for the page that somebody looks at."""
    age(session, agent, "seen_at", timedelta(hours=1))
    for header in ({"Sec-Fetch-Dest": "image"}, {"X-Requested-With": "XMLHttpRequest"}):
        assert agent.client.get("/audit/list/", headers=header).status_code == 302
    assert agent.open("/audit/list/").texts(".zc-flash") == [SENTENCES[End.IDLE]]


# ── the list ────────────────────────────────────────────────────────────


def test_lists_the_own_logins_that_live(agent, app, session):
    chrome = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36"}
    other, stale, strange = Browser(app), Browser(app), Browser(app)
    other.client.environ_base |= {"HTTP_USER_AGENT": chrome["User-Agent"]}
    other.client.environ_base |= {"REMOTE_ADDR": "10.1.2.3"}
    for browser, username in ((other, "agent"), (stale, "agent"), (strange, "colleague")):
        browser.login(username, PASSWORD)
    age(session, stale, "seen_at", timedelta(hours=1))
    age(session, agent, "opened_at", timedelta(minutes=5))
    page = other.open("/").follow("我的登录")
    assert [row[:2] for row in page.rows()] == [
        ["Chrome 142 · Windows 本机", "10.1.2.3"],
        ["其他设备", "127.0.0.1"],
    ]
    page.form("form[action='/sessions/others']").send()
    assert (opens(agent), opens(other), opens(strange)) == (False, True, True)
    assert len(other.open("/sessions/").rows()) == 1


def test_each_end_is_written_down(agent, app, session):
    ended_by_its_row(agent, app, session)
    ended_elsewhere(agent, app, session)
    lines = session.scalars(select(Line).where(Line.act == "end_logins").order_by(Line.id)).all()
    assert [(line.actor, line.object_id, json.loads(line.detail)) for line in lines] == [
        ("agent", "agent", {"ended": 1}), ("agent", "agent", {"ended": 1}),
    ]  # fmt: skip


def test_nobody_ends_the_login_of_another(agent, app, session):
    other = Browser(app)
    other.login("colleague", PASSWORD)
    data = {"csrf_token": agent.open("/sessions/").browser.csrf_token}
    for pk in (row_of(session, other).id, 2**31 - 1):
        page = agent.post(f"/sessions/end/{pk}", 404, data)
        assert "没有找到这次登录" in page.text
    assert opens(other)


@pytest.mark.parametrize(("username", "alone"), [("agent", True), ("applicant", False)])
def test_one_session_per_staff(db, session, username, alone):
    app = db.make_app(ONE_SESSION_PER_STAFF=True)
    first, second = Browser(app), Browser(app)
    first.login(username, PASSWORD)
    second.login(username, PASSWORD)
    assert opens(second)
    assert opens(first) is not alone
    if alone:
        again = copied(first)
        assert again.open("/audit/list/").texts(".zc-flash") == [SENTENCES[End.REPLACED]]
    acts = session.scalars(select(Line.act).order_by(Line.id)).all()
    assert acts == ["login", "login", *(["end_logins"] if alone else [])]
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_two_who_come_in_at_once_leave_one(db, session):
    app = db.make_app(ONE_SESSION_PER_STAFF=True)
    browsers = [Browser(app) for _ in range(FREE)]  # one more would be asked for a captcha
    barrier = Barrier(len(browsers))
    forms = [browser.open("/login/").form("form:has(input[name=password])") for browser in browsers]

    def come(form):
        barrier.wait()
        data = form.values | {"username": "agent", "password": PASSWORD}
        return form.page.browser.client.post("/login/", data=data).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        assert list(pool.map(come, forms)) == [302] * len(browsers)
    assert sum(opens(browser) for browser in browsers) == 1
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


# ── the last use ────────────────────────────────────────────────────────


def used(browser: Browser, url: str = "/sessions/") -> None:
    """One request, to the end of its answer."""
    browser.client.get(url).close()


def test_the_last_use_is_written_once_in_a_minute(agent, session, count_statements):
    used(agent)
    with count_statements() as seen:
        used(agent)
    assert not [sql for sql in seen if "UPDATE" in sql]
    age(session, agent, "seen_at", timedelta(seconds=70))
    before = row_of(session, agent).seen_at
    with count_statements() as seen:
        used(agent)
        used(agent)
    assert len([sql for sql in seen if sql.startswith("UPDATE login_session")]) == 1
    assert row_of(session, agent).seen_at - before >= timedelta(seconds=70)


def test_of_many_tabs_at_once_all_are_answered(agent, session):
    age(session, agent, "seen_at", timedelta(minutes=10))
    tabs = [copied(agent) for _ in range(8)]
    barrier = Barrier(len(tabs))

    def look(tab: Browser) -> int:
        barrier.wait()
        with tab.client.get("/sessions/") as answer:
            return answer.status_code

    with ThreadPoolExecutor(len(tabs)) as pool:
        assert list(pool.map(look, tabs)) == [200] * len(tabs)
    assert now(session) - row_of(session, agent).seen_at < timedelta(seconds=60)


def test_a_dead_login_is_not_brought_back_by_its_use(agent, app, session):
    thief = copied(agent)
    age(session, agent, "seen_at", timedelta(minutes=16))
    used(thief)
    assert row_of(session, agent).seen_at < now(session) - timedelta(minutes=15)
    assert not opens(agent)


@pytest.mark.databases("sqlite")
def test_nobody_waits_to_write_the_last_use(agent, app, db, session):
    """SQLite's one writer is somebody else: the answer comes, the next request tells it."""
    age(session, agent, "seen_at", timedelta(minutes=5))
    before = row_of(session, agent).seen_at
    session.rollback()
    with db.engine.connect() as writer:
        writer.execute(text("UPDATE office SET telephone = '1'"))
        used(agent)
        assert not in_passing(db.engine, touch(1, before + timedelta(minutes=9)))
        writer.rollback()
    assert row_of(session, agent).seen_at == before
    session.rollback()
    used(agent)
    assert row_of(session, agent).seen_at > before
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 15000


def test_to_go_on_is_to_stay(agent, session):
    age(session, agent, "seen_at", timedelta(minutes=14))
    page = agent.open("/sessions/")
    age(session, agent, "opened_at", timedelta(hours=11))
    answer = agent.client.post("/sessions/renew", data={"csrf_token": page.browser.csrf_token})
    told = answer.get_json()
    assert told["idle"] == 900 and 3500 < told["all"] <= 3600
    assert now(session) - row_of(session, agent).seen_at < timedelta(seconds=60)
    session.rollback()
    sign_out(agent, None, None)
    assert agent.client.post("/sessions/renew").status_code == 302


def test_sweep_removes_what_is_over(agent, app, session):
    other = Browser(app)
    other.login("colleague", PASSWORD)
    age(session, agent, "opened_at", timedelta(hours=12))
    said = app.test_cli_runner().invoke(args=["sweep"]).output
    lines = ["0 registrations and 0 files removed", "1 logins and 0 counted guesses removed"]
    assert said.splitlines() == lines
    assert session.scalars(select(LoginSession.username)).all() == ["colleague"]
