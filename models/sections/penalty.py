"""（5）② 惩罚处分"""

from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, essay, text
from models.record import Record
from models.rules import equals, in_order, needed_when, not_in_future
from models.section import Problem, Section
from models.status import Part
from models.words import _, say


class Penalty(Record):
    """One penalty (domain 05.16). It is shown to the offices and never made public."""

    __tablename__ = "penalty"

    penalty_kind: Mapped[str] = choice(_("处分类别"), "penalty_kind")
    penalty_level: Mapped[str] = text(_("处分级别"), 50)
    name: Mapped[str] = text(_("处分名称"), 100)
    decide_org: Mapped[str] = text(_("处分决定机关"), 150)
    decide_date: Mapped[date] = day(_("处分日期"))
    reason: Mapped[str] = essay(_("处分原因"), 300)
    start_date: Mapped[date] = day(_("处分（影响）期起"))
    end_date: Mapped[date] = day(_("处分（影响）期止"))
    status: Mapped[str] = choice(_("处分状态"), "penalty_status")
    lift_date: Mapped[date | None] = day(_("解除日期"), required=False)


is_lifted = equals(Penalty.status, "2")


def is_in_force(penalty, today: date) -> bool:
    """Whether the person is still under it, by its status and its period."""
    return penalty.status == "1" and penalty.start_date <= today <= penalty.end_date


def none_that_blocks(records, case):
    """No penalty in force is of a kind that keeps a person from declaring (R13).

    It judges the section and not the record: who is under a penalty can write it down,
    and only the submission is refused.
    """
    blocking = [
        record.name
        for record in records
        if is_in_force(record, case.today)
        and case.codes.extra("penalty_kind", record.penalty_kind, "blocks_declaration_by_default")
        == "1"
    ]
    if not blocking:
        return None
    words = say(_("“%(names)s”仍在处分（影响）期内，按规定不能申报。"), names="、".join(blocking))
    return Problem("", words)


SECTION = Section(
    code="M16",
    title=_("惩罚处分"),
    part=Part.HONOUR,
    place=1,
    model=Penalty,
    none_word=_("本人无惩罚处分"),
    counted=_("项"),
    listed=(Penalty.name, Penalty.penalty_level, Penalty.decide_date, Penalty.status),
    rules=(
        not_in_future(Penalty.decide_date),
        in_order(Penalty.start_date, Penalty.end_date, _("处分（影响）期止不能早于期起。")),
        needed_when(Penalty.lift_date, is_lifted, _("已期满解除的请填写解除日期。")),
        not_in_future(Penalty.lift_date),
        in_order(Penalty.decide_date, Penalty.lift_date, _("解除日期不能早于处分日期。")),
    ),
    needs=(none_that_blocks,),
    proofs=(proof("A81", hint=_("处分决定；已解除的加上解除处分决定")),),
    checks=(
        _("处分名称、日期与处分决定一致"),
        _("处分（影响）期和状态属实"),
        _("已解除的有解除处分决定"),
    ),
    published=False,
)
