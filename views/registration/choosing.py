"""A password that is chosen at the end of a registration."""

from collections.abc import Iterable

from flask_babel import gettext

from models.accounts import password_problems
from models.problems import Problem


def policy() -> str:
    """What a password must be, before it is typed."""
    return gettext("至少 8 个字符，含小写字母、大写字母、数字、其他符号中的三种。")


def password_objections(form, holder: Iterable[str]) -> list[Problem]:
    """What is wrong with the password of a form; ``holder``: names and numbers that it may not
    contain."""
    password, again = form.password.data or "", form.again.data or ""
    return password_problems(password, again, "")
