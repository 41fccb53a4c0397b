"""Lines that are drawn once and filled for each row."""

import pytest
from markupsafe import Markup

from views.patterns import filled, hole


def test_each_row_stands_in_the_holes_of_the_line():
    line = Markup('<td title="{0}">{0}</td><a href="/show/{1}">').format(hole(1), hole(0))
    drawn = filled(line, [(7, "甲"), (8, "𠮷")])
    assert drawn == (
        '<td title="甲">甲</td><a href="/show/7"><td title="𠮷">𠮷</td><a href="/show/8">'
    )


def test_a_value_is_escaped_unless_it_is_markup():
    typed = '"><script>{0}%s\\1'
    assert filled(Markup(hole(0)), [(typed,)]) == "&#34;&gt;&lt;script&gt;{0}%s\\1"
    assert filled(Markup(hole(0)), [(Markup("<b>甲</b>"),)]) == "<b>甲</b>"


def test_a_value_that_looks_like_a_hole_stays_text():
    assert filled(Markup(hole(0)), [(hole(1), "秘密")]) == hole(1)


def test_a_row_must_have_what_the_line_asks_for():
    with pytest.raises(LookupError):
        filled(Markup(hole(2)), [("甲", "乙")])


def test_no_rows_are_nothing():
    assert filled(Markup(f"<tr>{hole(0)}</tr>"), []) == ""
