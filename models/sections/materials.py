"""材料附件: the files that belong to the declaration as a whole (manual 3.2.3, 附件上传)"""

from models.attachment import never, section_proof
from models.section import FILES, Section
from models.status import Part
from models.words import _

SECTION = Section(
    code="M17",
    title=_("材料附件"),
    part=Part.MATERIAL,
    place=0,
    key="materials",
    shape=FILES,
    required=True,
    published=False,
    proofs=(
        section_proof("A01"),
        section_proof("A02", hint=_("证件须在有效期内")),
        section_proof("A03", hint=_("学信网下载的 PDF 原件，每个参评学历一份")),
        section_proof("A04", hint=_("公示满 5 个工作日后加盖单位公章的扫描件")),
        section_proof("A06", never),
    ),
    checks=(_("身份证清晰且在有效期内"), _("验证报告与参评学历一致"), _("公示表已盖章")),
)
