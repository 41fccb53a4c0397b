"""The chapters of the main job that the offices play (unit's manual, 3.1)."""

from playwright.sync_api import expect

from models.sections import SECTIONS
from tests.browser.pages import Page
from tests.browser.story import Files, attach, heads, press, says, tab_to, told, walk
from tests.worlds.main_job import APPLICANT, PHRASES, UNIT

NOTE, OPINION = "缺少刊物目录页", "请按说明修改论文。"


def confirm(page: Page, words: str, shot: str = "") -> None:
    """The one question before what cannot be undone; the keyboard answers it."""
    expect(page.find("#confirm")).to_contain_text(words)
    if shot:
        page.check(shot)
    tab_to(page, "#confirm [data-ok]")
    press(page, "Enter")


def agree(page: Page) -> None:
    """绑定申请: 同意."""
    page.check("desk-binding-waits")
    page.find("a:has-text('人申请绑定本单位')").click()
    heads(page, "绑定申请")
    page.check("requests")
    walk(page)
    tab_to(page, f"button[aria-label='同意 {APPLICANT}']")
    press(page, "Enter")
    confirm(page, f"同意{APPLICANT}绑定本单位？", "requests-confirm")
    told(page, "已同意绑定。")
    page.check("requests-done")


def open_bench(page: Page, state: str = "待审", shot: str = "") -> None:
    """业务审核: the counter is a link; J, K and Enter walk through its queue."""
    page.open("/audit/list/")
    page.find(f"a.zc-cnt:has-text('{state}')").first.click()
    expect(page.find(".zc-tabs a[aria-current]")).to_contain_text(state)
    if shot:
        page.check(shot)
    rows = page.find("table[data-queue] tbody tr")
    wanted = [APPLICANT in text for text in rows.all_inner_texts()].index(True)
    press(page, *["j"] * rows.count(), *["k"] * (rows.count() - 1 - wanted))
    expect(page.find("tr.is-cur")).to_contain_text(APPLICANT)
    press(page, "Enter")
    heads(page, APPLICANT)
    listens(page)


def listens(page: Page) -> None:
    """The bench hears keys: without its script it shows all sections, with it one."""
    expect(page.find("[data-module]:not([hidden])")).to_have_count(1)


def judge_right(page: Page, *, until: str = "") -> None:
    """1 for each section from the first without a verdict, up to one or to the end."""
    for section in SECTIONS[SECTIONS.index(shown(page)) :]:
        if section.key == until:
            return
        assert shown(page) is section
        press(page, "1")


def shown(page: Page):
    """The section that the bench shows."""
    key = page.find("[data-module]:not([hidden])").get_attribute("data-module")
    return next(section for section in SECTIONS if section.key == key)


def look_at_pages(page: Page) -> None:
    """←/→ turn the pages of the evidence, + - R zoom and rotate them."""
    module = "[data-module]:not([hidden])"
    place, image = page.find(f"{module} [data-place]"), page.find(f"{module} [data-page-image]")
    expect(place).to_have_text("1 / 4 页")
    press(page, "ArrowRight", "ArrowRight")
    expect(place).to_have_text("3 / 4 页")
    press(page, "ArrowLeft")
    expect(place).to_have_text("2 / 4 页")
    page.tab.wait_for_function("i => i.complete && i.naturalWidth > 0", arg=image.element_handle())
    width = image.bounding_box()["width"]
    press(page, "+")
    assert image.bounding_box()["width"] > width
    press(page, "-", "r")
    assert "is-r90" in image.get_attribute("class")
    press(page, "r", "r", "r")


