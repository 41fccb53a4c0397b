"""修改密码: everybody's own."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from adapters.database import only_reading
from adapters.passwords import fits, hashed
from models.journal import note
from models.problems import Problem
from models.words import NotAllowed, Stale, _, say
from views.account_forms import OwnPasswordForm
from views.entering import Recognised, enter_again
from views.guard import status_of
from views.login import request_time
from views.logins import keep_hash
from views.policies import last_hashes, owner_of, reuse_problems
from views.refusing import answer_with, mark
from views.screens import Screen
from views.throttling import attempt
from views.words import translate
from views.writing import Invalid, write


class Passwords(Screen):
    """The one screen where a password is changed by who has it."""

    route_base = "/password"

    @expose("/", methods=["GET", "POST"])
    def change(self):
        """Old one, new one twice. Other sessions of the account end, this one goes on."""
        owner = owner_of(self.session, self.session.get(User, current_user.id))
        form = OwnPasswordForm().ask(owner)
        if request.method == "POST":
            refusal = self._refusal(form, owner)
            if refusal is None:
                flash(gettext("密码已修改。"), "success")
                return redirect(url_for("Home.index"))
            mark(form, getattr(refusal, "problems", ()))
            if not isinstance(refusal, Invalid):
                flash(translate(refusal.sentence), "danger")
            answer_with(status_of(refusal))
        return self.render_template(
            "accounts/password.html",
            title=gettext("修改密码"),
            form=form,
            fields=[form.old, form.password, form.again],
            username=owner.username,
            must=current_user.must_change,
            expired=(current_user.days_left or 0) < 0,
        )

    def _refusal(self, form: OwnPasswordForm, owner) -> NotAllowed | None:
        """Why the password was not changed; None if it was."""
        try:
            problems = [] if form.old.data else [Problem("old", say(_("请填写现在的密码。")))]
            if problems := problems + form.problems(owner):
                raise Invalid(problems)
            found = self._checked(owner.username, form.old.data, form.password.data)
        except NotAllowed as refusal:
            return refusal
        refused = write(lambda: self._keep(found, request_time()))
        return refused and (refused.cause or NotAllowed(refused.sentence))

    def _checked(self, username: str, old: str, new: str) -> Recognised:
        """The account with the hash of its new password, if the old one is right. All hashes
        are made while no transaction is open."""
        tried = attempt("login", username, username)
        with only_reading(self.session):
            user = self.session.scalars(select(User).where(User.username == username)).one()
            id_, hashes = user.id, last_hashes(self.session, user)
        if not fits(hashes[0], old) or tried.blocked:
            raise Invalid([Problem("old", say(_("现在的密码不对，请重新输入。")))])
        tried.succeeded()
        if problems := reuse_problems(new, hashes):
            raise Invalid(problems)
        return Recognised(id_, username, hashes[0], request_time(), hashed(new))

    def _keep(self, found: Recognised, now: datetime) -> None:
        same = (User.id == found.id, User.password == found.password)
        user = self.session.scalars(select(User).where(*same).with_for_update()).one_or_none()
        if user is None:
            raise Stale(CHANGED)
        keep_hash(self.session, user, found.fresh, first=False, now=now)
        note(self.session, found.username, "password", "account", found.username)
        if not enter_again(self.session, found._replace(password=found.fresh, fresh=None)):
            raise Stale(CHANGED)


CHANGED = _("账号刚刚有改动，密码没有修改。请重新登录后再试。")
