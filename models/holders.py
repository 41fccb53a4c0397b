"""Who holds a unit's legal account and who declares by way of it are two (domain 06.7)."""

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session, joinedload

from models.declaration import Declaration
from models.offices import Office
from models.people import Account, Person, Realm, live_in
from models.status import Status
from models.words import NotAllowed, Sentence, _, say

UNDER_WAY = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)


def holding_objection(session: Session, person: Person, unit: Office) -> Sentence | None:
    """Why a person cannot hold the legal account of a unit: a declaration under way there."""
    his = (Declaration.person_id == person.id, Declaration.unit_id == unit.id)
    query = select(Declaration).where(*his, Declaration.status.in_(UNDER_WAY))
    found = session.scalars(query.options(joinedload(Declaration.notice)).limit(1)).first()
    if found is None:
        return None
    words = _("%(name)s在%(unit)s有没办结的申报“%(title)s”，办结以前不能持有本单位的法人账号。")
    return say(words, name=person.name, unit=unit.name, title=found.notice.title)


def check_not_holder(session: Session, person_id: int | None, unit: Office) -> None:
    """NotAllowed if the person holds the legal account of the unit."""
    his = (Account.office_id == unit.id, Account.person_id == person_id)
    if session.scalar(select(exists().where(*his, text(live_in(Realm.LEGAL))))):
        words = _("您持有%(unit)s的法人账号，不能经由该单位申报。请先更换该账号的持有人。")
        raise NotAllowed(words, unit=unit.name)
