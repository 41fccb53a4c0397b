"""Every number says of itself that it is one."""

from datetime import date
from random import Random

import pytest
from stdnum import isbn as isbn_number
from stdnum import issn as issn_number

from demo.numbers import (
    application_no,
    diploma_no,
    identity_number,
    isbn,
    issn,
    mobile,
    social_credit_code,
)
from models.numbers import MALE, birth_of, id_number_objection, sex_of, uscc_objection
from models.sections.patent import check_digit

TODAY = date(2026, 3, 20)


def test_the_identity_number_of_the_standard():
    assert identity_number("110105", date(1949, 12, 31), 2) == "11010519491231002X"


@pytest.mark.parametrize("sequence", range(1, 1000, 37))
def test_identity_numbers_are_valid_and_tell_sex_and_birth(sequence):
    number = identity_number("220182", date(1985, 3, 12), sequence)
    assert id_number_objection(number, TODAY) is None
    assert (birth_of(number), sex_of(number) == MALE) == (date(1985, 3, 12), sequence % 2 == 1)


@pytest.mark.parametrize("kind", ["11", "12", "52", "91"])
def test_credit_codes_are_valid_and_differ(kind):
    codes = [social_credit_code(kind, "220102", serial) for serial in range(1, 200)]
    assert [uscc_objection(code) for code in codes] == [None] * 199
    assert len(set(codes)) == 199


def test_mobiles_have_the_segment_that_nobody_has():
    assert [mobile(1), mobile(9_999_999)] == ["15400000001", "15409999999"]


def test_numbers_of_publications_and_patents():
    rng = Random(1)
    for _ in range(50):
        assert issn_number.is_valid(issn(rng))
        assert isbn_number.is_valid(isbn(rng))
        digits, _, last = application_no(rng, 2022, "1").partition(".")
        assert (len(digits), check_digit(digits)) == (12, last)
        assert len(diploma_no(rng, "10183", 2009, "05")) == 18
