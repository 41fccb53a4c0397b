"""个人注册: the pages, from the name to the account."""

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext
from sqlalchemy.orm import Session

from models.clock import day_of
from models.drafts import new_key
from models.journal import note
from models.numbers import mobile_of
from models.onetime import LIFE as CODE_LIFE
from models.onetime import issue, spend
from models.outbox import Channel, post
from models.permissions import Role
from models.problems import Problem
from models.realname import Finding, keep_finding
from models.registration import (
    CODE_WORDS,
    HOLDER_WORDS,
    MISMATCH,
    MOBILE_IN_USE,
    PURPOSE,
    REGISTERED,
    Claim,
    PersonDraft,
    PersonStep,
    PersonTyped,
    claim,
    keep,
    mobile_in_use,
    number_in_use,
    person_problems,
)
from models.words import NotAllowed, _, say
from views.login import request_time
from views.registration.common import (
    Slot,
    database,
    may_try,
    moved,
    progress,
    refuse,
    start_again,
    tried,
    vault,
)
from views.registration.forms import ChosenPasswordForm, CodeForm, PersonForm
from views.throttling import attempt

SLOT = Slot("register-person", PersonDraft)
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


class PersonSteps(BaseView):
    """个人注册 after its first page."""

    route_base = "/register/person"

    @expose("/code", methods=["GET", "POST"])
    def code(self):
        """验证手机号: the code that was sent to it."""
        draft = SLOT.draft()
        if draft is None or draft.step is not PersonStep.CODE:
            return _elsewhere(draft)
        form, mobile = CodeForm(), draft.mobile
        if request.method == "POST" and form.validate() and _prove(form, mobile):
            return proceed(self)
        return self._code_page(form, mobile)

    def _code_page(self, form: CodeForm, mobile: str):
        return _page(
            self, PersonStep.CODE, form, [form.code], gettext("下一步"),
            hint=gettext("验证码已发到 %(mobile)s，10 分钟内有效。", mobile=mobile),
            resend=url_for("PersonSteps.resend"), back=url_for("Registration.person", edit=1),
        )  # fmt: skip

    @expose("/resend", methods=["POST"])
    def resend(self):
        """重新获取验证码."""
        draft = SLOT.draft()
        if draft is None or draft.step is not PersonStep.CODE:
            return _elsewhere(draft)
        form, mobile = CodeForm(formdata=None), draft.mobile
        guess = may_try(form, "code", lambda: attempt(PURPOSE, mobile))
        if guess and tried(lambda: send_code(mobile), form, "code", _("验证码已重新发送。")):
            guess.succeeded()
            return redirect(url_for("PersonSteps.code"))
        return self._code_page(form, mobile)

    @expose("/password", methods=["GET", "POST"])
    def password(self):
        """设置密码, and the account is made."""
        draft = SLOT.draft()
        if draft is None or draft.step is not PersonStep.PASSWORD:
            return _elsewhere(draft)
        form, known = ChosenPasswordForm(), draft.finding == Finding.OK
        if request.method == "POST" and form.validate() and _finish(form, draft):
            SLOT.drop()
            if known:
                flash(gettext("注册成功，请登录。"), "success")
            return redirect(url_for("Login.login" if known else "PersonSteps.done"))
        return _page(
            self, PersonStep.PASSWORD, form, [form.password, form.again], gettext("完成注册"),
            policy=policy(), back=url_for("Registration.person", edit=1),
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
    if request.method == "POST" and form.validate() and _begin(form, draft):
        draft = SLOT.draft()
        return proceed(view) if draft.proved_at else moved(PersonStep.CODE, PAGES)
    return _details_page(view, form)


def _details_page(view: BaseView, form: PersonForm, **more):
    fields = [form.name, form.id_no, form.mobile]
    return _page(view, PersonStep.DETAILS, form, fields, gettext("下一步"), **more)


def _begin(form: PersonForm, draft: PersonDraft | None) -> bool:
    """Keep what was typed; a mobile that is not proved yet gets a code."""
    kept = draft.number(vault()) if draft else ""
    name, mobile = form.name.data or "", mobile_of(form.mobile.data or "")
    typed = PersonTyped(name, form.id_no.number or kept, mobile)
    if refuse(form, person_problems(typed, day_of(request_time()))):
        return False
    guess = may_try(form, "mobile", lambda: attempt(PURPOSE, typed.mobile))
    if guess is None or not tried(lambda: _keep(typed), form, "mobile"):
        return False
    guess.succeeded()
    return True


def _keep(typed: PersonTyped) -> None:
    draft = SLOT.draft(lock=True)
    same_mobile = draft is not None and draft.mobile == typed.mobile
    if draft is None:
        draft, key = PersonDraft(), new_key()
        draft.open_by(key, request_time())
        SLOT.hold(key)
    keep(draft, typed, vault())
    database().add(draft)
    if not same_mobile:
        send_code(typed.mobile)


def send_code(mobile: str) -> None:
    """A code to the mobile that was typed; the same whoever has that number."""
    at, session = request_time(), database()
    code = issue(session, PURPOSE, mobile, at)
    words = say(CODE_WORDS, code=code)
    post(session, mobile, Channel.SMS, words, at, purpose=PURPOSE, expires_at=at + CODE_LIFE)


def _prove(form: CodeForm, mobile: str) -> bool:
    guess = may_try(form, "code", lambda: attempt(PURPOSE, mobile))
    if guess is None or not tried(lambda: _spend(mobile, form.code.data or ""), form, "code"):
        return False
    guess.succeeded()
    return True


def _spend(mobile: str, code: str) -> None:
    spend(database(), PURPOSE, mobile, code, request_time())
    draft = SLOT.draft(lock=True)
    if draft is None or draft.mobile != mobile:
        raise NotAllowed(_("手机号在另一个窗口里改过了，请刷新页面。"))
    draft.proved_at = request_time()


def proceed(view: BaseView):
    """The mobile is proved: now, and not before, its holder hears what is known of it; and of
    the number only after the real-name check has said that it is his."""
    draft, session = SLOT.draft(), database()
    form = PersonForm(formdata=None, obj=draft)
    if mobile_in_use(session, draft.mobile):
        refuse(form, [Problem("mobile", say(MOBILE_IN_USE))], 409)
        return _details_page(view, form, known=True)
    finding = _checked(form, draft)
    if finding is Finding.MISMATCH:
        refuse(form, [Problem(key, say(MISMATCH)) for key in ("name", "id_no")])
    elif finding is Finding.OK and number_in_use(session, draft.id_no.index):
        refuse(form, [Problem("id_no", say(REGISTERED))], 409)
        return _details_page(view, form, known=True)
    elif finding is not None:
        return moved(PersonStep.PASSWORD, PAGES)
    return _details_page(view, form)


def _checked(form: PersonForm, draft: PersonDraft) -> Finding | None:
    """What the real-name check says; asked while no transaction is open. None if it was asked
    too often: each wrong guess counts against the number and against the mobile."""
    name, number, mobile = draft.name, draft.number(vault()), draft.mobile
    index = draft.id_no.index
    asked = (("id_no", index), ("mobile", mobile))
    guesses = [may_try(form, field, lambda s=s: attempt("realname", s)) for field, s in asked]
    if None in guesses:
        return None
    finding = current_app.extensions["realname"].verify(name, number)
    if not tried(lambda: _keep_finding(name, index, finding), form):
        return None
    if finding is not Finding.MISMATCH:
        for guess in guesses:
            guess.succeeded()
    return finding


def _keep_finding(name: str, index: str, finding: Finding) -> None:
    draft = SLOT.draft(lock=True)
    if draft is None or (draft.name, draft.id_no.index) != (name, index):
        raise NotAllowed(_("内容在另一个窗口里改过了，请刷新页面。"))
    draft.finding = finding
    if finding is Finding.MISMATCH:
        note(database(), "", "mismatch", "registration", draft.uid)


def _finish(form: ChosenPasswordForm, draft: PersonDraft) -> bool:
    """Judge the password, and make the account."""
    holder = (draft.name, draft.number(vault()), draft.mobile)
    if refuse(form, password_objections(form, holder)):
        return False
    database().rollback()  # a hash takes long: nobody may wait for it
    hash_ = hashed(form.password.data)
    return tried(lambda: _open(hash_), form)


def _open(hash_: str) -> None:
    session, draft = database(), SLOT.draft(lock=True)
    if draft is None or draft.step is not PersonStep.PASSWORD:
        raise NotAllowed(_("这份注册已在另一个窗口里办理，请从登录页登录。"))
    found = claim(session, draft, vault())
    if found.refused and draft.finding == Finding.OK:
        raise NotAllowed(found.refused)
    if found.refused:
        _tell_holder(session, found)
    else:
        _make_account(session, found, draft, hash_)
    session.delete(draft)


def _make_account(session: Session, found: Claim, draft: PersonDraft, hash_: str) -> None:
    person, finding = found.person, Finding(draft.finding)
    made = Opened(new_username("p"), person.name, Role.APPLICANT, draft.mobile)
    open_account(session, made, hash_, person=person)
    keep_finding(session, person, finding, request_time())
    note(session, made.username, "register", "account", made.username, finding=finding)


def _tell_holder(session: Session, found: Claim) -> None:
    """Whose number it is hears of it; who typed it hears what everybody hears."""
    query = select(Account.mobile).where(Account.person_id == found.person.id)
    known = [m for m in session.scalars(query.order_by(Account.realm.desc())) if m]
    to, at = (known or [found.person.mobile])[0], request_time()
    post(session, to, Channel.SMS, say(HOLDER_WORDS), at, purpose=PURPOSE)
    note(session, "", "register again", "person", found.person.uid)


def _elsewhere(draft: PersonDraft | None):
    """To the page where the draft stands, or to the first."""
    return moved(draft.step, PAGES) if draft else start_again(PAGES[PersonStep.DETAILS])


def _page(view: BaseView, step: PersonStep, form, fields, save_word: str, **more):
    return view.render_template(
        "registration/step.html",
        title=gettext("个人注册"),
        steps=progress(STEPS, step),
        form=form,
        fields=fields,
        action=url_for(PAGES[step]),
        save_word=save_word,
        **more,
    )
