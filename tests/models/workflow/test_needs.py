"""What stands against a transition: each need once kept and once broken, to the second."""

from datetime import timedelta

import pytest

from models.sections import SECTIONS
from models.status import StepState
from models.words import NotAllowed
from models.workflow import Known, Mark
from tests.models.workflow.bodies import (
    AUDITED,
    DECLARED,
    NOW,
    RIGHT,
    SECOND,
    agent,
    applicant,
    decided,
    declaration,
    offices,
    step,
)

MARKS = {"marks": RIGHT}
PAPER = {"marks": RIGHT | {"paper": Mark(True)}}
OPINION = {"opinion": "请修改"}
LATER = AUDITED[1] + timedelta(days=60)

NOT_DECLARING = "“通知”现在不在申报时间内，不能提交。"
NOT_AUDITING = "“通知”现在不在单位审核时间内。"
AUDIT_OVER = "推荐单位的审核时间已经结束，不能再提交。"
LOOKED_AT = "推荐单位已经打开您的申报，或已退回过，不能撤回。需要修改请联系推荐单位退回。"


def said(of, action, **how) -> str:
    """The refusal, empty if there is none."""
    try:
        decided(of, action, **how)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def submission(of, **how) -> str:
    return said(of, "SUBMIT", **{"pledged": True} | how)


def edges(window, refusal) -> list:
    """A second before each end of a half-open window, at it, and a second after."""
    begin, end = window
    return [
        (begin - SECOND, refusal),
        (begin, ""),
        (begin + SECOND, ""),
        (end - SECOND, ""),
        (end, refusal),
        (end + SECOND, refusal),
    ]


@pytest.mark.parametrize(("now", "refusal"), edges(DECLARED, NOT_DECLARING))
def test_the_first_submission_keeps_the_declare_window(now, refusal):
    assert submission(declaration(status="DRAFT"), now=now) == refusal


def test_nothing_is_submitted_to_a_notice_taken_back():
    draft = declaration(status="DRAFT")
    draft.notice.published = False
    assert submission(draft) == NOT_DECLARING


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (DECLARED[1] + SECOND, ""),
        (AUDITED[1] - SECOND, ""),
        (AUDITED[1], AUDIT_OVER),
        (AUDITED[1] + SECOND, AUDIT_OVER),
    ],
)
def test_what_the_unit_returned_comes_back_until_its_window_ends(now, refusal):
    back = declaration("RETURNED_OUT", "AHEAD", "AHEAD", status="RETURNED")
    assert submission(back, now=now) == refusal


@pytest.mark.parametrize("states", [("SENT", "RETURNED_OUT"), ("SENT", "SENT", "RETURNED_OUT")])
@pytest.mark.parametrize("policy", ["direct", "restart"])
def test_what_an_upper_office_returned_comes_back_at_any_time(states, policy):
    back = declaration(*states, status="RETURNED", policy=policy)
    assert submission(back, now=LATER) == ""


@pytest.mark.parametrize(
    ("state", "action", "asked"),
    [
        ("PENDING", "APPROVE", MARKS),
        ("PENDING", "RETURN", PAPER | OPINION),
        ("PENDING", "TERMINATE", OPINION),
        ("VETTED", "REOPEN", {}),
        ("VETTED", "SEND", {}),
    ],
)
@pytest.mark.parametrize(("now", "refusal"), edges(AUDITED, NOT_AUDITING))
def test_the_unit_acts_in_its_window(state, action, asked, now, refusal):
    assert said(declaration(state, "AHEAD"), action, now=now, **asked) == refusal


@pytest.mark.parametrize(("now", "refusal"), edges(AUDITED, NOT_AUDITING))
def test_the_unit_passes_in_its_window_where_it_is_the_last(now, refusal):
    assert said(declaration("PENDING"), "PASS", now=now, **MARKS) == refusal


@pytest.mark.parametrize(
    ("state", "action", "asked"),
    [
        ("PENDING", "APPROVE", MARKS),
        ("PENDING", "RETURN", PAPER | OPINION),
        ("PENDING", "TERMINATE", OPINION),
        ("PENDING", "HAND_BACK", OPINION | {"target": 1}),
        ("VETTED", "REOPEN", {}),
        ("VETTED", "SEND", {}),
    ],
)
@pytest.mark.parametrize("now", [AUDITED[0] - SECOND, LATER])
def test_offices_above_the_unit_have_no_window(state, action, asked, now):
    assert said(declaration("SENT", state, "AHEAD"), action, now=now, **asked) == ""


