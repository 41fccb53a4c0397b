"""单位注册: the pages up to the submission, and the desk of the office that manages the unit."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select, update

from models.binding import answer, ask
from models.clock import now
from models.drafts import LIFE
from models.filing import start
from models.journal import Line
from models.offices import Office
from models.people import Account, new_person
from models.permissions import Actor, Role
from models.sweeping import sweep_drafts
from models.unit_registration import Licence, UnitRegistration
from tests.adapters.samples import jpeg
from tests.client import Browser
from tests.worlds.base import PASSWORD as KNOWN
from tests.worlds.base import create_notice, create_office, id_no_of, uscc_of
from tests.worlds.registering import (
    LONG_NAME,
    MOBILE,
    OTHER_MOBILE,
    PASSWORD,
    last_code,
    messages,
    registering,
)

pytestmark = pytest.mark.world(build=registering)

UNIT = {
    "uscc": uscc_of(50), "name": "松原市𠮷水设计院", "nature": "02", "region": "220702",
    "legal_person": "孟宪林",
}  # fmt: skip
CONTACT = {
    "contact": "何清源", "contact_no": id_no_of(70), "mobile": MOBILE, "email": "he@example.com",
}  # fmt: skip
STEP = "form[enctype]"


def begin(client, status=200, **typed):
    return client.open("/register/legal?edit=1").form(STEP).send(status, **(UNIT | typed))


def prove(client, session, status=200, **contact):
    client.page.form(STEP).send(**(CONTACT | contact))
    code = last_code(session, (CONTACT | contact)["mobile"])
    return client.page.form(STEP).send(status, code=code)


def choose(client, words="水利局", superior="松原市水利局", status=200):
    page = client.page.form("form[role=search]").send(q=words)
    radio = next(r for r in page.select("input[type=radio]") if superior in r.parent.get_text())
    return page.form(STEP).send(status, superior=radio["value"])


def upload(client, data=None, name="执照.jpg", status=200):
    sent = {"csrf_token": client.csrf_token, "file": (BytesIO(data or jpeg()), name)}
    kind = "multipart/form-data"
    return client.post("/register/legal/licence", status, data=sent, content_type=kind)


def submit(client, status=200):
    return client.page.form(STEP).send(status, password=PASSWORD, again=PASSWORD)


def registered(client, session, **unit) -> UnitRegistration:
    """Everything, up to the submission."""
    begin(client, **unit)
    prove(client, session)
    choose(client)
    upload(client)
    submit(client)
    return the_one(session)


def the_one(session) -> UnitRegistration:
    session.rollback()
    return session.scalars(select(UnitRegistration)).one()


def test_from_the_certificate_to_the_first_login(app, client, session):
    assert begin(client).url == "/register/legal/contact"
    assert prove(client, session).url == "/register/legal/superior"
    assert choose(client).url == "/register/legal/licence"
    page = upload(client)
    assert page.url == "/register/legal/password"
    assert "不含姓名、证件号码、手机号，不用常见密码。" in page.text
    assert "用户名" not in page.text and "最近" not in page.text
    page = submit(client)
    assert page.url == "/register/legal/state" and "已提交给松原市水利局" in page.text
    assert page.one("main .zc-note a")["href"] == "/register/legal/again/"
    office = Browser(app)
    page = office.login("water", KNOWN)
    assert page.texts(".zc-todo li") == ["1 个单位申请注册"]
    page = page.follow("1 个单位申请注册")
    assert [row[:2] for row in page.rows()] == [[UNIT["name"], UNIT["uscc"]]]
    page = office.open(page.one("main tbody a")["href"])
    assert {"孟宪林", "宁江区", "何清源"} <= set(page.text.split())
    with office.client.get(page.one("img.zc-page")["src"]) as picture:
        assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    page = page.form("form[action*=agree]").send()
    assert "已同意，单位和法人账号已经开通。" in page.text
    assert office.open("/audit/list/").texts(".zc-todo li") == []
    found = the_one(session)
    assert (found.state, found.password_hash, found.decided_by) == ("APPROVED", "", "water")
    account = session.scalars(select(Account).where(Account.office == found.unit)).one()
    assert account.person.name == "何清源"
    assert (found.contact_no.sealed, found.contact_no.index) == (None, None)
    unit = found.unit
    assert (unit.name, unit.kind, unit.superior.name) == (UNIT["name"], "unit", "松原市水利局")
    assert (MOBILE, True) in [(to, "已通过" in words) for to, words in messages(session)]
    page = client.open("/login/legal").form().send(who=UNIT["uscc"], password=PASSWORD)
    assert "还没有填写法人账号持有人" not in page.text
    assert page.heading == "我的经办人" and UNIT["name"] in page.follow("单位信息").text
    acts = session.scalars(select(Line.act).where(Line.object_kind == "unit_registration"))
    assert list(acts) == ["submit", "agree"]


WRONG = {
    "uscc": [
        ("", "18 位"), (UNIT["uscc"][:-1] + "I", "18 位"), (uscc_of(50)[:-2] + "00", "校验位不对"),
    ],
    "name": [("", "请填写单位名称。"), ("长" * 101, "最多 100 字")],
    "nature": [("", "请选择单位性质。"), ("zz", "从列表中选择")],
    "region": [("", "请选择所在地区。")],
    "legal_person": [("", "请填写法定代表人。")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [(field, typed, words) for field, pairs in WRONG.items() for typed, words in pairs],
)
def test_what_cannot_be_is_told_at_its_field(client, session, field, typed, words):
    page = begin(client, 400, **{field: typed})
    assert words in page.one(f"#error-{field}").get_text()
    other = "name" if field != "name" else "legal_person"
    assert page.form(STEP).values[other] == UNIT[other]
    assert session.scalars(select(UnitRegistration)).all() == []


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("contact", "", "请填写联系人。"), ("contact_no", "", "请填写联系人身份证号。"),
        ("contact_no", id_no_of(70)[:-1], "身份证号应为 18 位"),
        ("mobile", "110", "手机号应为 11 位数字"),
        ("email", "a@b", "电子邮箱应类似"), ("email", "x" * 300 + "@a.b", "最多 254 字"),
    ],
)  # fmt: skip
def test_a_contact_that_cannot_be_reached(client, session, field, typed, words):
    begin(client)
    page = client.page.form(STEP).send(400, **(CONTACT | {field: typed}))
    assert words in page.one(f"#error-{field}").get_text() and messages(session) == []


def test_the_number_of_the_contact_is_his_own_and_shown_masked(client, session):
    """Who says another name says another number too; nothing of it stands in plain."""
    begin(client), prove(client, session)
    number = id_no_of(70)
    page = client.open("/register/legal/contact")
    assert f"已填 {number[:6]}********{number[-4:]}" in page.text
    page = page.form(STEP).send(400, contact="何清泉")
    assert "请填写联系人身份证号。" in page.one("#error-contact_no").get_text()
    page.form(STEP).send(contact="何清泉", contact_no=id_no_of(71))
    choose(client), upload(client)
    page = submit(client)
    shown = id_no_of(71)
    assert f"{shown[:6]}********{shown[-4:]}" in page.text and shown not in page.soup.decode()
    details = session.scalars(select(Line.detail)).all()
    assert not any(each in line for each in (number, shown) for line in details)


@pytest.mark.parametrize(
    ("contact", "words"),
    [("何清源", "在松原水利所有没办结的申报“松原水利通知”"), ("何清泉", "登记的姓名不一致")],
)
def test_who_declares_in_a_unit_does_not_get_its_account(app, client, session, contact, words):
    """Told to the office that answers, and not to the stranger who has typed his number."""
    water = session.scalars(select(Office).where(Office.name == "松原市水利局")).one()
    unit = Office(name="松原水利所", uscc=uscc_of(55), kind="unit", region="220702", superior=water)
    unit.nature = "02"
    session.add(unit)
    he = new_person(session, app.extensions["vault"], "何清源", id_no_of(70))
    answer(ask(session, he.id, unit, now(session)), True, "", "甲", now(session))
    notice = create_notice(session, water.superior, "松原水利通知")
    start(session, notice, Actor(Role.APPLICANT, "x", "x", he.id), now(session))
    session.commit()
    begin(client, uscc=uscc_of(55), name="松原水利所")
    prove(client, session, contact=contact)
    choose(client), upload(client)
    assert submit(client).url == "/register/legal/state"
    office = Browser(app)
    office.login("water", KNOWN)
    page = office.open(office.open("/units/list/").one("main tbody a")["href"])
    page = page.form("form[action*=agree]").send(409)
    assert "联系人不能持有法人账号：" in page.text and words in page.text
    found = the_one(session)
    assert (found.state, bool(found.contact_no)) == ("SUBMITTED", True)


def test_one_that_was_sent_before_the_holder_was_asked_for(app, client, session):
    """Its account is opened; on its pages stands what it still lacks."""
    registered(client, session)
    session.execute(update(UnitRegistration).values(contact_no_sealed=None, contact_no_index=None))
    session.commit()
    office = Browser(app)
    office.login("water", KNOWN)
    page = office.open(office.open("/units/list/").one("main tbody a")["href"])
    page.form("form[action*=agree]").send()
    page = client.open("/login/legal").form().send(who=UNIT["uscc"], password=PASSWORD)
    assert "还没有填写法人账号持有人。" in page.text
    page = page.follow("到“单位信息”填写")
    form = page.form("main form:has(.zc-actbar)")
    form.send(holder="何清源", number=id_no_of(70))
    for path in ("/unit/", "/agents/list/"):
        assert "还没有填写法人账号持有人" not in client.open(path).text


def test_a_taken_code_is_told_after_the_code_on_the_mobile_and_without_names(client, session):
    page = begin(client, uscc=uscc_of(4))
    assert page.url == "/register/legal/contact"
    page = prove(client, session, 409)
    assert "这个单位已经开通法人账号" in page.one("#error-uscc").get_text()
    assert "松原江源设计院" not in page.text
    page = begin(client, name="松原江源设计院", status=409)
    assert "已由另一个统一社会信用代码登记" in page.one("#error-name").get_text()


AUDITS = "这个代码是审核机构的，不能作为单位注册或导入。"


def test_the_code_of_an_office_that_audits_is_no_units(client, session):
    """Told to who has proved a mobile, and again to who goes on all the same."""
    page = begin(client, uscc=uscc_of(3), name="松原市水利局")
    assert page.url == "/register/legal/contact"
    page = prove(client, session, 409)
    assert AUDITS in page.one("#error-uscc").get_text()
    client.open("/register/legal/superior")
    choose(client, "人社局", "松原市人社局")
    upload(client)
    assert AUDITS in submit(client, 409).text
    assert the_one(session).state == "DRAFT"


def test_a_unit_that_has_become_an_office_that_audits_gets_no_account(app, client, session):
    session.execute(update(Account).where(Account.username == "legal").values(live=False))
    session.commit()
    registered(client, session, uscc=uscc_of(4), name="松原江源设计院")
    session.rollback()
    session.execute(update(Office).where(Office.uscc == uscc_of(4)).values(kind="department"))
    session.commit()
    office = Browser(app)
    office.login("water", KNOWN)
    page = office.open(f"/units/show/{the_one(session).id}")
    assert AUDITS in page.form("form[action*=agree]").send(409).text
    assert the_one(session).state == "SUBMITTED"
    assert session.scalars(select(Account.username).where(Account.mobile == MOBILE)).all() == []


def test_only_offices_that_audit_are_found_and_taken(client, session):
    begin(client)
    prove(client, session)
    page = client.page.form("form[role=search]").send(q="松原")
    found = [words.split()[0] for words in page.texts(".zc-radio")]
    assert found == ["松原市人社局", "松原市水利局", LONG_NAME]
    page = client.post(
        "/register/legal/superior", 400, {"csrf_token": client.csrf_token, "superior": uscc_of(4)}
    )
    assert the_one(session).superior is None
    assert "没有找到“%”" in client.open("/register/legal/superior", query={"q": "%"}).text


def test_a_file_that_is_no_certificate(client, session, app):
    begin(client)
    prove(client, session)
    choose(client)
    page = upload(client, b"MZ not a picture", "执照.jpg", 415)
    assert "“执照.jpg”没有上传" in page.one("#error-file").get_text()
    page = upload(client, b"x", "执照.exe", 415)
    assert "只收" in page.one("#error-file").get_text()
    assert session.scalars(select(Licence)).all() == []
    session.rollback()  # on SQLite who reads here lets nobody write
    upload(client)
    session.rollback()
    first = session.scalars(select(Licence.token)).one()
    client.open("/register/legal/licence")
    upload(client)
    session.rollback()
    second = session.scalars(select(Licence.token)).one()
    store = app.extensions["files"]
    assert second != first and store.path(second).exists() and not store.path(first).exists()


def test_refused_mended_from_another_browser_and_agreed(app, client, session):
    registered(client, session)
    office = Browser(app)
    office.login("water", KNOWN)
    pk = the_one(session).id
    page = office.open(f"/units/show/{pk}").form("form[action*=refuse]").send(400, reason=" ")
    assert "请写明原因" in page.one("#error-reason").get_text()
    office.open(f"/units/show/{pk}").form("form[action*=refuse]").send(reason="名称与执照不符")
    assert "名称与执照不符" in dict(messages(session))[MOBILE]
    other = Browser(app)
    page = other.open("/register/legal/again/").form(STEP).send(uscc=UNIT["uscc"])
    page = page.form(STEP).send(code=last_code(session, MOBILE))
    assert page.url == "/register/legal/state" and "名称与执照不符" in page.text
    # The key of the first browser opens it no more.
    assert client.open("/register/legal/state").url == "/register/legal"
    other.open("/register/legal/state").follow("修改后重新提交")
    page = other.page.form(STEP).send(name="松原市吉水设计院")
    assert page.url == "/register/legal/password"
    submit(other)
    found = the_one(session)
    assert (found.state, found.round, found.reason) == ("SUBMITTED", 2, "")


def test_a_code_opens_no_registration_of_another_mobile(app, client, session):
    """Who was refused has a code; then somebody else registers the unit, with a mobile of his."""
    registered(client, session)
    office = Browser(app)
    office.login("water", KNOWN)
    pk = the_one(session).id
    office.open(f"/units/show/{pk}").form("form[action*=refuse]").send(reason="不是本单位")
    page = client.open("/register/legal/again/").form(STEP).send(uscc=UNIT["uscc"])
    code, other = last_code(session, MOBILE), Browser(app)
    begin(other), prove(other, session, mobile=OTHER_MOBILE)
    choose(other), upload(other), submit(other)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(UnitRegistration)) == 2
    page = page.form(STEP).send(400, code=code)
    assert "验证码不对" in page.one("#error-code").get_text()
    assert OTHER_MOBILE in other.open("/register/legal/state").text


def test_an_answer_to_what_was_changed_since_is_refused(app, client, session):
    registered(client, session)
    office = Browser(app)
    office.login("water", KNOWN)
    pk = the_one(session).id
    form = office.open(f"/units/show/{pk}").form("form[action*=agree]")
    session.execute(update(UnitRegistration).values(round=2))
    session.commit()
    assert "又修改过" in form.send(409).text
    office.open(f"/units/show/{pk}").form("form[action*=agree]").send()
    assert "已经办理过：已开通" in form.send(409).text
    assert session.scalar(select(func.count()).select_from(User)) == 7


def test_passed_on_it_leaves_the_one_desk_and_comes_to_the_other(app, client, session):
    registered(client, session)
    water, bureau = Browser(app), Browser(app)
    water.login("water", KNOWN)
    bureau.login("bureau", KNOWN)
    pk = the_one(session).id
    bureau.open(f"/units/show/{pk}", status=404)
    bureau.open(f"/units/{pk}/licence", status=404)
    form = water.open(f"/units/show/{pk}").form("form[action*=pass]")
    assert "没有这个代码的审核机构" in form.send(400, office=uscc_of(4)).one("#error-office").text
    form.send(office=uscc_of(2))
    water.open(f"/units/show/{pk}", status=404)
    assert water.open("/units/list/").rows() == []
    assert bureau.open("/units/list/").rows()[0][0] == UNIT["name"]
    session.rollback()
    acts = session.scalars(select(Line.act).where(Line.object_kind == "unit_registration"))
    assert list(acts) == ["submit", "pass on"]


def test_the_offices_of_the_region_are_offered_at_once(client, session):
    """The nearest first, each with its code; without a hit there is still a way back."""
    begin(client)
    page = prove(client, session)
    near = ["松原市人社局", "松原市水利局", "省水利评委会办公室"]
    assert [name.split()[0] for name in page.texts(".zc-radio")] == [*near, LONG_NAME]
    assert page.texts(".zc-radio")[1] == f"松原市水利局 {uscc_of(3)}"
    assert page.texts(".zc-card-h")[0] == "选择主管部门 第 4 步，共 6 步"
    found = page.form("form[role=search]").send(q="人社局")
    assert [t.split()[0] for t in found.texts(".zc-radio")] == ["松原市人社局", "白城市人社局"]
    none = found.form("form[role=search]").send(q="%")
    assert none.texts(".zc-card-h")[0] == "选择主管部门 第 4 步，共 6 步"
    assert none.follow("上一步").url == "/register/legal/contact"


def test_a_list_of_offices_that_is_cut_off_says_so(client, session):
    for n in range(20, 40):
        create_office(session, f"白城市第{n}局", "bureau", uscc=uscc_of(n), region="220802")
    session.commit()
    begin(client)
    prove(client, session)
    page = client.page.form("form[role=search]").send(q="市第")
    assert (len(page.select(".zc-radio")), "只列出前" in page.text) == (20, False)
    page = page.form("form[role=search]").send(q="局")
    assert len(page.select(".zc-radio")) == 20 and "只列出前 20 个，请写得更完整。" in page.text
    assert page.texts(".zc-radio")[0].startswith("松原市人社局")


def test_the_address_of_a_form_leads_to_its_page(app, client, session):
    """Who reloads it, or comes back to it, sends nothing."""
    begin(client)
    client.page.form(STEP).send(**CONTACT)
    assert client.open("/register/legal/resend").url == "/register/legal/code"
    client.page.form(STEP).send(code=last_code(session, MOBILE))
    choose(client)
    upload(client)
    submit(client)
    pk = the_one(session).id
    water = Browser(app)
    water.login("water", KNOWN)
    for deed in ("agree", "refuse", "pass"):
        assert water.open(f"/units/{deed}/{pk}").url == f"/units/show/{pk}"
        water.open(f"/units/{deed}/999", status=404)
    assert water.page.browser.client.get("/files/x/delete").status_code == 405
    button = water.open(f"/units/show/{pk}").one("form[action*=agree] button")
    assert button["data-confirm"] == f"同意{UNIT['name']}注册？"
    water.open(f"/units/{pk}/licence/page/9", status=404)
    assert "已等 0 天" not in water.open(f"/units/show/{pk}").text
    session.rollback()
    opened = select(Line.id).where(Line.object_kind == "licence", Line.act != "upload")
    assert session.scalars(opened).all() == []


def test_a_unit_has_no_such_desk(client):
    client.login("agent", KNOWN)
    assert "单位注册" not in client.open("/").text
    client.open("/units/list/", status=403)


def test_one_registration_of_a_unit_waits(app, client, session):
    """The second finds out after its code, and where both had proved it before, at the end."""
    second = Browser(app)
    begin(second)
    prove(second, session, mobile="13800000004")
    choose(second)
    upload(second)
    begin(client)
    prove(client, session)
    choose(client)
    upload(client)
    submit(client)
    assert "正在审核" in submit(second, 409).text
    third = Browser(app)
    begin(third)
    assert "正在审核" in prove(third, session, 409, mobile="13800000005").one("#error-uscc").text


def test_a_unit_of_the_tree_goes_to_its_own_superior(app, client, session):
    """And is not made twice."""
    session.execute(update(Account).where(Account.username == "legal").values(live=False))
    session.commit()
    begin(client, uscc=uscc_of(4), name="松原江源设计院")
    prove(client, session)
    choose(client, "人社局", "松原市人社局")
    upload(client)
    submit(client)
    found = the_one(session)
    assert found.superior.name == "松原市水利局"
    office = Browser(app)
    office.login("water", KNOWN)
    before = session.scalar(select(func.count()).select_from(Office))
    office.open(f"/units/show/{found.id}").form("form[action*=agree]").send()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Office)) == before
    assert session.scalars(select(Account.office_id).where(Account.mobile == MOBILE)).all() == [4]


def test_nobody_learns_who_has_registered(app, client, session, count_statements):
    registered(client, session)
    seen = []
    for code in (UNIT["uscc"], uscc_of(77)):
        browser = Browser(app)
        browser.open("/register/legal/again/")
        with count_statements() as statements:
            page = browser.page.form(STEP).send(uscc=code)
        seen.append((page.text.replace(code, ""), list(statements)))
        wrong = page.form(STEP).send(400, code="000000")
        seen[-1] += (wrong.text.replace(code, ""),)
    assert seen[0] == seen[1]


def test_the_sweep_takes_drafts_and_leaves_what_was_sent(app, client, session):
    begin(client)
    prove(client, session)
    choose(client)
    upload(client)
    at = the_one(session).expires_at
    assert sweep_drafts(session, at - timedelta(seconds=1)) == 0
    session.rollback()
    submit(client)
    begin(Browser(app), uscc=uscc_of(51), name="另一个单位")
    session.rollback()
    assert sweep_drafts(session, at + LIFE) == 1
    assert session.scalars(select(UnitRegistration.state)).all() == ["SUBMITTED"]


def test_a_list_costs_the_same_whatever_its_length(app, client, session, count_statements):
    registered(client, session)
    office = Browser(app)
    office.login("water", KNOWN)
    with count_statements() as few:
        office.open("/units/list/")
    one = the_one(session)
    same = ("state", "mobile", "nature", "region", "legal_person", "superior_id", "password_hash")
    for n in range(60, 90):
        kept = {key: getattr(one, key) for key in same}
        about = {"uscc": uscc_of(n), "name": f"单位{n}", "submitted_at": one.submitted_at}
        new = UnitRegistration(**kept, **about, key=f"{n}", expires_at=one.expires_at)
        session.add(new)
    session.commit()
    with count_statements() as many:
        page = office.open("/units/list/")
    assert len(many) == len(few) and len(page.rows()) == 25
    assert re.search("待审核 31", page.text)
