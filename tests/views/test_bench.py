"""What the bench carries over from one round to the next, and what the applicant reads of
what offices write to each other."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.acts import carry_out
from models.clock import now
from models.declaration import Declaration
from models.people import Account
from models.permissions import Actor, Role
from models.sections import SECTIONS
from models.workflow import Action, Decision, Mark
from tests.models.books import book
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import two_units

pytestmark = pytest.mark.world(build=two_units)

RIGHT = {section.key: Mark(False) for section in SECTIONS}
PAPER = RIGHT | {"paper": Mark(True, "缺目录")}


@pytest.fixture
def sent(session: Session) -> Declaration:
    """One that the unit has sent to its bureau."""
    person = session.get(Account, "sent").person_id
    return session.scalars(select(Declaration).where(Declaration.person_id == person)).one()


@pytest.fixture
def act(session: Session, sent: Declaration):
    """Carry out an act of somebody, by his username."""

    def carry(username: str, action: Action, **decision) -> None:
        account = session.get(Account, username)
        role = Role.AGENT if account.office_id else Role.APPLICANT
        who = Actor(role, username, username, account.person_id, account.office_id)
        carry_out(session, book(), Decision(action, **decision), sent.id, who, now(session))
        session.commit()

    return carry


def marked_right(client, sent: Declaration) -> set[str]:
    """The sections that the bench shows as 无误 before anybody has judged them anew."""
    client.login("agent", PASSWORD)
    ticked = client.open(f"/audit/{sent.id}").select("input[value=right][checked]")
    return {field["name"].removeprefix("verdict-") for field in ticked}


def test_what_was_judged_right_and_comes_back_unchanged_stays_right(client, sent, act):
    act("bureau", Action.HAND_BACK, opinion="请补公章", target=1)
    assert marked_right(client, sent) == {section.key for section in SECTIONS}


def test_what_changed_since_the_office_judged_it_is_judged_anew(client, session, sent, act):
    """The bureau returned it to the applicant in between: the unit never saw the new paper."""
    act("bureau", Action.RETURN, marks=PAPER, opinion="请换一篇")
    sent.paper[0].title = "完全换了一篇"
    act("sent", Action.SUBMIT, pledged=True)
    act("bureau", Action.HAND_BACK, opinion="请看论文", target=1)
    assert marked_right(client, sent) == {s.key for s in SECTIONS if s.key != "paper"}


def test_offices_write_to_each_other_and_not_to_the_applicant(client, sent, act):
    act("bureau", Action.HAND_BACK, opinion="只给单位看的话", target=1)
    act("agent", Action.RETURN, marks=PAPER, opinion="给申报人看的话")
    client.login("sent", PASSWORD)
    quotes = client.open(f"/mine/track/{sent.id}").texts(".zc-tl blockquote")
    assert quotes == ["给申报人看的话"]
    client.post("/logout/", data={"csrf_token": client.csrf_token})
    client.login("agent", PASSWORD)
    assert "只给单位看的话" in client.open(f"/audit/{sent.id}").text


@pytest.mark.parametrize("read", [[], ["1"], ["1", "1"], ["1", "foo"], ["x", "y"]])
def test_each_line_of_the_self_check_is_ticked(client, session, read):
    """R10: two words that somebody made up are no two lines that were read."""
    client.login("passed", PASSWORD)
    page = client.open("/mine/begin/2")
    unit = page.select("[name=unit]")[0]["value"]
    token = {"csrf_token": client.csrf_token}
    before = session.scalar(select(Declaration.id).order_by(Declaration.id.desc()))
    session.rollback()
    answer = client.post("/mine/begin/2", 400, token | {"unit": unit, "read": read})
    assert "请逐条阅读，符合的打勾。" in answer.text
    assert session.scalar(select(Declaration.id).order_by(Declaration.id.desc())) == before
    session.rollback()
    client.post("/mine/begin/2", 200, token | {"unit": unit, "read": ["2", "1"]})
    assert session.scalar(select(Declaration.id).order_by(Declaration.id.desc())) == before + 1
