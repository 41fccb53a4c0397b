"""角色: given and taken by the security administrator, who keeps no account (三员分立)."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from models.accounts import (
    DUTIES,
    GIVEN,
    LABELS,
    Standing,
    reason_problems,
    standing_problems,
)
from models.journal import note
from models.permissions import Role
from models.reasons import REASON
from models.words import NotAllowed, _
from views.controls import OneOfField
from views.fields import EssayField
from views.forms import Starred
from views.login import actor
from views.logins import (
    Listed,
    Wanted,
    accounts_by_role,
    check_seal,
    holding_problems,
    locked_user,
    other_administrators,
    put,
    seal_of,
    standing_of,
)
from views.paging import Order, Rows, fetch
from views.refusing import saved
from views.screens import Screen
from views.turning import asked, links
from views.writing import Invalid

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


class Roles(Screen):
    """角色管理."""

    route_base = "/roles"
    class_permission_name = "roles"
    method_permission_name = {"list": "read", "edit": "write"}

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
        rows = Rows(accounts_by_role(wanted, tab == "given"), order)
        page = fetch(self.session, rows, PAGE, place)
        return self.render_template(
            "roles/list.html",
            title=gettext("角色管理"),
            tab=tab,
            words=wanted.words,
            role=wanted.role,
            roles=[each.value for each in Role if each is not Role.APPLICANT],
            rows=[Listed(*values) for values in page.values],
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
        elif saved(form, lambda: self._give(pk, form), _("已保存角色，下一次请求起生效。")):
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

    def _give(self, pk: int, form: RoleForm) -> None:
        user = locked_user(self.session, pk)
        before = standing_of(self.session, user)
        check_seal(form, seal_of(before))
        role = Role(form.role.data) if form.role.data else None
        if role is before.role:
            raise NotAllowed(_("角色没有变化，没有保存。"))
        others = other_administrators(self.session, user, before.role)
        now = replace(before, role=role)
        problems = standing_problems(now, before, actor().username, others)
        # Office and role are judged together; the box that can be changed here is the role's.
        problems = [replace(p, field="role") if p.field == "office" else p for p in problems]
        problems += holding_problems(self.session, now, "role")
        problems += reason_problems(form.reason.data or "")
        if problems:
            raise Invalid(problems)
        put(self.session, user, now)
        detail = {"role": role, "before": before.role, "reason": form.reason.data}
        note(self.session, actor().username, "role", "account", before.username, **detail)
