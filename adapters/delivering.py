"""Sends what lies in the outbox: by a command of its own, or in a demonstration by a thread."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from adapters import mail, sms
from adapters.database import only_reading
from models.clock import now
from models.delivery import Claimed, Doubtful, Unsent, claim, is_due, settle, tidy
from models.outbox import Channel, MessageState
from models.words import _, say

Carrier = Callable[[Claimed], None]
"""Sends one message, or raises Unsent or Doubtful."""

PAUSE = 2.0
"""Seconds between two looks into an outbox in which nothing was due."""

log = logging.getLogger(__name__)


def shown(claimed: Claimed) -> None:
    """The carrier of a demonstration: nothing leaves the house, a page shows the outbox."""


def carriers(environment: Mapping[str, str], demo: bool) -> dict[Channel, Carrier]:
    """The ways out that are configured; what has none waits."""
    if demo:
        return dict.fromkeys(Channel, shown)
    found = {
        Channel.MAIL: mail.from_environment(environment),
        Channel.SMS: sms.from_environment(environment),
    }
    return {channel: carrier for channel, carrier in found.items() if carrier is not None}


class Deliverer:
    """Sends by ``carriers``; as many at once as one likes. ``keep``: see ``settle``."""

    def __init__(self, engine: Engine, carriers: Mapping[Channel, Carrier], keep: bool = False):
        self.engine, self.carriers, self.keep = engine, carriers, keep

    def deliver(self, stop: Event | None = None) -> Counter[MessageState]:
        """Send all that is due; how many stand how."""
        done: Counter[MessageState] = Counter()
        while not (stop and stop.is_set()) and (state := self._deliver_one()):
            done[state] += 1
        return done

    def run(self, stop: Event, pause: float = PAUSE) -> None:
        """Go on until told to stop, also after a fault of the database."""
        while not stop.is_set():
            try:
                if self._is_due():
                    self.deliver(stop)
            except SQLAlchemyError as error:
                log.warning("the outbox cannot be read: %s", type(error).__name__)
            stop.wait(pause)

    def start(self) -> Event:
        """Run in a thread; the event stops it."""
        stop = Event()
        Thread(target=self.run, args=(stop,), name="deliverer", daemon=True).start()
        return stop

    def _is_due(self) -> bool:
        # Whoever looks takes nobody's turn to write.
        with Session(self.engine) as session, only_reading(session):
            return is_due(session, self.carriers, now(session))

    def _deliver_one(self) -> MessageState | None:
        with Session(self.engine) as session, session.begin():
            at = now(session)
            tidy(session, at, self.keep)
            claimed = claim(session, self.carriers, at)
        if claimed is None:
            return None
        outcome = self._outcome(claimed)
        with Session(self.engine) as session, session.begin():
            return settle(session, claimed, outcome, now(session), self.keep)

    def _outcome(self, claimed: Claimed) -> Unsent | Doubtful | None:
        try:
            self.carriers[claimed.channel](claimed)
        except (Unsent, Doubtful) as outcome:
            return outcome
        except Exception as error:  # whatever it was, the others must not wait for it
            # Its words may hold the message.
            log.error("message %s: %s", claimed.id, type(error).__name__)
            return Doubtful(say(_("发送时出错，不知道是否发出。为免重复，没有再发。")))
        return None
