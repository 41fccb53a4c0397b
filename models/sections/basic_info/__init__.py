"""（1）基本信息

诚信承诺 is no field: it is ticked at submission. 个人照片 is the proof A05.
"""

from models.attachment import never, section_proof
from models.rules import equals, filled
from models.section import ONE, Section
from models.sections.basic_info.conditions import NARROWED, entrusted, evidence_required
from models.sections.basic_info.facts import FACTS
from models.sections.basic_info.fields import BasicInfo
from models.sections.basic_info.rules import RULES
from models.status import Part
from models.words import _


def saved_and(condition):
    """The condition of a proof of the section: nothing is asked before the first 保存."""
    return lambda record, case: record is not None and condition(record, case)


SECTION = Section(
    code="M01",
    title=_("基本信息"),
    part=Part.BASIC,
    place=0,
    model=BasicInfo,
    shape=ONE,
    required=True,
    listed=(BasicInfo.apply_title_name, BasicInfo.apply_specialty, BasicInfo.declare_category),
    facts=FACTS,
    narrowed=NARROWED,
    rules=RULES,
    proofs=(
        section_proof("A05", hint=_("白底或蓝底证件照，建议 413×626 像素")),
        section_proof("A20", saved_and(filled(BasicInfo.current_title_level))),
        section_proof("A21", never, hint=_("事业单位人员上传历次聘书或聘任文件")),
        section_proof("A22", never, hint=_("填写了职（执）业资格的上传")),
        section_proof("A24", never, hint=_("非公有制单位人员上传")),
        section_proof("B03", saved_and(evidence_required)),
        section_proof("B04", saved_and(equals(BasicInfo.declare_category, "04", "05"))),
        section_proof("B05", saved_and(equals(BasicInfo.declare_category, "08"))),
        section_proof("B06", saved_and(entrusted)),
    ),
    checks=(
        _("姓名、证件与身份证一致"),
        _("申报系列、专业、级别在通知范围内"),
        _("现任职称与证书一致"),
        _("照片为本人近期证件照"),
    ),
)
