"""账号: who may sign in, and what an administrator cannot do."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from adapters.passwords import fits
from models.journal import Line
from models.people import Account, Person, Realm
from models.vault import vault_of
from tests.client import Browser
from tests.worlds.base import PASSWORD, create_person, id_no_of, managed, uscc_of

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"
RIGHT = {
    "username": "wang.fang", "name": "王芳", "office": uscc_of(4),
    "password": "Kiesel-2026", "again": "Kiesel-2026",
}  # fmt: skip


@pytest.fixture
def admin(client):
    client.login("admin", PASSWORD)
    return client


def user(session, username: str) -> User:
    session.rollback()
    return session.scalars(select(User).where(User.username == username)).one()


def edit(admin, session, username: str, status: int = 200, **typed):
    page = admin.open(f"/accounts/edit/{user(session, username).id}")
    session.rollback()
    return page.form(FORM).send(status, **typed)


def test_lists_accounts_with_role_and_side_and_no_hash(admin):
    page = admin.open("/")
    assert page.heading == "账号管理"
    rows = {row[0]: row for row in page.rows()}
    assert len(rows) == 15
    assert rows["agent"][2:5] == ["经办人", "松原江源设计院", "启用"]
    assert rows["applicant"][1:4] == ["高建国", "申报人", "高建国"]
    assert "argon2" not in page.response.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "江源"}, {"agent", "checker", "colleague", "legal", "newcomer"}),
        ({"q": "高建"}, {"applicant"}),
        ({"q": "%"}, set()),
        ({"role": "系统管理员"}, {"admin", "admin2"}),
        ({"active": "0"}, set()),
    ],
)
def test_finds_accounts(admin, query, names):
    assert {row[0] for row in admin.open("/accounts/list/", query=query).rows()} == names


def test_orders_and_refuses_what_is_no_order(admin):
    down = admin.open("/accounts/list/", query={"order": "desc"}).rows()
    assert [row[0] for row in down] == sorted((row[0] for row in down), reverse=True)
    for query in ({"order": "password"}, {"after": "x"}, {"active": "2"}):
        admin.open("/accounts/list/", status=400, query=query)


@pytest.mark.parametrize("who", ["agent", "applicant", "manager", "data", "security", "auditor"])
def test_is_closed_to_all_others(client, who, session):
    client.login(who, PASSWORD)
    pk = user(session, "admin").id
    for url in (
        "/accounts/list/",
        "/accounts/add",
        f"/accounts/edit/{pk}",
        f"/accounts/password/{pk}",
    ):
        client.open(url, status=403)


def test_adds_an_account_that_is_for_nothing_yet(admin, app, session):
    """Who keeps the accounts gives no rights, whatever is sent to the form."""
    admin.open("/accounts/add").form(FORM).send(**RIGHT, role="安全管理员")
    made = user(session, "wang.fang")
    assert made.password.startswith("$argon2id$") and made.last_name + made.first_name == "王芳"
    assert session.get(Account, "wang.fang").office.name == "松原江源设计院"
    assert made.roles == []
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    detail = json.loads(line.detail)
    assert (line.act, line.object_id, detail["role"], detail["office"]) == (
        "add", "wang.fang", None, uscc_of(4),
    )  # fmt: skip
    assert "argon2" not in line.detail and "Kiesel" not in line.detail
    page = Browser(app).login("wang.fang", "Kiesel-2026", 403)
    assert "您的账号还没有角色，请联系安全管理员。" in page.text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"username": "王芳"}, "username", "用户名为 3 到 64 个字母"),
        ({"username": "Agent"}, "username", "这个用户名已经有人用了"),
        ({"name": ""}, "name", "请填写姓名。"),
        ({"name": "长" * 65}, "name", "姓名最多 64 字"),
        ({"office": uscc_of(99)}, "office", "没有代码为"),
        (
            {"password": "Ab1-", "again": "Ab1-"},
            "password",
            "密码为 10 到 128 个字符，现在是 4 个。",
        ),
        ({"password": "abcd123456", "again": "abcd123456"}, "password", "至少 3 种"),
        ({"password": "Wang.Fang1", "again": "Wang.Fang1"}, "password", "密码不能包含用户名。"),
        ({"again": "Kiesel-2027"}, "again", "两次输入的密码不一样"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(admin, session, typed, field, words):
    page = admin.open("/accounts/add").form(FORM).send(400, **RIGHT | typed)
    assert words in page.one(f"#error-{field}").get_text()
    kept = page.form(FORM).values
    assert kept["username"] == typed.get("username", "wang.fang")
    assert (kept["password"], kept["again"]) == ("", "")
    assert session.scalars(select(User).where(User.username == "wang.fang")).first() is None


class TestWhoItIs:
    """身份证号 of an account: with it nobody judges his own declaration (domain 06.7)."""

    def test_a_new_account_may_name_its_person(self, admin, session):
        page = admin.open("/accounts/add").form(FORM).send(**RIGHT, number=id_no_of(31))
        assert id_no_of(31) not in page.soup.decode()
        assert session.get(Account, "wang.fang").person.name == "王芳"
        line = session.scalars(select(Line).order_by(Line.id.desc())).first()
        assert json.loads(line.detail)["identified"] is True and id_no_of(31) not in line.detail
        page = admin.open(f"/accounts/edit/{user(session, 'wang.fang').id}")
        assert f"已填 {id_no_of(31)[:6]}********{id_no_of(31)[-4:]}" in page.text
        assert id_no_of(31) not in page.soup.decode()

    def test_whoever_is_here_already_is_found_by_his_number(self, admin, session):
        page = edit(admin, session, "agent", 400, number=id_no_of(1))
        assert "姓名与这个身份证号登记的姓名不一致" in page.one("#error-name").get_text()
        page.form(FORM).send(number=id_no_of(1), name="高建国")
        session.rollback()
        (person,) = session.scalars(select(Person))
        assert session.get(Account, "agent").person is person
        page = edit(admin, session, "agent", 400, number=id_no_of(31))
        assert "这个账号已登记为另一个身份证号" in page.one("#error-number").get_text()

    def test_who_held_a_legal_account_keeps_his_name(self, admin, session):
        """The account has another one than its holder, and now no role any more."""
        user(session, "legal").roles = []
        account = session.get(Account, "legal")
        account.person, account.realm = (
            create_person(session, vault_of(session), "李秀英", 31),
            Realm.STAFF,
        )
        session.commit()
        page = edit(admin, session, "legal", 400, name="何清源")
        assert "登记的姓名不能在这里改" in page.one("#error-name").get_text()
        session.rollback()
        assert session.get(Account, "legal").person.name == "李秀英"

    def test_a_number_must_be_one(self, admin, session):
        page = edit(admin, session, "agent", 400, number=id_no_of(1)[:-1])
        assert "身份证号应为 18 位" in page.one("#error-number").get_text()
        assert session.get(Account, "agent").person_id is None

    @pytest.mark.parametrize("username", ["applicant", "legal"])
    def test_it_is_asked_where_the_administrator_keeps_it(self, admin, session, username):
        edit(admin, session, username, number=id_no_of(31))
        assert len(session.scalars(select(Person)).all()) == 1


def test_changes_the_name_and_never_the_role(admin, session):
    page = edit(admin, session, "colleague", role="通知管理员", name="李四")
    assert "已保存" in page.text
    changed = user(session, "colleague")
    assert [role.name for role in changed.roles] == ["经办人"]
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    assert json.loads(line.detail) == {"name": "李四"}


def test_another_office_asks_for_the_role_anew(admin, app, session):
    """It was given for the old one, and not by who keeps the accounts."""
    other = Browser(app)
    other.login("colleague", PASSWORD)
    page = edit(admin, session, "colleague", office=uscc_of(2))
    assert "原来的角色（经办人）已收回，请安全管理员重新给予角色。" in page.text
    assert user(session, "colleague").roles == []
    account = session.get(Account, "colleague")
    assert (account.office.name, account.realm) == ("松原市人社局", "STAFF")
    lines = session.scalars(select(Line).order_by(Line.id.desc()).limit(2)).all()
    assert [(line.act, json.loads(line.detail)) for line in lines] == [
        ("edit", {"office": uscc_of(2), "role": None}),
        ("role", {"role": None, "before": "经办人"}),
    ]
    assert other.open("/phrases/list/").heading == "登录"


@pytest.mark.parametrize(
    ("username", "office", "words"),
    [
        ("colleague", "", "经办人须属于一个机构"),
        ("manager", uscc_of(4), "通知管理员须属于人社机构，松原江源设计院不是。"),
        ("auditor", uscc_of(4), "审计管理员不属于任何机构"),
    ],
)
def test_the_office_fits_the_role(admin, session, username, office, words):
    page = edit(admin, session, username, 400, office=office)
    assert words in page.one("#error-office").get_text()


def test_a_deactivated_account_is_out_at_once(admin, app, session):
    other = Browser(app)
    other.login("agent", PASSWORD)
    edit(admin, session, "agent", active=None)
    assert other.open("/phrases/list/").heading == "登录"
    other.login("agent", PASSWORD, status=400)


def test_the_account_of_a_person_can_be_stopped_and_nothing_else(admin, session):
    page = admin.open(f"/accounts/edit/{user(session, 'applicant').id}")
    session.rollback()
    assert "office" not in page.form(FORM).values
    edit(admin, session, "applicant", active=None)
    stopped = user(session, "applicant")
    assert not stopped.active and [role.name for role in stopped.roles] == ["申报人"]
    assert session.get(Account, "applicant").person is not None


def test_an_administrator_does_not_step_down_alone(admin, session):
    page = edit(admin, session, "admin", 400, active=None)
    assert "不能停用自己的账号" in page.text
    assert user(session, "admin").active


def test_one_of_each_administrator_remains(admin, session):
    page = edit(admin, session, "auditor", 400, active=None)
    assert "至少要保留一个启用的审计管理员。" in page.text
    edit(admin, session, "security", active=None)
    page = edit(admin, session, "security2", 400, active=None)
    assert "至少要保留一个启用的安全管理员。" in page.text
    assert [user(session, u).active for u in ("auditor", "security", "security2")] == [
        True, False, True,
    ]  # fmt: skip


def test_one_administrator_remains(admin, app, session):
    """The second one's request was under way when the first one stopped them."""
    other = Browser(app)
    other.login("admin2", PASSWORD)
    form = other.open(f"/accounts/edit/{user(session, 'admin').id}").form(FORM)
    edit(admin, session, "admin2", active=None)
    assert form.send(active=None).heading == "登录"
    assert user(session, "admin").active
    edit(admin, session, "admin2", active="y")
    assert user(session, "admin2").active


