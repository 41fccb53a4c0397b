"""What small worlds are made of: offices, persons, accounts, notices, with numbers that hold."""

from datetime import date, timedelta
from functools import cache

from argon2 import PasswordHasher
from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from models.accounts import realm_of
from models.binding import ask
from models.clock import now
from models.notice import Notice
from models.numbers import birth_of, sex_of
from models.offices import Office, OfficeKind
from models.people import Account, Person
from models.permissions import Role
from models.sessions import LoginSession, credential_of, open_login
from models.vault import Vault

PASSWORD = "Water-2026-Works"
"""Of every account."""


QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A hash says what it costs to check: these accounts sign in by the thousand."""


@cache
def _hash() -> str:
    return QUICK.hash(PASSWORD)


def uscc_of(n: int) -> str:
    """The 统一社会信用代码 number ``n``, with its check digit."""
    body = f"91220700MA{n:06d}0"
    return body + uscc.calc_check_digit(body)


def id_no_of(n: int) -> str:
    """The identity number of somebody, with its check digit."""
    body = f"22070219850312{n:03d}"
    return body + ric.calc_check_digit(body + "0")


def create_office(session: Session, name: str, kind: str = OfficeKind.UNIT, **more) -> Office:
    """An office of 松原市宁江区; its code is the next one that is free."""
    number = session.scalar(select(func.count()).select_from(Office)) + 1
    given = {"uscc": uscc_of(number), "region": "220702"}
    given |= {"nature": "02"} if kind == OfficeKind.UNIT else {}
    office = Office(name=name, kind=kind, **(given | more))
    session.add(office)
    session.flush()
    return office


def create_person(session: Session, vault: Vault, name: str, n: int = 1) -> Person:
    """A person with the identity number ``n``."""
    number = id_no_of(n)
    person = Person(name=name, sex=sex_of(number), birth_date=birth_of(number))
    person.seal_id_no(vault, number)
    session.add(person)
    session.flush()
    return person


def create_account(
    session: Session,
    username: str,
    role: Role,
    office: Office | None = None,
    person: Person | None = None,
    mobile: str = "",
    **more,
) -> User:
    """An account that signs in with ``PASSWORD``."""
    row = session.scalars(select(RoleRow).where(RoleRow.name == role.value)).one()
    names = {"last_name": "", "first_name": person.name if person else username}
    user = User(username=username, email=username, password=_hash(), roles=[row], **(names | more))
    account = Account(username=username, office=office, person=person, realm=realm_of(role))
    account.mobile, account.live = mobile, more.get("active", True)
    session.add_all([user, account])
    session.flush()
    return user


def create_login(session: Session, username: str) -> str:
    """A login of this account, as the way in makes it; its key."""
    user = session.scalars(select(User).where(User.username == username)).one()
    credential = credential_of(user.password, [role.name for role in user.roles], user.active)
    login = LoginSession(username=username, opened_at=now(session), credential=credential)
    return open_login(session, login)


def create_notice(session: Session, owner: Office, title: str, **more) -> Notice:
    """A published notice whose windows are open."""
    at, day = now(session).replace(microsecond=0), timedelta(days=1)
    given = {
        "year": at.year, "series": ["05"], "levels": ["2"], "published": True,
        "declare_start": at - day, "declare_end": at + 30 * day,
        "audit_start": at - day, "audit_end": at + 60 * day,
        "cut_off": date(at.year - 1, 12, 31),
    }  # fmt: skip
    notice = Notice(title=title, owner=owner, **(given | more))
    session.add(notice)
    session.flush()
    return notice


def managed(app: Flask) -> None:
    """Two HR offices, a chain under one of them, and an account for every role."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        top = create_office(session, "省水利评委会办公室", OfficeKind.COMMITTEE)
        bureau = create_office(session, "松原市人社局", OfficeKind.BUREAU, superior=top)
        water = create_office(session, "松原市水利局", OfficeKind.DEPARTMENT, superior=bureau)
        unit = create_office(session, "松原江源设计院", superior=water)
        other_bureau = create_office(session, "白城市人社局", OfficeKind.BUREAU, superior=top)
        other_unit = create_office(session, "白城水利院", superior=other_bureau)
        person = create_person(session, app.extensions["vault"], "高建国")
        ask(session, person.id, unit, now(session) - timedelta(days=9))
        create_notice(session, bureau, "松原水利通知")
        create_notice(session, other_bureau, "白城水利通知", published=False)
        create_account(session, "manager", Role.NOTICE_MANAGER, bureau)
        create_account(session, "manager2", Role.NOTICE_MANAGER, other_bureau)
        create_account(session, "legal", Role.LEGAL, unit)
        create_account(session, "agent", Role.AGENT, unit)
        create_account(session, "colleague", Role.AGENT, unit)
        create_account(session, "checker", Role.CHECKER, unit)
        create_account(session, "stranger", Role.AGENT, other_unit)
        create_account(session, "applicant", Role.APPLICANT, person=person)
        create_account(session, "data", Role.DATA_MANAGER, bureau)
        create_account(session, "admin", Role.SYSTEM_ADMIN)
        create_account(session, "admin2", Role.SYSTEM_ADMIN)
        session.commit()
