"""我的经办人: the legal person's account and the agents of its office."""

import json

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from models.clock import now
from models.declaration import Step
from models.journal import Line
from models.offices import Office
from models.opinions import Phrase
from models.people import Account, Person
from models.realname import NameCheck
from tests.client import Browser
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import AGENT, APPLICANT, MOBILE, portals
from tests.worlds.two_units import OWN, two_units
from views.staffing import agent_named

pytestmark = pytest.mark.world(build=portals)

FORM = "main form[method=post]:has(.zc-actbar)"
UNIT, NEW = uscc_of(2), "13904389999"
SECRET = "Fresh-2026-Start"
HIS = {"number": id_no_of(APPLICANT)}
TYPED = {
    "name": "赵新", "number": id_no_of(21), "mobile": NEW, "password": SECRET, "again": SECRET,
}  # fmt: skip


@pytest.fixture
def legal(client):
    client.login("jiangyuan", PASSWORD)
    return client


def pk_of(session, username: str) -> int:
    pk = session.scalars(select(User.id).where(User.username == username)).one()
    session.rollback()  # on SQLite who goes on reading sees nothing that is written later
    return pk


def lines(session, username: str) -> list[tuple[str, str, dict]]:
    """What the journal says of an account since it was made."""
    of_it = (Line.object_kind == "account", Line.object_id == username, Line.act != "login")
    found = session.scalars(select(Line).where(*of_it).order_by(Line.id))
    return [(line.actor, line.act, json.loads(line.detail)) for line in found]


def edit(client: Browser, pk: int, status: int = 200, **typed):
    return client.open(f"/agents/edit/{pk}").form(FORM).send(status, **typed)


def signs_in(app, who: str, password: str, status: int = 200):
    form = Browser(app).open("/login/agent").form("main form[method=post]")
    return form.send(status, code=UNIT, who=who, password=password)


def test_the_own_agents_are_listed_and_no_others(legal):
    page = legal.open("/")
    assert page.heading == "我的经办人"
    number = id_no_of(AGENT)
    assert sorted(row[:6] for row in page.rows()) == [
        ["林雨晴", "负责人", "—", "—", "checker", "启用"],
        ["王淑华", "经办人", f"{number[:6]}********{number[-4:]}", MOBILE, "agent", "启用"],
        ["马骏", "经办人", "—", "—", "colleague", "启用"],
    ]


def test_a_new_agent_signs_in_at_the_panel(db, legal, session):
    page = legal.open("/agents/add").form(FORM).send(**TYPED)
    assert "已添加经办人" in page.text
    username = f"{UNIT.lower()}.1"
    account = session.get(Account, username)
    assert (account.realm, account.mobile, account.office.uscc) == ("AGENT", NEW, UNIT)
    assert account.person.name == "赵新"
    assert lines(session, username) == [("jiangyuan", "add", {"role": "经办人"})]
    for who in (NEW, id_no_of(21), id_no_of(21).lower()):
        assert signs_in(db.app, who, SECRET).heading == "修改密码"


def test_an_agent_who_is_a_person_here_becomes_that_person(legal, session):
    """The identity number has one place (decisions 14): the name must agree with it."""
    form = legal.open("/agents/add").form(FORM)
    page = form.send(400, **TYPED | HIS)
    assert "姓名与这个身份证号登记的姓名不一致" in page.one("#error-name").get_text()
    assert page.form(FORM).values["name"] == "赵新"
    assert "高建国" not in page.text
    page.form(FORM).send(**TYPED | HIS | {"name": "高建国"})
    accounts = session.scalars(select(Account).join(Person).where(Person.name == "高建国"))
    assert sorted(account.realm for account in accounts) == ["AGENT", "PERSON"]
    assert session.scalar(select(func.count()).select_from(Person)) == 2


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "请填写姓名。"),
        ({"name": "马骏"}, "name", "本机构已有启用的“马骏”"),
        ({"number": id_no_of(5)[:-1] + "A"}, "number", "身份证号应为 18 位"),
        ({"mobile": "1390438"}, "mobile", "手机号应为 11 位数字"),
        ({"number": ""}, "number", "请填写身份证号：经办人登录、回避本人的申报都要用。"),
        ({"password": "short", "again": "short"}, "password", "密码"),
        ({"again": "Other-2026-Start"}, "again", "两次输入的密码不一样"),
    ],
)
def test_what_an_agent_cannot_be(legal, session, typed, field, words):
    before = session.scalar(select(func.count()).select_from(Account))
    session.rollback()
    page = legal.open("/agents/add").form(FORM).send(400, **TYPED | typed)
    assert words in page.one(f"#error-{field}").get_text()
    assert [tag.get("value") for tag in page.select("input[type=password]")] == [None, None]
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_a_number_is_one_agents_in_the_unit(legal):
    page = legal.open("/agents/add").form(FORM).send(409, **TYPED | {"mobile": MOBILE})
    assert "这个手机号已经用于本机构的另一个经办人" in page.one("#error-mobile").get_text()
    assert page.one("#number")["value"] == TYPED["number"] and page.select(".zc-flash") == []
    again = {"name": "王淑华", "number": id_no_of(AGENT)}
    page = legal.open("/agents/add").form(FORM).send(400, **TYPED | again)
    assert "本机构已有启用的“王淑华”" in page.text


