"""单位注册 as an office finds it: one that waits, one refused, and one that nobody has sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.drafts import new_key
from models.offices import Office
from models.unit_registration import Licence, UnitRegistration, UnitState
from tests.worlds.base import uscc_of
from tests.worlds.declarations import file_of

HASH = "a hash that fits no password"


def add_registrations(
    session: Session, office: Office, mark: str, first: int, token: str, at: datetime
) -> None:
    """Three of units with the codes from ``first`` on, ``mark`` in each of their texts; the
    licence of the one that waits is the file of ``token``."""
    states = (UnitState.SUBMITTED, UnitState.REFUSED, UnitState.DRAFT)
    for number, state in enumerate(states):
        sent, answered = state is not UnitState.DRAFT, state is UnitState.REFUSED
        made = UnitRegistration(
            state=state, round=int(sent), superior=office, uscc=uscc_of(first + number),
            name=f"{mark}注册{number}院", nature="02", region="220702", legal_person=f"{mark}法人",
            contact=f"{mark}联系人", mobile=f"1370000{first + number:04d}", proved_at=at,
            submitted_at=at if sent else None, decided_at=at if answered else None,
            decided_by=f"{mark}经办" if answered else "", reason=f"{mark}原因" if answered else "",
            password_hash=HASH if state is UnitState.SUBMITTED else "",
        )  # fmt: skip
        made.open_by(new_key(), at)
        if state is UnitState.SUBMITTED:
            about = {k: v for k, v in file_of("A30").items() if k != "proof"}
            about |= {"name": f"{mark}执照.jpg", "mime": "image/jpeg", "token": token, "pages": 1}
            made.licence = Licence(uploaded_at=at, **about)
        session.add(made)
    session.flush()
