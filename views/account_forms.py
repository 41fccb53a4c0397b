"""What an administrator types about an account."""

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, PasswordField

from models.accounts import GIVEN, LABELS, Standing
from models.passwords import Owner
from models.permissions import Role
from models.problems import Problem
from views.controls import OfficeField, OneOfField, WordsField
from views.forms import Starred
from views.policies import new_password_problems, policy_words

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


class PasswordForm(DynamicForm):
    """A new password, typed twice."""

    password = PasswordField(
        LABELED["password"],
        [Starred()],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(LABELED["again"], [Starred()], render_kw={"autocomplete": "new-password"})

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


class AccountForm(DynamicForm):
    """What an administrator decides about an account."""

    seen = HiddenField()
    name = WordsField(
        LABELED["name"], [Starred()], render_kw={"maxlength": 64, "autocomplete": "off"}
    )
    role = OneOfField(LABELED["role"], [Starred()])
    office = OfficeField(
        LABELED["office"],
        description=lazy_gettext("填写机构的统一社会信用代码；系统管理员留空。"),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    active = BooleanField(
        LABELED["active"], default=True, description=lazy_gettext("停用后立即不能再使用。")
    )

    def offer(self, standing: Standing | None = None):
        """Fill in the roles that can be given; a person's account keeps its own."""
        person = standing is not None and standing.is_person
        roles = (Role.APPLICANT,) if person else GIVEN
        self.role.choices = [(role.value, gettext(role.value)) for role in roles]
        if not person:
            self.role.choices.insert(0, ("", gettext("请选择")))
        return self


class NewAccountForm(PasswordForm, AccountForm):
    """The same, with user name and password."""

    username = WordsField(
        LABELED["username"],
        [Starred()],
        description=lazy_gettext("登录时填写，以后不能修改。"),
        render_kw={"maxlength": 64, "autocomplete": "username", "autocapitalize": "none"},
    )
