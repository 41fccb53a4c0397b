"""The people of the main job: one chain of three offices, two colleagues who have declared
already, and somebody who still has everything before him.
"""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from models.acts import carry_out
from models.binding import answer, ask
from models.clock import now
from models.filing import start
from models.notice import Notice
from models.offices import Office, OfficeKind
from models.opinions import Phrase
from models.people import Person
from models.permissions import Actor, Role
from models.workflow import Action, Decision
from tests.models.books import book
from tests.worlds.base import create_account, create_notice, create_office, create_person
from tests.worlds.declarations import fill

APPLICANT, UNIT, BUREAU, COMMITTEE = (
    "李文博",
    "松原江源设计院",
    "松原市人社局",
    "省水利评委会办公室",
)
NOTICE = "2026 年度水利工程系列职称评审申报通知"
COLLEAGUES = ("陈立新", "孙玉芳")
"""They stand before the applicant in the queue of the unit."""

PHRASES = ("材料齐全真实，同意推荐。", "请补充完整的刊物目录页。")
TO_READ = "申报人应如实填写各栏目并上传清晰的证明材料。\n逾期不再受理，也不能补交材料。"
SELF_CHECK = ["本人在职在岗，符合申报通知规定的学历和资历条件", "所填内容真实，附件清晰完整"]


def main_job(app: Flask) -> None:
    """The world."""
    with app.app_context():
        session, vault = app.extensions["sqlalchemy"].session(), app.extensions["vault"]
        committee = create_office(session, COMMITTEE, OfficeKind.COMMITTEE, telephone="0431-1")
        bureau = create_office(session, BUREAU, OfficeKind.BUREAU, superior=committee)
        unit = create_office(session, UNIT, superior=bureau, telephone="0438-2100001")
        texts = {"to_read": TO_READ, "self_check": SELF_CHECK}
        notice = create_notice(session, bureau, NOTICE, **texts)
        for n, name in enumerate(COLLEAGUES, 2):
            declared(session, create_person(session, vault, name, n), unit, notice)
        applicant = create_person(session, vault, APPLICANT)
        create_account(session, "applicant", Role.APPLICANT, person=applicant)
        agents(session, unit, bureau, committee)
        session.add_all(Phrase(text=text, office_id=unit.id) for text in PHRASES)
        session.commit()


def agents(session: Session, unit: Office, bureau: Office, committee: Office) -> None:
    """Those who act for the offices."""
    for username, name, office in (
        ("unit", "王淑华", unit),
        ("colleague", "刘国强", unit),
        ("bureau", "赵刚", bureau),
        ("committee", "钱进", committee),
    ):
        create_account(session, username, Role.AGENT, office, first_name=name)
    create_account(session, "data", Role.DATA_MANAGER, bureau, first_name="孟数")
    create_account(session, "notices", Role.NOTICE_MANAGER, bureau, first_name="周告")


def declared(session: Session, person: Person, unit: Office, notice: Notice) -> None:
    """A declaration of somebody else that has waited at the unit for some days."""
    at: datetime = now(session) - timedelta(hours=20)
    answer(ask(session, person.id, unit, at), True, "", "王淑华", at)
    who = Actor(Role.APPLICANT, f"person{person.id}", person.name, person.id)
    made = fill(session, start(session, notice, who, at))
    carry_out(session, book(), Decision(Action.SUBMIT, pledged=True), made.id, who, at)