@pytest.mark.parametrize(
    ("state", "action", "asked"),
    [("RETURNED_IN", "APPROVE", MARKS), ("RETURNED_IN", "RETURN", PAPER | OPINION)]
    + [("PENDING", "APPROVE", MARKS), ("VETTED", "SEND", {})],
)
def test_what_an_upper_office_sent_back_does_not_get_stuck_with_the_unit(state, action, asked):
    """It was sent up in time; nobody could act on it any more if the window still counted."""
    back = declaration(state, "AHEAD", "AHEAD")
    back.current = 1
    assert said(back, action, now=LATER, **asked) == NOT_AUDITING
    back.steps[1].round = 1
    assert said(back, action, now=LATER, **asked) == ""


def test_nor_with_a_new_unit_after_an_upper_office_returned_it():
    moved = declaration("SENT", "RETURNED_OUT", "PENDING", "AHEAD")
    moved.chain_start = moved.current = 3
    assert said(moved, "APPROVE", now=LATER, **MARKS) == ""
    moved.steps[0].state = StepState.RETURNED_OUT
    assert said(moved, "APPROVE", now=LATER, **MARKS) == NOT_AUDITING


@pytest.mark.parametrize(
    ("bound_to", "refusal"),
    [
        (1, ""),
        (2, "您现在没有绑定机构1。请先绑定，或在申报页面换成现在绑定的推荐单位。"),
        (None, "您现在没有绑定机构1。请先绑定，或在申报页面换成现在绑定的推荐单位。"),
    ],
)
def test_it_goes_by_way_of_the_bound_unit(bound_to, refusal):
    assert submission(declaration(status="DRAFT"), known=Known(bound_to=bound_to)) == refusal


@pytest.mark.parametrize(
    ("errors", "refusal"), [(0, ""), (3, "数据验证还有 3 项没有通过，请逐项修改。")]
)
def test_the_data_check_has_found_nothing(errors, refusal):
    known = Known(errors=errors, bound_to=1)
    assert submission(declaration(status="DRAFT"), known=known) == refusal


def test_the_promise_is_ticked():
    assert submission(declaration(status="DRAFT"), pledged=False) == "请先阅读并勾选承诺。"


def test_the_first_reason_is_the_one_that_nobody_can_mend():
    draft = declaration(status="DRAFT")
    hopeless = {"known": Known(errors=9), "pledged": False, "now": DECLARED[1]}
    assert submission(draft, **hopeless) == NOT_DECLARING


def withdrawal(of) -> str:
    return said(of, "WITHDRAW", actor=applicant())


def test_what_nobody_has_opened_is_withdrawn():
    assert withdrawal(declaration("PENDING", "AHEAD")) == ""


def test_what_was_opened_stays():
    opened = declaration("PENDING", "AHEAD")
    opened.steps[0].opened_at = NOW
    assert withdrawal(opened) == LOOKED_AT


@pytest.mark.parametrize(
    "states", [("VETTED", "AHEAD"), ("RETURNED_IN", "AHEAD"), ("SENT", "PENDING")]
)
def test_what_was_judged_stays(states):
    assert withdrawal(declaration(*states)) == LOOKED_AT


def test_what_comes_again_stays():
    again = declaration("PENDING", "AHEAD")
    again.steps[0].round = 2
    assert withdrawal(again) == LOOKED_AT


def test_what_was_returned_stays_though_it_goes_to_a_new_unit():
    moved = declaration("RETURNED_OUT", "PENDING", "AHEAD")
    moved.chain_start = 2
    assert withdrawal(moved) == LOOKED_AT


def test_what_was_handed_back_and_never_opened_stays():
    back = declaration("PENDING", "AHEAD")
    back.steps[1].round = 1
    assert withdrawal(back) == LOOKED_AT


@pytest.mark.parametrize("action", ["APPROVE", "PASS"])
def test_all_seventeen_are_judged(action):
    of = declaration("PENDING", "AHEAD") if action == "APPROVE" else declaration("SENT", "PENDING")
    assert len(RIGHT) == 17
    assert said(of, action, marks=RIGHT) == ""
    assert said(of, action) == "还有 17 个模块没有审，请从“基本信息”开始补审。"
    for section in SECTIONS:
        rest = {key: mark for key, mark in RIGHT.items() if key != section.key}
        words = f"还有 1 个模块没有审，请从“{section.title}”开始补审。"
        assert said(of, action, marks=rest) == words


