"""个人注册: the pages, from the name to the account."""

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext

from models.problems import Problem
from models.realname import Finding
from models.registration import (
    MISMATCH,
    MOBILE_IN_USE,
    REGISTERED,
    PersonDraft,
    PersonStep,
    claim_objection,
    mobile_in_use,
)
from models.words import _, say
from views.policies import policy_words
from views.refusing import refuse
from views.registration import person_acts as acts
from views.registration.common import (
    database,
    moved,
    offer_picture,
    progress,
    sent,
    start_again,
    step_page,
)
from views.registration.forms import ChosenPasswordForm, CodeForm, PersonForm
from views.registration.mobile import MobileSteps
from views.registration.person_acts import SLOT

STEPS = (
    (PersonStep.DETAILS, _("填写身份信息")),
    (PersonStep.CODE, _("验证手机号")),
    (PersonStep.PASSWORD, _("设置密码")),
)
PAGES = {
    PersonStep.DETAILS: "Registration.person",
    PersonStep.CODE: "PersonSteps.code",
    PersonStep.PASSWORD: "PersonSteps.password",
}


class PersonSteps(MobileSteps):
    """个人注册 after its first page."""

    route_base = "/register/person"
    slot, proof = SLOT, acts.PROOF

    def away(self, draft: PersonDraft | None):
        """A mobile that is proved is not proved again."""
        return _away(draft, PersonStep.CODE)

    def go_on(self):
        """The mobile is proved."""
        return proceed(self, SLOT.draft())

    def code_page(self, form: CodeForm, **more):
        """Its back leads to the first page."""
        back = url_for("Registration.person", edit=1)
        return _page(self, PersonStep.CODE, form, [form.code], gettext("下一步"), back=back, **more)

    @expose("/password", methods=["GET", "POST"])
    def password(self):
        """设置密码, and the account is made."""
        draft = SLOT.draft()
        if away := _away(draft, PersonStep.PASSWORD):
            return away
        form, known = ChosenPasswordForm(), draft.finding == Finding.OK
        if sent(form) and acts.finish(form, draft):
            SLOT.finish()
            if known:
                flash(gettext("注册成功，请登录。"), "success")
            return redirect(url_for("Panels.person" if known else "PersonSteps.done"))
        return _page(
            self, PersonStep.PASSWORD, form, [form.password, form.again], gettext("完成注册"),
            policy=policy_words(staff=False, first=True), account=draft.mobile,
            back=url_for("Registration.person", edit=1),
        )  # fmt: skip

    @expose("/done")
    def done(self):
        """The end where the name could not be checked: one page for all, whatever became of it,
        since nobody has shown yet that the number is his."""
        return self.render_template("registration/done.html", title=gettext("注册已提交"))


def details(view: BaseView):
    """The first page: name, number, mobile."""
    draft = SLOT.draft()
    goes_on = draft is not None and draft.step is not PersonStep.DETAILS
    if request.method == "GET" and goes_on and "edit" not in request.args:
        return moved(draft.step, PAGES)
    form = PersonForm(obj=draft)
    if sent(form) and acts.begin(form, draft):
        draft = SLOT.draft()
        return proceed(view, draft) if draft.proved_at else moved(PersonStep.CODE, PAGES)
    return _details_page(view, form)


def _details_page(view: BaseView, form: PersonForm, **more):
    offer_picture()
    fields = [form.name, form.id_no, form.mobile]
    return _page(view, PersonStep.DETAILS, form, fields, gettext("下一步"), **more)


def proceed(view: BaseView, draft: PersonDraft):
    """The mobile is proved: now, and not before, its holder hears what is known of it; and of
    the number only after the real-name check has said that it is his."""
    form, session = PersonForm(formdata=None, obj=draft), database()
    if mobile_in_use(session, draft.mobile):
        refuse(form, [Problem("mobile", say(MOBILE_IN_USE))], 409)
        return _details_page(view, form, known=url_for("Panels.person"))
    finding = acts.checked(form, draft)
    if finding is Finding.MISMATCH:
        refuse(form, [Problem(key, say(MISMATCH)) for key in ("name", "id_no")])
    elif finding is Finding.OK and (objection := claim_objection(session, draft)):
        refuse(form, [Problem("id_no", objection)], 409)
        known = {"known": url_for("Panels.person")} if objection == say(REGISTERED) else {}
        return _details_page(view, form, **known)
    elif finding is not None:
        return moved(PersonStep.PASSWORD, PAGES)
    return _details_page(view, form)


def _away(draft: PersonDraft | None, step: PersonStep):
    """Where to go instead, if the draft stands at another step, or is none."""
    if draft is None and SLOT.is_finished:
        flash(gettext(acts.FINISHED), "info")
        return redirect(url_for("Panels.person"))
    if draft is None:
        return start_again(PAGES[PersonStep.DETAILS])
    return moved(draft.step, PAGES) if draft.step is not step else None


def _page(view: BaseView, step: PersonStep, form, fields, save_word: str, **more):
    title, steps = gettext("个人注册"), progress(STEPS, step)
    return step_page(view, title, form, fields, PAGES[step], save_word, steps=steps, **more)
