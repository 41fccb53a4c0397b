"""三员分立 and 第二重验证 as they are lived: one keeps the account, another gives the role, the
new agent enrols a telephone, and the third one reads and proves what they did.
"""

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.story import choose, heads, press, says, tab_to, told
from tests.worlds.base import PASSWORD, managed, uscc_of

pytestmark = pytest.mark.world(build=managed)
NEW, FIRST, OWN = "lin.tao", "Fluss-2026-Werk", "Kiesel-2026-Sand"


def test_from_a_new_account_to_its_second_factor(new_page):
    keeper = new_page().login("admin", PASSWORD)
    adds(keeper.open("/accounts/add"))
    giver = new_page().login("security", PASSWORD)
    gives(giver)
    codes = enrols(new_page())
    comes_back(new_page(), codes)
    reads(new_page().login("auditor", PASSWORD))


def adds(page):
    values = {"username": NEW, "name": "林涛", "office": uscc_of(4)}
    for name, value in (values | {"password": FIRST, "again": FIRST}).items():
        page.find(f"[name={name}]").last.fill(value)
    page.check("admins-add")
    page.find("main button[type=submit]").click()
    told(page, "请安全管理员给予角色")


def gives(page):
    heads(page, "角色管理")
    page.check("admins-roles")
    page.find(f"a[aria-label='给予角色 {NEW}']").click()
    heads(page, f"角色 {NEW}")
    with page.refused(409):
        page.find("main button[type=submit]").click()
    told(page, "角色没有变化")
    page.loaded()
    choose(page, "role", page.find("[name=role]"), "经办人", "经办人")
    tab_to(page, "[name=reason]")
    page.tab.keyboard.type("新到岗")
    page.check("admins-role")
    tab_to(page, "main button[type=submit]")
    press(page, "Enter")
    told(page, "已保存角色")


def enrols(page) -> list[str]:
    """By the keyboard alone; the recovery codes."""
    page.login(NEW, FIRST)
    heads(page, "修改密码")  # the first one was chosen by somebody else
    for name, value in (("old", FIRST), ("password", OWN), ("again", OWN)):
        page.find(f"[name={name}]").fill(value)
    press(page, "Enter")
    heads(page, "业务审核")
    page.open("/second/").check("second-show")
    tab_to(page, "[name=password]")
    page.tab.keyboard.type(OWN)
    press(page, "Enter")
    heads(page, "启用第二重验证")
    picture = "() => [...document.querySelectorAll('main img')].every(i => i.naturalWidth > 100)"
    page.tab.wait_for_function(picture)
    page.check("second-enrol")
    key = page.find("dd").inner_text().replace(" ", "")
    tab_to(page, "[name=code]")
    page.tab.keyboard.type(pyotp.TOTP(key).now())
    press(page, "Enter")
    heads(page, "请保存恢复码")
    page.check("second-codes")
    codes = page.find("main code").all_inner_texts()
    tab_to(page, "main a.zc-btn")
    press(page, "Enter")
    says(page, "已启用")
    page.check("second-on")
    return codes


def comes_back(page, codes: list[str]):
    page.login(NEW, OWN)
    heads(page, "第二重验证")
    page.check("second-check")
    with page.refused(400):
        page.find("[name=code]").fill("000000")
        press(page, "Enter")
    says(page, "验证码不对或已经用过")
    page.check("second-check-wrong")
    tab_to(page, "[name=code]")
    page.tab.keyboard.type(codes[0])
    press(page, "Enter")
    heads(page, "业务审核")


def reads(page):
    heads(page, "日志")
    page.find("#actor").fill("security")
    page.find("#act").select_option("role")
    press(page, "Enter")
    says(page, "原因：新到岗")
    page.check("journal-found")
    page.find("a:has-text('校验日志')").click()
    page.find("button:has-text('开始校验')").click()
    expect(page.find("#state-t")).to_have_text("日志完整，没有被改动")
    page.check("journal-whole")
