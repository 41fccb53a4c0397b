"""Who takes part: persons who declare, and the accounts by which all act."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    case,
    event,
    false,
    func,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, Session, aliased, composite, mapped_column, relationship

from models.base import Base, new_uid, sortable
from models.clock import Moment
from models.numbers import birth_of, sex_of
from models.offices import Office
from models.problems import Problem
from models.status import one_of
from models.vault import Sealed, Vault
from models.words import _, say


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


def holder_of(session: Session, vault: Vault, number: str) -> Person | None:
    """Whose identity number it is."""
    index = Person.__table__.c.id_no_index
    return session.scalars(select(Person).where(index == vault.index(number))).one_or_none()


def new_person(session: Session, vault: Vault, name: str, number: str) -> Person:
    """A person with a well-formed identity number, from which sex and birth follow."""
    person = Person(name=name, sex=sex_of(number), birth_date=birth_of(number))
    person.seal_id_no(vault, number)
    session.add(person)
    session.flush()
    return person


def name_problems(person: Person | None, name: str, field: str = "name") -> list[Problem]:
    """A person who is there already keeps the name (decisions 14)."""
    if person is None or person.name == name:
        return []
    words = _("姓名与这个身份证号登记的姓名不一致，请核对姓名和身份证号。")
    return [Problem(field, say(words))]


class Realm(StrEnum):
    """By which panel an account signs in: 个人, 法人, 经办人, or by its user name alone."""

    PERSON = "PERSON"
    LEGAL = "LEGAL"
    AGENT = "AGENT"
    STAFF = "STAFF"


def live_in(realm: Realm, of: str = "") -> str:
    """The accounts of a realm that are live, as the predicate of the indices over them: a
    query that says just this is served by one. ``of``: the table's name in it, with its dot."""
    return f"{of}realm = '{realm}' AND {of}live"


def only_one(name: str, realm: Realm, *columns: str) -> Index:
    """A unique index over the live accounts of a realm; no number given is none."""
    where = text(live_in(realm) + (" AND mobile <> ''" if "mobile" in columns else ""))
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Account(Base):
    """Whom a login name stands for: a person, an office's agent, or an agent who is named.

    An agent whose person is known may not judge that person's declaration. Name, password
    and role lie with the login of the framework. ``mobile`` and ``email`` are where messages
    go once their holder has proved to read them; empty if there is none. An account that is
    not ``live`` keeps its name, and its number and place are free for others.
    ``password_is_first``: somebody else has chosen the password. When it was changed is not
    known of accounts that are older than the question.
    """

    __tablename__ = "account"
    __table_args__ = (
        # 个人: whose identity number or mobile was typed.
        only_one("uq_account_person", Realm.PERSON, "person_id"),
        only_one("uq_account_mobile", Realm.PERSON, "mobile"),
        # 法人: the account of the unit whose code was typed.
        only_one("uq_account_legal", Realm.LEGAL, "office_id"),
        # 经办人: whose identity number or mobile was typed, within the unit; also 我的经办人.
        only_one("uq_account_agent_person", Realm.AGENT, "office_id", "person_id"),
        only_one("uq_account_agent_mobile", Realm.AGENT, "office_id", "mobile"),
    )

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    # The CHECK stands with its column: so SQLite can add both to a table that is full.
    realm: Mapped[str] = mapped_column(
        String(8),
        CheckConstraint(one_of("realm", Realm), name="realm"),
        default=Realm.STAFF,
        server_default=Realm.STAFF.value,
    )
    mobile: Mapped[str] = mapped_column(String(20), default="", server_default="")
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    live: Mapped[bool] = mapped_column(default=True, server_default=true())
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment)
    password_is_first: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person | None] = relationship()
    office: Mapped[Office | None] = relationship()


BY_NAME = (
    f"CREATE INDEX ix_account_legal_name ON account (lower(username)) WHERE {live_in(Realm.LEGAL)}"
)
"""法人, 经办人: the unit's account whose name was typed, in any case."""
event.listen(Account.__table__, "after_create", DDL(BY_NAME))

MOBILE = func.coalesce(func.nullif(Account.mobile, ""), Person.mobile)
"""Where a person is reached: the number that his account has proved, else the one he gave."""


def account_of(person_id: ColumnElement[int]) -> tuple[type[Account], ColumnElement[bool]]:
    """What to join for the account by which a person signs in; ``uq_account_person`` serves it."""
    return Account, (Account.person_id == person_id) & text(live_in(Realm.PERSON))


_own = aliased(Account, name="own")
MEANT = case(
    (Account.person_id.is_not(None), Account.person_id),
    (
        Account.realm == Realm.AGENT,
        select(_own.person_id)
        .where(_own.mobile == Account.mobile)
        .where(text(f"own.realm = '{Realm.PERSON}' AND own.live AND own.mobile <> ''"))
        .correlate(Account)
        .scalar_subquery(),
    ),
)
"""The person of an account. An agent whose person nobody has named counts as the one who has
proved his mobile for an account of his own (``uq_account_mobile`` serves it): it only keeps
declarations from him, since what else a person may do is asked of an applicant's role."""


def mobile_of(session: Session, person_id: int) -> str:
    """Where a person is reached; empty if nowhere."""
    query = select(MOBILE).select_from(Person).outerjoin(*account_of(Person.id))
    return session.scalars(query.where(Person.id == person_id)).one()
