"""What the legal person types about an agent."""

from types import SimpleNamespace

from flask_appbuilder.forms import DynamicForm
from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, PasswordField

from models.agents import LABELS, LONGEST_NAME, Wanted
from models.passwords import Owner
from models.problems import Problem
from models.vault import normalised
from views.controls import OneOfField, WordsField
from views.fields import SecretField
from views.forms import Starred
from views.policies import new_password_problems, policy_words
from views.staffing import Member

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}

KEEP = lazy_gettext("不改就留空。经办人下次登录时要自己改一次。")


class AgentForm(DynamicForm):
    """An agent; on a change an empty password means the old one."""

    seen = HiddenField()
    name = WordsField(
        LABELED["name"],
        [Starred()],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    number = SecretField(
        LABELED["number"],
        description=lazy_gettext("填写后可以用身份证号登录；也用来防止审核本人的申报。"),
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )
    mobile = WordsField(
        LABELED["mobile"],
        description=lazy_gettext("经办人用它登录。"),
        render_kw={"maxlength": 20, "autocomplete": "off", "inputmode": "tel"},
    )
    checker = BooleanField(
        LABELED["checker"],
        description=lazy_gettext("确认或驳回经办人提请的终止审核和批量送审，自己不审核。"),
    )
    password = PasswordField(
        LABELED["password"], description=KEEP, render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(LABELED["again"], render_kw={"autocomplete": "new-password"})

    shown = ("name", "number", "mobile", "checker", "password", "again")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.again.description = policy_words()

    def problems(self, owner: Owner) -> list[Problem]:
        """What is wrong with the password, if one was typed."""
        return new_password_problems(self.password.data or "", self.again.data or "", owner)

    def show(self, member: Member) -> None:
        """Fill in how the agent stands."""
        self.number.process_data(SimpleNamespace(mask=member.number) if member.number else None)

    def wanted(self, *, known: bool = False) -> Wanted:
        """What was typed, in words of the domain."""
        mobile = normalised(self.mobile.data or "")
        return Wanted(self.name.data or "", self.number.number, mobile, known)


class NewAgentForm(AgentForm):
    """A new agent needs a password."""

    password = PasswordField(
        LABELED["password"],
        [Starred()],
        description=lazy_gettext("初始密码。经办人第一次登录时要自己改一次。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(LABELED["again"], [Starred()], render_kw={"autocomplete": "new-password"})


class HandoverForm(DynamicForm):
    """Who goes on with what is open."""

    heir = OneOfField(lazy_gettext("接手的经办人"), [Starred()])
