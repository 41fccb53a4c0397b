"""The pages and states that the main job does not come by: refusals, empty lists, conflicts,
what can only be read, and all of them on the narrowest screen.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.story import Files, attach, heads, says, told, walk
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import two_units

pytestmark = pytest.mark.world(build=two_units)

NARROW = (320, 640)
"""WCAG 1.4.10: nothing scrolls sideways at 320 pixels."""

PAGES = {
    "applicant": [
        "/mine/list/", "/mine/show/1", "/mine/show/2", "/mine/show/1?check=1", "/mine/track/2",
        "/mine/1/expert/list/", "/mine/1/paper/add", "/mine/2/paper/list/", "/mine/2/award/list/",
        "/mine/2/materials/list/", "/print/1/publicity", "/binding/", "/notices/1/read",
        "/mobile/",
    ],
    "waiting": ["/mine/list/", "/binding/"],
    "terminated": ["/mine/list/", "/mine/track/7"],
    "passed": ["/mine/show/6", "/mine/begin/2"],
    "agent": [
        "/audit/list/", "/audit/list/?state=vetted", "/audit/list/?state=returned",
        "/audit/list/?q=不存在", "/audit/4", "/audit/5", "/audit/7", "/audit/9",
        "/send/1", "/requests/list/", "/requests/list/?tab=all", "/requests/list/?q=不存在",
        "/phrases/list/", "/phrases/add",
    ],
    "checker": [
        "/confirm/list/", "/confirm/list/?tab=all", "/confirm/show/1", "/audit/list/", "/audit/7",
    ],
    "legal": ["/agents/list/", "/unit/"],
    "bureau": ["/audit/list/", "/send/", "/send/1", "/requests/list/"],
    "committee": ["/audit/list/", "/audit/list/?state=passed"],
    "manager": ["/notices/list/", "/notices/add", "/notices/edit/1", "/offices/list/"],
    "admin": ["/second/", "/offices/list/", "/accounts/list/", "/accounts/add"],
    "security": [
        "/roles/list/", "/roles/list/?tab=given&role=经办人", "/roles/list/?q=不存在",
        "/security/?username=nobody", "/security/?username=agent", "/roles/edit/3", "/security/",
    ],
    "auditor": [
        "/journal/list/?act=open", "/journal/list/?actor=不存在", "/journal/verify/",
        "/journal/verify/1", "/journal/list/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("username", PAGES)
def test_pages_owe_nothing(page, username):
    page.login(username, PASSWORD)
    for n, path in enumerate(PAGES[username]):
        page.open(path)
        page.find("form[data-runs]").wait_for(state="detached")  # what runs reloads its page
        page.check(f"axe-{username}-{n}")
        reflows(page)


def reflows(page):
    """Nothing scrolls sideways on the narrowest screen."""
    page.tab.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= NARROW[0], page.path


@pytest.mark.parametrize("username", ["manager", "admin", "security", "agent"])
def test_all_is_reached_by_the_keyboard(page, username):
    page.login(username, PASSWORD)
    for path in PAGES[username][-2:]:
        walk(page.open(path))


@pytest.mark.parametrize(
    ("status", "path", "words"),
    [
        (403, "/audit/list/", "没有权限"),
        (404, "/nowhere", "没有找到这个页面"),
        (404, "/mine/show/999", "没有找到这个页面"),
        (400, "/mine/list/?x=%00", "无法识别"),
    ],
)
def test_refusals_owe_nothing(page, status, path, words):
    page.login("applicant", PASSWORD).open(path, status=status)
    says(page, words)
    page.check(f"axe-{status}")
    reflows(page)


def test_a_withdrawal_that_comes_too_late(page, new_page):
    page.login("submitted", PASSWORD).open("/mine/show/3")
    new_page().login("agent", PASSWORD).open("/audit/3")
    page.find("button:has-text('撤回申报')").click()
    with page.refused(409):
        page.find("#confirm [data-ok]").click()
    says(page, "推荐单位已经打开您的申报")
    page.check("axe-409")


def test_a_file_that_is_too_large_without_the_script(page):
    page.login("applicant", PASSWORD).open("/mine/1/basic_info/list/")
    page.find("#proof-A20 summary, #proof-A20 h3").first.click()
    with page.refused(413):
        page.tab.evaluate(SEND_PLAINLY, 6 * 1024 * 1024)
    says(page, "文件太大")
    page.check("axe-413")


SEND_PLAINLY = """size => {
  const form = document.querySelector('#proof-A20 form[data-upload]');
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(size)], '证书.jpg', {type: 'image/jpeg'}));
  form.elements.file.files = files.files;
  form.submit();
}"""
"""As the form is sent where no script runs: no event is heard."""


def test_an_address_leads_to_the_box_and_to_the_field(page):
    """数据验证 names them in its links; a kind that is folded is opened."""
    page.login("applicant", PASSWORD)
    page.open("/mine/1/basic_info/list/#proof-A21")
    expect(page.find("#proof-A21 input[type=file]")).to_be_focused()
    expect(page.find("details#proof-A21[open]")).to_have_count(1)
    page.open("/mine/1/paper/edit/1#publish_date")
    expect(page.find("#form [name=publish_date]").first).to_be_focused()
    page.check("axe-field-named")


def test_a_list_offers_what_agrees_with_those_beside_it(page):
    """现任职称名称 is searched, 申报职称 is the browser's own; what was chosen stays."""
    page.login("applicant", PASSWORD).open("/mine/1/basic_info/list/")
    offered = "Object.keys(document.getElementById('current_title_name').tomselect.options).sort()"
    assert page.tab.evaluate(offered) == ["", "05013"]
    page.find("#current_title_level").select_option("2")
    assert page.tab.evaluate(offered) == ["", "05012", "05013"]
    page.find("#current_title_level").select_option("")
    titles = page.tab.evaluate(offered)
    assert {"05011", "05012", "05013", "05014"} < set(titles) and "01011" not in titles
    apply = page.find("#apply_title_name option")
    expect(apply).to_have_count(2)
    page.find("#current_title_level").select_option("3")
    page.find("#form button[type=submit]").click()
    told(page, "已保存。")
    expect(page.find("#current_title_name")).to_have_value("05013")


