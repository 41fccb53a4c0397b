"""Two cities under one committee, for the data managers' console.

What must not be seen is really there: the neighbour's declarations, a draft, what an
applicant is changing after a return, and identity numbers in full (sealed).
"""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.passwords import hashed
from models.acts import carry_out
from models.batch import Batch
from models.binding import answer, ask
from models.declaration import Declaration
from models.filing import start
from models.notice import Notice
from models.offices import Office, OfficeKind
from models.people import Account, Person
from models.permissions import Actor, Role
from models.sections import SECTIONS
from models.vault import Vault
from models.workflow import Action, Decision, Mark
from tests.models.books import book
from tests.worlds.declarations import BREAKING, fill

PASSWORD = "数据-Manager-2026"
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
MANY = 30
"""Declarations of the city that are in nobody's hands."""

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)")
OPEN_EDIT = "正在修改的题目"
FOREIGN = "外辖"
EXPERT_NO = "220102196501019876"


def id_no(n: int) -> str:
    """The identity number of the person ``n``."""
    return f"22070219850101{n:03d}X"


class Builder:
    """Makes people declare, by the acts of the domain."""

    def __init__(self, session: Session, vault: Vault):
        self.session, self.vault, self.count = session, vault, 0
        self.password = hashed(PASSWORD)

    def office(self, name: str, kind: OfficeKind, superior: Office | None = None) -> Office:
        self.count += 1
        made = Office(
            name=name, uscc=f"1222070000000{self.count:03d}XY", kind=kind, nature="20",
            region="220700", superior=superior,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def account(self, username: str, role: Role, **stands_for) -> None:
        row = self.session.scalars(select(RoleRow).where(RoleRow.name == role.value)).one()
        user = User(
            username=username, first_name="管", last_name="数", active=True,
            email=f"{username}@example.invalid", password=self.password, roles=[row],
        )  # fmt: skip
        self.session.add_all([user, Account(username=username, **stands_for)])

    def notice(self, title: str, owner: Office) -> Notice:
        day = timedelta(days=1)
        made = Notice(
            title=title, year=2026, owner=owner, published=True, cut_off=date(2025, 12, 31),
            declare_start=NOW - day, declare_end=NOW + 30 * day,
            audit_start=NOW - day, audit_end=NOW + 60 * day,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def draft(self, name: str, unit: Office, notice: Notice, **changes) -> Declaration:
        """A person bound to the unit and all sections filled in."""
        self.count += 1
        person = Person(name=name, sex="1", birth_date=date(1985, 1, 1))
        person.seal_id_no(self.vault, id_no(self.count))
        self.session.add(person)
        self.session.flush()
        binding = ask(self.session, person.id, unit, NOW)
        answer(binding, True, "", "agent", NOW)
        who = Actor(Role.APPLICANT, f"person{person.id}", name, person.id)
        made = start(self.session, notice, who, NOW)
        return fill(self.session, made, **changes)

    def submitted(self, name: str, unit: Office, notice: Notice, **changes) -> Declaration:
        """The same, submitted; each a minute after the one before."""
        made = self.draft(name, unit, notice, **changes)
        who = Actor(Role.APPLICANT, f"person{made.person_id}", name, made.person_id)
        at = NOW + timedelta(minutes=self.count)
        decision = Decision(Action.SUBMIT, pledged=True)
        return carry_out(self.session, book(), decision, made.id, who, at)

    def returned(self, name: str, unit: Office, notice: Notice) -> Declaration:
        """Submitted, and returned by the unit because of the papers."""
        made = self.submitted(name, unit, notice)
        marks = {s.key: Mark(s.key == "paper", "请补正") for s in SECTIONS}
        decision = Decision(Action.RETURN, "论文题目不符", marks)
        agent = Actor(Role.AGENT, "agent", "经办人", office_id=unit.id)
        return carry_out(self.session, book(), decision, made.id, agent, NOW)

    def batch(self, number: str, office: Office, target: Office, notice: Notice) -> None:
        made = Batch(
            number=number, office=office, target=target, notice=notice, count=2,
            created_at=NOW, sent_at=NOW, sent_by="agent",
        )  # fmt: skip
        self.session.add(made)


def two_cities(app: Flask) -> None:
    """The world ``console``."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        make = Builder(session, app.extensions["vault"])
        top = make.office("省水利评委会办公室", OfficeKind.COMMITTEE)
        city = make.office("松原市人社局", OfficeKind.BUREAU, top)
        department = make.office("松原市水利局", OfficeKind.DEPARTMENT, city)
        unit = make.office("松原江源设计院", OfficeKind.UNIT, department)
        other = make.office("松原50%_研究所", OfficeKind.UNIT, city)
        strange_city = make.office(f"{FOREIGN}市人社局", OfficeKind.BUREAU, top)
        stranger = make.office(f"{FOREIGN}设计院", OfficeKind.UNIT, strange_city)
        notice = make.notice("2026年水利工程职称评审", top)
        strange = make.notice(f"2026年{FOREIGN}评审", strange_city)
        people(make, unit, other, stranger, notice, strange)
        make.batch("SY-2026-001", unit, department, notice)
        make.batch("WX-2026-001", stranger, strange_city, strange)
        session.add(Batch(office=unit, notice=notice, created_at=NOW))
        make.account("data", Role.DATA_MANAGER, office_id=city.id)
        make.account("data-unit", Role.DATA_MANAGER, office_id=unit.id)
        make.account("data-nowhere", Role.DATA_MANAGER)
        make.account("agent", Role.AGENT, office_id=unit.id)
        make.account("admin", Role.SYSTEM_ADMIN)
        session.commit()


def people(make: Builder, unit, other, stranger, notice, strange) -> None:
    """Thirty who are seen whole, one in hand, a draft, a neighbour."""
    breaking = make.submitted("破格人", unit, notice, **BREAKING)
    breaking.expert[0].expert_id_no = make.vault.seal(
        EXPERT_NO, "expert", "expert_id_no", breaking.expert[0].uid
    )
    for n, formula in enumerate(FORMULAS):
        written = make.submitted(f"公式{n}", unit, notice)
        written.paper[0].title = formula
        written.specialty = formula
    make.submitted("百分人", other, notice).paper[0].title = "寒区100%_监测"
    for n in range(MANY - len(FORMULAS) - 2):
        make.submitted(f"张{n:02d}", unit, notice)
    held = make.returned("李退回", unit, notice)
    held.paper[0].title, held.unit = OPEN_EDIT, other
    make.draft("王草稿", unit, notice)
    make.submitted(f"{FOREIGN}人", stranger, strange).paper[0].title = f"{FOREIGN}论文"
