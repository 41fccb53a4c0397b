"""Fills an empty database: all in one transaction, so it is all there or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from adapters.store import FileStore
from demo.calendar import hours_until, moment_at, spread
from demo.candidates import Candidate, Lots
from demo.cast import Cast
from demo.drafts import Writer
from demo.evidence import Pool
from demo.history import History, Story
from demo.notices import NoticePlan
from demo.plans import Act, acts
from demo.province import NAMED, offices
from demo.records import rows
from demo.stars import ASKING, PARTS, logins
from models.attachment import Attachment
from models.binding import BindingState
from models.clock import day_of, now
from models.codes import CodeBook
from models.filing import start
from models.offices import Office, chain_of
from models.outbox import Message, MessageState
from models.people import Person
from models.permissions import Actor, Role
from models.vault import Vault

AUDITS_FROM = 2
"""Days after a notice opens on which the units begin; nobody declares earlier here."""

MANY = 100
"""From so many declarations on, there are three different pictures of each kind."""


@dataclass(frozen=True)
class Tools:
    """What the demonstration is made with."""

    session: Session
    vault: Vault
    store: FileStore
    say: Callable[[str], None] = print


def is_empty(session: Session) -> bool:
    """Whether nobody is there yet."""
    return not session.scalar(select(exists().where(Person.id.is_not(None))))


def fill(tools: Tools, declarations: int, seed: int) -> None:
    """Fill an empty database and commit. The same seed gives the same people, numbers and
    states; their days are counted from today.

    What a run that was killed has left in the store is cleared away first.
    """
    session = tools.session
    tools.store.sweep(set(session.scalars(select(Attachment.token))), older_than_seconds=0)
    pool = Pool(tools.store, CodeBook.read(session))
    session.rollback()
    try:
        count = pool.fill(lot(seed, "files"), 3 if declarations >= MANY else 1)
        tools.say(f"{count} files drawn and examined")
        Filling(tools, pool, seed).run(declarations)
        pool.close()
        session.commit()
    except BaseException:
        session.rollback()
        pool.undo()
        raise


def lot(seed: int, part: str) -> Random:
    """A lot for one part of the whole, so that a change of one part moves no other."""
    return Random(f"{seed} {part}")


class Filling:
    """One run over one database."""

    def __init__(self, tools: Tools, pool: Pool, seed: int):
        self.tools, self.seed = tools, seed
        self.session = tools.session
        self.now = now(self.session)
        self.codes = CodeBook.read(self.session)
        self.logins = logins()
        self.cast = Cast(self.session, tools.vault, self.now)
        self.writer = Writer(self.session, self.codes, tools.vault, pool)

    def run(self, declarations: int) -> None:
        """Everything, in the order in which it would come about."""
        plans = offices(self.codes, self._lot("offices"))
        self.cast.add_offices(plans)
        self.cast.add_notices()
        self.cast.add_staff(self.logins, self._lot("staff"))
        self.tools.say(f"{len(plans)} offices with their agents, {len(self.cast.notices)} notices")
        lots = Lots(self._lot("candidates"), plans, self.logins, day_of(self.now))
        candidates = lots.drawn(declarations)
        self._bystanders(lots, declarations)
        stories = [self._begun(candidate) for candidate in candidates]
        self.tools.say(f"{len(stories)} declarations begun")
        history = History(self.session, self.codes, self.writer, self.cast.agents)
        notice, agent = self._ready_to_send()
        played = history.play(stories)
        history.report(notice, agent, self.now - timedelta(minutes=15), self._lot("report"))
        self.tools.say(f"{played} steps of their way")
        # What was said in the past was said then: nobody waits for it now.
        sent = {"state": MessageState.SENT, "sent_at": Message.created_at}
        self.session.execute(
            update(Message).where(Message.state == MessageState.WAITING).values(**sent)
        )

    def _lot(self, part: str) -> Random:
        return lot(self.seed, part)

    def _begun(self, candidate: Candidate) -> Story:
        """Person, binding, draft, and what is to become of it."""
        rng = self._lot(f"declaration {candidate.human.serial}")
        unit = self.cast.offices[candidate.unit.name]
        notice = self.cast.notices[candidate.notice.key]
        chain = chain_of(unit)
        todo = acts(candidate.plan, len(chain), candidate.notice.policy)
        began = self._beginning(candidate.notice, rng)
        moments = spread(rng, began, self._ends(candidate.notice, todo))
        actor = self.cast.add_person(candidate.human, candidate.login)
        asked = moment_at(hours_until(began) - rng.uniform(18, 90))
        self.cast.bind(actor, unit, asked, BindingState.BOUND)
        declaration = start(self.session, notice, actor, began)
        saved = moments[0] - timedelta(hours=1) if moments else began + timedelta(hours=2)
        made = rows(rng, candidate.career, candidate.category)
        files = self.writer.write(
            declaration, made, candidate.plan.filled, actor, max(began, saved), rng
        )
        return Story(
            declaration.id,
            notice.id,
            actor,
            tuple(office.id for office in chain),
            todo,
            moments,
            {key for key, records in made.items() if records},
            {(file.section, file.proof) for file in files},
            rng,
        )

    def _beginning(self, notice: NoticePlan, rng: Random) -> datetime:
        """When one begins to declare: in the first half of the time that there was."""
        first = notice.opens(day_of(self.now)) + timedelta(days=AUDITS_FROM)
        last = min(self.now, notice.declare_ends(day_of(self.now)))
        begin, end = hours_until(first), hours_until(last)
        return moment_at(begin + (end - begin) * rng.uniform(0.02, 0.5))

    def _ends(self, notice: NoticePlan, todo: list[Act]) -> list[datetime]:
        """Until when each act has to have happened, by the windows of the notice."""
        today = day_of(self.now)
        ended = min(notice.ended(self.now), self.now - timedelta(minutes=20))
        returned, ends = False, []
        for act in todo:
            if act.verb in ("submit", "withdraw") and not returned:
                ends.append(min(ended, notice.declare_ends(today)))
            elif act.position == 0:
                ends.append(min(ended, notice.audit_ends(today)))
            else:
                ends.append(ended)
            returned = returned or act.verb == "return"
        return ends

    def _bystanders(self, lots: Lots, declarations: int) -> None:
        """Those of the file who declare nothing, and some requests to the well known units."""
        rng = self._lot("bystanders")
        taking_part = {part.username for part in PARTS[:declarations]}
        for login in self.logins:
            if login.role is Role.APPLICANT and login.username not in taking_part:
                actor = self.cast.add_person(*lots.passer_by(login))
                if login.office:
                    asking = login.username == ASKING
                    state = BindingState.REQUESTED if asking else BindingState.BOUND
                    self._bind(actor, self.cast.offices[login.office], state, rng)
        for name in NAMED.values():
            for state in (BindingState.REQUESTED, BindingState.REQUESTED, BindingState.REFUSED):
                actor = self.cast.add_person(*lots.passer_by())
                self._bind(actor, self.cast.offices[name], state, rng)

    def _bind(self, actor: Actor, unit: Office, state: BindingState, rng: Random) -> None:
        asked = moment_at(hours_until(self.now) - rng.uniform(12, 50))
        self.cast.bind(actor, unit, asked, state)

    def _ready_to_send(self) -> tuple[int, Actor]:
        """The notice and the agent, the first of the file, who has a report ready for what
        goes up next."""
        login = next(login for login in self.logins if login.role is Role.AGENT)
        agent = self.cast.agents[self.cast.offices[login.office].id][0]
        return next(iter(self.cast.notices.values())).id, agent
