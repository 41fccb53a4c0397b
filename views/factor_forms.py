"""What is typed at the second factor."""

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField

from views.controls import WordsField
from views.forms import Starred


class CodeForm(DynamicForm):
    """One code."""

    code = WordsField(
        lazy_gettext("验证码"),
        [Starred()],
        render_kw={
            "maxlength": 20, "autocomplete": "one-time-code", "autocapitalize": "characters",
            "spellcheck": "false",
        },
    )  # fmt: skip


class PasswordedForm(DynamicForm):
    """The own password, asked once more."""

    password = PasswordField(
        lazy_gettext("登录密码"), [Starred()], render_kw={"autocomplete": "current-password"}
    )


class ChangeForm(CodeForm, PasswordedForm):
    """Password and code: for what weakens the account."""


def filled_in(form: PasswordedForm) -> bool:
    """Whether nothing is empty; what is, says so and need not count as a guess."""
    empty = [form[name] for name in ("password", "code") if name in form and not form[name].data]
    for field in empty:
        field.errors = [gettext("请填写%(label)s。", label=field.label.text)]
    return not empty
