"""（4）③ 基层服务工作经历"""

from sqlalchemy.orm import Mapped

from models.attachment import never, section_proof
from models.fields import essay
from models.record import Record
from models.section import ONE, Section
from models.status import Part
from models.words import _


class Grassroots(Record):
    """Service at the grassroots, in a few words (domain 05.13)."""

    __tablename__ = "grassroots"

    content: Mapped[str | None] = essay(
        _("基层服务工作经历"), 800, required=False, hint=_("请简要概括，字数不要过多")
    )


SECTION = Section(
    code="M13",
    title=_("基层服务工作经历"),
    part=Part.PERFORMANCE,
    place=2,
    model=Grassroots,
    shape=ONE,
    counted=_("段"),
    listed=(Grassroots.content,),
    proofs=(section_proof("A90", never, hint=_("按基层条件申报的请上传")),),
    checks=(_("时间、地点与工作经历一致"), _("按基层条件申报的有证明")),
)
