"""角色: given and taken by the security administrator, who keeps no account (三员分立)."""

from dataclasses import replace

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from models.accounts import (
    DUTIES,
    GIVEN,
    LABELS,
    REASON,
    Standing,
    reason_problems,
    standing_problems,
)
from models.holders import holding_objection
from models.journal import note
from models.permissions import Role
from models.problems import Problem
from models.words import NotAllowed, NotFound, Stale, _
from views.controls import OneOfField
from views.fields import EssayField
from views.forms import Starred
from views.login import actor
from views.logins import (
    Listed,
    Wanted,
    accounts_by_role,
    locked_user,
    other_administrators,
    person_of,
    put,
    seal_of,
    standing_of,
)
from views.paging import Order, asked, fetch, links
from views.refusing import answer_with, give_up, mark
from views.words import translate
from views.writing import Invalid, write

PAGE = 25
TABS = ("none", "given")


class RoleForm(DynamicForm):
    """The role that an account shall have, and why."""

    seen = HiddenField()
    role = OneOfField(
        lazy_gettext(LABELS["role"]),
        description=lazy_gettext("下一次请求起生效；不选就是收回角色。"),
    )
    reason = EssayField(
        lazy_gettext("原因"), [Starred()], render_kw={"maxlength": REASON, "rows": 2}
    )

    def offer(self, standing: Standing):
        """Fill in the roles that can be given, and the one that the account has."""
        kept = [standing.role] if standing.role and standing.role not in GIVEN else []
        choices = [(role.value, gettext(role.value)) for role in (*GIVEN, *kept)]
        self.role.choices = [("", gettext("无角色")), *choices]
        return self


class Roles(BaseView):
    """角色管理."""

    route_base = "/roles"
    class_permission_name = "roles"
    method_permission_name = {"list": "read", "edit": "write"}

    @property
    def session(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/list/")
    @has_access
    def list(self):
        """The accounts that wait for a role, or those that have one; nobody who declares."""
        tab, role = request.args.get("tab", TABS[0]), request.args.get("role", "").strip()
        if tab not in TABS or role not in ("", *Role):
            abort(400)
        wanted = Wanted(request.args.get("q", "").strip(), role if tab == "given" else "")
        order = Order((User.username,))
        place = asked(order)
        page = fetch(self.session, accounts_by_role(wanted, tab == "given"), order, PAGE, place)
        return self.render_template(
            "roles/list.html",
            title=gettext("角色管理"),
            tab=tab,
            words=wanted.words,
            role=wanted.role,
            roles=[each.value for each in Role if each is not Role.APPLICANT],
            rows=[Listed(*row[:-1]) for row in page.rows],
            total=page.found,
            links=links(page, place),
        )

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int):
        """Give, change or take the role of one account."""
        standing = standing_of(self.session, self.session.get(User, pk) or abort(404))
        form = RoleForm(role=standing.role or "").offer(standing)
        if request.method == "GET":
            form.seen.data = seal_of(standing)
        elif self._save(pk, form):
            return redirect(url_for("Roles.list"))
        office = standing.office.name if standing.office else "—"
        return self.render_template(
            "roles/form.html",
            title=gettext("角色 %(name)s", name=standing.username),
            form=form,
            facts=[
                (gettext("用户名"), standing.username),
                (gettext("姓名"), standing.name),
                (gettext("所属机构"), office),
                (gettext("状态"), gettext("启用") if standing.active else gettext("停用")),
            ],
            duties=DUTIES,
        )

    def _save(self, pk: int, form: RoleForm) -> bool:
        """Write, or say in the form why not."""
        refusal = None
        if form.validate():
            refusal = write(lambda: self._give(pk, form), _("已保存角色，下一次请求起生效。"))
            if refusal is None:
                return True
            if refusal.status in (403, 404):
                give_up(refusal)
            # Office and role are judged together; the box that can be changed here is the role's.
            at_role = (
                replace(p, field="role") if p.field == "office" else p for p in refusal.problems
            )
            mark(form, at_role)
            if not isinstance(refusal.cause, Invalid):
                flash(translate(refusal.sentence), "danger")
        answer_with(refusal.status if refusal else 400)
        return False

    def _holding_problems(self, now: Standing) -> "list[Problem]":
        """Why the person of the account, if he is known, cannot hold that of his unit."""
        person = person_of(self.session, now.username)
        if now.role is not Role.LEGAL or person is None or now.office is None:
            return []
        objection = holding_objection(self.session, person, now.office)
        return [Problem("role", objection)] if objection else []

    def _give(self, pk: int, form: RoleForm) -> None:
        user = locked_user(self.session, pk)
        if user is None:
            raise NotFound(_("没有找到这个账号。"))
        before = standing_of(self.session, user)
        if form.seen.data != seal_of(before):
            form.seen.data = seal_of(before)
            raise Stale(_("别人刚刚改过这个账号。您填写的内容还在本页，请核对后再保存。"))
        role = Role(form.role.data) if form.role.data else None
        if role is before.role:
            raise NotAllowed(_("角色没有变化，没有保存。"))
        others = other_administrators(self.session, user, before.role)
        now = replace(before, role=role)
        problems = standing_problems(now, before, actor().username, others) + reason_problems(
            form.reason.data or ""
        )
        problems += self._holding_problems(now)
        if problems:
            raise Invalid(problems)
        put(self.session, user, now)
        detail = {"role": role, "before": before.role, "reason": form.reason.data}
        note(self.session, actor().username, "role", "account", before.username, **detail)
