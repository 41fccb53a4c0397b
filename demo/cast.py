"""Writes who is there: offices, notices, accounts, persons and their bindings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.passwords import hashed
from demo.names import mixed_name
from demo.notices import NOTICES
from demo.numbers import identity_number
from demo.people import Human
from demo.phrases import OWN_PHRASES, SYSTEM_PHRASES
from demo.province import OfficePlan
from demo.stars import Login
from models.accounts import realm_of
from models.binding import Binding, BindingState
from models.clock import day_of
from models.journal import note
from models.notice import Notice
from models.offices import Office
from models.opinions import Phrase
from models.people import Account, Person, new_person
from models.permissions import Actor, Role
from models.vault import Vault

STAFF_AGE = 59
"""Years: nobody who declares here is as old, so no two have one identity number."""


@dataclass
class Cast:
    """Offices by name, notices by key, and for each office's id who acts for it."""

    session: Session
    vault: Vault
    now: datetime
    passwords: dict[str, str] = field(default_factory=dict)
    roles: dict[str, RoleRow] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    agents: dict[int, list[Actor]] = field(default_factory=dict)

    def add_offices(self, plans: Iterable[OfficePlan]) -> None:
        """The offices, each after its superior."""
        for plan in plans:
            office = plan.made(self.offices.get(plan.superior))
            self.offices[plan.name] = office
            self.session.add(office)
        self.session.flush()

    def add_notices(self) -> None:
        """The notices, put out by their bureaus."""
        today = day_of(self.now)
        for plan in NOTICES:
            self.notices[plan.key] = plan.made(today, self.offices[plan.owner])
        self.session.add_all(self.notices.values())
        self.session.flush()

    def add_staff(self, logins: list[Login], rng: Random) -> None:
        """The accounts of the file that stand for no person, and an agent for each office
        that has none of them."""
        self.roles = {role.name: role for role in self.session.scalars(select(RoleRow))}
        for login in logins:
            if login.role is not Role.APPLICANT:
                self._staff(login)
        common = next(login.password for login in logins)
        for serial, office in enumerate(self.offices.values(), 1):
            if office.id not in self.agents:
                name = mixed_name(rng)
                self._staff(Login(f"jb{serial:04d}", common, Role.AGENT, office.name, name))
        self.session.add_all(Phrase(text=text, for_all=True) for text in SYSTEM_PHRASES)
        self.session.flush()

    def _staff(self, login: Login) -> None:
        office = self.offices[login.office] if login.office else None
        actor = self.add_account(login, office=office, person=self._staff_member(login))
        if login.role is Role.AGENT:
            self.agents.setdefault(office.id, []).append(actor)
        if login.role is Role.AGENT and not login.username.startswith("jb"):
            own = (Phrase(text=text, username=login.username) for text in OWN_PHRASES)
            self.session.add_all(own)

    def _staff_member(self, login: Login) -> Person | None:
        """Who stands behind an account of the file that acts for an office: nobody audits his
        own declaration, or holds the account of the unit by which he declares."""
        if not login.mobile:
            return None
        serial = int(login.mobile[-4:])
        birth = date(self.now.year - STAFF_AGE, 1, 1) + timedelta(days=serial % 365)
        number = identity_number("220102", birth, serial % 1000)
        person = new_person(self.session, self.vault, login.name, number)
        person.mobile = login.mobile
        return person

    def add_account(
        self, login: Login, office: Office | None = None, person: Person | None = None
    ) -> Actor:
        """An account by which one logs in; the actor that it stands for.

        A password is hashed once however many accounts have it: a hash is slow on purpose.
        """
        if login.password not in self.passwords:
            self.passwords[login.password] = hashed(login.password)
        self.session.add(
            User(
                username=login.username,
                last_name=login.name[:1],
                first_name=login.name[1:],
                password=self.passwords[login.password],
                email=f"{login.username}@example.invalid",
                active=True,
                roles=[self.roles[login.role.value]],
            )
        )
        realm = realm_of(login.role)
        account = Account(username=login.username, office=office, person=person, realm=realm)
        account.mobile = person.mobile if person else login.mobile
        self.session.add(account)
        person_id, office_id = person and person.id, office and office.id
        return Actor(login.role, login.username, login.name, person_id, office_id)

    def add_person(self, human: Human, login: Login) -> Actor:
        """A person with an account."""
        person = Person(name=human.name, sex=human.sex, birth_date=human.birth, mobile=human.mobile)
        person.seal_id_no(self.vault, human.number)
        self.session.add(person)
        self.session.flush()
        return self.add_account(login, person=person)

    def bind(self, actor: Actor, unit: Office, asked: datetime, state: BindingState) -> None:
        """A request to ``unit`` that was answered on the next day, if it was."""
        open_ = state is BindingState.REQUESTED
        agent = self.agents[unit.id][0]
        binding = Binding(
            person_id=actor.person_id,
            unit=unit,
            state=state,
            requested_at=asked,
            decided_at=None if open_ else asked + timedelta(days=1),
            decided_by="" if open_ else agent.name,
            reason="劳动关系不在本单位。" if state is BindingState.REFUSED else "",
        )
        self.session.add(binding)
        self.session.flush()
        note(self.session, actor.username, "bind", "binding", binding.id, unit=unit.id)
        if not open_:
            act = "agree" if state is BindingState.BOUND else "refuse"
            note(self.session, agent.username, act, "binding", binding.id)
