"""The whole main job in a real browser, on both databases: from the binding to 终审通过."""

import pytest

from tests.browser import applying as apply
from tests.browser import auditing as audit
from tests.browser.story import Files
from tests.worlds.base import PASSWORD, uscc_of
from tests.worlds.main_job import BUREAU, COMMITTEE, main_job

pytestmark = [
    pytest.mark.world(build=main_job),
    pytest.mark.databases("sqlite", "postgresql"),
]

CODE = uscc_of(3)
"""Of the unit, the third office of the world."""


def test_from_the_binding_to_the_final_pass(new_page, tmp_path):
    files = Files(tmp_path)
    me = new_page().login("applicant", PASSWORD)
    apply.bind(me, CODE)
    unit = new_page().login("unit", PASSWORD)
    audit.agree(unit)
    apply.begin(me)
    declare(me, files)
    apply.follow(me)
    audit.open_bench(unit, "unit")
    audit.return_paper(unit)
    apply.correct(me)
    apply.submit(me, "重新提交", "again")
    colleague = new_page().login("colleague", PASSWORD)
    audit.open_bench(colleague, "colleague")
    audit.look_again(colleague, apply.BEFORE, apply.AFTER)
    audit.reopen(colleague)
    audit.send(colleague, files, BUREAU, "unit")
    climb(new_page, colleague, files)
    apply.passed(me)


def declare(me, files):
    """All sections, and the submission."""
    apply.fill_in_basics(me, files)
    apply.fill_in_records(me, files)
    apply.fill_in_sheets(me, files)
    apply.fill_in_papers(me, files)
    apply.declare_no_penalty(me)
    apply.look_at_table(me)
    apply.add_materials(me, files)
    apply.submit(me, "提交申报", "first")


def climb(new_page, unit, files):
    """The bureau hands it back to the unit once; then it climbs to the top."""
    bureau = new_page().login("bureau", PASSWORD)
    audit.hand_back(bureau)
    audit.open_bench(unit, "handed-back")
    audit.says_handed_back(unit)
    audit.approve(unit)
    audit.send(unit, files, BUREAU, "unit-again")
    audit.open_bench(bureau, "bureau-again")
    audit.judge_right(bureau)
    audit.approve(bureau)
    audit.send(bureau, files, COMMITTEE, "bureau")
    committee = new_page().login("committee", PASSWORD)
    audit.open_bench(committee, "committee")
    audit.judge_right(committee)
    committee.check("committee-bench")
    audit.approve(committee, "终审通过")
    committee.check("committee-desk")
