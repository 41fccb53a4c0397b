"""业务审核: the work desk of every office in the chain."""

from flask import current_app, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from models.declaration import Step
from models.offices import Office
from models.permissions import steps_visible_to
from models.status import WAITING
from models.words import Forbidden, _
from views.audit.desk_page import desk_page
from views.audit.queue import BY_KEY as COUNTERS
from views.audit.queue import SORTS, DeskReader, Wanted
from views.base import ScopedView
from views.login import actor, codes, request_time
from views.words import number_in


class Desk(ScopedView):
    """业务审核: the counters of each notice and the list behind each counter."""

    model = Step
    desk = "audit"
    scope = staticmethod(steps_visible_to)
    route_base = "/audit"
    include_route_methods = {"list", "next"}
    method_permission_name = {"list": "read", "next": "read"}
    list_title = _("业务审核")
    list_columns = ["state"]
    show_columns: list[str] = []
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns: list[str] = []

    @expose("/list/")
    @has_access
    def list(self):
        """The counters, and the queue of the one that is chosen."""
        session = self.appbuilder.session
        vault = current_app.extensions["vault"]
        reader = DeskReader(session, actor(), codes(), vault, request_time())
        office = session.get(Office, actor().office_id) if actor().office_id else None
        if office is None:
            raise Forbidden(_("您的账号还不属于任何单位，请联系系统管理员。"))
        page = desk_page(reader, office, wanted())
        return self.render_template("audit/desk.html", page=page, title=page.title)

    @expose("/next/<int:notice>")
    @has_access
    def next(self, notice: int):
        """开始审核: the one that waits longest."""
        first = self.appbuilder.session.scalars(
            select(Step.declaration_id)
            .where(
                Step.office_id == actor().office_id,
                Step.notice_id == notice,
                Step.state.in_(sorted(WAITING)),
            )
            .order_by(Step.arrived_at, Step.id)
        ).first()
        if first is None:
            return redirect(url_for("Desk.list", notice=notice))
        return redirect(url_for("Bench.show", pk=first))


def wanted() -> Wanted:
    """What the address asks for; what cannot be meant falls back to the usual."""
    counter = COUNTERS.get(request.args.get("state", "pending"), COUNTERS["pending"])
    sort = request.args.get("sort", "waiting")
    page = number_in(request.args.get("page", "1")) or 1
    return Wanted(
        notice_id=number_in(request.args.get("notice")),
        counter=counter,
        sort=sort if sort in SORTS else "waiting",
        page=min(max(page, 1), 100_000),
        words=request.args.get("q", "").strip()[:50],
    )
