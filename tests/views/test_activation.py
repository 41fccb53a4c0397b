"""法人账号激活: an imported account is opened by who reads the code on its mobile."""

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from models.binding import answer, ask
from models.clock import now
from models.filing import start
from models.journal import Line
from models.onetime import PAUSE, OneTimeCode
from models.people import Account
from models.permissions import Actor, Role
from tests.client import Browser
from tests.worlds.base import PASSWORD as OLD
from tests.worlds.base import create_account, create_notice, create_person, id_no_of, uscc_of
from tests.worlds.registering import PASSWORD, imported, last_code, messages

pytestmark = pytest.mark.world(build=imported)

CODE, MOBILE = uscc_of(60), "13600000006"
FORM = "form[enctype]"
HOLDER = {"holder": "郑国栋", "number": id_no_of(80)}
CHOSEN = HOLDER | {"password": PASSWORD, "again": PASSWORD}


def send(client, code=CODE):
    return client.open("/activate/legal").form(FORM).send(uscc=code)


def test_code_password_login(client, session):
    client.open("/login/legal").form().send(400, who=CODE, password=PASSWORD)
    page = send(client)
    page = page.form(FORM).send(code=last_code(session, MOBILE), **CHOSEN)
    assert "已激活，请登录。" in page.text and page.url == "/login/legal"
    page = page.form().send(who=CODE, password=PASSWORD)
    assert "松原灌区管理中心" in page.follow("单位信息").text
    line = session.scalars(select(Line).where(Line.act == "activate")).one()
    assert (line.actor, line.object_id, line.detail) == (CODE, CODE, "{}")
    # Active now: nobody is sent a code for it again, however long after the last one.
    session.scalars(select(OneTimeCode)).one().made_at -= PAUSE
    session.commit()
    sent = len(messages(session))
    send(Browser(client.app))
    assert [to for to, _words in messages(session)][sent:] == [""]


def test_who_mends_the_name_leaves_it_to_be_activated(app, client, session):
    """It is not switched off: it was never on."""
    create_account(session, "admin", Role.SYSTEM_ADMIN)
    session.commit()
    pk = session.scalars(select(User.id).where(User.username == CODE)).one()
    session.rollback()
    admin = Browser(app).login("admin", OLD).browser
    admin.open(f"/accounts/edit/{pk}").form("main form[method=post]").send(name="郑国良")
    assert session.get(Account, CODE).live is True
    session.rollback()
    page = send(client)
    page = page.form(FORM).send(code=last_code(session, MOBILE), **CHOSEN)
    assert "已激活，请登录。" in page.text


@pytest.mark.parametrize("code", [uscc_of(4), uscc_of(77), uscc_of(61)])
def test_unknown_active_and_closed_ones_look_like_one_that_waits(
    app, session, count_statements, code
):
    seen = []
    for wanted in (CODE, code):
        browser = Browser(app)
        browser.open("/activate/legal")
        with count_statements() as statements:
            page = browser.page.form(FORM).send(uscc=wanted)
        seen.append([page.text.replace(wanted, ""), list(statements)])
        with count_statements() as statements:
            page = page.form(FORM).send(400, code="000000", **CHOSEN)
        seen[-1] += [page.text.replace(wanted, ""), list(statements)]
    assert seen[0] == seen[1]


def test_what_is_no_code_costs_no_try_and_another_one_can_be_asked_for(app, client, session):
    page = send(client)
    assert page.texts(".zc-card-h")[0] == "验证手机号并设置密码 第 2 步，共 2 步"
    for typed in ("", "12345", "abcdef") * 3:
        page = page.form(FORM).send(400, code=typed, **CHOSEN)
        assert "请填写收到的 6 位数字验证码。" in page.one("#error-code").get_text()
    assert "秒后再获取" in page.form("form[action$=resend]").send(429).text
    session.scalars(select(OneTimeCode)).one().made_at -= PAUSE
    session.commit()
    first = last_code(session, MOBILE)
    page = client.page.form("form[action$=resend]").send()
    assert "验证码已重新发送。" in page.text and len(messages(session)) == 2
    second = last_code(session, MOBILE)
    assert (page.url, first == second) == ("/activate/legal/code", False)
    page = page.form(FORM).send(code=second, **CHOSEN)
    assert "已激活，请登录。" in page.text


def test_a_poor_password_leaves_the_code_unspent(client, session):
    page = send(client)
    code = last_code(session, MOBILE)
    poor = CHOSEN | {"password": "short", "again": "short"}
    page = page.form(FORM).send(400, code=code, **poor)
    assert page.select("#error-password") and page.form(FORM).values["code"] == code
    page.form(FORM).send(**CHOSEN)
    assert session.scalars(select(User.active).where(User.username == CODE)).one()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"holder": ""}, "holder", "请填写法人账号持有人。"),
        ({"number": ""}, "number", "请填写持有人身份证号。"),
        ({"number": "1"}, "number", "身份证号应为 18 位"),
        ({"holder": "高建民", "number": id_no_of(1)}, "holder", "登记的姓名不一致"),
    ],
)
def test_a_holder_is_a_person(client, session, typed, field, words):
    page = send(client)
    code = last_code(session, MOBILE)
    page = page.form(FORM).send(400, code=code, **CHOSEN | typed)
    assert words in page.one(f"#error-{field}").get_text()
    assert session.get(Account, CODE).person_id is None
    session.rollback()
    page.form(FORM).send(**CHOSEN)  # the code is not spent
    assert session.get(Account, CODE).person.name == "郑国栋"


def test_who_declares_in_the_unit_does_not_activate_its_account(app, client, session):
    """And he hears of it only after the code: a stranger with his number learns nothing."""
    unit = session.get(Account, CODE).office
    he = create_person(session, app.extensions["vault"], "郑国栋", 80)
    answer(ask(session, he.id, unit, now(session)), True, "", "甲", now(session))
    notice = create_notice(session, unit.superior.superior, "松原水利通知")
    start(session, notice, Actor(Role.APPLICANT, "x", "x", he.id), now(session))
    session.commit()
    page = send(client)
    code, words = last_code(session, MOBILE), "有没办结的申报“松原水利通知”"
    page = page.form(FORM).send(400, code="000000", **CHOSEN)
    assert words not in page.text
    page = page.form(FORM).send(400, code=code, **CHOSEN)
    assert words in page.one("#error-holder").get_text()
    assert session.get(Account, CODE).person_id is None


def test_a_code_with_a_wrong_check_digit_is_told_before_anybody_is_asked(client, session):
    page = client.open("/activate/legal").form(FORM).send(400, uscc=CODE[:-2] + "00")
    assert "校验位不对" in page.one("#error-uscc").get_text() and messages(session) == []
