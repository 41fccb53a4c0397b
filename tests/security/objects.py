"""The objects of the world ``two_units`` that each role owns, and those that are strange to it."""

from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.batch import Batch
from models.binding import Binding, BindingState
from models.declaration import Declaration
from models.notice import Notice
from models.offices import Office
from models.opinions import Phrase
from models.people import Person
from models.permissions import Role
from models.proposal import Proposal
from models.section import Section
from models.sections import BY_KEY
from models.sessions import LoginSession
from models.status import Status
from models.unit_registration import UnitRegistration, UnitState
from models.verification import Verification
from tests.worlds.two_units import FOREIGN, OWN, Words

GONE = 2**31 - 1
"""A number that no row has."""


@dataclass(frozen=True)
class Things:
    """What stands in the address for each relation to the actor."""

    own: tuple[dict[str, Any], ...]
    foreign: tuple[dict[str, Any], ...]


class Objects:
    """Looks things up by what the world says of them."""

    def __init__(self, session: Session):
        self.session = session
        self.drafts = {w: self.declaration(w, Status.DRAFT) for w in (OWN, FOREIGN)}
        self.waiting = {w: self.declaration(w, Status.SUBMITTED) for w in (OWN, FOREIGN)}

    def one(self, query: Select) -> Any:
        return self.session.scalars(query).first()

    def declaration(self, words: Words, status: Status) -> Declaration:
        """The first one of this side that stands so."""
        mine = Person.name.startswith(words.person)
        query = select(Declaration).join(Person).where(mine, Declaration.status == status)
        return self.one(query.order_by(Declaration.id))

    def of(self, kind: str, role: Role) -> Things:
        """The things of a kind, as a role stands to them."""
        return getattr(self, kind)(role)

    # Each kind, for those who have its desk; the others are refused before anybody looks.

    def declarations(self, role: Role, name: str = "pk") -> Things:
        draft, waiting = self.drafts, self.waiting
        if role is Role.APPLICANT:
            own, foreign = [draft[OWN]], [waiting[OWN], draft[FOREIGN], waiting[FOREIGN]]
        else:
            own, foreign = [waiting[OWN]], [draft[OWN], draft[FOREIGN], waiting[FOREIGN]]
        return Things(*(tuple({name: d.id} for d in these) for these in (own, foreign)))

    def below(self, role: Role) -> Things:
        """Addresses below ``/mine/<declaration_id>/``."""
        return self.declarations(role, "declaration_id")

    def records(self, section: Section) -> Things:
        """A record of a section in its declaration; also below another declaration."""
        draft, other = self.drafts[OWN], self.drafts[FOREIGN]
        mine, theirs = section.records(draft)[0].id, section.records(other)[0].id
        neighbour = self.waiting[OWN]
        beside = [{"declaration_id": neighbour.id, "pk": r.id} for r in section.records(neighbour)]
        crossed = ((other, theirs), (draft, theirs), (other, mine))
        foreign = [{"declaration_id": d.id, "pk": pk} for d, pk in crossed]
        return Things(({"declaration_id": draft.id, "pk": mine},), (*foreign, *beside[:1]))

    def places(self, role: Role) -> Things:
        """Where a file may be sent."""
        where = {"section": "paper", "code": "A32"}
        draft, other = self.drafts[OWN], self.drafts[FOREIGN]
        foreign = [
            {"declaration_id": d.id, "record": p.paper[0].uid}
            for d, p in ((other, other), (draft, other), (other, draft))
        ]
        own = {"declaration_id": draft.id, "record": draft.paper[0].uid}
        return Things((own | where,), tuple(f | where for f in foreign))

    def notices(self, role: Role, name: str = "pk") -> Things:
        """A manager owns those of his office; all others read what is published."""
        found = {
            (words, shown): self.one(
                select(Notice)
                .join(Office, Office.id == Notice.owner_id)
                .where(
                    Notice.published.is_(shown), Office.superior.has(name=f"{words.office}评委会")
                )
                .order_by(Notice.id)
            ).id
            for words in (OWN, FOREIGN)
            for shown in (True, False)
        }
        if role is Role.NOTICE_MANAGER:
            own, foreign = found[OWN, False], (found[FOREIGN, True], found[FOREIGN, False])
        else:
            own, foreign = found[OWN, True], (found[OWN, False], found[FOREIGN, False])
        return Things(({name: own},), tuple({name: one} for one in foreign))

    def sends(self, role: Role) -> Things:
        return self.notices(role, "notice_id")

    def queues(self, role: Role) -> Things:
        return self.notices(role, "notice")

    def bindings(self, role: Role) -> Things:
        state = BindingState.BOUND if role is Role.APPLICANT else BindingState.REQUESTED
        found = [
            self.one(
                select(Binding.id)
                .join(Person)
                .where(Binding.state == state, Person.name.startswith(words.person))
                .order_by(Binding.id)
            )
            for words in (OWN, FOREIGN)
        ]
        foreign = [found[1]]
        if role is Role.APPLICANT:
            mine = select(Binding.person_id).where(Binding.id == found[0]).scalar_subquery()
            beside = select(Binding.id).where(Binding.person_id != mine).order_by(Binding.id)
            foreign.append(self.one(beside))
        return Things(({"pk": found[0]},), tuple({"pk": one} for one in foreign))

    def registrations(self, role: Role) -> Things:
        """Of units, with the own office; those of the other one, and what nobody has sent."""
        found = {
            (words, state): self.one(
                select(UnitRegistration.id).where(
                    UnitRegistration.name.startswith(words.office), UnitRegistration.state == state
                )
            )
            for words in (OWN, FOREIGN)
            for state in (UnitState.SUBMITTED, UnitState.REFUSED, UnitState.DRAFT)
        }
        own = found.pop((OWN, UnitState.SUBMITTED))
        del found[OWN, UnitState.REFUSED]
        page = {"number": 1}
        return Things(({"pk": own} | page,), tuple({"pk": pk} | page for pk in found.values()))

    def phrases(self, role: Role) -> Things:
        """An agent's own; the system's are kept by the notice managers."""
        agents, systems = (
            self.session.scalars(select(Phrase.id).where(clause).order_by(Phrase.id)).all()
            for clause in (Phrase.for_all.is_(False), Phrase.for_all)
        )
        own, theirs = agents[:2], agents[2:]
        if role is Role.NOTICE_MANAGER:
            own, theirs = systems, agents
        else:
            theirs = (*theirs, *systems)
        return Things(*(tuple({"pk": one} for one in these) for these in (own[:1], theirs)))

    def offices(self, role: Role) -> Things:
        """An HR office keeps all of them."""
        return Things(({"pk": self.one(select(Office.id).order_by(Office.id.desc()))},), ())

    def users(self, role: Role) -> Things:
        return Things(({"pk": self.one(select(User.id).where(User.username == "agent"))},), ())

    def verifications(self, role: Role) -> Things:
        return Things(({"pk": self.one(select(Verification.id))},), ())

    def sessions(self, role: Role) -> Things:
        """Another login of one's own, and those of everybody else."""
        logins = (
            select(LoginSession.id)
            .join(User, User.username == LoginSession.username)
            .order_by(LoginSession.id)
        )
        own = self.one(logins.where(User.roles.any(name=role.value)))
        others = self.session.scalars(logins.where(LoginSession.id != own))
        return Things(({"pk": own},) if own else (), tuple({"pk": pk} for pk in others))

    def proposals(self, role: Role) -> Things:
        """Of the own office, and of the other one's."""
        found = [
            self.one(
                select(Proposal.id)
                .join(Office, Office.id == Proposal.office_id)
                .where(Office.name.startswith(words.office))
            )
            for words in (OWN, FOREIGN)
        ]
        return Things(({"pk": found[0]},), ({"pk": found[1]},))

    def agents(self, role: Role) -> Things:
        """The agents of the own unit; others of it, and those of the other, are none of them."""
        found = dict(self.session.execute(select(User.username, User.id)).all())
        strange = ("legal", "admin", "applicant", "bureau", "agent-b", "checker-b", "legal-b")
        return Things(({"pk": found["agent"]},), tuple({"pk": found[name]} for name in strange))

    def files(self, role: Role) -> Things:
        """Files that lie in the store."""
        rows = {
            (words, declaration.status): self.one(
                select(Attachment)
                .where(Attachment.declaration_id == declaration.id, Attachment.proof == "A30")
                .where(Attachment.pages > 0)
            )
            for side in (self.drafts, self.waiting)
            for words, declaration in side.items()
        }
        reports = self.session.scalars(
            select(Attachment).join(Batch).join(Office, Office.id == Batch.office_id)
            .where(Office.name.startswith(FOREIGN.office))
        ).all()  # fmt: skip
        kind = Status.DRAFT if role is Role.APPLICANT else Status.SUBMITTED
        own = rows.pop((OWN, kind))
        foreign = [*rows.values(), *reports]
        return Things(({"uid": own.uid, "number": 1},), tuple(
            {"uid": one.uid, "number": 1} for one in foreign
        ))  # fmt: skip

    def console(self, table: str) -> Things:
        """Rows of one list of the console, by the ids of its details."""
        ids = self._console_ids(table)
        own, foreign = ([{"id": ids[w]}] if ids[w] else [] for w in (OWN, FOREIGN))
        return Things(tuple(own), tuple(foreign))

    def _console_ids(self, table: str) -> dict[Words, int]:
        if table in BY_KEY:
            model = BY_KEY[table].model
            return {
                w: self.one(
                    select(model.id).join(Declaration, Declaration.id == model.declaration_id)
                    .join(Person).where(Person.name.startswith(w.person))
                    .where(Declaration.status.in_(
                        [Status.SUBMITTED] if w is OWN else [Status.SUBMITTED, Status.DRAFT]
                    ))
                )
                for w in (OWN, FOREIGN)
            }  # fmt: skip
        if table == "declaration":
            return {w: d.id for w, d in self.waiting.items()}
        model, column = {
            "office": (Office, Office.name),
            "binding": (Binding, Binding.unit),
            "batch": (Batch, Batch.office),
        }[table]
        found = {}
        for words in (OWN, FOREIGN):
            mine = Office.name.startswith(words.office)
            where = mine if table == "office" else column.has(mine)
            query = select(model.id).where(where)
            if table == "office":
                query = query.where(Office.kind == "unit")
            if table == "batch":
                query = query.where(Batch.sent_at.is_not(None))
            found[words] = self.one(query.order_by(model.id))
        return found
