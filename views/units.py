"""单位注册: the units that want to take part below the actor's office."""

from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import HiddenField

from models.clock import day_of
from models.permissions import registrations_visible_to
from models.reasons import REASON
from models.unit_registration import Licence, UnitRegistration, UnitState
from models.words import _
from views.controls import OfficeField
from views.fields import EssayField
from views.files.showing import note_opening, original, page_picture
from views.login import actor, request_time
from views.pending import answered, pending
from views.refusing import answer_with, give_up
from views.registration import answering
from views.registration.unit_acts import facts_of
from views.screens import Screen
from views.words import short_time, translate
from views.writing import Refusal, write


class RefuseForm(DynamicForm):
    """Why the office does not agree."""

    seen = HiddenField()
    reason = EssayField(lazy_gettext("不同意的原因"), render_kw={"maxlength": REASON, "rows": 3})


class PassForm(DynamicForm):
    """Which office manages the unit."""

    seen = HiddenField()
    office = OfficeField(
        lazy_gettext("管理它的机构"),
        description=lazy_gettext("填写机构的统一社会信用代码。"),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )


@dataclass(frozen=True)
class Row:
    """One registration in the list."""

    name: str
    uscc: str
    at: str
    waited: int
    state: str
    waiting: bool
    answer: str
    url: str


class Units(Screen):
    """单位注册."""

    route_base = "/units"
    class_permission_name = "units"
    method_permission_name = {
        "list": "read", "show": "read", "licence": "read", "page": "read", "agree": "write",
        "refuse": "write", "pass_on": "write",
    }  # fmt: skip
    default_view = "list"

    @expose("/list/")
    @has_access
    def list(self):
        """Those that wait, the longest one first; or all, the last one first."""
        query = select(UnitRegistration).where(registrations_visible_to(actor()))
        waits = UnitRegistration.state == UnitState.SUBMITTED
        keys = (UnitRegistration.submitted_at, UnitRegistration.id)
        found = pending(self.session, query, waits, keys, row_of)
        return self.render_template("units/list.html", title=gettext("单位注册"), **found)

    def _one(self, pk: int) -> UnitRegistration:
        mine = (UnitRegistration.id == pk, registrations_visible_to(actor()))
        found = self.session.scalars(select(UnitRegistration).where(*mine)).one_or_none()
        return found or abort(404)

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int):
        """What the unit says of itself, its certificate, and what can be answered."""
        return self._page(pk)

    def _page(self, pk: int, refusing: RefuseForm | None = None, passing: PassForm | None = None):
        found = self._one(pk)
        forms = refusing or RefuseForm(formdata=None), passing or PassForm(formdata=None)
        for form in forms:
            form.seen.data = found.round
        return self.render_template(
            "units/show.html",
            title=found.name,
            pk=pk,
            row=row_of(found, request_time()),
            facts=facts_of(found),
            licence=found.licence,
            refusing=forms[0],
            passing=forms[1],
        )

    def _licence(self, pk: int) -> Licence:
        return self._one(pk).licence or abort(404)

    @expose("/<int:pk>/licence")
    @has_access
    def licence(self, pk: int):
        """The certificate itself, to be saved."""
        file = self._licence(pk)
        note_opening(Licence, file, "licence")
        return original(file, download=True)

    @expose("/<int:pk>/licence/page/<int:number>")
    @has_access
    def page(self, pk: int, number: int):
        """The picture of one of its pages, the first one counted 1."""
        file = self._licence(pk)
        if not 1 <= number <= file.pages:
            abort(404)
        note_opening(Licence, file, "licence")
        return page_picture(file.token, number)

    @expose("/agree/<int:pk>", methods=["POST"])
    @has_access
    def agree(self, pk: int):
        """同意: the unit and its legal account are there."""
        seen, done = request.form.get("seen"), _("已同意，单位和法人账号已经开通。")
        if refusal := write(lambda: answering.agree_to(pk, seen), done):
            return self._refused(pk, refusal)
        return redirect(url_for("Units.list"))

    @expose("/refuse/<int:pk>", methods=["POST"])
    @has_access
    def refuse(self, pk: int):
        """不同意, with the reason, which goes to the mobile."""
        form, done = RefuseForm(), _("已回复不同意，原因已发短信告知联系人。")
        if not form.validate():
            answer_with(400)
            return self._page(pk, refusing=form)
        reason, seen = form.reason.data or "", form.seen.data
        refusal = write(lambda: answering.refuse_to(pk, seen, reason), done)
        if refusal is None:
            return redirect(url_for("Units.list"))
        return self._refused(pk, refusal, refusing=form)

    @expose("/pass/<int:pk>", methods=["POST"])
    @has_access
    def pass_on(self, pk: int):
        """不归本机构管理: to the office that was named."""
        form, done = PassForm(), _("已转给这个机构办理。")
        if not form.validate():
            answer_with(400)
            return self._page(pk, passing=form)
        codes, seen = form.office.codes, form.seen.data
        refusal = write(lambda: answering.pass_to(pk, seen, codes), done)
        if refusal is None:
            return redirect(url_for("Units.list"))
        return self._refused(pk, refusal, passing=form)

    def _refused(self, pk: int, refusal: Refusal, **forms):
        """The page again, with the sentence at the field; the page of errors if it is gone."""
        if refusal.status in (403, 404):
            give_up(refusal)
        answer_with(refusal.status)
        words = translate(refusal.sentence)
        for name, field in (("refusing", "reason"), ("passing", "office")):
            if name in forms and refusal.status == 400:
                forms[name][field].errors = [words]
                words = gettext("还没有办理，请看下面的说明。")
        flash(words, "danger")
        return self._page(pk, **forms)


def row_of(found: UnitRegistration, now) -> Row:
    """A registration as the list shows it."""
    waiting = found.state == UnitState.SUBMITTED
    said = answered(found.decided_by, found.decided_at, found.reason, now)
    return Row(
        name=found.name,
        uscc=found.uscc,
        at=short_time(found.submitted_at, now),
        waited=(day_of(now) - day_of(found.submitted_at)).days if waiting else 0,
        state=gettext(UnitState(found.state).label),
        waiting=waiting,
        answer="；".join(said),
        url=url_for("Units.show", pk=found.id),
    )
