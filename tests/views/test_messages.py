"""演示消息: what a demonstration would have sent, and what a real deployment never shows."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.delivering import Deliverer, carriers
from models.clock import now
from models.delivery import LOST
from models.outbox import Channel, Message, post
from models.words import say
from tests.client import Browser
from tests.worlds.base import id_no_of, managed, uscc_of

pytestmark = pytest.mark.world(build=managed)


ASKED_FOR = {
    "/recover/person": {"who": "13800000001"},
    "/register/person": {"name": "高建国", "id_no": id_no_of(1), "mobile": "13800000001"},
    "/register/legal/again/": {"uscc": uscc_of(50)},
    "/activate/legal": {"uscc": uscc_of(50)},
}
"""First pages, and what leads on to the step with the code."""


def posted(session: Session, to: str, words: str, channel: Channel = Channel.SMS) -> None:
    post(session, to, channel, say(words), now(session), purpose="recover", expires_at=None)


def test_a_demonstration_shows_what_it_sent(db, session):
    posted(session, "13800000001", "验证码 <b>012345</b>")
    posted(session, "", "验证码 543210")
    posted(session, "wang@example.com", "已退回", Channel.MAIL)
    session.commit()
    app = db.make_app(DEMO=True)
    Deliverer(db.engine, carriers({}, demo=True), keep=True).deliver()
    page = Browser(app).open("/demo/messages/")
    assert [row[1:] for row in page.rows()] == [
        ["w***@example.com", "已退回", "已发送"],
        ["138****0001", "验证码 <b>012345</b>", "已发送"],
    ]
    assert page.one(".zc-note.warn strong").get_text() == "演示"
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_says_where_its_codes_are(db, demo):
    """At the entrance, and at every step that asks for one."""
    app = db.make_app(DEMO=demo)
    browser = Browser(app)
    pages = [browser.open("/")]
    for path, typed in ASKED_FOR.items():
        browser.open(path).form("main form[method=post]").send(**typed)
        pages.append(browser.page)
    links = [[a["href"] for a in page.select("main a") if "演示" in a.text] for page in pages]
    assert links == [["/demo/messages/"] if demo else []] * len(pages)
    assert [bool(page.select("input[name=code]")) for page in pages[1:]] == [True] * len(ASKED_FOR)
    assert ("demo_accounts.csv" in pages[0].text) is demo
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_a_real_deployment_shows_nobody_anything(session, client):
    posted(session, "13800000001", "验证码 012345")
    session.commit()
    client.open("/demo/messages/", status=404)


def test_the_command_sends_what_is_due_and_tells_what_went_wrong(db, session):
    posted(session, "13800000001", "已退回")
    posted(session, "13800000002", "甲")
    broken = session.scalars(select(Message).order_by(Message.id.desc())).first()
    broken.state, broken.lease = "SENDING", now(session) - timedelta(seconds=1)
    session.commit()
    app = db.make_app(DEMO=True)
    said = app.test_cli_runner().invoke(args=["deliver", "--once"])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == ["1 SENT", f"1 × SMS UNKNOWN: {LOST}"]
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_the_command_says_that_there_is_no_way_out(app):
    said = app.test_cli_runner().invoke(args=["deliver", "--once"])
    assert said.exit_code == 1
    assert "neither SMTP_HOST nor SMS_URL is set" in said.output
