"""找回密码: a code to what is registered of an account, then a new password.

Who asks learns nothing of whether there is such an account: each step costs the same and
says the same for a number that nobody has.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from models.journal import note
from models.onetime import LIFE, issue, spend
from models.outbox import Channel, post
from models.words import BadInput, Stale, _, say

PURPOSE = "recover"
CODE = _(
    "职评：找回密码的验证码是 %(code)s，%(n)s 分钟内有效。不是您本人操作时，请不要告诉任何人。"
)
CHANGED = _("职评：您的登录密码已用验证码重新设置。不是您本人操作时，请立即联系管理员。")
NEW_START = _("这次找回密码已经失效，请从第一步重新开始。")


@dataclass(frozen=True)
class Holder:
    """An account as recovery wants it, or nobody."""

    username: str = ""
    hash: str = ""
    mobile: str = ""
    email: str = ""

    @property
    def way(self) -> tuple[str, Channel]:
        """Where its messages go: the mobile, else the mail address, else nowhere."""
        if self.email and not self.mobile:
            return self.email, Channel.MAIL
        return self.mobile, Channel.SMS

    @property
    def seal(self) -> str:
        """What changes with the password, and with where messages go: a proof is good for the
        one that was lost, and for who reads them now."""
        told = f"{self.hash}|{self.mobile}|{self.email}"
        return sha256(f"recovery|{self.username}|{told}".encode()).hexdigest()


NOBODY = Holder()


def send_code(
    session: Session, target: str, holder: Holder, now: datetime, *, asker: str, blocked: bool
) -> None:
    """Post a code to the holder of what was typed (``target``), or a message to nobody.

    ``blocked``: too many have guessed at the account; it gets none, and one that its holder has
    stays good.
    """
    holder = NOBODY if blocked else holder
    minutes = int(LIFE.total_seconds() / 60)
    to, channel = holder.way
    code = issue(session, PURPOSE, target, now, asker=asker, bound=to)
    words = say(CODE, code=code, n=minutes)
    post(session, to, channel, words, now, purpose=PURPOSE, expires_at=now + LIFE)
    note(session, holder.username, "recover", "account", holder.username, channel=channel)


def prove(
    session: Session, target: str, code: str, holder: Holder, now: datetime, *, blocked: bool
) -> None:
    """Use the code up, if it went where the messages of its holder go now. Nobody has one,
    however it was guessed; nor has who is ``blocked``."""
    spend(session, PURPOSE, target, code, now, bound=holder.way[0])
    if blocked or holder == NOBODY:
        raise BadInput(_("验证码不对，请核对后再填。"))
    note(session, holder.username, "prove", "account", holder.username)


def check_proof(holder: Holder, seal: str, until: datetime, now: datetime) -> None:
    """Stale if the proof is too old, or the password has changed since."""
    if now >= until or not hmac.compare_digest(holder.seal, seal):
        raise Stale(NEW_START)


def tell_holder(session: Session, holder: Holder, now: datetime) -> None:
    """Journal the new password, and tell its holder by the way of the code."""
    note(session, holder.username, "password", "account", holder.username, by="code")
    to, channel = holder.way
    post(session, to, channel, say(CHANGED), now, purpose="recovered")
