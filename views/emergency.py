"""应急登录: the one account that still has a password where a platform does the logins."""

from flask import abort, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext
from sqlalchemy import literal
from wtforms import PasswordField, StringField

from models.journal import note
from models.words import NotAllowed
from views.entering import USERS, enter, recognised
from views.forms import Starred
from views.guard import status_of
from views.refusing import answer_with
from views.signin import CHANGED, NOT_FILLED, next_page
from views.sso import platform
from views.words import translate


class EmergencyForm(DynamicForm):
    """Name and password of the emergency account."""

    username = StringField(
        lazy_gettext("用户名"), [Starred()], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        lazy_gettext("密码"), [Starred()], render_kw={"autocomplete": "current-password"}
    )


class Emergency(BaseView):
    """In when the platform is down; every attempt is in the journal before it is judged."""

    route_base = "/sso/emergency"

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def login(self):
        """Name and password, as they are nowhere else asked for."""
        account = platform().signon.emergency or abort(404)
        form = EmergencyForm()
        if request.method == "POST":
            refusal = self._enter(account, form) if form.validate() else NOT_FILLED
            if refusal is None:
                return redirect(next_page())
            flash(translate(refusal.sentence), "danger")
            answer_with(status_of(refusal))
        return self.render_template("sso/emergency.html", form=form)

    def _enter(self, account: str, form: EmergencyForm) -> NotAllowed | None:
        """Begin the session, or say why not. Another name is as wrong as a wrong password:
        it is counted and hashed as that is."""
        database, typed = self.appbuilder.session, form.username.data
        note(database, "", "emergency", "account", account, name_fits=typed == account)
        database.commit()
        wanted = USERS.where(User.username == account, literal(typed == account))
        try:
            found = recognised(database, wanted, typed, form.password.data)
        except NotAllowed as refusal:
            return refusal
        return None if enter(database, found) else CHANGED
