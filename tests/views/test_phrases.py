"""常用意见: each keeper's own."""

import pytest
from sqlalchemy import select

from models.offices import Office
from models.opinions import Phrase
from tests.worlds.base import PASSWORD, managed

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"


@pytest.fixture
def phrases(session):
    unit = session.scalars(select(Office).where(Office.name == "松原江源设计院")).one()
    session.add_all(
        [
            Phrase(text="我的意见", username="agent"),
            Phrase(text="单位意见", office_id=unit.id),
            Phrase(text="系统意见", for_all=True),
            Phrase(text="别人的意见", username="colleague"),
        ]
    )
    session.commit()
    made = {p.text: p.id for p in session.scalars(select(Phrase))}
    session.rollback()
    return made


def listed(client) -> set[str]:
    return {row[0] for row in client.open("/phrases/list/").rows()}


@pytest.mark.parametrize(
    ("who", "texts"),
    [
        ("agent", {"我的意见", "单位意见"}),
        ("colleague", {"别人的意见", "单位意见"}),
        ("stranger", set()),
        ("manager", {"系统意见"}),
    ],
)
def test_everybody_keeps_what_is_theirs(client, phrases, who, texts):
    client.login(who, PASSWORD)
    assert listed(client) == texts
    for text in phrases.keys() - texts:
        client.open(f"/phrases/edit/{phrases[text]}", status=404)


@pytest.mark.parametrize(
    ("who", "keeper", "words"),
    [("agent", "own", "本人"), ("agent", "office", "本单位"), ("manager", "system", "所有单位")],
)
def test_adds_one_for_a_keeper(client, session, who, keeper, words):
    client.login(who, PASSWORD)
    form = client.open("/phrases/add").form(FORM)
    page = form.send(text="材料不全，\r\n请补充。", keeper=keeper)
    assert page.rows()[0][:3] == ["材料不全， 请补充。", words, "0"]
    made = session.scalars(select(Phrase)).one()
    assert (made.text, made.keeper) == ("材料不全，\n请补充。", keeper)


@pytest.mark.parametrize(
    ("who", "keeper"), [("agent", "system"), ("manager", "own"), ("agent", None), ("agent", "x")]
)
def test_nobody_keeps_for_others(client, session, who, keeper):
    client.login(who, PASSWORD)
    page = client.open("/phrases/add").form(FORM).send(400, text="意见", keeper=keeper)
    assert "请从列表中选择。" in page.text
    assert session.scalars(select(Phrase)).first() is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "请填写意见内容。"), ("长" * 201, "意见内容最多 200 字，现在是 201 字。")],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(client, text, words):
    client.login("agent", PASSWORD)
    page = client.open("/phrases/add").form(FORM).send(400, text=text, keeper="office")
    assert words in page.one("#error-text").get_text()
    assert page.form(FORM).values["text"] == text and page.form(FORM).values["keeper"] == "office"


def test_moves_one_from_the_person_to_the_office_and_deletes_it(client, session, phrases):
    client.login("agent", PASSWORD)
    form = client.open(f"/phrases/edit/{phrases['我的意见']}").form(FORM)
    assert form.values["keeper"] == "own"
    form.send(keeper="office")
    moved = session.scalars(select(Phrase).where(Phrase.text == "我的意见")).one()
    assert (moved.username, moved.office_id is not None, moved.for_all) == (None, True, False)
    session.rollback()
    gone = f"/phrases/delete/{phrases['我的意见']}"
    client.post(gone, 400, {"csrf_token": client.csrf_token})
    page = client.open("/phrases/list/").form(f"form[action='{gone}']").send()
    assert [row[0] for row in page.rows()] == ["单位意见"]
