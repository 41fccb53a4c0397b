"""A new section is one file: it then stands wherever sections stand.

The file is dropped into a copy of the tree, and the copy is tested by its own pytest.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "var", "vendor", "browser", "demo")

SECTION = '''
"""（4）⑥ 传帮带"""

from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, text, whole, yes_no
from models.rules import OneOnly, not_in_future
from models.record import Record, only_one
from models.section import Section
from models.status import Part
from models.words import _


class Mentoring(Record):
    """One younger colleague who was taught."""

    __tablename__ = "mentoring"
    __table_args__ = (only_one("mentoring", "is_main"),)

    pupil: Mapped[str] = text(_("徒弟姓名"), 20)
    since: Mapped[date] = day(_("结对日期"))
    months: Mapped[int] = whole(_("带教月数"), 1, 120)
    sex: Mapped[str | None] = choice(_("徒弟性别"), "sex", required=False)
    is_main: Mapped[bool] = yes_no(_("是否主要徒弟"))


SECTION = Section(
    code="M99",
    title=_("传帮带"),
    part=Part.PERFORMANCE,
    place=9,
    model=Mentoring,
    required=True,
    counted=_("人"),
    listed=(Mentoring.pupil, Mentoring.since, Mentoring.months, Mentoring.is_main),
    rules=(not_in_future(Mentoring.since), OneOnly(Mentoring.is_main, _("主要徒弟只能有一人。"))),
    proofs=(proof("A25"),),
    checks=(_("已核对结对协议"),),
)
'''

TEST = '''
"""What the new section owes."""

import io

import pytest
from sqlalchemy import select

from models.base import Base
from models.binding import answer, ask
from models.clock import now
from models.declaration import Declaration, Submission
from models.filing import start
from models.permissions import Actor, Role
from models.sections import SECTIONS
from tests.adapters.samples import jpeg
from tests.client import Browser
from tests.worlds.base import (
    PASSWORD, create_account, create_notice, create_office, create_person,
)
from tests.worlds.declarations import fill


def world(app):
    with app.app_context():
        database = app.extensions["sqlalchemy"]
        Base.metadata.tables["mentoring"].create(database.engine)
        session = database.session()
        top = create_office(session, "松原市人社局", "bureau")
        unit = create_office(session, "松原江源设计院", superior=top)
        notice = create_notice(session, top, "松原水利通知")
        person = create_person(session, app.extensions["vault"], "高建国")
        answer(ask(session, person.id, unit, now(session)), True, "", "单位", now(session))
        who = Actor(Role.APPLICANT, "applicant", "高建国", person.id)
        fill(session, start(session, notice, who, now(session)))
        create_account(session, "applicant", Role.APPLICANT, person=person)
        create_account(session, "agent", Role.AGENT, unit)
        create_account(session, "data", Role.DATA_MANAGER, top)
        session.commit()


def known(app, username):
    browser = Browser(app)
    browser.login(username, PASSWORD)
    return browser


VALUES = {"pupil": "钱小华", "since": "2024-03-01", "months": "18", "sex": "1", "is_main": "1"}
BENCH = "form:has([name=opinion])"
FROZEN = "work"  # a section that was found right: it stays closed when another one is returned


@pytest.mark.world(build=world)
def test_it_stands_wherever_sections_stand(db, app):
    assert [s.key for s in SECTIONS if s.part.value == "工作业绩信息"][-1] == "mentoring"
    applicant = known(app, "applicant")
    # The data check, with the way to the section.
    page = applicant.open("/mine/show/1?check=1")
    assert "“传帮带”是必填栏目，还没有填写。" in page.text
    # The form: labels, choices, rules of the fields and of the section.
    page = applicant.open("/mine/1/mentoring/add")
    assert page.texts("#form label, #form legend")[:1] == ["徒弟姓名 * （必填）"]
    wrong = VALUES | {"since": "2999-01-01", "months": "0"}
    page = page.form("form#form").send(status=400, **wrong)
    assert "这个日期还没有到" in page.one("#error-since").get_text()
    assert "带教月数应在 1 到 120 之间" in page.one("#error-months").get_text()
    page = page.form("form#form").send(**VALUES)
    # The list, and the panel of attachments of the record.
    assert "已填 1 人" in page.text and "钱小华" in page.one("li.zc-entry").get_text()
    assert "工作经历证明" in page.one("aside .zc-proof h3").get_text()
    url = page.one("form[data-upload]")["action"]
    sent = {"csrf_token": applicant.csrf_token, "file": (io.BytesIO(jpeg()), "结对协议.jpg")}
    assert applicant.client.post(url, data=sent).status_code == 302
    assert "结对协议.jpg" in applicant.open("/mine/1/mentoring/edit/1").text
    applicant.open("/mine/1/mentoring/add").form("form#form").send(**VALUES | {"pupil": "孙大明"})
    assert "《钱小华》已改为非代表性，只能选一人。" in applicant.page.text
    # The sheet for the colleagues.
    tables = applicant.open("/print/1/publicity")
    assert "传帮带" in tables.texts("h2") and "孙大明" in tables.text
    # Frozen by the submission.
    page = applicant.open("/mine/show/1?check=1")
    page.form("form#submit").send(promise="y")
    # The workbench, its verdict, what there is to look at, and the file.
    agent = known(app, "agent")
    page = agent.open("/audit/1")
    assert "孙大明" in page.text and "已核对结对协议" in page.text and "结对协议.jpg" in page.text
    right = {f"verdict-{s.key}": "right" for s in SECTIONS if s.key != "mentoring"}
    decision = right | {"action": "pass", "opinion": "同意"}
    page = page.form(BENCH).send(status=409, **decision)
    assert "还有 1 个模块没有审，请从“传帮带”开始补审。" in page.text
    # The return to the section: it alone is open again.
    wrong = {"verdict-mentoring": "wrong", "note-mentoring": "缺协议", "action": "back"}
    page.form(BENCH).send(**decision | wrong | {"target": "applicant", "opinion": "请补协议"})
    assert "传帮带" in applicant.open("/mine/show/1").one("section:has(#to-fix)").get_text()
    assert "缺协议" in applicant.open("/mine/1/mentoring/list/").text
    applicant.open("/mine/1/mentoring/edit/1").form("form#form").send(months="24")
    applicant.open(f"/mine/1/{FROZEN}/list/")
    applicant.post(f"/mine/1/{FROZEN}/add", 403, {"csrf_token": applicant.csrf_token})
    applicant.open("/mine/show/1?check=1").form("form#submit").send(promise="y")
    # Both rounds side by side.
    page = agent.open("/audit/1")
    assert "24" in page.text and "18" in page.text
    # The console and its file.
    data = known(app, "data")
    rows = data.open("/console/mentoring/").rows()
    assert sorted(row[3] for row in rows) == ["孙大明", "钱小华"]
    text = data.client.get("/console/mentoring/export/csv/").data.decode("utf-8-sig")
    assert "徒弟姓名" in text and "钱小华" in text
    with app.app_context():
        session = app.extensions["sqlalchemy"].session()
        contents = session.scalars(select(Submission.content).order_by(Submission.round)).all()
        months = [c["sections"]["mentoring"]["records"][0]["values"]["months"] for c in contents]
        assert months == ["18", "24"]
        assert session.get(Declaration, 1).status == "SUBMITTED"
'''


def test_one_file_is_enough(root: Path, tmp_path: Path):
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, ignore=LEFT_OUT)
    (copy / "models" / "sections" / "mentoring.py").write_text(SECTION.lstrip(), encoding="utf-8")
    (copy / "tests" / "test_mentoring.py").write_text(TEST.lstrip(), encoding="utf-8")
    # The name of the test's database is no name for the copy's: it makes its own.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--database",
        "sqlite",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, "tests/test_mentoring.py"],
        cwd=copy,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
