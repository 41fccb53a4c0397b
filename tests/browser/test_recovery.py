"""找回密码 by keyboard, from the entrance to the desk; the code is read among 演示消息."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story import heads, press, says, sent, tab_to, told, typed
from tests.worlds.base import id_no_of
from tests.worlds.portals import APPLICANT
from tests.worlds.reached import reached

pytestmark = pytest.mark.world(build=reached)

NEW = "Bridge-2027-Stone"


def test_a_person_recovers_the_password(page, new_page):
    page.open("/")
    tab_to(page, "main a[href='/recover/person']")
    sent(page)
    heads(page, "找回个人密码")
    page.check("recover-who")
    typed(page, "input[name=who]", "123")
    with page.refused(400):
        press(page, "Enter")
    expect(page.find("#errsum")).to_be_focused()
    page.check("recover-who-wrong")
    page.find("input[name=who]").fill("")
    typed(page, "input[name=who]", id_no_of(APPLICANT))
    sent(page)
    heads(page, "输入验证码")
    page.check("recover-code")

    desk = new_page().open("/demo/messages/")
    says(desk, "任何人都能看到，包括验证码")
    desk.check("demo-messages")
    code = re.search(r"\d{6}", desk.find("main tbody").inner_text())[0]

    typed(page, "input[name=code]", code)
    sent(page)
    heads(page, "设置新密码")
    page.check("recover-password")
    typed(page, "input[name=password]", NEW)
    typed(page, "input[name=again]", NEW)
    sent(page)
    told(page, "密码已重新设置，请用新密码登录。")
    heads(page, "个人登录")
    typed(page, "input[name=who]", id_no_of(APPLICANT))
    typed(page, "input[name=password]", NEW)
    sent(page)
    heads(page, "我的申报")
