"""Where the tests of the review play: a chain of three offices, a notice, and who acts there."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from models.acts import carry_out
from models.attachment import Attachment
from models.binding import Binding, BindingState
from models.bulk import Sent, open_batch, send
from models.codes import CodeBook
from models.declaration import Declaration, Progress, Step
from models.filing import start
from models.journal import Journal, Line
from models.notice import Notice
from models.offices import Office
from models.people import Person
from models.permissions import Actor, Role
from models.sections import SECTIONS
from models.vault import Vault
from models.words import NotAllowed
from models.workflow import Action, Decision, Mark
from tests.worlds.base import create_office, create_person
from tests.worlds.declarations import file_of, fill

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai: the time of every act, unless a test names another."""

DECLARE_END = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
AUDIT_END = datetime(2026, 4, 30, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

RIGHT = {section.key: Mark(False) for section in SECTIONS}
"""All seventeen judged, nothing wrong."""


def wrong(*keys: str) -> dict[str, Mark]:
    """All seventeen judged, these wrong."""
    return RIGHT | {key: Mark(True, "请补充") for key in keys}


def build(app: Flask) -> None:
    """Two units under one county bureau under one committee's office, and a notice."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        committee = create_office(session, "评委会办公室", "committee", region="220000")
        county = create_office(session, "宽城区人社局", "bureau", superior=committee)
        for name in ("水利院", "勘测院"):
            create_office(session, name, superior=county, region="220102")
        session.add(
            Notice(
                title="2026 年度工程系列申报通知",
                year=2026,
                owner=committee,
                series=["05"],
                declare_start=datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
                declare_end=DECLARE_END,
                audit_start=datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
                audit_end=AUDIT_END,
                cut_off=date(2025, 12, 31),
                published=True,
            )
        )
        session.commit()


class Stage:
    """One session over the world of ``build``, and the moves that tests make in it."""

    def __init__(self, app: Flask):
        self.journal: Journal = app.extensions["journal"]
        self.vault: Vault = app.extensions["vault"]
        with app.app_context():
            self.sessions = sessionmaker(app.extensions["sqlalchemy"].engine)
        self.journal.listen_to(self.sessions)
        self.session: Session = self.sessions()
        self.codes = CodeBook.read(self.session)
        self.session.commit()

    # Who is there.

    def office(self, name: str) -> Office:
        """An office by its name."""
        return self.session.scalars(select(Office).where(Office.name == name)).one()

    @property
    def notice(self) -> Notice:
        """The notice."""
        return self.session.scalars(select(Notice)).one()

    def applicant(self, name: str = "王小明", unit: str = "水利院") -> Actor:
        """A new person whom the unit has bound."""
        there = self.session.scalar(select(func.count()).select_from(Person))
        person = create_person(self.session, self.vault, name, there + 1)
        self.bind(person.id, unit)
        self.session.commit()
        return Actor(Role.APPLICANT, f"p{person.id}", name, person_id=person.id)

    def bind(self, person_id: int, unit: str) -> None:
        """Bind a person to another unit than so far."""
        mine = (Binding.person_id == person_id, Binding.ended_at.is_(None))
        for old in self.session.scalars(select(Binding).where(*mine)):
            old.state, old.ended_at = BindingState.ENDED, NOON
        self.session.flush()
        bound = {"state": BindingState.BOUND, "decided_at": NOON, "decided_by": "单位"}
        new = Binding(person_id=person_id, unit=self.office(unit), requested_at=NOON, **bound)
        self.session.add(new)
        self.session.commit()

    def agent(self, office: str, name: str = "") -> Actor:
        """An agent of an office."""
        id_ = self.office(office).id
        return Actor(Role.AGENT, f"agent{id_}{name}", name or f"{office}经办", office_id=id_)

    # What they do.

    def draft(self, actor: Actor, **basic) -> Declaration:
        """A draft in which nothing is missing."""
        declaration = start(self.session, self.notice, actor, NOON)
        fill(self.session, declaration, **basic)
        self.session.commit()
        return declaration

    def act(
        self, actor: Actor, declaration: Declaration, action: Action, now=NOON, **decision
    ) -> Declaration:
        """Carry out one action and commit; nothing remains of it if it is refused."""
        asked = Decision(action, **decision)
        with self.refusing():
            carry_out(self.session, self.codes, asked, declaration.id, actor, now)
        return declaration

    def refusing(self) -> "Refusing":
        """A block that commits, or rolls back whatever it raises."""
        return Refusing(self.session)

    def submit(self, actor: Actor, declaration: Declaration, **more) -> Declaration:
        """提交申报."""
        return self.act(actor, declaration, Action.SUBMIT, pledged=True, **more)

    def submitted(self, name: str = "王小明", **basic) -> Declaration:
        """The declaration of a new person, now with the unit."""
        actor = self.applicant(name)
        return self.submit(actor, self.draft(actor, **basic))

    def holder(self, declaration: Declaration) -> Actor:
        """An agent of the office where it lies."""
        return self.agent(declaration.step.office.name)

    def approve(self, *declarations: Declaration) -> None:
        """审核通过 by the offices where they lie."""
        for declaration in declarations:
            actor = self.holder(declaration)
            self.act(actor, declaration, Action.APPROVE, marks=RIGHT, opinion="同意推荐")

    def collect(self, actor: Actor, reports: int = 1) -> str:
        """The key of an open batch with its reports."""
        batch = open_batch(self.session, self.notice.id, actor, NOON)
        for _ in range(reports):
            by = {"uploaded_by": actor.name, "uploaded_at": NOON}
            self.session.add(Attachment(batch_id=batch.id, **by, **file_of("U01")))
        self.session.commit()
        return batch.uid

    def send(self, declarations: Iterable[Declaration], now=NOON) -> Sent:
        """批量送审 of what lies with one office."""
        chosen = list(declarations)
        actor = self.holder(chosen[0])
        uid = self.collect(actor)
        with self.refusing():
            sent = send(self.session, uid, [d.id for d in chosen], actor, now)
        return sent

    def climb(self, declaration: Declaration, offices: int = 1) -> Declaration:
        """Approved and sent up, as often as told."""
        for _ in range(offices):
            self.approve(declaration)
            self.send([declaration])
        return declaration

    def bounce(self, declaration: Declaration, *keys: str, now=NOON) -> Declaration:
        """退回申报人修改 by the office where it lies, these sections at fault."""
        marks = wrong(*(keys or ("paper",)))
        actor = self.holder(declaration)
        return self.act(actor, declaration, Action.RETURN, now, marks=marks, opinion="请修改")

    # What is seen.

    def states(self, declaration: Declaration) -> list[tuple[int, str, str, int]]:
        """Position, office, state and round of every step."""
        steps = select(Step).where(Step.declaration_id == declaration.id).order_by(Step.position)
        return [(s.position, s.office.name, s.state, s.round) for s in self.session.scalars(steps)]

    def told(self, declaration: Declaration) -> list[tuple[str, str]]:
        """Actor and action of every line of progress."""
        lines = select(Progress).where(Progress.declaration_id == declaration.id)
        found = self.session.scalars(lines.order_by(Progress.id))
        return [(line.actor, line.action) for line in found]

    def noted(self) -> list[tuple[str, str, str]]:
        """Act, kind and id of every line of the journal."""
        lines = self.session.scalars(select(Line).order_by(Line.id))
        return [(line.act, line.object_kind, line.object_id) for line in lines]


class Refusing:
    """Commits a block; rolls back if it raises."""

    def __init__(self, session: Session):
        self.session = session

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> None:
        if error is None:
            self.session.commit()
        else:
            self.session.rollback()


def at_once(stage: Stage, *works: Callable[[Session], object]) -> list:
    """What each work answered, or the refusal that it met; all begin at the same moment."""
    stage.session.commit()
    barrier, answers = Barrier(len(works)), [None] * len(works)

    def run(number: int, work: Callable[[Session], object]) -> None:
        barrier.wait(60)
        try:
            with stage.sessions() as session:
                answered = work(session)
                session.commit()
                answers[number] = answered
        except (NotAllowed, IntegrityError, StaleDataError) as refusal:
            answers[number] = refusal

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return answers
