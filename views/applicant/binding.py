"""单位绑定: search by the unit's code, ask, see what became of it, end it (manual 3.1)."""

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from sqlalchemy import select

from models.binding import Binding, ask, live_binding
from models.filing import leave
from models.journal import note
from models.numbers import uscc_objection
from models.offices import Office, OfficeKind
from models.permissions import bindings_visible_to
from models.words import BadInput, NotFound, _
from views.login import actor, request_time
from views.words import translate
from views.writing import write


class MyBinding(BaseView):
    """单位绑定 of the applicant."""

    route_base = "/binding"
    class_permission_name = "binding"
    method_permission_name = {"list": "read", "ask": "write", "end": "write"}
    default_view = "list"

    @expose("/")
    @has_access
    def list(self):
        """The binding that lives, the search by code, the history."""
        code = request.args.get("code")
        if code is not None and not code.strip():
            return self._page("", gettext("请输入统一社会信用代码。"), 400)
        return self._page(code or "")

    def _page(self, code: str, words: str = "", status: int = 200):
        session = self.appbuilder.session
        code = "".join(code.split()).upper()
        unit = None
        if code and not words:
            unit, words = self._search(code)
            status = 200 if unit else 400
        history = session.scalars(
            select(Binding)
            .where(bindings_visible_to(actor()))
            .order_by(Binding.requested_at.desc(), Binding.id.desc())
        ).all()
        page = self.render_template(
            "applicant/binding.html",
            title=gettext("单位绑定"),
            live=live_binding(session, actor().person_id),
            unit=unit,
            code=code,
            words=words,
            history=history,
            now=request_time(),
        )
        return page, status

    def _search(self, code: str) -> tuple[Office | None, str]:
        """The unit of a code, or the sentence why there is none."""
        if objection := uscc_objection(code):
            return None, translate(objection)
        unit = self._unit(code)
        if unit is None:
            return None, gettext("没有找到这个代码的推荐单位。请核对代码，或请单位先在系统中注册。")
        return unit, ""

    def _unit(self, code: str) -> Office | None:
        wanted = (Office.uscc == code, Office.kind == OfficeKind.UNIT, Office.active)
        return self.appbuilder.session.scalars(select(Office).where(*wanted)).one_or_none()

    @expose("/ask", methods=["POST"])
    @has_access
    def ask(self):
        """绑定."""
        code = "".join(request.form.get("code", "").split()).upper()
        done = _("已申请绑定，请等单位同意。")
        if refusal := write(lambda: self._ask(code), done):
            return self._page(code, translate(refusal.sentence), refusal.status)
        return redirect(url_for("MyBinding.list"))

    def _ask(self, code: str) -> None:
        if objection := uscc_objection(code):
            raise BadInput(objection)
        unit = self._unit(code)
        if unit is None:
            raise NotFound(_("没有找到这个代码的推荐单位，请核对代码。"))
        binding = ask(self.appbuilder.session, actor().person_id, unit, request_time())
        note(self.appbuilder.session, actor().username, "bind", "binding", binding.id, unit=unit.id)

    @expose("/end/<int:pk>", methods=["POST"])
    @has_access
    def end(self, pk: int):
        """解除绑定."""
        if refusal := write(lambda: self._end(pk), _("已解除绑定。")):
            flash(translate(refusal.sentence), "danger")
            return self._page("", status=refusal.status)
        return redirect(url_for("MyBinding.list"))

    def _end(self, pk: int) -> None:
        session = self.appbuilder.session
        wanted = (Binding.id == pk, bindings_visible_to(actor()))
        binding = session.scalars(select(Binding).where(*wanted)).one_or_none() or abort(404)
        leave(session, binding, request_time())
        note(session, actor().username, "unbind", "binding", pk, unit=binding.unit_id)
