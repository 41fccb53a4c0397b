"""By the unit's code and a code sent to the mobile that is known of it: 激活, and coming back
to a registration. Whether there is anything behind a unit's code is told to nobody: text,
status and work are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flask import redirect, url_for
from flask import session as cookie
from flask_appbuilder import BaseView, expose
from flask_babel import gettext
from sqlalchemy import Select

from models.base import new_uid
from models.numbers import uscc_objection
from models.onetime import spend
from models.problems import Problem
from models.vault import normalised
from models.words import _
from views.login import request_time
from views.refusing import refuse, tried
from views.registration.common import (
    counted,
    database,
    offer_picture,
    progress,
    read_picture,
    sent,
    start_again,
    step_page,
)
from views.registration.forms import CodeForm, UnitCodeForm
from views.registration.mobile import send_code


@dataclass(frozen=True)
class ByCode:
    """One such way: ``mobile_of`` asks for the mobile that belongs to a unit's code."""

    purpose: str
    words: str
    mobile_of: Callable[[str], Select]

    @property
    def uscc(self) -> str:
        """The code that this browser has named; empty if none."""
        return str(cookie.get(self.purpose, ""))

    def send(self, form) -> bool:
        """A code to the mobile, if there is one."""
        uscc = normalised(form.uscc.data or "")
        if objection := uscc_objection(uscc):
            return not refuse(form, [Problem("uscc", objection)])
        guess = counted(form, "uscc", self.purpose, visitor())
        if (
            guess is None
            or not read_picture(guess)
            or not tried(lambda: self._send(uscc), form, "uscc")
        ):
            return False
        guess.sent()
        cookie[self.purpose] = uscc
        return True

    def _send(self, uscc: str) -> None:
        send_code(self.purpose, self.words, uscc, self._mobile(uscc))

    def _mobile(self, uscc: str) -> str:
        """Where a code goes. It is for the one who had that mobile then, not for whoever has
        taken his place at this unit since."""
        return database().scalars(self.mobile_of(uscc)).first() or ""

    def resend(self, form: CodeForm) -> bool:
        """重新获取验证码."""
        uscc, guess = self.uscc, counted(form, "code", self.purpose, visitor())
        done = _("验证码已重新发送。")
        if guess is None or not tried(lambda: self._send(uscc), form, "code", done):
            return False
        guess.sent()
        return True

    def redeem(self, form, work: Callable[[], None], done: str = "") -> bool:
        """Do ``work`` if the code is right; both stand or fall together."""
        if refuse(form, form.problems()):
            return False
        uscc, code = self.uscc, form.code.data or ""
        guess = counted(form, "code", self.purpose, visitor())

        def spent() -> None:
            bound = self._mobile(uscc)
            spend(database(), self.purpose, uscc, code, request_time(), bound=bound)
            work()

        if guess is None or not tried(spent, form, "code", done):
            return False
        guess.succeeded()
        cookie.pop(self.purpose, None)
        return True


class CodeStep(StrEnum):
    """The pages of such a way, in their order."""

    UNIT = "unit"
    CODE = "code"


class CodeSteps(BaseView):
    """The pages of one way: whose code it is, and what was sent."""

    way: ClassVar[ByCode]
    title: ClassVar[str]
    first: ClassVar[str]
    """The endpoint of the first page."""
    last: ClassVar[str]
    """What is done on the second page."""
    form: ClassVar[type[CodeForm]] = CodeForm

    def which(self):
        """The first page: which unit it is."""
        form = UnitCodeForm()
        if sent(form) and self.way.send(form):
            return redirect(url_for(f"{self.endpoint}.code"))
        offer_picture()
        return self._page(CodeStep.UNIT, form, [form.uscc], gettext("获取验证码"))

    def code_page(self, form: CodeForm):
        """The second page."""
        raise NotImplementedError

    def asked(self, form: CodeForm, fields, save_word: str, hint: str, **more):
        """The second page with these fields; the code can be asked for again."""
        back, again = url_for(self.first), url_for(f"{self.endpoint}.resend")
        more |= {"hint": hint, "back": back, "resend": again}
        return self._page(CodeStep.CODE, form, fields, save_word, **more)

    @expose("/resend", methods=["POST"])
    def resend(self):
        """重新获取验证码."""
        if not self.way.uscc:
            return start_again(self.first)
        form = self.form(formdata=None)
        if self.way.resend(form):
            return redirect(url_for(f"{self.endpoint}.code"))
        return self.code_page(form)

    def _page(self, step: CodeStep, form, fields, save_word: str, **more):
        titles = ((CodeStep.UNIT, _("填写单位代码")), (CodeStep.CODE, self.last))
        action = self.first if step is CodeStep.UNIT else f"{self.endpoint}.code"
        more |= {"steps": progress(titles, step), "short": True}
        return step_page(self, gettext(self.title), form, fields, action, save_word, **more)


def visitor() -> str:
    """This browser, whoever sits before it."""
    return cookie.setdefault("visitor", new_uid())
