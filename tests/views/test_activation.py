"""法人账号激活: an imported account is opened by who reads the code on its mobile."""

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from models.journal import Line
from models.onetime import PAUSE, OneTimeCode
from models.people import Account
from models.permissions import Role
from tests.client import Browser
from tests.worlds.base import PASSWORD as OLD
from tests.worlds.base import create_account, uscc_of
from tests.worlds.registering import PASSWORD, imported, last_code, messages

pytestmark = pytest.mark.world(build=imported)

CODE, MOBILE = uscc_of(60), "13600000006"
FORM = "form[enctype]"


def send(client, code=CODE):
    return client.open("/activate/legal").form(FORM).send(uscc=code)


def test_code_password_login(client, session):
    client.open("/login/legal").form().send(400, who=CODE, password=PASSWORD)
    page = send(client)
    page = page.form(FORM).send(code=last_code(session, MOBILE), password=PASSWORD, again=PASSWORD)
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
    page = page.form(FORM).send(code=last_code(session, MOBILE), password=PASSWORD, again=PASSWORD)
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
        chosen = {"password": PASSWORD, "again": PASSWORD}
        with count_statements() as statements:
            page = page.form(FORM).send(400, code="000000", **chosen)
        seen[-1] += [page.text.replace(wanted, ""), list(statements)]
    assert seen[0] == seen[1]


def test_a_poor_password_leaves_the_code_unspent(client, session):
    page = send(client)
    code = last_code(session, MOBILE)
    page = page.form(FORM).send(400, code=code, password="short", again="short")
    assert page.select("#error-password") and page.form(FORM).values["code"] == code
    page.form(FORM).send(password=PASSWORD, again=PASSWORD)
    assert session.scalars(select(User.active).where(User.username == CODE)).one()


def test_a_code_with_a_wrong_check_digit_is_told_before_anybody_is_asked(client, session):
    page = client.open("/activate/legal").form(FORM).send(400, uscc=CODE[:-2] + "00")
    assert "校验位不对" in page.one("#error-uscc").get_text() and messages(session) == []