def test_what_is_changed_holds_at_the_next_request(db, legal, session):
    """An open session of the agent meets the new name at once; a new role or password ends it."""
    other = Browser(db.app)
    other.login("colleague", PASSWORD)
    pk = pk_of(session, "colleague")
    edit(legal, pk, name="马骏杰", number=id_no_of(22), mobile=NEW)
    assert other.open("/audit/list/").texts(".zc-menu.zc-hide-m summary") == ["马骏杰"]
    edit(legal, pk, checker="y")
    assert other.open("/requests/list/").heading == "登录"
    other.login("colleague", PASSWORD)
    other.open("/requests/list/", status=403)
    edit(legal, pk, password=SECRET, again=SECRET)
    assert other.open("/confirm/list/").heading == "登录"
    assert signs_in(db.app, NEW, PASSWORD, 400).status == 400
    assert signs_in(db.app, NEW, SECRET).heading == "修改密码"
    assert lines(session, "colleague") == [
        (
            "jiangyuan",
            "edit",
            {"name": "马骏杰", "password": False, "mobile": True, "identified": True},
        ),
        ("jiangyuan", "edit", {"role": "负责人", "password": False, "mobile": False}),
        ("jiangyuan", "edit", {"password": True, "mobile": False}),
    ]


def test_two_who_edit_at_once(legal, session):
    pk = pk_of(session, "colleague")
    old = legal.open(f"/agents/edit/{pk}").form(FORM)
    edit(legal, pk, mobile=NEW, number=id_no_of(22))
    page = old.send(409, mobile="13904388888")
    assert "别人刚刚改过这个账号" in page.text
    assert session.get(Account, "colleague").mobile == NEW


def test_another_person_is_another_account(legal, session):
    page = edit(legal, pk_of(session, "agent"), 400, number=id_no_of(APPLICANT))
    assert "这个账号已登记为另一个身份证号" in page.one("#error-number").get_text()


class TestAWrongName:
    """What the unit has typed itself it may mend, until the person acts under it himself."""

    def test_of_nobody_but_the_agent_is_corrected(self, legal, session):
        pk = pk_of(session, "agent")
        edit(legal, pk, name="王淑桦")
        account = session.get(Account, "agent")
        assert account.person.name == "王淑桦"
        person = (Line.object_kind == "person", Line.act == "correct_name")
        line = session.scalars(select(Line).where(*person)).one()
        names = {"before": "王淑华", "after": "王淑桦"}
        assert (line.actor, json.loads(line.detail)) == ("jiangyuan", names)

    def test_of_a_person_with_an_account_stays_and_the_unit_hears_what_to_do(self, legal, session):
        person = session.scalars(select(Person).where(Person.name == "高建国")).one()
        session.get(Account, "colleague").person = person
        session.commit()
        pk = pk_of(session, "colleague")
        page = edit(legal, pk, 400, name="高建民")
        assert "登记有误的，由本人以正确的姓名注册个人账号" in page.one("#error-name").get_text()
        edit(legal, pk, mobile=NEW)  # the name as it stands is in nobody's way
        edit(legal, pk, name="高建国")
        session.rollback()
        assert session.get(Account, "colleague").person.name == "高建国"

    @pytest.mark.parametrize("finding", ["OK", "MISMATCH"])
    def test_that_was_checked_stays_too(self, legal, session, finding):
        person = session.get(Account, "agent").person
        session.add(NameCheck(person=person, finding=finding, asked_at=now(session)))
        session.commit()
        edit(legal, pk_of(session, "agent"), 400 if finding == "OK" else 200, name="王淑桦")
        session.refresh(person)
        assert person.name == ("王淑华" if finding == "OK" else "王淑桦")

    @pytest.mark.parametrize(
        ("username", "office", "live", "status"),
        [
            ("stranger", 3, True, 400),
            ("baicheng", 3, True, 400),
            ("stranger", 3, False, 200),
            ("jiangyuan", 2, True, 200),
        ],
    )
    def test_of_who_is_somebody_elsewhere_too_stays(
        self, legal, session, username, office, live, status
    ):
        """Who adds him by number and name does not call him otherwise in another unit."""
        person, other = session.get(Account, "agent").person, session.get(Account, username)
        assert other.office.uscc == uscc_of(office)
        other.person, other.live = person, live
        session.commit()
        page = edit(legal, pk_of(session, "agent"), status, name="王淑桦")
        if status == 400:
            assert "登记的姓名不能在这里改" in page.one("#error-name").get_text()
        session.refresh(person)
        assert person.name == ("王淑华" if status == 400 else "王淑桦")

    @pytest.mark.parametrize(
        ("typed", "name"),
        [("王淑华（二科）", "王淑华"), ("王淑华 (2)", "王淑华")],
    )
    def test_what_tells_namesakes_apart_is_no_name(self, legal, session, typed, name):
        twin = TYPED | {"name": typed}
        legal.open("/agents/add").form(FORM).send(**twin)
        person = select(Person.name).join(Account).where(Account.username == f"{UNIT.lower()}.1")
        assert session.scalars(person).one() == name

    def test_an_addition_alone_is_no_name(self, legal, session):
        page = legal.open("/agents/add").form(FORM).send(400, **TYPED | {"name": "（二科）"})
        assert "请照身份证填写" in page.one("#error-name").get_text()
        assert session.get(Account, f"{UNIT.lower()}.1") is None


