"""单位信息: what the legal person's account keeps of its own office."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models.binding import BindingState, answer, end, live_binding
from models.clock import now
from models.filing import start
from models.notice import Notice
from models.offices import Office
from models.people import Account, Person
from models.permissions import Actor, Role
from models.words import NotAllowed
from tests.client import Browser
from tests.worlds.base import PASSWORD, create_account, id_no_of, uscc_of
from tests.worlds.portals import APPLICANT, portals

pytestmark = pytest.mark.world(build=portals)

FORM = "main form:has(.zc-actbar)"


@pytest.fixture
def legal(client):
    client.login("jiangyuan", PASSWORD)
    return client


@pytest.fixture
def unit(session) -> Office:
    found = session.scalars(select(Office).where(Office.uscc == uscc_of(2))).one()
    session.rollback()  # on SQLite who goes on reading sees nothing that is written later
    return found


@pytest.fixture
def applying(session, unit) -> Actor:
    """The applicant, bound to the unit."""
    person = session.get(Account, "applicant").person
    answer(live_binding(session, person.id), True, "", "王淑华", now(session))
    session.commit()
    assert live_binding(session, person.id).state == BindingState.BOUND
    who = Actor(Role.APPLICANT, "applicant", person.name, person.id)
    session.rollback()
    return who


def held_up(db) -> int:
    """Statements that wait for the lock of somebody else."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with db.engine.connect() as connection:
        return connection.scalar(text(query))


def begin(session, applying: Actor) -> None:
    start(session, session.scalars(select(Notice)).one(), applying, now(session))
    session.commit()


def test_the_own_unit_is_shown_and_its_telephone_changed(legal, session, unit):
    page = legal.open("/unit/")
    assert ("松原江源设计院", uscc_of(2), "松原市人社局") == tuple(
        page.texts("main .zc-kv dd")[n] for n in (0, 1, 5)
    )
    old = legal.open("/unit/").form(FORM)
    page.form(FORM).send(telephone="0438-9999")
    session.rollback()
    assert unit.telephone == "0438-9999"
    page = old.send(409, telephone="0438-1111")
    assert page.form(FORM).values["telephone"] == "0438-1111"
    assert "现在保存的是：0438-9999" in page.text
    page = page.form(FORM).send(400, telephone="1" * 31)
    assert "联系电话最多 30 字，现在是 31 字。" in page.one("#error-telephone").get_text()


def test_four_eyes_need_somebody_who_confirms(legal, session, unit):
    session.execute(update(User).where(User.username == "checker").values(active=False))
    session.commit()
    page = legal.open("/unit/").form(FORM).send(400, four_eyes="y")
    assert "请先为本机构设一名启用的负责人" in page.one("#error-four_eyes").get_text()
    session.execute(update(User).where(User.username == "checker").values(active=True))
    session.commit()
    legal.open("/unit/").form(FORM).send(four_eyes="y")
    session.rollback()
    assert unit.four_eyes is True


