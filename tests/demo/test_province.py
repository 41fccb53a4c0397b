"""The offices before they are written."""

from collections import Counter
from random import Random

from demo.province import NAMED, offices, units
from models.numbers import uscc_objection
from models.offices import OfficeKind
from tests.models.books import book

PLANS = offices(book(), Random(1))
BY_NAME = {plan.name: plan for plan in PLANS}


def chain(plan) -> list[str]:
    """The offices from this one up."""
    return [plan.name, *(chain(BY_NAME[plan.superior]) if plan.superior else [])]


def test_names_and_codes_come_once():
    assert len(BY_NAME) == len({plan.uscc for plan in PLANS}) == len(PLANS)
    assert [plan.name for plan in PLANS if uscc_objection(plan.uscc)] == []


def test_all_sixty_counties_have_a_bureau_and_units():
    regions = book().table("region_jilin").values()
    counties = {r.code for r in regions if r.extra["level"] == "3" and r.code.isdigit()}
    assert len(counties) == 60
    for kind in (OfficeKind.BUREAU, OfficeKind.DEPARTMENT, OfficeKind.UNIT):
        assert {plan.region for plan in PLANS if plan.kind is kind} >= counties


def test_chains_have_three_to_five_offices():
    lengths = Counter(len(chain(unit)) for unit in units(PLANS))
    assert set(lengths) == {3, 4, 5}
    assert {BY_NAME[chain(unit)[-1]].kind for unit in units(PLANS)} == {OfficeKind.COMMITTEE}


def test_a_superior_stands_before_those_below_it():
    place = {plan.name: number for number, plan in enumerate(PLANS)}
    assert all(place[p.superior] < place[p.name] for p in PLANS if p.superior)


def test_the_named_units_are_there():
    assert {(BY_NAME[name].region, BY_NAME[name].trade) for name in NAMED.values()} == set(NAMED)


def test_the_same_seed_makes_the_same_offices():
    assert offices(book(), Random(1)) == PLANS
    assert offices(book(), Random(2)) != PLANS
