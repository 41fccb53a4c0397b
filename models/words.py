"""Sentences for people: what the domain says, before anybody translates it."""

from dataclasses import dataclass, field
from typing import Any


def _(msgid: str) -> str:
    """Mark ``msgid`` for the catalogue of translations; the edge (views) translates it."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """A msgid and what is to be filled in: ``say(_("还差 %(n)s 项"), n=3)``."""

    msgid: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.values if self.values else self.msgid


def say(msgid: str, **values: Any) -> Sentence:
    """A sentence with its values, untranslated."""
    return Sentence(msgid, values)


class NotAllowed(Exception):
    """A refusal; its sentence is the reason, in words for the user.

    The plain kind means that the state of things forbids it (409).
    """

    def __init__(self, msgid: str | Sentence, **values: Any):
        self.sentence = msgid if isinstance(msgid, Sentence) else Sentence(msgid, values)
        super().__init__(str(self.sentence))


class Forbidden(NotAllowed):
    """The actor may not do this, whatever the state (403)."""


class Stale(NotAllowed):
    """Somebody else changed it since the actor looked (409)."""


class BadInput(NotAllowed):
    """What was sent makes no sense as it stands (400)."""


class NotFound(NotAllowed):
    """It is not there, or not for this actor to see (404)."""
