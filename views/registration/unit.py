"""单位注册: the pages, from the certificate to the submission."""

from flask import redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext

from models.attachment import FileRule
from models.problems import Problem
from models.unit_answers import taken
from models.unit_registration import LABELS, UnitRegistration, UnitState, UnitStep
from models.words import NotAllowed, _
from views.files.uploads import arrive
from views.guard import status_of
from views.policies import policy_words
from views.refusing import refuse, show
from views.registration import unit_acts as acts
from views.registration.common import (
    database,
    moved,
    offer_picture,
    progress,
    sent,
    start_again,
    step_page,
)
from views.registration.forms import (
    ChosenPasswordForm,
    CodeForm,
    ContactForm,
    LicenceForm,
    SuperiorForm,
    UnitForm,
)
from views.registration.mobile import MobileSteps
from views.registration.unit_acts import SLOT
from views.writing import Refusal

STEPS = (
    (UnitStep.FACTS, _("填写单位信息")),
    (UnitStep.CONTACT, _("填写联系人")),
    (UnitStep.CODE, _("验证手机号")),
    (UnitStep.SUPERIOR, _("选择主管部门")),
    (UnitStep.LICENCE, _("上传证照")),
    (UnitStep.PASSWORD, _("设置密码并提交")),
)
ORDER = [step for step, _title in STEPS]
PAGES = {UnitStep.FACTS: "Registration.legal"} | {
    step: f"UnitSteps.{step.value}" for step in ORDER[1:]
}

LICENCE = FileRule("", LABELS["licence"], ("pdf", "jpg", "jpeg", "png"), 5, 1, 1, "")
"""What is taken as a certificate: one file of 5 MB."""


class UnitSteps(MobileSteps):
    """单位注册 after its first page."""

    route_base = "/register/legal"
    slot, proof = SLOT, acts.PROOF

    def away(self, draft: UnitRegistration | None):
        """A mobile that is proved is not proved again."""
        return _away(draft, UnitStep.CODE)

    def go_on(self):
        """The mobile is proved."""
        return _go_on(self)

    def code_page(self, form: CodeForm, **more):
        """Its back leads to the contact."""
        return _page(self, UnitStep.CODE, form, [form.code], gettext("下一步"), **more)

    @expose("/contact", methods=["GET", "POST"])
    def contact(self):
        """填写联系人; the mobile gets a code."""
        draft = SLOT.draft()
        if away := _away(draft, UnitStep.CONTACT):
            return away
        form = ContactForm(obj=draft)
        if sent(form) and acts.keep_contact(form, draft):
            return moved(SLOT.draft().step, PAGES)
        fields = [form.contact, form.contact_no, form.mobile, form.email]
        return _page(self, UnitStep.CONTACT, form, fields, gettext("下一步"))

    @expose("/superior", methods=["GET", "POST"])
    def superior(self):
        """选择主管部门: one of the region, or found by name or code."""
        draft = SLOT.draft()
        if away := _away(draft, UnitStep.SUPERIOR):
            return away
        form, words = SuperiorForm(), request.args.get("q", "").strip()
        if request.method == "POST" and acts.keep_superior(form):
            return moved(SLOT.draft().step, PAGES)
        chosen, found = draft.superior, acts.offices(words, draft.region)
        cut, found = len(found) > acts.FOUND, found[: acts.FOUND]
        if chosen and not words:
            found = [chosen, *(office for office in found if office != chosen)]
        form.superior.choices = [(o.uscc, o.name, {"data-note": o.uscc}) for o in found]
        form.superior.data = form.superior.data or (chosen.uscc if chosen else None)
        return _page(
            self, UnitStep.SUPERIOR, form, [form.superior] if found else [], gettext("下一步"),
            searched=words, search=True, hint=cut_off() if cut else "",
        )  # fmt: skip

    @expose("/licence", methods=["GET", "POST"])
    def licence(self):
        """上传证照: one file, looked into like every attachment."""
        draft = SLOT.draft()
        if away := _away(draft, UnitStep.LICENCE):
            return away
        form, kept = LicenceForm(), draft.licence
        if request.method == "POST" and self._uploaded(form, draft):
            return moved(UnitStep.PASSWORD, PAGES)
        hint = gettext("PDF、JPG 或 PNG，不超过 5 MB，一个文件。")
        return _page(
            self, UnitStep.LICENCE, form, [form.file], gettext("下一步"), hint=hint,
            kept=gettext("已上传“%(name)s”，不改就直接点下一步。", name=kept.name) if kept else "",
        )  # fmt: skip

    def _uploaded(self, form: LicenceForm, draft: UnitRegistration) -> bool:
        given = request.files.get("file")
        if draft.licence is not None and (given is None or not given.filename):
            return True
        guess = acts.may_upload(form, draft)
        if guess is None:
            return False
        try:
            file = arrive(LICENCE)
        except NotAllowed as refusal:
            show(form, Refusal(status_of(refusal), refusal.sentence), "file")
            return False
        guess.succeeded()
        return acts.keep_licence(form, file)

    @expose("/password", methods=["GET", "POST"])
    def password(self):
        """设置密码并提交审核, with all that was typed before the eyes."""
        draft = SLOT.draft()
        if away := _away(draft, UnitStep.PASSWORD):
            return away
        form, facts = ChosenPasswordForm(), acts.facts_of(draft)
        if sent(form) and acts.submit_with(form, draft):
            return redirect(url_for("UnitSteps.state"))
        return _page(
            self, UnitStep.PASSWORD, form, [form.password, form.again], gettext("提交审核"),
            facts=facts, policy=policy_words(first=True), account=draft.uscc,
        )  # fmt: skip

    @expose("/state")
    def state(self):
        """How the registration stands, and what to do next."""
        draft = SLOT.draft()
        if draft is None:
            return start_again("Registration.legal")
        if draft.state == UnitState.DRAFT:
            return moved(draft.step, PAGES)
        title, facts = gettext("单位注册"), acts.facts_of(draft)
        return self.render_template(
            "registration/state.html", title=title, draft=draft, facts=facts
        )


