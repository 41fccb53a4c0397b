"""（1）基本信息：破格推荐专家"""

import re
from datetime import date

from sqlalchemy.orm import Mapped

from models.attachment import proof
from models.fields import choice, day, essay, secret, text, yes_no
from models.record import Record
from models.rules import at_most, matches, not_in_future, refused_when
from models.section import Case, Problem, Section
from models.status import Part
from models.vault import Sealed
from models.words import _, say


class Expert(Record):
    """One of the experts who recommend a 破格 (domain 05.2)."""

    __tablename__ = "expert"

    expert_name: Mapped[str] = text(_("推荐专家姓名"), 50)
    expert_sex: Mapped[str | None] = choice(_("性别"), "sex", required=False)
    expert_id_no: Mapped[Sealed] = secret(_("身份证号"), "expert_id_no")
    expert_unit: Mapped[str] = text(_("工作单位"), 100)
    expert_unit_same: Mapped[bool] = yes_no(_("是否与申报人同单位"))
    expert_title_level: Mapped[str] = choice(
        _("专业技术职称级别"), "title_level", hint=_("须为正高级")
    )
    expert_title_name: Mapped[str] = choice(_("职称名称"), "title_name")
    expert_specialty: Mapped[str] = text(_("从事专业"), 100, hint=_("与申报专业相同或相近"))
    expert_title_date: Mapped[date | None] = day(_("职称取得时间"), required=False)
    expert_cert_no: Mapped[str | None] = text(_("职称证书编号"), 40, required=False)
    expert_mobile: Mapped[str] = text(_("联系电话"), 20)
    relation: Mapped[str | None] = text(
        _("与申报人关系"), 50, required=False, hint=_("如同事、师生；配偶、亲属不得推荐")
    )
    recommend_opinion: Mapped[str] = essay(_("推荐意见"), 1000, least=100)
    recommend_date: Mapped[date] = day(_("推荐日期"))


BREAKING = "02"
"""破格申报 among the codes of declare_category."""

FULL_SENIOR = "1"
"""正高级 among the codes of title_level."""

NO_KIN = re.compile(
    "师[父母兄弟姐妹]+|弟子|子弟|母校"
    "|(?:无|非|没有|不是|不存在)(?:任何|直系|近)?(?:亲属|亲戚|血缘|配偶|夫妻)"
)
"""Words with a kinship sign in them that name no kin, and denials."""

KIN = re.compile(
    "配偶|夫妻|夫妇|丈夫|妻|爱人|未婚夫|亲属|亲戚|家属|血缘|血亲|姻亲|父|母|儿子|女儿|子女"
    "|兄|弟|姐|妹|哥|叔|大伯|伯[伯父母]|姑|舅|姨|侄|甥|婿|媳|嫂|祖孙|孙子|孙女|外孙|爷爷|奶奶"
)
"""Words for a spouse or a relative, who may not recommend."""


def experts_needed(case: Case) -> int:
    """How many experts the 破格类别 asks for; 0 if it is no 破格 (R04)."""
    basic = case.declaration.basic_info
    if not basic or basic[0].declare_category != BREAKING:
        return 0
    return int(case.codes.extra("break_type", basic[0].break_type, "min_experts") or 0)


def as_many_as_needed(experts, case) -> Problem | None:
    """Exactly the number of experts that the 破格类别 names (R04)."""
    needed, there = experts_needed(case), len(experts)
    if there == needed:
        return None
    words = _("该破格类别须有 %(needed)s 名推荐专家，现已填写 %(there)s 名。")
    return Problem("", say(words, needed=needed, there=there))


def is_applicant(expert, case) -> bool:
    """Whether the identity number is the applicant's own."""
    return bool(expert.expert_id_no) and (
        expert.expert_id_no.index == case.declaration.person.id_no.index
    )


def named_twice(expert, case) -> bool:
    """Whether another expert has the same identity number."""
    others = {other.expert_id_no.index for other in case.siblings if other.expert_id_no}
    return bool(expert.expert_id_no) and expert.expert_id_no.index in others


def unit_denied(expert, case) -> bool:
    """Whether the expert works in the applicant's unit and 否 is said to it."""
    return expert.expert_unit_same is False and expert.expert_unit == case.declaration.unit.name


def below_full_senior(expert, case) -> bool:
    """Whether the level is chosen and not 正高级."""
    return expert.expert_title_level not in (None, "", FULL_SENIOR)


def title_below(expert, case) -> bool:
    """Whether the title named is not one of 正高级."""
    level = case.codes.extra("title_name", expert.expert_title_name, "level_code")
    return level not in ("", FULL_SENIOR)


def of_another_series(expert, case) -> bool:
    """Whether the title is of another series than the one applied for."""
    basic = case.declaration.basic_info
    series = case.codes.extra("title_name", expert.expert_title_name, "series_code")
    return bool(basic and series) and series != basic[0].apply_series


def is_kin(expert, case) -> bool:
    """Whether the words for the relation name a spouse or a relative."""
    return bool(KIN.search(NO_KIN.sub("", expert.relation or "")))


SECTION = Section(
    code="M02",
    title=_("破格推荐专家"),
    part=Part.BASIC,
    place=1,
    model=Expert,
    counted=_("名"),
    listed=(Expert.expert_name, Expert.expert_unit, Expert.expert_title_name),
    applies=lambda case: experts_needed(case) > 0,
    needs=(as_many_as_needed,),
    rules=(
        refused_when(Expert.expert_id_no, is_applicant, _("推荐专家不能是申报人本人。")),
        refused_when(Expert.expert_id_no, named_twice, _("这位专家已经填写过，请另请一位专家。")),
        refused_when(
            Expert.expert_unit_same,
            unit_denied,
            _("推荐专家的工作单位就是您的推荐单位，请选择“是”。"),
        ),
        at_most(1, Expert.expert_unit_same, _("与申报人同单位的推荐专家最多一名。")),
        refused_when(Expert.expert_title_level, below_full_senior, _("推荐专家须具有正高级职称。")),
        refused_when(
            Expert.expert_title_name, title_below, _("该职称不是正高级职称，请重新选择。")
        ),
        refused_when(
            Expert.expert_title_name,
            of_another_series,
            _("推荐专家的职称与申报系列不同，请确认专业相同或相近。"),
            warning=True,
        ),
        not_in_future(Expert.expert_title_date),
        matches(
            Expert.expert_mobile,
            r"[0-9+() -]{7,20}",
            _("联系电话应为 7 至 20 位的数字，可含区号和“-”。"),
        ),
        refused_when(Expert.relation, is_kin, _("配偶和亲属不得作为推荐专家。")),
        not_in_future(Expert.recommend_date),
    ),
    proofs=(
        proof("B01", hint=_("专家本人签名")),
        proof("B02"),
    ),
    checks=(_("推荐专家为同行正高级专家"), _("推荐意见有专家签名"), _("与申报人无亲属关系")),
)
