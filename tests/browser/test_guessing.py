"""登录 after failures, and 修改密码, as a person at a browser meets them."""

import json
from base64 import urlsafe_b64decode

import pytest
from playwright.sync_api import expect

from models.captcha import signs_of
from models.vault import Vault
from tests.worlds.base import PASSWORD, managed

pytestmark = pytest.mark.world(build=managed)

NEW = "Kiesel-2026"


@pytest.fixture
def read(bed):
    """What a person reads from the picture that a page shows."""
    vault = Vault(bed.keys.seal, bed.keys.index)

    def signs(page) -> str:
        said = page.find("[name=captcha_token]").input_value().split(".")[0]
        id_, _at = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        return signs_of(vault, id_)

    return signs


def fail(page, times: int) -> None:
    for _time in range(times):
        with page.refused(400):
            page.find("[name=username]").fill("agent")
            page.find("[name=password]").fill("wrong")
            page.find("[name=password]").press("Enter")
        page.loaded()


def test_a_captcha_by_keyboard(page, read):
    """Another picture takes nothing of what was typed."""
    page.open("/login/")
    fail(page, 3)
    page.check("login-captcha")
    page.find("[name=password]").fill(PASSWORD)
    before = read(page)
    page.find("[data-captcha] a").press("Enter")
    expect(page.find("#captcha")).to_be_focused()
    assert read(page) != before
    page.find("#captcha").fill(read(page).lower())
    with page.tab.expect_navigation():
        page.find("#captcha").press("Enter")
    assert page.loaded().find("h1").inner_text() == "业务审核"


def test_a_wrong_captcha_is_told_at_its_field(page):
    page.open("/login/?captcha=1")
    fail(page, 3)
    page.find("[name=password]").fill(PASSWORD)
    page.find("#captcha").fill("????")
    with page.refused(400):
        page.find("#captcha").press("Enter")
    page.check("login-captcha-wrong")


def test_changing_the_password(page):
    page.login("colleague", PASSWORD)
    page.open("/password/").check("password")
    page.find("#old").fill("wrong")
    page.find("#password").fill(NEW)
    page.find("#again").fill(NEW)
    with page.refused(400):
        page.find("#again").press("Enter")
    page.check("password-wrong")
    page.find("#old").fill(PASSWORD)
    page.find("#password").fill(NEW)
    page.find("#again").fill(NEW)
    with page.tab.expect_navigation():
        page.find("#again").press("Enter")
    assert page.loaded().find(".zc-flash").inner_text() == "密码已修改。"
    page.check("password-changed")
