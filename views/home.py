"""The first page: straight to the desk of one's role."""

from flask import redirect, url_for
from flask_appbuilder import IndexView, expose

from models.permissions import Role
from models.words import Forbidden, _
from views.login import actor

DESKS = {
    Role.APPLICANT: "Mine.list",
    Role.LEGAL: "Unit.show",
    Role.AGENT: "Desk.list",
    Role.CHECKER: "Desk.list",
    Role.NOTICE_MANAGER: "Notices.list",
    Role.DATA_MANAGER: "console.index",
    Role.SYSTEM_ADMIN: "Accounts.list",
}


class Home(IndexView):
    """Leads on; who has no role is told so."""

    @expose("/")
    def index(self):
        """To the desk of the role."""
        if actor().role is None:
            raise Forbidden(_("您的账号还没有角色，请联系系统管理员。"))
        return redirect(url_for(DESKS[actor().role]))


def healthz():
    """Whether the process answers; it asks nothing of the database."""
    return {"ok": True}
