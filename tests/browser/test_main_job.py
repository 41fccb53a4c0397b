"""The whole main job in a real browser, on both databases: from the binding to 终审通过."""

import re
from codecs import BOM_UTF8
from csv import DictReader

import pytest
from playwright.sync_api import expect

from tests.browser import applying as apply
from tests.browser import auditing as audit
from tests.browser import filling as fill
from tests.browser.story import Files, heads, says, walk
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.main_job import APPLICANT, BUREAU, COMMITTEE, main_job

pytestmark = [
    pytest.mark.world(build=main_job),
    pytest.mark.databases("sqlite", "postgresql"),
]

CODE = uscc_of(3)
"""Of the unit, the third office of the world."""

MASK = re.compile(r"[0-9]{2,6}[*＊]+[0-9X]{1,4}")


def test_from_the_binding_to_the_final_pass(new_page, tmp_path):
    files = Files(tmp_path)
    me = new_page().login("applicant", PASSWORD)
    apply.bind(me, CODE)
    unit = new_page().login("unit", PASSWORD)
    audit.agree(unit)
    apply.begin(me)
    declare(me, files)
    apply.follow(me)
    audit.open_bench(unit, shot="desk")
    audit.return_paper(unit)
    apply.correct(me)
    apply.submit(me, "重新提交", "again")
    colleague = new_page().login("colleague", PASSWORD)
    audit.open_bench(colleague, shot="desk-again")
    audit.look_again(colleague, apply.BEFORE, apply.AFTER)
    audit.reopen(colleague)
    audit.send_without_report(colleague)
    audit.send(colleague, files, BUREAU)
    colleague.check("desk-sent")
    climb(new_page, colleague, files)
    apply.passed(me)
    manage(new_page().login("data", PASSWORD))


def declare(me, files):
    """All sections, and the submission."""
    fill.fill_in_basics(me, files)
    fill.fill_in_records(me, files)
    fill.fill_in_sheets(me, files)
    fill.fill_in_papers(me, files)
    fill.declare_no_penalty(me)
    fill.look_at_table(me)
    fill.add_materials(me, files)
    apply.submit(me, "提交申报", "first")


def climb(new_page, unit, files):
    """The bureau hands it back to the unit once; then it climbs to the top."""
    bureau = new_page().login("bureau", PASSWORD)
    audit.hand_back(bureau)
    audit.open_bench(unit)
    audit.says_handed_back(unit)
    audit.approve(unit)
    audit.open_send(unit)
    audit.send(unit, files, BUREAU)
    audit.open_bench(bureau)
    audit.judge_right(bureau)
    audit.approve(bureau)
    audit.open_send(bureau)
    audit.send(bureau, files, COMMITTEE)
    committee = new_page().login("committee", PASSWORD)
    audit.open_bench(committee)
    audit.judge_right(committee)
    committee.check("committee-bench")
    audit.approve(committee, "终审通过")
    committee.check("committee-desk")


def manage(page):
    """The data manager of the bureau finds it, and takes it along as a table."""
    heads(page, "申报")
    page.check("console")
    walk(page)
    page.find(".za-more summary").click()
    page.find("select[name*=status]").select_option("PASSED")
    page.find("button:has-text('按条件筛选')").click()
    expect(page.find("#found")).to_have_text("共 1 条")
    says(page, APPLICANT, "tbody")
    page.check("console-filtered")
    with page.tab.expect_download() as download:
        page.find("a:has-text('导出 CSV')").click()
    table = download.value.path().read_bytes()
    assert table.startswith(BOM_UTF8)
    (row,) = DictReader(table.decode("utf-8-sig").splitlines())
    assert row["姓名"] == APPLICANT and row["状态"] == "终审通过"
    assert id_no_of(1) not in table.decode() and MASK.fullmatch(row["证件号码"].removeprefix("'"))
