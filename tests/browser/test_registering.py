"""注册 in a real browser, by the keyboard alone: a person; a unit, and the office that agrees."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.browser.auditing import confirm
from tests.browser.story import heads, pick, press, says, tab_to, told, typed, walk
from tests.worlds.base import PASSWORD as KNOWN
from tests.worlds.base import id_no_of, uscc_of
from tests.worlds.registering import MOBILE, PASSWORD, last_code, registering

pytestmark = pytest.mark.world(build=registering)

LEGAL_MOBILE = "13800000007"


@pytest.fixture
def code_for(bed, live_server):
    """What was sent last to a mobile, read from the outbox of the server."""
    engine = create_engine(bed.server.url("live"))
    bed.app.extensions["vault"].serve(engine)
    with Session(engine) as session:
        yield lambda mobile: last_code(session, mobile)
    engine.dispose()


def type_in(page, **values):
    """Come to each field by Tab, type, and send the form by Enter."""
    for name, value in values.items():
        typed(page, f"main form[enctype] [name={name}]", value)
    press(page, "Enter")


def at(page, path: str, words: str):
    """The next page is there and owes nothing."""
    page.tab.wait_for_url(re.compile(re.escape(path) + r"(\?|$)"))
    says(page, words)
    page.check("register" + path.replace("/", "-"))


def test_a_person_registers_and_signs_in(page, code_for):
    page.open("/")
    tab_to(page, "a[href='/register/person']")
    press(page, "Enter")
    at(page, "/register/person", "第 1 步，共 3 步")
    walk(page)
    with page.refused(400):
        type_in(page, name="王𠮷水", id_no=id_no_of(9)[:-1] + "0", mobile=MOBILE)
    says(page, "有 1 处需要修改")
    page.check("register-person-wrong")
    tab_to(page, "main form[enctype] [name=id_no]")
    press(page, "Control+a")
    page.tab.keyboard.type(id_no_of(9))
    press(page, "Enter")
    at(page, "/register/person/code", MOBILE)
    type_in(page, code=code_for(MOBILE))
    at(page, "/register/person/password", "第 3 步，共 3 步")
    type_in(page, password=PASSWORD, again=PASSWORD)
    told(page, "注册成功，请登录。")
    tab_to(page, "main form [name=who]")
    page.tab.keyboard.type(MOBILE)
    tab_to(page, "main form [name=password]")
    page.tab.keyboard.type(PASSWORD)
    press(page, "Enter")
    heads(page, "我的申报")


def test_a_unit_registers_and_the_office_above_agrees(new_page, code_for, tmp_path):
    unit = new_page().open("/register/legal")
    facts(unit)
    at(unit, "/register/legal/contact", "第 2 步，共 6 步")
    type_in(unit, contact="何清源", contact_no=id_no_of(70), mobile=LEGAL_MOBILE)
    at(unit, "/register/legal/code", LEGAL_MOBILE)
    type_in(unit, code=code_for(LEGAL_MOBILE))
    at(unit, "/register/legal/superior", "主管部门")
    tab_to(unit, "#q")
    unit.tab.keyboard.type("水利局")
    press(unit, "Enter")
    expect(unit.find("input[type=radio]")).to_have_count(1)
    unit.check("register-legal-found")
    tab_to(unit, "input[type=radio]")
    press(unit, "Space", "Enter")
    at(unit, "/register/legal/licence", "营业执照或法人证书")
    picture = tmp_path / "执照.png"
    Image.new("RGB", (300, 400), "white").save(picture)
    unit.find("input[type=file]").set_input_files(picture)
    tab_to(unit, "main form[enctype] button[type=submit]")
    press(unit, "Enter")
    at(unit, "/register/legal/password", "第 6 步，共 6 步")
    walk(unit)
    type_in(unit, password=PASSWORD, again=PASSWORD)
    at(unit, "/register/legal/state", "已提交给松原市水利局")
    agreed(new_page().login("water", KNOWN))
    unit.open("/register/legal/state").check("register-legal-approved")
    says(unit, "单位已经开通")


def facts(page):
    """The first page; a long list is searched by the keyboard, a short one is the browser's."""
    at(page, "/register/legal", "第 1 步，共 6 步")
    tab_to(page, "main form[enctype] [name=uscc]")
    page.tab.keyboard.type(uscc_of(50))
    tab_to(page, "main form[enctype] [name=name]")
    page.tab.keyboard.type("松原市𠮷水设计院")
    pick(page, "nature", "全额拨款事业单位")
    pick(page, "region", "宁江区")
    tab_to(page, "main form[enctype] [name=legal_person]")
    page.tab.keyboard.type("孟宪林")
    press(page, "Enter")


def agreed(office):
    """The agent of the office above finds it, looks at the certificate and agrees."""
    office.open("/units/list/").check("units-list")
    tab_to(office, "td.act a")
    press(office, "Enter")
    heads(office, "松原市𠮷水设计院申请注册")
    expect(office.find("img.zc-page")).to_be_visible()
    office.check("units-show")
    walk(office)
    tab_to(office, "form[action*=agree] button")
    press(office, "Enter")
    confirm(office, "同意松原市𠮷水设计院注册？", "units-confirm")
    told(office, "单位和法人账号已经开通")


def test_activation_and_import_owe_nothing(new_page, tmp_path):
    stranger = new_page()
    for path in ("/activate/legal", "/register/legal/again/", "/register/person/done"):
        walk(stranger.open(path))
        stranger.check("register" + path.replace("/", "-"))
    manager = new_page().login("data", KNOWN).open("/imports/units")
    manager.check("imports")
    table = tmp_path / "单位.csv"
    heading = "统一社会信用代码,单位名称,单位性质,地区,上级机构代码,法定代表人,手机"
    table.write_text(f"{heading}\n{uscc_of(60)},松原灌区,02,宁江区,{uscc_of(3)},郑国栋,1360000\n")
    manager.find("input[type=file]").set_input_files(table)
    manager.find("main button[type=submit]").click()
    says(manager, "有 1 处需要修改")
    manager.check("imports-faults")
    table.write_text(
        f"{heading}\n{uscc_of(60)},松原灌区,02,宁江区,{uscc_of(3)},郑国栋,13600000006\n"
    )
    manager.open("/imports/units")
    manager.find("input[type=file]").set_input_files(table)
    manager.find("main button[type=submit]").click()
    says(manager, "没有发现问题")
    manager.check("imports-preview")
    manager.find("main button[type=submit]").click()
    told(manager, "已导入")
