"""What the system administrator types about an account."""

from flask import current_app
from flask_appbuilder.forms import DynamicForm
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField, PasswordField

from models.accounts import LABELS, Standing, is_named
from models.naming import Naming
from models.passwords import Owner
from models.problems import Problem
from views.controls import OfficeField, WordsField
from views.fields import IdentityField
from views.forms import Starred
from views.logins import person_of
from views.policies import new_password_problems, policy_words

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


def chosen(label: str) -> PasswordField:
    """A box for a password that is chosen now."""
    return PasswordField(label, [Starred()], render_kw={"autocomplete": "new-password"})


class PasswordForm(DynamicForm):
    """A new password in place of an old one, typed twice."""

    password, again = chosen(LABELED["new_password"]), chosen(LABELED["new_again"])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.password.description = policy_words()

    def ask(self, owner: Owner):
        """Say what is asked of a password of this account."""
        self.password.description = policy_words(staff=owner.staff)
        return self

    def problems(self, owner: Owner) -> list[Problem]:
        """What is wrong with the password."""
        return new_password_problems(self.password.data or "", self.again.data or "", owner)


class OwnPasswordForm(PasswordForm):
    """The same, with the old one."""

    old = PasswordField(LABELED["old"], [Starred()], render_kw={"autocomplete": "current-password"})


class NewMobileForm(DynamicForm):
    """The new number, and the password that says who asks."""

    old = PasswordField(LABELED["old"], [Starred()], render_kw={"autocomplete": "current-password"})
    mobile = WordsField(
        lazy_gettext("新手机号"),
        [Starred()],
        description=lazy_gettext("用来接收验证码，更换后用它登录、找回密码和接收消息。"),
        render_kw={"maxlength": 20, "autocomplete": "tel-national", "inputmode": "numeric"},
    )


class AccountForm(DynamicForm):
    """What the system administrator decides about an account."""

    seen = HiddenField()
    name = WordsField(
        LABELED["name"], [Starred()], render_kw={"maxlength": 64, "autocomplete": "off"}
    )
    office = OfficeField(
        LABELED["office"],
        description=lazy_gettext("填写机构的统一社会信用代码；系统、安全、审计管理员留空。"),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    number = IdentityField(
        LABELED["number"],
        description=lazy_gettext("审核人员请填写，本人的申报须由他人审核。"),
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )
    active = BooleanField(
        LABELED["active"], default=True, description=lazy_gettext("停用后立即不能再使用。")
    )

    def naming(self, session: Session, now: Standing, before: Standing | None = None) -> Naming:
        """Whom the account stands for, if the keeper of accounts says so."""
        vault = current_app.extensions["vault"]
        if not is_named(now):
            return Naming(session, vault, now.name)
        known, old = person_of(session, now.username), before.name if before else ""
        office_id = before.office.id if before and before.office else None
        return Naming(session, vault, now.name, self.number.number, known, old, office_id)


class NewAccountForm(PasswordForm, AccountForm):
    """The same, with user name and password."""

    password, again = chosen(LABELED["password"]), chosen(LABELED["again"])
    username = WordsField(
        LABELED["username"],
        [Starred()],
        description=lazy_gettext("登录时填写，以后不能修改。"),
        render_kw={"maxlength": 64, "autocomplete": "username", "autocapitalize": "none"},
    )
