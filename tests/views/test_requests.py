"""绑定申请: what waits for the unit, and the one answer that each gets."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.binding import Binding, ask, end
from models.clock import now
from models.journal import Line
from models.offices import Office
from tests.worlds.base import PASSWORD, create_person, managed

pytestmark = pytest.mark.world(build=managed)


@pytest.fixture
def agent(client):
    client.login("agent", PASSWORD)
    return client


def the_one(session) -> Binding:
    session.rollback()
    return session.scalars(select(Binding)).one()


def token(client) -> dict[str, str]:
    client.open("/requests/list/")
    return {"csrf_token": client.csrf_token}


def test_lists_what_waits_masked_and_with_its_days(agent):
    page = agent.open("/requests/list/")
    [row] = page.rows()
    assert row[0] == "高建国" and row[1] == "220702********" + row[1][-4:]
    assert "已等 9 天" in row[2] and row[3] == "待单位同意"
    assert page.texts(".zc-tabs a") == ["待处理 1", "全部 1"]


def test_agrees(agent, session):
    page = agent.post(f"/requests/agree/{the_one(session).id}", data=token(agent))
    assert "已同意绑定。" in page.text and "申请都处理完了" in page.text
    bound = the_one(session)
    assert (bound.state, bound.decided_by, bound.reason) == ("BOUND", "agent", "")
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    assert (line.actor, line.act, line.object_kind) == ("agent", "agree", "binding")
    assert "已绑定" in agent.open("/requests/list/", query={"tab": "all"}).text


def test_refuses_with_a_reason(agent, session):
    page = agent.open(f"/requests/show/{the_one(session).id}")
    assert page.heading == "高建国申请绑定"
    form = page.form("form[action*=refuse]")
    form.send(reason=" 不是本单位职工 ")
    refused = the_one(session)
    assert (refused.state, refused.reason) == ("REFUSED", "不是本单位职工")
    page = agent.open(f"/requests/show/{refused.id}")
    assert "原因：不是本单位职工" in page.text and not page.select("form[action*=refuse]")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "不同意绑定时，请写明原因。"), ("长" * 201, "原因最多 200 字，现在是 201 字。")],
)
def test_a_refusal_without_a_proper_reason_keeps_what_was_typed(agent, session, reason, words):
    form = agent.open(f"/requests/show/{the_one(session).id}").form("form[action*=refuse]")
    page = form.send(400, reason=reason)
    assert words in page.one("#error-reason").get_text()
    assert page.form("form[action*=refuse]").values["reason"] == reason
    assert the_one(session).state == "REQUESTED"


@pytest.mark.parametrize("second", ["agree", "refuse"])
def test_a_second_answer_hears_who_gave_the_first_and_when(agent, session, second):
    pk, sent = the_one(session).id, token(agent) | {"reason": "原因"}
    agent.post(f"/requests/agree/{pk}", data=sent)
    at = the_one(session).decided_at
    page = agent.post(f"/requests/{second}/{pk}", 409, sent)
    assert "由agent处理：已绑定。" in page.text and f"{at:%m-}" in page.text
    assert the_one(session).decided_at == at


def test_what_the_applicant_took_back_cannot_be_answered(agent, session):
    sent, mine = token(agent), the_one(session)
    end(mine, now(session))
    session.commit()
    page = agent.post(f"/requests/agree/{mine.id}", 409, sent)
    assert "由申报人处理：已解除。" in page.text


def test_anothers_requests_are_not_found(client, session):
    client.login("stranger", PASSWORD)
    pk = the_one(session).id
    assert client.open("/requests/list/", query={"tab": "all"}).rows() == []
    client.open(f"/requests/show/{pk}", status=404)
    sent = token_of_any_page(client)
    client.post(f"/requests/agree/{pk}", 404, sent)
    client.post(f"/requests/refuse/{pk}", 404, sent | {"reason": "原因"})
    assert the_one(session).state == "REQUESTED"


def token_of_any_page(client) -> dict[str, str]:
    client.open("/phrases/add")
    return {"csrf_token": client.csrf_token}


@pytest.mark.parametrize("query", [{"tab": "x"}, {"before": "-1"}, {"after": "x"}])
def test_refuses_questions_that_nobody_asks(agent, query):
    agent.open("/requests/list/", status=400, query=query)


def test_pages_and_searches_at_the_same_cost(agent, app, session, count_statements):
    with count_statements() as few:
        agent.open("/requests/list/")
    unit = session.scalars(select(Office).where(Office.name == "松原江源设计院")).one()
    at = now(session)
    for n in range(2, 32):
        person = create_person(session, app.extensions["vault"], f"张{n:02d}", n)
        ask(session, person.id, unit, at + timedelta(seconds=n))
    session.commit()
    with count_statements() as many:
        page = agent.open("/requests/list/")
    assert len(many) == len(few) and len(page.rows()) == 25
    assert page.rows()[0][0] == "高建国"
    assert len(page.follow("下一页").rows()) == 6
    assert [r[0] for r in agent.open("/requests/list/", query={"q": "31"}).rows()] == ["张31"]
    assert "没有找到“%”" in agent.open("/requests/list/", query={"q": "%"}).text
