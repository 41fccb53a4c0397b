"""账号: who may sign in, and for which office. No hash is ever shown, and no role given: that is
the security administrator's (views/roles.py)."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from models.accounts import Standing, check_reset, is_named, standing_problems, taken_with
from models.clock import day_of
from models.journal import note
from models.naming import Naming
from models.offices import named
from models.passwords import Owner
from models.people import Account
from models.permissions import Role
from models.problems import Problem
from models.words import Forbidden, _, say
from views.account_forms import AccountForm, NewAccountForm, PasswordForm
from views.login import actor, request_time
from views.logins import (
    TAKEN,
    Listed,
    Wanted,
    accounts_of,
    check_seal,
    holding_problems,
    is_taken,
    locked_user,
    other_administrators,
    person_of,
    put,
    seal_of,
    set_password,
    standing_of,
)
from views.paging import Order, Rows, fetch
from views.policies import owner_of
from views.refusing import saved
from views.screens import Screen
from views.turning import asked, links, turned
from views.writing import Invalid, tell

PAGE = 25


class Accounts(Screen):
    """账号管理."""

    route_base = "/accounts"
    class_permission_name = "accounts"
    method_permission_name = {
        "list": "read", "add": "write", "edit": "write", "password": "write",
    }  # fmt: skip

    @expose("/list/")
    @has_access
    def list(self):
        """All accounts: searched, ordered by their user names, page by page."""
        given = {key: request.args.get(key, "").strip() for key in ("role", "active")}
        wanted = Wanted(request.args.get("q", "").strip(), **given)
        direction = request.args.get("order", "asc")
        if wanted.active not in ("", "0", "1") or direction not in ("asc", "desc"):
            abort(400)
        order = Order((User.username,), direction == "desc")
        place = asked(order)
        page = fetch(self.session, Rows(accounts_of(wanted), order), PAGE, place)
        return self.render_template(
            "accounts/list.html",
            title=gettext("账号管理"),
            rows=[Listed(*values) for values in page.values],
            roles=[role.value for role in Role],
            wanted=wanted,
            down=order.down,
            turn=turned(order="asc" if order.down else "desc"),
            total=page.found,
            links=links(page, place),
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self):
        """A new account."""
        form = NewAccountForm()
        if request.method == "POST":
            done = _("已新增账号。请把用户名和初始密码当面告诉本人，并请安全管理员给予角色。")
            if saved(form, lambda: self._create(form), done):
                return redirect(url_for("Accounts.list"))
        names = ("username", "name", "number", "office", "active", "password", "again")
        fields = [form[name] for name in names]
        return self._page(gettext("新增账号"), form, fields, gettext("新增账号"))

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int):
        """Name, office, and whether it may be used."""
        user = self.session.get(User, pk) or abort(404)
        standing, reset = standing_of(self.session, user), pk if self._may_reset(user) else None
        form = AccountForm(obj=standing)
        if request.method == "GET":
            form.seen.data = seal_of(standing)
        elif saved(form, lambda: self._change(pk, form), _("已保存。")):
            return redirect(url_for("Accounts.list"))
        number = ["number"] if is_named(standing) else []
        office = [] if standing.is_person else ["office"]
        names = ["name", *number, *office, "active"]
        form.number.process_data(getattr(person_of(self.session, standing.username), "id_no", None))
        title = gettext("编辑账号 %(name)s", name=standing.username)
        fields = [form[name] for name in names]
        role = gettext(standing.role) if standing.role else gettext("无角色")
        return self._page(title, form, fields, gettext("保存账号"), reset=reset, role=role)

    @expose("/password/<int:pk>", methods=["GET", "POST"])
    @has_access
    def password(self, pk: int):
        """重置密码."""
        user = self.session.get(User, pk) or abort(404)
        self._check_reset(user)
        username, form = user.username, PasswordForm().ask(owner_of(self.session, user))
        if request.method == "POST" and saved(
            form, lambda: self._reset(pk, form), _("已重置密码。请当面告诉本人。")
        ):
            return redirect(url_for("Accounts.list"))
        title = gettext("重置密码 %(name)s", name=username)
        fields = [form.password, form.again]
        return self._page(title, form, fields, gettext("重置密码"), username=username)

    def _page(self, title: str, form, fields: "list", save_word: str, **more):
        return self.render_template(
            "accounts/form.html",
            title=title,
            form=form,
            fields=fields,
            save_word=save_word,
            **more,
        )

    def _create(self, form: NewAccountForm) -> None:
        standing, problems = self._typed(form, Standing(form.username.data or "", "", None))
        problems += standing_problems(standing, None, actor().username, 0)
        naming = form.naming(self.session, standing)
        problems += naming.problems(day_of(request_time()))
        problems += form.problems(_owner(standing, naming.number))
        if is_taken(self.session, standing.username):
            problems.append(Problem("username", say(TAKEN)))
        if problems:
            raise Invalid(problems)
        user = User()
        put(self.session, user, standing)
        set_password(self.session, user, form.password.data, first=True, now=request_time())
        self._note("add", standing, **standing.changes(None), **self._know(standing, naming))

    def _change(self, pk: int, form: AccountForm) -> None:
        user = locked_user(self.session, pk)
        before = standing_of(self.session, user)
        check_seal(form, seal_of(before))
        standing, problems = self._typed(form, before)
        others = other_administrators(self.session, user, before.role)
        problems += standing_problems(standing, before, actor().username, others)
        if standing.active and not before.active:
            problems += holding_problems(self.session, standing, "active")
        naming = form.naming(self.session, standing, before)
        problems += naming.problems(day_of(request_time()))
        if problems:
            raise Invalid(problems)
        if role := taken_with(standing.office, before):
            standing = replace(standing, role=None)
            self._note("role", standing, role=None, before=role)
            words = _("换了机构，原来的角色（%(role)s）已收回，请安全管理员重新给予角色。")
            tell(say(words, role=role.value), "warning")
        put(self.session, user, standing)
        known = self._know(standing, naming)
        self._note("edit", standing, **standing.changes(before), **known)

    def _know(self, standing: Standing, naming: Naming) -> dict[str, bool]:
        """Bring the person to the account; for the journal, whether one was named."""
        if is_named(standing):
            account = self.session.get(Account, standing.username)
            account.person = naming.person(actor().username)
        return {"identified": True} if naming.number else {}

    def _check_reset(self, user: User) -> None:
        check_reset(user.username, [role.name for role in user.roles], actor().username)

    def _may_reset(self, user: User) -> bool:
        try:
            self._check_reset(user)
        except Forbidden:
            return False
        return True

    def _reset(self, pk: int, form: PasswordForm) -> None:
        user = locked_user(self.session, pk)
        self._check_reset(user)
        if problems := form.problems(owner_of(self.session, user)):
            raise Invalid(problems)
        set_password(self.session, user, form.password.data, first=True, now=request_time())
        note(self.session, actor().username, "password", "account", user.username)

    def _typed(self, form: AccountForm, before: Standing) -> tuple[Standing, "list[Problem]"]:
        """What the form wants the account to be; an office that is not there is a problem."""
        wanted = [] if before.is_person else form.office.codes
        office = next(iter(named(self.session, wanted).values()), None)
        problems = []
        if wanted and office is None:
            words = say(_("没有代码为 %(code)s 的机构，请核对。"), code=wanted[0])
            problems.append(Problem("office", words))
        typed = {"name": form.name.data or "", "office": office, "active": bool(form.active.data)}
        return replace(before, **typed), problems

    def _note(self, act: str, standing: Standing, **detail) -> None:
        note(self.session, actor().username, act, "account", standing.username, **detail)


def _owner(standing: Standing, number: str) -> Owner:
    """Whose password a new account's is."""
    numbers = (number, standing.office.uscc if standing.office else "")
    return Owner(standing.username, standing.name, numbers=numbers)
