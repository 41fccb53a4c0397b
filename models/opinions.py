"""常用意见: phrases for audit opinions (unit manual 3.1.1 C)."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Tracked
from models.problems import Problem, too_long
from models.words import _, say

LONGEST = 200
"""Characters of a phrase at most."""


class Keeper(StrEnum):
    """Who keeps a phrase."""

    OWN = "own"
    OFFICE = "office"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The word on the screens."""
        return KEEPERS[self]


KEEPERS = {Keeper.OWN: _("本人"), Keeper.OFFICE: _("本单位"), Keeper.SYSTEM: _("所有单位")}


def keeper_of(username: str | None, for_all: bool) -> Keeper:
    """Who keeps a phrase."""
    if for_all:
        return Keeper.SYSTEM
    return Keeper.OWN if username is not None else Keeper.OFFICE


class Phrase(Tracked, Base):
    """One phrase, of exactly one keeper: an agent, an office, or the system."""

    __tablename__ = "phrase"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN username IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN office_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN for_all THEN 1 ELSE 0 END) = 1",
            name="one_keeper",
        ),
        Index("ix_phrase_username", "username"),
        Index("ix_phrase_office_id", "office_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST))
    username: Mapped[str | None] = mapped_column(String(64))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    for_all: Mapped[bool] = mapped_column(default=False)
    uses: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        return self.text

    @property
    def keeper(self) -> Keeper:
        """Who keeps it."""
        return keeper_of(self.username, self.for_all)

    def keep_for(self, keeper: Keeper, username: str, office_id: int | None) -> None:
        """Give it to one keeper; the others lose it."""
        self.username = username if keeper is Keeper.OWN else None
        self.office_id = office_id if keeper is Keeper.OFFICE else None
        self.for_all = keeper is Keeper.SYSTEM


def count_uses(session: Session, ids: Sequence[int]) -> None:
    """One more use of each. It is no edit: no version, so that nobody meets a conflict."""
    counted = update(Phrase).where(Phrase.id.in_(ids)).values(uses=Phrase.uses + 1)
    session.execute(counted, execution_options={"synchronize_session": False})


def phrase_problems(phrase: Phrase) -> list[Problem]:
    """What is wrong with a phrase as it was typed."""
    if not phrase.text:
        return [Problem("text", say(_("请填写意见内容。")))]
    return too_long(phrase, {"text": LONGEST}, {"text": _("意见内容")})
