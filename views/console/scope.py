"""Which rows a data manager sees: those of declarations whose chain holds his office, and
what hangs on them. Whoever else asks sees none, whatever the guard at the door let through.
"""

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from models.batch import Batch
from models.binding import Binding
from models.declaration import Declaration, Step
from models.offices import Office
from models.permissions import Actor, Role, visible_to
from models.status import Status


def manages(who: Actor) -> bool:
    """Whether ``who`` keeps the data of an office."""
    return who.role is Role.DATA_MANAGER and who.office_id is not None


def declarations(who: Actor) -> ColumnElement[bool]:
    """Declarations, as they were last submitted."""
    return visible_to(who) if manages(who) else false()


def settled(who: Actor) -> ColumnElement[bool]:
    """Declarations whose sections hold what was submitted: those that the applicant has in
    hand hold open edits, which nobody else may see (decisions 12)."""
    in_hand = (Status.DRAFT, Status.RETURNED)
    return and_(declarations(who), Declaration.status.not_in(in_hand))


def offices_below(who: Actor) -> Select:
    """The ids of the offices that stand before his in a chain of those declarations.

    The steps of an earlier unit are history and no part of the chain.
    """
    mine, lower = aliased(Step), aliased(Step)
    earlier = and_(lower.declaration_id == mine.declaration_id, lower.position < mine.position)
    return (
        select(lower.office_id)
        .select_from(mine)
        .join(lower, earlier)
        .join(Declaration, Declaration.id == mine.declaration_id)
        .where(
            mine.office_id == who.office_id,
            lower.position >= Declaration.chain_start,
            declarations(who),
        )
    )


def offices(who: Actor) -> ColumnElement[bool]:
    """The offices below his."""
    return Office.id.in_(offices_below(who))


def bindings(who: Actor) -> ColumnElement[bool]:
    """Who is bound, or asks to be, to a unit below his office."""
    return Binding.unit_id.in_(offices_below(who))


def batches(who: Actor) -> ColumnElement[bool]:
    """What was sent by or to an office below his; one not sent yet is its office's own."""
    below = offices_below(who)
    either = or_(Batch.office_id.in_(below), Batch.target_id.in_(below))
    return and_(either, Batch.sent_at.is_not(None))
