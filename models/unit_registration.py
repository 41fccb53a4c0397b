"""单位注册: what a unit says of itself, and the office that manages it says yes or no."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, new_uid, sortable
from models.clock import Moment
from models.codes import CodeBook
from models.drafts import Draft
from models.names import LONGEST_NAME, name_objection
from models.numbers import id_number_objection, mobile_objection, uscc_objection
from models.offices import CODES, Office
from models.problems import Problem, too_long
from models.reasons import REASON
from models.status import one_of
from models.vault import Sealed, Vault
from models.words import _, say

EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+")
"""Somebody at some host: whether it is his shows when a message comes there."""


class UnitState(StrEnum):
    """How a registration stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    REFUSED = "REFUSED"
    APPROVED = "APPROVED"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return UNIT_STATES[self]


UNIT_STATES = {
    UnitState.DRAFT: _("填写中"),
    UnitState.SUBMITTED: _("待审核"),
    UnitState.REFUSED: _("未同意"),
    UnitState.APPROVED: _("已开通"),
}

OPEN = frozenset({UnitState.DRAFT, UnitState.REFUSED})
"""The registrant may change it."""

LABELS = {
    "uscc": _("统一社会信用代码"),
    "name": _("单位名称"),
    "nature": _("单位性质"),
    "region": _("所在地区"),
    "legal_person": _("法定代表人"),
    "contact": _("联系人"),
    "contact_no": _("联系人身份证号"),
    "mobile": _("联系人手机号"),
    "email": _("电子邮箱"),
    "superior": _("主管部门"),
    "licence": _("营业执照或法人证书"),
}

LIMITS = {"name": 100, "legal_person": LONGEST_NAME, "email": 254}
"""Characters at most."""

PURPOSE = "unit"
"""Of the codes, the messages and the guesses that belong to a unit's registration."""

CODE_WORDS = _(
    "【职评】您正在办理单位注册，验证码 %(code)s，10 分钟内有效。不是本人操作请不要告诉他人。"
)


