"""（4）④ 其他业绩成果"""

from sqlalchemy.orm import Mapped

from models.attachment import never, section_proof
from models.fields import essay
from models.record import Record
from models.section import ONE, Section
from models.status import Part
from models.words import _


class OtherAchievement(Record):
    """What no other section asks for, in a few words (domain 05.14)."""

    __tablename__ = "other_achievement"

    content: Mapped[str | None] = essay(
        _("其他业绩成果"), 800, required=False, hint=_("请简要概括，字数不要过多")
    )


SECTION = Section(
    code="M14",
    title=_("其他业绩成果"),
    part=Part.PERFORMANCE,
    place=3,
    model=OtherAchievement,
    shape=ONE,
    counted=_("项"),
    listed=(OtherAchievement.content,),
    proofs=(section_proof("A99", never),),
    checks=(_("内容属实"), _("没有与其他栏目重复")),
)
