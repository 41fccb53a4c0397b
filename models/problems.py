"""What is wrong with what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.words import Sentence, _, say


@dataclass(frozen=True)
class Problem:
    """What is wrong, and at which field (empty: at the record or section as a whole).

    A warning is shown and does not hold anything up.
    """

    field: str
    sentence: Sentence
    warning: bool = False


def too_long(item: Any, limits: Mapping[str, int], labels: Mapping[str, str]) -> list[Problem]:
    """The texts of ``item`` that have more characters than they may."""
    found = []
    for key, limit in limits.items():
        length = len(getattr(item, key) or "")
        if length > limit:
            values = {"label": labels[key], "limit": limit, "length": length}
            words = _("%(label)s最多 %(limit)s 字，现在是 %(length)s 字。")
            found.append(Problem(key, say(words, **values)))
    return found