class UnitRegistration(Draft, Base):
    """One unit that wants to take part. ``superior`` is the office that manages it and
    answers; ``round`` counts how often it was sent, so that nobody answers what he has not
    seen. ``contact`` will hold the legal account; who he is stands sealed in ``contact_no``
    until he is a person here. The hash of the chosen password lies here only while it waits."""

    __tablename__ = "unit_registration"
    __table_args__ = (
        CheckConstraint(one_of("state", UnitState), name="state"),
        CheckConstraint("(state = 'SUBMITTED') = (password_hash <> '')", name="password"),
        CheckConstraint(
            "state = 'DRAFT' OR (superior_id IS NOT NULL AND submitted_at IS NOT NULL)", name="sent"
        ),
        CheckConstraint("(state = 'APPROVED') = (unit_id IS NOT NULL)", name="approved"),
        CheckConstraint(
            "(state IN ('REFUSED', 'APPROVED')) = (decided_at IS NOT NULL)", name="decided"
        ),
        CheckConstraint("state <> 'REFUSED' OR reason <> ''", name="reason"),
        # One that waits for each unit.
        Index(
            "uq_unit_registration_waiting",
            "uscc",
            unique=True,
            sqlite_where=text("state = 'SUBMITTED'"),
            postgresql_where=text("state = 'SUBMITTED'"),
        ),
        # 单位注册 of the office that manages it, those that wait the longest first.
        Index("ix_unit_registration_superior", "superior_id", "state", "submitted_at", "id"),
        # The registrant who comes back: the last one of his unit.
        Index("ix_unit_registration_uscc", "uscc", "id"),
        # The sweep: drafts that nobody can open any more.
        Index("ix_unit_registration_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=UnitState.DRAFT)
    round: Mapped[int] = mapped_column(default=0)
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(sortable(100))
    nature: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(20))
    legal_person: Mapped[str] = mapped_column(String(50))
    contact: Mapped[str] = mapped_column(String(50), default="")
    contact_no: Mapped[Sealed] = composite(
        mapped_column("contact_no_sealed", LargeBinary, nullable=True),
        mapped_column("contact_no_index", String(64), nullable=True),
        mapped_column("contact_no_mask", String(18), nullable=True),
    )
    email: Mapped[str] = mapped_column(String(254), default="")
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    password_hash: Mapped[str] = mapped_column(String(256), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(REASON), default="")

    superior: Mapped[Office | None] = relationship(foreign_keys=superior_id)
    unit: Mapped[Office | None] = relationship(foreign_keys=unit_id)
    licence: Mapped["Licence | None"] = relationship(
        back_populates="registration", cascade="all, delete-orphan"
    )

    @property
    def step(self) -> "UnitStep":
        """Where it goes on."""
        done = {
            UnitStep.CONTACT: self.mobile and self.contact_no,
            UnitStep.CODE: self.proved_at,
            UnitStep.SUPERIOR: self.superior_id,
            UnitStep.LICENCE: self.licence,
        }
        return next((step for step, there in done.items() if not there), UnitStep.PASSWORD)

    @property
    def is_open(self) -> bool:
        """Whether the registrant may change it."""
        return self.state in OPEN

    def keep_number(self, vault: Vault, number: str) -> None:
        """Seal the number of the contact; the row has its uid."""
        self.contact_no = vault.seal(number, "unit_registration", "contact_no", self.uid)

    def number(self, vault: Vault) -> str:
        """The number of the contact, opened; empty if there is none, or none any more."""
        kept = self.contact_no or Sealed()
        return vault.open(kept, "unit_registration", "contact_no", self.uid)

    def forget_number(self) -> None:
        """Leave the mask alone: the number has come to its one place."""
        self.contact_no = Sealed(mask=self.contact_no.mask) if self.contact_no else Sealed()


class Licence(Base):
    """营业执照/法人证书: the one file of a registration."""

    __tablename__ = "licence"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    registration_id: Mapped[int] = mapped_column(ForeignKey("unit_registration.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    pages: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(Moment)

    registration: Mapped[UnitRegistration] = relationship(back_populates="licence")

    def __str__(self) -> str:
        return self.name


class UnitStep(StrEnum):
    """The pages of a registration, in their order."""

    FACTS = "facts"
    CONTACT = "contact"
    CODE = "code"
    SUPERIOR = "superior"
    LICENCE = "licence"
    PASSWORD = "password"


def unit_problems(typed: Any, codes: CodeBook, today: date) -> list[Problem]:
    """What is wrong with the first page as it was typed; no database is asked."""
    found = _needed(typed, ("name", "legal_person"))
    if objection := uscc_objection(typed.uscc):
        found.insert(0, Problem("uscc", objection))
    for key, table in CODES.items():
        entry = codes.get(table, getattr(typed, key))
        if entry is None or not entry.valid_on(today):
            found.append(Problem(key, say(_("请选择%(label)s。"), label=LABELS[key])))
    return found


def contact_problems(typed: Any, today: date) -> list[Problem]:
    """What is wrong with the contact as it was typed; ``typed.known``: the number is here."""
    number = () if typed.known else ("contact_no",)
    found = _needed(typed, ("contact", *number, "mobile"))
    if typed.contact and (objection := name_objection(typed.contact)):
        found.append(Problem("contact", objection))
    if typed.contact_no and (objection := id_number_objection(typed.contact_no, today)):
        found.append(Problem("contact_no", objection))
    if typed.mobile and (objection := mobile_objection(typed.mobile)):
        found.append(Problem("mobile", objection))
    if typed.email and not EMAIL.fullmatch(typed.email):
        found.append(Problem("email", say(_("电子邮箱应类似 name@example.com，请核对。"))))
    return found


def _needed(typed: Any, keys: tuple[str, ...]) -> list[Problem]:
    found = [
        Problem(key, say(_("请填写%(label)s。"), label=LABELS[key]))
        for key in keys
        if not getattr(typed, key)
    ]
    limits = {key: limit for key, limit in LIMITS.items() if hasattr(typed, key)}
    return found + too_long(typed, limits, LABELS)
