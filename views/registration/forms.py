"""What is typed on the pages of a registration."""

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import FileField, HiddenField, PasswordField, RadioField

from models.clock import day_of
from models.holders import LABELS as HOLDER
from models.names import LONGEST_NAME
from models.onetime import code_objection
from models.problems import Problem
from models.registration import LABELS
from models.unit_registration import LABELS as UNIT_LABELS
from views.controls import OneOfField, WordsField
from views.fields import IdentityField
from views.forms import Starred
from views.login import codes, request_time
from views.notices import regions

NUMERIC = {"inputmode": "numeric"}
TELEPHONE = {"autocomplete": "tel-national"} | NUMERIC
ONE_TIME = {"autocomplete": "one-time-code"} | NUMERIC


def words(label: str, longest: int, hint: str = "", **more) -> WordsField:
    """One line that must be filled in."""
    shown = {"maxlength": longest} | more
    return WordsField(lazy_gettext(label), [Starred()], description=hint, render_kw=shown)


class PersonForm(DynamicForm):
    """个人: who it is."""

    name = words(LABELS["name"], 50, lazy_gettext("与身份证一致"), autocomplete="name")
    id_no = IdentityField(
        lazy_gettext(LABELS["id_no"]),
        [Starred()],
        description=lazy_gettext("18 位"),
        render_kw={"maxlength": 30, "autocomplete": "off"},
    )
    mobile = words(LABELS["mobile"], 20, lazy_gettext("用来接收验证码"), **TELEPHONE)


class CodeForm(DynamicForm):
    """The code that was sent."""

    code = words(LABELS["code"], 10, lazy_gettext("6 位数字"), **ONE_TIME)

    def problems(self) -> list[Problem]:
        """What cannot be a code is no guess at one."""
        return [Problem("code", why)] if (why := code_objection(self.code.data)) else []


class MobileCodeForm(CodeForm):
    """The same, with the mobile that the page named."""

    mobile = HiddenField()


class ChosenPasswordForm(DynamicForm):
    """A password, twice."""

    password = PasswordField(
        lazy_gettext("设置密码"), [Starred()], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        lazy_gettext("再次输入密码"), [Starred()], render_kw={"autocomplete": "new-password"}
    )


class UnitForm(DynamicForm):
    """单位: what its certificate says."""

    uscc = words(UNIT_LABELS["uscc"], 18, lazy_gettext("18 位，照证书填写。"), autocomplete="off")
    name = words(UNIT_LABELS["name"], 100, autocomplete="organization")
    nature = OneOfField(lazy_gettext(UNIT_LABELS["nature"]), [Starred()])
    region = OneOfField(lazy_gettext(UNIT_LABELS["region"]), [Starred()])
    legal_person = words(UNIT_LABELS["legal_person"], 50, autocomplete="off")

    @classmethod
    def offer(cls, **given):
        """The form with what may be chosen today."""
        form = cls(**given)
        book, today = codes(), day_of(request_time())
        empty = [("", gettext("请选择"))]
        form.nature.choices = empty + book.choices("unit_nature", today)
        there = [code for code, _name in book.choices("region_jilin", today)]
        form.region.choices = empty + regions(book, there)
        return form


class ContactForm(DynamicForm):
    """Who can be asked, and where the messages go."""

    contact = words(
        UNIT_LABELS["contact"],
        50,
        lazy_gettext("将来持有本单位法人账号的人。"),
        autocomplete="name",
    )
    contact_no = IdentityField(
        lazy_gettext(UNIT_LABELS["contact_no"]),
        [Starred()],
        description=lazy_gettext("在本单位有没办结的申报的人，不能持有法人账号。"),
        render_kw={"maxlength": 30, "autocomplete": "off"},
    )
    mobile = words(
        UNIT_LABELS["mobile"],
        20,
        lazy_gettext("用来接收验证码和审核结果。"),
        **TELEPHONE,
    )
    email = WordsField(
        lazy_gettext(UNIT_LABELS["email"]),
        render_kw={"maxlength": 254, "autocomplete": "email", "type": "email"},
    )


class SuperiorForm(DynamicForm):
    """The office that manages the unit, of those that were found."""

    superior = RadioField(lazy_gettext(UNIT_LABELS["superior"]), [Starred()], validate_choice=False)


class LicenceForm(DynamicForm):
    """The certificate as a file."""

    file = FileField(lazy_gettext(UNIT_LABELS["licence"]), [Starred()])


class UnitCodeForm(DynamicForm):
    """Whose code it is."""

    uscc = words(UNIT_LABELS["uscc"], 18, lazy_gettext("18 位，照证书填写。"), autocomplete="off")


class ActivationForm(ChosenPasswordForm, CodeForm):
    """The code, who holds the account from now on, and a password."""

    holder = words(HOLDER["holder"], LONGEST_NAME, lazy_gettext("实际使用本账号的人。"))
    number = IdentityField(
        lazy_gettext(HOLDER["number"]),
        [Starred()],
        description=lazy_gettext("在本单位有没办结的申报的人，不能持有法人账号。"),
        render_kw={"maxlength": 30, "autocomplete": "off"},
    )
