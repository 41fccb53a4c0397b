"""单位导入: what the database knows of a list, and how the list comes into it."""

from collections.abc import Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.journal import note
from models.offices import Office, OfficeKind, named, unit_objection
from models.people import Account, Realm
from models.permissions import Actor, Role
from models.unit_answers import managing
from models.unit_list import Known, UnitLine
from views.console.scope import below
from views.registration.opening import Opened, add_account, legal_usernames


def known_of(session: Session, who: Actor, lines: Sequence[UnitLine]) -> Known:
    """What stands against the lines: four statements, however many they are."""
    codes, names = [line.uscc for line in lines], [line.name for line in lines]
    his = or_(Office.id == who.office_id, Office.id.in_(below(who)))
    superiors = select(Office.uscc, Office.id).where(managing(), his)
    columns = (Office.uscc, Office.name, Office.superior_id, Office.kind)
    there = session.execute(select(*columns).where(Office.uscc.in_(codes))).all()
    held = select(Office.uscc).join(Account, Account.office_id == Office.id)
    held = held.where(Office.uscc.in_(codes), Account.realm == Realm.LEGAL, Account.live)
    of_names = select(Office.name, Office.uscc).where(Office.name.in_(names))
    return Known(
        superiors=dict(session.execute(superiors).all()),
        offices={r.uscc: (r.name, r.superior_id) for r in there if r.kind == OfficeKind.UNIT},
        others={r.uscc: why for r in there if (why := unit_objection(r.kind))},
        held=frozenset(session.scalars(held)),
        names=dict(session.execute(of_names).all()),
    )


def bring_in(session: Session, who: Actor, lines: Sequence[UnitLine], now: datetime) -> None:
    """The offices that are not here yet, and for each line a legal account without a password:
    its holder activates it by a code."""
    codes = [line.uscc for line in lines]
    there = named(session, {*codes, *(line.superior for line in lines)})
    role = session.scalars(select(RoleRow).where(RoleRow.name == Role.LEGAL.value)).one()
    usernames = legal_usernames(session, codes)
    for line in lines:
        unit = there.get(line.uscc) or Office(
            name=line.name, uscc=line.uscc, kind=OfficeKind.UNIT, nature=line.nature,
            region=line.region, superior=there[line.superior], updated_by=who.name, updated_at=now,
        )  # fmt: skip
        made = Opened(usernames[line.uscc], line.legal_person, Role.LEGAL, line.mobile)
        add_account(session, role, made, office=unit)
        note(session, who.username, "import", "account", made.username, uscc=line.uscc)
    session.flush()
