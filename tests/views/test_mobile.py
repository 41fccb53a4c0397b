"""更换手机号: the password, then a code to the new one; the old one is told and opens nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from models.journal import Line
from models.onetime import LIFE, PAUSE, LivingCode, OneTimeCode
from models.people import Account, Realm
from tests.client import Browser, Page
from tests.views.test_second import Phone, enrolled
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import AGENT, APPLICANT, MOBILE, OTHER
from tests.worlds.reached import EMAIL, reached
from tests.worlds.registering import last_code, messages

pytestmark = pytest.mark.world(build=reached)

FORM = "main form:not([action])"
NEW, NEWER = "13812340077", "13712340078"
UNIT, OTHER_UNIT = uscc_of(2), uscc_of(3)
SAID = "职评：您的登录手机号已更换为 138****0077。不是您本人操作时，请立即联系管理员。"
TWICE = "账号刚刚有改动，这次更换手机号已经失效。请从第一步重新开始。"


def signed_in(app, username: str) -> Browser:
    browser = Browser(app)
    browser.login(username, PASSWORD)
    return browser


@pytest.fixture
def applicant(app) -> Browser:
    return signed_in(app, "applicant")


def asked(browser: Browser, mobile: str = NEW, status: int = 200, old: str = PASSWORD) -> Page:
    return browser.open("/mobile/").form(FORM).send(status, old=old, mobile=mobile)


def proved(browser: Browser, code: str, status: int = 200) -> Page:
    return browser.open("/mobile/code").form(FORM).send(status, code=code)


def mobile_of(session, username: str = "applicant") -> str:
    session.rollback()
    mobile = session.scalars(select(Account.mobile).where(Account.username == username)).one()
    session.rollback()
    return mobile


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def error(page: Page, field: str) -> str:
    return page.one(f"#error-{field}").get_text(" ", strip=True).removeprefix("错误：").strip()


def later(session, by: timedelta) -> None:
    """Let all codes be older than they are."""
    session.rollback()
    for row in session.scalars(select(OneTimeCode)):
        row.made_at, row.expires_at = row.made_at - by, row.expires_at - by
    for code in session.scalars(select(LivingCode)):
        code.expires_at -= by
    session.commit()


@pytest.mark.parametrize(
    ("username", "before", "told", "panel", "typed"),
    [
        ("applicant", OTHER, OTHER, "person", {"who": NEW}),
        ("agent", MOBILE, MOBILE, "agent", {"code": UNIT, "who": NEW}),
        ("jiangyuan", "", EMAIL, None, {}),
        ("colleague", "", None, "agent", {"code": UNIT, "who": NEW}),
        ("checker", "", None, "agent", {"code": UNIT, "who": NEW}),
    ],
)
def test_who_reads_the_code_is_reached_there(app, session, username, before, told, panel, typed):
    browser, elsewhere = signed_in(app, username), signed_in(app, username)
    page = browser.open("/sessions/").follow("更换手机号")
    shown = f"现在的手机号：{before[:3]}****{before[-4:]}" if before else "现在没有登记手机号。"
    assert shown in page.text and (not before or before not in page.text)
    page = asked(browser, " +86 138-1234-0077 ")
    assert page.url == "/mobile/code" and mobile_of(session, username) == before
    assert messages(session)[-1][0] == NEW
    page = proved(browser, last_code(session, NEW))
    assert (page.url, page.texts(".zc-flash")) == ("/sessions/", ["手机号已更换。"])
    assert mobile_of(session, username) == NEW
    assert [m for m in messages(session) if m[0] != NEW] == ([(told, SAID)] if told else [])
    line = session.scalars(select(Line).order_by(Line.id.desc()).limit(1)).one()
    assert (line.actor, line.act, line.object_kind, line.object_id, line.detail) == (
        username, "mobile", "account", username, '{"mobile": "138****0077"}',
    )  # fmt: skip
    session.rollback()
    assert elsewhere.open("/sessions/").heading == "我的登录"
    if panel:
        page = Browser(app).open(f"/login/{panel}").form().send(**typed, password=PASSWORD)
        assert page.url != f"/login/{panel}"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"old": ""}, "old", "请填写现在的密码。"),
        ({"old": "wrong"}, "old", "登录密码不对，请重新输入。"),
        ({"mobile": ""}, "mobile", "请填写新手机号。"),
        ({"mobile": "12812340077"}, "mobile", "手机号应为 11 位数字，以 13 至 19 开头，请核对。"),
        ({"mobile": NEW[:-1]}, "mobile", "手机号应为 11 位数字，以 13 至 19 开头，请核对。"),
        ({"mobile": OTHER}, "mobile", "这就是现在的手机号，不用更换。要更换请填写新的。"),
        ({"mobile": f"+86{OTHER}"}, "mobile", "这就是现在的手机号，不用更换。要更换请填写新的。"),
        ({"mobile": f"\0{NEW}"}, "mobile", "含有无法保存的控制字符，已经去掉，请核对后再保存。"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(applicant, session, typed, field, words):
    page = asked(applicant, status=400, **typed)
    assert words in error(page, field)
    values = page.form(FORM).values
    assert (values["old"], values["mobile"]) == ("", typed.get("mobile", NEW).strip("\0"))
    assert messages(session) == []
    assert applicant.open("/mobile/code").url == "/mobile/"


def test_the_password_is_guessed_at_as_at_the_login(applicant, app, session):
    for _time in range(5):
        asked(applicant, status=400, old="wrong")
    assert "连续出错的次数太多" in error(asked(applicant, status=429), "old")
    Browser(app).login("applicant", PASSWORD, 429)
    assert messages(session) == []


def test_the_code_is_good_for_five_guesses(applicant, session):
    asked(applicant)
    code = last_code(session, NEW)
    for typed, words in (
        ("12345", "请填写收到的 6 位数字验证码。"),
        ("\0", "含有无法保存的控制字符"),
    ):
        assert words in error(proved(applicant, typed, 400), "code")
    for left in (4, 3, 2, 1):
        assert f"还可以再试 {left} 次" in error(proved(applicant, other(code), 400), "code")
    assert "不能再用" in error(proved(applicant, other(code), 400), "code")
    proved(applicant, code, 429)
    assert mobile_of(session) == OTHER


def test_another_code_after_a_minute_and_none_after_ten(applicant, session):
    page = asked(applicant)
    again = page.form("main form[action]")
    assert re.search(r"验证码刚刚发出，请 \d+ 秒后再获取。", again.send().text)
    assert len(messages(session)) == 1
    later(session, PAUSE)
    assert again.send().texts(".zc-flash") == ["验证码已重新发送。"]
    code = last_code(session, NEW)
    assert len(messages(session)) == 2
    later(session, LIFE)
    assert "过期，请重新获取。" in error(proved(applicant, code, 409), "code")
    assert mobile_of(session) == OTHER


@pytest.mark.parametrize(
    ("username", "typed", "status", "words"),
    [
        ("applicant", NEW, 409, "这个手机号已经用于另一个个人账号，没有更换。"),
        ("agent", NEWER, 409, "这个手机号已经用于本机构的另一个经办人，没有更换。"),
        ("agent", NEW, 200, ""),
        ("stranger", NEWER, 200, ""),
        ("jiangyuan", NEW, 200, ""),
    ],
)
def test_a_number_that_is_taken_is_told_to_its_holder_alone(
    app, session, username, typed, status, words
):
    """A person's own is one of all persons', an agent's one of his unit's."""
    taken = {"colleague": NEWER, "newcomer": NEW}
    session.add(Account(username="newcomer", realm=Realm.PERSON))
    session.flush()
    for name, mobile in taken.items():
        session.execute(update(Account).where(Account.username == name).values(mobile=mobile))
    session.commit()
    browser = signed_in(app, username)
    before = mobile_of(session, username)
    page = asked(browser, typed)
    assert page.url == "/mobile/code" and "已经用于" not in page.text
    code = last_code(session, typed)
    assert "已经用于" not in proved(browser, other(code), 400).text
    page = proved(browser, code, status)
    assert mobile_of(session, username) == (before if words else typed)
    if words:
        assert words in error(page, "code")
        assert [to for to, _words in messages(session)] == [typed]


def test_one_code_is_good_for_one_account(app, applicant, session):
    """Who asks for the same number meanwhile cannot use what another was sent."""
    asked(applicant)
    code = last_code(session, NEW)
    agent = signed_in(app, "agent")
    later(session, PAUSE)
    asked(agent)
    proved(agent, code, 400)
    assert mobile_of(session, "agent") == MOBILE
    proved(applicant, code)
    assert mobile_of(session) == NEW


def test_two_windows_of_one_account(app, session):
    one, two = signed_in(app, "applicant"), signed_in(app, "applicant")
    asked(one, NEW), asked(two, NEWER)
    form = two.open("/mobile/code").form(FORM)
    proved(one, last_code(session, NEW))
    page = form.send(code=last_code(session, NEWER))
    assert page.url == "/mobile/" and TWICE in page.text
    assert mobile_of(session) == NEW


def test_two_at_once_for_one_number(app, session):
    """Two agents of one unit have both proved it: one gets it."""
    browsers = [signed_in(app, name) for name in ("agent", "colleague")]
    codes = []
    for browser in browsers:
        later(session, PAUSE)
        asked(browser)
        codes.append(last_code(session, NEW))
    barrier = Barrier(2)

    def prove(browser: Browser, code: str) -> int:
        data = {"csrf_token": browser.csrf_token, "code": code}
        barrier.wait()
        return browser.client.post("/mobile/code", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(prove, browsers, codes))
    have = [mobile_of(session, name) for name in ("agent", "colleague")]
    assert (statuses[0], have.count(NEW)) == (302, 1)
    assert statuses[1] == 409


RECOVERED = {
    "person": ("applicant", OTHER, {"who": id_no_of(APPLICANT)}),
    "agent": ("agent", MOBILE, {"code": UNIT, "who": id_no_of(AGENT)}),
}


@pytest.mark.parametrize(
    ("kind", "proves", "anew"),
    [
        ("person", False, False),
        ("person", True, False),
        ("person", False, True),
        ("agent", False, True),
    ],
)
def test_what_the_old_mobile_was_sent_recovers_nothing(app, session, kind, proves, anew):
    """Neither the code, in the browser that asked or in another, nor what it has proved."""
    username, old, typed = RECOVERED[kind]
    thief = Browser(app)
    page = thief.open(f"/recover/{kind}").form(FORM).send(**typed)
    code = last_code(session, old)
    if proves:
        page = page.form(FORM).send(code=code)
        assert page.heading == "设置新密码"
    browser = signed_in(app, username)
    asked(browser)
    proved(browser, last_code(session, NEW))
    if proves:
        page.form(FORM).send(409, password="Stone-2027-Bridge", again="Stone-2027-Bridge")
    if anew:
        later(session, PAUSE)
        thief = Browser(app)
        page = thief.open(f"/recover/{kind}", query={"captcha": 1}).form(FORM).send(**typed)
    if not proves:
        page.form(FORM).send(400, code=code)
    signed_in(app, username)
    if anew:
        thief.open("/recover/code").form(FORM).send(code=last_code(session, NEW))
        assert thief.page.heading == "设置新密码"


def test_half_a_login_and_who_has_no_mobile_do_not_come_there(app, session):
    phone: Phone = enrolled(app, session, "agent")
    browser = Browser(app)
    browser.login("agent", PASSWORD)
    for url in ("/mobile/", "/mobile/code"):
        assert browser.open(url).url == f"/login/?next={url}"
    browser.login("agent", PASSWORD)
    assert browser.page.form().send(code=phone.code()).heading == "业务审核"
    assert browser.open("/mobile/").heading == "更换手机号"
    admin = signed_in(app, "admin")
    assert "更换手机号" not in admin.open("/sessions/").text
    admin.open("/mobile/", 404)


def test_who_must_change_the_password_does_that_first(app, session):
    session.execute(
        update(Account).where(Account.username == "agent").values(password_is_first=True)
    )
    session.commit()
    assert signed_in(app, "agent").open("/mobile/").url == "/password/"


def test_a_password_that_changed_meanwhile_begins_anew(app, applicant, session):
    asked(applicant)
    page = applicant.open("/password/").form(FORM)
    page.send(old=PASSWORD, password="Kiesel-2026", again="Kiesel-2026")
    page = applicant.open("/mobile/code")
    assert page.url == "/mobile/" and TWICE in page.text
    assert mobile_of(session) == OTHER
