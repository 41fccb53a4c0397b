"""（1）基本信息: what it shows, which files it requires, its groups."""

from datetime import date

import pytest

from models.attachment import file_rule
from models.sections.basic_info import SECTION
from tests.models.books import book
from tests.models.sections.applicant import BREAKING, NO_TITLE, applicant, basic_info, case_of


def test_what_it_shows_and_nobody_types():
    made = applicant()
    assert {fact.key: fact.value(made, book()) for fact in SECTION.facts} == {
        "declare_no": "",
        "notice_id": "2026 年度工程系列申报通知",
        "name": "王小明",
        "id_type": "居民身份证",
        "id_no": "220102********0019",
        "sex": "男性",
        "birth_date": "1985-03-12",
        "unit_id": "吉林省水利水电勘测设计研究院",
        "unit_uscc": "12220000412755004K",
        "unit_nature": "全额拨款事业单位",
        "unit_region": "南关区",
        "superior_org": "吉林省水利厅",
        "appointed_years": "6.9",
        "committee_id": "水利工程评委会办公室",
    }


@pytest.mark.parametrize("appointed", [None, date(2026, 1, 1)])
def test_no_years_before_an_appointment(appointed):
    made = applicant(appointed_date=appointed)
    facts = {fact.key: fact.value(made, book()) for fact in SECTION.facts}
    assert facts["appointed_years"] == ""


def test_a_unit_without_a_superior_is_its_own_committee():
    made = applicant()
    made.unit.superior = None
    facts = {fact.key: fact.value(made, book()) for fact in SECTION.facts}
    assert (facts["superior_org"], facts["committee_id"]) == ("", made.unit.name)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, ["A05"]),
        (basic_info(), ["A05", "A20"]),
        (basic_info(**NO_TITLE), ["A05"]),
        (basic_info(**BREAKING), ["A05", "A20", "B03"]),
        (basic_info(declare_category="04"), ["A05", "A20", "B03", "B04"]),
        (basic_info(declare_category="05"), ["A05", "A20", "B03", "B04"]),
        (basic_info(declare_category="08"), ["A05", "A20", "B03", "B05"]),
        (basic_info(declare_category="14"), ["A05", "A20", "B06"]),
        (basic_info(is_entrusted=True), ["A05", "A20", "B06"]),
    ],
)
def test_the_files_that_it_requires(record, expected):
    case = case_of(applicant())
    needed = [
        proof.code
        for proof in SECTION.proofs
        if proof.needed(file_rule(book(), proof.code), record, case)
    ]
    assert needed == expected
    assert not any(proof.of_record for proof in SECTION.proofs)


def test_the_groups_of_the_form_are_each_in_one_piece():
    groups = [field.group for field in SECTION.fields.values()]
    heads = [g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g]
    assert heads == [
        "申报类别",
        "个人信息",
        "联系方式",
        "单位与岗位",
        "现任职称",
        "职（执）业资格",
        "申报职称",
        "历次申报",
        "工作总结",
    ]
