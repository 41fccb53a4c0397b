"""The lists of the console: 申报 and the records of its sections."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, FromClause, and_, exists, join, select
from sqlalchemy.orm import aliased

from models.declaration import Declaration, Step
from models.fields import Kind
from models.notice import Notice
from models.offices import Office
from models.people import Person
from models.reach import Reach
from models.searching import called
from models.section import Section
from models.status import STATUS_LABELS, Status
from models.words import _
from views.console import scope
from views.console.criteria import (
    Chosen,
    ChosenRow,
    Contains,
    Criterion,
    Since,
    Ticked,
    Until,
    from_labels,
    from_table,
)
from views.console.table import Column, Table
from views.console.texts import coded, labelled, moment, of_field
from views.login import actor
from views.paging import Order

FIRST, HERE = aliased(Step, name="first"), aliased(Step, name="here")
UNIT, LIES = aliased(Office, name="unit"), aliased(Office, name="lies")

ID_NO_MASK = Person.__table__.c.id_no_mask

NUMBERS = ("_no", "mobile", "phone", "code", "issn", "isbn")
"""How the names of fields end that hold numbers as text."""

NUMBER = Column("declaration-number", _("申报编号"), Declaration.declare_no, number=True)
NAME = Column("person-name", _("姓名"), Person.name)
RECOMMENDED_BY = Column("unit-name", _("推荐单位"), UNIT.name)
ID_NO = Column("person-id-no", _("证件号码"), ID_NO_MASK, number=True)


def reached(source: Any) -> FromClause:
    """``source``, which has Declaration, with where it has arrived."""
    return join(source, Reach, Reach.declaration_id == Declaration.id)


def with_people(source: Any) -> FromClause:
    """``source``, which has Declaration, with the person and the unit of the last submission.

    ``Declaration.unit_id`` is what the applicant may be changing; the chain is not.
    """
    begins = and_(FIRST.declaration_id == Declaration.id, FIRST.position == Declaration.chain_start)
    source = reached(source).join(Person, Person.id == Declaration.person_id)
    return source.join(FIRST, begins).join(UNIT, UNIT.id == FIRST.office_id)


def person_or_number(word: str) -> ColumnElement[bool]:
    """A word of the search box: digits begin a 申报编号, all else is a part of a name."""
    if word.isdecimal():
        return Declaration.declare_no.between(word, word + "9" * 20)
    return called(Declaration.person_id, Reach.name, word)


def notices() -> list[tuple[str, str]]:
    """The notices under which anything ever went through the office: one look into an index
    for each notice, where the declarations themselves would all have to be gone through."""
    seen = exists().where(Step.notice_id == Notice.id, Step.office_id == actor().office_id)
    query = select(Notice.id, Notice.title).where(seen).order_by(Notice.title)
    return [(str(id_), title) for id_, title in current_app.appbuilder.session.execute(query)]


class RecommendedBy(Contains):
    """The same of the unit of the last submission, which is not joined where it is asked."""

    def clause(self, value: str) -> ColumnElement[bool]:
        step, unit = aliased(Step), aliased(Office)
        begins = (step.declaration_id == Declaration.id, step.position == Declaration.chain_start)
        there = (unit.id == step.office_id, unit.name.icontains(value, autoescape=True))
        return exists().where(*begins, *there)


def of_declarations(*left_out: Status) -> tuple[Criterion, ...]:
    """What every list of declarations or their parts can be narrowed by."""
    statuses = {s: label for s, label in STATUS_LABELS.items() if s not in left_out}
    return (
        Chosen("status", _("状态"), Reach.status, from_labels(statuses)),
        ChosenRow("notice", _("申报通知"), Declaration.notice_id, notices),
        Chosen("series", _("申报系列"), Declaration.series, from_table("title_series")),
        Chosen("level", _("申报级别"), Declaration.level, from_table("title_level")),
        RecommendedBy("unit", _("推荐单位包含"), UNIT.name),
        Since("since", _("提交不早于"), Reach.submitted_at),
        Until("until", _("提交不晚于"), Reach.submitted_at),
    )


_LIES_HERE = and_(HERE.declaration_id == Declaration.id, HERE.position == Declaration.current)

DECLARATIONS = Table(
    key="declaration",
    title=_("申报"),
    category="",
    source=with_people(Declaration)
    .join(Notice, Notice.id == Declaration.notice_id)
    .outerjoin(HERE, _LIES_HERE)
    .outerjoin(LIES, LIES.id == HERE.office_id),
    id=Declaration.id,
    scope=scope.declarations,
    columns=(
        NUMBER,
        NAME,
        ID_NO,
        Column("sex", _("性别"), Person.sex, coded("sex")),
        RECOMMENDED_BY,
        Column("notice", _("申报通知"), Notice.title),
        Column("title", _("申报职称"), Declaration.title_code, coded("title_name")),
        Column("series", _("申报系列"), Declaration.series, coded("title_series")),
        Column("level", _("申报级别"), Declaration.level, coded("title_level")),
        Column("specialty", _("申报专业"), Declaration.specialty),
        Column("category", _("申报类别"), Declaration.category, coded("declare_category")),
        Column("status", _("状态"), Declaration.status, labelled(STATUS_LABELS)),
        Column("office", _("当前审核机构"), LIES.name),
        Column("submitted", _("提交时间"), Declaration.submitted_at, moment),
    ),
    order=Order((Reach.submitted_at, Reach.declaration_id), down=True),
    orders={
        "person-name": (Reach.name, Reach.declaration_id),
        "submitted": (Reach.submitted_at, Reach.declaration_id),
    },
    searched=person_or_number,
    hint=_("姓名、申报编号的开头"),
    criteria=of_declarations(Status.DRAFT),
    narrow=reached(Declaration),
    bare=Reach.__table__,
)
"""One row each, as it was last submitted and where it lies now."""


def of_section(section: Section) -> Table:
    """The records of one section, of all declarations that nobody is changing."""
    model = section.model
    joined = join(model, Declaration, Declaration.id == model.declaration_id)
    return Table(
        key=section.key,
        title=section.title,
        category=section.part.value,
        source=with_people(joined),
        narrow=reached(joined),
        bare=join(Reach, model, Reach.declaration_id == model.declaration_id),
        id=model.id,
        scope=scope.settled,
        columns=(NUMBER, NAME, RECOMMENDED_BY, *columns_of(section)),
        # The latest submission first, and its records in their own order.
        order=Order(
            (Reach.submitted_at, Reach.declaration_id, -model.position, -model.id), True, lead=2
        ),
        searched=person_or_number,
        hint=_("姓名、申报编号的开头"),
        criteria=of_declarations(Status.DRAFT, Status.RETURNED) + criteria_of(section),
        remark=_("被退回修改中的申报，重新提交后才在这里显示。"),
    )


def columns_of(section: Section) -> Iterable[Column]:
    """All fields of a section; of a sealed number the mask alone."""
    for key, field in section.fields.items():
        if field.kind is Kind.SECRET:
            of = section.model.__table__.c[f"{key}_mask"]
        else:
            of = getattr(section.model, key)
        number = field.kind is Kind.SECRET or (field.kind is Kind.TEXT and key.endswith(NUMBERS))
        yield Column(key, field.label, of, of_field(field), number)


def criteria_of(section: Section) -> tuple[Criterion, ...]:
    """A filter for each column of the section's short table that can be picked or typed."""
    found: list[Criterion] = []
    for key in section.listed_keys:
        field, of, name = section.fields[key], getattr(section.model, key), f"{section.key}-{key}"
        if field.kind is Kind.CHOICE:
            found.append(Chosen(name, field.label, of, from_table(field.codes)))
        elif field.kind is Kind.FLAG:
            found.append(Ticked(name, field.label, of))
        elif field.kind is Kind.TEXT:
            found.append(Contains(name, field.label, of))
    return tuple(found)
