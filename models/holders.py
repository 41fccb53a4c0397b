"""Who holds a unit's legal account and who declares by way of it are two (domain 06.7)."""

from datetime import date

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session, joinedload

from models.declaration import Declaration
from models.names import name_objection
from models.numbers import id_number_objection
from models.offices import Office
from models.people import Account, Person, Realm, live_in, name_problems
from models.problems import Problem
from models.status import Status
from models.words import NotAllowed, Sentence, _, say

LABELS = {"holder": _("法人账号持有人"), "number": _("持有人身份证号")}

UNDER_WAY = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)


def typed_problems(name: str, number: str, today: date) -> list[Problem]:
    """What is wrong with a holder as he was typed; no database is asked."""
    found = [
        Problem(key, say(_("请填写%(label)s。"), label=LABELS[key]))
        for key, value in (("holder", name), ("number", number))
        if not value
    ]
    if name and (objection := name_objection(name)):
        found.append(Problem("holder", objection))
    if number and (objection := id_number_objection(number, today)):
        found.append(Problem("number", objection))
    return found


def holder_problems(
    session: Session, person: Person | None, name: str, unit: Office
) -> list[Problem]:
    """Why ``person``, as far as he is here, cannot hold the account of ``unit`` by this name."""
    found = name_problems(person, name, "holder")
    if person and (objection := holding_objection(session, person, unit)):
        found.append(Problem("holder", objection))
    return found


def holding_objection(session: Session, person: Person, unit: Office) -> Sentence | None:
    """Why a person cannot hold the legal account of a unit: a declaration under way there."""
    his = (Declaration.person_id == person.id, Declaration.unit_id == unit.id)
    query = select(Declaration).where(*his, Declaration.status.in_(UNDER_WAY))
    found = session.scalars(query.options(joinedload(Declaration.notice)).limit(1)).first()
    if found is None:
        return None
    words = _("%(name)s在%(unit)s有没办结的申报“%(title)s”，办结以前不能持有本单位的法人账号。")
    return say(words, name=person.name, unit=unit.name, title=found.notice.title)


def lock_unit(session: Session, unit: Office) -> None:
    """Keep everybody waiting who begins to declare by way of the unit, until it is known who
    holds its account."""
    session.execute(select(Office.id).where(Office.id == unit.id).with_for_update())


def check_not_holder(session: Session, person_id: int | None, unit: Office) -> None:
    """NotAllowed if the person holds the legal account of the unit. Whoever becomes its holder
    has locked the unit: the two wait for each other, and the second sees the first."""
    here = select(Office.id).where(Office.id == unit.id)
    session.execute(here.with_for_update(read=True, key_share=True))
    his = (Account.office_id == unit.id, Account.person_id == person_id)
    if session.scalar(select(exists().where(*his, text(live_in(Realm.LEGAL))))):
        words = _("您持有%(unit)s的法人账号，不能经由该单位申报。请先更换该账号的持有人。")
        raise NotAllowed(words, unit=unit.name)
