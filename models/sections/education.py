"""（2）① 教育经历"""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from models.attachment import never, proof
from models.clock import day_of
from models.fields import choice, day, decimal, month, text, yes_no
from models.record import Record
from models.rules import (
    at_most,
    by_cut_off,
    equals,
    filled,
    in_order,
    matches,
    needed_when,
    not_in_future,
    refused_when,
    valid,
)
from models.section import Case, Problem, Section
from models.status import Part
from models.words import _, say


class Education(Record):
    """One course of studies (domain 05.3)."""

    __tablename__ = "education"

    start_date: Mapped[date] = month(_("入学时间"))
    end_date: Mapped[date] = month(_("毕业时间"))
    school: Mapped[str] = text(_("毕业学校"), 100, hint=_("毕业证书上的学校全称"))
    school_country: Mapped[str | None] = text(
        _("院校所在国家（地区）"), 50, required=False, hint=_("不填即为中国")
    )
    major: Mapped[str] = text(_("所学专业"), 100)
    education_level: Mapped[str] = choice(_("学历"), "education_level")
    degree: Mapped[str | None] = choice(_("学位"), "degree", required=False)
    degree_date: Mapped[date | None] = day(_("学位授予时间"), required=False)
    education_mode: Mapped[str] = choice(_("教育方式（学习形式）"), "education_mode")
    schooling_years: Mapped[Decimal | None] = decimal(
        _("学制"), 3, 1, limit=8, required=False, hint=_("单位：年")
    )
    diploma_no: Mapped[str | None] = text(
        _("学历证书编号"), 30, required=False, hint=_("2001 年以后毕业的必填，证书未编号的填“无”")
    )
    degree_cert_no: Mapped[str | None] = text(_("学位证书编号"), 30, required=False)
    verify_code: Mapped[str | None] = text(_("学信网在线验证码"), 16, required=False)
    verify_expire: Mapped[date | None] = day(_("验证码有效期至"), required=False)
    is_first: Mapped[bool | None] = yes_no(_("是否第一学历"), required=False)
    is_highest: Mapped[bool] = yes_no(_("是否最高学历"), system=True)
    is_review_basis: Mapped[bool] = yes_no(_("是否参评学历"), hint=_("可以选择两个学历作为参评项"))


ABROAD = "10"
"""国(境)外教育 among the codes of education_mode."""

CHINA = ("中国", "中华人民共和国")

HIGHER = frozenset("DMPBA")
"""Bands of education_level from doctor down to junior college."""

REGISTERED_SINCE = 2001
"""The year in which certificates of higher education began to be registered online."""

has_degree = filled(Education.degree)


def rank(record, case: Case) -> int:
    """How high a 学历 is, by its table; 0 if it is none of it."""
    return int(case.codes.extra("education_level", record.education_level, "rank") or 0)


def mark_highest(record, case: Case) -> None:
    """是否最高学历: of all records the one of the highest 学历, the last of several."""
    records = (*case.siblings, record)
    highest = max(records, key=lambda r: (rank(r, case), r.end_date or date.min))
    for each in records:
        each.is_highest = each is highest


def abroad(record, case) -> bool:
    """Whether the school lies outside of the mainland's system of education."""
    country = (record.school_country or "").strip()
    return record.education_mode == ABROAD or (country != "" and country not in CHINA)


def ends_too_early(record, case) -> bool:
    """Whether the last month is not after the first one."""
    start, end = record.start_date, record.end_date
    return start is not None and end is not None and end <= start


def lately(record, case) -> bool:
    """Whether one graduated after 2001."""
    return record.end_date is not None and record.end_date.year > REGISTERED_SINCE


def unlike_registered(record, case) -> bool:
    """Whether a number is not like those that are registered online: 16 to 18 digits."""
    band = case.codes.extra("education_level", record.education_level, "band")
    if band not in HIGHER or not record.diploma_no or not lately(record, case):
        return False
    number = record.diploma_no.strip()
    return not abroad(record, case) and not (number.isdecimal() and 16 <= len(number) <= 18)


def expires_early(record, case) -> Problem | None:
    """The online verification lasts until the units have finished; a warning."""
    last, expiry = day_of(case.declaration.notice.audit_end), record.verify_expire
    if expiry is None or expiry >= last:
        return None
    words = say(_("验证码在单位审核截止（%(day)s）前到期，请延长有效期。"), day=last)
    return Problem("verify_expire", words, warning=True)


def some_review_basis(records, case) -> Problem | None:
    """At least one 参评学历 (R02)."""
    if records and not any(record.is_review_basis for record in records):
        return Problem("", say(_("请至少选择一个学历作为参评学历。")))
    return None


SECTION = Section(
    code="M03",
    title=_("教育经历"),
    part=Part.EXPERIENCE,
    place=0,
    model=Education,
    required=True,
    listed=(
        Education.school,
        Education.major,
        Education.education_level,
        Education.end_date,
        Education.is_review_basis,
    ),
    before_save=mark_highest,
    needs=(some_review_basis,),
    rules=(
        refused_when(Education.end_date, ends_too_early, _("毕业时间应晚于入学时间。")),
        not_in_future(Education.end_date),
        by_cut_off(Education.end_date),
        needed_when(
            Education.school_country,
            equals(Education.education_mode, ABROAD),
            _("国（境）外教育请填写院校所在国家（地区）。"),
        ),
        needed_when(Education.degree_date, has_degree, _("有学位的请填写学位授予时间。")),
        in_order(Education.start_date, Education.degree_date, _("学位授予时间不能早于入学时间。")),
        not_in_future(Education.degree_date),
        by_cut_off(Education.degree_date),
        needed_when(Education.degree_cert_no, has_degree, _("有学位的请填写学位证书编号。")),
        valid(
            Education.schooling_years,
            lambda years: years >= Decimal("0.5"),
            _("学制应在 0.5 到 8 年之间。"),
        ),
        needed_when(Education.diploma_no, lately, _("2001 年以后毕业的，请填写学历证书编号。")),
        refused_when(
            Education.diploma_no,
            unlike_registered,
            _("电子注册的学历证书编号一般为 16 至 18 位数字，请照证书核对。"),
            warning=True,
        ),
        matches(
            Education.verify_code,
            r"[0-9A-Za-z]{12}|[0-9A-Za-z]{16}",
            _("学信网在线验证码应为 12 位或 16 位字母、数字。"),
        ),
        expires_early,
        at_most(1, Education.is_first, _("第一学历只能有一个。")),
        at_most(2, Education.is_review_basis, _("参评学历最多选择两个。")),
    ),
    proofs=(
        proof("A10"),
        proof("A11", has_degree),
        proof("A12", abroad, hint=_("教育部留学服务中心出具的认证书")),
        proof("A13", never, hint=_("学信网（学位网）下载的 PDF 原件")),
    ),
    checks=(
        _("学校、专业、学历、时间与证书一致"),
        _("参评学历与在线验证报告一致"),
        _("国（境）外学历有认证书"),
    ),
)
