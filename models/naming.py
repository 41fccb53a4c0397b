"""Whose account it is: a name and an identity number that belong together (decisions 14)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.numbers import id_number_objection
from models.people import Person, holder_of, name_problems, new_person
from models.problems import Problem
from models.vault import Vault
from models.words import _, say


@dataclass(frozen=True)
class Naming:
    """What was typed for an account about the person that it stands for. ``known`` is its
    person so far, ``before`` its name."""

    session: Session
    vault: Vault
    name: str
    number: str = ""
    known: Person | None = None
    before: str = ""

    def problems(self, today: date) -> list[Problem]:
        """What is wrong with name and number. A name that is not changed is not judged anew:
        the account goes on under it, whatever became of the name of the person."""
        if self.number and (objection := id_number_objection(self.number, today)):
            return [Problem("number", objection)]
        person = self._found()
        if self.known is not None and person is not self.known:
            words = _("这个账号已登记为另一个身份证号。换人时请添加新的账号。")
            return [Problem("number", say(words))]
        if self.known is not None and self.name == self.before:
            return []
        return name_problems(person, self.name)

    def person(self) -> Person | None:
        """Who it is, where nothing is wrong: found, or made; None if nobody was named."""
        found = self._found()
        if found is None and self.number:
            return new_person(self.session, self.vault, self.name, self.number)
        return found

    def _found(self) -> Person | None:
        if not self.number:
            return self.known
        return holder_of(self.session, self.vault, self.number)
