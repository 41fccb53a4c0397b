"""（3）⑤ 创新技术改革方法"""

from sqlalchemy.orm import Mapped

from models.attachment import never, section_proof
from models.fields import essay
from models.record import Record
from models.section import ONE, Section
from models.status import Part
from models.words import _


class Innovation(Record):
    """What the person made new or better, in a few words (domain 05.10)."""

    __tablename__ = "innovation"

    content: Mapped[str | None] = essay(
        _("创新技术改革方法"), 800, required=False, hint=_("请简要概括，字数不要过多")
    )


SECTION = Section(
    code="M10",
    title=_("创新技术改革方法"),
    part=Part.ACHIEVEMENT,
    place=4,
    model=Innovation,
    shape=ONE,
    counted=_("项"),
    listed=(Innovation.content,),
    proofs=(section_proof("A99", never),),
    checks=(_("内容属实"), _("与附件和其他栏目不矛盾")),
)
