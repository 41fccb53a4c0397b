"""A declaration in which nothing is missing and nothing is wrong, of all sections."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sqlalchemy.orm import Session

from models.attachment import WHOLE_SECTION, Attachment, file_rule
from models.base import new_uid
from models.declaration import Declaration
from models.record import DeclaredNone, Record
from models.section import Case, Section
from models.sections import BY_KEY, SECTIONS
from tests.models.books import book

BASIC_INFO = {
    "declare_category": "01",
    "nation": "01",
    "political_status": "13",
    "mobile": "13843100019",
    "post_name": "工程师",
    "employment_type": "1",
    "on_duty_status": "1",
    "work_start_date": date(2008, 7, 1),
    "professional_years": 15,
    "current_specialty": "水利工程",
    "current_title_level": "3",
    "current_title_series": "05",
    "current_title_name": "05013",
    "current_title_specialty": "水利工程",
    "current_title_date": date(2018, 12, 20),
    "current_title_method": "1",
    "current_title_cert_no": "2018220500013",
    "current_title_issuer": "吉林省人力资源和社会保障厅",
    "appointed_date": date(2019, 1, 10),
    "apply_series": "05",
    "apply_specialty": "水利工程",
    "apply_level": "2",
    "apply_title_name": "05012",
    "declare_method": "1",
    "summary": "长期从事水利工程设计与安全监测。" * 20,
}
BREAKING = {
    "declare_category": "02",
    "break_type": "01",
    "waived_conditions": ["2"],
    "break_reason": "获省部级科技进步一等奖，业绩突出。",
}
"""What makes it a 破格申报, which two experts recommend."""

MANY: dict[str, list[dict]] = {
    "education": [
        {
            "start_date": date(2004, 9, 1),
            "end_date": date(2008, 7, 1),
            "school": "河海大学",
            "major": "水利水电工程",
            "education_level": "21",
            "degree": "408",
            "degree_date": date(2008, 6, 30),
            "education_mode": "01",
            "schooling_years": Decimal("4"),
            "diploma_no": "102941200805001234",
            "degree_cert_no": "1029442008001234",
            "is_first": True,
            "is_highest": True,
            "is_review_basis": True,
        }
    ],
    "work": [
        {
            "start_date": date(2008, 7, 1),
            "post": "设计室工程师",
            "work_content": "水库安全监测与除险加固设计。",
            "is_professional": True,
        }
    ],
    "paper": [
        {
            "paper_kind": "1",
            "title": f"寒区水库冰盖变形监测（{part}）",
            "publication": "水利学报",
            "cn_no": "CN 22-1234/TV",
            "publish_date": date(2023, 5, 1),
            "author_role": "2",
            "author_order": 1,
            "author_total": 3,
            "abstract": "提出了冰盖变形的监测方法。",
            "is_representative": part == "上",
        }
        for part in "上下"
    ],
    "project": [
        {
            "name": "寒区水库安全监测",
            "kind": "01",
            "source": "吉林省科技厅",
            "level": "2",
            "fund_wan": Decimal("35.50"),
            "start_date": date(2022, 3, 1),
            "end_date": date(2024, 12, 1),
            "status": "2",
            "role": "1",
            "rank": 1,
            "total": 6,
            "own_work": "负责总体设计与现场试验。",
            "accept_org": "吉林省科技厅",
            "accept_date": date(2025, 1, 16),
            "is_main": True,
        }
    ],
    "patent": [
        {
            "kind": "1",
            "name": "一种冰盖变形监测装置",
            "patent_no": "ZL201910438466.2",
            "application_no": "201910438466.2",
            "application_date": date(2019, 5, 24),
            "grant_date": date(2021, 8, 6),
            "status": "3",
            "owner": "吉林省水利科学研究院",
            "inventor_order": 1,
            "inventor_total": 4,
            "is_main": True,
        }
    ],
    "report": [
        {
            "report_date": date(2024, 11, 20),
            "title": "全省小型水库安全鉴定报告",
            "kind": "02",
            "role": "2",
            "brief": "汇总了 300 座水库的鉴定结果。",
            "is_representative": True,
        }
    ],
    "award": [
        {
            "name": "吉林省科学技术进步奖",
            "kind": "01",
            "level": "2",
            "grade": "2",
            "award_date": date(2023, 12, 8),
            "award_org": "吉林省人民政府",
            "project_name": "寒区水库安全监测",
            "rank": 2,
            "total": 9,
            "is_representative": True,
        }
    ],
}
ONE = {
    "innovation": {"content": "改进了监测仪器的防冻方法。"},
    "recognition": {"content": "省水利学会会员。"},
    "grassroots": {"content": "2021 年在乡镇水管站服务半年。"},
    "other_achievement": {"content": "参编地方标准一项。"},
}
YEARLY = {
    "continuing_education": {
        "public_hours": Decimal("30"),
        "professional_hours": Decimal("60"),
        "total_hours": Decimal("90"),
    },
    "assessment": {"grade": "2"},
}
EXPERT = {
    "expert_unit": "吉林大学",
    "expert_unit_same": False,
    "expert_title_level": "1",
    "expert_title_name": "05011",
    "expert_specialty": "水利工程",
    "expert_mobile": "0431-85168000",
    "recommend_opinion": "该同志业务能力突出，同意推荐。" * 10,
    "recommend_date": date(2025, 11, 20),
}


def fill(session: Session, declaration: Declaration, **changes) -> Declaration:
    """Fill in every section and put in every required file, so that nothing is found.

    ``changes`` are values of 基本信息; ``**BREAKING`` adds two experts as well. The person
    must have been 16 by July 2008, and the notice must not exclude 05 (工程) at level 2.
    The rows of the files are there, the files themselves are not.
    """
    session.add(declaration)
    _add(declaration, "basic_info", BASIC_INFO | changes)
    for key, rows in MANY.items():
        for values in rows:
            here = {"unit_name": declaration.unit.name} if key == "work" else {}
            _add(declaration, key, values | here)
    for key, values in ONE.items():
        _add(declaration, key, values)
    for key, values in YEARLY.items():
        for year in reversed(BY_KEY[key].years(declaration)):
            _add(declaration, key, {"year": year} | values)
    if changes.get("break_type"):
        for name in ("李教授", "赵教授"):
            _add(declaration, "expert", {"expert_name": name} | EXPERT)
    session.add(DeclaredNone(declaration=declaration, section="penalty"))
    session.flush()
    session.add_all(proofs_of(declaration))
    session.flush()
    return declaration


def _add(declaration: Declaration, key: str, values: dict) -> Record:
    there = getattr(declaration, key)
    made = BY_KEY[key].model(**values, position=len(there), created_at=declaration.created_at)
    there.append(made)
    return made


def proofs_of(declaration: Declaration) -> list[Attachment]:
    """The rows of as many files as the sections require."""
    codes, case = book(), Case(declaration, book(), declaration.notice.cut_off)
    return [
        attachment(proof.code, declaration, section, uid)
        for section in SECTIONS
        if section.applies(case)
        for proof in section.proofs
        for uid, record in _owners(section, declaration, proof.of_record)
        for _ in range(proof.needed(file_rule(codes, proof.code), record, case))
    ]


def _owners(
    section: Section, declaration: Declaration, of_record: bool
) -> Iterable[tuple[str, Record | None]]:
    records = section.records(declaration)
    if of_record:
        return [(record.uid, record) for record in records]
    return [(WHOLE_SECTION, records[0] if records else None)]


def attachment(
    code: str, declaration: Declaration, section: Section, uid: str = WHOLE_SECTION
) -> Attachment:
    """The row of one file for a section or for one of its records."""
    return Attachment(
        declaration_id=declaration.id,
        section=section.key,
        record_uid=uid,
        uploaded_by=declaration.person.name,
        uploaded_at=declaration.created_at,
        **file_of(code),
    )


def file_of(code: str) -> dict:
    """What a row says of its file, whoever owns it; no two have the same content."""
    token, rule = new_uid(), file_rule(book(), code)
    return {
        "proof": code,
        "name": f"{rule.title}.{rule.extensions[0]}",
        "mime": "application/pdf" if rule.extensions[0] == "pdf" else "image/jpeg",
        "size": 1000,
        "sha256": sha256(token.encode()).hexdigest(),
        "token": token,
    }