@pytest.mark.parametrize("action", ["APPROVE", "PASS"])
def test_nothing_passes_with_a_fault(action):
    of = declaration("PENDING", "AHEAD") if action == "APPROVE" else declaration("SENT", "PENDING")
    for section in SECTIONS:
        marks = RIGHT | {section.key: Mark(True, "请补充")}
        assert said(of, action, marks=marks) == f"“{section.title}”标了有误，不能通过。"
    two = RIGHT | {"paper": Mark(True), "education": Mark(True)}
    assert said(of, action, marks=two) == "“教育经历、论文信息”标了有误，不能通过。"


@pytest.mark.parametrize(
    ("states", "approve", "pass_"),
    [
        (("PENDING", "AHEAD"), "", "只有最后一级审核机构可以作“终审通过”。"),
        (("SENT", "PENDING"), "这里是最后一级，请作“终审通过”。", ""),
        (("PENDING",), "这里是最后一级，请作“终审通过”。", ""),
    ],
)
def test_the_last_office_passes_and_the_others_approve(states, approve, pass_):
    of = declaration(*states)
    assert (said(of, "APPROVE", **MARKS), said(of, "PASS", **MARKS)) == (approve, pass_)


NO_FAULT = "退回申报人修改，请至少把一个模块标为有误。"


@pytest.mark.parametrize(
    ("marks", "refusal"),
    [
        ({}, NO_FAULT),
        (RIGHT, NO_FAULT),
        ({"paper": Mark(False, "很好")}, NO_FAULT),
        ({"salary": Mark(True)}, NO_FAULT),
        ({"paper": Mark(True)}, ""),
        ({"materials": Mark(True)}, ""),
    ],
)
def test_what_is_returned_names_a_fault(marks, refusal):
    assert said(declaration("PENDING"), "RETURN", marks=marks, **OPINION) == refusal


@pytest.mark.parametrize(("opinion", "refusal"), [("好", ""), (" \n　", "请填写审核意见。")])
@pytest.mark.parametrize(
    ("action", "asked"), [("RETURN", PAPER), ("HAND_BACK", {"target": 1}), ("TERMINATE", {})]
)
def test_what_does_not_pass_says_why(action, asked, opinion, refusal):
    assert said(declaration("SENT", "PENDING"), action, opinion=opinion, **asked) == refusal


@pytest.mark.parametrize("action", ["APPROVE", "PASS"])
def test_what_passes_need_not(action):
    of = declaration("PENDING", "AHEAD") if action == "APPROVE" else declaration("SENT", "PENDING")
    assert said(of, action, opinion="", **MARKS) == ""


@pytest.mark.parametrize(("reports", "refusal"), [(1, ""), (0, "请先上传推荐报告或申报函。")])
def test_what_is_sent_has_a_report(reports, refusal):
    known = Known(reports=reports)
    assert said(declaration("VETTED", "AHEAD"), "SEND", known=known) == refusal


NO_TARGET = "请选择要退回的下级审核机构。"


@pytest.mark.parametrize(
    ("states", "targets"),
    [
        (("PENDING", "AHEAD", "AHEAD"), set()),
        (("SENT", "PENDING", "AHEAD"), {1}),
        (("SENT", "SENT", "VETTED"), {1, 2}),
        (("SENT", "SENT", "RETURNED_IN"), {1, 2}),
    ],
)
def test_it_is_handed_back_to_those_who_sent_it_up(states, targets):
    of = declaration(*states)
    tried = (None, -1, 0, 1, 2, 3, 4)
    answers = {t: said(of, "HAND_BACK", target=t, **OPINION) for t in tried}
    assert answers == {t: "" if t in targets else NO_TARGET for t in tried}


def test_it_is_not_handed_back_into_an_earlier_chain():
    moved = declaration("SENT", "RETURNED_OUT", "SENT", "PENDING")
    moved.chain_start = 3
    assert said(moved, "HAND_BACK", target=1, **OPINION) == NO_TARGET
    assert said(moved, "HAND_BACK", target=3, **OPINION) == ""


def test_an_earlier_step_of_the_same_office_gives_no_turn():
    first, second = offices(2)
    moved = declaration("RETURNED_OUT", "AHEAD")
    moved.steps[:] = [step(first, "RETURNED_OUT", 1), step(second, "PENDING", 2)]
    moved.chain_start = moved.current = 2
    refused = said(moved, "APPROVE", actor=agent(1), **MARKS)
    assert refused == "这份申报现在不在您这里，不能审核通过。"
