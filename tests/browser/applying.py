"""The chapters of the main job that the applicant plays (applicant's manual, 3.1 and 3.2)."""

from re import compile

from playwright.sync_api import expect

from models.sections import BY_KEY, SECTIONS
from tests.browser.auditing import NOTE, OPINION
from tests.browser.pages import Page
from tests.browser.story import (
    Files,
    attach,
    heads,
    press,
    put,
    refused_file,
    save,
    says,
    tab_to,
    told,
    walk,
)
from tests.worlds.declarations import BASIC_INFO, MANY, YEARLY
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


def fill_in_basics(page: Page, files: Files) -> None:
    """基本信息 through the real form, the photo, the certificate of the present title."""
    page.find(".zc-actbar a:has-text('继续填写：基本信息')").click()
    heads(page, "基本信息")
    page.check("basic-empty")
    walk(page)
    with page.refused(400):
        page.find("#form button[type=submit]").click()
    expect(page.find("#errsum")).to_be_focused()
    page.check("basic-errors")
    link = page.find("#errsum a").first
    field = link.get_attribute("href").removeprefix("#")
    link.click()
    at = page.find(f"[id='{field}'], [id='{field}-ts-control']")
    assert any(at.nth(n).evaluate("e => e === document.activeElement") for n in range(at.count()))
    put(page, BY_KEY["basic_info"], BASIC_INFO)
    save(page)
    page.check("basic-saved")
    photo = files.jpeg("证件照")
    refused_file(page, "A05", files.png("证件照"), 415, "没有上传")
    refused_file(page, "A05", files.large_jpeg("大照片"), 413, "没有上传")
    page.check("basic-file-refused")
    page.find("#proof-A05 [data-dismiss]").first.click()
    attach(page, "A05", photo)
    attach(page, "A20", files.jpeg("工程师证书", (900, 640)))
    page.check("basic-files")


def fill_in_records(page: Page, files: Files) -> None:
    """教育经历 with its certificates, 工作经历."""
    add(page, "education", MANY["education"][0])
    page.check("education-saved")
    attach(page, "A10", files.pdf("毕业证书", 1))
    attach(page, "A11", files.png("学位证书"))
    page.check("education-files")
    add(page, "work", MANY["work"][0] | {"unit_name": UNIT})
    page.check("work")


def go(page: Page, key: str) -> None:
    """To another section by the rail."""
    page.find(f".zc-shell > .zc-sticky .zc-rail a[href*='/{key}/']").click()
    heads(page, BY_KEY[key].title)


def add(page: Page, key: str, values: dict) -> None:
    """One record of a section that has many."""
    go(page, key)
    page.find(f"a:has-text('添加{BY_KEY[key].title}')").click()
    expect(page.find("#form")).to_be_visible()
    put(page, BY_KEY[key], values)
    save(page)


def fill_in_sheets(page: Page, files: Files) -> None:
    """年度考核 and 继续教育: one sheet each, one save."""
    for key in YEARLY:
        section = BY_KEY[key]
        go(page, key)
        page.check(f"{key}-empty")
        for name in page.find("#form [name^=y][name$=-version]").all():
            prefix = name.get_attribute("name").removesuffix("version")
            put(page, section, YEARLY[key], prefix)
        save(page)
        if key == "continuing_education":
            attach(page, "A23", files.pdf("继续教育证明", 2))
        page.check(f"{key}-saved")


def fill_in_papers(page: Page, files: Files) -> None:
    """Two papers; the second one as representative switches the first one off."""
    first, second = (values | {"is_representative": True} for values in MANY["paper"])
    for values in (first, second):
        add(page, "paper", values)
        attach(page, "A30", files.pdf("论文全文", 4))
    page.find(".zc-entry.is-open").scroll_into_view_if_needed()
    page.check("paper-files")
    expect(page.find(".zc-entry:has-text('参评')")).to_have_count(1)
    says(page, second["title"], ".zc-entry:has-text('参评')")


def declare_no_penalty(page: Page) -> None:
    """本人无惩罚处分."""
    go(page, "penalty")
    page.check("penalty-empty")
    page.find("button:has-text('声明：本人无惩罚处分')").click()
    told(page, "已保存。")
    page.check("penalty-none")


def add_materials(page: Page, files: Files) -> None:
    """数据验证 says what is missing and leads there; then A01 to A04."""
    page.find("a:has-text('检查并提交')").click()
    expect(page.find("#errsum")).to_be_focused()
    page.check("draft-check-errors")
    page.find("#errsum a:has-text('材料附件')").first.click()
    heads(page, "材料附件")
    page.check("materials-empty")
    attach(page, "A01", files.png("身份证正面"))
    attach(page, "A02", files.jpeg("身份证反面", (856, 540)))
    attach(page, "A03", files.pdf("学历在线验证报告", 2))
    attach(page, "A04", files.pdf("单位公示表", 1))
    page.check("materials")


def look_at_table(page: Page) -> None:
    """公示表, as it will be printed."""
    page.find(".zc-crumb a").first.click()
    page.find("a:has-text('打印公示表')").first.click()
    heads(page, "公示表")
    says(page, BEFORE)
    page.check("publicity")
    page.tab.go_back()


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
    expect(page.find(".zc-tasks li:not(.is-lock)")).to_have_count(0)
    page.check("submitted")
    is_locked(page, "paper")
    page.check("section-locked")


def is_locked(page: Page, key: str) -> None:
    """A section that cannot be changed: no form is shown, and none is taken."""
    token = page.find("input[name=csrf_token]").first.get_attribute("value")
    page.open(f"/mine/{number(page)}/{key}/list/")
    expect(page.find("#form, input[type=file]")).to_have_count(0)
    act = "sheet" if BY_KEY[key].shape.years else "add"
    address = f"{page.base}/mine/{number(page)}/{key}/{act}"
    answer = page.tab.request.post(address, form={"csrf_token": token})
    assert answer.status == 403, f"{address}: {answer.status}"


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
    expect(page.find(".zc-tasks li:not(.is-lock)")).to_have_text(compile("论文信息"))
    page.check("returned")
    walk(page)
    for section in SECTIONS:
        if section.model and section.key != "paper":
            is_locked(page, section.key)
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