def test_two_who_stop_each_other_at_once_leave_one(admin, app, session):
    other = Browser(app)
    other.login("admin2", PASSWORD)
    forms = [
        admin.open(f"/accounts/edit/{user(session, 'admin2').id}").form(FORM),
        other.open(f"/accounts/edit/{user(session, 'admin').id}").form(FORM),
    ]
    session.rollback()
    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(form.page.browser.client.post, form.action, data=without_tick(form))
            for form in forms
        ]
    assert {answer.result().status_code for answer in sent} <= {302, 400}
    assert [user(session, name).active for name in ("admin", "admin2")].count(True) == 1


def without_tick(form) -> dict:
    return {name: value for name, value in form.values.items() if name != "active"}


def test_of_two_who_edit_the_second_is_told(admin, session):
    page = admin.open(f"/accounts/edit/{user(session, 'agent').id}")
    edit(admin, session, "agent", name="新名字")
    again = page.form(FORM).send(409, name="另一个")
    assert "别人刚刚改过这个账号" in again.text
    again.form(FORM).send()
    assert user(session, "agent").last_name == "另一个"


def labels_of(page) -> list[str]:
    return [words.partition(" ")[0] for words in page.texts("main label") if "密码" in words]


def test_resets_a_password(admin, app, session):
    page = admin.open(f"/accounts/password/{user(session, 'agent').id}")
    form = page.form(FORM)
    assert page.texts("main form button[type=submit]") == ["重置密码"]
    assert labels_of(page) == ["新密码", "再次输入新密码"]
    assert labels_of(admin.open("/accounts/add"))[-2:] == ["密码", "再次输入密码"]
    page = form.send(400, password="short", again="short")
    assert "密码为 10 到 128 个字符，现在是 5 个。" in page.text
    page.form(FORM).send(password="Neues-2026", again="Neues-2026")
    assert fits(user(session, "agent").password, "Neues-2026")
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    assert (line.actor, line.act, line.object_id, line.detail) == (
        "admin",
        "password",
        "agent",
        "{}",
    )
    Browser(app).login("agent", PASSWORD, status=400)
    Browser(app).login("agent", "Neues-2026")


