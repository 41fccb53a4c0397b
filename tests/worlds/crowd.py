"""One and the same small office, with one of everything and with thirty of everything."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from models.acts import carry_out
from models.attachment import Attachment
from models.base import new_uid
from models.binding import answer, ask
from models.clock import now
from models.declaration import Declaration, Progress, Step, Submission
from models.filing import start
from models.notice import Notice
from models.offices import Office, OfficeKind
from models.opinions import Phrase
from models.people import Person
from models.permissions import Actor, Role
from models.reach import register
from models.sections.basic_info import BasicInfo
from models.sections.paper import Paper
from models.status import Status, StepState
from models.workflow import Action, Decision
from tests.models.books import book
from tests.worlds.base import (
    create_account,
    create_notice,
    create_office,
    create_person,
)
from tests.worlds.declarations import BASIC_INFO, MANY, file_of, fill


class Crowd:
    """``size`` of everything that a list may show."""

    def __init__(self, app: Flask, session: Session, size: int):
        self.session, self.size, self.vault = session, size, app.extensions["vault"]
        self.now = now(session)
        self.persons = 0

    def furnish(self) -> None:
        make = self.session
        self.committee = create_office(make, "省水利评委会办公室", OfficeKind.COMMITTEE)
        self.bureau = create_office(
            make, "松原市人社局", OfficeKind.BUREAU, superior=self.committee
        )
        self.unit = create_office(make, "松原江源设计院", superior=self.bureau)
        self.notice = create_notice(make, self.bureau, "松原水利通知 0")
        create_account(make, "agent", Role.AGENT, self.unit)
        create_account(make, "data", Role.DATA_MANAGER, self.bureau)
        create_account(make, "manager", Role.NOTICE_MANAGER, self.bureau)
        create_account(make, "admin", Role.SYSTEM_ADMIN)
        self.applicant()
        self.judged()
        for n in range(self.size):
            self.waiting(n)
            self.around(n)

    def person(self, name: str) -> Person:
        self.persons += 1
        made = create_person(self.session, self.vault, name, self.persons)
        answer(ask(self.session, made.id, self.unit, self.now), True, "", "经办人", self.now)
        return made

    def filled(self, person: Person, notice: Notice) -> Declaration:
        """Everything filled in, with as many papers as there shall be of everything."""
        who = Actor(Role.APPLICANT, "applicant", person.name, person.id)
        made = fill(self.session, start(self.session, notice, who, self.now))
        first, second = made.paper
        made.paper.remove(second)
        self.session.flush()
        for n in range(1, self.size):
            values = MANY["paper"][1] | {"title": f"论文 {n}"}
            made.paper.append(Paper(**values, position=n, created_at=self.now))
        self.session.flush()
        for paper in made.paper[1:]:
            self.file("A30", declaration_id=made.id, section="paper", record_uid=paper.uid)
        return made

    def file(self, proof: str, **owner) -> None:
        by = {"uploaded_by": "applicant", "uploaded_at": self.now}
        self.session.add(Attachment(**file_of(proof), **by, **owner))
        self.session.flush()

    def applicant(self) -> None:
        """One with a draft, and with a declaration by each of the other notices."""
        person = self.person("申报人")
        create_account(self.session, "applicant", Role.APPLICANT, person=person)
        self.filled(person, self.notice)
        for n in range(1, self.size + 1):
            notice = create_notice(self.session, self.bureau, f"松原水利通知 {n}")
            made = self.submitted(person, notice, StepState.PASSED, Status.PASSED)
            basic = BASIC_INFO | {"created_at": self.now}
            self.session.add(BasicInfo(declaration_id=made.id, **basic))

    def judged(self) -> None:
        """One that waits for the unit, submitted in earnest."""
        person = self.person("被审人")
        made = self.filled(person, self.notice)
        who = Actor(Role.APPLICANT, "applicant", person.name, person.id)
        decision = Decision(Action.SUBMIT, pledged=True)
        carry_out(self.session, book(), decision, made.id, who, self.now)

    def waiting(self, n: int) -> None:
        """One that waits to be judged, and one that waits to be sent."""
        self.submitted(self.person(f"待审人 {n}"), self.notice, StepState.PENDING)
        self.submitted(self.person(f"待送人 {n}"), self.notice, StepState.VETTED)

    def submitted(
        self, person: Person, notice: Notice, state: StepState, status: Status = Status.SUBMITTED
    ) -> Declaration:
        """The rows of a submitted declaration; what was filled in is left out."""
        made = Declaration(
            notice=notice, person=person, unit=self.unit, status=status, current=1, round=1,
            declare_no=f"2026{self.persons:04d}{notice.id:04d}", created_at=self.now,
            submitted_at=self.now, title_code="05012", series="05", level="2",
            specialty="水利工程", category="01", updated_by=person.name,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        offices: list[Office] = [self.unit, self.bureau, self.committee]
        for place, office in enumerate(offices, 1):
            here = {"state": state, "round": 1, "arrived_at": self.now} if place == 1 else {}
            if place == 1 and state is not StepState.PENDING:
                here["decided_at"] = self.now
            step = {"position": place, "office": office, "notice_id": notice.id}
            made.steps.append(Step(**step, **here))
        content = {"format": 1, "sections": {}}
        frozen = {"round": 1, "at": self.now, "content": content, "sha256": "0" * 64}
        self.session.add(Submission(declaration_id=made.id, **frozen))
        for action in (Action.SUBMIT, Action.APPROVE)[: 1 + (state is not StepState.PENDING)]:
            office = self.unit if action is Action.APPROVE else None
            line = {"at": self.now, "action": action, "actor": "某人", "office": office}
            self.session.add(Progress(declaration_id=made.id, **line))
        register(self.session, [made.id])
        return made

    def around(self, n: int) -> None:
        """A phrase, a request, a unit, an account."""
        self.session.add(Phrase(text=f"意见 {n}", username="agent"))
        asker = create_person(self.session, self.vault, f"申请人 {n}", 500 + n)
        ask(self.session, asker.id, self.unit, self.now - timedelta(hours=n))
        other = create_office(self.session, f"单位 {n}", superior=self.bureau)
        create_account(self.session, f"agent{new_uid()[:8]}", Role.AGENT, other)


def one(app: Flask) -> None:
    """One of everything."""
    _furnish(app, 1)


def six(app: Flask) -> None:
    """Six of everything."""
    _furnish(app, 6)


def thirty(app: Flask) -> None:
    """Thirty of everything."""
    _furnish(app, 30)


def _furnish(app: Flask, size: int) -> None:
    with app.app_context():
        session = app.extensions["sqlalchemy"].session()
        Crowd(app, session, size).furnish()
        session.commit()
