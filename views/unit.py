"""单位信息: what the legal person's account sees and may change of its own office."""

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import BooleanField, HiddenField

from models.clock import day_of
from models.holders import LABELS as OF_HOLDERS
from models.holders import holder_problems
from models.journal import note
from models.names import LONGEST_NAME
from models.numbers import id_number_objection
from models.offices import FOUR_EYES, LABELS, LIMITS, Office, OfficeKind, switch_problems
from models.people import Account, Person, holder_of, new_person
from models.permissions import home_of
from models.problems import Problem, too_long
from models.words import NotFound, _, say
from views.controls import WordsField
from views.fields import IdentityField
from views.login import actor, codes, request_time
from views.logins import checkers_of
from views.refusing import answer_with, check_seen, mark, show_theirs
from views.screens import Screen
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
    holder = WordsField(
        lazy_gettext(OF_HOLDERS["holder"]),
        description=lazy_gettext("实际使用本账号的人；与身份证号一起填写。"),
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    number = IdentityField(
        lazy_gettext(OF_HOLDERS["number"]),
        description=lazy_gettext("在本单位有没办结的申报的人，不能持有法人账号。"),
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )


class Unit(Screen):
    """单位信息."""

    route_base = "/unit"
    class_permission_name = "unit"
    method_permission_name = {"show": "read", "save": "write"}
    default_view = "show"

    @expose("/")
    @has_access
    def show(self):
        """Name, code, superior; telephone and the switch of 双人复核."""
        office = self._office() or abort(404)
        form = UnitForm(formdata=None, obj=office)
        if (person := self._account().person) is not None:
            form.holder.data = person.name
        return self._page(office, form)

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
        office.updated_by, office.updated_at = actor().name, request_time()
        with self.session.no_autoflush:  # a question must not write what is not judged yet
            problems = too_long(office, LIMITS, LABELS)
            problems += switch_problems(office, checkers_of(self.session, office.id))
            holder = self._holder(form, office, problems)
        self.session.flush()
        changed = {k: getattr(office, k) for k, v in before.items() if getattr(office, k) != v}
        if self._account().person is not holder:
            changed["holder"] = holder.id if holder else None
            self._account().person = holder
        note(self.session, actor().username, "edit", "office", office.id, **changed)

    def _account(self) -> Account:
        return self.session.get(Account, actor().username)

    def _holder(self, form: UnitForm, office: Office, problems: list[Problem]) -> Person | None:
        """Who holds the account, as he was named; raises the problems, if there are any."""
        known, name, number = self._account().person, form.holder.data or "", form.number.number
        if name and not number and known is None:
            problems.append(Problem("number", say(_("请填写持有人的身份证号。"))))
        if number and not name:
            problems.append(Problem("holder", say(_("请填写持有人的姓名。"))))
        if number and (objection := id_number_objection(number, day_of(request_time()))):
            problems.append(Problem("number", objection))
        vault = current_app.extensions["vault"]
        found = holder_of(self.session, vault, number) if number and not problems else None
        person = found if number else known
        stays = not (name or number) and person is not None
        called = person.name if stays else name
        problems += holder_problems(self.session, person, called, office)
        if problems:
            raise Invalid(problems)
        if number and person is None:
            return new_person(self.session, vault, name, number)
        return person

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
        form.number.process_data(getattr(self._account().person, "id_no", None))
        if request.method == "GET" or not form.version.data:
            form.version.data = office.version
        return self.render_template(
            "unit/show.html", title=gettext("单位信息"), facts=facts, form=form, refused=refused,
            held=self._account().person is not None,
        )  # fmt: skip
