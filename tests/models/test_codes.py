"""代码表: read once, valid from and until, labels without a join."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from adapters.schema import CODES, load_codes
from models.codes import Code, CodeBook, Entry
from models.section import Kind
from models.sections import SECTIONS
from tests.models.books import book

DAY = date(2026, 3, 20)
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("begin", "end", "valid"),
    [
        (None, None, True),
        (DAY, None, True),
        (DAY + ONE, None, False),
        (None, DAY, True),
        (None, DAY - ONE, False),
        (DAY, DAY, True),
    ],
)
def test_a_code_is_valid_on_its_first_and_its_last_day(begin, end, valid):
    assert Entry("1", "一", begin, end).valid_on(DAY) is valid


@pytest.mark.parametrize(("selectable", "valid"), [("1", True), ("0", False)])
def test_a_heading_is_never_chosen(selectable, valid):
    assert Entry("1", "一", extra={"selectable": selectable}).valid_on(DAY) is valid


BOOK = CodeBook(
    {
        "sex": {
            "2": Entry("2", "女"),
            "1": Entry("1", "男", extra={"order": "9"}),
            "9": Entry("9", "旧", valid_until=DAY - ONE),
        }
    }
)


def test_labels_and_further_columns():
    assert [BOOK.name("sex", c) for c in ("1", "9", "7", "", None)] == ["男", "旧", "7", "", ""]
    assert BOOK.extra("sex", "1", "order") == "9"
    assert [BOOK.extra("sex", "2", "order"), BOOK.extra("none", "2", "order")] == ["", ""]
    assert BOOK.get("none", "1") is None and BOOK.get("sex", None) is None
    with pytest.raises(KeyError):
        BOOK.table("none")


def test_choices_stand_in_the_order_of_the_table_and_leave_out_the_old():
    assert BOOK.choices("sex", DAY) == [("2", "女"), ("1", "男")]
    assert BOOK.choices("sex", DAY - ONE)[-1] == ("9", "旧")


def test_the_loaded_tables_are_those_of_the_files(session, count_statements):
    with count_statements() as seen:
        read = CodeBook.read(session)
    assert len(seen) == 1
    files = {path.stem for path in CODES.glob("*.csv")}
    stored = set(session.scalars(select(Code.table).distinct()))
    assert stored == files
    for table in files:
        expected = [(code, entry.name) for code, entry in book().table(table).items()]
        assert [(code, e.name) for code, e in read.table(table).items()] == expected


def test_loading_again_changes_nothing(session):
    def rows():
        columns = Code.__table__.columns
        return session.execute(select(*columns).order_by(Code.table, Code.code)).all()

    before = rows()
    assert load_codes(session) == len(before)
    assert rows() == before


def test_every_choice_has_its_table():
    book_ = book()
    choices = {
        field.codes
        for section in SECTIONS
        for field in section.fields.values()
        if field.kind in (Kind.CHOICE, Kind.CHOICES)
    }
    assert all(book_.choices(table, DAY) for table in choices)
