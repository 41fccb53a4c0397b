"""Who may do what in which state: the whole product, against a table written by hand."""

from itertools import product

import pytest

from models.permissions import Actor, Role
from models.status import Status, StepState
from models.words import Forbidden, NotAllowed
from models.workflow import Action, Decision, decide, open_to
from tests.models.workflow.bodies import FILED, ME, NOW, RIGHT, SOMEBODY, declaration

ALLOWED = {
    # who, action: the words of the declaration or of the step in which it is allowed
    ("申报人", "SUBMIT"): {"DRAFT", "RETURNED"},
    ("申报人", "WITHDRAW"): {"SUBMITTED"},
    ("经办人", "APPROVE"): {"PENDING", "RETURNED_IN"},
    ("经办人", "REOPEN"): {"VETTED"},
    ("经办人", "SEND"): {"VETTED"},
    ("经办人", "RETURN"): {"PENDING", "RETURNED_IN", "VETTED"},
    ("经办人", "HAND_BACK"): {"PENDING", "RETURNED_IN", "VETTED"},
    ("经办人", "TERMINATE"): {"PENDING", "RETURNED_IN", "VETTED"},
    ("经办人", "PASS"): {"PENDING", "RETURNED_IN"},
}
SAYS = {
    "SUBMIT": "提交申报",
    "WITHDRAW": "撤回申报",
    "APPROVE": "审核通过",
    "REOPEN": "重新审核",
    "SEND": "送审",
    "RETURN": "退回申报人修改",
    "HAND_BACK": "退回下级审核",
    "TERMINATE": "审核不通过终止审核",
    "PASS": "终审通过",
}
STATUS = {
    "DRAFT": "填报中",
    "SUBMITTED": "已申报",
    "RETURNED": "被退回",
    "PASSED": "终审通过",
    "TERMINATED": "审核不通过终止审核",
}
STATE = {
    "AHEAD": "未到达",
    "PENDING": "待审",
    "RETURNED_IN": "待审",
    "VETTED": "待送审",
    "SENT": "已送审",
    "RETURNED_OUT": "退回",
    "TERMINATED": "终止",
    "PASSED": "终审通过",
}
ROLES = (
    "申报人", "法人", "经办人", "负责人", "通知管理员", "数据管理员", "系统管理员", "安全管理员",
    "审计管理员", None,
)  # fmt: skip
PERSONS = {"own": ME, "foreign": SOMEBODY, "nobody": None}
OFFICES = {"here": 2, "elsewhere": 9, "nowhere": None}

SWEEP = list(product(ROLES, PERSONS, OFFICES))


def lying(status: str, state: str):
    """With the second of three offices in this state; nowhere if the applicant has it."""
    made = declaration("SENT", state, "AHEAD", status=status)
    made.current = None if status in ("DRAFT", "RETURNED") else 2
    if status == "RETURNED" and state != "RETURNED_OUT":
        made.steps[0].state = StepState.RETURNED_OUT
    return made


def request(action: str) -> Decision:
    """What satisfies every need of this action, as far as ``lying`` lets it."""
    marks = RIGHT
    if action == "RETURN":
        marks = RIGHT | {"paper": type(RIGHT["paper"])(True)}
    return Decision(Action(action), "意见", marks, target=1, pledged=True)


NEEDS = {
    # what the needs say of the second of three offices, whoever asks
    "PASS": "只有最后一级审核机构可以作“终审通过”。",
    "WITHDRAW": "推荐单位已经打开您的申报，或已退回过，不能撤回。需要修改请联系推荐单位退回。",
}


def expected(role, person, office, status, state, action) -> tuple[str, str]:
    """Class and sentence of the refusal, by the words of decisions 3 to 13 and the tables above;
    ("", "") where it is allowed."""
    says, with_applicant = SAYS[action], status in ("DRAFT", "RETURNED")
    turn = person == "own" if role == "申报人" else office == "here" and not with_applicant
    if not turn:
        return "Forbidden", f"这份申报现在不在您这里，不能{says}。"
    if role != "申报人" and person == "own":
        return "Forbidden", "不能审核本人的申报，请由其他经办人审核。"
    if (role, action) not in ALLOWED:
        return "Forbidden", f"您的账号不能{says}。"
    under_review = role == "经办人" and status == "SUBMITTED"
    word, label = (state, STATE[state]) if under_review else (status, STATUS[status])
    if word not in ALLOWED[role, action]:
        return "NotAllowed", f"这份申报现在是“{label}”，不能{says}。"
    return ("NotAllowed", NEEDS[action]) if action in NEEDS else ("", "")


def answered(actor, status, state, action) -> tuple[str, str]:
    """Class and sentence of the refusal; ("", "") if there is a move."""
    try:
        move = decide(request(action), lying(status, state), actor, NOW, FILED)
    except NotAllowed as refusal:
        return type(refusal).__name__, str(refusal)
    assert move.action == action
    return "", ""


@pytest.mark.parametrize("action", SAYS)
@pytest.mark.parametrize(("role", "person", "office"), SWEEP)
def test_every_actor_in_every_state(role, person, office, action):
    actor = Actor(role and Role(role), "u", "某人", PERSONS[person], OFFICES[office])
    cases = list(product(STATUS, STATE))
    assert {case: answered(actor, *case, action) for case in cases} == {
        case: expected(role, person, office, *case, action) for case in cases
    }


def test_the_product_is_whole():
    """What the tables name is all there is, so that a new word cannot slip past them."""
    assert set(SAYS) == set(Action) == {action for _, action in ALLOWED}
    assert (set(STATUS), set(STATE)) == (set(Status), set(StepState))
    assert set(ROLES) == {*Role, None}
    assert {a: Action(a).label for a in SAYS} == SAYS
    assert issubclass(Forbidden, NotAllowed)


@pytest.mark.parametrize(("role", "person", "office"), SWEEP)
def test_the_buttons_are_what_may_be_asked(role, person, office):
    """``open_to`` offers an action exactly where only its needs can still refuse it."""
    actor = Actor(role and Role(role), "u", "某人", PERSONS[person], OFFICES[office])
    needs = {("", ""), *(("NotAllowed", words) for words in NEEDS.values())}
    for status, state in product(STATUS, STATE):
        offered = set(open_to(actor, lying(status, state)))
        wanted = {a for a in SAYS if expected(role, person, office, status, state, a) in needs}
        assert offered == wanted, (status, state)
