"""What becomes of a message: claimed by one deliverer, then sent, tried again, or given up.

A claim is committed before anything leaves the house. A deliverer that dies between the
claim and its word leaves a message of which nobody knows whether it left; such a one is
never sent again by itself, for nothing may be sent twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, case, exists, func, null, select, update
from sqlalchemy.orm import Session

from models.outbox import PROBLEM, Channel, Message, MessageState
from models.vault import Vault, vault_of
from models.words import Sentence, _

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
"""How long to wait after each try that failed; after the one that follows on the last
there is no other."""

LEASE = timedelta(minutes=10)
"""How long a deliverer may take over one message; every adapter gives up much earlier."""

UNREADABLE = _("这条消息解不开（密钥与写入时不同），没有发送。")
LOST = _("发送时程序中断，不知道这条消息是否已经发出。为免重复，没有再发，请联系收件人核实。")
EXPIRED = _("验证码已过期，没有再发。")


class Unsent(Exception):
    """The message certainly did not leave; ``final`` if another try is of no use."""

    def __init__(self, sentence: Sentence, final: bool = False):
        self.sentence, self.final = sentence, final
        super().__init__(str(sentence))


class Doubtful(Exception):
    """Nobody knows whether the message left."""

    def __init__(self, sentence: Sentence):
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True)
class Claimed:
    """A message that one deliverer has, opened; ``uid`` is the same at every try."""

    id: int
    uid: str
    channel: Channel
    to: str
    text: str
    tries: int


def is_due(session: Session, channels: Iterable[Channel], now: datetime) -> bool:
    """Whether there is anything to send or to tidy up; it only reads."""
    waiting = (Message.state == MessageState.WAITING) & Message.channel.in_(list(channels))
    left = (Message.state == MessageState.SENDING) & (Message.lease < now)
    query = select(exists().where(waiting, Message.due_at <= now) | exists().where(left))
    return session.scalars(query).one()


def claim(session: Session, channels: Iterable[Channel], now: datetime) -> Claimed | None:
    """The message that is due longest and can go by one of these channels.

    The caller commits before he sends: then nobody else gets it. Two who claim at once get
    two different ones (PostgreSQL skips what is locked, SQLite has one writer). One that the
    vault cannot open has failed; those behind it need not wait for it.
    """
    while row := _taken(session, channels, now):
        try:
            return _opened(vault_of(session), row)
        except ValueError:
            failed = {"state": MessageState.FAILED, "lease": None, "problem": UNREADABLE}
            _write(session, failed, Message.id == row.id)
    return None


def _taken(session: Session, channels: Iterable[Channel], now: datetime) -> Row | None:
    due = (
        select(Message.id)
        .where(Message.state == MessageState.WAITING, Message.due_at <= now)
        .where(Message.channel.in_(list(channels)))
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Message)
        .where(Message.id == due.scalar_subquery(), Message.state == MessageState.WAITING)
        .values(state=MessageState.SENDING, lease=now + LEASE, tries=Message.tries + 1)
        .returning(
            Message.id, Message.uid, Message.channel, Message.to_sealed, Message.body_sealed,
            Message.tries,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return session.execute(taken).one_or_none()


def _opened(vault: Vault, row: Row) -> Claimed:
    to = vault.open_text(row.to_sealed, "outbox", "to", row.uid)
    text = vault.open_text(row.body_sealed, "outbox", "body", row.uid)
    return Claimed(row.id, row.uid, Channel(row.channel), to, text, row.tries)


def settle(
    session: Session, claimed: Claimed, outcome: Unsent | Doubtful | None, now: datetime, keep: bool
) -> MessageState:
    """Write down what came of it (None: it was sent).

    The words of a message with a code are wiped where they are needed no more, unless
    ``keep`` says that a demonstration shows them.
    """
    state, due_at = MessageState.SENT, now
    if isinstance(outcome, Doubtful):
        state = MessageState.UNKNOWN
    elif outcome is not None:
        again = claimed.tries <= len(BACK_OFF) and not outcome.final
        state = MessageState.WAITING if again else MessageState.FAILED
        due_at = now + BACK_OFF[claimed.tries - 1] if again else now
    values = {
        "state": state,
        "lease": None,
        "due_at": due_at,
        "sent_at": now if state is MessageState.SENT else None,
        "problem": str(outcome.sentence)[:PROBLEM] if outcome else "",
    }
    if state is not MessageState.WAITING and not keep:
        values |= WIPED
    _write(session, values, Message.id == claimed.id)
    return state


WIPED = {"body_sealed": case((Message.expires_at.is_(None), Message.body_sealed), else_=null())}
"""The words of what carried a code; others stay, sealed, for who asks what was said."""


def tidy(session: Session, now: datetime, keep: bool) -> None:
    """Say UNKNOWN of what a deliverer has left behind, and give up codes that have ended."""
    wiped = {} if keep else WIPED
    lost = {"state": MessageState.UNKNOWN, "lease": None, "problem": LOST} | wiped
    _write(session, lost, Message.state == MessageState.SENDING, Message.lease < now)
    ended = {"state": MessageState.FAILED, "problem": EXPIRED} | wiped
    _write(session, ended, Message.state == MessageState.WAITING, Message.expires_at <= now)


def _write(session: Session, values: dict, *where) -> None:
    session.execute(
        update(Message).where(*where).values(**values).execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class Trouble:
    """Messages of a channel that an administrator has to look after, all for one reason."""

    channel: str
    state: str
    problem: str
    count: int


def troubles(session: Session) -> list[Trouble]:
    """What failed and what nobody knows of, by reason."""
    bad = Message.state.in_([MessageState.FAILED, MessageState.UNKNOWN])
    by = (Message.channel, Message.state, Message.problem)
    query = select(*by, func.count()).where(bad).group_by(*by).order_by(*by)
    return [Trouble(*row) for row in session.execute(query)]
