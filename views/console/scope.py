"""Which rows a data manager sees: those of declarations whose chain holds his office, and
what hangs on them. Whoever else asks sees none, whatever the guard at the door let through.
"""

from sqlalchemy import ColumnElement, Select, false, or_, select

from models.batch import Batch
from models.binding import Binding
from models.offices import Office
from models.permissions import Actor, Role, listed_for
from models.reach import Reach
from models.status import Status


def declarations(who: Actor) -> ColumnElement[bool]:
    """Declarations, as they were last submitted; the lists read ``Reach`` beside them."""
    return listed_for(who) if who.role is Role.DATA_MANAGER else false()


def settled(who: Actor) -> ColumnElement[bool]:
    """Declarations whose sections hold what was submitted: those that the applicant has in
    hand hold open edits, which nobody else may see (decisions 12)."""
    return declarations(who) & (Reach.status != Status.RETURNED)


def below(who: Actor) -> Select:
    """The offices that stand under his: read once a statement, twenty thousand at most, and
    not asked anew for each row."""
    mine = who.office_id if who.role is Role.DATA_MANAGER else None
    under = select(Office.id).where(Office.superior_id == mine).cte("under", recursive=True)
    # UNION and not UNION ALL: it would end even if the offices stood in a circle.
    under = under.union(select(Office.id).join(under, Office.superior_id == under.c.id))
    return select(under.c.id).where(mine is not None)


def offices(who: Actor) -> ColumnElement[bool]:
    """The offices below his."""
    return Office.id.in_(below(who))


def bindings(who: Actor) -> ColumnElement[bool]:
    """Who is bound, or asks to be, to a unit below his office."""
    return Binding.unit_id.in_(below(who))


def batches(who: Actor) -> ColumnElement[bool]:
    """What was sent by or to an office below his; one not sent yet is its office's own."""
    there = below(who)
    either = or_(Batch.office_id.in_(there), Batch.target_id.in_(there))
    return Batch.sent_at.is_not(None) & either
