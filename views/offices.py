"""审核机构: the offices of the province and the chain that they form."""

from typing import ClassVar

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import exists, select
from wtforms import BooleanField, HiddenField

from models.clock import day_of
from models.offices import (
    FOUR_EYES,
    LABELS,
    Office,
    OfficeKind,
    named,
    office_problems,
    switch_problems,
)
from models.permissions import offices_visible_to
from models.problems import Problem
from models.references import in_use
from models.words import NotAllowed, _, say
from views.base import ScopedView
from views.controls import OfficeField, OneOfField, WordsField
from views.forms import Starred
from views.login import codes, request_time
from views.logins import checkers_of
from views.notices import regions

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


class OfficeForm(DynamicForm):
    """An office as it is typed."""

    version = HiddenField()
    name = WordsField(LABELED["name"], [Starred()], render_kw={"maxlength": 100})
    uscc = WordsField(
        LABELED["uscc"],
        [Starred()],
        description=lazy_gettext("18 位，照证书填写。"),
        render_kw={"maxlength": 18},
    )
    kind = OneOfField(LABELED["kind"], [Starred()])
    nature = OneOfField(LABELED["nature"], description=lazy_gettext("推荐单位必填。"))
    region = OneOfField(LABELED["region"], [Starred()])
    grassroots = BooleanField(LABELED["grassroots"])
    telephone = WordsField(LABELED["telephone"], render_kw={"maxlength": 30})
    superior = OfficeField(
        LABELED["superior"],
        description=lazy_gettext("填写上级机构的统一社会信用代码；最后一级审核的机构留空。"),
        render_kw={"maxlength": 120},
    )
    four_eyes = BooleanField(LABELED["four_eyes"], description=lazy_gettext(FOUR_EYES))
    active = BooleanField(
        LABELED["active"], default=True, description=lazy_gettext("停用后不能再绑定这个单位。")
    )

    @classmethod
    def refresh(cls, obj=None):
        """The form with what may be chosen today."""
        form = super().refresh(obj)
        book, today = codes(), day_of(request_time())
        empty = [("", gettext("请选择"))]
        form.kind.choices = empty + [(kind.value, gettext(kind.label)) for kind in OfficeKind]
        form.nature.choices = empty + book.choices("unit_nature", today)
        there = [code for code, _name in book.choices("region_jilin", today)]
        form.region.choices = empty + regions(book, there)
        return form


class Offices(ScopedView):
    """审核机构."""

    model = Office
    desk = "offices"
    scope = staticmethod(offices_visible_to)
    route_base = "/offices"
    include_route_methods: ClassVar[set[str]] = {"list", "add", "edit", "delete"}
    list_title = lazy_gettext("审核机构")
    add_title = lazy_gettext("新增机构")
    edit_title = lazy_gettext("编辑机构")
    label_columns = LABELED | {"superior.name": LABELED["superior"]}
    list_columns = ["name", "uscc", "kind", "region", "superior.name", "active"]
    formatters_columns = {
        "kind": lambda kind: gettext(OfficeKind(kind).label),
        "region": lambda region: codes().name("region_jilin", region),
    }
    show_columns: ClassVar[list[str]] = []
    add_columns = edit_columns = [
        "name", "uscc", "kind", "nature", "region", "grassroots", "telephone", "superior",
        "four_eyes", "active",
    ]  # fmt: skip
    search_columns = ["name", "uscc"]
    order_columns = ["name", "uscc", "kind", "region", "active"]
    base_order = ("name", "asc")
    add_form = edit_form = OfficeForm

    def change(self, pk, form) -> None:
        """Lock all that can be a superior first: two who move offices at once could
        otherwise close a ring that neither of them sees."""
        above = select(Office.id).where(Office.kind != OfficeKind.UNIT).order_by(Office.id)
        self.session.execute(above.with_for_update()).all()
        super().change(pk, form)

    def fill(self, item, form) -> None:
        """With the superior that was named by its code."""
        super().fill(item, form)
        found = named(self.session, form.superior.codes)
        item.superior = next(iter(found.values()), None)

    def problems(self, item, form) -> list[Problem]:
        """The rules of an office, and a superior that is not there."""
        found = office_problems(item, codes(), day_of(request_time()))
        if form.superior.codes and item.superior is None:
            words = say(_("没有代码为 %(code)s 的机构，请核对。"), code=form.superior.codes[0])
            found.append(Problem("superior", words))
        below = select(exists().where(Office.superior_id == item.id))
        if item.kind == OfficeKind.UNIT and item.id and self.session.scalar(below):
            found.append(Problem("kind", say(_("它已有下级机构，不能改为推荐单位。"))))
        confirming = checkers_of(self.session, item.id) if item.id else 0
        return found + switch_problems(item, confirming)

    def may_remove(self, item) -> None:
        """Only what nothing refers to."""
        if in_use(self.session, item):
            words = _("%(name)s已有下级机构、账号、绑定、通知或申报，不能删除。不再使用时请停用。")
            raise NotAllowed(words, name=item.name)
