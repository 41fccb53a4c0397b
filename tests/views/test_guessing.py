"""登录 under guesses: counted before anything is checked, alike for whoever is asked for."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from flask_appbuilder.security.sqla.models import User
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from adapters import passwords
from adapters.passwords import fits
from models import throttle
from models.captcha import Answered, signs_of
from models.clock import now
from models.throttle import Throttle
from tests.client import Browser, Page
from tests.worlds.base import PASSWORD, managed
from views import entering, throttling
from views.captcha import signer
from views.throttling import place_of_request, plain
from views.words import long_time

pytestmark = pytest.mark.world(build=managed)

WRONG = "用户名或密码不对，请重新输入。"
FORM = "form:has(input[name=password])"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def checked(monkeypatch) -> list[str]:
    """The passwords that were checked at all."""
    seen = []

    def look(hash_, password):
        seen.append(password)
        return fits(hash_, password)

    monkeypatch.setattr(entering, "fits", look)
    return seen


def of(app, address: str) -> Browser:
    """Somebody's browser at another address."""
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def key_of(browser: Browser) -> str:
    """By which the pictures of a browser are bound to it."""
    with browser.client.session_transaction() as kept:
        return kept["captcha"]


def signs(page: Page) -> str:
    """What a person reads from the picture of a page; empty where there is none."""
    app = page.browser.app
    if not page.select("input[name=captcha]"):
        return ""
    token = page.one("input[name=captcha_token]")["value"]
    with app.app_context():
        id_, _at = signer(key_of(page.browser)).loads(token)
    return signs_of(app.extensions["vault"], id_)


def said(page: Page) -> list[str]:
    return page.texts(".zc-flash")


def guess(page: Page, status: int = 400, username="agent", password="wrong", **typed) -> Page:
    """Fill in the form that is open, with what its picture shows."""
    typed = {"captcha": signs(page)} | typed if signs(page) else typed
    return page.form(FORM).send(status, username=username, password=password, **typed)


def test_of_fifty_guesses_at_once_five_are_checked(app, session, checked):
    pages = [of(app, f"192.0.2.{n % 2}").open("/login/", query={"captcha": 1}) for n in range(50)]
    sent = [
        page.form(FORM).values | {"username": "agent", "password": f"g{n}", "captcha": signs(page)}
        for n, page in enumerate(pages)
    ]
    with ThreadPoolExecutor(50) as pool:
        answers = pool.map(lambda p, data: p.browser.client.post("/login/", data=data), pages, sent)
        statuses = Counter(one.status_code for one in answers)
    assert (statuses, len(checked)) == ({400: 5, 429: 45}, 5)
    page = of(app, ELSEWHERE).login("agent", PASSWORD, 429)
    assert len(checked) == 5
    locked = select(Throttle.locked_until).where(Throttle.account == "agent")
    until = max(filter(None, session.scalars(locked)))
    session.rollback()
    with app.test_request_context():
        when = long_time(until + timedelta(minutes=1, microseconds=-1))
    assert said(page) == [f"连续出错的次数太多，为了安全暂停使用。请在 {when} 以后再试。"]
    assert page.form(FORM).values["username"] == "agent"
    of(app, ELSEWHERE).login("colleague", PASSWORD)


def test_nothing_tells_a_name_that_exists_from_one_that_does_not(
    app, session, checked, count_statements
):
    """Same words, same status, and the same work, from the first guess to the lock."""
    session.execute(update(User).where(User.username == "stranger").values(active=False))
    session.commit()
    Browser(app).login("admin", PASSWORD)  # the first line of all in the journal costs more
    courses = []
    for number, name in enumerate(("agent", "nobody", "stranger", "Agent2", "代理人")):
        page, course = of(app, f"192.0.2.{number}").open("/login/"), []
        for time in range(7):
            before = len(checked)
            with count_statements() as seen:
                page = guess(page, 429 if time > 4 else 400, name)
            words = [text.split("请在")[0] for text in said(page)]
            shown = bool(page.select("input[name=captcha]"))
            course.append((words, shown, len(checked) - before, list(seen)))
        courses.append(course)
    assert [one[:3] for one in courses[0][:5]] == [
        ([WRONG], False, 1), ([WRONG], False, 1), ([WRONG], True, 1), ([WRONG], True, 1),
        ([WRONG], True, 1),
    ]  # fmt: skip
    assert all(course == courses[0] for course in courses)


def test_a_success_forgives_what_went_before(app, checked):
    browser = Browser(app)
    page = browser.open("/login/")
    for _time in range(2):
        page = guess(page)
    guess(page, 200, password=PASSWORD)
    browser.post("/logout/", data={"csrf_token": browser.csrf_token})
    page = browser.open("/login/")
    for _time in range(2):
        page = guess(page)
    assert not page.select("input[name=captcha]")


def test_a_right_password_counts_for_nobody(app, session):
    """A whole office signs in at eight, from one address."""
    for _time in range(35):
        Browser(app).login("agent", PASSWORD)
    assert session.scalars(select(func.sum(Throttle.failures))).one() == 0


def test_a_wrong_captcha_checks_no_password_and_costs_the_address_alone(app, session, checked):
    page = Browser(app).open("/login/")
    for _time in range(3):
        page = guess(page)
    for _time in range(8):
        page = guess(page, captcha="????", password=PASSWORD)
        assert page.one("#error-captcha").get_text(strip=True) == (
            "错误：验证码不对，请按新的图片重新输入。"
        )
    assert len(checked) == 3
    assert sorted(session.scalars(select(Throttle.failures))) == [3, 3, 3, 11, 11]
    session.rollback()
    assert page.form(FORM).values["username"] == "agent"
    assert guess(page, 200, password=PASSWORD).url != "/login/"


