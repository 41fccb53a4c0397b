"""三员分立: roles are given by somebody who keeps no account, and nobody is two of the three."""

import json

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from models.journal import Line
from models.people import Account
from models.permissions import ADMINISTRATORS, GRANTS, Role
from tests.bed import empty
from tests.client import Browser
from tests.worlds.base import PASSWORD, create_account, managed

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"


@pytest.fixture
def keeper(client) -> Browser:
    client.login("security", PASSWORD)
    return client


def roles(session, username: str) -> list[str]:
    session.rollback()
    return [role.name for role in user(session, username).roles]


def user(session, username: str) -> User:
    return session.scalars(select(User).where(User.username == username)).one()


def change(keeper, session, username: str, role: str, status: int = 200, reason: str = "工作需要"):
    pk = user(session, username).id
    session.rollback()
    return keeper.open(f"/roles/edit/{pk}").form(FORM).send(status, role=role, reason=reason)


def test_nobody_holds_what_two_of_the_three_hold():
    """GB/T 22239-2019, 8.1.5. A deed of one of them belongs to nobody else."""
    desks = {role: set(GRANTS[role]) for role in ADMINISTRATORS}
    desks[Role.SYSTEM_ADMIN].remove("offices")  # which is read, and kept by somebody else
    assert desks == {
        Role.SYSTEM_ADMIN: {"accounts"},
        Role.SECURITY_ADMIN: {"roles", "security"},
        Role.AUDIT_ADMIN: {"journal"},
    }
    for mine in desks.values():
        holders = [role for role in Role if mine & set(GRANTS[role])]
        assert len(holders) == 1
    assert GRANTS[Role.SYSTEM_ADMIN]["offices"] == {"read"}


def test_the_role_that_the_framework_would_give_everything_has_nobody(app, session):
    assert app.config["AUTH_ROLE_ADMIN"] == "_nobody"
    named = {row.name: len(row.user) for row in session.scalars(select(RoleRow))}
    assert {name: n for name, n in named.items() if name not in set(Role) and n} == {}


def test_who_waits_for_a_role_comes_first(keeper):
    page = keeper.open("/")
    assert page.heading == "角色管理"
    assert [row[0] for row in page.rows()] == ["newcomer"]
    given = keeper.open("/roles/list/?tab=given").rows()
    names = {row[0]: row[2] for row in given}
    assert names["agent"] == "经办人" and names["auditor"] == "审计管理员"
    assert "applicant" not in names and "newcomer" not in names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tab=given&q=江源", {"agent", "checker", "colleague", "legal"}),
        ("tab=given&role=安全管理员", {"security", "security2"}),
        ("tab=given&q=高建国", set()),
        ("q=江源", {"newcomer"}),
        ("q=%25", set()),
    ],
)
def test_finds_accounts(keeper, query, names):
    assert {row[0] for row in keeper.open(f"/roles/list/?{query}").rows()} == names


def test_gives_a_role_that_opens_its_desk_at_once(keeper, app, session):
    other = Browser(app)
    other.login("newcomer", PASSWORD, 403)
    page = change(keeper, session, "newcomer", "经办人")
    assert "已保存角色" in page.text
    assert roles(session, "newcomer") == ["经办人"]
    assert session.get(Account, "newcomer").realm == "AGENT"
    assert other.open("/audit/list/").heading == "登录"
    other.login("newcomer", PASSWORD)
    assert other.page.heading == "业务审核"
    session.rollback()  # what it read before is not looked at again
    line = session.scalars(select(Line).where(Line.act == "role")).one()
    assert (line.actor, line.object_id) == ("security", "newcomer")
    assert json.loads(line.detail) == {"before": None, "role": "经办人", "reason": "工作需要"}


def test_takes_a_role_with_all_that_it_opens(keeper, app, session):
    other = Browser(app)
    other.login("agent", PASSWORD)
    change(keeper, session, "agent", "")
    assert roles(session, "agent") == []
    assert other.open("/audit/list/").heading == "登录"
    other.login("agent", PASSWORD, 403)


@pytest.mark.parametrize(
    ("username", "role", "words"),
    [
        ("newcomer", "通知管理员", "通知管理员须属于人社机构，松原江源设计院不是。"),
        ("newcomer", "审计管理员", "审计管理员不属于任何机构"),
        ("auditor", "经办人", "经办人须属于一个机构"),
        ("applicant", "经办人", "申报人的账号只能停用，不能改为其他角色。"),
        ("agent", "申报人", "请从列表中选择。"),
        ("agent", "超级管理员", "请从列表中选择。"),
    ],
)
def test_refuses_what_does_not_fit(keeper, session, username, role, words):
    before = roles(session, username)
    page = change(keeper, session, username, role, 400)
    assert words in page.one("#error-role").get_text()
    assert page.form(FORM).values["reason"] == "工作需要"
    assert roles(session, username) == before


@pytest.mark.parametrize("reason", ["", "很" * 201])
def test_no_role_without_a_reason(keeper, session, reason):
    page = change(keeper, session, "newcomer", "经办人", 400, reason)
    assert page.one("#error-reason")
    assert roles(session, "newcomer") == []


