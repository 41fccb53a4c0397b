"""The lists of the console about what stands around the declarations."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, join, or_
from sqlalchemy.orm import aliased

from models.batch import Batch
from models.binding import BINDING_LABELS, Binding
from models.notice import Notice
from models.offices import OFFICE_KINDS, Office
from models.people import Person
from models.words import _
from views.console import scope
from views.console.criteria import (
    Chosen,
    ChosenRow,
    Contains,
    Since,
    Ticked,
    Until,
    from_labels,
    from_table,
)
from views.console.table import Column, Table
from views.console.tables import ID_NO, NAME, RECOMMENDED_BY, UNIT, notices
from views.console.texts import coded, labelled, moment, yes_no
from views.paging import Order

AROUND = _("单位与送审")
"""The menu of what is no part of a declaration."""

ABOVE, SENDER = aliased(Office, name="above"), aliased(Office, name="sender")
TARGET = aliased(Office, name="target")


def holding(*columns: Any) -> Callable[[str], ColumnElement[bool]]:
    """A word of the search box that stands somewhere in one of the columns."""
    return lambda word: or_(*(column.icontains(word, autoescape=True) for column in columns))


OFFICES = Table(
    key="office",
    title=_("推荐单位/机构"),
    category=AROUND,
    source=join(Office, ABOVE, ABOVE.id == Office.superior_id, isouter=True),
    id=Office.id,
    scope=scope.offices,
    columns=(
        Column("name", _("机构名称"), Office.name),
        Column("uscc", _("统一社会信用代码"), Office.uscc, number=True),
        Column("kind", _("类型"), Office.kind, labelled(OFFICE_KINDS)),
        Column("nature", _("单位性质"), Office.nature, coded("unit_nature")),
        Column("region", _("所在地"), Office.region, coded("region_jilin")),
        Column("superior", _("上级机构"), ABOVE.name),
        Column("telephone", _("联系电话"), Office.telephone, number=True),
        Column("active", _("是否启用"), Office.active, yes_no),
    ),
    order=Order((Office.name,)),
    orders={"name": (Office.name,)},
    searched=holding(Office.name, Office.uscc),
    hint=_("机构名称、统一社会信用代码"),
    criteria=(
        Chosen("kind", _("类型"), Office.kind, from_labels(OFFICE_KINDS)),
        Chosen("nature", _("单位性质"), Office.nature, from_table("unit_nature")),
        Ticked("active", _("是否启用"), Office.active),
    ),
)
"""推荐单位/机构: the offices below."""

BINDINGS = Table(
    key="binding",
    title=_("单位绑定"),
    category=AROUND,
    source=join(Binding, Person, Person.id == Binding.person_id).join(
        UNIT, UNIT.id == Binding.unit_id
    ),
    id=Binding.id,
    scope=scope.bindings,
    columns=(
        NAME,
        ID_NO,
        RECOMMENDED_BY,
        Column("state", _("状态"), Binding.state, labelled(BINDING_LABELS)),
        Column("requested", _("申请时间"), Binding.requested_at, moment),
        Column("decided", _("办理时间"), Binding.decided_at, moment),
        Column("decided_by", _("办理人"), Binding.decided_by),
        Column("reason", _("不同意的原因"), Binding.reason),
        Column("ended", _("解除时间"), Binding.ended_at, moment),
    ),
    order=Order((Binding.requested_at, Binding.id), down=True),
    orders={"requested": (Binding.requested_at, Binding.id)},
    searched=holding(Person.name, UNIT.name),
    hint=_("姓名、推荐单位"),
    criteria=(
        Chosen("state", _("状态"), Binding.state, from_labels(BINDING_LABELS)),
        Contains("unit", _("推荐单位包含"), UNIT.name),
        Since("since", _("申请不早于"), Binding.requested_at),
        Until("until", _("申请不晚于"), Binding.requested_at),
    ),
)
"""单位绑定: who declares by way of the units below, or asks to."""

BATCHES = Table(
    key="batch",
    title=_("送审批次"),
    category=AROUND,
    source=join(Batch, SENDER, SENDER.id == Batch.office_id)
    .join(Notice, Notice.id == Batch.notice_id)
    .outerjoin(TARGET, TARGET.id == Batch.target_id),
    id=Batch.id,
    scope=scope.batches,
    columns=(
        Column("number", _("批次号"), Batch.number, number=True),
        Column("from", _("送审机构"), SENDER.name),
        Column("to", _("接收机构"), TARGET.name),
        Column("notice", _("申报通知"), Notice.title),
        Column("count", _("份数"), Batch.count),
        Column("sent", _("送审时间"), Batch.sent_at, moment),
    ),
    order=Order((Batch.sent_at, Batch.id), down=True),
    orders={"number": (Batch.number, Batch.id), "sent": (Batch.sent_at, Batch.id)},
    searched=holding(Batch.number, SENDER.name, TARGET.name),
    hint=_("批次号、机构名称"),
    criteria=(
        ChosenRow("notice", _("申报通知"), Batch.notice_id, notices),
        Since("since", _("送审不早于"), Batch.sent_at),
        Until("until", _("送审不晚于"), Batch.sent_at),
    ),
)
"""送审批次: what was sent by or to the offices below."""
