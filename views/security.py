"""安全设置: the rules in force, and what the security administrator does for one account: unlock
it, take away a lost second factor. Each with a reason, in the journal.
"""

from collections.abc import Callable
from datetime import timedelta

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from models import second, throttle
from models.accounts import reason_problems
from models.journal import note
from models.limits import LIMITS, Limit, Scope
from models.permissions import Role
from models.reasons import REASON
from models.sessions import End, end_all
from models.throttle import Throttle
from models.words import NotAllowed, _
from views.fields import EssayField
from views.forms import Starred
from views.login import actor, limits_of, request_time
from views.logins import locked_user, standing_of
from views.policies import policy_words
from views.refusing import answer_with, give_up, mark
from views.screens import Screen
from views.words import short_time
from views.writing import Invalid, write


class ReasonForm(DynamicForm):
    """Why it is done."""

    reason = EssayField(
        lazy_gettext("原因"), [Starred()], render_kw={"maxlength": REASON, "rows": 2}
    )


class Security(Screen):
    """安全设置."""

    route_base = "/security"
    class_permission_name = "security"
    method_permission_name = {
        "list": "read", "account": "read", "unlock": "write", "reset": "write",
    }  # fmt: skip

    @expose("/")
    @has_access
    def list(self):
        """The rules in force, and the way to one account."""
        wanted = request.args.get("username", "").strip()
        found = select(User.id).where(User.username == wanted)
        if wanted and (pk := self.session.scalars(found).one_or_none()) is not None:
            return redirect(url_for("Security.account", pk=pk))
        return self.render_template(
            "security/list.html",
            title=gettext("安全设置"),
            rules=rules_in_force(),
            locked=self._locked(),
            wanted=wanted,
        )

    def _locked(self) -> "list[tuple[int, str, str]]":
        """The accounts that are locked now: key, user name, until when."""
        query = throttle.locked_accounts(request_time()).subquery()
        found = select(User.id, query.c.account, query.c.until).join(
            query, query.c.account == User.username
        )
        rows = self.session.execute(found.order_by(query.c.until.desc(), query.c.account))
        return [(pk, name, short_time(until, request_time())) for pk, name, until in rows]

    @expose("/account/<int:pk>")
    @has_access
    def account(self, pk: int):
        """How one account stands, and what can be done for it."""
        return self._page(pk, ReasonForm())

    def _page(self, pk: int, form: ReasonForm):
        standing = standing_of(self.session, self.session.get(User, pk) or abort(404))
        factor = second.confirmed(self.session, standing.username)
        since = short_time(factor.confirmed_at, request_time()) if factor else ""
        until = self._lock_of(standing.username)
        return self.render_template(
            "security/account.html",
            title=gettext("账号 %(name)s", name=standing.username),
            facts=[
                (gettext("姓名"), standing.name),
                (gettext("角色"), gettext(standing.role) if standing.role else gettext("无角色")),
                (gettext("状态"), gettext("启用") if standing.active else gettext("停用")),
                (gettext("第二重验证"), since or gettext("未启用")),
                (gettext("锁定"), gettext("到 %(at)s", at=until) if until else gettext("没有锁定")),
            ],
            form=form,
            pk=pk,
            has_factor=factor is not None,
            is_locked=until is not None,
        )

    def _lock_of(self, username: str) -> str | None:
        """Until when the account is locked, if it is."""
        query = throttle.locked_accounts(request_time()).where(Throttle.account == username)
        found = self.session.execute(query).one_or_none()
        return short_time(found.until, request_time()) if found else None

    @expose("/unlock/<int:pk>", methods=["POST"])
    @has_access
    def unlock(self, pk: int):
        """解锁: who guessed too often may try again."""
        return self._done(pk, self._unlock, _("已解锁，本人现在可以登录。"))

    def _unlock(self, pk: int, reason: str) -> None:
        username = self._user(pk, reason).username
        if self._lock_of(username) is None:
            raise NotAllowed(_("这个账号没有被锁定，不用解锁。"))
        throttle.unlock(self.session, username, actor().username, reason=reason)

    @expose("/reset/<int:pk>", methods=["POST"])
    @has_access
    def reset(self, pk: int):
        """重置第二重验证: whoever lost it enrols anew."""
        return self._done(pk, self._reset, _("已重置第二重验证。本人下次登录后可以重新启用。"))

    def _done(self, pk: int, work: Callable[[int, str], None], done: str):
        """Write with the reason, or say in the form why not."""
        form = ReasonForm()
        refusal = write(lambda: work(pk, form.reason.data or ""), done) if form.validate() else None
        if refusal is None and not form.errors:
            return redirect(url_for("Security.account", pk=pk))
        if refusal is not None and not isinstance(refusal.cause, Invalid):
            give_up(refusal)
        mark(form, refusal.problems if refusal else ())
        answer_with(400)
        return self._page(pk, form)

    def _user(self, pk: int, reason: str) -> User:
        """Whom it is about, locked; Invalid if no reason is given."""
        user = locked_user(self.session, pk)
        if problems := reason_problems(reason):
            raise Invalid(problems)
        return user

    def _reset(self, pk: int, reason: str) -> None:
        user = self._user(pk, reason)
        if user.username == actor().username:
            raise NotAllowed(_("不能重置自己的第二重验证。请由其他安全管理员办理。"))
        if not second.remove(self.session, user.username):
            raise NotAllowed(second.NONE)
        end_all(self.session, user.username, End.CHANGED)
        note(
            self.session, actor().username, "second_reset", "account", user.username, reason=reason
        )


def rules_in_force() -> list[tuple[str, str]]:
    """What the deployment is configured to: label and words."""
    config = current_app.config
    one = gettext("是") if config["ONE_SESSION_PER_STAFF"] else gettext("否")
    return [
        (gettext("申报人的密码"), policy_words(staff=False)),
        (gettext("其他账号的密码"), policy_words(staff=True)),
        (gettext("同一账号连续出错"), _words_of(LIMITS[Scope.SUBJECT])),
        (gettext("同一地址连续出错"), _words_of(LIMITS[Scope.ADDRESS])),
        (gettext("第二重验证"), gettext(config["SECOND_FACTOR"].label)),
        (gettext("申报人无操作自动退出"), _long(limits_of(Role.APPLICANT).idle)),
        (gettext("其他账号无操作自动退出"), _long(limits_of(None).idle)),
        (gettext("一次登录最长"), _long(limits_of(None).longest)),
        (gettext("申报人以外的账号只保留一个登录"), one),
    ]


def _words_of(limit: Limit) -> str:
    told = {"n": limit.count, "window": _long(limit.window), "lock": _long(limit.lock)}
    return gettext("%(window)s内 %(n)s 次，锁定 %(lock)s", **told)


def _long(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes and minutes % 60 == 0:
        return gettext("%(n)s 小时", n=minutes // 60)
    return gettext("%(n)s 分钟", n=minutes)
