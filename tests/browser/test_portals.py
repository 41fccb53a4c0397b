"""From the entrance to the first binding: a legal person adds an agent, who signs in at the
panel of agents and agrees to a binding (unit manual 2.1, 2.3), all of it by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.story import follow, heads, press, says, sent, tab_to, told, typed, walk
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import portals

pytestmark = pytest.mark.world(build=portals)

UNIT, MOBILE = uscc_of(2), "13904389999"
FIRST, OWN = "Fresh-2026-Start", "Spring-2026-Light"


def sign_in(page, panel: str, shot: str, **boxes: str) -> None:
    """From the entrance through a panel."""
    page.open("/")
    heads(page, "职称申报评审系统")
    follow(page, f"main a[href='/login/{panel}']")
    page.check(shot)
    for name, words in boxes.items():
        typed(page, f"#{name}", words)
    sent(page)


def test_from_the_entrance_to_the_first_binding(new_page):
    boss = new_page().open("/")
    boss.check("entrance")
    walk(boss)
    sign_in(boss, "legal", "panel-legal", who=UNIT, password=PASSWORD)
    add_agent(boss)
    look_around(boss)
    agent = new_page()
    sign_in(agent, "agent", "panel-agent", code=UNIT, who=MOBILE, password=FIRST)
    choose_password(agent)
    agree(agent)


def add_agent(boss) -> None:
    heads(boss, "我的经办人")
    boss.check("agents")
    follow(boss, "main a[href='/agents/add']")
    boss.check("agent-add")
    typed(boss, "#name", "赵新")
    typed(boss, "#number", id_no_of(21))
    typed(boss, "#mobile", MOBILE)
    typed(boss, "#password", FIRST)
    typed(boss, "#again", FIRST)
    sent(boss)
    told(boss, "已添加经办人")
    says(boss, "赵新", "tbody")


def look_around(boss) -> None:
    """The pages that the story does not come by."""
    follow(boss, "tr:has-text('赵新') a:has-text('编辑')")
    heads(boss, "编辑经办人 赵新")
    boss.check("agent-edit")
    boss.open("/agents/list/")
    follow(boss, "tr:has-text('赵新') a:has-text('交接与停用')")
    heads(boss, "交接与停用 赵新")
    boss.check("agent-leave")
    boss.open("/unit/").check("unit")
    walk(boss)


def choose_password(agent) -> None:
    heads(agent, "修改密码")
    for name, words in (("old", FIRST), ("password", OWN), ("again", OWN)):
        typed(agent, f"#{name}", words)
    sent(agent)
    told(agent, "密码")


def agree(agent) -> None:
    agent.open("/requests/list/")
    says(agent, "高建国", "tbody")
    tab_to(agent, "button:has-text('同意')")
    press(agent, "Enter")
    expect(agent.find("#confirm [data-ok]")).to_be_visible()
    tab_to(agent, "#confirm [data-ok]")
    sent(agent)
    told(agent, "已同意绑定。")
    agent.check("agent-agreed")


@pytest.mark.parametrize("panel", ["person", "legal", "agent"])
def test_a_panel_says_what_cannot_be(page, panel):
    page.open(f"/login/{panel}")
    page.find("#who").fill("高建国")
    page.find("#password").fill("x")
    with page.refused(400):
        page.find("#password").press("Enter")
    expect(page.find("#error-who")).to_be_visible()
    page.check(f"panel-{panel}-refused")
