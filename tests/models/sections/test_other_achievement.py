"""（4）④ 其他业绩成果: one short text that may stay empty."""

import pytest

from models.section import ONE
from models.sections.other_achievement import SECTION, OtherAchievement
from tests.models.books import asked, judged


@pytest.mark.parametrize(
    "content", [None, "", "培养青年技术人员 4 名。", "字" * 800, "字\r\n" * 400]
)
def test_a_short_text_is_right_and_so_is_none(content):
    assert judged(SECTION, OtherAchievement(content=content)) == []


def test_a_long_one_is_refused():
    assert judged(SECTION, OtherAchievement(content="字" * 801)) == [
        ("content", "其他业绩成果最多 800 字，现在是 801 字。")
    ]


def test_the_form_asks_for_few_words_once():
    field = SECTION.fields["content"]
    assert (SECTION.shape, SECTION.required) == (ONE, False)
    assert (field.label, field.hint) == ("其他业绩成果", "请简要概括，字数不要过多")


def test_no_proof_is_required():
    assert [(proof.code, proof.of_record) for proof in SECTION.proofs] == [("A99", False)]
    assert asked(SECTION, None) == []
    assert asked(SECTION, OtherAchievement(content="培养青年技术人员 4 名。")) == []
