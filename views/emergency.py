"""应急登录: the one account that still has a password where a platform does the logins."""

from flask import abort, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField, StringField

from models.journal import note
from views.entering import enter, recognise
from views.forms import Starred
from views.refusing import answer_with
from views.signin import next_page
from views.sso import platform


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
            if form.validate() and self._enter(account, form):
                return redirect(next_page())
            flash(gettext("用户名或密码不对，请重新输入。"), "danger")
            answer_with(400)
        return self.render_template("sso/emergency.html", form=form)

    def _enter(self, account: str, form: EmergencyForm) -> bool:
        """Another name is as wrong as a wrong password, and takes as long."""
        database, ours = self.appbuilder.session, form.username.data == account
        note(database, "", "emergency", "account", account, name_fits=ours)
        database.commit()
        found = recognise(database, account if ours else "", form.password.data)
        return found is not None and enter(database, found)
