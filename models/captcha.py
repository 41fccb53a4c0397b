"""验证码: four signs that a person reads from a picture.

They follow from the number of the picture and a key that lies outside the database, so a
picture costs no row. A row is written when it is answered, rightly or not: nobody can
answer the same picture twice.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, add_new
from models.clock import Moment
from models.vault import Vault

SIGNS = "ACDEFHJKMNPRTWXY3479"
"""Signs that nobody takes for one another: no 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V, Q."""

LENGTH = 4

LIFE = timedelta(minutes=2)
"""From the page that shows a picture to its answer; then the page offers another one."""


class Answered(Base):
    """A picture that was answered."""

    __tablename__ = "captcha"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


def signs_of(vault: Vault, id_: str) -> str:
    """What the picture ``id_`` shows."""
    number, signs = int(vault.index(f"captcha|{id_}"), 16), ""
    for _sign in range(LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs += SIGNS[place]
    return signs


def burn(session: Session, id_: str, now: datetime) -> bool:
    """Whether the picture was not answered before; from now on it was."""
    return add_new(session, Answered, id=id_, at=now)


def sweep(session: Session, now: datetime) -> int:
    """Remove answers to pictures that are too old to be answered again; their number."""
    return session.execute(delete(Answered).where(Answered.at <= now - LIFE)).rowcount
