"""登录 by panel: whoever knows the number and the password comes in, and nobody learns more."""

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import text

from models.people import Account
from tests.client import Browser
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import AGENT, APPLICANT, MOBILE, OTHER, portals
from views import entering, panels

pytestmark = pytest.mark.world(build=portals)

UNIT, OTHER_UNIT, NOWHERE = uscc_of(2), uscc_of(3), uscc_of(77)
FORM = "main form[method=post]"
WRONG = "号码或密码不对，请重新输入。"


def enter(client: Browser, panel: str, status: int = 200, **typed):
    form = client.open(f"/login/{panel}").form(FORM)
    return form.send(status, **{"password": PASSWORD} | typed)


@pytest.mark.parametrize(
    ("panel", "typed", "name"),
    [
        ("person", {"who": id_no_of(APPLICANT)}, "高建国"),
        ("person", {"who": f" {id_no_of(APPLICANT).lower()} "}, "高建国"),
        ("person", {"who": OTHER}, "高建国"),
        ("legal", {"who": UNIT}, "jiangyuan"),
        ("legal", {"who": OTHER_UNIT.lower()}, "baicheng"),
        ("legal", {"who": "jiangyuan"}, "jiangyuan"),
        ("legal", {"who": "JiangYuan"}, "jiangyuan"),
        ("agent", {"code": UNIT, "who": MOBILE}, "王淑华"),
        ("agent", {"code": "JIANGYUAN", "who": MOBILE}, "王淑华"),
        ("agent", {"code": "baicheng", "who": MOBILE}, "stranger"),
        ("agent", {"code": UNIT, "who": id_no_of(AGENT)}, "王淑华"),
        ("agent", {"code": OTHER_UNIT, "who": MOBILE}, "stranger"),
    ],
)
def test_a_panel_lets_in_whom_the_number_means(client, panel, typed, name):
    page = enter(client, panel, **typed)
    assert page.texts(".zc-menu.zc-hide-m summary") == [name]


UNKNOWN = [
    ("person", {"who": id_no_of(APPLICANT)}, {"who": id_no_of(AGENT)}),
    ("person", {"who": OTHER}, {"who": MOBILE}),
    ("legal", {"who": UNIT}, {"who": NOWHERE}),
    ("legal", {"who": "jiangyuan"}, {"who": "agent"}),
    ("agent", {"code": UNIT, "who": MOBILE}, {"code": NOWHERE, "who": MOBILE}),
    ("agent", {"code": UNIT, "who": MOBILE}, {"code": UNIT, "who": OTHER}),
    ("agent", {"code": "jiangyuan", "who": MOBILE}, {"code": "manager", "who": MOBILE}),
    ("agent", {"code": "jiangyuan", "who": MOBILE}, {"code": "agent", "who": MOBILE}),
    ("agent", {"code": UNIT, "who": id_no_of(AGENT)}, {"code": OTHER_UNIT, "who": id_no_of(AGENT)}),
]


@pytest.mark.parametrize(("panel", "known", "unknown"), UNKNOWN)
def test_unknown_and_wrong_look_alike(db, count_statements, monkeypatch, panel, known, unknown):
    """One sentence, one status, the same statements, one hash: also where the number is that of
    an account of another panel or unit, with its right password."""
    hashes = []
    right = entering.fits
    monkeypatch.setattr(entering, "fits", lambda *given: hashes.append(1) or right(*given))
    answers = []
    for typed in (known | {"password": "Wrong-2026-Words"}, unknown | {"password": PASSWORD}):
        client = Browser(db.app)
        form = client.open(f"/login/{panel}").form(FORM)
        with count_statements() as seen:
            page = form.send(400, **typed)
        answers.append((page.texts(".zc-flash, [role=alert]"), list(seen), len(hashes)))
        hashes.clear()
        assert {name: page.form(FORM).values[name] for name in unknown} == {
            name: typed[name] for name in unknown
        }
        assert "value" not in page.one("input[name=password]").attrs
    assert WRONG in " ".join(answers[0][0])
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


@pytest.mark.parametrize(
    ("panel", "typed", "field", "words"),
    [
        ("person", {"who": ""}, "who", "请填写身份证号或手机号。"),
        ("person", {"who": id_no_of(1)[:-1] + "5"}, "who", "校验位不对"),
        ("person", {"who": "12904380001"}, "who", "手机号应为 11 位数字"),
        ("person", {"who": "高建国"}, "who", "请填写 18 位身份证号或 11 位手机号。"),
        ("legal", {"who": UNIT[:-1] + "9"}, "who", "校验位不对"),
        ("legal", {"who": "江源"}, "who", "或注册时的法人账号"),
        ("agent", {"code": "1", "who": MOBILE}, "code", "请填写 18 位统一社会信用代码，或"),
        ("agent", {"code": UNIT[:-1] + "9", "who": MOBILE}, "code", "校验位不对"),
        ("agent", {"code": UNIT, "who": MOBILE, "password": ""}, "password", "请填写密码。"),
    ],
)
def test_what_cannot_be_a_number_is_asked_of_nobody(
    client, count_statements, panel, typed, field, words
):
    form = client.open(f"/login/{panel}").form(FORM)
    with count_statements() as seen:
        page = form.send(400, **{"password": PASSWORD} | typed)
    assert words in page.one(f"#error-{field}").get_text()
    assert len(seen) == 0


