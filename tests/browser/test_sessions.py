"""登录 in the browser: the warning before a login ends, and what was typed when it ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models.sessions import LoginSession
from tests.bed import Bed
from tests.browser.pages import Page
from tests.browser.story import heads, says, told
from tests.worlds.base import PASSWORD, id_no_of
from tests.worlds.two_units import two_units

pytestmark = pytest.mark.world(build=two_units)

PAPER = "/mine/1/paper/edit/1"
HALF = "改到一半的题目"
MINUTES = 60_000


@pytest.fixture
def pass_hour(bed: Bed, live_server: str) -> Callable[[], None]:
    """Let the server's logins be an hour older in their last use."""

    def age() -> None:
        engine = create_engine(bed.server.url("live"))
        with Session(engine) as session:
            for login in session.scalars(select(LoginSession)):
                login.seen_at -= timedelta(hours=1)
            session.commit()
        engine.dispose()

    return age


def typing(page: Page, username: str = "applicant", path: str = PAPER) -> Page:
    """Somebody who has changed a title and not saved it."""
    page.login(username, PASSWORD).open(path).loaded()
    page.find("#form [name=title]").fill(HALF)
    return page


def come_back(page: Page, username: str = "applicant") -> None:
    """Sign in where one was led to."""
    page.find("input[name=username]").fill(username)
    page.find("input[name=password]").fill(PASSWORD)
    page.find("input[name=password]").press("Enter")


def test_the_warning_before_the_end(page, pass_hour):
    page.tab.clock.install()
    typing(page)
    dialog, go_on = page.find("#idle"), page.find("#idle button")
    for key in ("Enter", "Escape"):
        page.tab.clock.fast_forward(28 * MINUTES + 1000)
        expect(go_on).to_be_focused()
        says(page, "再过 1 分 5", "#idle")
        with page.tab.expect_response("**/sessions/renew") as answer:
            page.tab.keyboard.press(key)
        assert answer.value.json()["idle"] == 30 * 60
        expect(dialog).to_be_hidden()
        expect(page.find("#form [name=title]")).to_have_value(HALF)
    page.tab.clock.fast_forward(29 * MINUTES)
    expect(go_on).to_be_focused()
    page.check("idle-warning")
    pass_hour()
    page.tab.clock.fast_forward(2 * MINUTES)
    says(page, "登录已经结束", "#idle")
    expect(page.find("#idle [data-again]")).to_be_focused()
    page.check("idle-over")
    page.tab.keyboard.press("Enter")
    heads(page, "登录")
    come_back(page)
    expect(page.find("#form [name=title]")).to_have_value(HALF)


def test_who_types_is_there(page):
    """The login goes on without a question while somebody writes a long text."""
    page.tab.clock.install()
    typing(page)
    page.tab.clock.fast_forward(27 * MINUTES + 55_000)
    page.find("#form [name=title]").press_sequentially("完")
    with page.tab.expect_response("**/sessions/renew"):
        page.tab.clock.run_for(10_000)
    expect(page.find("#idle")).to_be_hidden()


def test_another_tab_counts(page):
    page.tab.clock.install()
    typing(page)
    other = Page(page.tab.context, page.base)
    page.tab.clock.fast_forward(28 * MINUTES + 1000)
    expect(page.find("#idle")).to_be_visible()
    other.open("/mine/list/").loaded()
    expect(page.find("#idle")).to_be_hidden()
    other.find(".zc-top-r summary").first.click()
    other.find("button:has-text('安全退出')").first.click()
    says(page, "您已在另一个标签页退出登录", "#idle")
    assert page.tab.evaluate("Object.keys(sessionStorage)") == []
    other.tab.close()


def test_what_was_typed_is_there_after_the_login(page, pass_hour):
    typing(page)
    page.find("#form [name=title]").fill("存好的题目")
    pass_hour()
    page.find("#form button[type=submit]").click()
    heads(page, "登录")
    says(page, "您有一段时间没有操作，已自动退出。")
    come_back(page)
    says(page, "已恢复您上次没有保存的内容。", "#form")
    expect(page.find("#form [name=title]")).to_have_value("存好的题目")
    page.check("draft-restored")
    page.find("#form button[type=submit]").click()
    told(page, "已保存。")
    page.open(PAPER).loaded()
    expect(page.find("#form [name=title]")).to_have_value("存好的题目")
    expect(page.find("button:has-text('放弃恢复的内容')")).to_have_count(0)
    assert page.tab.evaluate("Object.keys(sessionStorage)") == []


