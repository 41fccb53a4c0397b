"""Two chains of offices that have nothing to do with each other, and all that each may hold.

Every text of the one side carries the words of ``OWN``, every text of the other those of
``FOREIGN``: whoever of the first side meets a word of the second has seen too much.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.store import FileStore, page_name, thumb_name
from models import verification
from models.acts import carry_out, case_of
from models.attachment import Attachment
from models.binding import answer, ask
from models.bulk import open_batch, send
from models.checking import among
from models.clock import now
from models.declaration import Declaration
from models.fields import Kind
from models.filing import start
from models.notice import Notice
from models.offices import Office, OfficeKind
from models.opinions import Phrase
from models.people import Person
from models.permissions import ADMINISTRATORS, Actor, Role
from models.proposal import Kind as ProposalKind
from models.proposal import Proposal, ProposalState
from models.sections import SECTIONS
from models.sections.penalty import Penalty
from models.workflow import Action, Decision, Mark
from tests.adapters.samples import in_bytes, jpeg, scan
from tests.models.books import book
from tests.worlds.base import (
    create_account,
    create_login,
    create_notice,
    create_office,
    create_person,
    id_no_of,
)
from tests.worlds.declarations import BREAKING, file_of, fill
from tests.worlds.waiting_units import add_registrations

EXPERT_NO = "220102196501019876"
"""The identity number of every recommending expert: no page ever shows it."""


@dataclass(frozen=True)
class Words:
    """What marks the texts of one side. Names of persons and offices have marks of their own,
    because the administrator of accounts and the keeper of offices see them rightly."""

    text: str
    person: str
    office: str
    first: int


OWN = Words("青鸾文", "青鸾名", "青鸾署", 100)
FOREIGN = Words("鹓鶵文", "鹓鶵名", "鹓鶵署", 300)

ID_NUMBERS = [id_no_of(side.first + n) for side in (OWN, FOREIGN) for n in range(12)]

PENALTY = {
    "penalty_kind": "01", "penalty_level": "单位", "name": "警告", "decide_org": "设计院",
    "decide_date": date(2015, 5, 1), "reason": "迟到", "start_date": date(2015, 5, 1),
    "end_date": date(2015, 11, 1), "status": "2", "lift_date": date(2015, 11, 1),
}  # fmt: skip

STATES = ("SUBMITTED", "VETTED", "SENT", "PASSED", "TERMINATED", "RETURNED", "RESUBMITTED")
"""How the declarations of the first notice stand; each is of a person of its own."""


class Side:
    """One chain of three offices, its people and what they have written."""

    def __init__(self, app: Flask, session: Session, words: Words):
        self.session, self.words, self.count = session, words, 0
        self.vault, self.files = app.extensions["vault"], app.extensions["files"]
        self.now = now(session)
        self.suffix = "" if words is OWN else "-b"

    def furnish(self) -> None:
        """Everything."""
        self.offices()
        self.notices()
        self.accounts()
        self.applicants()
        self.bindings()
        self.phrases()
        self.registrations()
        self.logins()

    def offices(self) -> None:
        name, make = self.words.office, create_office
        self.committee = make(self.session, f"{name}评委会", OfficeKind.COMMITTEE)
        # Who publishes a notice is known to all.
        place = "松原" if self.words is OWN else "白城"
        above = {"superior": self.committee}
        self.bureau = make(self.session, f"{place}市人社局", OfficeKind.BUREAU, **above)
        self.unit = make(self.session, f"{name}设计院", superior=self.bureau, telephone="0438-2100")

    def notices(self) -> None:
        place = "松原" if self.words is OWN else "白城"
        more = {"to_read": "请认真阅读。", "self_check": ["符合学历要求", "材料真实"]}
        self.notice = create_notice(self.session, self.bureau, f"{place}水利通知", **more)
        self.second = create_notice(self.session, self.bureau, f"{place}工程通知", **more)
        hidden = f"{self.words.text}未发布通知"
        self.hidden = create_notice(self.session, self.bureau, hidden, published=False)

    def accounts(self) -> None:
        """An account for every role, and agents of the offices above."""
        make = (
            ("legal", Role.LEGAL, self.unit), ("checker", Role.CHECKER, self.unit),
            ("agent", Role.AGENT, self.unit), ("agent2", Role.AGENT, self.unit),
            ("bureau", Role.AGENT, self.bureau), ("committee", Role.AGENT, self.committee),
            ("manager", Role.NOTICE_MANAGER, self.bureau), ("data", Role.DATA_MANAGER, self.bureau),
            ("admin", Role.SYSTEM_ADMIN, None), ("security", Role.SECURITY_ADMIN, None),
            ("auditor", Role.AUDIT_ADMIN, None),
        )  # fmt: skip
        for username, role, office in make:
            name = username if role in ADMINISTRATORS else f"{self.words.person}{username}"
            create_account(self.session, f"{username}{self.suffix}", role, office, first_name=name)

    def person(self, name: str, bound: bool = True) -> Person:
        """A person with an account; bound to the unit."""
        number = self.words.first + self.count
        self.count += 1
        made = create_person(self.session, self.vault, f"{self.words.person}{name}", number)
        create_account(self.session, f"{name}{self.suffix}", Role.APPLICANT, person=made)
        if bound:
            binding = ask(self.session, made.id, self.unit, self.now)
            answer(binding, True, "", "经办人", self.now)
        return made

    def logins(self) -> None:
        """Everybody whose doors are tried is signed in somewhere else, too."""
        agents = ("legal", "agent", "agent2", "checker")
        staff = ("manager", "data", "admin", "security", "auditor")
        for username in ("applicant", *agents, *staff):
            create_login(self.session, f"{username}{self.suffix}")

    # Declarations.

    def applicants(self) -> None:
        """The main applicant has a draft, one returned and one submitted; others one each."""
        main = self.person("applicant")
        self.draft = self.filled(main, self.notice, **BREAKING)
        self.draft.penalty.append(Penalty(**PENALTY, created_at=self.now))
        self.draft.declared_none.clear()  # nobody has both
        self.mark(self.draft)
        self.real_files(self.draft)
        returned = self.submitted(main, self.second, **BREAKING)
        self.decide(returned, Action.RETURN, self.unit, wrong=("paper", "materials"))
        for state in STATES:
            getattr(self, state.lower())(self.person(state.lower()))
        self.collect(self.unit)

    def filled(self, person: Person, notice: Notice, **basic) -> Declaration:
        """A draft in which nothing is missing, the mark in each text that can hold it."""
        who = Actor(Role.APPLICANT, f"applicant{self.suffix}", person.name, person.id)
        made = fill(self.session, start(self.session, notice, who, self.now), **basic)
        for expert in made.expert:
            # The numbers of two experts differ, the one that is looked for stands first.
            number = EXPERT_NO if expert is made.expert[0] else id_no_of(900)
            expert.expert_id_no = self.vault.seal(number, "expert", "expert_id_no", expert.uid)
        self.session.flush()
        self.mark(made)
        return made

    def mark(self, declaration: Declaration) -> None:
        """Put the mark into every text where no rule stands against it."""
        case = case_of(self.session, declaration, book(), self.now)
        for section in SECTIONS:
            for record in section.records(declaration):
                around = among(case, section, record)
                for key, field in section.typed.items():
                    old = getattr(record, key)
                    if field.kind not in (Kind.TEXT, Kind.ESSAY) or old is None:
                        continue
                    if str(old).endswith(self.words.text):
                        continue
                    setattr(record, key, f"{old}{self.words.text}")
                    if any(p.field == key for p in section.judge(record, around)):
                        setattr(record, key, old)
        for file in case.files:
            file.name = f"{self.words.text}{file.name}"
        self.session.flush()

    def real_files(self, declaration: Declaration) -> None:
        """A real file behind one of the paper's and one of the material's rows."""
        case = case_of(self.session, declaration, book(), self.now)
        for proof in ("A01", "A30"):
            file = next(f for f in case.files if f.proof == proof)
            file.token, file.pages = kept(self.files), 1
            file.uploaded_by = f"applicant{self.suffix}"
        self.session.flush()

    def submitted(self, person: Person, notice: Notice | None = None, **basic) -> Declaration:
        made = self.filled(person, notice or self.notice, **basic)
        if not basic and self.count == 2:  # the first that waits for the unit
            self.real_files(made)
        who = Actor(Role.APPLICANT, f"applicant{self.suffix}", person.name, person.id)
        return self.act(made, Decision(Action.SUBMIT, pledged=True), who)

    def act(self, declaration: Declaration, decision: Decision, who: Actor) -> Declaration:
        return carry_out(self.session, book(), decision, declaration.id, who, self.now)

    def agent(self, office: Office) -> Actor:
        return Actor(Role.AGENT, "agent", f"{self.words.person}经办", office_id=office.id)

    def decide(self, declaration, action: Action, office: Office, wrong=()) -> Declaration:
        note = f"{self.words.text}有误"
        marks = {s.key: Mark(s.key in wrong, note if s.key in wrong else "") for s in SECTIONS}
        decision = Decision(action, f"{self.words.text}意见", marks)
        return self.act(declaration, decision, self.agent(office))

    def vetted(self, person: Person) -> Declaration:
        return self.decide(self.submitted(person), Action.APPROVE, self.unit)

    def sent(self, person: Person) -> Declaration:
        return self.up(self.vetted(person), self.unit)

    def up(self, declaration: Declaration, office: Office) -> Declaration:
        batch = self.collect(office)
        send(self.session, batch, [declaration.id], self.agent(office), self.now)
        return declaration

    def collect(self, office: Office) -> str:
        """An open batch with its report."""
        batch = open_batch(self.session, self.notice.id, self.agent(office), self.now)
        about = file_of("U01") | {"name": f"{self.words.text}推荐报告.jpg", "mime": "image/jpeg"}
        about |= {"token": kept(self.files), "pages": 1}
        by = {"uploaded_by": f"agent{self.suffix}", "uploaded_at": self.now}
        self.session.add(Attachment(batch_id=batch.id, **about, **by))
        self.session.flush()
        return batch.uid

    def passed(self, person: Person) -> Declaration:
        made = self.sent(person)
        self.decide(made, Action.APPROVE, self.bureau)
        self.up(made, self.bureau)
        return self.decide(made, Action.PASS, self.committee)

    def terminated(self, person: Person) -> Declaration:
        """Proposed before by another agent, and refused by the 负责人."""
        made = self.decide(self.submitted(person), Action.TERMINATE, self.unit)
        text, name = self.words.text, self.words.person
        about = {"declaration_id": made.id, "step_id": made.steps[0].id, "version": 1}
        asked = {"proposed_by": f"agent2{self.suffix}", "proposer": f"{name}agent2"}
        refused = {"decided_by": f"checker{self.suffix}", "decider": f"{name}checker"}
        self.session.add(
            Proposal(
                office_id=self.unit.id, kind=ProposalKind.TERMINATE, opinion=f"{text}提请",
                proposed_at=self.now, state=ProposalState.REFUSED, decided_at=self.now,
                reason=f"{text}驳回", **about, **asked, **refused,
            )
        )  # fmt: skip
        return made

    def returned(self, person: Person) -> Declaration:
        """Returned because of the papers, and being changed: no office sees that."""
        made = self.decide(self.submitted(person), Action.RETURN, self.unit, wrong=("paper",))
        made.paper[0].title = f"{self.words.text}正在修改"
        return made

    def resubmitted(self, person: Person) -> Declaration:
        who = Actor(Role.APPLICANT, f"applicant{self.suffix}", person.name, person.id)
        return self.act(self.returned(person), Decision(Action.SUBMIT, pledged=True), who)

    # What stands around them.

    def bindings(self) -> None:
        """One that waits, one refused with a reason."""
        waiting = self.person("waiting", bound=False)
        refused = self.person("refused", bound=False)
        ask(self.session, waiting.id, self.unit, self.now - timedelta(days=2))
        late = ask(self.session, refused.id, self.unit, self.now)
        answer(late, False, f"{self.words.text}原因", f"{self.words.person}经办", self.now)

    def registrations(self) -> None:
        """Of units, with the bureau."""
        token, first = kept(self.files), self.words.first + 500
        add_registrations(self.session, self.bureau, self.words.office, first, token, self.now)

    def phrases(self) -> None:
        text = self.words.text
        self.session.add_all([
            Phrase(text=f"{text}本人常用", username=f"agent{self.suffix}"),
            Phrase(text=f"{text}本单位常用", office_id=self.unit.id),
        ])  # fmt: skip
        if self.words is OWN:
            self.session.add(Phrase(text="材料齐全，同意推荐。", for_all=True))


def kept(store: FileStore) -> str:
    """The token of a real picture with its page and thumbnail. They are put in here: the
    child process that makes them would cost a third of a second for each."""
    received = store.receive(BytesIO(jpeg()), 10**6)
    for name in (page_name(1), thumb_name(1)):
        (received.folder / name).write_bytes(in_bytes(scan(), "WEBP"))
    return store.keep(received)


def two_units(app: Flask) -> None:
    """The world."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session()
        for words in (OWN, FOREIGN):
            Side(app, session, words).furnish()
        lost(session)
        verification.begin(session, "auditor", now(session))
        session.commit()


def lost(session: Session) -> None:
    """An account of every role without office and person; one without a role, one with two,
    one that is switched off."""
    for role in Role:
        create_account(session, f"lost-{role.name}", role)
    create_account(session, "lost-nothing", Role.AGENT).roles = []
    both = select(RoleRow).where(RoleRow.name.in_([Role.SYSTEM_ADMIN, Role.AGENT]))
    create_account(session, "lost-two", Role.AGENT).roles = list(session.scalars(both))
    create_account(session, "lost-off", Role.SYSTEM_ADMIN, active=False)
