"""申报通知: what the HR offices announce, and the page on which all others read it."""

from datetime import datetime

from flask import abort, redirect, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from wtforms import BooleanField, HiddenField

from models.clock import SHANGHAI, day_of
from models.codes import CodeBook
from models.declaration import Declaration
from models.notice import LABELS, Notice, check_removal, notice_problems
from models.offices import OfficeKind, named
from models.permissions import notices_visible_to
from models.problems import Problem
from models.words import _, say
from views.base import ScopedView
from views.controls import CodeListField, LinesField, MomentField, OfficesField
from views.fields import CodeField, DayField, EssayField, NumberField, TextField
from views.forms import Starred
from views.login import actor, codes, request_time
from views.words import long_time, short_time

CODES = {
    "series": "title_series",
    "levels": "title_level",
    "regions": "region_jilin",
    "resubmit_policy": "resubmit_policy",
}
"""The code tables of the choices."""

POLICIES = ("direct", "restart")
"""What the program does after a return; the table of codes knows more (domain 06)."""

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


def asked(key: str, hint: str = "", *, needed: bool = True, **render) -> dict:
    """What every control of a notice is told."""
    return {
        "label": LABELED[key],
        "description": lazy_gettext(hint) if hint else "",
        "validators": [Starred()] if needed else [],
        "render_kw": render,
    }


class NoticeForm(DynamicForm):
    """A notice as it is typed."""

    version = HiddenField()
    title = TextField(**asked("title", maxlength=200))
    year = NumberField(**asked("year", _("例如 2026")))
    published = BooleanField(
        **asked("published", _("发布后申报人和经办人都能看到。"), needed=False)
    )
    series = CodeListField(**asked("series", _("可以选多个。")))
    levels = CodeListField(**asked("levels"))
    specialties = LinesField(**asked("specialties", _("一行一个；不限专业就留空。"), needed=False))
    regions = CodeListField(**asked("regions", _("可以选多个；全省就留空。"), needed=False))
    units = OfficesField(
        **asked(
            "units",
            _("只面向少数单位时填写统一社会信用代码，一行一个；填了就不再按地区限定。"),
            needed=False,
        )
    )
    declare_start = MomentField(**asked("declare_start", step=1))
    declare_end = MomentField(**asked("declare_end", _("到这一秒为止，过时不能提交。"), step=1))
    audit_start = MomentField(**asked("audit_start", step=1))
    audit_end = MomentField(**asked("audit_end", _("不早于个人申报截止。"), step=1))
    cut_off = DayField(**asked("cut_off", _("业绩、年限等计算到这一天。")))
    to_read = EssayField(
        **asked("to_read", _("通知正文，申报人开始前阅读。"), needed=False, rows=10)
    )
    self_check = LinesField(
        **asked("self_check", _("一行一条，申报人逐条打勾后才能开始。"), needed=False, rows=6)
    )
    resubmit_policy = CodeField(**asked("resubmit_policy", _("申报人修改后从哪里接着审。")))

    @classmethod
    def refresh(cls, obj=None):
        """The form with what may be chosen today."""
        form = super().refresh(obj)
        today = day_of(request_time())
        for key, table in CODES.items():
            form[key].choices = codes().choices(table, today)
        form.regions.choices = regions(codes(), [code for code, _name in form.regions.choices])
        form.resubmit_policy.choices = [c for c in form.resubmit_policy.choices if c[0] in POLICIES]
        return form


def regions(book: CodeBook, wanted: list[str]) -> list[tuple[str, str]]:
    """Regions with the city in front of the county: there is a 铁西区 in more than one."""
    return [(code, full_region(book, code)) for code in wanted]


def full_region(book: CodeBook, code: str) -> str:
    """四平市铁西区."""
    nearest_first = [code, *book.above("region_jilin", code)[:-1]]  # below the province
    return "".join(book.name("region_jilin", each) for each in reversed(nearest_first))


def short_window(window: tuple[datetime, datetime]) -> str:
    """09-01 08:00 — 10-31 17:00, with the year where it is another one."""
    return " — ".join(short_time(at, request_time()) for at in window)


