"""What the identity platform (统一身份认证) says of who has signed in there, in our words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.clock import day_of
from models.numbers import id_number_objection, uscc_objection
from models.vault import normalised
from models.words import _

MOBILE = re.compile(r"1[3-9][0-9]{9}")


class Kind(StrEnum):
    """What somebody signs in as at the platform."""

    PERSON = "person"
    LEGAL = "legal"
    AGENT = "agent"

    @property
    def label(self) -> str:
        """The word of the entrance."""
        return KINDS[self]


KINDS = {Kind.PERSON: _("个人"), Kind.LEGAL: _("法人"), Kind.AGENT: _("经办人")}


@dataclass(frozen=True)
class Claimed:
    """What the platform says of who has signed in there; numbers that do not hold are left out."""

    issuer: str
    subject: str
    kind: Kind | None
    verified: bool
    number: str = ""
    unit: str = ""
    mobile: str = ""
    sid: str = ""


@dataclass(frozen=True)
class ClaimMap:
    """Which claim of the platform says what; ``kinds`` are its words for the three kinds."""

    kind: str = "account_kind"
    number: str = "id_number"
    unit: str = "unit_code"
    mobile: str = "mobile"
    verified: str = "id_verified"
    verified_values: frozenset[str] = frozenset({"true"})
    kinds: Mapping[str, Kind] = field(default_factory=lambda: {kind.value: kind for kind in Kind})

    def read(self, claims: Mapping[str, Any], now: datetime) -> Claimed:
        """The claims of a token that is already known to be the platform's, in our words."""
        number, unit, mobile = (
            spelled(claims.get(n)) for n in (self.number, self.unit, self.mobile)
        )
        return Claimed(
            issuer=claims["iss"],
            subject=claims["sub"],
            kind=self.kinds.get(spelled(claims.get(self.kind))),
            verified=spelled(claims.get(self.verified)) in self.verified_values,
            number="" if id_number_objection(number, day_of(now)) else normalised(number),
            unit="" if uscc_objection(unit) else normalised(unit),
            mobile=mobile if MOBILE.fullmatch(mobile) else "",
            sid=spelled(claims.get("sid")),
        )


def spelled(value: Any) -> str:
    """A claim as text; true and false as JSON writes them, anything else that is no text
    or number as nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int) else ""
