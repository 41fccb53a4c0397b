"""申报查询: every declaration that ever reached the office, as a generated list."""

from flask import redirect, url_for
from flask_appbuilder import expose, has_access
from flask_babel import lazy_gettext
from wtforms import StringField

from models.declaration import Declaration
from models.permissions import listed_for, visible_to
from models.reach import Reach
from models.status import Status
from models.words import _
from views.base import ScopedView
from views.fields import CodeSearch
from views.login import codes, request_time
from views.scoped import Through
from views.words import short_time, translate


def of_table(table: str):
    """Show a code by its label."""
    return lambda code: codes().name(table, code)


SUBMITTED = [word for word in Status if word is not Status.DRAFT]


def choices(table: str) -> list[tuple[str, str]]:
    """All codes of a table, also those that have ended: old declarations hold them."""
    return [(entry.code, entry.name) for entry in codes().table(table).values()]


class Reviewed(ScopedView):
    """申报查询: the review list of a role, made by the framework from its columns."""

    model = Declaration
    desk = "audit"
    scope = staticmethod(visible_to)
    route_base = "/reviewed"
    include_route_methods = {"list", "show"}
    method_permission_name = {"list": "read", "show": "read"}
    list_title = lazy_gettext("申报查询")
    base_order = ("submitted_at", "desc")
    list_columns = [
        "declare_no", "person.name", "first.office.name", "notice.title", "title_code", "specialty",
        "status", "submitted_at",
    ]  # fmt: skip
    order_columns = ["person.name", "submitted_at"]
    search_columns = ["name", "declare_no", "specialty", "status", "series", "level"]
    through = Through(Reach, Reach.declaration_id == Declaration.id, listed_for)
    keys = {
        "submitted_at": (Reach.submitted_at, Reach.declaration_id),
        "person.name": (Reach.name, Reach.declaration_id),
    }
    asks = {
        "name": (Declaration.person_id, Reach.name),
        "declare_no": Declaration.declare_no,
        "status": Reach.status,
        "series": Declaration.series,
        "level": Declaration.level,
    }
    search_form_extra_fields = {
        "name": StringField(lazy_gettext("姓名")),
        "status": CodeSearch(_("业务状态"), lambda: [(s.value, s.label) for s in SUBMITTED]),
        "series": CodeSearch(_("申报系列"), lambda: choices("title_series")),
        "level": CodeSearch(_("申报级别"), lambda: choices("title_level")),
    }
    show_columns: list[str] = []
    add_columns: list[str] = []
    edit_columns: list[str] = []
    label_columns = {
        "name": lazy_gettext("姓名"),
        "declare_no": lazy_gettext("申报编号"),
        "person.name": lazy_gettext("姓名"),
        "first.office.name": lazy_gettext("推荐单位"),
        "notice.title": lazy_gettext("申报通知"),
        "title_code": lazy_gettext("申报职称"),
        "specialty": lazy_gettext("申报专业"),
        "status": lazy_gettext("业务状态"),
        "series": lazy_gettext("申报系列"),
        "level": lazy_gettext("申报级别"),
        "submitted_at": lazy_gettext("提交时间"),
    }
    formatters_columns = {
        "title_code": of_table("title_name"),
        "status": lambda word: translate(Status(word).label),
        "submitted_at": lambda moment: short_time(moment, request_time()),
    }

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk):
        """The bench shows a declaration, also where there is nothing to decide."""
        return redirect(url_for("Bench.show", pk=pk))
