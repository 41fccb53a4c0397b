"""Half way in: the password was right, the second factor has not been shown yet.

The signed cookie says so for five minutes. To every route but those of the second factor it is
nobody's: only ``entering.enter`` begins a session.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from flask import session
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from views.entering import Recognised
from views.login import request_time

PLACE = "half"
LASTS = timedelta(minutes=5)


class Half(NamedTuple):
    """Whose password was right; what is to come: showing the factor, or enrolling one."""

    username: str
    credential: str
    until: datetime
    onward: str
    enrols: bool


def open_half(found: Recognised, onward: str, *, enrols: bool) -> None:
    """Keep who was recognised, and where he wants to go; what was kept before is gone."""
    session.clear()
    until = (found.at + LASTS).isoformat()
    session[PLACE] = (found.username, _digest(found.password), until, onward, enrols)


def half_open() -> Half | None:
    """Who is half way in by this request's cookie; None if nobody is, or not any more."""
    kept = session.get(PLACE)
    if kept is None:
        return None
    username, credential, until, onward, enrols = kept
    half = Half(username, credential, datetime.fromisoformat(until), onward, enrols)
    return half if request_time() < half.until else None


def still_right(database, half: Half) -> Recognised | None:
    """The account, if it still has the password that was right."""
    query = select(User.id, User.username, User.password).where(User.username == half.username)
    row = database.execute(query.where(User.active.is_(True))).one_or_none()
    if row is None or not hmac.compare_digest(_digest(row.password), half.credential):
        return None
    return Recognised(*row, request_time())


def _digest(password_hash: str) -> str:
    """Tells one hash from another, and nothing of either: the salt is in no cookie."""
    return sha256(password_hash.encode()).hexdigest()
