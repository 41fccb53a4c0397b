"""What the system administrator types about an account."""

from flask_appbuilder.forms import DynamicForm
from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, PasswordField

from models.accounts import LABELS, password_problems
from models.problems import Problem
from views.controls import OfficeField, WordsField
from views.forms import Starred

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


class PasswordForm(DynamicForm):
    """A new password, typed twice."""

    password = PasswordField(
        LABELED["password"],
        [Starred()],
        description=lazy_gettext("至少 8 个字符，含小写字母、大写字母、数字、其他符号中的三种。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(LABELED["again"], [Starred()], render_kw={"autocomplete": "new-password"})

    def problems(self, username: str) -> list[Problem]:
        """What is wrong with the password."""
        return password_problems(self.password.data or "", self.again.data or "", username)


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
    active = BooleanField(
        LABELED["active"], default=True, description=lazy_gettext("停用后立即不能再使用。")
    )


class NewAccountForm(PasswordForm, AccountForm):
    """The same, with user name and password."""

    username = WordsField(
        LABELED["username"],
        [Starred()],
        description=lazy_gettext("登录时填写，以后不能修改。"),
        render_kw={"maxlength": 64, "autocomplete": "username", "autocapitalize": "none"},
    )
