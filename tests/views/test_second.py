"""登录 in two steps: half of it opens nothing, and the second half opens once."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from models import second
from models.clock import now as clock
from models.journal import Line
from models.permissions import Role
from models.second import STEP, SecondFactor
from tests.client import Browser
from tests.digest import Watch
from tests.security.objects import Objects
from tests.security.test_matrix import asked, placed, rules_of, things_of
from tests.worlds.base import PASSWORD, managed
from tests.worlds.two_units import two_units
from views.guard import PUBLIC

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"


class Phone:
    """An authenticator app whose owner always waits for the next code."""

    def __init__(self, session, key: str):
        self.session, self.app, self.last = session, pyotp.TOTP(key.replace(" ", "")), 0

    def code(self) -> str:
        """A code that was not used yet: of the step before, of this one, or of the next."""
        here = int(clock(self.session).timestamp()) // STEP
        self.session.rollback()
        self.last = max(self.last + 1, here - 1)
        assert self.last <= here + 1, "a code is used up faster than time goes by"
        return self.app.at(self.last * STEP)


@pytest.fixture
def phone(app, session) -> Phone:
    """That of the agent, who has enrolled."""
    return enrolled(app, session, "agent")


def enrolled(app, session, username: str) -> Phone:
    """Somebody enrolled a day ago."""
    vault, at = app.extensions["vault"], clock(session) - timedelta(days=1)
    second.begin(session, vault, username, at)
    phone = Phone(session, second.begun_key(session, vault, username, at))
    second.confirm(session, vault, username, phone.app.at(at), at)
    session.commit()
    return phone


@pytest.fixture
def required(db):
    """The application as a deployment has it where staff must have a second factor."""
    made = db.make_app(SECOND_FACTOR="required")
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


def lines(session, *acts: str) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.scalars(select(Line).where(Line.act.in_(acts)).order_by(Line.id))
    return [(line.actor, line.act, line.detail) for line in rows]


def own_page(browser: Browser):
    return browser.open("/second/")


def test_who_has_none_comes_in_as_before(client, session):
    page = client.login("agent", PASSWORD)
    assert page.heading == "业务审核"
    assert lines(session, "second") == []


def test_enrolling(client, app, session):
    client.login("agent", PASSWORD)
    page = own_page(client).form(FORM).send(400, password="wrong")
    assert "登录密码不对" in page.one("#error-password").get_text()
    page = page.form(FORM).send(password=PASSWORD)
    assert page.heading == "启用第二重验证"
    key = page.one("dd").get_text()
    picture = client.client.get("/second/picture")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"<path" in picture.data and b"style=" not in picture.data
    page = page.form(FORM).send(400, code="000000")
    assert "验证码不对" in page.one("#error-code").get_text() and page.one("dd").get_text() == key
    phone = Phone(session, key)
    page = page.form(FORM).send(code=phone.code())
    codes = page.texts("main code")
    assert page.heading == "请保存恢复码" and len(codes) == 10
    assert own_page(client).rows("dl") or "已启用" in client.page.text
    assert client.client.get("/second/picture").status_code == 404  # the key is shown no more
    said = lines(session, "second_on")
    assert said == [("agent", "second_on", "{}")]
    written = " ".join(session.scalars(select(Line.detail)))
    assert [s for s in (key, key.replace(" ", ""), *codes) if s in written] == []
    again = Browser(app)
    page = again.login("agent", PASSWORD)
    assert page.heading == "第二重验证"
    assert page.form(FORM).send(code=codes[0]).heading == "业务审核"


def test_a_key_that_was_shown_long_ago_enrols_nobody(client, session):
    client.login("agent", PASSWORD)
    page = own_page(client).form(FORM).send(password=PASSWORD)
    old, form = Phone(session, page.one("dd").get_text()), page.form(FORM)
    session.execute(update(SecondFactor).values(begun_at=clock(session) - timedelta(minutes=10)))
    session.commit()
    page = form.send(code=old.code())
    assert page.url == "/second/" and "请重新开始" in page.one(".zc-flash").get_text()
    assert client.client.get("/second/picture").status_code == 404
    page = page.form(FORM).send(password=PASSWORD)
    fresh = Phone(session, page.one("dd").get_text())
    assert fresh.app.secret != old.app.secret
    assert page.form(FORM).send(400, code=old.code()).heading == "启用第二重验证"
    assert client.page.form(FORM).send(code=fresh.code()).heading == "请保存恢复码"


def test_who_came_in_with_the_password_alone_comes_in_again(client, app, session):
    other = Browser(app)
    for browser in (other, client):
        browser.login("agent", PASSWORD)
    page = own_page(client).form(FORM).send(password=PASSWORD)
    page.form(FORM).send(code=Phone(session, page.one("dd").get_text()).code())
    assert other.open("/audit/list/").heading == "登录"
    assert client.open("/audit/list/").heading == "业务审核"


def test_the_second_step(client, session, phone):
    page = (
        client.open("/login/?next=/phrases/list/")
        .form("form:has(input[name=password])")
        .send(username="agent", password=PASSWORD)
    )
    assert page.heading == "第二重验证"
    page = page.form(FORM).send(400, code="123456")
    assert "验证码不对或已经用过" in page.one("#error-code").get_text()
    assert page.form(FORM).values["code"] == ""
    assert page.form(FORM).send(code=phone.code()).url == "/phrases/list/"
    assert lines(session, "second", "login") == [
        ("agent", "second", '{"way": "totp"}'),
        ("agent", "login", "{}"),
    ]


def test_a_code_opens_one_session(app, phone):
    code = phone.code()
    browsers = [Browser(app), Browser(app)]
    pages = [browser.login("agent", PASSWORD) for browser in browsers]
    pages[0].form(FORM).send(code=code)
    pages[1].form(FORM).send(400, code=code)
    assert browsers[1].open("/audit/list/").url.startswith("/login/")


def test_half_of_a_login_ends_after_five_minutes(app, client, session, phone):
    page = client.login("agent", PASSWORD)
    cookie = client.client.get_cookie("__Host-zhiping")
    signer = app.session_interface.get_signing_serializer(app)
    kept = signer.loads(cookie.value)
    username, credential, _until, *rest = kept["half"]
    past = (clock(session) - timedelta(seconds=1)).isoformat()
    session.rollback()
    kept["half"] = (username, credential, past, *rest)
    client.client.set_cookie("__Host-zhiping", signer.dumps(kept), secure=True)
    page = page.form(FORM).send(code=phone.code())
    assert page.heading == "登录" and "请重新登录" in page.text
    assert "argon2" not in str(kept) and len(credential) == 64


@pytest.mark.parametrize("change", [{"password": "x"}, {"active": False}])
def test_an_account_that_changed_meanwhile_starts_again(client, session, phone, change):
    page = client.login("agent", PASSWORD)
    session.execute(update(User).where(User.username == "agent").values(**change))
    session.commit()
    page = page.form(FORM).send(code=phone.code())
    assert page.heading == "登录"
    client.open("/audit/list/")
    assert client.page.heading == "登录"


@pytest.mark.world(build=two_units)
@pytest.mark.parametrize("enrols", [False, True])
def test_half_of_a_login_reaches_nothing(db, session, required, enrols):
    """All addresses, with what is the agent's own: each answers as it does to nobody."""
    if not enrols:
        enrolled(db.app, session, "agent")
    objects = Objects(session)
    plans = {e: things_of(objects, e, Role.AGENT) for e in rules_of(db.app)}
    session.rollback()
    browser = Browser(required)
    page = browser.login("agent", PASSWORD)
    assert page.heading == ("启用第二重验证" if enrols else "第二重验证")
    nobody = Browser(required)
    nobody.open("/login/")
    nobody.client.set_cookie("__Host-panel", "staff")  # by which both came in before
    open_ = {endpoint for endpoint in PUBLIC if not endpoint.startswith("Second.")}
    open_ |= {"Second.enrol", "Second.picture"} if enrols else {"Second.check"}
    rules = {(r.endpoint, m): r for r in required.url_map.iter_rules() for m in r.methods}
    address, watch, faults = required.url_map.bind("localhost"), Watch(db), []
    for endpoint, method in asked(rules_of(required)):
        if endpoint in open_ or endpoint == "Login.logout":
            continue
        for values in plans[endpoint].own or ({},):
            url = address.build(endpoint, placed(rules[endpoint, method], values), method=method)
            answers = [answer_to(one, method, url) for one in (browser, nobody)]
            if answers[0] != answers[1] or answers[0][0] == 200:
                faults.append(f"{method} {url}: {answers}")
    faults += watch.changed()
    watch.close()
    assert not faults, "\n" + "\n".join(faults)


