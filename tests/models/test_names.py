"""Who can be called how, and how nobody is called."""

import pytest

from models.names import name_objection

SIGNS = "姓名应为 2 至 50 个文字，中间可有“·”、空格、“-”或“'”，请照身份证填写。"


@pytest.mark.parametrize(
    "name",
    ["王𠮷水", "阿卜杜拉·买买提", "Anne-Marie O'Neil", "Иван Петров", "高" * 50],
)
def test_letters_of_any_script_are_a_name(name):
    assert name_objection(name) is None


@pytest.mark.parametrize("name", ["", "王", "王😀", "<王水>", "王2", "·王水", "王水 ", "王_水"])
def test_what_nobody_is_called(name):
    assert str(name_objection(name)) == SIGNS


def test_a_name_that_is_too_long():
    assert str(name_objection("高" * 51)) == "姓名最多 50 字，现在是 51 字。"
