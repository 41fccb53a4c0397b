"""Every field of the domain's tables has its place: in a section, or elsewhere for a reason."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from models.sections import SECTIONS

TABLE = Path(__file__).with_name("fields.csv")

ELSEWHERE = {
    ("M01", "photo"): "the proof A05 of the section",
    ("M01", "integrity_ack"): "ticked at submission, not kept with the section",
    ("M12", "rows"): "an extension of the text; comes with the full declaration",
    ("M13", "rows"): "an extension of the text; comes with the full declaration",
    ("M14", "rows"): "an extension of the text; comes with the full declaration",
    ("M16", "none_declared"): "the section's none_word, kept as DeclaredNone",
}
"""Fields that are no field of their section, and what stands for them."""


def of_the_table() -> dict[str, set[str]]:
    fields: dict[str, set[str]] = defaultdict(set)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["module"], row["field"]) not in ELSEWHERE:
                fields[row["module"]].add(row["field"])
    return fields


EXPECTED = of_the_table()
BY_CODE = {section.code: section for section in SECTIONS if section.fields}


def test_the_sections_of_the_table_are_those_of_the_program():
    assert sorted(BY_CODE) == sorted(EXPECTED)


@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_a_section_has_the_fields_of_its_table(code):
    section = BY_CODE[code]
    assert set(section.fields) | {fact.key for fact in section.facts} == EXPECTED[code]


@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_no_field_is_both_typed_and_shown(code):
    section = BY_CODE[code]
    assert {fact.key for fact in section.facts} & set(section.fields) == set()


def test_what_stands_for_the_fields_that_are_elsewhere_is_there():
    assert "A05" in {proof.code for proof in BY_CODE["M01"].proofs}
    assert BY_CODE["M16"].none_word != ""
