"""发件箱: what the program has to say to people outside of it, by SMS or by mail.

A message is a row of the transaction that it speaks of: nothing is sent of what was
refused, and no request waits for a gateway. ``models.delivery`` says what becomes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_into, new_uid
from models.clock import Moment
from models.status import one_of
from models.vault import vault_of
from models.words import Sentence, _


class Channel(StrEnum):
    """The way by which a message goes."""

    SMS = "SMS"
    MAIL = "MAIL"


class MessageState(StrEnum):
    """How a message stands."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    NOBODY = "NOBODY"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return MESSAGE_LABELS[self]


MESSAGE_LABELS = {
    MessageState.WAITING: _("待发送"),
    MessageState.SENDING: _("发送中"),
    MessageState.SENT: _("已发送"),
    MessageState.FAILED: _("未能发出"),
    MessageState.UNKNOWN: _("不知道是否发出"),
    MessageState.NOBODY: _("没有收件人"),
}

PROBLEM = 200
"""Characters of what went wrong at most."""


class Message(Base):
    """One message. Recipient and words are sealed; lists show the mask.

    ``expires_at`` is the end of the code that it carries: it is not sent later, and its
    words are wiped once nobody needs them. ``lease`` is until when a deliverer has it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("state", MessageState), name="state"),
        CheckConstraint("(sent_at IS NOT NULL) = (state = 'SENT')", name="sent"),
        CheckConstraint("(lease IS NOT NULL) = (state = 'SENDING')", name="lease"),
        # Serves the deliverer: WHERE state = 'WAITING' AND due_at <= … ORDER BY due_at LIMIT 1.
        Index("ix_outbox_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    channel: Mapped[str] = mapped_column(String(4))
    to_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    to_mask: Mapped[str] = mapped_column(String(100))
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(String(30))
    key: Mapped[str | None] = mapped_column(String(100), unique=True)
    state: Mapped[str] = mapped_column(String(8), default=MessageState.WAITING)
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    lease: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(PROBLEM), default="")


@dataclass(frozen=True)
class Letter:
    """What is to be said to whom. ``key`` names the occasion: one letter for each of them."""

    to: str
    channel: Channel
    sentence: Sentence
    key: str | None = None


def post(
    session: Session,
    to: str,
    channel: Channel,
    sentence: Sentence,
    now: datetime,
    *,
    purpose: str,
    key: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Put one message into the outbox: one INSERT in the caller's transaction.

    An empty ``to`` costs the same and goes to nobody, so that who asks for the code of an
    account learns nothing of whether there is one. A message with a code says when that
    one ends (``expires_at``).
    """
    post_all(session, [Letter(to, channel, sentence, key)], now, purpose, expires_at)


def post_all(
    session: Session,
    letters: Iterable[Letter],
    now: datetime,
    purpose: str,
    expires_at: datetime | None = None,
) -> None:
    """Put many messages into the outbox, all of them by one INSERT."""
    common = {"purpose": purpose, "due_at": now, "created_at": now, "expires_at": expires_at}
    rows = [common | _row(session, letter) for letter in letters]
    if rows:
        new = insert_into(session, Message.__table__)
        # A second message for the same occasion is none: the click that repeats the first.
        session.execute(new.on_conflict_do_nothing(index_elements=[Message.key]), rows)


def _row(session: Session, letter: Letter) -> dict[str, object]:
    vault, uid, to = vault_of(session), new_uid(), letter.to.strip()
    return {
        "uid": uid,
        "channel": letter.channel,
        "to_sealed": vault.seal_text(to, "outbox", "to", uid),
        "to_mask": mask_of(to),
        # In the words of the program: a message has no reader whose language is known yet.
        "body_sealed": vault.seal_text(str(letter.sentence), "outbox", "body", uid),
        "key": letter.key,
        "state": MessageState.WAITING if to else MessageState.NOBODY,
    }


def sweep_outbox(session: Session, now: datetime) -> None:
    """Remove what went to nobody: it was written so that both cost the same, and no more."""
    old = Message.created_at < now - timedelta(days=1)
    session.execute(delete(Message).where(Message.state == MessageState.NOBODY, old))


def mask_of(to: str) -> str:
    """A mobile number or an address so that who has it knows it: ``138****1234``,
    ``w***@example.com``."""
    name, at, host = to.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"[:100]
    return f"{to[:3]}****{to[-4:]}" if len(to) >= 11 else "*" * len(to)
