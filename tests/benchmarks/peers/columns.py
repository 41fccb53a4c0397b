"""What the others show: the columns of our two lists, read as each of them reads columns.

They are given the rows by the plainest condition that finds the same ones: the agent's are
those of the unit, the manager's all, drafts excepted.
"""

import os
from typing import NamedTuple

from sqlalchemy import Engine, and_, text
from sqlalchemy.orm import relationship

from models.batch import Batch
from models.declaration import Declaration, Step
from models.offices import Office
from models.status import STATUS_LABELS, Status

URL = os.environ.get("DATABASE_URL", "sqlite://")

AGENT = (
    "declare_no", "person.name", "unit.name", "notice.title", "title_code", "specialty", "status",
    "submitted_at",
)  # fmt: skip
MANAGER = (
    "declare_no", "person.name", "person.id_no_mask", "person.sex", "unit.name", "notice.title",
    "title_code", "series", "level", "specialty", "category", "status", "lies.name",
    "submitted_at",
)  # fmt: skip
CODED = {
    "title_code": "title_name", "series": "title_series", "level": "title_level",
    "category": "declare_category", "person.sex": "sex",
}  # fmt: skip
REFERRED_TO = (Batch,)
"""Tables that a written row points at: its mapper must know them."""

NOT_SHOWN = Status.DRAFT.value
MENU = (
    "我的申报", "单位绑定", "业务审核", "批量送审", "绑定申请", "申报通知", "审核机构", "常用意见",
)  # fmt: skip
"""As many words as our menu has."""


class Staff(NamedTuple):
    """A user as the conditions need him."""

    id: int
    username: str
    role: str
    office_id: int


def add_office_where_it_lies() -> None:
    """A relation for the column 当前审核机构, which our console joins."""
    at = and_(Step.declaration_id == Declaration.id, Step.position == Declaration.current)
    Declaration.here = relationship(Step, primaryjoin=at, viewonly=True, uselist=False)
    Declaration.lies = relationship(
        Office, secondary=Step.__table__, primaryjoin=at, viewonly=True, uselist=False,
        secondaryjoin=Step.office_id == Office.id,
    )  # fmt: skip


def labels(engine: Engine) -> dict[tuple[str, str], str]:
    """The words of all codes, read once as our program does it."""
    with engine.connect() as connection:
        rows = connection.execute(text('SELECT "table", code, name FROM code'))
        return {(table, code): name for table, code, name in rows}


def staff(engine: Engine, key: str, value) -> Staff | None:
    """The user of an id or of a name, with role and office: one statement."""
    query = text(
        "SELECT u.id, u.username, r.name, a.office_id FROM ab_user u"
        " JOIN ab_user_role m ON m.user_id = u.id JOIN ab_role r ON r.id = m.role_id"
        f" JOIN account a ON a.username = u.username WHERE u.{key} = :value AND u.active"
    )
    with engine.connect() as connection:
        row = connection.execute(query, {"value": value}).one_or_none()
    return Staff(*row) if row else None


def status_word(code: str) -> str:
    """The label of a status."""
    return STATUS_LABELS[Status(code)]