@pytest.mark.parametrize("deed", ["edit", "leave", "enable"])
@pytest.mark.parametrize("username", ["stranger", "jiangyuan", "applicant", "manager", "admin"])
def test_whoever_is_not_its_own_agent_is_not_there(legal, session, deed, username):
    pk = pk_of(session, username)
    data = {"csrf_token": legal.csrf_token, "then": "disable"}
    legal.post(f"/agents/{deed}/{pk}", status=404, data=data)
    assert session.get(User, pk).active is True


class TestLeaving:
    def test_who_is_disabled_is_out_at_the_next_request(self, db, legal, session):
        other = Browser(db.app)
        other.login("colleague", PASSWORD)
        pk = pk_of(session, "colleague")
        page = legal.open(f"/agents/leave/{pk}")
        assert "马骏名下没有没办完的工作。" in page.text
        page.form(FORM).send(button="then=disable")
        assert other.open("/audit/list/").url.startswith("/login/")
        other.login("colleague", PASSWORD, 400)
        legal.post(f"/agents/enable/{pk}", data={"csrf_token": legal.csrf_token})
        assert Browser(db.app).login("colleague", PASSWORD).url == "/audit/list/"
        assert [act for _actor, act, _detail in lines(session, "colleague")] == [
            "disable", "enable",
        ]  # fmt: skip

    def test_the_number_of_who_left_is_free_and_he_cannot_come_back_with_it(self, legal, session):
        pk = pk_of(session, "agent")
        legal.open(f"/agents/leave/{pk}").form(FORM).send(button="then=disable")
        legal.open("/agents/add").form(FORM).send(**TYPED | {"mobile": MOBILE})
        page = legal.post(f"/agents/enable/{pk}", status=409, data={"csrf_token": legal.csrf_token})
        assert "这个手机号已经用于本机构的另一个经办人" in page.text

    def test_the_last_checker_stays_while_four_eyes_are_wanted(self, legal, session):
        pk = pk_of(session, "checker")
        unit = session.scalars(select(Office).where(Office.uscc == UNIT)).one()
        unit.four_eyes = True
        session.commit()
        leave = legal.open(f"/agents/leave/{pk}").form(FORM)
        assert "至少要有一名启用的负责人" in leave.send(409, button="then=disable").text
        page = edit(legal, pk, 400, mobile=NEW, number=id_no_of(22), checker=None)
        assert "至少要有一名启用的负责人" in page.one("#error-checker").get_text()


