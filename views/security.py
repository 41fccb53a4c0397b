"""安全设置: the rules in force, and what the security administrator does for one account: take
away a lost second factor. Each with a reason, in the journal.
"""

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from models import second
from models.accounts import REASON, Standing, reason_problems
from models.journal import note
from models.sessions import End, end_all
from models.words import NotAllowed, NotFound, _
from views.fields import EssayField
from views.forms import Starred
from views.login import actor, request_time
from views.logins import locked_user, standing_of
from views.refusing import answer_with, give_up, mark
from views.words import short_time
from views.writing import Invalid, write


class ReasonForm(DynamicForm):
    """Why it is done."""

    reason = EssayField(
        lazy_gettext("原因"), [Starred()], render_kw={"maxlength": REASON, "rows": 2}
    )


class Security(BaseView):
    """安全设置."""

    route_base = "/security"
    class_permission_name = "security"
    method_permission_name = {"list": "read", "account": "read", "reset": "write"}

    @property
    def session(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/")
    @has_access
    def list(self):
        """The rules in force, and the way to one account."""
        wanted = request.args.get("username", "").strip()
        found = select(User.id).where(User.username == wanted)
        if wanted and (pk := self.session.scalars(found).one_or_none()) is not None:
            return redirect(url_for("Security.account", pk=pk))
        return self.render_template(
            "security/list.html", title=gettext("安全设置"), rules=self._rules(), wanted=wanted
        )

    def _rules(self) -> "list[tuple[str, str]]":
        """What is in force, as the deployment has it."""
        config = current_app.config
        hours = int(current_app.permanent_session_lifetime.total_seconds()) // 3600
        idle = {key: config[f"IDLE_{key}"] // 60 for key in ("APPLICANT", "STAFF")}
        one = gettext("是") if config["ONE_SESSION_PER_STAFF"] else gettext("否")
        return [
            (gettext("第二重验证"), gettext(config["SECOND_FACTOR"].label)),
            (gettext("申报人无操作自动退出"), gettext("%(n)s 分钟", n=idle["APPLICANT"])),
            (gettext("其他账号无操作自动退出"), gettext("%(n)s 分钟", n=idle["STAFF"])),
            (gettext("登录最长有效"), gettext("%(n)s 小时", n=hours)),
            (gettext("申报人以外的账号只保留一个登录"), one),
        ]

    @expose("/account/<int:pk>")
    @has_access
    def account(self, pk: int):
        """How one account stands, and what can be done for it."""
        return self._page(pk, ReasonForm())

    def _page(self, pk: int, form: ReasonForm):
        standing = self._standing(self.session.get(User, pk) or abort(404))
        factor = second.confirmed(self.session, standing.username)
        since = short_time(factor.confirmed_at, request_time()) if factor else ""
        return self.render_template(
            "security/account.html",
            title=gettext("账号 %(name)s", name=standing.username),
            facts=[
                (gettext("姓名"), standing.name),
                (gettext("角色"), gettext(standing.role) if standing.role else gettext("无角色")),
                (gettext("状态"), gettext("启用") if standing.active else gettext("停用")),
                (gettext("第二重验证"), since or gettext("未启用")),
            ],
            form=form,
            pk=pk,
            has_factor=factor is not None,
        )

    def _standing(self, user: User) -> Standing:
        return standing_of(self.session, user)

    @expose("/reset/<int:pk>", methods=["POST"])
    @has_access
    def reset(self, pk: int):
        """重置第二重验证: whoever lost it enrols anew."""
        form = ReasonForm()
        done = _("已重置第二重验证。本人下次登录后可以重新启用。")
        if self._done(form, lambda: self._reset(pk, form.reason.data or ""), done):
            return redirect(url_for("Security.account", pk=pk))
        return self._page(pk, form)

    def _done(self, form: ReasonForm, work, done: str) -> bool:
        """Write with the reason, or say in the form why not."""
        refusal = write(work, done) if form.validate() else None
        if refusal is None and not form.errors:
            return True
        if refusal is not None and not isinstance(refusal.cause, Invalid):
            give_up(refusal)
        mark(form, refusal.problems if refusal else ())
        answer_with(400)
        return False

    def _reset(self, pk: int, reason: str) -> None:
        user = locked_user(self.session, pk)
        if user is None:
            raise NotFound(_("没有找到这个账号。"))
        if problems := reason_problems(reason):
            raise Invalid(problems)
        if user.username == actor().username:
            raise NotAllowed(_("不能重置自己的第二重验证。请由其他安全管理员办理。"))
        if not second.remove(self.session, user.username):
            raise NotAllowed(second.NONE)
        end_all(self.session, user.username, End.CHANGED)
        note(
            self.session, actor().username, "second_reset", "account", user.username, reason=reason
        )
