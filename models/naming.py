"""Whose account it is: a name and an identity number that belong together (decisions 14), and
when a name that is here is a wrong one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.declaration import Declaration
from models.identities import Identity
from models.journal import note
from models.numbers import id_number_objection
from models.people import Account, Person, Realm, holder_of, name_problems, new_person
from models.problems import Problem
from models.realname import Finding, NameCheck
from models.vault import Vault
from models.words import _, say

KEPT = _(
    "这个人已有个人账号、申报或别处的账号，登记的姓名不能在这里改，请照登记的姓名填写。登记有误的，由本人以正确的姓名"
    "注册个人账号，核验一致后自动更正；已有申报的，请本人携带身份证联系系统管理员核实。"
)


def is_checked(session: Session, person: Person) -> bool:
    """Whether somebody who can tell has said that the name belongs to the number: the
    real-name check, or the platform by which he signs in."""
    said = (NameCheck.person_id == person.id, NameCheck.finding == Finding.OK)
    linked = exists().where(Identity.username == Account.username, own_account(person))
    return bool(session.scalar(select(exists().where(*said) | linked)))


def own_account(person: Person):
    """The clause on Account for the person's own, be it switched off."""
    return (Account.person_id == person.id) & (Account.realm == Realm.PERSON)


def registered(session: Session, person: Person) -> bool:
    """Whether the person has an account of his own."""
    return bool(session.scalar(select(exists().where(own_account(person)))))


def declared(session: Session, person: Person) -> bool:
    """Whether there is a declaration of the person, however it stands."""
    return bool(session.scalar(select(exists().where(Declaration.person_id == person.id))))


def stands_elsewhere(session: Session, person: Person, office_id: int | None) -> bool:
    """Whether somebody else goes by the name too: an account of the person is not this office's."""
    there = Account.office_id.is_distinct_from(office_id)
    his = (Account.person_id == person.id, Account.live, there)
    return bool(session.scalar(select(exists().where(*his))))


def correct_name(session: Session, person: Person, name: str, by: str) -> None:
    """Let the person have the right name. He is locked by the caller, and has declared nothing:
    lists keep the names of their declarations."""
    note(session, by, "correct_name", "person", person.uid, before=person.name, after=name)
    person.name = name


@dataclass(frozen=True)
class Naming:
    """What was typed for an account about the person that it stands for. ``known`` is its
    person so far, ``before`` its name, ``office_id`` whose it is."""

    session: Session
    vault: Vault
    name: str
    number: str = ""
    known: Person | None = None
    before: str = ""
    office_id: int | None = None

    def problems(self, today: date) -> list[Problem]:
        """What is wrong with name and number. A name that is not changed is not judged anew:
        the account goes on under it, whatever became of the name of the person."""
        if self.number and (objection := id_number_objection(self.number, today)):
            return [Problem("number", objection)]
        person = self._found()
        if self.known is not None and person is not self.known:
            words = _("这个账号已登记为另一个身份证号。换人时请添加新的账号。")
            return [Problem("number", say(words))]
        if self.known is None:
            return name_problems(person, self.name)
        return [Problem("name", say(KEPT))] if self._renames() and self._is_kept() else []

    def person(self, by: str) -> Person | None:
        """Who it is, where nothing is wrong: found, made, or called by the right name; None if
        nobody was named. ``by``: the user name of who says so."""
        found = self._found()
        if found is None and self.number:
            return new_person(self.session, self.vault, self.name, self.number)
        if self._renames():
            correct_name(self.session, found, self.name, by)
        return found

    def _renames(self) -> bool:
        """Whether the person shall be called otherwise than he is."""
        return self.known is not None and self.name not in (self.before, self.known.name)

    def _is_kept(self) -> bool:
        """Whether the name is not for others to correct: somebody has checked it, or acts
        under it. Read under the lock, since who registers may do so at this moment."""
        session, person = self.session, self.known
        session.refresh(person, with_for_update=True)
        if self.before != person.name:  # the account goes by another one, and knows nothing of his
            return True
        asked = (is_checked, registered, declared)
        here = any(found(session, person) for found in asked)
        return here or stands_elsewhere(session, person, self.office_id)

    def _found(self) -> Person | None:
        if not self.number:
            return self.known
        return holder_of(self.session, self.vault, self.number)
