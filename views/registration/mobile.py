"""The mobile of who registers: a code goes to it, and who types that has shown to hold it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext

from models.drafts import Draft
from models.onetime import LIFE as CODE_LIFE
from models.onetime import issue, spend
from models.outbox import Channel, post
from models.problems import Problem
from models.words import NotAllowed, _, say
from views.login import request_time
from views.refusing import refuse, tried
from views.registration.common import Slot, counted, database, sent
from views.registration.forms import CodeForm, MobileCodeForm
from views.throttling import place_of_request

MOVED = _("手机号在另一个窗口里改过了，验证码已发到现在的手机号，请填写那里收到的验证码。")


def send_code(purpose: str, words: str, subject: str, mobile: str) -> None:
    """A code for ``subject``, in ``words``, good as long as it is reached by this mobile; the
    same whoever has that, or if it is none."""
    session, at = database(), request_time()
    code = issue(session, purpose, subject, at, asker=place_of_request(), bound=mobile)
    until = at + CODE_LIFE
    post(session, mobile, Channel.SMS, say(words, code=code), at, purpose=purpose, expires_at=until)


@dataclass(frozen=True)
class Proof:
    """How one kind of registration has its mobile proved. ``locked`` is this browser's draft,
    to be written; None if there is none any more."""

    purpose: str
    words: str
    locked: Callable[[], Draft | None]

    def send(self, mobile: str) -> None:
        """A code to the mobile that was typed."""
        send_code(self.purpose, self.words, mobile, mobile)

    def resend(self, form: CodeForm, draft: Draft) -> bool:
        """重新获取验证码."""
        mobile = draft.mobile
        guess = counted(form, "code", self.purpose, draft.uid)
        done = _("验证码已重新发送。")
        if guess is None or not tried(lambda: self.send(mobile), form, "code", done):
            return False
        guess.sent()
        return True

    def take(self, form: MobileCodeForm, draft: Draft) -> bool:
        """The code was right: the mobile is his."""
        mobile = draft.mobile
        if form.mobile.data != mobile:
            return not refuse(form, [Problem("code", say(MOVED))], 409)
        if refuse(form, form.problems()):
            return False
        guess = counted(form, "code", self.purpose, draft.uid)
        if guess is None or not tried(lambda: self._spend(mobile, form), form, "code"):
            return False
        guess.succeeded()
        return True

    def _spend(self, mobile: str, form: CodeForm) -> None:
        code, at = form.code.data or "", request_time()
        spend(database(), self.purpose, mobile, code, at, bound=mobile)
        draft = self.locked()
        if draft is None or draft.mobile != mobile:
            raise NotAllowed(MOVED)
        draft.proved_at = request_time()


class MobileSteps(BaseView):
    """验证手机号, as a step of each registration."""

    slot: ClassVar[Slot]
    proof: ClassVar[Proof]

    def away(self, draft: Draft | None):
        """Where to go instead, if the draft has no code to wait for."""
        raise NotImplementedError

    def go_on(self):
        """On from here; now, and not before, who registers hears what is known of him."""
        raise NotImplementedError

    def code_page(self, form: CodeForm, **more):
        """The page that asks for the code."""
        raise NotImplementedError

    @expose("/code", methods=["GET", "POST"])
    def code(self):
        """The code that was sent to it."""
        draft = self.slot.draft()
        if away := self.away(draft):
            return away
        form, mobile = MobileCodeForm(), draft.mobile
        if sent(form) and self.proof.take(form, draft):
            return self.go_on()
        return self._asked(form, mobile)

    @expose("/resend", methods=["POST"])
    def resend(self):
        """重新获取验证码."""
        draft = self.slot.draft()
        if away := self.away(draft):
            return away
        form, mobile = MobileCodeForm(formdata=None), draft.mobile
        if self.proof.resend(form, draft):
            return redirect(url_for(f"{self.endpoint}.code"))
        return self._asked(form, mobile)

    def _asked(self, form: MobileCodeForm, mobile: str):
        form.mobile.data = mobile
        hint = gettext("验证码已发到 %(mobile)s，10 分钟内有效。", mobile=mobile)
        return self.code_page(form, hint=hint, resend=url_for(f"{self.endpoint}.resend"))
