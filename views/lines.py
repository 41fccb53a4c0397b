"""日志: read, exported and verified by the audit administrator, who can do nothing else.

There is no way to change or to delete a line.
"""

from flask import abort, current_app, jsonify, redirect, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from sqlalchemy import select

from models import verification
from models.trail import ACTS, KINDS, sentence_of, words_of_act
from models.verification import Verification
from models.words import NotFound, _
from views.exporting import FORMATS, send
from views.login import actor, request_time
from views.paging import Rows, fetch
from views.refusing import give_up
from views.returning import wants_json
from views.screens import Screen
from views.trails import COLUMNS, NEWEST, Asked, export_of, told
from views.turning import asked, links
from views.words import short_time, translate
from views.writing import write

PAGE = 50
SHOWN = 20
"""Verifications that are listed."""


class Lines(Screen):
    """日志."""

    route_base = "/journal"
    class_permission_name = "journal"
    method_permission_name = {
        "list": "read", "export": "export", "verifications": "verify", "begin": "verify",
        "progress": "verify", "go_on": "verify", "stop": "verify",
    }  # fmt: skip

    @expose("/list/")
    @has_access
    def list(self):
        """The lines that are asked for, the newest first."""
        wanted, place = Asked.of_request(), asked(NEWEST)
        rows = Rows(wanted.apply(select(*COLUMNS)), NEWEST)
        page = fetch(self.session, rows, PAGE, place)
        return self.render_template(
            "journal/list.html",
            title=gettext("日志"),
            wanted=wanted,
            acts=sorted(("、".join(map(gettext, words_of_act(key))), key) for key in ACTS),
            kinds=sorted((gettext(word), key) for key, word in KINDS.items()),
            rows=[told(row) for row in page.rows],
            total=page.found,
            links=links(page, place),
            export_url=url_for("Lines.export", **wanted.given),
        )

    @expose("/export")
    @has_access
    def export(self):
        """The same as a file; the journal says who took it."""
        export, journal = export_of(Asked.of_request()), current_app.extensions["journal"]
        db = current_app.extensions["sqlalchemy"]
        return send(export, FORMATS["csv"], db, journal, actor(), request_time())

    @expose("/verify/")
    @has_access
    def verifications(self):
        """The last verifications, and the way to a new one."""
        latest = select(Verification).order_by(Verification.begun_at.desc(), Verification.id.desc())
        rows = self.session.scalars(latest.limit(SHOWN)).all()
        return self.render_template(
            "journal/verifications.html",
            title=gettext("校验日志"),
            rows=[(row, short_time(row.begun_at, request_time())) for row in rows],
        )

    @expose("/verify/begin", methods=["POST"])
    @has_access
    def begin(self):
        """A new verification."""
        made: list[Verification] = []
        refusal = write(
            lambda: made.append(verification.begin(self.session, actor().username, request_time()))
        )
        if refusal:
            give_up(refusal)
        return redirect(url_for("Lines.progress", pk=made[0].id))

    @expose("/verify/<int:pk>")
    @has_access
    def progress(self, pk: int):
        """How far it has come, and what it found."""
        row = self.session.get(Verification, pk) or abort(404)
        return self.render_template(
            "journal/progress.html",
            title=gettext("校验日志"),
            row=row,
            found=[translate(sentence_of(fault)) for fault in row.found],
        )

    @expose("/verify/<int:pk>/on", methods=["POST"])
    @has_access
    def go_on(self, pk: int):
        """One more piece; a script comes for one after the other."""
        journal, at = current_app.extensions["journal"], request_time()
        refusal = write(lambda: verification.go_on(self.session, journal, self._locked(pk), at))
        if refusal:
            give_up(refusal)
        if not wants_json():
            return redirect(url_for("Lines.progress", pk=pk))
        row = self.session.get(Verification, pk)
        done = row.ended_at is not None
        return jsonify(position=row.position, until=row.until, faults=row.faults, done=done)

    @expose("/verify/<int:pk>/stop", methods=["POST"])
    @has_access
    def stop(self, pk: int):
        """Leave it at what was verified."""
        done = _("已停止校验。")
        refusal = write(
            lambda: verification.stop(self.session, self._locked(pk), request_time()), done
        )
        if refusal:
            give_up(refusal)
        return redirect(url_for("Lines.progress", pk=pk))

    def _locked(self, pk: int) -> Verification:
        row = self.session.get(Verification, pk, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound(_("没有找到这次校验。"))
        return row
