"""What is around every page is kept by the process, and still everybody sees his own."""

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.permissions import Role
from tests.client import Browser
from tests.worlds.base import PASSWORD, managed

pytestmark = pytest.mark.world(build=managed)

AGENT = ["业务审核", "批量送审", "申报查询", "绑定申请", "常用意见"]
MANAGER = ["申报通知", "审核机构", "常用意见"]


def menu(browser: Browser, url: str = "/", status: int = 200) -> list[str]:
    return browser.open(url, status=status).texts(".zc-nav a")


@pytest.fixture
def give(session: Session):
    """Give the account ``agent`` these roles, and no others."""

    def set_roles(*roles: Role) -> None:
        user = session.scalars(select(User).where(User.username == "agent")).one()
        wanted = [role.value for role in roles]
        user.roles = list(session.scalars(select(RoleRow).where(RoleRow.name.in_(wanted))))
        session.commit()

    return set_roles


@pytest.mark.parametrize(
    ("roles", "status", "entries"),
    [
        ((Role.NOTICE_MANAGER,), 200, MANAGER),
        ((), 403, []),
        ((Role.AGENT, Role.NOTICE_MANAGER), 403, []),
    ],
)
def test_another_role_is_another_menu_after_another_login(client, give, roles, status, entries):
    """Two roles open nothing."""
    client.login("agent", PASSWORD)
    assert menu(client) == AGENT
    give(*roles)
    assert client.open("/phrases/list/").heading == "登录"
    client.login("agent", PASSWORD, status)
    assert menu(client, status=status) == entries


@pytest.fixture
def another(db):
    """A second application over the same database, as another worker has."""
    made = db.make_app()
    yield made
    with made.app_context():
        made.extensions["sqlalchemy"].engine.dispose()


def test_no_application_has_to_be_told(app, another, give):
    browsers = [Browser(app), Browser(another)]
    for browser in browsers:
        browser.login("agent", PASSWORD)
        assert menu(browser) == AGENT
    give(Role.NOTICE_MANAGER)
    for browser in browsers:
        assert browser.open("/phrases/list/").heading == "登录"
        browser.login("agent", PASSWORD)
        assert menu(browser) == MANAGER


@pytest.mark.parametrize(
    ("url", "words"),
    [("/audit/list/", "业务审核"), ("/phrases/list/", "常用意见"), ("/phrases/add", "常用意见")],
)
def test_the_menu_says_where_one_is(client, url, words):
    client.login("agent", PASSWORD)
    assert client.open(url).texts(".zc-nav [aria-current=page]") == [words]


def test_everybody_sees_the_own_name(app):
    for username in ("agent", "colleague"):
        browser = Browser(app)
        page = browser.login(username, PASSWORD)
        assert page.texts(".zc-top-r summary")[0] == username


def test_the_token_of_leaving_is_the_own_one(app):
    """The menu of one's own login is drawn once for all of a role, but for the token."""
    tokens = []
    for username in ("agent", "colleague"):
        browser = Browser(app)
        page = browser.login(username, PASSWORD)
        leaving = page.select(".zc-menu-pop form[data-leave]")
        assert len(leaving) == 2  # on a wide screen and on a phone
        tokens.append({form.select_one("[name=csrf_token]")["value"] for form in leaving})
        page.form(".zc-hide-m form[data-leave]").send()
        assert browser.open("/phrases/list/").heading == "登录"
    assert tokens[0].isdisjoint(tokens[1])


def test_what_somebody_searched_stands_in_nobody_elses_form(app):
    """The search form is kept while nothing is asked for, and drawn anew otherwise."""
    browsers = [Browser(app), Browser(app)]
    for browser, username in zip(browsers, ("agent", "colleague"), strict=True):
        browser.login(username, PASSWORD)
        browser.open("/reviewed/list/")
    asked = browsers[0].open("/reviewed/list/", query={"_flt_0_name": "高建国"})
    box = "#search-name"
    assert [field["value"] for field in asked.select(box)] == ["高建国"]
    assert [field["value"] for field in browsers[1].open("/reviewed/list/").select(box)] == [""]