def test_of_two_names_that_differ_in_case_alone_the_one_that_was_spelt_is_meant(client, session):
    """The framework keeps names apart by their case."""
    for table in (User.__table__, Account.__table__):
        twin = table.update().where(table.c.username == "baicheng").values(username="JIANGYUAN")
        session.execute(twin)
    session.commit()
    for who in ("jiangyuan", "JIANGYUAN"):
        page = enter(client, "legal", who=who)
        assert page.texts(".zc-menu.zc-hide-m summary") == ["baicheng" if who.isupper() else who]
        client.post("/logout/", data={"csrf_token": client.csrf_token})
    for code, name in (("jiangyuan", "王淑华"), ("JIANGYUAN", "stranger")):
        page = enter(client, "agent", code=code, who=MOBILE)
        assert page.texts(".zc-menu.zc-hide-m summary") == [name]
        client.post("/logout/", data={"csrf_token": client.csrf_token})


def test_who_is_disabled_is_unknown(client, session):
    session.execute(User.__table__.update().where(User.username == "agent").values(active=False))
    session.commit()
    assert WRONG in enter(client, "agent", 400, code=UNIT, who=MOBILE).text


@pytest.mark.parametrize(
    ("form", "typed", "index"),
    [
        (panels.PersonPanel, {"who": OTHER}, "uq_account_mobile"),
        (panels.PersonPanel, {"who": id_no_of(APPLICANT)}, "uq_account_person"),
        (panels.LegalPanel, {"who": UNIT}, "uq_account_legal"),
        (panels.AgentPanel, {"code": UNIT, "who": MOBILE}, "uq_account_agent_mobile"),
        (panels.AgentPanel, {"code": UNIT, "who": id_no_of(AGENT)}, "uq_account_agent_person"),
    ],
)
def test_an_index_finds_the_account(db, session, form, typed, index):
    with db.app.test_request_context(method="POST", data=typed):
        wanted = form(meta={"csrf": False}).wanted()
        plain = wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    for setting in ("seqscan", "hashjoin", "mergejoin") if db.kind == "postgresql" else ():
        session.execute(text(f"SET enable_{setting} = off"))
    explain = "EXPLAIN" if db.kind == "postgresql" else "EXPLAIN QUERY PLAN"
    plan = "\n".join(str(tuple(row)) for row in session.execute(text(f"{explain} {plain}")))
    assert index in plan


def test_the_indices_keep_one_account_a_number(db, session):
    unit = session.get(Account, "agent").office_id
    person = session.get(Account, "applicant").person_id
    twins = {
        "PERSON person": Account(realm="PERSON", person_id=person),
        "PERSON mobile": Account(realm="PERSON", mobile=OTHER),
        "LEGAL": Account(realm="LEGAL", office_id=unit),
        "AGENT mobile": Account(realm="AGENT", office_id=unit, mobile=MOBILE),
    }
    for name, twin in twins.items():
        twin.username = "twin"
        session.add(twin)
        with pytest.raises(Exception, match=r"(?i)unique"):
            session.flush()
        session.rollback()
        closed = Account(username="twin", live=False, **{
            key: getattr(twin, key) for key in ("realm", "office_id", "person_id", "mobile")
        })  # fmt: skip
        session.add(closed)
        session.flush()
        session.rollback()
        assert name


HINTS = {
    "person": [],
    "legal": ["单位注册审核通过后才能登录。"],
    "agent": ["还没有经办人账号？请用法人账号登录，在“我的经办人”里添加。"],
}


class TestEntrance:
    def test_it_leads_a_stranger_to_the_panels(self, client):
        page = client.open("/")
        links = {a.get_text(strip=True): a["href"] for a in page.select("main a")}
        assert links == {
            "个人登录": "/login/person",
            "经办人登录": "/login/agent",
            "法人登录": "/login/legal",
            "用户名登录": "/login/",
            "注册个人账号": "/register/person",
            "注册单位": "/register/legal",
            "查询或修改单位注册": "/register/legal/again/",
            "激活法人账号": "/activate/legal",
            "找回个人密码": "/recover/person",
            "找回法人密码": "/recover/legal",
            "找回经办人密码": "/recover/agent",
        }

    def test_the_panels_lead_to_each_other_and_keep_where_one_wanted_to_go(self, client):
        page = client.open("/requests/list/")
        assert page.url == "/?next=/requests/list/"
        nowhere = page.follow("注册单位").url
        assert nowhere == "/register/legal"
        for word, path in (("个人", "person"), ("法人", "legal"), ("经办人", "agent")):
            page = page.follow(f"{word}登录")
            assert page.url == f"/login/{path}?next=/requests/list/"
            assert page.texts(".zc-tabs a[aria-current]") == [f"{word}登录"]
        page = page.form(FORM).send(code=UNIT, who=MOBILE, password=PASSWORD)
        assert page.url == "/requests/list/"

    def test_the_panels_say_what_keeps_one_out(self, client):
        """The same to everybody, whatever was typed."""
        said = {p: client.open(f"/login/{p}").texts("main .zc-hint") for p in HINTS}
        assert said == HINTS
        assert enter(client, "legal", 400, who=NOWHERE).texts("main .zc-hint") == HINTS["legal"]
        page = client.page.follow("查询或修改单位注册")
        assert page.heading == "查询或修改单位注册"

    def test_who_is_signed_in_goes_to_the_desk(self, client):
        client.login("agent", PASSWORD)
        assert client.open("/").url == "/audit/list/"
        assert client.open("/login/legal").url == "/audit/list/"
