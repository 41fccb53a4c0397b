"""What nobody can open any more: drafts of registrations, lists that were never imported."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.drafts import LIFE
from models.registration import PersonDraft
from models.unit_list import UnitList
from models.unit_registration import Licence, UnitRegistration, UnitState


def sweep_drafts(session: Session, now: datetime) -> int:
    """Remove them; how many. A registration that was sent once stays, however it stands; the
    files of certificates go with the next sweep of the store."""
    old = (UnitRegistration.state == UnitState.DRAFT) & (UnitRegistration.expires_at <= now)
    drafts = select(UnitRegistration.id).where(old)
    session.execute(delete(Licence).where(Licence.registration_id.in_(drafts)))
    swept = (
        delete(UnitRegistration).where(old),
        delete(PersonDraft).where(PersonDraft.expires_at <= now),
        delete(UnitList).where(UnitList.made_at <= now - LIFE),
    )
    return sum(session.execute(statement).rowcount for statement in swept)