def cut_off() -> str:
    """What is said where more offices were found than are listed."""
    return gettext("只列出前 %(n)s 个，请写得更完整。", n=acts.FOUND)


def facts(view: BaseView):
    """The first page: what the certificate says."""
    draft = SLOT.draft()
    if draft is not None and (away := _passed(draft)):
        return away
    form = UnitForm.offer(obj=draft)
    if sent(form) and acts.keep_facts(form, draft):
        return _go_on(view)
    return _facts_page(view, form)


def _facts_page(view: BaseView, form: UnitForm, **more):
    offer_picture()
    fields = [form.uscc, form.name, form.nature, form.region, form.legal_person]
    return _page(view, UnitStep.FACTS, form, fields, gettext("下一步"), **more)


def _passed(draft: UnitRegistration):
    """Away from the first page, where the registration has come further; ``?edit`` stays."""
    if not draft.is_open:
        return redirect(url_for("UnitSteps.state"))
    if request.method == "POST" or "edit" in request.args:
        return None
    if draft.state == UnitState.REFUSED:
        return redirect(url_for("UnitSteps.state"))
    return moved(draft.step, PAGES)


def _away(draft: UnitRegistration | None, step: UnitStep):
    """Where to go instead, if the draft has not come to this page, or is no longer open."""
    if draft is None:
        return start_again("Registration.legal")
    if not draft.is_open:
        return redirect(url_for("UnitSteps.state"))
    too_early = ORDER.index(draft.step) < ORDER.index(step)
    needless = step is UnitStep.CODE and draft.proved_at is not None
    return moved(draft.step, PAGES) if too_early or needless else None


def _go_on(view: BaseView):
    """To the next page; to the first one with the reason, where the mobile is proved and the
    unit cannot be registered."""
    draft = SLOT.draft()
    problem: Problem | None = taken(database(), draft) if draft.proved_at else None
    if problem is None:
        return moved(draft.step, PAGES)
    form = UnitForm.offer(formdata=None, obj=draft)
    refuse(form, [problem], 409)
    return _facts_page(view, form, known=url_for("Panels.legal"))


def _page(view: BaseView, step: UnitStep, form, fields, save_word: str, **more):
    before = ORDER[ORDER.index(step) - 1] if step is not UnitStep.FACTS else None
    if before is UnitStep.CODE:  # what is proved is not proved again
        before = UnitStep.CONTACT
    back = {UnitStep.FACTS: url_for("Registration.legal", edit=1)}
    given = {"back": back.get(before) or url_for(PAGES[before])} if before else {}
    title, steps = gettext("单位注册"), progress(STEPS, step)
    shown = given | more
    return step_page(view, title, form, fields, PAGES[step], save_word, steps=steps, **shown)
