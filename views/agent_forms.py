"""What the legal person types about an agent."""

from types import SimpleNamespace

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, PasswordField

from models.agents import LABELS, Wanted
from models.names import LONGEST_NAME
from models.vault import normalised
from views.controls import OneOfField, WordsField
from views.fields import IdentityField
from views.forms import Starred
from views.policies import policy_words
from views.staffing import Member

LABELED = {key: lazy_gettext(label) for key, label in LABELS.items()}


class AgentForm(DynamicForm):
    """An agent; on a change an empty password means the old one."""

    seen = HiddenField()
    name = WordsField(
        LABELED["name"],
        [Starred()],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    number = IdentityField(
        LABELED["number"],
        [Starred()],
        description=lazy_gettext("登录和回避都要用：可以用它登录；本人的申报由他人审核。"),
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
    password = PasswordField(LABELED["new_password"], render_kw={"autocomplete": "new-password"})
    again = PasswordField(LABELED["new_again"], render_kw={"autocomplete": "new-password"})

    shown = ("name", "number", "mobile", "checker", "password", "again")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.password.description = self.asked()

    def asked(self) -> str:
        """What is said beside the password."""
        return gettext("不改就留空。%(policy)s", policy=policy_words())

    def show(self, member: Member) -> None:
        """Fill in how the agent stands: his number is asked for while nobody knows it."""
        self.number.flags.required = not member.number
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
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(LABELED["again"], [Starred()], render_kw={"autocomplete": "new-password"})

    def asked(self) -> str:
        """The same; the new agent changes it at the first login."""
        return policy_words()


class HandoverForm(DynamicForm):
    """Who goes on with what is open."""

    heir = OneOfField(lazy_gettext("接手的经办人"), [Starred()])
