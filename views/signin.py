"""登录 and 安全退出: the ways in."""

from flask import Response, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext
from flask_login import current_user

from models.words import BadInput, NotAllowed, _
from views.entering import leave, recognise
from views.guard import status_of
from views.second import then_enter
from views.way_in import way_in
from views.ways import LOGINS, shown
from views.words import translate

NOT_FILLED = _("请填写用户名和密码。")


class Login(AuthDBView):
    """The way in by user name, and the way out."""

    login_template = "appbuilder/general/security/login_db.html"

    @property
    def database(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self):
        """Ask for name and password; what was typed as the name stays."""
        if current_user.is_authenticated:
            return redirect(next_page())
        form = LoginForm_db()
        status = 200
        if request.method == "POST":
            try:
                return self._enter(form)
            except NotAllowed as refusal:
                flash(translate(refusal.sentence), "danger")
                status = status_of(refusal)
        page = self.render_template(
            self.login_template,
            title=gettext("登录"),
            form=form,
            appbuilder=self.appbuilder,
            tabs=shown(LOGINS, request.args.get("next")),
        )
        return page, status

    def _enter(self, form: LoginForm_db) -> Response:
        """The way on, for who has this name and this password."""
        if not form.validate():
            raise BadInput(NOT_FILLED)
        found = recognise(self.database, form.username.data, form.password.data)
        return then_enter(found, next_page())

    @expose("/logout/", methods=["POST"])
    def logout(self):
        """Leave; only by POST, so that no foreign page can log anybody out."""
        leave(self.database)
        if current_app.config["SIGN_ON"] is None:  # the platform's own login may go on
            flash(gettext("您已安全退出。"), "success")
        return redirect(way_in())


def next_page() -> str:
    """Where to go after the login: a path of this host, or home."""
    wanted = request.args.get("next", "")
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if plain and wanted.isprintable() else url_for("Home.index")
