"""The first page: the entrance for strangers, for all others the desk of their role."""

from flask import redirect, request, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import gettext
from flask_login import current_user

from models.permissions import Role
from models.words import Forbidden, _
from views.login import actor
from views.ways import PERSON, STAFF, UNIT, shown

DESKS = {
    Role.APPLICANT: "Mine.list",
    Role.LEGAL: "Agents.list",
    Role.AGENT: "Desk.list",
    Role.CHECKER: "Confirm.list",
    Role.NOTICE_MANAGER: "Notices.list",
    Role.DATA_MANAGER: "console.index",
    Role.SYSTEM_ADMIN: "Accounts.list",
    Role.SECURITY_ADMIN: "Roles.list",
    Role.AUDIT_ADMIN: "Lines.list",
}


class Home(IndexView):
    """Leads on; who has no role is told so."""

    @expose("/")
    def index(self):
        """What a stranger can do here; who is signed in goes to the desk of the role."""
        if not current_user.is_authenticated:
            wanted = request.args.get("next")
            return self.render_template(
                "entrance/home.html",
                title=gettext("职称申报评审系统"),
                person=shown(PERSON, wanted),
                unit=shown(UNIT, wanted),
                staff=shown(STAFF, wanted),
            )
        if actor().role is None:
            raise Forbidden(_("您的账号还没有角色，请联系安全管理员。"))
        return redirect(url_for(DESKS[actor().role]))


def healthz():
    """Whether the process answers; it asks nothing of the database."""
    return {"ok": True}
