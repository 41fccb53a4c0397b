"""注册: the two ways in, 个人 and 单位."""

from flask import redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_login import current_user

from views.registration import person, unit


class Registration(BaseView):
    """The first page of each registration."""

    route_base = "/register"

    @expose("/person", methods=["GET", "POST"])
    def person(self):
        """个人注册."""
        return _home() or person.details(self)

    @expose("/legal", methods=["GET", "POST"])
    def legal(self):
        """单位注册."""
        return _home() or unit.facts(self)


def _home():
    """Who has an account and uses it registers nothing."""
    return redirect(url_for("Home.index")) if current_user.is_authenticated else None
