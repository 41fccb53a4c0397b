"""The chapters of the main job that the applicant plays (applicant's manual, 3.1 and 3.2)."""

import re

from playwright.sync_api import expect

from models.sections import BY_KEY, SECTIONS
from tests.browser.auditing import NOTE, OPINION
from tests.browser.filling import go
from tests.browser.pages import Page
from tests.browser.story import (
    heads,
    press,
    save,
    says,
    tab_to,
    told,
    walk,
)
from tests.worlds.declarations import MANY
from tests.worlds.main_job import BUREAU, COMMITTEE, NOTICE, SELF_CHECK, UNIT

BEFORE = MANY["paper"][1]["title"]
AFTER = BEFORE.replace("（下）", "（修订）")
WAY = [
    "提交申报", "退回申报人修改", "提交申报", "审核通过", "重新审核", "审核通过", "送审",
    "退回下级审核", "审核通过", "送审", "审核通过", "送审", "终审通过",
]  # fmt: skip
"""The lines of 进度跟踪 from the first submission on."""


def bind(page: Page, code: str) -> None:
    """绑定单位: a wrong code stays for correction, the right one finds the unit."""
    says(page, "先绑定推荐单位")
    page.check("home-unbound")
    walk(page)
    page.find("a:has-text('去绑定')").click()
    heads(page, "单位绑定")
    page.check("binding-empty")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    page.find("#code").fill(wrong)
    with page.refused(400):
        press(page, "Enter")
    says(page, "统一社会信用代码", ".zc-errmsg")
    expect(page.find("#code")).to_have_value(wrong)
    page.check("binding-wrong-code")
    page.find("#code").fill(code)
    press(page, "Enter")
    says(page, UNIT, ".zc-entry")
    page.check("binding-found")
    tab_to(page, ".zc-entry button:has-text('绑定')")
    press(page, "Enter")
    told(page, "已申请绑定，请等单位同意。")
    page.check("binding-asked")


def begin(page: Page) -> None:
    """条件自检: each line is ticked, then 确认并开始申报."""
    page.open("/mine/list/").check("home-bound")
    page.find(f".zc-entry:has-text('{NOTICE}') a:has-text('申报')").click()
    heads(page, "条件自检")
    page.check("begin")
    walk(page)
    with page.refused(400):
        page.find("button:has-text('确认并开始申报')").click()
    told(page, "请逐条阅读，符合的打勾。")
    page.check("begin-refused")
    for n in range(len(SELF_CHECK)):
        tab_to(page, f"input[name=read][value='{n + 1}']")
        press(page, "Space")
    tab_to(page, "button:has-text('确认并开始申报')")
    press(page, "Enter")
    heads(page, NOTICE)
    page.check("draft-empty")
    walk(page)


def submit(page: Page, button: str, shot: str) -> None:
    """承诺 and 提交; without the promise it is refused."""
    page.find(".zc-crumb a").first.click()
    page.find("a:has-text('检查并提交')").click()
    says(page, "检查通过，可以提交")
    page.check(f"{shot}-ready")
    with page.refused(409):
        page.find(f"button:has-text('{button}')").click()
    told(page, "请先阅读并勾选承诺。")
    page.check(f"{shot}-no-promise")
    tab_to(page, "input[name=promise]")
    press(page, "Space")
    tab_to(page, f"button:has-text('{button}')")
    press(page, "Enter")
    told(page, "已提交申报。")


def follow(page: Page) -> None:
    """The nodes that are still to come, the list with 已申报, sections that are locked."""
    expect(page.find(".zc-tl li.ahead")).to_have_text([BUREAU, COMMITTEE])
    page.check("track-submitted")
    walk(page)
    page.open("/mine/list/")
    says(page, "已申报", "table")
    page.check("home-submitted")
    page.find("table a:has-text('查看')").click()
    expect(page.find(".zc-tasks li.is-lock")).not_to_have_count(0)
    expect(page.find(".zc-tasks li:not(.is-lock)")).to_have_count(0)
    page.check("submitted")
    are_locked(page, [section.key for section in SECTIONS if section.model])
    page.check("section-locked")


def are_locked(page: Page, keys: list[str]) -> None:
    """Sections that cannot be changed: no form is shown, and by the address none is taken."""
    token = page.find("input[name=csrf_token]").first.get_attribute("value")
    for key in keys:
        act = "sheet" if BY_KEY[key].shape.years else "add"
        address = f"{page.base}/mine/{number(page)}/{key}/{act}"
        answer = page.tab.request.post(address, form={"csrf_token": token})
        assert answer.status == 403, f"{address}: {answer.status}"
    page.open(f"/mine/{number(page)}/{keys[-1]}/list/")
    expect(page.find("#form, input[type=file]")).to_have_count(0)


def number(page: Page) -> str:
    """The number of the declaration, from the address that is open."""
    return next(part for part in page.path.replace("?", "/").split("/") if part.isdecimal())


def correct(page: Page) -> None:
    """被退回: the opinion on top, one section open; corrected and submitted again."""
    page.open("/mine/list/")
    says(page, "被退回", "table")
    page.check("home-returned")
    page.find("table a:has-text('编辑')").click()
    says(page, OPINION, ".zc-note")
    expect(page.find(".zc-tasks li:not(.is-lock)")).to_have_text(re.compile("论文信息"))
    page.check("returned")
    walk(page)
    are_locked(page, [s.key for s in SECTIONS if s.model and s.key != "paper"])
    page.check("returned-section-locked")
    go(page, "paper")
    says(page, NOTE, ".zc-note")
    page.check("returned-section")
    page.find(f"a[aria-label='编辑《{BEFORE}》']").click()
    page.find("#form [name=title]").fill(AFTER)
    save(page)


def passed(page: Page) -> None:
    """终审通过, with the whole way in the timeline."""
    page.open("/mine/list/")
    says(page, "终审通过", "table")
    page.check("home-passed")
    page.find("table a:has-text('进度跟踪')").click()
    says(page, "终审通过", ".zc-note")
    expect(page.find(".zc-tl .zc-tag")).to_have_text(WAY)
    page.check("track-passed")
