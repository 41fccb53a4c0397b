"""到达登记: which offices a declaration has come to, in the orders that lists have.

Who may see what follows from the steps (``models.permissions``). But a list of a million
rows cannot ask the steps first and sort then, so each office of a chain has one narrow row
for each declaration, and one index for each order of a list. The rows are written in the
transaction of the transition, from the steps and from nothing else.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, case, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, sortable
from models.clock import Moment
from models.declaration import Declaration, Step
from models.people import Person
from models.status import Status

ORDERS = {
    # 申报查询 and the console as they open, and between two days
    "submitted": ("submitted_at", "declaration_id"),
    # the same, narrowed to one status
    "status": ("status", "submitted_at", "declaration_id"),
    # ordered by name
    "name": ("name", "declaration_id"),
}


def _indices() -> list[Index]:
    """An index for each order: of data managers, and of agents, who see what has arrived.

    What lists ask for stands before their order, also where the index holds nothing else:
    only then does SQLite count the rows without looking at each of them. Most of what lies
    ahead of an upper office has not arrived, so the agents' are partial.
    """
    # As the query has it: SQLite knows no booleans, and compares the words.
    arrived = {"sqlite_where": text("arrived = 1"), "postgresql_where": text("arrived")}
    lists = (("all", "in_chain", {}), ("arrived", "arrived", arrived))
    return [
        Index(f"ix_reach_{whose}_{name}", "office_id", flag, *columns, **where)
        for whose, flag, where in lists
        for name, columns in ORDERS.items()
    ]


class Reach(Base):
    """One office and one declaration.

    ``arrived``: it has come there, so its agents see it for ever. ``in_chain``: the office
    is one of the chain that it climbs now, so its data managers see it.
    """

    __tablename__ = "reach"
    __table_args__ = (*_indices(),)

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    arrived: Mapped[bool]
    in_chain: Mapped[bool]
    status: Mapped[str] = mapped_column(String(12))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(sortable(50))


def register(session: Session, ids: Iterable[int]) -> None:
    """Write the rows of these declarations anew; a draft has none. Two statements."""
    wanted = list(ids)
    session.flush()
    session.execute(delete(Reach).where(Reach.declaration_id.in_(wanted)))
    session.execute(insert(Reach).from_select(COLUMNS, rows().where(Declaration.id.in_(wanted))))


def register_all(session: Session) -> None:
    """Write the rows of all declarations anew."""
    session.execute(delete(Reach))
    session.execute(insert(Reach).from_select(COLUMNS, rows()))


def strays(session: Session) -> int:
    """How many rows are not what the steps say, or are missing."""
    kept, said = select(*Reach.__table__.columns), rows()
    found = (one.except_(other).subquery() for one, other in ((kept, said), (said, kept)))
    return sum(session.scalar(select(func.count()).select_from(each)) for each in found)


COLUMNS = [column.name for column in Reach.__table__.columns]


def rows():
    """What must stand in the table, from the steps."""
    arrived = func.max(case((Step.round > 0, 1), else_=0)) == 1
    in_chain = func.max(case((Step.position >= Declaration.chain_start, 1), else_=0)) == 1
    return (
        select(
            Declaration.id, Step.office_id, arrived, in_chain, Declaration.status,
            Declaration.submitted_at, Person.name,
        )
        .join(Step, Step.declaration_id == Declaration.id)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.status != Status.DRAFT)
        .group_by(Declaration.id, Step.office_id, Person.id)
    )  # fmt: skip


def arrive(session: Session, ids: Iterable[int], office_id: int) -> None:
    """They have come to the office; nothing else about them has changed. One statement."""
    here = (Reach.declaration_id.in_(list(ids)), Reach.office_id == office_id)
    session.execute(
        update(Reach).where(*here).values(arrived=True).execution_options(synchronize_session=False)
    )
