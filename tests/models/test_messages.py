"""What applicants are told: who has a mobile, what others decided, in the same transaction."""

import re

import pytest
from sqlalchemy import select

from models.binding import answer, ask, end, live_binding
from models.outbox import Message
from models.people import Account, Person, Realm
from models.words import NotAllowed
from models.workflow import Action
from tests.models.stage import NOON, RIGHT, Stage, build, wrong

pytestmark = pytest.mark.world(build=build)

MOBILE, PROVED = "13904380001", "13904380002"
TITLE = "您按“2026 年度工程系列申报通知”的申报"


def reachable(stage: Stage, name: str = "王小明"):
    """The submitted declaration of somebody with a mobile."""
    declaration = stage.submitted(name)
    stage.session.get(Person, declaration.person_id).mobile = MOBILE
    stage.session.commit()
    return declaration


def told(stage: Stage) -> list[tuple[str, str, str]]:
    """Purpose, recipient and words of every message."""
    rows = stage.session.scalars(select(Message).order_by(Message.id)).all()
    return [
        (
            row.purpose,
            stage.vault.open_text(row.to_sealed, "outbox", "to", row.uid),
            stage.vault.open_text(row.body_sealed, "outbox", "body", row.uid),
        )
        for row in rows
    ]


def test_each_decision_of_another_is_told(stage: Stage):
    declaration = reachable(stage)
    stage.bounce(declaration)
    words = f"职评：{TITLE}被水利院退回，请登录查看意见并修改。"
    assert told(stage) == [("return", MOBILE, words)]


def test_sent_up_handed_back_passed(stage: Stage):
    declaration = reachable(stage)
    stage.climb(declaration)
    county = stage.holder(declaration)
    stage.act(county, declaration, Action.HAND_BACK, marks=RIGHT, opinion="重审", target=1)
    stage.climb(declaration, 2)
    last = stage.holder(declaration)
    stage.act(last, declaration, Action.PASS, marks=RIGHT, opinion="同意")
    assert [(purpose, words) for purpose, _, words in told(stage)] == [
        ("send", f"职评：{TITLE}已由水利院审核通过并报送上级。"),
        ("hand_back", f"职评：{TITLE}被宽城区人社局退回下级重审，请登录查看进度。"),
        ("send", f"职评：{TITLE}已由水利院审核通过并报送上级。"),
        ("send", f"职评：{TITLE}已由宽城区人社局审核通过并报送上级。"),
        ("pass", f"职评：{TITLE}已由评委会办公室终审通过。"),
    ]
    assert not any(re.search(r"\d{5}", words) for _, _, words in told(stage))


def test_terminated(stage: Stage):
    declaration = reachable(stage)
    stage.act(stage.holder(declaration), declaration, Action.TERMINATE, opinion="不符合")
    assert [words for _, _, words in told(stage)] == [
        f"职评：{TITLE}在水利院审核不通过，请登录查看意见。"
    ]


def test_the_number_that_was_proved_comes_first(stage: Stage):
    declaration = reachable(stage)
    account = {"realm": Realm.PERSON, "person_id": declaration.person_id, "mobile": PROVED}
    stage.session.add(Account(username="wang", **account))
    stage.session.commit()
    stage.bounce(declaration)
    assert [to for _, to, _ in told(stage)] == [PROVED]


def test_who_has_no_mobile_and_what_is_refused_have_no_message(stage: Stage):
    without, declaration = stage.submitted("李大伟"), reachable(stage)
    stage.bounce(without)
    with pytest.raises(NotAllowed):
        stage.act(stage.holder(declaration), declaration, Action.RETURN, marks=wrong("paper"))
    assert told(stage) == []


@pytest.mark.parametrize(
    ("agreed", "words"),
    [
        (True, "职评：水利院已同意您的绑定申请，可以由该单位申报。"),
        (False, "职评：水利院没有同意您的绑定申请，请登录查看原因。"),
    ],
)
def test_the_answer_of_the_unit_is_told(stage: Stage, agreed, words):
    person = stage.applicant().person_id
    stage.session.get(Person, person).mobile = MOBILE
    end(live_binding(stage.session, person), NOON)
    binding = ask(stage.session, person, stage.office("水利院"), NOON)
    answer(binding, agreed, "" if agreed else "不在本单位", "经办", NOON)
    stage.session.commit()
    assert told(stage) == [("binding", MOBILE, words)]
