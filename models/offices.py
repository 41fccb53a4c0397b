"""The offices that review (审核机构) and the chain that they form."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, validates

from models.base import Base, Tracked, sortable
from models.codes import CodeBook
from models.numbers import uscc_objection
from models.problems import Problem, too_long
from models.words import Sentence, _, say


class OfficeKind(StrEnum):
    """What an office is in the chain (domain 06.1)."""

    UNIT = "unit"
    DEPARTMENT = "department"
    BUREAU = "bureau"
    COMMITTEE = "committee"

    @property
    def label(self) -> str:
        """The word of the manual."""
        return OFFICE_KINDS[self]


OFFICE_KINDS = {
    OfficeKind.UNIT: _("推荐单位"),
    OfficeKind.DEPARTMENT: _("行政主管部门"),
    OfficeKind.BUREAU: _("人社机构"),
    OfficeKind.COMMITTEE: _("评委会办事机构"),
}


class Office(Tracked, Base):
    """审核机构. Each names its superior, and the one with none gives the final pass
    (按人事管理权限逐级审核, unit manual 3.1.1). With ``four_eyes`` (双人复核) what an agent
    terminates or sends up waits for the 负责人."""

    __tablename__ = "office"
    __table_args__ = (Index("ix_office_superior_id", "superior_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sortable(100), unique=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    nature: Mapped[str] = mapped_column(String(20), default="")
    region: Mapped[str] = mapped_column(String(20), index=True)
    grassroots: Mapped[bool] = mapped_column(default=False)
    telephone: Mapped[str] = mapped_column(String(30), default="")
    active: Mapped[bool] = mapped_column(default=True)
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    four_eyes: Mapped[bool] = mapped_column(default=False, server_default=false())

    superior: Mapped["Office | None"] = relationship(remote_side=id)

    @validates("uscc")
    def _upper(self, key: str, value: str | None) -> str:
        return (value or "").strip().upper()

    def __str__(self) -> str:
        return self.name


def chain_of(unit: Office) -> list[Office]:
    """The offices that a declaration of ``unit`` climbs, the unit first.

    ValueError if the superiors form a ring.
    """
    chain: list[Office] = []
    office: Office | None = unit
    while office is not None:
        if office in chain:
            raise ValueError(f"the superiors of {unit.name} form a ring")
        chain.append(office)
        office = office.superior
    return chain


LABELS = {
    "name": _("机构名称"),
    "uscc": _("统一社会信用代码"),
    "kind": _("机构类型"),
    "nature": _("单位性质"),
    "region": _("所在地区"),
    "grassroots": _("艰苦边远地区或基层单位"),
    "telephone": _("联系电话"),
    "active": _("启用"),
    "superior": _("上级审核机构"),
    "four_eyes": _("双人复核"),
}

LIMITS = {"name": 100, "telephone": 30}
"""Characters at most."""

CODES = {"nature": "unit_nature", "region": "region_jilin"}
"""The code tables of an office's choices."""


def named(session: Session, codes: Iterable[str]) -> dict[str, Office]:
    """The offices of these 统一社会信用代码; a code that nobody has is left out."""
    wanted = list(codes)
    return {o.uscc: o for o in session.scalars(select(Office).where(Office.uscc.in_(wanted)))}


def unit_objection(kind: str | None) -> Sentence | None:
    """Why the code of an office of this kind cannot come in as a unit's; None for a unit's own,
    and for a code that no office has."""
    if kind in (None, OfficeKind.UNIT):
        return None
    return say(_("这个代码是审核机构的，不能作为单位注册或导入。"))


def office_problems(office: Office, codes: CodeBook, today: date) -> list[Problem]:
    """What is wrong with an office as it was typed."""
    found = too_long(office, LIMITS, LABELS)
    if not office.name:
        found.append(Problem("name", say(_("请填写%(label)s。"), label=LABELS["name"])))
    if objection := uscc_objection(office.uscc):
        found.append(Problem("uscc", objection))
    if office.kind not in set(OfficeKind):
        found.append(Problem("kind", say(_("请选择%(label)s。"), label=LABELS["kind"])))
    for key, table in CODES.items():
        optional = key == "nature" and office.kind != OfficeKind.UNIT
        entry = codes.get(table, getattr(office, key))
        valid = entry is not None and entry.valid_on(today)
        if not valid and not (optional and not getattr(office, key)):
            found.append(Problem(key, say(_("请选择%(label)s。"), label=LABELS[key])))
    if objection := superior_objection(office):
        found.append(Problem("superior", objection))
    return found


FOUR_EYES = _("开启后，经办人的终止审核和批量送审要由负责人确认才生效。")
"""What the switch does, as it stands beside it."""


def switch_problems(office: Office, checkers: int) -> list[Problem]:
    """What forbids the switch of 双人复核 to stand so; ``checkers`` is the number of accounts
    that can confirm: without one, what agents propose would wait for ever."""
    if office.four_eyes and not checkers:
        words = _("开启双人复核前，请先为本机构设一名启用的负责人。")
        return [Problem("four_eyes", say(words))]
    return []


def superior_objection(office: Office) -> Sentence | None:
    """Why the superior of an office cannot be that: it audits nothing, or it is below it."""
    superior = office.superior
    if superior is None:
        return None
    if superior.kind == OfficeKind.UNIT:
        return say(_("%(name)s是推荐单位，不能作为上级审核机构。"), name=superior.name)
    try:
        chain_of(office)
    except ValueError:
        words = _("%(name)s由本机构逐级管理，不能再作为本机构的上级。请另选。")
        return say(words, name=superior.name)
    return None