def test_a_number_in_the_reason_is_masked(keeper, session):
    change(keeper, session, "newcomer", "经办人", reason="身份证22010219850312001X的本人")
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    assert json.loads(line.detail)["reason"] == "身份证220102********001X的本人"


def test_an_administrator_keeps_his_own_role(keeper, session):
    for role in ("审计管理员", ""):
        page = change(keeper, session, "security", role, 400)
        assert "不能停用自己的账号，也不能改变自己的角色。请由其他安全管理员办理。" in page.text
    assert roles(session, "security") == ["安全管理员"]


def test_one_of_each_remains(keeper, session):
    page = change(keeper, session, "auditor", "系统管理员", 400)
    assert "至少要保留一个启用的审计管理员。" in page.text
    change(keeper, session, "admin2", "")
    page = change(keeper, session, "admin", "", 400)
    assert "至少要保留一个启用的系统管理员。" in page.text
    assert (roles(session, "auditor"), roles(session, "admin")) == (["审计管理员"], ["系统管理员"])


def test_of_two_roles_one_is_left(keeper, session):
    """Two roles open nothing; giving one takes both away."""
    both = [user(session, name).roles[0] for name in ("admin", "auditor")]
    create_account(session, "both", None).roles = both
    session.commit()
    change(keeper, session, "both", "审计管理员")
    assert roles(session, "both") == ["审计管理员"]


def test_of_two_who_change_it_the_second_is_told(keeper, app, session):
    other = Browser(app)
    other.login("security2", PASSWORD)
    pk = user(session, "newcomer").id
    session.rollback()
    form = other.open(f"/roles/edit/{pk}").form(FORM)
    change(keeper, session, "newcomer", "经办人")
    page = form.send(409, role="数据管理员", reason="查数据")
    assert "别人刚刚改过这个账号" in page.text
    assert roles(session, "newcomer") == ["经办人"]


@pytest.mark.parametrize(
    ("username", "own", "shut"),
    [
        ("admin", "/accounts/list/", ["/roles/list/", "/security/", "/journal/list/"]),
        ("security", "/roles/list/", ["/accounts/list/", "/offices/list/", "/journal/list/"]),
        ("auditor", "/journal/list/", ["/accounts/list/", "/roles/list/", "/security/"]),
    ],
)
def test_each_of_the_three_has_the_own_desk_alone(client, username, own, shut):
    client.login(username, PASSWORD)
    client.open(own)
    for path in (*shut, "/audit/list/", "/console/", "/mine/list/", "/notices/list/", "/send/"):
        client.open(path, status=403)


def test_the_keeper_of_accounts_reads_offices_and_changes_none(client, session):
    page = client.login("admin", PASSWORD)
    page = client.open("/offices/list/")
    assert "松原江源设计院" in page.text
    assert [a for a in page.select("main a[href]") if "/offices/edit" in a["href"]] == []
    client.open("/offices/edit/1", status=403)


def appoint(app, *words: str):
    given = "Fluss-2026-Werk\nFluss-2026-Werk\n"
    return app.test_cli_runner().invoke(args=["appoint", *words], input=given)


@pytest.mark.world(build=empty)
def test_the_first_of_each_is_appointed_on_the_server(app, session):
    for role, username in (("system", "first1"), ("security", "first2"), ("audit", "first3")):
        taken = appoint(app, role, "FIRST1", "方正") if username != "first1" else None
        assert taken is None or "这个用户名已经有人用了" in taken.output
        said = appoint(app, role, username, "方正")
        assert (said.exit_code, f"{username} is appointed" in said.output) == (0, True)
        assert "Fluss" not in said.output
    assert [roles(session, f"first{n}") for n in (1, 2, 3)] == [[r.value] for r in ADMINISTRATORS]
    session.rollback()  # or it holds the file of SQLite
    assert Browser(app).login("first2", "Fluss-2026-Werk").heading == "修改密码"
    again = appoint(app, "security", "another", "方正")
    assert again.exit_code == 1 and "已经有启用的安全管理员" in again.output
    lines = session.scalars(select(Line).where(Line.act == "appoint").order_by(Line.id)).all()
    assert [(line.actor, line.object_id) for line in lines] == [
        ("server", f"first{n}") for n in (1, 2, 3)
    ]


def test_who_forgot_the_password_gets_another_on_the_server(app, session):
    """Nobody gives it on a screen: he would be the administrator himself."""
    browser = Browser(app)
    browser.login("auditor", PASSWORD)
    assert appoint(app, "audit", "auditor", "方正").exit_code == 0
    assert browser.open("/password/").heading == "登录"
    assert Browser(app).login("auditor", "Fluss-2026-Werk").heading == "修改密码"
    line = session.scalars(select(Line).where(Line.act == "password")).one()
    assert (line.actor, line.object_id, line.detail) == ("server", "auditor", "{}")
    assert appoint(app, "security", "auditor", "方正").exit_code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("security", "方正", "方正"), "用户名为 3 到 64 个"),
        (("security", "agent", "方正"), "已经有人用了"),
    ],
)
def test_what_cannot_be_appointed(app, session, words, says):
    """Where no active one is left."""
    session.execute(update(User).where(User.username.like("security%")).values(active=False))
    session.commit()
    said = appoint(app, *words)
    assert said.exit_code == 1 and says in said.output
    assert roles(session, "agent") == ["经办人"]
