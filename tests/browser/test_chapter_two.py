"""Both manuals' chapter 2 in one story, by the keyboard: a unit and a person come as strangers,
and at the end the agent whom the legal person has added agrees to the binding (2.1–2.7; 3.1)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.auditing import confirm
from tests.browser.story import Files, follow, heads, pick, press, says, send, tab_to, told
from tests.worlds.base import PASSWORD as KNOWN
from tests.worlds.base import id_no_of, uscc_of
from tests.worlds.registering import registering

pytestmark = pytest.mark.world(build=registering)

UNIT, CODE = "松原市雪松设计院", uscc_of(70)
SUPERIOR = "松原市水利局"
BOSS, AGENT, PERSON = "孟宪林", "赵新", "王𠮷水"
BOSS_MOBILE, AGENT_MOBILE, PERSON_MOBILE = "13800000071", "13800000072", "13800000073"
NUMBER = id_no_of(73)
"""Of the person."""

BOSS_WORD, FIRST_WORD, AGENT_WORD, PERSON_WORD = (
    "Cedar-2026-Snow",
    "Fresh-2026-Start",
    "Spring-2026-Light",
    "Green-2026-Hill",
)


def test_from_two_registrations_to_the_binding(new_page, tmp_path):
    boss, agent, person = new_page(), new_page(), new_page()
    phone = new_page()
    register_unit(boss, phone, Files(tmp_path))
    agree_to_unit(new_page().login("water", KNOWN))
    enter(boss, "legal", who=CODE, password=BOSS_WORD)
    add_agent(boss)
    leave(boss, "/agents/list/")
    register_person(person, phone)
    enter(person, "person", who=NUMBER, password=PERSON_WORD)
    ask_to_be_bound(person)
    enter(agent, "agent", code=CODE, who=AGENT_MOBILE, password=FIRST_WORD)
    choose_password(agent)
    agree_to_person(agent)
    leave(agent, "/requests/list/")
    see_it_bound(person)
    leave(person, "/mine/list/")


# What the keyboard does


def enter(page, panel: str, **boxes: str) -> None:
    """单位登录入口, 个人登录入口: from the entrance through one of the panels (2.6; 四)."""
    page.open("/")
    follow(page, f"main a[href='/login/{panel}']")
    send(page, **boxes)


def leave(page, path: str) -> None:
    """安全退出 in the menu beside the name; nothing of it opens again (2.7; 五)."""
    tab_to(page, "header summary")
    press(page, "Enter")
    follow(page, "header button:has-text('安全退出')")
    page.open(path)
    heads(page, "登录")


def code_for(phone, mobile: str) -> str:
    """What the holder of this mobile reads on it."""
    phone.open("/demo/messages/")
    row = phone.find(f"main tbody tr:has-text('{mobile[:3]}****{mobile[-4:]}')").first
    return re.search(r"\b\d{6}\b", row.inner_text())[0]


# 2.2 法人用户注册


def register_unit(boss, phone, files: Files) -> None:
    """From the entrance in six steps; the licence is the only thing that a keyboard cannot type."""
    boss.open("/")
    follow(boss, "main a[href='/register/legal']")
    tab_to(boss, "main [name=uscc]")
    boss.tab.keyboard.type(CODE)
    tab_to(boss, "main [name=name]")
    boss.tab.keyboard.type(UNIT)
    pick(boss, "nature", "全额拨款事业单位")
    pick(boss, "region", "宁江区")
    send(boss, legal_person=BOSS)
    send(boss, contact=BOSS, contact_no=id_no_of(71), mobile=BOSS_MOBILE)
    send(boss, code=code_for(phone, BOSS_MOBILE))
    send(boss, q=SUPERIOR)
    tab_to(boss, "main input[type=radio]")
    press(boss, "Space")
    follow(boss, "main button:has-text('下一步')")
    boss.find("input[type=file]").set_input_files(files.png("licence"))
    follow(boss, "main button:has-text('下一步')")
    send(boss, password=BOSS_WORD, again=BOSS_WORD)
    says(boss, f"已提交给{SUPERIOR}")


def agree_to_unit(office) -> None:
    """单位注册: the office that the unit has named lets it in."""
    follow(office, "header a[href='/units/list/']")
    follow(office, f"tr:has-text('{UNIT}') a:has-text('审核')")
    heads(office, f"{UNIT}申请注册")
    tab_to(office, "button:has-text('同意注册')")
    press(office, "Enter")
    confirm(office, f"同意{UNIT}注册？")
    told(office, "已同意，单位和法人账号已经开通。")


# 2.3 经办人账号注册


def add_agent(boss) -> None:
    """我的经办人: the first thing that a new unit needs."""
    heads(boss, "我的经办人")
    says(boss, "还没有经办人")
    boss.check("agents-none")
    follow(boss, "main a[href='/agents/add']")
    who = {"name": AGENT, "number": id_no_of(72), "mobile": AGENT_MOBILE}
    send(boss, **who, password=FIRST_WORD, again=FIRST_WORD)
    told(boss, "已添加经办人")
    says(boss, AGENT_MOBILE, "tbody")


def choose_password(agent) -> None:
    """2.6: what the legal person knows opens the account once."""
    heads(agent, "修改密码")
    send(agent, old=FIRST_WORD, password=AGENT_WORD, again=AGENT_WORD)
    told(agent, "密码已修改。")


# 二、用户注册; 3.1 个人绑定单位


def register_person(person, phone) -> None:
    """From the entrance in three steps."""
    person.open("/")
    follow(person, "main a[href='/register/person']")
    send(person, name=PERSON, id_no=NUMBER, mobile=PERSON_MOBILE)
    send(person, code=code_for(phone, PERSON_MOBILE))
    send(person, password=PERSON_WORD, again=PERSON_WORD)
    told(person, "注册成功，请登录。")


def ask_to_be_bound(person) -> None:
    """去绑定, 查询, 绑定."""
    heads(person, "我的申报")
    says(person, "先绑定推荐单位")
    follow(person, "main a:has-text('去绑定')")
    send(person, code=CODE)
    says(person, UNIT, ".zc-entry")
    follow(person, ".zc-entry button:has-text('绑定')")
    told(person, "已申请绑定，请等单位同意。")


def agree_to_person(agent) -> None:
    """绑定申请, from the list of what waits."""
    heads(agent, "业务审核")
    agent.check("desk-of-a-new-unit")
    follow(agent, "main a:has-text('1 人申请绑定本单位')")
    says(agent, PERSON, "tbody")
    tab_to(agent, f"button[aria-label='同意 {PERSON}']")
    press(agent, "Enter")
    confirm(agent, f"同意{PERSON}绑定本单位？")
    told(agent, "已同意绑定。")


def see_it_bound(person) -> None:
    """The person sees it at the next look, and who has agreed."""
    person.open("/binding/")
    expect(person.find("#live-t")).to_have_text(UNIT)
    row = person.find("main tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("已绑定")
    expect(row).to_contain_text(AGENT)
    person.check("bound")
    follow(person, "header a[href='/mine/list/']")
    says(person, UNIT)
