"""（3）① 论文信息"""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped
from stdnum import isbn as isbn_number
from stdnum import issn as issn_number

from models.attachment import never, proof
from models.fields import choice, choices, decimal, essay, month, text, whole, yes_no
from models.record import Record, only_one
from models.rules import (
    OneOnly,
    by_cut_off,
    equals,
    filled,
    matches,
    needed_when,
    not_in_future,
    ranked,
    refused_when,
    valid,
)
from models.section import Section
from models.status import Part
from models.words import _


class Paper(Record):
    """One paper or book (domain 05.6)."""

    __tablename__ = "paper"
    __table_args__ = (only_one("paper", "is_representative"),)

    paper_kind: Mapped[str] = choice(_("类别"), "paper_kind")
    title: Mapped[str] = text(
        _("论文（著作）题目"), 200, hint=_("与刊物上的题目完全一致，含副标题")
    )
    publication: Mapped[str | None] = text(_("刊物（会议、论文集）名称"), 200, required=False)
    publisher: Mapped[str | None] = text(_("出版社名称"), 200, required=False)
    issn: Mapped[str | None] = text(_("ISSN"), 9, required=False, hint=_("如 1000-1239"))
    cn_no: Mapped[str | None] = text(_("CN刊号"), 20, required=False, hint=_("如 CN 22-1234/TV"))
    isbn: Mapped[str | None] = text(_("ISBN"), 17, required=False)
    publish_date: Mapped[date] = month(_("发表（出版）日期"))
    volume_issue: Mapped[str | None] = text(_("卷（期）号"), 40, required=False)
    pages: Mapped[str | None] = text(_("起止页码"), 40, required=False)
    author_role: Mapped[str] = choice(_("本人角色"), "author_role")
    author_order: Mapped[int] = whole(_("本人排名"), 1, 999)
    author_total: Mapped[int] = whole(_("作者总数"), 1, 999)
    total_words: Mapped[Decimal | None] = decimal(_("总字数（万字）"), 8, 2, required=False)
    own_words: Mapped[Decimal | None] = decimal(_("本人撰写字数（万字）"), 8, 2, required=False)
    index: Mapped[list[str] | None] = choices(_("收录情况"), "paper_index", required=False)
    impact_factor: Mapped[Decimal | None] = decimal(_("影响因子"), 7, 3, required=False)
    cite_count: Mapped[int | None] = whole(_("他引次数"), required=False)
    abstract: Mapped[str | None] = essay(_("内容摘要及学术价值"), 500, required=False)
    similarity: Mapped[Decimal | None] = decimal(
        _("查重（复制比）%"), 5, 2, limit=100, required=False
    )
    is_representative: Mapped[bool] = yes_no(_("是否为代表性论文著作"))


JOURNAL, BOOKS = "1", ("3", "4", "5", "6")
in_a_journal = equals(Paper.paper_kind, "1", "2", "7")
is_book = equals(Paper.paper_kind, *BOOKS)


def more_than_the_whole(paper, case):
    """Whether one wrote more words than there are."""
    own, total = paper.own_words, paper.total_words
    return own is not None and total is not None and own > total


SECTION = Section(
    code="M06",
    title=_("论文信息"),
    part=Part.ACHIEVEMENT,
    place=0,
    model=Paper,
    counted=_("篇"),
    listed=(Paper.title, Paper.publication, Paper.publish_date, Paper.is_representative),
    rules=(
        needed_when(Paper.publication, in_a_journal, _("请填写刊物（会议、论文集）名称。")),
        needed_when(Paper.publisher, is_book, _("著作请填写出版社名称。")),
        needed_when(Paper.own_words, is_book, _("著作请填写本人撰写字数。")),
        needed_when(
            Paper.abstract,
            equals(Paper.is_representative, True),
            _("代表作请填写内容摘要及学术价值。"),
        ),
        valid(Paper.issn, issn_number.is_valid, _("ISSN 的校验位不对，应类似 1000-1239，请核对。")),
        valid(Paper.isbn, isbn_number.is_valid, _("ISBN 的校验位不对，请照版权页核对。")),
        matches(
            Paper.cn_no,
            r"CN\s?\d{2}-\d{4}(/[A-Z0-9.]+)?",
            _("刊号应类似 CN 22-1234/TV，请照版权页填写。"),
        ),
        not_in_future(Paper.publish_date),
        by_cut_off(Paper.publish_date),
        ranked(Paper.author_order, Paper.author_total),
        refused_when(Paper.own_words, more_than_the_whole, _("本人撰写字数不能多于总字数。")),
        OneOnly(Paper.is_representative, _("代表性论文著作只能有一篇。")),
    ),
    proofs=(
        proof("A30", hint=_("封面、版权页、目录、正文合并为一个 PDF")),
        proof("A31", filled(Paper.index)),
        proof("A32", never, hint=_("代表作，通知要求时上传")),
        proof("A33", never, hint=_("代表作，通知要求盲审时上传")),
    ),
    checks=(_("题目、刊名、年月与附件一致"), _("收录情况有检索证明"), _("本人排名与附件一致")),
)
