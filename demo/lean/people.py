"""Persons with accounts, each bound to a unit, and the accounts of the offices."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from random import Random

from demo.bulkload import Load, Target
from demo.lean.moments import DAY, FIRST, stamp
from demo.lean.notices import YEARS
from demo.lean.offices import Site
from demo.names import common_names
from demo.numbers import identity_number, mobile
from demo.stars import ASKING, Login
from models.accounts import realm_of
from models.binding import BindingState
from models.numbers import FEMALE, MALE
from models.permissions import Role
from models.vault import Vault

PERSONS = Target(
    "person",
    ("id", "uid", "name", "id_type", "id_no_sealed", "id_no_index", "id_no_mask", "sex",
     "birth_date", "mobile"),
)  # fmt: skip
USERS = Target(
    "ab_user",
    ("id", "first_name", "last_name", "username", "password", "active", "email", "login_count",
     "fail_login_count"),
)  # fmt: skip
USER_ROLES = Target("ab_user_role", ("id", "user_id", "role_id"))
ACCOUNTS = Target("account", ("username", "person_id", "office_id", "realm"))
BINDINGS = Target(
    "binding",
    ("person_id", "unit_id", "state", "requested_at", "decided_at", "decided_by", "reason"),
)

CHANGCHUN = "220102"

BORN, STRIDE = range(10_950), 4_801
"""Days of birth, thirty years of them. Persons go through all of them in this stride, which
has no divisor in common with their number, before a sequence number is used again."""


@dataclass(frozen=True)
class Joining:
    """A person to be; the name is by lot where the login has none. ``home`` is the unit."""

    login: Login
    home: Site | None


@dataclass
class People:
    """Who declares, by numbers that begin with nought; a row's id is one more.

    All accounts have the one password whose hash is ``hash_``; ``today`` in office seconds.
    """

    load: Load
    vault: Vault
    rng: Random
    roles: dict[Role, int]
    hash_: str
    today: int
    names: list[str] = field(default_factory=list)
    homes: list[Site | None] = field(default_factory=list)
    _user_ids: count = field(default_factory=lambda: count(1))

    def add_accounts(self, logins: Iterable[Login], holders: Iterable[tuple]) -> None:
        """An account for each login; its holder is the id of a person and that of an office."""
        users, given, accounts = [], [], []
        for login, holder in zip(logins, holders, strict=True):
            id_, name = next(self._user_ids), login.name
            named = (name[1:], name[:1], login.username, self.hash_)
            users.append((id_, *named, True, f"{login.username}@example.invalid", 0, 0))
            given.append((id_, id_, self.roles[login.role]))
            accounts.append((login.username, *holder, realm_of(login.role).value))
        self.load.put(USERS, users)
        self.load.put(USER_ROLES, given)
        self.load.put(ACCOUNTS, accounts)

    def add_persons(self, joining: list[Joining]) -> None:
        """Persons with accounts, who have asked their units to be bound to them."""
        begin = len(self.names)
        females = [self.rng.random() < 0.52 for _ in joining]
        drawn = common_names(self.rng, females)
        logins = [
            replace(one.login, name=one.login.name or name)
            for one, name in zip(joining, drawn, strict=True)
        ]
        self.names += [login.name for login in logins]
        self.homes += [one.home for one in joining]
        numbers = range(begin, len(self.names))
        rows = zip(numbers, females, strict=True)
        self.load.put(PERSONS, [self._person(number, female) for number, female in rows])
        self.add_accounts(logins, [(number + 1, None) for number in numbers])
        bound = zip(numbers, joining, strict=True)
        self.load.put(BINDINGS, [self._binding(n, one) for n, one in bound if one.home])

    def _person(self, number: int, female: bool) -> tuple:
        youngest = FIRST + timedelta(days=self.today // DAY - 26 * 365)
        birth = youngest - timedelta(days=number * STRIDE % len(BORN))
        home = self.homes[number]
        region = home.plan.region if home and home.plan.region.isdigit() else CHANGCHUN
        sequence = 2 * (number // len(BORN)) + 1 + female
        uid = f"{self.rng.getrandbits(128):032x}"
        id_no = identity_number(region, birth, sequence)
        sealed = self.vault.seal(id_no, "person", "id_no", uid)
        return (
            number + 1, uid, self.names[number], "01", self.load.blob(sealed.sealed),
            sealed.index, sealed.mask, FEMALE if female else MALE, birth.isoformat(),
            mobile(number),
        )  # fmt: skip

    def _binding(self, number: int, one: Joining) -> tuple:
        """Asked before the first notice, and agreed to on the next day."""
        head = (number + 1, one.home.id)
        if one.login.username == ASKING:
            return (*head, BindingState.REQUESTED.value, stamp(self.today - DAY), None, "", "")
        asked = self.today - (YEARS + 1) * 365 * DAY
        answered = (stamp(asked + DAY), one.home.agent, "")
        return (*head, BindingState.BOUND.value, stamp(asked), *answered)
