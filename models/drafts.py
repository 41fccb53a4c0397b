"""填报中的注册: what somebody without an account has typed so far, found again by his browser."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import new_uid
from models.clock import Moment

LIFE = timedelta(hours=24)
"""So long the key opens a draft: it began today, and may be finished tomorrow."""


class Draft:
    """A row that a browser opens by a random key until ``expires_at``; here lies its digest
    alone. ``proved_at``: when who typed ``mobile`` has shown to hold it, by a code."""

    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    mobile: Mapped[str] = mapped_column(String(20), default="")
    proved_at: Mapped[datetime | None] = mapped_column(Moment)

    def reach_by(self, mobile: str) -> None:
        """Another number has to be proved anew."""
        if mobile != self.mobile:
            self.mobile, self.proved_at = mobile, None

    def open_by(self, key: str, now: datetime) -> None:
        """Let this key open the row from now on, and no other one."""
        self.key, self.expires_at = digest(key), now + LIFE


AnyDraft = TypeVar("AnyDraft", bound=Draft)


def new_key() -> str:
    """32 random bytes for the browser's cookie."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What the database keeps of a key: who reads the table opens nothing by it."""
    return sha256(key.encode()).hexdigest()


def draft_of(
    session: Session, kind: type[AnyDraft], key: str, now: datetime, *, lock: bool = False
) -> AnyDraft | None:
    """The draft that a browser's key opens; ``lock`` keeps its other windows away."""
    query = select(kind).where(kind.key == digest(key), kind.expires_at > now)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()
