"""单位绑定: a person declares by way of the one unit that has agreed to it (manual 3.1)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from models.base import Base
from models.clock import SHANGHAI, Moment
from models.offices import Office, OfficeKind
from models.outbox import Channel, post
from models.people import Person, mobile_of
from models.reasons import REASON, checked_reason
from models.status import one_of
from models.words import NotAllowed, _, say


class BindingState(StrEnum):
    """How a request stands."""

    REQUESTED = "REQUESTED"
    BOUND = "BOUND"
    REFUSED = "REFUSED"
    ENDED = "ENDED"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return BINDING_LABELS[self]


BINDING_LABELS = {
    BindingState.REQUESTED: _("待单位同意"),
    BindingState.BOUND: _("已绑定"),
    BindingState.REFUSED: _("单位未同意"),
    BindingState.ENDED: _("已解除"),
}


AGREED = _("职评：%(unit)s已同意您的绑定申请，可以由该单位申报。")
NOT_AGREED = _("职评：%(unit)s没有同意您的绑定申请，请登录查看原因。")


class Binding(Base):
    """One request of a person to one unit, and what became of it."""

    __tablename__ = "binding"
    __table_args__ = (
        CheckConstraint(one_of("state", BindingState), name="state"),
        CheckConstraint("(decided_at IS NULL) = (decided_by = '')", name="decided"),
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ENDED')", name="ended"),
        # 单位绑定 of the console, the latest request first.
        Index("ix_binding_requested", "requested_at", "id"),
        Index(
            "uq_binding_live",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('REQUESTED', 'BOUND')"),
            postgresql_where=text("state IN ('REQUESTED', 'BOUND')"),
        ),
        # Serves the unit's list of requests.
        Index("ix_binding_unit_state", "unit_id", "state", "requested_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    state: Mapped[str] = mapped_column(String(12), default=BindingState.REQUESTED)
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(REASON), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
    unit: Mapped[Office] = relationship()


LIVE = (BindingState.REQUESTED, BindingState.BOUND)


def live_binding(session: Session, person_id: int) -> Binding | None:
    """The person's one request or binding that is not over."""
    return session.scalars(
        select(Binding).where(Binding.person_id == person_id, Binding.state.in_(LIVE))
    ).one_or_none()


def ask(session: Session, person_id: int, unit: Office, now: datetime) -> Binding:
    """绑定: ask ``unit``; refused while another one lives, or if it is no unit."""
    if unit.kind != OfficeKind.UNIT or not unit.active:
        raise NotAllowed(_("%(name)s不是推荐单位，不能绑定。"), name=unit.name)
    live = live_binding(session, person_id)
    if live is not None:
        raise NotAllowed(
            _("您已绑定或已申请绑定%(name)s。一人只能绑定一个推荐单位，请先解除绑定。"),
            name=live.unit.name,
        )
    binding = Binding(person_id=person_id, unit=unit, requested_at=now)
    session.add(binding)
    session.flush()
    return binding


def answer(binding: Binding, agreed: bool, reason: str, who: str, now: datetime) -> None:
    """The unit agrees, or refuses with a reason; ``who`` is the agent's name.

    NotAllowed, with who and when, if it was answered or taken back before.
    """
    _lock(binding)
    if binding.state != BindingState.REQUESTED:
        at = binding.ended_at or binding.decided_at
        raise NotAllowed(
            _("这条申请已于 %(when)s 由%(who)s处理：%(state)s。"),
            when=f"{at.astimezone(SHANGHAI):%m-%d %H:%M:%S}",
            who=_("申报人") if binding.ended_at else binding.decided_by,
            state=BindingState(binding.state).label,
        )
    missing = _("不同意绑定时，请写明原因。")
    binding.reason = "" if agreed else checked_reason(reason, missing)
    binding.state = BindingState.BOUND if agreed else BindingState.REFUSED
    binding.decided_at, binding.decided_by = now, who
    if mobile := mobile_of(object_session(binding), binding.person_id):
        words = say(AGREED if agreed else NOT_AGREED, unit=binding.unit.name)
        post(object_session(binding), mobile, Channel.SMS, words, now, purpose="binding")


def end(binding: Binding, now: datetime) -> None:
    """解除绑定: by the person; also takes a request back. What the declarations say to it is
    asked by ``models.filing.leave``."""
    _lock(binding)
    if binding.state not in LIVE:
        raise NotAllowed(_("这条绑定已经结束了。"))
    binding.state, binding.ended_at = BindingState.ENDED, now


def _lock(binding: Binding) -> None:
    """Read it anew and keep others away: unit and person may decide at one time."""
    object_session(binding).refresh(binding, with_for_update=True)
