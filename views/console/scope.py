"""Which rows a data manager sees: those of declarations whose chain holds his office, and
what hangs on them. Whoever else asks sees none, whatever the guard at the door let through.
"""

from sqlalchemy import ColumnElement, exists, false, or_
from sqlalchemy.orm import aliased

from models.batch import Batch
from models.binding import Binding
from models.declaration import Declaration, Step
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


def is_below(who: Actor, office_id) -> ColumnElement[bool]:
    """Whether an office stands before his in a chain of those declarations.

    The steps of an earlier unit are history and no part of the chain. Asked for each office
    of a page: one declaration is enough, and all of them are never gathered.
    """
    if who.role is not Role.DATA_MANAGER or who.office_id is None:
        return false()
    mine, lower = aliased(Step), aliased(Step)
    return exists().where(
        lower.office_id == office_id,
        lower.declaration_id == Declaration.id,
        lower.position >= Declaration.chain_start,
        Declaration.status != Status.DRAFT,
        mine.declaration_id == Declaration.id,
        mine.office_id == who.office_id,
        mine.position > lower.position,
    )


def offices(who: Actor) -> ColumnElement[bool]:
    """The offices below his."""
    return is_below(who, Office.id)


def bindings(who: Actor) -> ColumnElement[bool]:
    """Who is bound, or asks to be, to a unit below his office."""
    return is_below(who, Binding.unit_id)


def batches(who: Actor) -> ColumnElement[bool]:
    """What was sent by or to an office below his; one not sent yet is its office's own."""
    either = or_(is_below(who, Batch.office_id), is_below(who, Batch.target_id))
    return Batch.sent_at.is_not(None) & either
