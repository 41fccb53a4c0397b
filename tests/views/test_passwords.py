"""修改密码: the old one is asked, the last five are kept off, who was given one must change it."""

from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from adapters.passwords import fits
from models.clock import now
from models.journal import Line
from models.passwords import PastPassword
from models.people import Account
from models.throttle import Throttle
from tests.client import Browser
from tests.worlds.base import PASSWORD, managed

pytestmark = pytest.mark.world(build=managed)

FORM = "main form[method=post]"
NEW = "Kiesel-2026"
WRONG_OLD = "现在的密码不对，请重新输入。"
MUST = "{}请先修改密码，再办理其他事项。"
USED = "这个密码最近用过，请换一个。"


def change(browser: Browser, old: str, new: str, status: int = 200, again: str | None = None):
    form = browser.open("/password/").form(FORM)
    return form.send(status, old=old, password=new, again=new if again is None else again)


def hash_of(session, username: str = "agent") -> str:
    hash_ = session.scalars(select(User.password).where(User.username == username)).one()
    session.rollback()  # on SQLite who reads here lets nobody write
    return hash_


@pytest.fixture
def agent(client):
    client.login("agent", PASSWORD)
    return client


def test_everybody_changes_his_own(agent, app, session):
    page = agent.page.follow("修改密码")
    assert "至少 10 个字符" in page.one("#hint-password").get_text()
    page = change(agent, PASSWORD, NEW)
    assert page.texts(".zc-flash") == ["密码已修改。"] and page.heading == "业务审核"
    assert fits(hash_of(session), NEW)
    lines = session.scalars(select(Line).order_by(Line.id.desc()).limit(2)).all()
    assert [(line.act, line.object_id, line.detail) for line in lines] == [
        ("login", "agent", "{}"), ("password", "agent", "{}"),
    ]  # fmt: skip
    session.rollback()
    Browser(app).login("agent", PASSWORD, 400)
    Browser(app).login("agent", NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "words"),
    [
        ("", NEW, NEW, "old", "请填写现在的密码。"),
        ("wrong", NEW, NEW, "old", WRONG_OLD),
        (PASSWORD, "", "", "password", "请填写密码。"),
        (PASSWORD, "Kies-26", "Kies-26", "password", "密码为 10 到 128 个字符，现在是 7 个。"),
        (PASSWORD, "Xagent-2026", "Xagent-2026", "password", "密码不能包含用户名。"),
        (PASSWORD, NEW, "Kiesel-2027", "again", "两次输入的密码不一样，请重新输入。"),
        (PASSWORD, PASSWORD, PASSWORD, "password", USED),
    ],
)
def test_says_what_is_wrong_and_keeps_no_password(agent, session, old, new, again, field, words):
    before = hash_of(session)
    page = change(agent, old, new, 400, again)
    assert words in page.one(f"#error-{field}").get_text()
    assert {page.form(FORM).values[name] for name in ("old", "password", "again")} == {""}
    assert hash_of(session) == before


def test_an_applicant_needs_eight_and_not_his_number(client):
    client.login("applicant", PASSWORD)
    page = client.open("/password/")
    assert "至少 8 个字符" in page.one("#hint-password").get_text()
    page = change(client, PASSWORD, "Xy-850312", 400)
    assert "证件号码" in page.one("#error-password").get_text()
    change(client, PASSWORD, "Kies-417")


def test_the_last_five_are_not_taken_again(agent, session):
    words = [PASSWORD, *(f"Kiesel-{n}-Bach" for n in range(5))]
    for old, new in zip(words, words[1:], strict=False):
        change(agent, old, new)
    for used in words[1:]:
        page = change(agent, words[-1], used, 400)
        assert USED in page.one("#error-password").get_text()
    assert len(session.scalars(select(PastPassword.id)).all()) == 4
    session.rollback()
    change(agent, words[-1], PASSWORD)


def test_guesses_at_the_old_one_count_as_those_at_the_login(agent, app, session):
    for _time in range(5):
        change(agent, "wrong", NEW, 400)
    page = change(agent, PASSWORD, NEW, 429)
    assert "连续出错的次数太多" in page.text
    Browser(app).login("agent", PASSWORD, 429)
    assert fits(hash_of(session), PASSWORD)


def test_what_breaks_the_policy_is_no_guess(agent, session):
    change(agent, "wrong", "short", 400)
    assert session.scalars(select(Throttle.failures).where(Throttle.account == "agent")).all() == []


@pytest.fixture
def given(client, app, session):
    """A browser of somebody whose password the administrator has just set."""
    client.login("admin", PASSWORD)
    pk = session.scalars(select(User.id).where(User.username == "agent")).one()
    session.rollback()
    client.open(f"/accounts/password/{pk}").form(FORM).send(password=NEW, again=NEW)
    browser = Browser(app)
    browser.login("agent", NEW)
    return browser


def test_who_was_given_a_password_changes_it_first(given, session):
    assert given.page.heading == "修改密码"
    assert given.page.texts(".zc-note.warn") == [MUST.format("您的密码是别人设置的。")]
    labels = [words.partition(" ")[0] for words in given.page.texts("main label")]
    assert labels == ["现在的密码", "新密码", "再次输入新密码"]
    for url in ("/", "/audit/list/", "/phrases/list/"):
        assert given.open(url).url == "/password/"
    page = given.post("/phrases/add", 403, {"csrf_token": given.csrf_token})
    assert "请先修改密码，再办理其他事项。" in page.text
    given.open("/nowhere", 404)
    change(given, NEW, NEW, 400)
    assert given.open("/").url == "/password/"
    assert change(given, NEW, "Kiesel-2027").heading == "业务审核"
    assert session.get(Account, "agent").password_is_first is False


def test_it_can_leave_without_changing_it(given):
    given.post("/logout/", data={"csrf_token": given.csrf_token})
    assert given.open("/audit/list/").heading == "登录"


def aged(session, username: str, days: int) -> None:
    at = now(session) - timedelta(days=days, minutes=1)
    mine = update(Account).where(Account.username == username)
    session.execute(mine.values(password_changed_at=at))
    session.commit()


@pytest.mark.parametrize(
    ("days", "heading", "warned"),
    [
        (82, "业务审核", False),
        (83, "业务审核", True),
        (89, "业务审核", True),
        (90, "修改密码", False),
    ],
)
def test_staff_change_it_every_ninety_days(agent, session, days, heading, warned):
    aged(session, "agent", days)
    page = agent.open("/")
    assert (page.heading, f"您的密码还有 {89 - days} 天到期。" in page.text) == (heading, warned)
    said = [MUST.format("您的密码已经到期。")] if heading == "修改密码" else []
    assert [words for words in page.texts(".zc-note.warn") if "请先" in words] == said


def test_applicants_do_not(client, session):
    client.login("applicant", PASSWORD)
    aged(session, "applicant", 4000)
    page = client.open("/")
    assert page.heading != "修改密码" and "到期" not in page.text


def test_the_other_profile(db, session):
    """asvs: length alone, and no end."""
    app = db.make_app(PASSWORD_PROFILE="asvs")
    browser = Browser(app)
    browser.login("agent", PASSWORD)
    aged(session, "agent", 4000)
    page = browser.open("/password/")
    assert "至少 12 个字符" in page.one("#hint-password").get_text()
    change(browser, PASSWORD, "Kiesel-2026", 400)
    change(browser, PASSWORD, "kieselsteine im bach")
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