class Notices(ScopedView):
    """申报通知 of one HR office."""

    model = Notice
    desk = "notices"
    scope = staticmethod(notices_visible_to)
    route_base = "/notices"
    list_title = lazy_gettext("申报通知")
    add_title = lazy_gettext("新增通知")
    edit_title = lazy_gettext("编辑通知")
    label_columns = LABELED | {
        "declare_window": lazy_gettext("个人申报时间"),
        "audit_window": lazy_gettext("单位审核时间"),
    }
    list_columns = ["title", "year", "declare_window", "audit_window", "published"]
    reads = {
        "declare_window": ("declare_start", "declare_end"),
        "audit_window": ("audit_start", "audit_end"),
    }
    formatters_columns = {"declare_window": short_window, "audit_window": short_window}
    show_columns = ["title"]
    search_columns = ["title", "year"]
    order_columns = ["title", "year", "published"]
    base_order = ("declare_end", "desc")
    add_form = edit_form = NoticeForm
    add_fieldsets = edit_fieldsets = [
        (lazy_gettext("通知"), {"fields": ["title", "year", "published"]}),
        (
            lazy_gettext("申报范围"),
            {"fields": ["series", "levels", "specialties", "regions", "units"]},
        ),
        (
            lazy_gettext("时间"),
            {"fields": ["declare_start", "declare_end", "audit_start", "audit_end", "cut_off"]},
        ),
        (lazy_gettext("内容和办理"), {"fields": ["to_read", "self_check", "resubmit_policy"]}),
    ]
    add_columns = edit_columns = [key for _title, part in add_fieldsets for key in part["fields"]]

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int):
        """The page that everybody reads."""
        return redirect(url_for("NoticeReading.read", pk=pk))

    def prepare(self, item) -> None:
        """The owner, and texts that may be empty."""
        item.owner_id = item.owner_id or actor().office_id
        item.to_read = item.to_read or ""

    def fill(self, item, form) -> None:
        """With the units that were named by their codes."""
        super().fill(item, form)
        found = named(self.session, form.units.codes)
        item.units = [o for o in found.values() if o.kind == OfficeKind.UNIT]

    def problems(self, item, form) -> list[Problem]:
        """The rules of a notice, and codes that are nobody's."""
        found = notice_problems(item, self.declared(item), request_time())
        there = {unit.uscc for unit in item.units}
        if missing := [code for code in form.units.codes if code not in there]:
            words = say(_("没有这些推荐单位：%(codes)s。请核对代码。"), codes="、".join(missing))
            found.append(Problem("units", words))
        return found

    def declared(self, item) -> int:
        """How many declarations answer the notice."""
        count = select(func.count()).where(Declaration.notice_id == item.id)
        return self.session.scalar(count) if item.id else 0

    def may_remove(self, item) -> None:
        """Only what nobody has seen."""
        check_removal(item, self.declared(item))


class NoticeReading(BaseView):
    """The notice as applicants, agents and its manager read it."""

    route_base = "/notices"
    class_permission_name = "reading"
    method_permission_name = {"read": "read"}
    default_view = "read"

    @expose("/<int:pk>/read")
    @has_access
    def read(self, pk: int):
        """One notice."""
        session = self.appbuilder.session
        wanted = (Notice.id == pk, notices_visible_to(actor()))
        notice = session.scalars(select(Notice).where(*wanted)).one_or_none() or abort(404)
        return self.render_template(
            "notices/read.html",
            title=notice.title,
            notice=notice,
            facts=scope_of(notice, codes()),
            windows=windows_of(notice, request_time()),
        )


def scope_of(notice: Notice, book: CodeBook) -> list[tuple[str, str]]:
    """Who may declare what, as labels and values."""
    units = "、".join(unit.name for unit in notice.units)
    areas = "、".join(full_region(book, code) for code in notice.regions)
    facts = [
        (gettext("发布机构"), notice.owner.name),
        (gettext("申报年度"), str(notice.year)),
        (gettext("职称系列"), "、".join(book.name("title_series", c) for c in notice.series)),
        (gettext("职称级别"), "、".join(book.name("title_level", c) for c in notice.levels)),
        (gettext("专业"), "、".join(notice.specialties) or gettext("不限")),
    ]
    if units:
        return [*facts, (gettext("限定单位"), units)]
    return [*facts, (gettext("地区"), areas or gettext("全省"))]


def exact_time(moment: datetime) -> str:
    """2026 年 10 月 31 日（星期六）16:59:59: the second decides."""
    local = moment.astimezone(SHANGHAI)
    words = gettext("%(year)s 年 %(rest)s", year=local.year, rest=long_time(moment))
    return f"{words}:{local:%S}"


def windows_of(notice: Notice, now: datetime) -> list[tuple[str, str, str, str]]:
    """Each window: what for, from when, to when, and how it stands."""
    made = []
    for title, (start, end) in (
        (gettext("个人申报"), notice.declare_window),
        (gettext("单位审核"), notice.audit_window),
    ):
        stands = gettext("还没有开始") if now < start else gettext("正在进行")
        stands = gettext("已经截止") if now >= end else stands
        made.append((title, exact_time(start), exact_time(end), stands))
    return made
