"""Where strangers register: an office above, one above that, a person without an account and
one with; and how a test reads what was sent to a mobile."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offices import Office, OfficeKind
from models.outbox import Message
from models.people import Account
from models.permissions import Role
from models.vault import vault_of
from tests.worlds.base import create_account, create_office, create_person, uscc_of

MOBILE, OTHER_MOBILE = "13800000001", "13900000002"
PASSWORD = "Green-Hill-2026"
LONG_NAME = "松原市农业农村局（松原市水利工程建设和灌区管理联合办公室、松原市防汛抗旱指挥部办公室）"
"""Of an office in the city around 宁江区: no screen of a telephone holds it in one line."""


def registering(app: Flask) -> None:
    """The world. Persons have the numbers 1 (with an account), 2 (without one)."""
    with app.app_context():
        session, vault = app.extensions["sqlalchemy"].session(), app.extensions["vault"]
        top = create_office(session, "省水利评委会办公室", OfficeKind.COMMITTEE)
        bureau = create_office(session, "松原市人社局", OfficeKind.BUREAU, superior=top)
        water = create_office(session, "松原市水利局", OfficeKind.DEPARTMENT, superior=bureau)
        unit = create_office(session, "松原江源设计院", superior=water)
        far = create_office(
            session, "白城市人社局", OfficeKind.BUREAU, superior=top, region="220802"
        )
        known = create_person(session, vault, "高建国", 1)
        create_account(session, "applicant", Role.APPLICANT, person=known, mobile=OTHER_MOBILE)
        create_person(session, vault, "李秀英", 2).mobile = "13700000003"
        create_account(session, "legal", Role.LEGAL, unit)
        create_account(session, "agent", Role.AGENT, unit)
        create_account(session, "water", Role.AGENT, water)
        create_account(session, "bureau", Role.AGENT, bureau)
        create_account(session, "data", Role.DATA_MANAGER, bureau)
        create_office(session, LONG_NAME, OfficeKind.DEPARTMENT, superior=far, region="220700")
        session.commit()


def messages(session: Session) -> list[tuple[str, str]]:
    """(to, words) of all that was posted, the first one first."""
    session.rollback()  # what is committed now is meant, here and by whoever reads next
    vault = vault_of(session)
    said = [
        (
            vault.open_text(m.to_sealed, "outbox", "to", m.uid),
            vault.open_text(m.body_sealed, "outbox", "body", m.uid),
        )
        for m in session.scalars(select(Message).order_by(Message.id))
    ]
    session.rollback()
    return said


def last_code(session: Session, to: str) -> str:
    """The six digits that were sent last to a mobile."""
    words = [words for mobile, words in messages(session) if mobile == to][-1]
    return re.search(r"\d{6}", words)[0]


def imported(app: Flask) -> None:
    """The same with two imported accounts: one waits for its holder, one was closed."""
    registering(app)
    with app.app_context():
        session = app.extensions["sqlalchemy"].session()
        water = session.scalars(select(Office).where(Office.name == "松原市水利局")).one()
        for n, name, live in ((60, "松原灌区管理中心", True), (61, "松原水文站", False)):
            unit = create_office(session, name, uscc=uscc_of(n), superior=water)
            user = create_account(
                session, unit.uscc, Role.LEGAL, unit, mobile=f"136000000{n - 54:02d}", active=False
            )
            user.password = None if live else user.password
            session.get(Account, unit.uscc).live = live
        session.commit()
