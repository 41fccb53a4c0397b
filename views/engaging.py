"""Writes about the agents of an office: all of them under the lock of the office's row, so
that what holds of its agents together is judged by one writer at a time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Standing
from models.agents import Wanted, agent_problems, bare
from models.batch import draw
from models.clock import day_of
from models.handover import hand_over, open_work
from models.journal import note
from models.naming import Naming
from models.offices import Office
from models.passwords import Owner
from models.people import Account, Person
from models.permissions import Actor, Role, agents_visible_to
from models.problems import Problem
from models.vault import Vault
from models.words import NotAllowed, NotFound, _, say
from views.agent_forms import AgentForm
from views.logins import check_seal, checkers_of, put, sealed, set_password, standing_of
from views.policies import new_password_problems
from views.staffing import Member, member, members
from views.writing import Invalid

LAST_CHECKER = _(
    "本机构开启了双人复核，至少要有一名启用的负责人。请先另设负责人，或在“单位信息”中关闭双人复核。"
)


def seal(there: Member) -> str:
    """What a form carries to know whether the agent still is as he was shown."""
    return sealed(there.name, there.role, there.mobile, there.person_id, there.active)


@dataclass(frozen=True)
class Engaging:
    """One write of the legal person ``who``."""

    session: Session
    vault: Vault
    who: Actor
    now: datetime

    def add(self, form: AgentForm) -> None:
        """A new account of an agent, or of a 负责人."""
        office = self._office()
        username = f"{office.uscc.lower()}.{draw(self.session, f'agent-{office.id}')}"
        wanted = form.wanted()
        problems = agent_problems(wanted, self._names())
        problems += self._password_problems(form, username, office, wanted)
        person = self._person(wanted, problems)
        role = role_of(form)
        user = User()
        put(self.session, user, Standing(username, wanted.name, role, office))
        set_password(self.session, user, form.password.data, first=True, now=self.now)
        self._know(username, person, wanted.mobile)
        note(self.session, self.who.username, "add", "account", username, role=role)

    def change(self, pk: int, form: AgentForm) -> None:
        """Name, numbers, role; the password, if one was typed."""
        office, there, user = self._locked(pk)
        check_seal(form, seal(there))
        wanted, role = form.wanted(known=there.person_id is not None), role_of(form)
        problems = agent_problems(wanted, self._names(there))
        problems += self._role_problems(office, there, role)
        typed = bool(form.password.data or form.again.data)
        if typed:
            problems += self._password_problems(form, there.username, office, wanted)
        person = self._person(wanted, problems, there)
        if typed:
            set_password(self.session, user, form.password.data, first=True, now=self.now)
        for step in open_work(self.session, office.id, there.agent).steps:
            step.opened_by = wanted.name
        before = standing_of(self.session, user)
        after = replace(before, name=wanted.name, role=role)
        put(self.session, user, after)
        self._know(there.username, person, wanted.mobile)
        about = after.changes(before) | {"password": typed, "mobile": wanted.mobile != there.mobile}
        if there.person_id is None:
            about["identified"] = True
        note(self.session, self.who.username, "edit", "account", there.username, **about)

    def leave(self, pk: int, heir: str, *, disable: bool) -> None:
        """Hand over what is open to ``heir`` (a user name), and disable the account."""
        office, there, user = self._locked(pk)
        if disable and not there.active:
            raise NotAllowed(_("这个账号已经停用了。"))
        if disable and self._is_last_checker(office, there):
            raise NotAllowed(LAST_CHECKER)
        chosen = next((h.agent for h in self.heirs(there) if h.username == heir), None)
        try:
            work = hand_over(self.session, office.id, there.agent, chosen, self.who, self.now)
        except NotAllowed as refusal:
            raise Invalid([Problem("heir", refusal.sentence)]) from refusal
        if not (work or disable):
            raise NotAllowed(_("%(name)s名下没有要交接的工作。"), name=there.name)
        if disable:
            put(self.session, user, replace(standing_of(self.session, user), active=False))
            note(self.session, self.who.username, "disable", "account", there.username)

    def enable(self, pk: int) -> None:
        """Let him in again; his number may have become another one's meanwhile."""
        _office, there, user = self._locked(pk)
        wanted = Wanted(there.name, known=True)
        if problems := agent_problems(wanted, self._names(there)):
            raise NotAllowed(problems[0].sentence)
        put(self.session, user, replace(standing_of(self.session, user), active=True))
        note(self.session, self.who.username, "enable", "account", there.username)

    def heirs(self, leaver: Member) -> list[Member]:
        """Who can go on with his work."""
        all_ = members(self.session, agents_visible_to(self.who))
        return [m for m in all_ if m.active and not m.confirms and m.id != leaver.id]

    def _office(self) -> Office:
        query = select(Office).where(Office.id == self.who.office_id)
        office = self.session.scalars(query.with_for_update(key_share=True)).one_or_none()
        if office is None:
            raise NotFound(_("没有找到您的机构，请联系系统管理员。"))
        return office

    def _locked(self, pk: int) -> tuple[Office, Member, User]:
        """The office, its agent as he stands now, and his login."""
        office = self._office()
        query = select(User).where(User.id == pk).with_for_update()
        user = self.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        there = member(self.session, agents_visible_to(self.who), pk)
        if user is None or there is None:
            raise NotFound(_("没有找到这个经办人，或者他不属于本机构。"))
        return office, there, user

    def _names(self, but: Member | None = None) -> Collection[str]:
        all_ = members(self.session, agents_visible_to(self.who))
        return {m.name for m in all_ if m.active and (but is None or m.id != but.id)}

    def _person(
        self, wanted: Wanted, problems: list[Problem], there: Member | None = None
    ) -> Person | None:
        """Whose identity number was typed, or who was known before; raises the problems, if
        there are any."""
        known = self.session.get(Person, there.person_id) if there and there.person_id else None
        name, before = bare(wanted.name), bare(there.name) if there else ""
        here = self.who.office_id
        naming = Naming(self.session, self.vault, name, wanted.number, known, before, here)
        problems += naming.problems(day_of(self.now))
        if problems:
            raise Invalid(problems)
        return naming.person(self.who.username)

    def _password_problems(
        self, form: AgentForm, username: str, office: Office, wanted: Wanted
    ) -> list[Problem]:
        """By the profile in force; whoever gets a password from somebody else changes it."""
        owner = Owner(username, wanted.name, numbers=(office.uscc, wanted.number, wanted.mobile))
        return new_password_problems(form.password.data or "", form.again.data or "", owner)

    def _role_problems(self, office: Office, there: Member, role: Role) -> list[Problem]:
        if role == there.role:
            return []
        if role is not Role.CHECKER:
            last = self._is_last_checker(office, there)
            return [Problem("checker", say(LAST_CHECKER))] if last else []
        work = open_work(self.session, office.id, there.agent)
        if work.steps or work.proposals:
            words = _("%(name)s名下还有没办完的工作，请先交接，再改为负责人。")
            return [Problem("checker", say(words, name=there.name))]
        return []

    def _is_last_checker(self, office: Office, there: Member) -> bool:
        confirming = office.four_eyes and there.confirms and there.active
        return confirming and checkers_of(self.session, office.id) == 1

    def _know(self, username: str, person: Person | None, mobile: str) -> None:
        account = self.session.get(Account, username)
        account.person, account.mobile = person, mobile
        self.session.flush()


def role_of(form: AgentForm) -> Role:
    """The role that was ticked."""
    return Role.CHECKER if form.checker.data else Role.AGENT
