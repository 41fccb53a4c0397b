"""Every kind of field: its column, what is wrong with a value, and how a value is shown."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Boolean, Date, Integer, Numeric, String, Text

from models.codes import CodeBook, Entry
from models.fields import (
    Field,
    Kind,
    choice,
    choices,
    day,
    decimal,
    essay,
    month,
    objection,
    secret,
    text,
    whole,
    yes_no,
)
from models.section import shown
from models.vault import Vault
from tests.models.books import TODAY, book

LABEL = "栏"


@pytest.mark.parametrize(
    ("made", "field", "type_"),
    [
        (text(LABEL, 9), Field(Kind.TEXT, LABEL, limit=9), String),
        (essay(LABEL, 9, least=2), Field(Kind.ESSAY, LABEL, limit=9, least=2), Text),
        (day(LABEL), Field(Kind.DAY, LABEL), Date),
        (month(LABEL, hint="年月"), Field(Kind.MONTH, LABEL, hint="年月"), Date),
        (choice(LABEL, "sex"), Field(Kind.CHOICE, LABEL, codes="sex"), String),
        (whole(LABEL), Field(Kind.WHOLE, LABEL, least=0, limit=999_999), Integer),
        (
            decimal(LABEL, 5, 2),
            Field(Kind.DECIMAL, LABEL, least=0, limit=999, places=2),
            Numeric,
        ),
        (
            decimal(LABEL, 5, 2, limit=100),
            Field(Kind.DECIMAL, LABEL, least=0, limit=100, places=2),
            Numeric,
        ),
        (yes_no(LABEL, group="组"), Field(Kind.FLAG, LABEL, group="组"), Boolean),
    ],
)
def test_a_kind_is_a_column_with_its_field(made, field, type_):
    assert made.column.info["field"] == field
    assert isinstance(made.column.type, type_)
    assert made.column.nullable is False


def test_what_is_not_required_may_be_null():
    made = choices(LABEL, "paper_index", required=False)
    assert made.column.info["field"] == Field(
        Kind.CHOICES, LABEL, required=False, codes="paper_index"
    )
    assert made.column.nullable is True


def test_a_secret_is_never_required():
    assert secret(LABEL, "id_no").info["field"] == Field(Kind.SECRET, LABEL, required=False)


def said(field: Field, value, codes: CodeBook | None = None) -> str:
    """The objection to a value, or nothing."""
    words = objection(field, value, codes or book(), TODAY)
    return str(words) if words else ""


PICKED = [Kind.CHOICE, Kind.CHOICES, Kind.FLAG, Kind.DAY, Kind.MONTH]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_wrong_where_something_is_required(kind, nothing):
    words = "请选择栏。" if kind in PICKED else "请填写栏。"
    assert said(Field(kind, LABEL), nothing) == words
    assert said(Field(kind, LABEL, required=False), nothing) == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field(Kind.FLAG, LABEL), False),
        (Field(Kind.WHOLE, LABEL, least=0, limit=9), 0),
        (Field(Kind.DECIMAL, LABEL, least=0, limit=9), Decimal("0.00")),
        (Field(Kind.DAY, LABEL), date(2024, 2, 29)),
        (Field(Kind.MONTH, LABEL), date(2024, 2, 1)),
    ],
)
def test_no_and_nought_are_answers(field, value):
    assert said(field, value) == ""


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ESSAY])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("字", "栏至少 2 字，现在是 1 字。"),
        ("字数", ""),
        ("字数字", ""),
        ("字\r\n数", ""),
        ("字数字数", "栏最多 3 字，现在是 4 字。"),
        ("字\r\n数字", "栏最多 3 字，现在是 4 字。"),
        ("𠮷𠮷𠮷", ""),
    ],
)
def test_text_counts_in_characters_and_a_line_break_as_one(kind, value, words):
    assert said(Field(kind, LABEL, limit=3, least=2), value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "栏应在 1 到 9 之间。"),
        (1, ""),
        (9, ""),
        (10, "栏应在 1 到 9 之间。"),
        (-1, "栏应在 1 到 9 之间。"),
    ],
)
def test_a_number_has_bounds(value, words):
    assert said(Field(Kind.WHOLE, LABEL, least=1, limit=9), value) == words
    assert said(Field(Kind.DECIMAL, LABEL, least=1, limit=9), Decimal(value)) == words


GONE = "栏的选项已不可用，请重新选择。"


@pytest.mark.parametrize(
    ("value", "words"),
    [("21", ""), ("20", GONE), ("10", GONE), ("77", GONE), ("大学", GONE)],
)
def test_a_choice_is_a_code_that_may_be_chosen(value, words):
    assert said(Field(Kind.CHOICE, LABEL, codes="education_level"), value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(["01"], ""), (["01", "99"], ""), (["01", "77"], GONE), (["77"], GONE)],
)
def test_all_of_several_choices_are_codes(value, words):
    assert said(Field(Kind.CHOICES, LABEL, codes="paper_index"), value) == words


@pytest.mark.parametrize(
    ("code", "words"),
    [("past", GONE), ("until_today", ""), ("from_today", ""), ("to_come", GONE), ("ever", "")],
)
def test_a_code_has_its_days(code, words):
    entries = (
        Entry("past", "旧", valid_until=date(2026, 3, 19)),
        Entry("until_today", "旧", valid_until=TODAY),
        Entry("from_today", "新", valid_from=TODAY),
        Entry("to_come", "新", valid_from=date(2026, 3, 21)),
        Entry("ever", "常"),
    )
    codes = CodeBook({"days": {entry.code: entry for entry in entries}})
    assert said(Field(Kind.CHOICE, LABEL, codes="days"), code, codes) == words


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_shown_as_nothing(kind, nothing):
    assert shown(Field(kind, LABEL, codes="sex"), nothing, book()) == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Field(Kind.TEXT, LABEL), "水利学报", "水利学报"),
        (Field(Kind.ESSAY, LABEL), "一\n二", "一\n二"),
        (Field(Kind.DAY, LABEL), date(2024, 2, 9), "2024-02-09"),
        (Field(Kind.MONTH, LABEL), date(2024, 2, 1), "2024-02"),
        (Field(Kind.CHOICE, LABEL, codes="paper_kind"), "1", "期刊论文"),
        (Field(Kind.CHOICE, LABEL, codes="paper_kind"), "77", "77"),
        (Field(Kind.CHOICES, LABEL, codes="paper_index"), ["02", "04"], "SSCI、EI"),
        (Field(Kind.WHOLE, LABEL), 0, "0"),
        (Field(Kind.WHOLE, LABEL), 1200, "1200"),
        (Field(Kind.DECIMAL, LABEL, places=2), Decimal("0.00"), "0"),
        (Field(Kind.DECIMAL, LABEL, places=2), Decimal("35.50"), "35.5"),
        (Field(Kind.DECIMAL, LABEL, places=2), Decimal("100"), "100"),
        (Field(Kind.DECIMAL, LABEL, places=3), Decimal("1.234"), "1.234"),
        (Field(Kind.DECIMAL, LABEL, places=0), Decimal("100"), "100"),
        (Field(Kind.FLAG, LABEL), True, "是"),
        (Field(Kind.FLAG, LABEL), False, "否"),
    ],
)
def test_a_value_is_shown_as_people_read_it(field, value, words):
    assert shown(field, value, book()) == words


def test_a_secret_is_shown_masked():
    vault = Vault(b"s" * 32, b"i" * 32)
    sealed = vault.seal("220102198503120019", "expert", "expert_id_no", "a" * 32)
    assert shown(Field(Kind.SECRET, LABEL), sealed, book()) == "220102********0019"