def test_the_table_for_the_unit_can_be_read_on_a_phone(page):
    """Its cells keep a width; each table scrolls in its own region, the page does not."""
    page.login("applicant", PASSWORD)
    page.tab.set_viewport_size({"width": 390, "height": 844})
    page.open("/print/1/publicity")
    widths = page.find("td").evaluate_all("cells => cells.map(cell => cell.offsetWidth)")
    assert min(widths) >= 100, sorted(widths)
    page.check("axe-publicity")


def test_a_report_is_asked_for_before_the_question(page, tmp_path):
    """What will be refused is not asked about; a report that has just come is enough."""
    page.login("agent", PASSWORD).open("/send/1")
    page.find("#proof-U01 form[data-remove] button").click()
    page.find("#confirm [data-ok]").click()
    expect(page.find("#proof-U01 .zc-file")).to_have_count(0)
    with page.refused(409):
        page.find("button:has-text('送审 1 份')").first.click()
    expect(page.find("#errsum")).to_be_focused()
    page.check("axe-send-no-report")
    attach(page, "U01", Files(tmp_path).pdf("推荐报告", 1))
    page.find("tbody .zc-tick").click()
    with page.refused(400):  # nothing is chosen
        page.find("button:has-text('送审 0 份')").first.click()
    expect(page.find("#confirm")).to_be_hidden()
    page.find("tbody .zc-tick").click()
    page.find("button:has-text('送审 1 份')").first.click()
    says(page, "送审 1 份申报？", "#confirm")
    page.check("axe-send-confirm")


def test_two_who_save_the_same(page, new_page):
    other = new_page().login("applicant", PASSWORD)
    page.login("applicant", PASSWORD)
    for tab, title in ((page, "第一个题目"), (other, "第二个题目")):
        tab.open("/mine/1/paper/edit/1").find("#form [name=title]").fill(title)
    page.find("#form button[type=submit]").click()
    told(page, "已保存。")
    with other.refused(409):
        other.find("#form button[type=submit]").click()
    row = other.find("#conflict tbody tr:has-text('题目')")
    expect(row.locator("td")).to_have_text(["第二个题目", "第一个题目"])
    other.check("axe-conflict")
    other.find("#form button[type=submit]").click()
    told(other, "已保存。")
    expect(other.find("#form [name=title]")).to_have_value("第二个题目")


def test_a_row_that_cannot_be_sent_any_more(page, new_page):
    page.login("agent", PASSWORD).open("/send/1")
    colleague = new_page().login("agent2", PASSWORD).open("/audit/4")
    colleague.find("button:has-text('重新审核')").click()
    colleague.find("#confirm [data-ok]").click()
    expect(colleague.find("#bench")).to_be_visible()
    page.find("button:has-text('送审 1 份')").first.click()
    with page.refused(409):
        page.find("#confirm [data-ok]").click()
    says(page, "1 份不能送审，一份也没有送出", "#errsum")
    page.check("axe-send-refused")


def test_a_session_that_has_ended(page):
    page.login("applicant", PASSWORD).open("/mine/1/paper/edit/1")
    # An answer that comes later would bring the cookie back.
    page.tab.wait_for_load_state("networkidle")
    page.tab.context.clear_cookies(name="session")
    page.open("/mine/list/")
    heads(page, "登录")
    page.check("axe-login")
