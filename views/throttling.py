"""A guess is counted, in a transaction of its own, before anything is checked."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import current_app, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from adapters.database import aside, met_another
from models import throttle
from models.clock import now
from models.throttle import Guess
from models.words import NotAllowed, _
from views.words import long_time


class TooMany(NotAllowed):
    """Too many guesses: says when to come again (429)."""

    status = 429


@dataclass(frozen=True)
class Attempt:
    """One guess that was counted. ``blocked``: it must not be checked, and be answered as a
    wrong one is. ``failures``: guesses at the subject, this one among them."""

    guess: Guess

    @property
    def blocked(self) -> bool:
        """Whether the account is locked, which who asks may not learn here."""
        return self.guess.until is not None

    @property
    def failures(self) -> int:
        """How often it was tried since the last success, or in the last quarter of an hour."""
        return self.guess.failures

    def succeeded(self) -> None:
        """It was right."""
        _apart(lambda session: throttle.forgive(session, self.guess))

    def sent(self) -> None:
        """A code was sent: that is no fault of the subject's, but the address pays for it."""
        _apart(lambda session: throttle.forget(session, self.guess))

    def not_checked(self) -> None:
        """It was refused before it could be right or wrong: the address alone pays for it."""
        _apart(lambda session: throttle.spare(session, self.guess))


def attempt(kind: str, subject: str, account: str | None = None) -> Attempt:
    """Count one guess of this kind at ``subject``, as it was typed; TooMany if it is locked.

    ``account`` is the user name that the subject was found to stand for, if it was. What the
    request has open in the database is rolled back, for this is a transaction of its own.
    """
    vault = current_app.extensions["vault"]
    marks = tuple(throttle.marks_for(vault, kind, plain(subject), place_of_request(), account))
    at, done = _apart(lambda session: (at := now(session), throttle.guess(session, marks, at)))
    if done.until is not None and done.told:
        # Rounded up: who comes at that minute is let in.
        until = done.until + timedelta(minutes=1, microseconds=-1)
        words = _("连续出错的次数太多，为了安全暂停使用。请在 %(time)s 以后再试。")
        raise TooMany(words, time=long_time(until, at))
    return Attempt(done)


def plain(subject: str) -> str:
    """One spelling of what was typed: full width, blanks and case make no other subject."""
    return "".join(unicodedata.normalize("NFKC", subject).split()).casefold()


def place_of_request() -> str:
    """Where the request comes from. A subscriber of IPv6 has 2⁶⁴ addresses, which count as one."""
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:  # a socket of this machine has none
        return given
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{address.exploded[:19]}::/64"
    return str(address)


def _apart(work: Callable[[Session], Any]) -> Any:
    """What ``work`` answers in a short transaction of its own.

    It is begun once more if the database ended it in favour of another one: who unlocks an
    account takes its rows in no order.
    """
    current_app.appbuilder.session.rollback()
    try:
        return _once(work)
    except OperationalError as error:
        if not met_another(error):
            raise
        return _once(work)


def _once(work: Callable[[Session], Any]) -> Any:
    engine = current_app.extensions["sqlalchemy"].engine
    with aside(engine, current_app.extensions["journal"]) as session:
        return work(session)
