"""Identity numbers at rest: sealed for one place, found by an index, shown masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vault import Sealed, Vault, mask, without_numbers

SEAL, INDEX = b"seals numbers in this test only.", b"indexes numbers, this test only."
VAULT = Vault(SEAL, INDEX)
NUMBER = "220102198503120019"
PLACE = ("person", "id_no", "a" * 32)


def test_sealed_and_opened():
    sealed = VAULT.seal(NUMBER, *PLACE)
    assert VAULT.open(sealed, *PLACE) == NUMBER
    assert sealed.mask == "220102********0019"
    assert sealed.index == VAULT.index(NUMBER)
    assert NUMBER.encode() not in sealed.sealed and NUMBER not in sealed.index


@given(st.text(alphabet="0123456789X", min_size=1, max_size=40))
def test_any_number_comes_back(number):
    assert VAULT.open(VAULT.seal(number, *PLACE), *PLACE) == number


@pytest.mark.parametrize(
    "place", [("expert", "id_no", "a" * 32), ("person", "no", "a" * 32), ("person", "id_no", "b")]
)
def test_it_opens_only_where_it_was_sealed(place):
    sealed = VAULT.seal(NUMBER, *PLACE)
    with pytest.raises(ValueError, match="not sealed for this place"):
        VAULT.open(sealed, *place)


def test_every_changed_byte_is_found():
    sealed = VAULT.seal(NUMBER, *PLACE).sealed
    for place in range(len(sealed)):
        changed = bytes(b ^ (n == place) for n, b in enumerate(sealed))
        with pytest.raises(ValueError):
            VAULT.open(Sealed(changed, "", ""), *PLACE)


def test_another_key_does_not_open_it():
    sealed = VAULT.seal(NUMBER, *PLACE)
    with pytest.raises(ValueError, match="not sealed for this place"):
        Vault(INDEX, INDEX).open(sealed, *PLACE)
    with pytest.raises(ValueError, match="a key that is not here"):
        Vault(SEAL, INDEX, b"\x02").open(sealed, *PLACE)
    assert Vault(SEAL, SEAL).index(NUMBER) != VAULT.index(NUMBER)


def test_one_number_has_one_index_and_many_seals():
    writings = ("11010519491231002X", "11010519491231002x", " 110105 19491231 002x ")
    sealed = [VAULT.seal(number, *PLACE) for number in writings]
    assert {s.index for s in sealed} == {VAULT.index("11010519491231002X")}
    assert len({s.sealed for s in sealed}) == 3
    assert {VAULT.open(s, *PLACE) for s in sealed} == {"11010519491231002X"}
    assert VAULT.index("110105194912310021") != sealed[0].index


@pytest.mark.parametrize("empty", ["", "   "])
def test_nothing_stays_nothing(empty):
    assert VAULT.seal(empty, *PLACE) == Sealed()
    assert not Sealed()
    assert VAULT.open(Sealed(), *PLACE) == ""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("220102198503120019", "220102********0019"),
        ("12345678901", "123456*8901"),
        ("1234567890", "**********"),
        ("H0123456", "********"),
        ("", ""),
    ],
)
def test_the_mask_shows_ten_characters_at_most(number, expected):
    assert mask(number) == expected


@pytest.mark.parametrize("keys", [(b"short", INDEX), (SEAL, b""), (SEAL, INDEX, b"ab")])
def test_keys_have_their_length(keys):
    with pytest.raises(ValueError, match="two keys of 32 bytes"):
        Vault(*keys)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("220702198503121008", "220702********1008"),
        ("王220702198503121008，22070219850312100x", "王220702********1008，220702********100X"),
        ("220702 19850312 1008", "220702********1008"),
        ("2207021985031210089", "220702********10089"),
        ("202622010205000001", "202622010205000001"),  # 申报编号
        ("2026-01-31", "2026-01-31"),
        ("", ""),
    ],
)
def test_a_text_without_its_numbers(text, masked):
    assert without_numbers(text) == masked
