"""应急登录: the one account that still has a password where a platform does the logins."""

from flask import Response, abort, flash, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext
from sqlalchemy import literal
from wtforms import PasswordField, StringField

from models.journal import note
from models.words import BadInput, NotAllowed
from views.entering import USERS, recognised
from views.forms import Starred
from views.guard import status_of
from views.refusing import answer_with
from views.second import then_enter
from views.signin import NOT_FILLED, next_page
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
    """In when the platform is down; every attempt that the throttle lets through is in the
    journal before it is judged. Others are not: strangers could fill it with them."""

    route_base = "/sso/emergency"

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def login(self):
        """Name and password, as they are nowhere else asked for."""
        account = platform().signon.emergency or abort(404)
        form = EmergencyForm()
        if request.method == "POST":
            try:
                return self._enter(account, form)
            except NotAllowed as refusal:
                flash(translate(refusal.sentence), "danger")
                answer_with(status_of(refusal))
        return self.render_template("sso/emergency.html", form=form)

    def _enter(self, account: str, form: EmergencyForm) -> Response:
        """The way on, for who has the name and the password. Another name is as wrong as a
        wrong password: it is counted and hashed as that is."""
        if not form.validate():
            raise BadInput(NOT_FILLED)
        database, typed = self.appbuilder.session, form.username.data
        fits = typed == account

        def noted() -> None:
            note(database, "", "emergency", "account", account, name_fits=fits)
            database.commit()

        wanted = USERS.where(User.username == account, literal(fits))
        found = recognised(database, wanted, typed, form.password.data, counted=noted)
        return then_enter(found, next_page())