CHOOSE = """id => {
  const list = document.getElementById(id).tomselect;
  const value = Object.keys(list.options).filter(Boolean)[1];
  list.setValue(value);
  return value;
}"""
"""A list that is searched; its own select is out of sight."""


def test_it_can_be_given_up(page, pass_hour):
    page.login("applicant", PASSWORD).open("/mine/1/paper/add").loaded()
    title, role = page.find("#form [name=title]"), page.find("#form [name=author_role]")
    title.fill(HALF)
    chosen = page.tab.evaluate(CHOOSE, "author_role")
    pass_hour()
    page.find("#form button[type=submit]").click()
    heads(page, "登录")
    come_back(page)
    expect(title).to_have_value(HALF)
    expect(role).to_have_value(chosen)
    page.find("button:has-text('放弃恢复的内容')").click()
    expect(title).to_have_value("")
    expect(role).to_have_value("")
    page.open("/mine/list/").open("/mine/1/paper/add").loaded()
    expect(title).to_have_value("")


def test_nobody_else_and_nobody_after_the_way_out_reads_it(page, pass_hour):
    typing(page)
    pass_hour()
    page.find("#form button[type=submit]").click()
    heads(page, "登录")
    come_back(page, "waiting")  # somebody else at the same computer
    page.open("/binding/").loaded()
    assert page.tab.evaluate("JSON.stringify(sessionStorage)") == "{}"
    page.tab.context.clear_cookies()
    typing(page)
    page.find(".zc-top-r summary").first.click()
    page.find("button:has-text('安全退出')").first.click()
    heads(page, "登录")
    assert page.tab.evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_what_somebody_else_saved_meanwhile_is_seen(page, new_page, pass_hour):
    """The draft knows which version it was begun from."""
    typing(page)
    pass_hour()
    other = new_page().login("applicant", PASSWORD).open(PAPER).loaded()
    other.find("#form [name=title]").fill("别人的题目")
    other.find("#form button[type=submit]").click()
    told(other, "已保存。")
    page.find("#form button[type=submit]").click()
    come_back(page)
    says(page, "已恢复您上次没有保存的内容。", "#form")
    with page.refused(409):
        page.find("#form button[type=submit]").click()
    expect(page.find("#conflict tbody tr:has-text('题目') td")).to_have_text([HALF, "别人的题目"])


def test_the_bench_keeps_verdicts_and_opinion(page, pass_hour):
    page.login("agent", PASSWORD).open("/audit/3").loaded()
    page.find("input[name='verdict-basic_info'][value=wrong]").check()
    page.find("#note-basic_info").fill("照片不清楚")
    page.find("#opinion").fill("请补充材料")
    pass_hour()
    page.find("[data-primary]").click()
    heads(page, "登录")
    come_back(page, "agent")
    page.loaded()
    expect(page.find("#opinion")).to_have_value("请补充材料")
    expect(page.find("#note-basic_info")).to_have_value("照片不清楚")
    expect(page.find("input[name='verdict-basic_info'][value=wrong]")).to_be_checked()
    expect(page.find("[data-judged]")).to_contain_text("已审 1 /")


def test_no_number_and_no_password_is_kept(page):
    number = id_no_of(77)
    page.login("applicant", PASSWORD).open("/mine/1/expert/edit/1").loaded()
    page.find("#form [name=expert_id_no]").fill(number)
    page.find("#form [name=recommend_opinion]").fill(f"证件号码 {number} 的专家")
    page.find("#form [name=expert_name]").fill(HALF)
    kept = page.tab.evaluate("JSON.stringify(sessionStorage)")
    assert HALF in kept and number not in kept and "expert_id_no" not in kept
    page.tab.context.clear_cookies()
    page.login("admin", PASSWORD).open("/accounts/add").loaded()
    page.find("[name=username]").fill("wang.fang")
    for name in ("password", "again"):
        page.find(f"[name={name}]").fill("Jiang-2026")
    kept = page.tab.evaluate("JSON.stringify(sessionStorage)")
    assert "wang.fang" in kept and "Jiang-2026" not in kept


def test_the_list_of_logins(page, new_page):
    new_page().login("agent", PASSWORD)
    page.login("agent", PASSWORD)
    page.find(".zc-top-r summary").first.click()
    page.find("a:has-text('我的登录')").first.click()
    heads(page, "我的登录")
    page.check("logins")
    page.find("button:has-text('退出其他登录')").click()
    page.find("#confirm [data-ok]").click()
    told(page, "已退出其他")
    expect(page.find("tbody tr")).to_have_count(1)
