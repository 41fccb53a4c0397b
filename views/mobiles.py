"""更换手机号: everybody's own, by a code to the new one; the password is asked first."""

from flask import abort, current_app, flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from models.mobiles import NEW_START, PURPOSE, change, may_have, mobile_problems, prove, send_code
from models.numbers import mobile_of
from models.outbox import mask_of
from models.people import Account
from models.problems import Problem
from models.recovery import Holder
from models.words import _, say
from views.account_forms import NewMobileForm
from views.login import actor, request_time
from views.recovery_forms import CodeForm
from views.refusing import judged, tried
from views.second import check_password
from views.throttling import attempt, place_of_request
from views.words import translate
from views.writing import write


def has_mobile() -> bool:
    """Whether this screen is for who is signed in."""
    return current_user.is_authenticated and may_have(actor().role)


class Mobile(BaseView):
    """更换手机号. Which number is wanted stands in the signed cookie until its code came."""

    route_base = "/mobile"

    @property
    def database(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def change(self):
        """The password and the new number."""
        form, holder = NewMobileForm(), self._holder()
        if request.method == "POST" and self._begun(form, holder):
            return redirect(url_for("Mobile.code"))
        hint = gettext("现在没有登记手机号。")
        if holder.mobile:
            hint = gettext("现在的手机号：%(mobile)s", mobile=mask_of(holder.mobile))
        return self._page(form, [form.old, form.mobile], gettext("获取验证码"), hint)

    def _begun(self, form: NewMobileForm, holder: Holder) -> bool:
        mobile = mobile_of(form.mobile.data or "")
        problems = [] if form.old.data else [Problem("old", say(_("请填写现在的密码。")))]
        if not judged(form, problems + mobile_problems(mobile, holder.mobile)):
            return False

        username, old = holder.username, form.old.data
        if not tried(lambda: check_password(self.database, username, old), form, "old"):
            return False
        if not tried(lambda: self._send(holder, mobile), form, "mobile"):
            return False
        session["mobile"] = {"mobile": mobile, "seal": holder.seal}
        return True

    @expose("/code", methods=["GET", "POST"])
    @no_cache
    def code(self):
        """What was sent to the new number; the right one makes it the account's."""
        form, holder = CodeForm(), self._holder()
        mobile = wanted(holder)
        if mobile is None:
            return begin_anew()
        if request.method == "POST" and judged(form, form.problems()):
            code, done = form.code.data, _("手机号已更换。")
            if tried(lambda: self._take(holder, mobile, code), form, "code", done):
                session.pop("mobile", None)
                return redirect(url_for("Sessions.list"))
        hint = gettext("验证码已发到 %(mobile)s，10 分钟内有效。", mobile=mobile)
        return self._page(form, [form.code], gettext("更换手机号"), hint, asked=True)

    @expose("/again", methods=["POST"])
    def again(self):
        """Another code for the same number."""
        holder = self._holder()
        mobile = wanted(holder)
        if mobile is None:
            return begin_anew()
        refusal = write(lambda: self._send(holder, mobile), _("验证码已重新发送。"))
        if refusal:
            flash(translate(refusal.sentence), "danger")
        return redirect(url_for("Mobile.code"))

    def _send(self, holder: Holder, mobile: str) -> None:
        guess = attempt(PURPOSE, holder.username)
        asker = place_of_request()
        send_code(self.database, holder.username, mobile, request_time(), asker=asker)
        self.database.commit()
        guess.sent()

    def _take(self, holder: Holder, mobile: str, code: str) -> None:
        guess = attempt(PURPOSE, holder.username)
        prove(self.database, holder.username, mobile, code, request_time())
        change(self.database, holder, mobile, request_time())
        self.database.commit()
        guess.succeeded()

    def _holder(self) -> Holder:
        """Who is signed in, as his messages reach him; 404 for who has no such account."""
        columns = (User.username, User.password, Account.mobile, Account.email)
        query = select(*columns).join(Account, Account.username == User.username)
        mine = query.where(User.username == current_user.username, Account.live)
        row = self.database.execute(mine).one_or_none() if has_mobile() else None
        return Holder(*row) if row else abort(404)

    def _page(self, form, fields: list, word: str, hint: str, *, asked: bool = False):
        return self.render_template(
            "accounts/mobile.html", title=gettext("更换手机号"), username=current_user.username,
            form=form, fields=fields, word=word, hint=hint, asked=asked,
        )  # fmt: skip


def wanted(holder: Holder) -> str | None:
    """The number that waits for its code in this browser; None if the account, its password or
    its number are no longer those for which it was asked."""
    kept = session.get("mobile")
    return kept["mobile"] if kept and kept["seal"] == holder.seal else None


def begin_anew():
    """To the first step."""
    flash(gettext(NEW_START), "warning")
    return redirect(url_for("Mobile.change"))
