"""（4）② 行业认可情况"""

from sqlalchemy.orm import Mapped

from models.attachment import never, section_proof
from models.fields import essay
from models.record import Record
from models.section import ONE, Section
from models.status import Part
from models.words import _


class Recognition(Record):
    """What the trade thinks of the person, in a few words (domain 05.12)."""

    __tablename__ = "recognition"

    content: Mapped[str | None] = essay(
        _("行业认可情况"), 800, required=False, hint=_("请简要概括，字数不要过多")
    )


SECTION = Section(
    code="M12",
    title=_("行业认可情况"),
    part=Part.PERFORMANCE,
    place=1,
    model=Recognition,
    shape=ONE,
    counted=_("项"),
    listed=(Recognition.content,),
    proofs=(section_proof("A99", never),),
    checks=(_("内容属实"), _("任职、聘书等有依据")),
)
