"""What somebody types who has lost a password: whose it is, and the code that came."""

from flask_appbuilder.forms import DynamicForm
from flask_babel import lazy_gettext

from models.onetime import code_objection
from models.problems import Problem
from models.vault import normalised
from views.controls import WordsField
from views.forms import Starred
from views.panels import AgentPanel, LegalPanel, Panel, PersonPanel


class PersonForm(PersonPanel):
    """个人: who it is, without the password that is lost."""

    password, secret = None, ()


class LegalForm(LegalPanel):
    """法人."""

    password, secret = None, ()


class AgentForm(AgentPanel):
    """经办人."""

    password, secret = None, ()


FORMS: dict[str, type[Panel]] = {"person": PersonForm, "legal": LegalForm, "agent": AgentForm}


class CodeForm(DynamicForm):
    """The code that was sent."""

    code = WordsField(
        lazy_gettext("验证码"),
        [Starred()],
        description=lazy_gettext("6 位数字，10 分钟内有效，只能用一次。"),
        render_kw={"maxlength": 20, "autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def problems(self) -> list[Problem]:
        """What cannot be a code is no guess at one."""
        return [Problem("code", why)] if (why := code_objection(self.code.data)) else []


def target_of(kind: str, form: Panel) -> str:
    """What codes are counted for: what was typed, however it was spaced."""
    return "|".join((kind, *(normalised(form[name].data) for name in form.typed)))


def form_of(state: dict) -> Panel:
    """The form as it was typed in the first step."""
    return FORMS[state["kind"]](formdata=None, data=state["typed"])
