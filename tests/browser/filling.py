"""信息填报 and 附件上传 of the main job: every form filled in by hand, every file sent
(applicant's manual, 3.2.3, 2 and 3).
"""

from playwright.sync_api import expect

from models.sections import BY_KEY
from tests.browser.pages import Page
from tests.browser.story import (
    Files,
    attach,
    heads,
    put,
    refused_file,
    save,
    says,
    told,
    too_large,
    walk,
)
from tests.worlds.declarations import BASIC_INFO, MANY, YEARLY
from tests.worlds.main_job import UNIT


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
    photo = files.jpeg("证件照")
    refused_file(page, "A05", files.png("证件照"), 415, "没有上传：这里只收 JPG 文件")
    too_large(page, "A05", files.large_jpeg("大照片"), "没有上传：文件超过 0.3 MB，请压缩")
    page.check("basic-file-refused")
    page.find("#proof-A05 [data-dismiss]").first.click()
    attach(page, "A05", photo)
    attach(page, "A20", files.jpeg("工程师证书", (900, 640)))


def fill_in_records(page: Page, files: Files) -> None:
    """教育经历 with its certificates, 工作经历."""
    add(page, "education", MANY["education"][0])
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
    if key == "paper" and page.find(".zc-entry").count():
        says(page, "选“是”会把《", "#hint-is_representative")
    put(page, BY_KEY[key], values)
    save(page)


def fill_in_sheets(page: Page, files: Files) -> None:
    """年度考核 and 继续教育: one sheet each, one save."""
    for key in YEARLY:
        section = BY_KEY[key]
        go(page, key)
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
        expect(page.find(".zc-entry.is-open .e")).to_have_count(0)
        expect(page.find("#proof-A30 form[data-upload]")).to_be_hidden()
    told(page, f"《{first['title']}》已改为非代表性，只能选一篇。")
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


def look_at_table(page: Page) -> None:
    """公示表, as it will be printed."""
    page.find(".zc-crumb a").first.click()
    page.find("a:has-text('打印公示表')").first.click()
    heads(page, "公示表")
    says(page, MANY["paper"][1]["title"])
    page.check("publicity")
    page.tab.go_back()


def add_materials(page: Page, files: Files) -> None:
    """数据验证 says what is missing and leads there; then A01 to A04."""
    page.find("a:has-text('检查并提交')").click()
    expect(page.find("#errsum")).to_be_focused()
    page.check("draft-check-errors")
    page.find("#errsum a:has-text('材料附件')").first.click()
    heads(page, "材料附件")
    expect(page.find("#proof-A01 input[type=file]")).to_be_focused()
    page.check("materials-empty")
    attach(page, "A01", files.png("身份证正面"))
    attach(page, "A02", files.jpeg("身份证反面", (856, 540)))
    attach(page, "A03", files.pdf("学历在线验证报告", 2))
    attach(page, "A04", files.pdf("单位公示表", 1))
    page.check("materials")