def answer_to(browser: Browser, method: str, url: str) -> tuple[int, str | None]:
    """Status and where it leads; a form of nothing but the token."""
    data = None if method == "GET" else {"csrf_token": browser.csrf_token}
    answer = browser.client.open(url, method=method, data=data, buffered=True)
    return answer.status_code, answer.location


def test_where_it_is_required_one_enrols_before_anything_else(required, session):
    browser = Browser(required)
    page = (
        browser.open("/login/?next=/phrases/list/")
        .form("form:has(input[name=password])")
        .send(username="agent", password=PASSWORD)
    )
    assert page.heading == "启用第二重验证" and "必须启用第二重验证" in page.text
    assert browser.open("/audit/list/").heading == "登录"
    page = browser.open("/second/enrol")
    phone = Phone(session, page.one("dd").get_text())
    page = page.form(FORM).send(code=phone.code())
    assert len(page.texts("main code")) == 10
    assert page.follow("已经保存，继续").url == "/phrases/list/"
    assert [act for _who, act, _detail in lines(session, "second_on", "login")] == [
        "second_on", "login",
    ]  # fmt: skip
    assert Browser(required).login("applicant", PASSWORD).heading == "我的申报"


def test_a_deployment_without_it_asks_nobody(db, phone):
    made = db.make_app(SECOND_FACTOR="off")
    browser = Browser(made)
    assert browser.login("agent", PASSWORD).heading == "业务审核"
    browser.open("/second/", status=404)
    assert "第二重验证" not in browser.open("/audit/list/").text
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