@pytest.mark.parametrize(
    ("username", "words"),
    [
        ("admin", "不能重置自己的密码，请在“修改密码”中办理"),
        ("admin2", "管理员的密码不能在这里重置"),
        ("security", "管理员的密码不能在这里重置"),
        ("auditor", "管理员的密码不能在这里重置"),
    ],
)
def test_becomes_no_administrator_by_a_password(admin, session, username, words):
    pk, old = user(session, username).id, user(session, username).password
    session.rollback()
    form = admin.open(f"/accounts/password/{user(session, 'agent').id}").form(FORM)
    session.rollback()
    page = admin.open(f"/accounts/edit/{pk}")
    assert not page.select(f"a[href='/accounts/password/{pk}']")
    assert words in admin.open(f"/accounts/password/{pk}", status=403).text
    sent = form.values | {"password": "Neues-2026", "again": "Neues-2026"}
    assert words in admin.post(f"/accounts/password/{pk}", 403, sent).text
    assert user(session, username).password == old


def test_who_is_not_there_is_not_found(admin):
    admin.open("/accounts/edit/9999", status=404)
    admin.open("/accounts/password/9999", status=404)


def test_the_list_costs_the_same_whatever_its_length(admin, count_statements):
    with count_statements() as one:
        admin.open("/accounts/list/", query={"q": "applicant"})
    with count_statements() as nine:
        admin.open("/accounts/list/")
    assert len(one) == len(nine)
