"""更换手机号: the number by which somebody signs in and recovers the password."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.accounts import realm_of
from models.journal import note
from models.numbers import mobile_objection
from models.onetime import LIFE, issue, spend
from models.outbox import Channel, mask_of, post
from models.people import Account, Realm
from models.permissions import Role
from models.problems import Problem
from models.recovery import Holder
from models.words import NotAllowed, Stale, _, say

PURPOSE = "mobile"
"""Of the codes, the messages and the guesses."""

CODE = _(
    "职评：更换手机号的验证码是 %(code)s，%(n)s 分钟内有效。不是您本人操作时，请不要告诉任何人。"
)
CHANGED = _("职评：您的登录手机号已更换为 %(mobile)s。不是您本人操作时，请立即联系管理员。")
NEW_START = _("账号刚刚有改动，这次更换手机号已经失效。请从第一步重新开始。")

TAKEN = {
    Realm.PERSON: _("这个手机号已经用于另一个个人账号，没有更换。请在上一步换一个。"),
    Realm.AGENT: _("这个手机号已经用于本机构的另一个经办人，没有更换。请在上一步换一个。"),
}
"""In the words of the realms in which a mobile is somebody's own, told to its holder alone."""


def may_have(role: Role | None) -> bool:
    """Whether the accounts of a role are reached by a mobile: those who recover passwords."""
    return realm_of(role) is not Realm.STAFF


def mobile_problems(mobile: str, present: str) -> list[Problem]:
    """What is wrong with a new number as it was typed; no other account is asked."""
    if not mobile:
        return [Problem("mobile", say(_("请填写新手机号。")))]
    if objection := mobile_objection(mobile):
        return [Problem("mobile", objection)]
    if mobile == present:
        return [Problem("mobile", say(_("这就是现在的手机号，不用更换。要更换请填写新的。")))]
    return []


def send_code(session: Session, username: str, mobile: str, now: datetime, *, asker: str) -> None:
    """A code to the new mobile, good for this account; the same whoever has that mobile."""
    code = issue(session, PURPOSE, mobile, now, asker=asker, bound=username)
    words = say(CODE, code=code, n=int(LIFE.total_seconds() / 60))
    post(session, mobile, Channel.SMS, words, now, purpose=PURPOSE, expires_at=now + LIFE)


def prove(session: Session, username: str, mobile: str, code: str, now: datetime) -> None:
    """Use the code up: who types it reads what is sent to the mobile."""
    spend(session, PURPOSE, mobile, code, now, bound=username)


def change(session: Session, holder: Holder, mobile: str, now: datetime) -> None:
    """Let the account be reached by another mobile, which was proved, and tell where it was
    reached until now. Stale if it is no longer the account of ``holder``."""
    mine = select(Account).where(Account.username == holder.username, Account.live)
    account = session.scalars(mine.with_for_update()).one_or_none()
    if account is None or (account.mobile, account.email) != (holder.mobile, holder.email):
        raise Stale(NEW_START)
    if _taken(session, account, mobile):
        raise NotAllowed(TAKEN[account.realm])
    account.mobile, shown = mobile, mask_of(mobile)
    session.flush()
    note(session, holder.username, "mobile", "account", holder.username, mobile=shown)
    to, channel = holder.way
    if to:
        post(session, to, channel, say(CHANGED, mobile=shown), now, purpose=PURPOSE)


def _taken(session: Session, account: Account, mobile: str) -> bool:
    """Whether another account has the number, where there can be only one."""
    if account.realm not in TAKEN:
        return False
    theirs = (Account.realm == account.realm, Account.mobile == mobile, Account.live)
    if account.realm == Realm.AGENT:
        theirs = (*theirs, Account.office_id == account.office_id)
    return session.scalar(select(exists().where(*theirs)))