def test_a_word_that_is_no_switch_stops_the_program(db):
    with pytest.raises(ValueError, match="maybe"):
        db.make_app(SECOND_FACTOR="maybe")


def test_applicants_have_none(client):
    client.login("applicant", PASSWORD)
    assert "第二重验证" not in client.page.text
    client.open("/second/", status=404)
    client.post("/second/start", 404, {"csrf_token": client.csrf_token, "password": PASSWORD})


def test_it_is_given_up_with_password_and_code(client, app, session, phone):
    client.login("agent", PASSWORD).form(FORM).send(code=phone.code())
    form = own_page(client).form(FORM)
    for wrong in ({"password": "wrong", "code": phone.code()}, {"code": "123456"}):
        data = form.values | {"password": PASSWORD} | wrong
        page = client.post("/second/remove", 400, data)
        assert page.one("#error-password, #error-code")
    data = form.values | {"password": PASSWORD, "code": phone.code()}
    page = client.post("/second/remove", 200, data)
    assert "已停用第二重验证" in page.text
    assert lines(session, "second_off") == [("agent", "second_off", "{}")]
    assert Browser(app).login("agent", PASSWORD).heading == "业务审核"


def test_new_recovery_codes(client, session, phone):
    client.login("agent", PASSWORD).form(FORM).send(code=phone.code())
    page = own_page(client).form(FORM).send(password=PASSWORD, code=phone.code())
    assert len(page.texts("main code")) == 10
    assert lines(session, "second_codes") == [("agent", "second_codes", "{}")]


