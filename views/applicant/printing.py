"""业务表册: 公示表 as a page made for paper (manual 3.2.3, 3; domain 08)."""

from flask import abort
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from sqlalchemy import select

from models.acts import case_of
from models.declaration import Declaration
from models.permissions import visible_to
from models.section import FILES, MANY, shown
from models.sections import SECTIONS
from views.applicant.cards import title_of
from views.login import actor, codes, request_time
from views.words import long_time


class Printing(BaseView):
    """业务表册."""

    route_base = "/print"
    class_permission_name = "mine"
    method_permission_name = {"publicity": "read"}

    @expose("/<int:pk>/publicity")
    @has_access
    def publicity(self, pk: int):
        """公示表: what the unit shows for five working days; no identity number, no penalty."""
        session, book = self.appbuilder.session, codes()
        query = select(Declaration).where(Declaration.id == pk, visible_to(actor()))
        declaration = session.scalars(query).one_or_none() or abort(404)
        case = case_of(session, declaration, book, request_time())
        basic = declaration.basic_info[0] if declaration.basic_info else None
        tables = [
            (gettext(s.title), _heads(s), [_cells(s, r, book) for r in s.records(declaration)])
            for s in SECTIONS
            if s.published and s.shape is MANY and s.records(declaration)
        ]
        texts = [
            (gettext(s.title), s.records(declaration)[0].content)
            for s in SECTIONS
            if s.shape is not FILES and list(s.fields) == ["content"] and s.records(declaration)
        ]
        return self.render_template(
            "print/publicity.html",
            title=gettext("公示表"),
            declaration=declaration,
            heading=title_of(declaration, book),
            facts=_facts(case, basic),
            tables=tables,
            texts=[(title, text) for title, text in texts if text],
            printed=long_time(request_time()),
        )


def _heads(section) -> list[str]:
    return [gettext(section.labels[key]) for key in section.listed_keys]


def _cells(section, record, book) -> list[str]:
    return [shown(section.fields[key], getattr(record, key), book) for key in section.listed_keys]


KEYS = (
    "declare_category", "current_title_name", "current_title_date", "apply_series",
    "apply_title_name", "apply_specialty", "post_name", "work_start_date", "professional_years",
)  # fmt: skip
"""Fields of 基本信息 that are shown to colleagues."""


def _facts(case, basic) -> list[tuple[str, str]]:
    person, book = case.declaration.person, case.codes
    made = [
        (gettext("姓名"), person.name),
        (gettext("性别"), book.name("sex", person.sex)),
        (gettext("出生年月"), f"{person.birth_date:%Y-%m}"),
        (gettext("推荐单位"), case.declaration.unit.name),
    ]
    if basic is None:
        return made
    fields = next(s for s in SECTIONS if s.key == "basic_info").fields
    return made + [
        (gettext(fields[key].label), shown(fields[key], getattr(basic, key), book)) for key in KEYS
    ]
