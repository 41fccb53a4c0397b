"""我的经办人: the legal person's account adds, changes, hands over and disables agents
(unit manual 2.3). What it changes takes effect at the agent's next request."""

from collections.abc import Callable

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext

from models.handover import open_work
from models.permissions import agents_visible_to
from models.words import _
from views.agent_forms import AgentForm, HandoverForm, NewAgentForm
from views.engaging import Engaging, seal
from views.login import actor, request_time
from views.refusing import give_up, saved
from views.screens import Screen
from views.staffing import Member, member, members
from views.writing import write


class Agents(Screen):
    """我的经办人."""

    route_base = "/agents"
    class_permission_name = "agents"
    method_permission_name = {
        "list": "read", "add": "write", "edit": "write", "leave": "write", "enable": "write",
    }  # fmt: skip

    @expose("/list/")
    @has_access
    def list(self):
        """All agents of the own office."""
        title, rows = gettext("我的经办人"), members(self.session, agents_visible_to(actor()))
        held = actor().person_id is not None
        return self.render_template("agents/list.html", title=title, rows=rows, held=held)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self):
        """添加."""
        form = NewAgentForm()
        done = _("已添加经办人。请把初始密码当面告诉本人，由本人登录后修改。")
        if self._posted(form, lambda engaging: engaging.add(form), done):
            return redirect(url_for("Agents.list"))
        return self._page(gettext("添加经办人"), form)

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int):
        """编辑, the password too."""
        there = self._member(pk)
        form = AgentForm(data={"name": there.name, "mobile": there.mobile})
        if request.method == "GET":
            form.checker.data, form.seen.data = there.confirms, seal(there)
        if self._posted(form, lambda engaging: engaging.change(pk, form), _("已保存。")):
            return redirect(url_for("Agents.list"))
        form.show(there)
        return self._page(gettext("编辑经办人 %(name)s", name=there.name), form, there)

    @expose("/leave/<int:pk>", methods=["GET", "POST"])
    @has_access
    def leave(self, pk: int):
        """交接 of what is open, and 停用 with it."""
        there = self._member(pk)
        form = HandoverForm()
        heirs = self._engaging().heirs(there)
        form.heir.choices = [("", gettext("请选择")), *((h.username, h.name) for h in heirs)]
        disable = request.form.get("then") != "keep"
        done = _("已停用，名下的工作已交接。") if disable else _("已交接。")
        heir = request.form.get("heir", "")
        if self._posted(form, lambda engaging: engaging.leave(pk, heir, disable=disable), done):
            return redirect(url_for("Agents.list"))
        work = open_work(self.session, actor().office_id, there.agent)
        title = gettext("交接与停用 %(name)s", name=there.name)
        return self.render_template(
            "agents/leave.html", title=title, form=form, work=work, member=there, heirs=heirs
        )

    @expose("/enable/<int:pk>", methods=["POST"])
    @has_access
    def enable(self, pk: int):
        """启用."""
        self._member(pk)
        if refusal := write(lambda: self._engaging().enable(pk), _("已启用。")):
            give_up(refusal)
        return redirect(url_for("Agents.list"))

    def _engaging(self) -> Engaging:
        return Engaging(self.session, current_app.extensions["vault"], actor(), request_time())

    def _member(self, pk: int) -> Member:
        return member(self.session, agents_visible_to(actor()), pk) or abort(404)

    def _posted(self, form, deed: Callable[[Engaging], None], done: str) -> bool:
        """Whether something was sent and written; if it was refused, the form says why."""
        return request.method == "POST" and saved(form, lambda: deed(self._engaging()), done)

    def _page(self, title: str, form: AgentForm, there: Member | None = None):
        fields = [form[name] for name in form.shown]
        return self.render_template(
            "agents/form.html", title=title, form=form, fields=fields, member=there
        )
