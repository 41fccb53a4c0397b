"""How many of everything there are for a number of declarations."""

from dataclasses import dataclass

OWNED = 3_000
"""Declarations of the first unit, at every scale from 10,000 on: what differs there between
two scales is the system's growth and not that of the unit's own list."""


@dataclass(frozen=True)
class Scale:
    """So many declarations."""

    declarations: int

    @property
    def units(self) -> int:
        """Offices by way of which persons declare."""
        return 20_000 if self.declarations >= 100_000 else max(60, self.declarations // 50)

    @property
    def persons(self) -> int:
        """Applicants with accounts; each declares two or three times in different years."""
        return -(-self.declarations * 42 // 100)

    @property
    def owned(self) -> int:
        """Declarations of the first unit."""
        return min(OWNED, self.declarations * 3 // 10)

    @property
    def owners(self) -> int:
        """The persons of the first unit, who come first."""
        return -(-self.owned * 42 // 100)

    def declarant(self, number: int) -> int:
        """The person who makes the declaration of this number, both counted from nought."""
        if number < self.owned:
            return number * self.owners // self.owned
        others, left = self.persons - self.owners, self.declarations - self.owned
        return self.owners + (number - self.owned) * others // left
