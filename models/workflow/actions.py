"""What may be asked, what is known beside the declaration, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.declaration import Declaration, Step
from models.offices import Office
from models.permissions import Actor
from models.status import Status, StepState
from models.words import _


class Action(StrEnum):
    """What may be done with a declaration."""

    SUBMIT = "SUBMIT"
    WITHDRAW = "WITHDRAW"
    APPROVE = "APPROVE"
    REOPEN = "REOPEN"
    SEND = "SEND"
    RETURN = "RETURN"
    HAND_BACK = "HAND_BACK"
    TERMINATE = "TERMINATE"
    PASS = "PASS"

    @property
    def label(self) -> str:
        """The word on buttons and in the progress."""
        return ACTION_LABELS[self]


ACTION_LABELS = {
    Action.SUBMIT: _("提交申报"),
    Action.WITHDRAW: _("撤回申报"),
    Action.APPROVE: _("审核通过"),
    Action.REOPEN: _("重新审核"),
    Action.SEND: _("送审"),
    Action.RETURN: _("退回申报人修改"),
    Action.HAND_BACK: _("退回下级审核"),
    Action.TERMINATE: _("审核不通过终止审核"),
    Action.PASS: _("终审通过"),
}


JUDGING = frozenset(
    {Action.APPROVE, Action.RETURN, Action.HAND_BACK, Action.TERMINATE, Action.PASS}
)
"""The actions that carry an opinion and verdicts."""


@dataclass(frozen=True)
class Mark:
    """此模块信息是否有误, for one section."""

    wrong: bool
    note: str = ""


@dataclass(frozen=True)
class Decision:
    """What an applicant or an agent asks for.

    ``target`` is the position of the step to hand back to; ``version`` the version of
    the declaration that the actor saw, None where nothing was seen.
    """

    action: Action
    opinion: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    target: int | None = None
    pledged: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Known:
    """What the declaration itself does not tell: findings of the data check, the unit that
    the person is bound to, reports of the batch, and whether its choice of unit, series or
    level changed since the last submission."""

    errors: int = 0
    bound_to: int | None = None
    reports: int = 0
    rechosen: bool = False


@dataclass(frozen=True)
class Change:
    """A step's new state; ``arrives`` when the declaration newly comes to its office."""

    position: int
    state: StepState
    arrives: bool = False


@dataclass(frozen=True)
class Move:
    """What ``decide`` answers: how the declaration and its steps stand afterwards.

    ``chain`` is given where the offices are copied anew.
    """

    action: Action
    status: Status
    current: int | None
    changes: tuple[Change, ...] = ()
    chain: tuple[Office, ...] = ()
    target: Office | None = None


@dataclass(frozen=True)
class Asked:
    """All that a need or a path may look at."""

    decision: Decision
    declaration: Declaration
    actor: Actor
    now: datetime
    known: Known

    @property
    def step(self) -> Step:
        """The step where the declaration lies."""
        return self.declaration.step