@pytest.mark.world(build=two_units)
class TestHandingOver:
    """What an agent has opened and not decided, and his phrases, go to who goes on with it."""

    @pytest.fixture
    def opened(self, db, session) -> int:
        agent = Browser(db.app)
        agent.login("agent", PASSWORD)
        waiting = select(Step).where(Step.state == "PENDING", Step.opened_by == "")
        step = session.scalars(
            waiting.join(Office).where(Office.name.startswith(OWN.office)).order_by(Step.id)
        ).first()
        session.rollback()
        agent.open(f"/audit/{step.declaration_id}")
        return step.id

    @pytest.fixture
    def leave(self, client, session, opened):
        client.login("legal", PASSWORD)
        return client.open(f"/agents/leave/{pk_of(session, 'agent')}").form(FORM)

    def test_nothing_open_is_left_to_nobody(self, leave, session, opened):
        assert "已打开、待审：" in leave.page.text and "常用意见 1 条" in leave.page.text
        page = leave.send(400, button="then=disable", heir="")
        assert "名下还有没办完的工作，请选择接手的经办人。" in page.text
        assert page.select("#errsum")
        assert session.get(User, pk_of(session, "agent")).active is True
        session.rollback()
        for nobody in ("agent", "agent-b", "checker", "bureau"):
            leave.send(400, button="then=disable", heir=nobody)
        assert session.get(Step, opened).opened_by == f"{OWN.person}agent"

    def test_all_of_it_goes_to_the_heir(self, leave, session, opened):
        leave.send(button="then=disable", heir="agent2")
        step = session.get(Step, opened)
        assert step.opened_by == f"{OWN.person}agent2"
        phrases = select(func.count()).select_from(Phrase)
        assert session.scalar(phrases.where(Phrase.username == "agent")) == 0
        assert session.scalar(phrases.where(Phrase.username == "agent2")) == 1
        assert lines(session, "agent") == [
            ("legal", "hand_over", {"to": "agent2", "declarations": [step.declaration_id],
             "proposals": [], "phrases": 1}),
            ("legal", "disable", {}),
        ]  # fmt: skip

    def test_it_can_be_handed_over_without_leaving(self, leave, session, opened):
        page = leave.send(button="then=keep", heir="agent2")
        assert "已交接。" in page.text
        assert session.get(User, pk_of(session, "agent")).active is True
        assert session.get(Step, opened).opened_by == f"{OWN.person}agent2"

    def test_who_has_open_work_does_not_become_the_checker(self, leave, session):
        page = edit(leave.page.browser, pk_of(session, "agent"), 400, checker="y", mobile=NEW)
        assert "请先交接，再改为负责人" in page.one("#error-checker").get_text()

    def test_work_keeps_its_owner_through_a_change_of_name(self, leave, session, opened):
        edit(leave.page.browser, pk_of(session, "agent"), name="王淑华", number=id_no_of(901))
        assert session.get(Step, opened).opened_by == "王淑华"

    def test_an_agent_does_not_audit_his_own_declaration(self, db, leave, session, opened):
        """Once his identity number is known, whatever account he declared with."""
        person = session.get(Step, opened).declaration.person
        number = db.app.extensions["vault"].open(person.id_no, "person", "id_no", person.uid)
        name, version = person.name, str(session.get(Step, opened).declaration.version)
        declaration = session.get(Step, opened).declaration_id
        session.rollback()
        edit(leave.page.browser, pk_of(session, "agent2"), name=name, number=number, mobile=NEW)
        agent = Browser(db.app)
        page = agent.login("agent2", PASSWORD).browser.open(f"/audit/{declaration}")
        assert "这是您本人的申报，不能自己审核。" in page.text
        token = {"csrf_token": agent.csrf_token, "version": version, "action": "pass"}
        agent.post(f"/audit/{declaration}/decide", status=403, data=token)

    def test_nor_by_an_account_with_the_mobile_of_his_own(self, db, leave, session, opened):
        """Who has proved a mobile for himself is meant by it, where nobody named the agent."""
        step = session.get(Step, opened)
        his = (Account.person_id == step.declaration.person_id, Account.realm == "PERSON")
        own = session.scalars(select(Account).where(*his)).one()
        own.mobile = session.get(Account, "agent2").mobile = NEW
        declaration, person = step.declaration_id, own.person_id
        version = str(step.declaration.version)
        session.commit()
        assert agent_named(session, "agent2").person_id == person
        session.rollback()  # on SQLite who goes on reading cannot write afterwards
        agent = Browser(db.app)
        page = agent.login("agent2", PASSWORD).browser.open(f"/audit/{declaration}")
        assert "这是您本人的申报，不能自己审核。" in page.text
        token = {"csrf_token": agent.csrf_token, "version": version, "action": "pass"}
        agent.post(f"/audit/{declaration}/decide", status=403, data=token)
        agent.open("/mine/list/", status=403)  # it is kept from him, and nothing is given
        session.scalars(select(Account).where(*his)).one().live = False
        session.commit()
        assert "这是您本人的申报" not in agent.open(f"/audit/{declaration}").text
        assert agent_named(session, "agent2").person_id is None