def due(app) -> Page:
    """A login form with a picture."""
    page = Browser(app).open("/login/")
    for _time in range(3):
        page = guess(page)
    return page


def problem(page: Page) -> str:
    return page.one("#error-captcha").get_text(strip=True).removeprefix("错误：")


GONE = "这张验证码已经失效，请按新的图片输入。"
MISSING = "请输入图片中的验证码。"


def test_a_picture_is_answered_once(app, checked):
    """Right or wrong: what was answered is burnt."""
    page = due(app)
    right, wrong = signs(page), page.form(FORM)
    wrong.send(400, username="agent", password=PASSWORD, captcha="XXXX")
    assert problem(wrong.send(400, username="agent", password=PASSWORD, captcha=right)) == GONE
    page = page.browser.open("/login/", query={"captcha": 1})
    form, right = page.form(FORM), signs(page)
    form.send(400, username="agent", password="wrong", captcha=right)
    assert problem(form.send(400, username="agent", password=PASSWORD, captcha=right)) == GONE
    assert checked == ["wrong"] * 4


def test_a_picture_is_of_one_browser(app, checked):
    page, other = due(app), Browser(app)
    strange = other.open("/login/", query={"captcha": 1})
    token = strange.one("input[name=captcha_token]")["value"]
    typed = {"captcha": signs(strange), "captcha_token": token}
    assert (
        problem(page.form(FORM).send(400, username="agent", password=PASSWORD, **typed)) == MISSING
    )
    assert len(checked) == 3
    source = strange.one("img")["src"]
    assert other.client.get(source).mimetype == "image/png"
    assert page.browser.client.get(source).status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (3, 400)])
def test_a_picture_lives_two_minutes(app, session, minutes, status):
    page = due(app)
    with app.app_context():
        made = signer(key_of(page.browser))
        id_, at = made.loads(page.one("input[name=captcha_token]")["value"])
        token = made.dumps([id_, at - minutes * 60])
    typed = {"captcha": signs(page).lower(), "captcha_token": token}
    page = page.form(FORM).send(status, username="agent", password=PASSWORD, **typed)
    assert status == 200 or problem(page) == GONE
    assert len(session.scalars(select(Answered.id)).all()) == 1


def test_a_picture_says_nothing_of_itself(app):
    """Neither page nor cookie nor headers hold the signs; another one can be had without a
    script, and the way on after the login stays."""
    browser = Browser(app)
    page = browser.open("/login/", query={"captcha": 1, "next": "/phrases/list/"})
    shown = signs(page)
    answer = browser.client.get(page.one("img")["src"])
    cookie = browser.client.get_cookie("__Host-zhiping").value
    assert shown.lower() not in f"{page.response.text}{cookie}{answer.headers}".lower()
    assert answer.headers["Cache-Control"] == "no-store"
    again = page.follow("换一张")
    assert signs(again) != shown
    assert guess(again, 200, password=PASSWORD).url == "/phrases/list/"


@pytest.mark.parametrize("typed", [{"captcha": None}, {"captcha_token": "x"}, {"captcha": "啊"}])
def test_what_is_no_answer_is_refused(app, checked, typed):
    page = guess(due(app), password=PASSWORD, **typed)
    assert problem(page) in (MISSING, "验证码不对，请按新的图片重新输入。")
    assert len(checked) == 3


def test_a_hash_of_other_parameters_is_made_anew(app, session, monkeypatch):
    def kept() -> str:
        hash_ = session.scalars(select(User.password).where(User.username == "agent")).one()
        session.rollback()  # on SQLite who reads here lets nobody write
        return hash_

    Browser(app).login("agent", PASSWORD)
    old = kept()
    better = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", better)
    Browser(app).login("agent", "wrong", 400)
    assert kept() == old
    Browser(app).login("agent", PASSWORD)
    fresh = kept()
    assert fresh != old and fresh.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    Browser(app).login("agent", PASSWORD)
    assert kept() == fresh


@pytest.mark.parametrize(("proxies", "refused"), [(0, True), (1, False)])
def test_the_address_is_what_the_own_proxy_says(db, proxies, refused):
    """Without one everybody could claim another address for each guess."""
    app = db.make_app(PROXIES=proxies)
    browser = Browser(app)
    for number in range(31):
        claimed = f"203.0.113.1, 203.0.113.{number}"
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = claimed
        wanted = 429 if refused and number == 30 else 400
        browser.login(f"person{number}", "wrong", wanted)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
        ("", ""),
    ],
)
@pytest.mark.databases("sqlite")
def test_the_place_of_an_address(app, address, place):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert place_of_request() == place


def test_one_name_is_one_name_however_it_is_written():
    assert {plain(name) for name in ("agent", " Agent ", "ＡＧＥＮＴ", "a gent")} == {"agent"}


def test_sweeping_forgets_what_is_long_ago(app, session):
    due(app)
    runner = app.test_cli_runner()
    assert " 0 counted guesses removed" in runner.invoke(args=["sweep"]).output
    session.execute(update(Throttle).values(began_at=now(session) - timedelta(minutes=16)))
    session.commit()
    assert " 5 counted guesses removed" in runner.invoke(args=["sweep"]).output
    assert session.scalars(select(Throttle.key)).all() == []


def test_a_guess_that_the_database_ended_for_another_is_counted_once_more(app, monkeypatch):
    """Who unlocks an account takes its rows in another order: one of the two is ended."""
    ended = [OperationalError("UPDATE", {}, DeadlockDetected())]

    def guess(*args):
        if ended:
            raise ended.pop()
        return throttle.guess(*args)

    monkeypatch.setattr(
        throttling, "throttle", SimpleNamespace(**vars(throttle) | {"guess": guess})
    )
    with app.test_request_context():
        assert (throttling.attempt("login", "agent").failures, ended) == (1, [])
