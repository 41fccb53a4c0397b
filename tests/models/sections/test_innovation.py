"""（3）⑤ 创新技术改革方法: one short text that may stay empty."""

import pytest

from models.section import ONE
from models.sections.innovation import SECTION, Innovation
from tests.models.books import asked, judged


@pytest.mark.parametrize(
    "content", [None, "", "改进了冰压力计的安装方法。", "字" * 800, "字\r\n" * 400]
)
def test_a_short_text_is_right_and_so_is_none(content):
    assert judged(SECTION, Innovation(content=content)) == []


def test_a_long_one_is_refused():
    assert judged(SECTION, Innovation(content="字" * 801)) == [
        ("content", "创新技术改革方法最多 800 字，现在是 801 字。")
    ]


def test_the_form_asks_for_few_words_once():
    field = SECTION.fields["content"]
    assert (SECTION.shape, SECTION.required) == (ONE, False)
    assert (field.label, field.hint) == ("创新技术改革方法", "请简要概括，字数不要过多")


def test_no_proof_is_required():
    assert [(proof.code, proof.of_record) for proof in SECTION.proofs] == [("A99", False)]
    assert asked(SECTION, None) == []
    assert asked(SECTION, Innovation(content="改进了冰压力计的安装方法。")) == []
