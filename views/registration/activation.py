"""法人账号激活: the holder of an imported account chooses his password."""

from flask import flash, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import Select, select

from models.clock import day_of
from models.holders import typed_problems
from models.journal import note
from models.offices import Office
from models.people import Account, Realm
from models.words import NotAllowed, _
from views.login import request_time
from views.logins import keep_hash
from views.policies import policy_words
from views.refusing import refuse
from views.registration.by_code import ByCode, CodeSteps
from views.registration.choosing import hash_of, password_objections
from views.registration.common import database, sent, start_again
from views.registration.forms import ActivationForm
from views.registration.opening import new_holder


def waiting(uscc: str) -> Select:
    """The mobile of the legal account of this code that nobody has activated yet."""
    return (
        select(Account.mobile)
        .join(Office, Office.id == Account.office_id)
        .join(User, User.username == Account.username)
        .where(Office.uscc == uscc, Account.realm == Realm.LEGAL, Account.live)
        .where(User.password.is_(None))
    )


WAY = ByCode(
    "activate",
    _("【职评】您正在激活法人账号，验证码 %(code)s，10 分钟内有效。不是本人操作请不要告诉他人。"),
    waiting,
)


class Activation(CodeSteps):
    """法人账号激活."""

    route_base = "/activate"
    way, title, first = WAY, _("法人账号激活"), "Activation.legal"
    last, form = _("验证手机号并设置密码"), ActivationForm

    @expose("/legal", methods=["GET", "POST"])
    def legal(self):
        """Which unit it is."""
        return self.which()

    @expose("/legal/code", methods=["GET", "POST"])
    def code(self):
        """The code and the password; the account is open."""
        if not WAY.uscc:
            return start_again(self.first)
        form = self.form()
        if sent(form) and _activate(form):
            flash(gettext("已激活，请登录。"), "success")
            return redirect(url_for("Panels.legal"))
        return self.code_page(form)

    def code_page(self, form: ActivationForm):
        """The code, who will hold the account, and the password."""
        fields = [form.code, form.holder, form.number, form.password, form.again]
        hint = gettext(
            "如果 %(code)s 有待激活的法人账号，验证码已发到登记的手机号，10 分钟内有效。",
            code=WAY.uscc,
        )
        policy = policy_words(first=True)
        return self.asked(form, fields, gettext("激活"), hint, policy=policy)


def _activate(form: ActivationForm) -> bool:
    uscc, holder, number = WAY.uscc, form.holder.data or "", form.number.number
    # Of nothing but what was typed: a hint at a name would tell that there is an account.
    problems = form.problems() + typed_problems(holder, number, day_of(request_time()))
    problems += password_objections(form, holder, uscc, number)
    if refuse(form, problems):
        return False
    hash_ = hash_of(form)
    return WAY.redeem(form, lambda: _open(uscc, holder, number, hash_))


def _open(uscc: str, holder: str, number: str, hash_: str) -> None:
    session = database()
    named = waiting(uscc).with_only_columns(Account.username)
    query = select(User).where(User.username.in_(named)).with_for_update()
    user = session.scalars(query).one_or_none()
    if user is None:
        raise NotAllowed(_("这个账号刚刚已经激活，请登录。"))
    unit = session.scalars(select(Office).where(Office.uscc == uscc).with_for_update()).one()
    session.get(Account, user.username).person = new_holder(session, holder, number, unit)
    user.active = True
    keep_hash(session, user, hash_, first=False, now=request_time())
    note(session, user.username, "activate", "account", user.username)