def test_the_security_administrator_takes_a_lost_one_away(client, app, session, phone):
    other = Browser(app)
    other.login("agent", PASSWORD).form(FORM).send(code=phone.code())
    client.login("security", PASSWORD)
    page = client.open("/security/?username=agent")
    assert page.heading == "账号 agent"
    page = page.form(FORM).press("重置第二重验证", 400, reason="")
    assert "请填写原因" in page.one("#error-reason").get_text()
    page = page.form(FORM).press("重置第二重验证", reason="手机丢失")
    assert "已重置第二重验证" in page.text and page.select(FORM) == []
    assert lines(session, "second_reset") == [
        ("security", "second_reset", '{"reason": "手机丢失"}')
    ]
    assert other.open("/audit/list/").heading == "登录"
    assert Browser(app).login("agent", PASSWORD).heading == "业务审核"


def test_nobody_takes_away_the_own_one_without_a_code(client, app, session):
    phone = enrolled(app, session, "security")
    client.login("security", PASSWORD).form(FORM).send(code=phone.code())
    page = client.open("/security/?username=security")
    page = page.form(FORM).press("重置第二重验证", 409, reason="手机丢失")
    assert "请由其他安全管理员办理" in page.text


def test_an_unknown_account_is_named(client):
    client.login("security", PASSWORD)
    page = client.open("/security/?username=nobody")
    assert "没有用户名为“nobody”的账号" in page.text
    assert re.search("第二重验证 由本人决定是否启用", page.text)
    assert re.search("一次登录最长 12 小时", page.text)


# Guesses.


def guessed(app, session, times: int = 5) -> Browser:
    """Somebody who knows the agent's password has tried codes."""
    browser = Browser(app)
    page = browser.login("agent", PASSWORD)
    for _n in range(times):
        page = page.form(FORM).send(400, code="000000")
    return browser


def test_guesses_at_a_code_are_counted(app, session, phone):
    browser = guessed(app, session)
    page = browser.page.form(FORM).send(429, code=phone.code())
    assert "连续出错的次数太多" in page.one("#error-code").get_text()
    assert browser.open("/audit/list/").heading == "登录"
    other = Browser(app).login("agent", PASSWORD)  # another browser changes nothing
    other.form(FORM).send(429, code=phone.code())
    assert Browser(app).login("colleague", PASSWORD).heading == "业务审核"


def test_a_right_code_forgives(app, session, phone):
    guessed(app, session, 4).page.form(FORM).send(code=phone.code())
    page = guessed(app, session, 4).page
    assert page.form(FORM).send(code=phone.code()).heading == "业务审核"


def test_the_security_administrator_unlocks(client, app, session, phone):
    guessed(app, session)
    client.login("security", PASSWORD)
    page = client.open("/security/")
    assert [row[0] for row in page.rows()] == ["agent"]
    page = page.follow("解锁")
    page = page.form(FORM).press("解锁", 400, reason="")
    assert "请填写原因" in page.one("#error-reason").get_text()
    form = page.form(FORM)
    done = form.press("解锁", reason="本人")
    assert "已解锁" in done.text and "没有锁定" in done.text
    assert lines(session, "unlock") == [("security", "unlock", '{"reason": "本人"}')]
    assert client.open("/security/").rows() == []
    page = Browser(app).login("agent", PASSWORD)
    assert page.form(FORM).send(code=phone.code()).heading == "业务审核"
    page = form.press("解锁", 409, reason="再来")
    assert "这个账号没有被锁定" in page.text


def test_a_password_is_guessed_at_the_own_page_no_more_often_than_elsewhere(client):
    client.login("agent", PASSWORD)
    form = own_page(client).form(FORM)
    for _n in range(5):
        client.post("/second/start", 400, form.values | {"password": "wrong"})
    client.post("/second/start", 429, form.values | {"password": PASSWORD})
