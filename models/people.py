"""Who takes part: persons who declare, and the accounts by which all act."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, new_uid, sortable
from models.offices import Office
from models.vault import Sealed, Vault


class Person(Base):
    """个人. The one place of the identity number (GB 11643); sex and birth follow from it."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    name: Mapped[str] = mapped_column(sortable(50), index=True)
    id_type: Mapped[str] = mapped_column(String(20), default="01")
    id_no: Mapped[Sealed] = composite(
        mapped_column("id_no_sealed", LargeBinary),
        mapped_column("id_no_index", String(64), unique=True),
        mapped_column("id_no_mask", String(18)),
    )
    sex: Mapped[str] = mapped_column(String(20))
    birth_date: Mapped[date] = mapped_column(Date)
    mobile: Mapped[str] = mapped_column(String(20), default="")

    def __str__(self) -> str:
        return self.name

    def seal_id_no(self, vault: Vault, number: str) -> None:
        """Keep the identity number; the row needs its uid first."""
        self.uid = self.uid or new_uid()
        self.id_no = vault.seal(number, "person", "id_no", self.uid)


class Account(Base):
    """Whom a login name stands for: a person, an office's agent, or an agent who is named.

    An agent whose person is known may not judge that person's declaration. Name, password
    and role lie with the login of the framework.
    """

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)

    person: Mapped[Person | None] = relationship()
    office: Mapped[Office | None] = relationship()
