"""找回密码 of persons, legal persons and agents, in three steps: who, code, new password.

Where somebody is in it lies in the cookie, sealed: it can be taken up again, and tells
nothing to who looks into the browser.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime

from flask import current_app, flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from adapters.database import only_reading
from adapters.passwords import hashed
from models.onetime import LIFE
from models.passwords import Owner
from models.people import Account
from models.problems import Problem
from models.recovery import NEW_START, NOBODY, Holder, check_proof, prove, send_code, tell_holder
from models.words import _
from views import captcha
from views.account_forms import PasswordForm
from views.login import request_time
from views.logins import keep_hash
from views.panels import Panel
from views.policies import last_hashes, owner_of, reuse_problems
from views.recovery_forms import FORMS, CodeForm, form_of, target_of
from views.refusing import answer_with, give_up, judged, show
from views.throttling import Attempt, attempt, place_of_request
from views.words import translate
from views.writing import write

PLACE = ("recovery", "state", "cookie")
"""What the state is sealed for."""


class Recovery(BaseView):
    """找回密码."""

    route_base = "/recover"

    @property
    def database(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/person", methods=["GET", "POST"])
    @no_cache
    def person(self):
        """Whose password: of a person."""
        return self._who("person", gettext("找回个人密码"))

    @expose("/legal", methods=["GET", "POST"])
    @no_cache
    def legal(self):
        """Whose password: of a legal person."""
        return self._who("legal", gettext("找回法人密码"))

    @expose("/agent", methods=["GET", "POST"])
    @no_cache
    def agent(self):
        """Whose password: of an agent."""
        return self._who("agent", gettext("找回经办人密码"))

    def _who(self, kind: str, title: str):
        form, state = FORMS[kind](), kept("typed")
        if request.method == "GET" and "captcha" in request.args and state:
            form = form_of(state) if state["kind"] == kind else form
        if form.always:
            captcha.ask_for()
        sent = request.method == "POST" and judged(form, form.problems())
        if sent and self._written(form, lambda: self._send(kind, form)):
            keep({"kind": kind, "typed": {name: form[name].data for name in form.typed}})
            return redirect(url_for("Recovery.code"))
        fields = [form[name] for name in form.typed]
        return self._page(1, kind, title, form, fields, gettext("获取验证码"))

    def _send(self, kind: str, form: Panel) -> None:
        target, holder = target_of(kind, form), self._holder(form)
        tried = admitted("recover", target, holder, always=form.always)
        from_, at = place_of_request(), request_time()
        send_code(self.database, target, holder, at, asker=from_, blocked=tried.blocked)

    @expose("/code", methods=["GET", "POST"])
    @no_cache
    def code(self):
        """What was sent; the right one leads on."""
        state, form = kept("typed"), CodeForm()
        if state is None:
            return begin_anew()
        if request.method == "POST" and judged(form, form.problems()):
            holder, typed = self._holder(form_of(state)), form.code.data
            if self._written(form, lambda: self._prove(state, holder, typed)):
                keep(proof(state["kind"], holder, request_time() + LIFE))
                return redirect(url_for("Recovery.password"))
        title, word = gettext("输入验证码"), gettext("下一步")
        return self._page(2, state["kind"], title, form, [form.code], word)

    def _prove(self, state: dict, holder: Holder, code: str) -> None:
        target = target_of(state["kind"], form_of(state))
        tried = admitted("code", target, holder)
        prove(self.database, target, code, holder, request_time(), blocked=tried.blocked)
        self.database.commit()
        tried.succeeded()

    @expose("/again", methods=["POST"])
    def again(self):
        """Another code for the same account."""
        state = kept("typed")
        if state is None:
            return begin_anew()
        form = form_of(state)
        refusal = write(lambda: self._send(state["kind"], form), _("已重新获取验证码。"))
        if refusal:
            flash(translate(refusal.sentence), "danger")
        if refusal and isinstance(refusal.cause, captcha.WrongCaptcha):
            # There is none beside a button: the first step shows it, filled in as it was.
            return redirect(url_for(f"Recovery.{state['kind']}", captcha=1))
        return redirect(url_for("Recovery.code"))

    @expose("/password", methods=["GET", "POST"])
    @no_cache
    def password(self):
        """The new one. All that is open under the old one ends."""
        state = kept("seal")
        known = self._owner(state["username"]) if state else None
        if known is None:
            return begin_anew()
        owner, hashes = known
        form = PasswordForm().ask(owner)
        if request.method == "POST" and judged(form, self._problems(form, owner, hashes)):
            hash_ = hashed(form.password.data)
            refusal = write(lambda: self._change(state, hash_))
            if refusal:
                give_up(refusal)
            session.pop("recovery", None)
            flash(gettext("密码已重新设置，请用新密码登录。"), "success")
            return redirect(url_for(f"Panels.{state['kind']}"))
        fields = [form.password, form.again]
        title, word = gettext("设置新密码"), gettext("保存新密码")
        return self._page(3, state["kind"], title, form, fields, word)

    def _owner(self, username: str) -> tuple[Owner, list[str]] | None:
        """Whose password it is, and the hashes that it may not have again. Nothing is open
        when the hashes are checked: that takes long, and nobody may wait for it to write."""
        with only_reading(self.database):
            user = self.database.scalars(select(User).where(*active(username))).one_or_none()
            return user and (owner_of(self.database, user), last_hashes(self.database, user))

    @staticmethod
    def _problems(form: PasswordForm, owner: Owner, hashes: list[str]) -> list[Problem]:
        return form.problems(owner) or reuse_problems(form.password.data, hashes)

    def _change(self, state: dict, hash_: str) -> None:
        query = select(User).where(*active(state["username"])).with_for_update()
        user = self.database.scalars(query).one_or_none()
        account = self.database.get(Account, state["username"])
        holder = holder_of(user, account) if user and account.live else NOBODY
        now, until = request_time(), datetime.fromisoformat(state["until"])
        check_proof(holder, state["seal"], until, now)
        keep_hash(self.database, user, hash_, first=False, now=now)
        tell_holder(self.database, holder, now)

    def _holder(self, form: Panel) -> Holder:
        """Whose account is meant: one statement, whether there is one or not."""
        wanted = form.wanted().add_columns(Account.mobile, Account.email)
        row = self.database.execute(wanted).one_or_none()
        return Holder(row.username, row.password, row.mobile, row.email) if row else NOBODY

    def _written(self, form, work: Callable[[], None]) -> bool:
        """Do it, or say why not."""
        refusal = write(work)
        if refusal is None:
            return True
        if isinstance(refusal.cause, captcha.WrongCaptcha):  # the picture says it
            answer_with(refusal.status)
        else:
            show(form, refusal, "code" if "code" in form else "")
        return False

    def _page(self, step: int, kind: str, title: str, form, fields: list, word: str):
        login = url_for(f"Panels.{kind}")
        return self.render_template(
            "entrance/recovery.html",
            title=title, step=step, form=form, fields=fields, word=word, login=login,
        )  # fmt: skip


def admitted(kind: str, target: str, holder: Holder, *, always: bool = False) -> Attempt:
    """One guess, counted and let through; TooMany or WrongCaptcha, as at the login."""
    tried = attempt(kind, target, holder.username or None)
    if always or captcha.due(tried):
        captcha.demand(tried)
    if captcha.due_next(tried):
        captcha.ask_for()
    return tried


def active(username: str) -> tuple:
    """The user of that name who may come in."""
    return User.username == username, User.active.is_(True)


def holder_of(user: User, account: Account) -> Holder:
    """The same from rows that are locked."""
    return Holder(user.username, user.password, account.mobile, account.email)


def proof(kind: str, holder: Holder, until: datetime) -> dict:
    """Who has given the right code, and how long that is worth something."""
    said = {"kind": kind, "username": holder.username, "seal": holder.seal}
    return said | {"until": until.isoformat()}


def keep(state: dict) -> None:
    """Put where somebody is into the cookie."""
    sealed = current_app.extensions["vault"].seal_text(json.dumps(state), *PLACE)
    session["recovery"] = urlsafe_b64encode(sealed).decode()


def kept(wanted: str) -> dict | None:
    """Where somebody is; None if that is not the step in which ``wanted`` is known."""
    try:
        sealed = urlsafe_b64decode(session.get("recovery", ""))
        state = json.loads(current_app.extensions["vault"].open_text(sealed, *PLACE))
    except ValueError:
        return None
    return state if wanted in state else None


def begin_anew():
    """To the entrance, where all three ways begin."""
    flash(gettext(NEW_START), "warning")
    return redirect(url_for("Home.index"))
