"""个人注册: from the name to the account, and what nobody learns on the way."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from stdnum.cn import ric

from models.binding import answer, ask, live_binding
from models.clock import now
from models.filing import start
from models.journal import Line
from models.offices import Office
from models.people import Account, Person
from models.permissions import Actor, Role
from models.realname import Finding, NameCheck
from models.registration import REGISTERED, PersonDraft
from tests.client import Browser
from tests.views.test_guessing import signs
from tests.worlds.base import create_account, create_notice, id_no_of, uscc_of
from tests.worlds.registering import (
    MOBILE,
    OTHER_MOBILE,
    PASSWORD,
    last_code,
    messages,
    registering,
)

pytestmark = pytest.mark.world(build=registering)

ME = {"name": "王𠮷水", "id_no": id_no_of(9), "mobile": MOBILE}


class Answers:
    """A real-name check that says what it is told, and writes down what it was asked."""

    def __init__(self, finding: Finding):
        self.finding, self.asked = finding, []

    def verify(self, name: str, id_no: str) -> Finding:
        self.asked.append((name, id_no))
        return self.finding


@pytest.fixture
def verifier(app):
    """Nobody knows at first; a test may let it know."""
    before = app.extensions["realname"]
    app.extensions["realname"] = Answers(Finding.OK)
    yield app.extensions["realname"]
    app.extensions["realname"] = before


def begin(client, status=200, **typed):
    return client.open("/register/person").form().send(status, **(ME | typed))


def prove(client, session, mobile=MOBILE, status=200):
    return client.page.form("form[action$=code]").send(status, code=last_code(session, mobile))


def finish(client, status=200, password=PASSWORD, again=PASSWORD):
    return client.page.form("form[action$=password]").send(status, password=password, again=again)


def people(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Account))


def test_from_the_name_to_the_account(client, session, verifier):
    page = begin(client)
    assert page.url == "/register/person/code" and MOBILE in page.text
    assert [line.split(" ")[-1] for line in page.texts(".zc-tl li")] == [
        "填写身份信息", "验证手机号", "设置密码",
    ]  # fmt: skip
    page = prove(client, session)
    assert page.url == "/register/person/password" and verifier.asked == [(ME["name"], ME["id_no"])]
    page = finish(client)
    assert "注册成功，请登录。" in page.text and page.url == "/login/person"
    session.rollback()
    account = session.scalars(select(Account).where(Account.mobile == MOBILE)).one()
    person = account.person
    assert (account.realm, person.name, person.sex, person.mobile) == (
        "PERSON", ME["name"], "2" if int(ME["id_no"][16]) % 2 == 0 else "1", MOBILE,
    )  # fmt: skip
    assert session.get(NameCheck, person.id).finding == "OK"
    assert session.scalars(select(PersonDraft)).all() == []
    page = client.open("/login/person").form().send(who=ME["id_no"], password=PASSWORD)
    assert page.heading == "我的申报"
    lines = session.execute(select(Line.act, Line.detail).order_by(Line.id)).all()
    assert ("register", '{"finding": "OK"}') in [tuple(line) for line in lines]
    assert not any(ME["id_no"] in line.detail or MOBILE in line.detail for line in lines)


CHILD = "22070220200312001"
CHILD += ric.calc_check_digit(CHILD + "0")

WRONG = {
    "name": [
        ("", "请填写姓名。"), ("长" * 51, "姓名最多 50 字，现在是 51 字。"),
        ("a\0b", "含有无法保存的控制字符"), ("王", "2 至 50 个文字"), ("王😀", "2 至 50 个文字"),
        ("<b>王</b>", "2 至 50 个文字"), ("王2", "2 至 50 个文字"), ("王··水", "2 至 50 个文字"),
    ],
    "id_no": [
        ("", "请填写身份证号。"), ("22070219850312", "18 位"), (id_no_of(9)[:-1] + "?", "18 位"),
        ("220702198503120090", "校验位不对"), ("9" * 500, "18 位"),
        (CHILD, "未满 16 周岁不能注册"),
    ],
    "mobile": [
        ("", "请填写手机号。"), ("12345678901", "手机号应为 11 位数字"),
        ("+86 138", "手机号应为 11 位数字"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [(field, typed, words) for field, pairs in WRONG.items() for typed, words in pairs],
)
def test_what_cannot_be_is_told_at_its_field(client, session, verifier, field, typed, words):
    page = begin(client, 400, **{field: typed})
    assert words in page.one(f"#error-{field}").get_text()
    kept = page.form().values
    assert (
        kept["mobile"] == (MOBILE if field != "mobile" else typed) and ME["id_no"] not in page.text
    )
    assert messages(session) == [] and session.scalars(select(PersonDraft)).all() == []


def test_a_number_stays_in_the_answer_and_in_no_other_page(client, verifier):
    """Also where the form was right and the code came too soon; in a page that is opened it is
    masked."""
    typed = begin(client, 400, mobile="1").one("#id_no")
    assert (typed["value"], client.page.headers["Cache-Control"]) == (ME["id_no"], "no-store")
    begin(client)
    page = Browser(client.app).open("/register/person").form().send(429, **ME)
    assert "秒后再获取" in page.text and page.one("#id_no")["value"] == ME["id_no"]
    page = client.open("/register/person?edit=1")
    number = ME["id_no"]
    assert (page.one("#id_no")["value"], page.one("#mask-id_no").get_text()) == (
        "", f"已填 {number[:6]}********{number[-4:]}，不改就留空",
    )  # fmt: skip
    assert number.encode() not in page.response.data


@pytest.mark.parametrize("finding", list(Finding))
def test_before_the_code_a_taken_number_is_as_any_other(
    app, session, verifier, count_statements, finding
):
    """The same pages, the same statements: nobody has shown yet whose number it is."""
    verifier.finding, seen = finding, []
    for number, mobile in ((id_no_of(9), MOBILE), (id_no_of(1), "13800000004")):
        browser = Browser(app)
        with count_statements() as statements:
            page = begin(browser, id_no=number, mobile=mobile)
        seen.append((page.text.replace(mobile, ""), list(statements)))
        assert verifier.asked == []
    assert seen[0] == seen[1]


def test_another_window_hears_what_became_of_it(client, session, verifier):
    """The mobile was changed there; and then all was done there."""
    begin(client)
    form = client.page.form("form[action$=code]")
    first = last_code(session, MOBILE)
    client.open("/register/person?edit=1").form().send(mobile="13800000004")
    page = form.send(409, code=first)
    assert "手机号在另一个窗口里改过了" in page.one("#error-code").get_text()
    assert page.form("form[action$=code]").values["mobile"] == "13800000004"
    prove(client, session, "13800000004")
    form = client.page.form("form[action$=password]")
    finish(client)
    page = form.send(password=PASSWORD, again=PASSWORD)
    assert (page.url, "已在另一个窗口里办理" in page.text) == ("/login/person", True)
    assert client.open("/register/person/code").url == "/login/person"
    assert begin(client, mobile="13800000005").url == "/register/person/code"


def test_what_is_no_code_costs_no_try(client, session, verifier):
    begin(client)
    for typed in ("", "12345", "abcdef") * 3:
        page = client.page.form("form[action$=code]").send(400, code=typed)
        assert "请填写收到的 6 位数字验证码。" in page.one("#error-code").get_text()
    assert prove(client, session).url == "/register/person/password"


def test_only_its_proved_holder_hears_that_a_number_is_taken(client, session, verifier):
    begin(client, name="高建国", id_no=id_no_of(1))
    page = prove(client, session, status=409)
    assert "这个身份证号已经注册过账号" in page.one("#error-id_no").get_text()
    assert people(session) == 6


def test_nothing_is_learnt_where_the_check_is_silent(app, session, verifier):
    """The end of a taken number is the page and the status of every other; the one whom the
    number belongs to hears of it."""
    verifier.finding, ends = Finding.UNAVAILABLE, []
    for name, number, mobile in (
        (ME["name"], id_no_of(9), MOBILE), ("高建国", id_no_of(1), "13800000004"),
    ):  # fmt: skip
        browser = Browser(app)
        begin(browser, name=name, id_no=number, mobile=mobile)
        prove(browser, session, mobile)
        page = finish(browser)
        ends.append((page.url, page.text))
    assert ends[0] == ends[1] and ends[0][0] == "/register/person/done"
    assert people(session) == 7
    told = [to for to, words in messages(session) if "再次注册" in words]
    assert told == [OTHER_MOBILE]
    check = session.scalars(select(NameCheck)).one()
    assert (check.finding, check.person.name) == ("UNAVAILABLE", ME["name"])


def test_a_name_that_is_not_the_numbers_is_told_and_mended(client, session, verifier):
    verifier.finding = Finding.MISMATCH
    begin(client, name="王水错")
    page = prove(client, session, status=400)
    for field in ("name", "id_no"):
        assert "姓名与身份证号不一致" in page.one(f"#error-{field}").get_text()
    verifier.finding = Finding.OK
    # The mobile is proved already: no second code is asked for.
    page = page.form().send(name=ME["name"])
    assert page.url == "/register/person/password" and len(messages(session)) == 1


@pytest.mark.parametrize(
    ("finding", "name", "mobile", "linked"),
    [
        (Finding.OK, "李秀英", MOBILE, True),
        (Finding.OK, "李秀兰", MOBILE, True),
        (Finding.UNAVAILABLE, "李秀兰", "13700000003", False),
        (Finding.UNAVAILABLE, "李秀英", MOBILE, False),
        (Finding.UNAVAILABLE, "李秀英", "13700000003", True),
    ],
)
def test_a_person_who_is_here_gets_an_account_only_if_it_is_he(
    client, session, verifier, finding, name, mobile, linked
):
    verifier.finding = finding
    begin(client, name=name, id_no=id_no_of(2), mobile=mobile)
    prove(client, session, mobile)
    finish(client)
    session.rollback()
    own = session.scalars(select(Account).where(Account.mobile == mobile)).all()
    assert [account.person.name for account in own] == ([name] if linked else [])
    assert session.scalar(select(func.count()).select_from(Person)) == 2


SQUATTER = "13800000004"


class TestTheNameThatWasChecked:
    """It wins over one that nobody has checked (an agent's by the unit, a stranger's)."""

    @pytest.fixture
    def squatter(self, app, session, verifier):
        """Somebody who has registered the number under his own name while nobody could tell."""
        verifier.finding, browser = Finding.UNAVAILABLE, Browser(app)
        begin(browser, name="王假水", mobile=SQUATTER)
        prove(browser, session, SQUATTER), finish(browser)
        browser.open("/login/person").form().send(who=SQUATTER, password=PASSWORD)
        verifier.finding = Finding.OK
        return browser

    def person(self, session) -> Person:
        session.rollback()
        return session.scalars(select(Person).where(Person.name.startswith("王"))).one()

    def test_whoever_sat_on_the_number_goes(self, app, client, session, squatter):
        person = self.person(session)
        unit = session.scalars(select(Office).where(Office.name == "松原江源设计院")).one()
        ask(session, person.id, unit, now(session))
        create_account(session, "jb", Role.AGENT, unit, person, first_name="王假水")
        session.commit()
        assert squatter.open("/mine/list/").heading == "我的申报"
        begin(client), prove(client, session)
        assert "注册成功" in finish(client).text
        person = self.person(session)
        assert (person.name, person.mobile) == (ME["name"], MOBILE)
        accounts = session.scalars(select(Account).where(Account.realm == "PERSON"))
        assert {a.mobile: (a.live, a.person_id) for a in accounts} == {
            OTHER_MOBILE: (True, 1), SQUATTER: (False, None), MOBILE: (True, person.id),
        }  # fmt: skip
        assert live_binding(session, person.id) is None
        lines = session.execute(select(Line.act, Line.actor, Line.object_id, Line.detail)).all()
        (line,) = [line for line in lines if line.act == "correct_name"]
        names = {"before": "王假水", "after": ME["name"]}
        assert (line.actor, line.object_id, json.loads(line.detail)) == ("", person.uid, names)
        assert {line.actor for line in lines if line.act == "disable"} == {""}
        assert not any(ME["id_no"] in line.detail for line in lines)
        assert [to for to, words in messages(session) if "账号已停用" in words] == [SQUATTER]
        assert squatter.open("/mine/list/").heading == "个人登录"
        squatter.open("/login/person").form().send(400, who=SQUATTER, password=PASSWORD)
        page = client.open("/login/person").form().send(who=ME["id_no"], password=PASSWORD)
        assert page.heading == "我的申报" and "已实名" not in page.text
        Browser(app).login("jb", "Water-2026-Works")

    def test_what_was_declared_under_the_other_name_is_for_people_to_look_into(
        self, client, session, squatter
    ):
        person = self.person(session)
        unit = session.scalars(select(Office).where(Office.name == "松原江源设计院")).one()
        answer(ask(session, person.id, unit, now(session)), True, "", "甲", now(session))
        notice = create_notice(session, unit.superior.superior, "松原水利通知")
        start(session, notice, Actor(Role.APPLICANT, "x", "x", person.id), now(session))
        session.commit()
        begin(client)
        page = prove(client, session, status=409)
        words = "已用另一个姓名办理过申报，不能自动更正。请携带身份证联系系统管理员核实"
        assert words in page.one("#error-id_no").get_text()
        assert self.person(session).name == "王假水"
        assert squatter.open("/mine/list/").heading == "我的申报"

    def test_a_name_that_was_checked_stays(self, client, session, squatter):
        session.execute(update(NameCheck).values(finding="OK", due_at=None))
        session.commit()
        begin(client)
        page = prove(client, session, status=409)
        assert "这个身份证号已经注册过账号" in page.one("#error-id_no").get_text()
        assert self.person(session).name == "王假水"

    @pytest.mark.parametrize("number", [2, 9], ids=["a person who is here", "a new one"])
    def test_two_names_at_once_leave_one_person_and_the_right_name(
        self, app, session, verifier, number
    ):
        """Whichever of the two comes first."""
        chosen, typed = {"password": PASSWORD, "again": PASSWORD}, {"id_no": id_no_of(number)}
        ready, barrier, answers = [], Barrier(2), []
        for finding, name, mobile in (
            (Finding.OK, ME["name"], MOBILE), (Finding.UNAVAILABLE, "王假水", SQUATTER),
        ):  # fmt: skip
            verifier.finding, browser = finding, Browser(app)
            begin(browser, name=name, mobile=mobile, **typed)
            ready.append((browser, prove(browser, session, mobile).form("form[action$=password]")))

        def send(browser, form):
            barrier.wait(60)
            answers.append(browser.client.post(form.action, data=form.values | chosen).status_code)

        threads = [Thread(target=send, args=pair) for pair in ready]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert answers == [302, 302]
        person = self.person(session)
        live = select(Account).where(Account.person_id == person.id, Account.live)
        assert [account.mobile for account in session.scalars(live)] == [MOBILE]
        assert (person.name, session.get(NameCheck, person.id).finding) == (ME["name"], "OK")


def test_a_mobile_in_use_is_told_to_who_holds_it(client, session, verifier):
    begin(client, mobile=OTHER_MOBILE)
    assert client.page.url == "/register/person/code"
    page = prove(client, session, OTHER_MOBILE, 409)
    assert "这个手机号已经注册过个人账号" in page.one("#error-mobile").get_text()
    assert verifier.asked == []


def test_a_wrong_code_and_another_mobile(client, session, verifier):
    begin(client)
    page = client.page.form("form[action$=code]").send(400, code="000000")
    assert "验证码不对，还可以再试 4 次。" in page.one("#error-code").get_text()
    page = client.open("/register/person?edit=1")
    assert ME["id_no"][-4:] in page.text and ME["id_no"] not in page.text
    page = page.form().send(mobile="13800000004")
    assert "13800000004" in page.text and len(messages(session)) == 2
    page = client.page.form("form[action$=code]").send(400, code=last_code(session, MOBILE))
    assert page.url == "/register/person/code"


def test_goes_on_where_it_was_left_and_ends_after_a_day(client, session, verifier):
    begin(client)
    assert client.open("/register/person").url == "/register/person/code"
    prove(client, session)
    assert client.open("/register/person").url == "/register/person/password"
    assert client.open("/register/person/code").url == "/register/person/password"
    draft = session.scalars(select(PersonDraft)).one()
    draft.expires_at -= timedelta(days=1)
    session.commit()
    page = client.open("/register/person/password")
    assert page.url == "/register/person" and "保留 24 小时" in page.text


def test_its_key_lives_as_long_as_the_draft_and_not_as_the_longest_login(client, session, verifier):
    client.open("/register/person").form()
    data = ME | {"csrf_token": client.csrf_token}
    answer = client.client.post("/register/person", data=data)
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if "register-person" in c)
    name, flags = cookie.split("=", 1)[0], {part.strip() for part in cookie.split(";")[1:]}
    flags = {flag for flag in flags if not flag.startswith("Expires=")}
    assert name == "__Host-register-person"
    assert flags == {"Max-Age=86400", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    client.client.delete_cookie("__Host-zhiping")
    client.open("/register/person")
    assert prove(client, session).url == "/register/person/password"
    finish(client)
    assert client.client.get_cookie("__Host-register-person").value == "finished"


def test_nobody_without_a_draft_comes_to_a_later_page(client, verifier):
    for page in ("code", "password"):
        assert client.open(f"/register/person/{page}").url == "/register/person"


def test_two_who_register_one_number_at_once_make_one_account(app, session, verifier):
    """Both have proved their mobiles, and send the last page at the same moment."""
    chosen = {"password": PASSWORD, "again": PASSWORD}
    ready, barrier, answers = [], Barrier(2), []
    for mobile in (MOBILE, "13800000004"):
        browser = Browser(app)
        begin(browser, mobile=mobile)
        ready.append((browser, prove(browser, session, mobile).form("form[action$=password]")))

    def send(browser, form):
        barrier.wait(60)
        answer = browser.client.post(form.action, data=form.values | chosen)
        answers.append((answer.status_code, REGISTERED in answer.text))

    threads = [Thread(target=send, args=pair) for pair in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(answers) == [(302, False), (409, True)]
    assert people(session) == 7


def test_a_poor_password_is_refused(client, session, verifier):
    begin(client), prove(client, session)
    page = finish(client, 400, password="short", again="short")
    assert page.select("#error-password") and "short" not in str(page.soup)
    page = finish(client, 400, again="Another-2026")
    assert "两次输入的密码不一样" in page.one("#error-again").get_text()
    assert session.scalar(select(func.count()).select_from(User)) == 6


def test_who_is_signed_in_registers_nothing(client, verifier):
    client.login("applicant", "Water-2026-Works")
    assert client.open("/register/person").heading == "我的申报"


def test_what_could_not_be_told_is_asked_again(app, client, session, verifier):
    """By the command, when it is due, until it is told."""
    verifier.finding = Finding.UNAVAILABLE
    begin(client), prove(client, session), finish(client)
    page = client.open("/login/person").form().send(who=MOBILE, password=PASSWORD)
    assert "实名待核验" in page.text
    run = app.test_cli_runner().invoke
    assert run(args=["verify-names"]).output == "none is due\n" and len(verifier.asked) == 1
    session.rollback()
    session.execute(update(NameCheck).values(due_at=NameCheck.asked_at))
    session.commit()
    verifier.finding = Finding.MISMATCH
    assert run(args=["verify-names"]).output == "1 MISMATCH\n"
    assert verifier.asked[1:] == [(ME["name"], ME["id_no"])]
    session.rollback()
    check = session.scalars(select(NameCheck)).one()
    assert (check.finding, check.due_at, check.tries) == ("MISMATCH", None, 2)
    assert "经核验不一致" in dict(messages(session))[MOBILE]
    assert client.open("/mine/list/").heading == "个人登录"
    client.open("/login/person").form().send(400, who=MOBILE, password=PASSWORD)
    account = session.scalars(select(Account).where(Account.mobile == MOBILE)).one()
    user = session.scalars(select(User).where(User.username == account.username)).one()
    assert (user.active, account.live) == (False, False)
    line = session.scalars(select(Line).where(Line.act == "disable")).one()
    assert (line.actor, line.object_id) == ("", account.username)
    user.active = account.live = True  # an administrator has looked at the card
    session.commit()
    client.open("/login/person").form().send(who=MOBILE, password=PASSWORD)
    assert "实名不符" in client.open("/mine/list/").text
    assert run(args=["verify-names"]).output == "none is due\n"


def test_a_service_that_hangs_keeps_nobody_else_from_writing(app, client, session, verifier):
    """It is asked while no transaction is open."""

    class Slow(Answers):
        def verify(self, name: str, id_no: str) -> Finding:
            with Session(session.get_bind()) as other:
                other.execute(update(Person).values(mobile=""))
                other.commit()
            return self.finding

    app.extensions["realname"] = Slow(Finding.OK)
    begin(client)
    assert prove(client, session).url == "/register/person/password"


@pytest.fixture
def guarded(app):
    """A deployment that asks strangers for a captcha."""
    app.config["CAPTCHA_ALWAYS_FOR_PERSONS"] = True
    yield
    app.config["CAPTCHA_ALWAYS_FOR_PERSONS"] = False


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/register/person", ME), ("/activate/legal", {"uscc": uscc_of(4)}),
        ("/register/legal/again/", {"uscc": uscc_of(4)}),
    ],
)  # fmt: skip
def test_a_captcha_comes_before_any_code_is_sent(app, client, session, guarded, path, typed):
    page = client.open(path)
    page = page.form().send(400, **typed, captcha="")
    assert "请输入图片中的验证码。" in page.one("#error-captcha").get_text()
    assert messages(session) == []
    page.form().send(**typed, captcha=signs(page))
    assert len(messages(session)) == 1


def test_five_wrong_codes_lock_the_draft_and_nobody_else(app, client, session, verifier):
    begin(client)
    for left in (4, 3, 2, 1):
        page = client.page.form("form[action$=code]").send(400, code="000000")
        assert f"还可以再试 {left} 次" in page.text
    client.page.form("form[action$=code]").send(400, code="000000")
    page = client.page.form("form[action$=code]").send(429, code=last_code(session, MOBILE))
    assert "暂停使用" in page.one("#error-code").get_text()
    other = Browser(app)
    begin(other, mobile="13800000004")
    assert prove(other, session, "13800000004").url == "/register/person/password"


def test_an_address_sends_no_more_codes_than_the_throttle_lets_it(app, session, verifier):
    """Each to another mobile, from another browser: only the address is the same."""
    for number in range(30):
        begin(Browser(app), mobile=f"138000010{number:02}")
    page = begin(Browser(app), 429, mobile="13800002000")
    assert "暂停使用" in page.one("#error-mobile").get_text()
    assert len(messages(session)) == 30
