"""The outbox is emptied: once each, again after a while, or never again where nobody knows."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from adapters.delivering import Deliverer
from models.clock import now
from models.delivery import (
    BACK_OFF,
    LOST,
    UNREADABLE,
    Claimed,
    Doubtful,
    Trouble,
    Unsent,
    claim,
    troubles,
)
from models.outbox import Channel, Message, post
from models.words import say

MOBILE = "13800000001"


class Recorded:
    """A carrier that keeps what it got, and answers as it was told."""

    def __init__(self, *answers: Exception):
        self.got: list[Claimed] = []
        self.answers = list(answers)

    def __call__(self, claimed: Claimed) -> None:
        """Take it, or raise the next answer."""
        self.got.append(claimed)
        if self.answers:
            raise self.answers.pop(0)


def posted(session: Session, *words: str, **more) -> None:
    at = now(session)
    for text in words:
        post(session, MOBILE, Channel.SMS, say(text), at, purpose="returned", **more)
    session.commit()


def kept(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).order_by(Message.id)))


def deliverer(db, carrier, keep=False) -> Deliverer:
    return Deliverer(db.engine, {Channel.SMS: carrier}, keep)


def fall_due(session: Session) -> None:
    """Let the time pass that the next try waits for."""
    session.execute(update(Message).values(due_at=now(session)))
    session.commit()


def test_sent_in_their_order_and_once(db, session):
    posted(session, "甲", "乙")
    carrier = Recorded()
    assert deliverer(db, carrier).deliver() == {"SENT": 2}
    assert deliverer(db, carrier).deliver() == {}
    assert [(c.to, c.text) for c in carrier.got] == [(MOBILE, "甲"), (MOBILE, "乙")]
    rows = kept(session)
    assert [(r.state, r.tries, r.lease, r.sent_at is None) for r in rows] == [
        ("SENT", 1, None, False)
    ] * 2


def test_it_goes_on_until_it_is_stopped(db, session):
    """What is posted while it runs goes too; nobody has to wait for it to look again."""
    stop, carrier = Event(), Recorded()
    arrived = Event()

    def take(claimed: Claimed) -> None:
        carrier(claimed)
        arrived.set()

    thread = Thread(target=deliverer(db, take).run, args=(stop, 0.01))
    thread.start()
    posted(session, "甲")
    assert arrived.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert [row.state for row in kept(session)] == ["SENT"]


def test_what_has_no_way_out_and_what_goes_to_nobody_waits(db, session):
    at = now(session)
    post(session, "wang@example.com", Channel.MAIL, say("甲"), at, purpose="returned")
    post(session, "", Channel.SMS, say("乙"), at, purpose="recover")
    session.commit()
    carrier = Recorded()
    assert (deliverer(db, carrier).deliver(), carrier.got) == ({}, [])
    assert [row.state for row in kept(session)] == ["WAITING", "NOBODY"]


def test_tried_again_after_a_while_and_at_last_given_up(db, session):
    posted(session, "甲")
    carrier = Recorded(*[Unsent(say("网关连接不上。"))] * (len(BACK_OFF) + 1))
    waits = []
    for _ in BACK_OFF:
        assert deliverer(db, carrier).deliver() == {"WAITING": 1}
        (row,) = kept(session)
        waits.append(round((row.due_at - now(session)).total_seconds() / 60))
        session.rollback()
        assert deliverer(db, carrier).deliver() == {}
        fall_due(session)
    assert waits == [1, 5, 15, 60, 240]
    assert deliverer(db, carrier).deliver() == {"FAILED": 1}
    fall_due(session)
    assert deliverer(db, carrier).deliver() == {}
    assert len(carrier.got) == 6 and len({c.uid for c in carrier.got}) == 1
    assert troubles(session) == [Trouble("SMS", "FAILED", "网关连接不上。", 1)]


@pytest.mark.parametrize(
    ("answer", "state", "problem"),
    [
        (Unsent(say("号码不对。"), final=True), "FAILED", "号码不对。"),
        (Doubtful(say("没有答复。")), "UNKNOWN", "没有答复。"),
        (KeyError("甲"), "UNKNOWN", "发送时出错，不知道是否发出。为免重复，没有再发。"),
    ],
)
def test_not_tried_again_where_it_is_no_use_or_nobody_knows(db, session, answer, state, problem):
    posted(session, "甲", "乙")
    carrier = Recorded(answer)
    assert deliverer(db, carrier).deliver() == {state: 1, "SENT": 1}
    fall_due(session)
    assert deliverer(db, carrier).deliver() == {}
    assert [(r.state, r.problem) for r in kept(session)] == [(state, problem), ("SENT", "")]


def test_what_the_vault_cannot_open_holds_nobody_up(db, session):
    posted(session, "甲", "乙")
    session.execute(update(Message).where(Message.id == 1).values(body_sealed=b"another key"))
    session.commit()
    carrier = Recorded()
    assert deliverer(db, carrier).deliver() == {"SENT": 1}
    rows = [(r.state, r.problem, r.lease) for r in kept(session)]
    assert rows == [("FAILED", UNREADABLE, None), ("SENT", "", None)]
    assert [c.text for c in carrier.got] == ["乙"]


def test_a_deliverer_that_died_leaves_what_is_never_sent_again(db, session):
    posted(session, "甲", "乙")
    at = now(session)
    assert claim(session, [Channel.SMS], at).text == "甲"
    session.commit()  # and now it dies
    carrier = Recorded()
    assert deliverer(db, carrier).deliver() == {"SENT": 1}
    assert [row.state for row in kept(session)] == ["SENDING", "SENT"]
    past = {"lease": at - timedelta(seconds=1)}
    session.execute(update(Message).where(Message.state == "SENDING").values(**past))
    session.commit()
    assert deliverer(db, carrier).deliver() == {}
    first = kept(session)[0]
    assert (first.state, first.problem, first.lease) == ("UNKNOWN", LOST, None)
    assert [c.text for c in carrier.got] == ["乙"]


@pytest.mark.parametrize("keep", [False, True])
def test_a_code_is_wiped_when_it_has_gone_unless_a_demonstration_shows_it(db, session, keep):
    soon = now(session) + timedelta(minutes=10)
    posted(session, "验证码 012345", expires_at=soon)
    posted(session, "已退回")
    deliverer(db, Recorded(), keep).deliver()
    assert [row.body_sealed is not None for row in kept(session)] == [keep, True]


def test_a_code_that_has_ended_is_not_sent(db, session):
    posted(session, "验证码 012345", expires_at=now(session))
    carrier = Recorded()
    assert (deliverer(db, carrier).deliver(), carrier.got) == ({}, [])
    (row,) = kept(session)
    assert (row.state, row.body_sealed, row.problem) == ("FAILED", None, "验证码已过期，没有再发。")


def test_five_deliverers_at_once_send_each_message_once(db, session):
    words = [f"第 {n} 条" for n in range(40)]
    posted(session, *words)
    carrier, barrier, done = Recorded(), Barrier(5), []

    def work() -> None:
        barrier.wait(60)
        done.append(deliverer(db, carrier).deliver())

    threads = [Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert Counter(c.text for c in carrier.got) == Counter(words)
    assert sum(done, Counter()) == {"SENT": 40}
