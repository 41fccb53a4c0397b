"""How often something may be guessed at, from where, and what happens after that."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MINUTE, QUARTER, HALF = (timedelta(minutes=n) for n in (1, 15, 30))


class Scope(StrEnum):
    """What a guess is counted for."""

    BURST = "burst"
    ADDRESS = "address"
    PAIR = "pair"
    SUBJECT = "subject"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Limit:
    """As many failures within the window lock for so long. ``told``: who asks hears of it."""

    count: int
    window: timedelta
    lock: timedelta
    told: bool = True


LIMITS: dict[Scope, Limit] = {
    # A whole office stands behind one address, and comes at eight o'clock. So only what went
    # wrong counts here, a burst costs a minute, and the limits are far above an account's.
    Scope.BURST: Limit(30, MINUTE, MINUTE),
    Scope.ADDRESS: Limit(100, QUARTER, HALF),
    # Stays when the owner, who signs in elsewhere, is forgiven.
    Scope.PAIR: Limit(5, QUARTER, HALF),
    Scope.SUBJECT: Limit(5, QUARTER, HALF),
    # Who knows a number and a mobile could guess at both. But were he told that the one is
    # locked by guesses at the other, he would learn that they are the same person's.
    Scope.ACCOUNT: Limit(5, QUARTER, HALF, told=False),
}
"""In the order of counting: a guess that one of them refuses is not counted at the next, so
no lock grows by what was never checked; and as all transactions take their rows in this
order, none waits for another in a circle."""

OF_PLACES = frozenset({Scope.BURST, Scope.ADDRESS})
"""Where guesses come from, whatever they are at."""
