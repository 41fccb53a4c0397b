"""单位信息: what the legal person's account sees and may change of its own office."""

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import BooleanField, HiddenField

from models.journal import note
from models.offices import FOUR_EYES, LABELS, LIMITS, Office, OfficeKind, switch_problems
from models.permissions import home_of
from models.problems import too_long
from models.words import NotFound, _
from views.controls import WordsField
from views.login import actor, codes, request_time
from views.logins import checkers_of
from views.refusing import answer_with, check_seen, mark, show_theirs
from views.words import translate
from views.writing import Invalid, write

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


class UnitForm(DynamicForm):
    """What the office itself may change."""

    version = HiddenField()
    telephone = WordsField(
        LABELED["telephone"], render_kw={"maxlength": LIMITS["telephone"], "autocomplete": "tel"}
    )
    four_eyes = BooleanField(LABELED["four_eyes"], description=lazy_gettext(FOUR_EYES))


class Unit(BaseView):
    """单位信息."""

    route_base = "/unit"
    class_permission_name = "unit"
    method_permission_name = {"show": "read", "save": "write"}
    default_view = "show"

    @property
    def session(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/")
    @has_access
    def show(self):
        """Name, code, superior; telephone and the switch of 双人复核."""
        office = self._office() or abort(404)
        return self._page(office, UnitForm(formdata=None, obj=office))

    @expose("/", methods=["POST"])
    @has_access
    def save(self):
        """Change what the office itself may change."""
        form = UnitForm()
        if not form.validate():
            answer_with(400)
            return self._page(self._office() or abort(404), form)
        refusal = write(lambda: self._change(form), _("已保存。"))
        if refusal is None:
            return redirect(url_for("Unit.show"))
        answer_with(refusal.status)
        office = self._office() or abort(404)
        mark(form, refusal.problems)
        show_theirs(form, office)
        return self._page(office, form, translate(refusal.sentence))

    def _office(self, *, lock: bool = False) -> Office | None:
        query = select(Office).where(home_of(actor()))
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return self.session.scalars(query).one_or_none()

    def _change(self, form: UnitForm) -> None:
        office = self._office(lock=True)
        if office is None:
            raise NotFound(_("没有找到这条记录，或者它不在您的办理范围内。"))
        check_seen(office, form.version.data)
        before = {"telephone": office.telephone, "four_eyes": office.four_eyes}
        office.telephone, office.four_eyes = form.telephone.data or "", bool(form.four_eyes.data)
        problems = too_long(office, LIMITS, LABELS)
        problems += switch_problems(office, checkers_of(self.session, office.id))
        if problems:
            raise Invalid(problems)
        office.updated_by, office.updated_at = actor().name, request_time()
        self.session.flush()
        changed = {k: getattr(office, k) for k, v in before.items() if getattr(office, k) != v}
        note(self.session, actor().username, "edit", "office", office.id, **changed)

    def _page(self, office: Office, form: UnitForm, refused: str = ""):
        superior = office.superior
        facts = [
            (gettext(LABELS["name"]), office.name),
            (gettext(LABELS["uscc"]), office.uscc),
            (gettext(LABELS["kind"]), gettext(OfficeKind(office.kind).label)),
            (gettext(LABELS["nature"]), codes().name("unit_nature", office.nature)),
            (gettext(LABELS["region"]), codes().name("region_jilin", office.region)),
            (gettext(LABELS["superior"]), superior.name if superior else gettext("无（最后一级）")),
        ]
        if request.method == "GET" or not form.version.data:
            form.version.data = office.version
        return self.render_template(
            "unit/show.html", title=gettext("单位信息"), facts=facts, form=form, refused=refused
        )
