"""（3）① 论文信息: what may be filled in, and what must be proved."""

from datetime import date
from decimal import Decimal

import pytest

from models.sections.paper import SECTION, Paper
from tests.models.books import asked, judged

JOURNAL = {
    "paper_kind": "1",
    "title": "寒区水库冰盖变形监测",
    "publication": "水利学报",
    "issn": "0317-8471",
    "cn_no": "CN 22-1234/TV",
    "publish_date": date(2024, 5, 1),
    "author_role": "2",
    "author_order": 1,
    "author_total": 3,
    "is_representative": False,
}
BOOK = JOURNAL | {
    "paper_kind": "3",
    "publication": None,
    "issn": None,
    "cn_no": None,
    "publisher": "水利水电出版社",
    "isbn": "978-7-115-44535-3",
    "total_words": Decimal("20.00"),
    "own_words": Decimal("5.50"),
}


def paper(**changes) -> Paper:
    return Paper(**(JOURNAL | changes))


def book(**changes) -> Paper:
    return Paper(**(BOOK | changes))


@pytest.mark.parametrize("right", [JOURNAL, BOOK, JOURNAL | {"issn": None, "cn_no": None}])
def test_a_complete_paper_and_a_complete_book_are_right(right):
    assert judged(SECTION, Paper(**right)) == []


def test_the_fields_that_nobody_may_leave_out():
    assert judged(SECTION, Paper()) == [
        ("paper_kind", "请选择类别。"),
        ("title", "请填写论文（著作）题目。"),
        ("publish_date", "请选择发表（出版）日期。"),
        ("author_role", "请选择本人角色。"),
        ("author_order", "请填写本人排名。"),
        ("author_total", "请填写作者总数。"),
        ("is_representative", "请选择是否为代表性论文著作。"),
    ]


@pytest.mark.parametrize("kind", ["1", "2", "7"])
def test_a_paper_names_where_it_appeared(kind):
    assert judged(SECTION, paper(paper_kind=kind, publication=None)) == [
        ("publication", "请填写刊物（会议、论文集）名称。")
    ]


@pytest.mark.parametrize("kind", ["3", "4", "5", "6"])
def test_a_book_names_its_publisher_and_ones_own_words(kind):
    assert judged(SECTION, book(paper_kind=kind, publisher=None, own_words=None)) == [
        ("publisher", "著作请填写出版社名称。"),
        ("own_words", "著作请填写本人撰写字数。"),
    ]


def test_other_kinds_need_neither():
    assert judged(SECTION, paper(paper_kind="9", publication=None)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_representative": True}, [("abstract", "代表作请填写内容摘要及学术价值。")]),
        ({"is_representative": True, "abstract": "提出了新的监测方法。"}, []),
        (
            {"issn": "0317-8472"},
            [("issn", "ISSN 的校验位不对，应类似 1000-1239，请核对。")],
        ),
        (
            {"isbn": "978-7-115-44535-4"},
            [("isbn", "ISBN 的校验位不对，请照版权页核对。")],
        ),
        (
            {"cn_no": "22-1234"},
            [("cn_no", "刊号应类似 CN 22-1234/TV，请照版权页填写。")],
        ),
        ({"cn_no": "CN22-1234"}, []),
        ({"publish_date": date(2025, 12, 1)}, []),
        (
            {"publish_date": date(2026, 1, 1)},
            [("publish_date", "通知规定截止到2025-12-31，请填写不晚于该日的日期。")],
        ),
        (
            {"publish_date": date(2026, 4, 1)},
            [
                ("publish_date", "这个日期还没有到，请核对。"),
                ("publish_date", "通知规定截止到2025-12-31，请填写不晚于该日的日期。"),
            ],
        ),
        ({"author_order": 3}, []),
        ({"author_order": 4}, [("author_order", "排名应在 1 到总人数 3 之间。")]),
        (
            {"own_words": Decimal("3"), "total_words": Decimal("2")},
            [("own_words", "本人撰写字数不能多于总字数。")],
        ),
        ({"own_words": Decimal("2"), "total_words": Decimal("2")}, []),
        ({"own_words": Decimal("2"), "total_words": None}, []),
        ({"similarity": Decimal("100.5")}, [("similarity", "查重（复制比）%应在 0 到 100 之间。")]),
        ({"index": ["01", "77"]}, [("index", "收录情况的选项已不可用，请重新选择。")]),
    ],
)
def test_the_rules_of_a_paper(changes, expected):
    assert judged(SECTION, paper(**changes)) == expected


def test_one_representative_work():
    chosen = {"is_representative": True, "abstract": "提出了新的监测方法。"}
    assert judged(SECTION, paper(**chosen), paper(is_representative=False)) == []
    assert judged(SECTION, paper(**chosen), paper(**chosen)) == [
        ("is_representative", "代表性论文著作只能有一篇。")
    ]


def test_the_proofs_of_a_paper():
    assert [proof.code for proof in SECTION.proofs] == ["A30", "A31", "A32", "A33"]
    assert asked(SECTION, paper()) == ["A30"]
    assert asked(SECTION, paper(index=["01"])) == ["A30", "A31"]