class TestTheHolder:
    """Whoever declares by way of a unit does not hold its legal account (domain 06.7)."""

    NAMED = {"holder": "高建国", "number": id_no_of(APPLICANT)}

    def test_who_declares_here_cannot_hold_it(self, legal, session, applying):
        begin(session, applying)
        page = legal.open("/unit/").form(FORM).send(400, **self.NAMED)
        words = "高建国在松原江源设计院有没办结的申报“松原水利通知”"
        assert words in page.one("#error-holder").get_text()
        assert session.get(Account, "jiangyuan").person_id is None

    def test_who_holds_it_cannot_declare_here(self, legal, session, applying):
        legal.open("/unit/").form(FORM).send(**self.NAMED)
        assert session.get(Account, "jiangyuan").person_id == applying.person_id
        with pytest.raises(NotAllowed, match="您持有松原江源设计院的法人账号"):
            begin(session, applying)

    def test_nor_is_it_given_him_as_a_role(self, app, session, unit, applying):
        begin(session, applying)
        person, unit = session.get(Account, "applicant").person, session.get(Office, unit.id)
        user = create_account(session, "gao", None, unit, person)
        session.get(Account, "jiangyuan").live = False
        create_account(session, "security", Role.SECURITY_ADMIN)
        session.commit()
        security = Browser(app).login("security", PASSWORD).browser
        form = security.open(f"/roles/edit/{user.id}").form("main form:has(#role)")
        session.rollback()
        page = form.send(400, role="法人", reason="换人")
        assert "高建国在松原江源设计院有没办结的申报" in page.one("#error-role").get_text()

    def test_nor_is_his_account_switched_on_again(self, app, legal, session, applying):
        """Who declares by way of the unit while the account is closed."""
        legal.open("/unit/").form(FORM).send(**self.NAMED)
        user = session.scalars(select(User).where(User.username == "jiangyuan")).one()
        user.active = session.get(Account, "jiangyuan").live = False
        session.commit()
        begin(session, applying)
        pk = user.id
        session.rollback()
        admin = Browser(app).login("admin", PASSWORD).browser
        page = admin.open(f"/accounts/edit/{pk}").form("main form:has(#active)")
        page = page.send(400, active="y")
        assert "高建国在松原江源设计院有没办结的申报" in page.one("#error-active").get_text()
        assert session.get(Account, "jiangyuan").live is False

    @pytest.mark.databases("postgresql")
    def test_who_gets_it_as_a_role_waits_for_him_who_begins_to_declare(
        self, db, session, unit, applying
    ):
        if db.kind != "postgresql":  # SQLite has one writer at a time
            return
        person, there = session.get(Account, "applicant").person, session.get(Office, unit.id)
        pk = create_account(session, "gao", None, there, person).id
        session.get(Account, "jiangyuan").live = False
        create_account(session, "security", Role.SECURITY_ADMIN)
        session.commit()
        security = Browser(db.app).login("security", PASSWORD).browser
        form = security.open(f"/roles/edit/{pk}").form("main form:has(#role)")
        data = form.values | {"role": "法人", "reason": "换人"}
        start(session, session.scalars(select(Notice)).one(), applying, now(session))
        with ThreadPoolExecutor() as pool:
            answer_ = pool.submit(security.client.post, form.action, data=data)
            while not (answer_.done() or held_up(db)):
                pass
            session.commit()
            assert answer_.result(60).status_code == 400

    @pytest.mark.databases("postgresql")
    def test_who_loses_his_number_at_that_moment_declares_nothing(self, db, session, applying):
        """As who registers by a name that was checked takes it: the person, then the binding."""
        if db.kind != "postgresql":  # SQLite has one writer at a time
            return
        session.get_one(Person, applying.person_id, with_for_update=True)
        end(live_binding(session, applying.person_id), now(session))
        session.flush()

        def declares() -> None:
            with Session(db.engine) as own:
                start(own, own.scalars(select(Notice)).one(), applying, now(own))

        with ThreadPoolExecutor() as pool:
            begun = pool.submit(declares)
            while not (begun.done() or held_up(db)):
                pass
            session.commit()
            with pytest.raises(NotAllowed, match="请先绑定推荐单位"):
                begun.result(60)

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"holder": "高建民"}, "holder", "姓名与这个身份证号登记的姓名不一致"),
            ({"holder": ""}, "holder", "请填写持有人的姓名。"),
            ({"number": ""}, "number", "请填写持有人的身份证号。"),
            ({"number": "1"}, "number", "身份证号应为 18 位"),
        ],
    )
    def test_a_holder_is_a_person(self, legal, session, typed, field, words):
        page = legal.open("/unit/").form(FORM).send(400, **self.NAMED | typed)
        assert words in page.one(f"#error-{field}").get_text()
        assert id_no_of(APPLICANT) not in page.text
        assert session.get(Account, "jiangyuan").person_id is None

    def test_he_is_shown_masked(self, legal):
        legal.open("/unit/").form(FORM).send(**self.NAMED)
        page = legal.open("/unit/")
        number = id_no_of(APPLICANT)
        assert page.form(FORM).values["holder"] == "高建国"
        assert f"已填 {number[:6]}********{number[-4:]}" in page.text
        assert number not in page.soup.decode()
