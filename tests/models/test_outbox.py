"""发件箱: a message stands and falls with what it speaks of."""

import pytest
from sqlalchemy import select

from models.outbox import Channel, Letter, Message, mask_of, post, post_all
from models.words import say
from tests.models.stage import NOON, Stage, build

pytestmark = pytest.mark.world(build=build)

MOBILE = "13800000001"
WORDS = say("您的申报已退回，请登录查看。")


def kept(stage: Stage) -> list[Message]:
    """All that lies there."""
    return list(stage.session.scalars(select(Message).order_by(Message.id)))


def test_posted_it_waits_and_opens_with_the_key_only(stage: Stage):
    with stage.refusing():
        post(stage.session, MOBILE, Channel.SMS, WORDS, NOON, purpose="returned")
    (row,) = kept(stage)
    assert (row.state, row.to_mask, row.tries, row.due_at) == ("WAITING", "138****0001", 0, NOON)
    assert stage.vault.open_text(row.to_sealed, "outbox", "to", row.uid) == MOBILE
    assert stage.vault.open_text(row.body_sealed, "outbox", "body", row.uid) == str(WORDS)
    raw = repr(stage.session.execute(select(Message.__table__)).one())
    assert MOBILE not in raw and "退回" not in raw


def test_nothing_is_said_of_what_was_refused(stage: Stage):
    with pytest.raises(RuntimeError), stage.refusing():
        post(stage.session, MOBILE, Channel.SMS, WORDS, NOON, purpose="returned")
        raise RuntimeError
    assert kept(stage) == []


def test_one_occasion_has_one_message(stage: Stage):
    for _ in range(2):
        with stage.refusing():
            post(stage.session, MOBILE, Channel.SMS, WORDS, NOON, purpose="returned", key="r1")
            post(stage.session, MOBILE, Channel.SMS, WORDS, NOON, purpose="returned")
    assert [row.key for row in kept(stage)] == ["r1", None, None]


def test_nobody_costs_the_same_statement(stage: Stage, count_statements):
    costs = []
    for to in (MOBILE, ""):
        with stage.refusing(), count_statements() as seen:
            post(stage.session, to, Channel.SMS, WORDS, NOON, purpose="recover")
        costs.append(list(seen))
    assert costs[0] == costs[1] and len(costs[0]) == 1
    assert [row.state for row in kept(stage)] == ["WAITING", "NOBODY"]


@pytest.mark.parametrize("many", [1, 300])
def test_many_are_one_statement(stage: Stage, count_statements, many):
    letters = [Letter(MOBILE, Channel.SMS, WORDS, f"k{n}") for n in range(many)]
    with stage.refusing(), count_statements() as seen:
        post_all(stage.session, letters, NOON, "returned")
    assert len(seen) == 1
    assert len(kept(stage)) == many


MASKS = {
    "13812341234": "138****1234",
    "wang@example.com": "w***@example.com",
    "@example.com": "***@example.com",
    "12345": "*****",
    "": "",
}


@pytest.mark.parametrize(("to", "mask"), MASKS.items())
def test_masks(to, mask):
    assert mask_of(to) == mask
