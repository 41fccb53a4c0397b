"""What applicants are told by SMS: each step that another has decided (decisions 17)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.declaration import Declaration
from models.notice import Notice
from models.outbox import Channel, Letter, post_all
from models.people import MOBILE, Person, account_of
from models.words import _, say
from models.workflow import Action

TOLD: dict[Action, str] = {
    Action.SEND: _("职评：您按“%(notice)s”的申报已由%(office)s审核通过并报送上级。"),
    Action.RETURN: _("职评：您按“%(notice)s”的申报被%(office)s退回，请登录查看意见并修改。"),
    Action.HAND_BACK: _("职评：您按“%(notice)s”的申报被%(office)s退回下级重审，请登录查看进度。"),
    Action.TERMINATE: _("职评：您按“%(notice)s”的申报在%(office)s审核不通过，请登录查看意见。"),
    Action.PASS: _("职评：您按“%(notice)s”的申报已由%(office)s终审通过。"),
}
"""What one's own acts bring about, nobody needs to be told."""


def tell_applicants(
    session: Session, ids: Iterable[int], action: Action, office: str, now: datetime
) -> None:
    """Tell the applicants of these declarations what the office has done, as far as they
    have a mobile: one SELECT and one INSERT, however many they are."""
    words = TOLD.get(action)
    if words is None:
        return
    query = (
        select(MOBILE, Notice.title)
        .select_from(Declaration)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(*account_of(Person.id))
        .join(Notice, Notice.id == Declaration.notice_id)
        .where(Declaration.id.in_(list(ids)), MOBILE != "")
        .order_by(Declaration.id)
    )
    letters = [
        Letter(mobile, Channel.SMS, say(words, notice=title, office=office))
        for mobile, title in session.execute(query)
    ]
    post_all(session, letters, now, action.lower())
