"""业务审核: the work desk of every office in the chain."""

from flask import current_app, redirect, request, url_for
from flask_appbuilder import expose, has_access

from models.declaration import Step
from models.permissions import steps_visible_to
from models.words import _
from views.audit.counters import BY_KEY as COUNTERS
from views.audit.desk_page import desk_page
from views.audit.queue import OLDEST_FIRST, SORTS, DeskReader, Wanted, waiting
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
        page = desk_page(reader, wanted())
        return self.render_template("audit/desk.html", page=page, title=page.title)

    @expose("/next/<int:notice>")
    @has_access
    def next(self, notice: int):
        """开始审核: the one that waits longest."""
        queue = waiting(actor().office_id, notice)
        first = self.appbuilder.session.scalar(OLDEST_FIRST.apply(queue).limit(1))
        if first is None:
            return redirect(url_for("Desk.list", notice=notice))
        return redirect(url_for("Bench.show", pk=first))


def wanted() -> Wanted:
    """What the address asks for; what cannot be meant falls back to the usual."""
    counter = COUNTERS.get(request.args.get("state", "pending"), COUNTERS["pending"])
    sort = request.args.get("sort", "waiting")
    return Wanted(
        notice_id=number_in(request.args.get("notice")),
        counter=counter,
        sort=sort if sort in SORTS else "waiting",
        words=request.args.get("q", "").strip()[:50],
    )
