"""How a declaration moves.

``decide`` is pure: it asks the table and answers with a ``Move``, or says why not.
``models.acts.carry_out`` locks, decides and writes.
"""

from models.workflow.actions import (
    JUDGING,
    Action,
    Asked,
    Change,
    Decision,
    Known,
    Mark,
    Move,
)
from models.workflow.needs import lower_steps, window_objection
from models.workflow.table import TRANSITIONS, Transition, check_turn, decide, open_to

__all__ = [
    "JUDGING",
    "TRANSITIONS",
    "Action",
    "Asked",
    "Change",
    "Decision",
    "Known",
    "Mark",
    "Move",
    "Transition",
    "check_turn",
    "decide",
    "lower_steps",
    "open_to",
    "window_objection",
]
