"""ASVS 2.3.3–2.3.4, WSTG-BUSL-04: what two do at once, at the level of requests."""

import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.attachment import Attachment
from models.batch import Batch
from models.declaration import Declaration, Progress, Submission, Verdict
from models.notice import Notice
from models.opinions import Phrase
from models.people import Person
from models.sections import SECTIONS
from models.sections.paper import Paper
from models.workflow import Action
from tests.adapters.samples import pdf
from tests.client import Browser
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import OWN, two_units

pytestmark = pytest.mark.world(build=two_units)

RIGHT = {f"verdict-{section.key}": "right" for section in SECTIONS}


class Tab:
    """One more window of somebody who is signed in."""

    def __init__(self, app: Flask, username: str):
        self.browser = Browser(app)
        self.browser.login(username, PASSWORD)
        self.client, self.token = self.browser.client, self.browser.csrf_token

    def post(self, url: str, **data: Any) -> TestResponse:
        return self.client.post(url, data={"csrf_token": self.token} | data)


def at_once(*deeds: Callable[[], TestResponse]) -> list[TestResponse]:
    """The answers of all deeds, begun at the same instant."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], TestResponse]) -> TestResponse:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def statuses(answers: list[TestResponse]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


def look(db, query):
    """The rows of a query, by a session that holds nothing afterwards."""
    with Session(db.engine) as session:
        return session.execute(query).all()


def number(db, query) -> int:
    return look(db, select(func.count()).select_from(query.subquery()))[0][0]


def declaration_of(db, state: str) -> tuple[int, int]:
    """Id and version of the declaration of the person of that name."""
    wanted = Person.name == f"{OWN.person}{state}"
    query = select(Declaration.id, Declaration.version).join(Person).where(wanted)
    return look(db, query)[0]


def test_twenty_clicks_on_submit_are_one_submission(db, app):
    pk, version = declaration_of(db, "returned")
    tabs = [Tab(app, "returned") for _ in range(20)]
    answers = at_once(*(
        lambda tab=tab: tab.post(f"/mine/submit/{pk}", promise="y", version=version) for tab in tabs
    ))  # fmt: skip
    assert statuses(answers) == {302: 1, 409: 19}
    assert all("已经过时" in a.text or "现在是" in a.text for a in answers if a.status_code == 409)
    submissions = select(Submission.round).where(Submission.declaration_id == pk)
    assert sorted(look(db, submissions)) == [(1,), (2,)]
    lines = select(Progress.id).where(
        Progress.declaration_id == pk, Progress.action == Action.SUBMIT
    )
    assert number(db, lines) == 2


def test_of_two_auditors_one_decides_and_the_other_hears_it(db, app):
    pk, _version = declaration_of(db, "submitted")
    one, two = Tab(app, "agent"), Tab(app, "agent2")
    for tab in (one, two):
        tab.browser.open(f"/audit/{pk}")
    version = one.browser.page.form("form:has([name=opinion])").values["version"]
    common = {"version": version, "then": "next"} | RIGHT
    wrong = {"verdict-paper": "wrong", "note-paper": "缺页", "target": "applicant"}
    passes = common | {"action": "pass", "opinion": "同意"}
    returns = common | wrong | {"action": "back", "opinion": "请补正"}
    answers = at_once(
        lambda: one.post(f"/audit/{pk}/decide", **passes),
        lambda: two.post(f"/audit/{pk}/decide", **returns),
    )
    assert sorted(statuses(answers)) == [302, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    winner = "agent" if answers[0].status_code == 302 else "agent2"
    assert f"{OWN.person}{winner}已于" in lost.text and "处理了这份申报" in lost.text
    assert ("请补正" if winner == "agent" else "同意") in lost.text  # what was typed is not lost
    status = look(db, select(Declaration.status).where(Declaration.id == pk))[0][0]
    assert status == ("SUBMITTED" if winner == "agent" else "RETURNED")
    wrongs = select(Verdict.section).where(Verdict.wrong, Verdict.note == "缺页")
    assert number(db, wrongs) == (0 if winner == "agent" else 1)


@pytest.mark.parametrize("_round", range(3))
def test_what_is_saved_while_submitting_is_submitted_or_refused(db, app, _round):
    pk, version = declaration_of(db, "returned")
    saver, sender = Tab(app, "returned"), Tab(app, "returned")
    record = look(db, select(Paper.id).where(Paper.declaration_id == pk).order_by(Paper.id))[0][0]
    form = saver.browser.open(f"/mine/{pk}/paper/edit/{record}").form("form#form")
    answers = at_once(
        lambda: saver.client.post(form.action, data=form.values | {"title": "最后一刻的题目"}),
        lambda: sender.post(f"/mine/submit/{pk}", promise="y", version=version),
    )
    assert answers[0].status_code in (302, 403) and answers[1].status_code == 302
    title = look(db, select(Paper.title).where(Paper.id == record))[0][0]
    assert (title == "最后一刻的题目") is (answers[0].status_code == 302)
    query = select(Submission.content).where(Submission.declaration_id == pk, Submission.round == 2)
    frozen = look(db, query)[0][0]["sections"]["paper"]["records"][0]["values"]["title"]
    assert frozen == title


def test_twenty_writers_of_the_one_representative_paper(db, app):
    form = Tab(app, "applicant").browser.open("/mine/1/paper/edit/1").form("form#form").values
    tabs = [Tab(app, "applicant") for _ in range(20)]
    answers = at_once(*(
        lambda tab=tab, n=n: tab.client.post(
            "/mine/1/paper/add",
            data=form | {"title": f"同时 {n}", "is_representative": "1", "version": "",
                         "csrf_token": tab.token},
        )
        for n, tab in enumerate(tabs)
    ))  # fmt: skip
    assert statuses(answers) == {302: 20}
    papers = look(db, select(Paper.is_representative, Paper.position).where(
        Paper.declaration_id == 1))  # fmt: skip
    assert Counter(flag for flag, _position in papers) == {True: 1, False: 21}
    assert len({position for _flag, position in papers}) == 22


def test_two_who_begin_at_once_begin_one_declaration(db, app):
    notice = look(db, select(Notice.id).where(Notice.title == "松原工程通知"))[0][0]
    tabs = [Tab(app, "submitted") for _ in range(6)]
    unit = tabs[0].browser.open(f"/mine/begin/{notice}").select("[name=unit]")[0]
    unit = unit.get("value") or unit.select("option[value]")[-1]["value"]
    answers = at_once(*(
        lambda tab=tab: tab.post(f"/mine/begin/{notice}", read=["1", "2"], unit=unit)
        for tab in tabs
    ))  # fmt: skip
    assert statuses(answers) == {302: 1, 409: 5}
    person = select(Person.id).where(Person.name == f"{OWN.person}submitted").scalar_subquery()
    assert number(db, select(Declaration.id).where(
        Declaration.person_id == person, Declaration.notice_id == notice)) == 1  # fmt: skip


def test_one_batch_is_sent_once(db, app):
    pk, _version = declaration_of(db, "vetted")
    tabs = [Tab(app, "agent") for _ in range(6)]
    form = tabs[0].browser.open("/send/1").form("form:has([name=batch])").values
    answers = at_once(*(
        lambda tab=tab: tab.post("/send/1", batch=form["batch"], id=[str(pk)]) for tab in tabs
    ))  # fmt: skip
    assert statuses(answers) == {302: 6}
    told = [tab.browser.open("/audit/list/?state=sent").texts(".zc-flash") for tab in tabs]
    assert sorted(words[0].split("，")[0] for words in told) == sorted(
        ["已送审 1 份到松原市人社局"] + ["这一批已经送出：1 份到松原市人社局"] * 5
    )
    sent = select(Progress.id).where(Progress.declaration_id == pk, Progress.action == Action.SEND)
    assert number(db, sent) == 1
    assert len(look(db, select(Batch.number).where(Batch.uid == form["batch"]))) == 1


def test_one_place_for_one_file(db, app):
    """What was written before a 409 is gone: the row, and the file behind it."""
    tabs = [Tab(app, "applicant") for _ in range(4)]
    page = tabs[0].browser.open("/mine/1/paper/edit/1")
    url = next(f["action"] for f in page.select("form[data-upload]") if "/A32?" in f["action"])
    before = {p for p in db.files.rglob("*") if p.is_file()}
    answers = at_once(*(
        lambda tab=tab, n=n: tab.post(url, file=(io.BytesIO(pdf(n + 1)), f"查重{n}.pdf"))
        for n, tab in enumerate(tabs)
    ))  # fmt: skip
    assert statuses(answers) == {302: 1, 409: 3}
    rows = look(db, select(Attachment.token).where(Attachment.proof == "A32"))
    assert len(rows) == 1
    made = {p.parent.name for p in db.files.rglob("*") if p.is_file() and p not in before}
    assert made == {rows[0][0]}


def test_one_file_is_deleted_once(db, app):
    tabs = [Tab(app, "applicant") for _ in range(4)]
    page = tabs[0].browser.open("/mine/1/paper/edit/1")
    url = page.select("form[data-remove]")[0]["action"]
    answers = at_once(*(lambda tab=tab: tab.post(url) for tab in tabs))
    assert statuses(answers) == {302: 1, 404: 3}


def test_what_a_refused_decision_wrote_is_gone(db, app):
    """The marks are written and the phrases counted before the need says no."""
    pk, _version = declaration_of(db, "submitted")
    tab = Tab(app, "agent")
    form = tab.browser.open(f"/audit/{pk}").form("form:has([name=opinion])").values
    phrase = f"{OWN.text}本人常用"
    fields = {"version": form["version"], "action": "back", "target": "applicant"} | RIGHT
    answer = tab.post(f"/audit/{pk}/decide", opinion=phrase, **fields)
    assert answer.status_code == 409 and phrase in answer.text
    assert look(db, select(Phrase.uses).where(Phrase.text == phrase)) == [(0,)]
    assert number(db, select(Progress.id).where(Progress.opinion == phrase)) == 0
    round_two = select(Verdict.section).where(Verdict.note == phrase)
    assert number(db, round_two) == 0


def test_two_auditors_use_one_phrase_at_once(db, app):
    """A use is counted and is no edit: nobody who audits or edits meets a conflict."""
    phrase = "材料齐全，同意推荐。"
    forms = []
    for username, state in (("agent", "submitted"), ("agent2", "resubmitted")):
        tab = Tab(app, username)
        pk, _version = declaration_of(db, state)
        form = tab.browser.open(f"/audit/{pk}").form("form:has([name=opinion])")
        forms.append((tab, form, {"action": "stop", "opinion": phrase}))
    manager = Tab(app, "manager").browser
    edit = manager.open("/phrases/list/").one("a[href*='/phrases/edit/']")["href"]
    edited = manager.open(edit).form("form#model_form")
    tab, form, fields = forms[0]
    kept = form.values | fields | {"then": "stay"}
    assert tab.client.post(form.action, data=kept).status_code == 302
    counted = select(Phrase.uses, Phrase.version).where(Phrase.text == phrase)
    assert look(db, counted) == [(0, 1)]  # 仅保存 is no use
    pk = int(form.action.split("/")[2])
    form = tab.browser.open(f"/audit/{pk}").form("form:has([name=opinion])")
    forms[0] = (tab, form, fields)
    answers = at_once(*(
        lambda tab=tab, form=form, fields=fields: tab.client.post(
            form.action, data=form.values | fields
        )
        for tab, form, fields in forms
    ))  # fmt: skip
    assert statuses(answers) == {302: 2}
    assert look(db, counted) == [(2, 1)]
    edited.send(text=f"{phrase}请上级审定。")


def test_requests_of_one_person_are_answered_once(db, app):
    tabs = [Tab(app, name) for name in ("agent", "agent2", "agent", "agent2")]
    page = tabs[0].browser.open("/requests/list/")
    url = next(f["action"] for f in page.select("form") if "/agree/" in f.get("action", ""))
    refuse = url.replace("agree", "refuse")
    answers = at_once(*(
        lambda tab=tab, n=n: tab.post(url if n % 2 else refuse, reason="不")
        for n, tab in enumerate(tabs)
    ))  # fmt: skip
    assert statuses(answers) == {302: 1, 409: 3}
