"""By the unit's code and a code sent to the mobile that is known of it: 激活, and coming back
to a registration. Whether there is anything behind a unit's code is told to nobody: text,
status and work are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import session as cookie
from sqlalchemy import Select

from models.base import new_uid
from models.numbers import uscc_objection
from models.onetime import spend
from models.problems import Problem
from models.vault import normalised
from views.login import request_time
from views.registration.common import counted, database, read_picture, refuse, tried
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

    def redeem(self, form, work: Callable[[], None], done: str = "") -> bool:
        """Do ``work`` if the code is right; both stand or fall together."""
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


def visitor() -> str:
    """This browser, whoever sits before it."""
    return cookie.setdefault("visitor", new_uid())
