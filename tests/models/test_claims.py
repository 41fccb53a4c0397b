"""What a platform says, in our words; what cannot be meant is left out."""

from datetime import UTC, datetime

import pytest

from models.claims import Claimed, ClaimMap, Kind
from tests.worlds.base import id_no_of, uscc_of

NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
WHO = {"iss": "https://id.example", "sub": "1"}
NOTHING = Claimed("https://id.example", "1", None, verified=False)


def read(**claims) -> Claimed:
    return ClaimMap().read(WHO | claims, NOW)


def test_all_that_is_known_is_taken():
    said = {
        "account_kind": "agent", "id_number": id_no_of(1).lower() + " ", "unit_code": uscc_of(2),
        "mobile": "13900000001", "id_verified": True, "sid": "s-1", "name": "高建国",
    }  # fmt: skip
    assert read(**said) == Claimed(
        "https://id.example", "1", Kind.AGENT, True, id_no_of(1), uscc_of(2), "13900000001", "s-1"
    )


@pytest.mark.parametrize("value", [None, "", 0, [], {}, ["person"], {"a": 1}, "Person", "x" * 9999])
def test_what_makes_no_sense_is_nothing(value):
    names = ("account_kind", "id_number", "unit_code", "mobile", "id_verified")
    assert read(**dict.fromkeys(names, value)) == NOTHING


@pytest.mark.parametrize(
    ("values", "said", "verified"),
    [
        ({"true"}, True, True),
        ({"true"}, "true", True),
        ({"true"}, False, False),
        ({"true"}, 1, False),
        ({"true"}, "True", False),
        ({"1"}, True, False),
        ({"3", "4"}, 3, True),
        ({"3", "4"}, "4", True),
        ({"3", "4"}, 34, False),
        ({"3", "4"}, ["3"], False),
        (set(), None, False),
    ],
)
def test_verified_is_what_the_deployment_calls_so(values, said, verified):
    map_ = ClaimMap(verified_values=frozenset(values))
    assert map_.read(WHO | {"id_verified": said}, NOW).verified is verified


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("id_number", id_no_of(1)[:-1]),
        ("id_number", "15" * 7 + "1"),
        ("id_number", "22070220990101001X"),
        ("unit_code", uscc_of(1)[:-1] + "0"),
        ("unit_code", uscc_of(1) + uscc_of(2)),
        ("mobile", "+8613900000001"),
        ("mobile", "12345678901"),
        ("mobile", "１３９００００００１"),
    ],
)
def test_numbers_that_do_not_hold_are_left_out(claim, value):
    assert read(**{claim: value}) == NOTHING