def return_paper(page: Page) -> None:
    """By the keyboard alone: all right but 论文, 退回 with an opinion and a phrase."""
    page.check("bench")
    walk(page)
    judge_right(page, until="paper")
    press(page, "j", "k")
    look_at_pages(page)
    page.check("bench-paper")
    press(page, "2")
    expect(page.find("#note-paper")).to_be_focused()
    page.tab.keyboard.type(NOTE)
    press(page, "Escape", "j")
    judge_right(page)
    press(page, "p")
    with page.refused(409):
        press(page, "Control+Enter")
    says(page, "标了有误，不能通过。", "#errsum")
    page.check("bench-refused")
    tab_to(page, "#opinion")
    press(page, "Escape", "b", "o")
    page.tab.keyboard.type(OPINION)
    tab_to(page, f"[data-phrase='{PHRASES[1]}']")
    press(page, "Enter")
    expect(page.find("#opinion")).to_have_value(f"{OPINION}\n{PHRASES[1]}")
    says(page, "只能改“论文信息”", "[data-unlocks]")
    page.check("bench-return")
    press(page, "Control+Enter")
    told(page, f"{APPLICANT}：已保存审核结果。")


def look_again(page: Page, before: str, after: str) -> None:
    """The second submission: what changed, the old mark, what is prefilled."""
    says(page, "第 2 次提交", ".zc-subj")
    assert shown(page).key == "paper"
    expect(page.find("#module-paper del")).to_have_text(before)
    expect(page.find("#module-paper ins")).to_have_text(after)
    says(page, f"上次有误：{NOTE}", "#row-paper")
    expect(page.find("input[name=verdict-paper]:checked")).to_have_count(0)
    expect(page.find("input[value=right]:checked")).to_have_count(len(SECTIONS) - 1)
    page.check("bench-again")
    press(page, "1")
    approve(page)


def approve(page: Page, words: str = "通过") -> None:
    """P and Ctrl+Enter, when all is judged."""
    press(page, "p")
    expect(page.find("input[name=action]:checked")).to_have_attribute("data-word", words)
    press(page, "Control+Enter")
    told(page, f"{APPLICANT}：已保存审核结果。")


def reopen(page: Page) -> None:
    """待送审: 重新审核, and saved once more."""
    open_bench(page, "待送审", "desk-vetted")
    says(page, "已审核通过，等待批量送审。")
    page.check("bench-vetted")
    page.find("button:has-text('重新审核')").click()
    confirm(page, "重新审核这份申报？", "bench-reopen")
    expect(page.find("#bench")).to_be_visible()
    listens(page)
    approve(page)


def open_send(page: Page) -> None:
    """From the counter 待送审 to 批量送审."""
    page.open("/audit/list/")
    page.find("a.zc-cnt:has-text('待送审')").first.click()
    page.find(".zc-desk a:has-text('批量送审')").first.click()
    heads(page, "批量送审")


def send_without_report(page: Page) -> None:
    """It is refused without the report, at once, and says where that is missing."""
    open_send(page)
    page.check("send")
    walk(page)
    with page.refused(409):
        page.find("button:has-text('送审 1 份')").first.click()
    says(page, "请先上传推荐报告或申报函。", "#errsum")
    page.check("send-refused")


def send(page: Page, files: Files, to: str) -> None:
    """推荐报告 uploaded, the number confirmed, sent."""
    attach(page, "U01", files.pdf("推荐报告", 2))
    says(page, "推荐报告已上传", "[data-fresh=checks]")
    page.find("button:has-text('送审 1 份')").first.click()
    confirm(page, to, "send-confirm")
    told(page, f"已送审 1 份到{to}")


def hand_back(page: Page) -> None:
    """退回 to the unit: needs an opinion, marks nothing."""
    open_bench(page)
    press(page, "b")
    tab_to(page, "#target")
    press(page, "ArrowDown")
    expect(page.find("#target option:checked")).to_have_text(UNIT)
    press(page, "Tab", "Escape")
    press(page, "o")
    page.tab.keyboard.type("推荐报告缺少公章，请补正后重新送审。")
    page.check("bureau-hand-back")
    press(page, "Control+Enter")
    told(page, f"{APPLICANT}：已保存审核结果。")


def says_handed_back(page: Page) -> None:
    """The unit sees who handed it back and why; nothing changed, all is prefilled."""
    says(page, "待审，上级退回", ".zc-subj")
    says(page, "推荐报告缺少公章", ".zc-tl")
    expect(page.find("input[value=right]:checked")).to_have_count(len(SECTIONS))
    page.check("bench-handed-back")
