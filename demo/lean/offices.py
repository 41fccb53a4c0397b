"""Offices: those of the province, all below one committee, and as many units as are wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from demo.bulkload import Target
from demo.names import BRANDS, mixed_name
from demo.province import (
    BUREAU,
    DEPARTMENTS,
    FIRMS,
    GENERAL,
    NAMED,
    PROVINCE,
    TOWN_UNITS,
    UNITS,
    OfficePlan,
    Registrar,
    offices,
    units,
)
from models.codes import CodeBook
from models.offices import OfficeKind

OFFICES = Target(
    "office",
    ("id", "name", "uscc", "kind", "nature", "region", "grassroots", "telephone", "active",
     "superior_id", "version", "updated_by"),
)  # fmt: skip

CHARACTERS = sorted(set("".join(BRANDS)))
FIRMS_AMONG, TOWNS_AMONG = 0.1, 0.25
"""Of the added units: private firms, which report to a bureau, and those of townships."""


@dataclass(frozen=True)
class Site:
    """An office with its number; ``chain`` are the numbers of those that a declaration
    climbs from here, its own first, so all chains end with the same one."""

    id: int
    plan: OfficePlan
    chain: tuple[int, ...]
    agent: str = ""

    @property
    def height(self) -> int:
        """How many offices stand above."""
        return len(self.chain) - 1


@dataclass(frozen=True)
class Home:
    """Where units may be added: an office with units of a trade, a bureau with firms."""

    place: str
    region: str
    office: str
    trade: str = ""


def planned(codes: CodeBook, rng: Random, wanted: int) -> list[OfficePlan]:
    """All offices, each after its superior, with exactly so many units."""
    register = Registrar(rng)
    register.plans = [_below_one(plan) for plan in offices(codes, rng)]
    there = list(units(register.plans))
    _add_units(rng, register, wanted - len(there))
    known = set(NAMED.values())
    others = [unit.name for unit in there if unit.name not in known]
    surplus = set(rng.sample(others, max(len(there) - wanted, 0)))
    return [plan for plan in register.plans if plan.name not in surplus]


def sited(plans: Iterable[OfficePlan], agents: dict[str, str], rng: Random) -> list[Site]:
    """The offices with numbers, chains and the name of who acts for each."""
    found: dict[str, Site] = {}
    for number, plan in enumerate(plans, 1):
        above = found[plan.superior].chain if plan.superior else ()
        agent = agents.get(plan.name) or mixed_name(rng)
        found[plan.name] = Site(number, plan, (number, *above), agent)
    return list(found.values())


def office_rows(there: Iterable[Site]) -> Iterator[tuple]:
    """Their rows."""
    for site in there:
        plan = site.plan
        yield (
            site.id, plan.name, plan.uscc, plan.kind.value, plan.nature, plan.region,
            plan.grassroots, plan.telephone, True, site.chain[1] if site.height else None, 1, "",
        )  # fmt: skip


def _below_one(plan: OfficePlan) -> OfficePlan:
    """The data managers of the first committee shall see every declaration."""
    return plan if plan.superior or plan.name == GENERAL else replace(plan, superior=GENERAL)


def _homes(plans: Iterable[OfficePlan]) -> Iterator[Home]:
    """Bureaus and departments of counties and cities."""
    names = {"": BUREAU, **DEPARTMENTS}
    for plan in plans:
        for trade, pattern in names.items():
            ending = pattern.removeprefix("{place}")
            if plan.name.endswith(ending) and plan.region != PROVINCE:
                yield Home(plan.name.removesuffix(ending), plan.region, plan.name, trade)


def _add_units(rng: Random, register: Registrar, count: int) -> None:
    """So many more units, each of a name that is free."""
    homes = list(_homes(register.plans))
    bureaus = [home for home in homes if not home.trade]
    departments = [home for home in homes if home.trade]
    taken = {plan.name for plan in register.plans}
    wanted = len(taken) + count
    while len(taken) < wanted:
        firm = rng.random() < FIRMS_AMONG
        home = rng.choice(bureaus if firm else departments)
        trade = home.trade or rng.choice(sorted(FIRMS))
        town = trade in TOWN_UNITS and rng.random() < TOWNS_AMONG
        kinds = FIRMS if firm else TOWN_UNITS if town else UNITS
        pattern, kind, nature, grassroots = kinds[trade]
        word = "".join(rng.sample(CHARACTERS, 2))
        name = pattern.format(place=home.place, brand=word, town=word)
        if name not in taken:
            taken.add(name)
            more = {"superior": home.office, "nature": nature, "trade": trade}
            unit = OfficeKind.UNIT
            register.add(name, unit, home.region, kind, grassroots=grassroots, **more)
