"""The words for parts, states and steps of a declaration, as the manuals have them."""

from enum import StrEnum

from models.words import _


class Part(StrEnum):
    """The headings of a declaration, in the order of the manual (chapter 3.2.3)."""

    BASIC = _("基本信息")
    EXPERIENCE = _("学习工作经历")
    ACHIEVEMENT = _("技术成果信息")
    PERFORMANCE = _("工作业绩信息")
    HONOUR = _("荣誉奖励信息")
    MATERIAL = _("材料附件")


class Status(StrEnum):
    """The applicant's words (manual, 提交完成)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    PASSED = "PASSED"
    TERMINATED = "TERMINATED"

    @property
    def label(self) -> str:
        """The word of the manual."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    Status.DRAFT: _("填报中"),
    Status.SUBMITTED: _("已申报"),
    Status.RETURNED: _("被退回"),
    Status.PASSED: _("终审通过"),
    Status.TERMINATED: _("审核不通过终止审核"),
}


class StepState(StrEnum):
    """The office's words (unit manual, 业务审核)."""

    AHEAD = "AHEAD"
    PENDING = "PENDING"
    RETURNED_IN = "RETURNED_IN"
    VETTED = "VETTED"
    SENT = "SENT"
    RETURNED_OUT = "RETURNED_OUT"
    TERMINATED = "TERMINATED"
    PASSED = "PASSED"

    @property
    def label(self) -> str:
        """The word of the manual; what was handed back from above waits like the rest."""
        return STEP_LABELS[self]


STEP_LABELS = {
    StepState.AHEAD: _("未到达"),
    StepState.PENDING: _("待审"),
    StepState.RETURNED_IN: _("待审"),
    StepState.VETTED: _("待送审"),
    StepState.SENT: _("已送审"),
    StepState.RETURNED_OUT: _("退回"),
    StepState.TERMINATED: _("终止"),
    StepState.PASSED: _("终审通过"),
}

WAITING = frozenset({StepState.PENDING, StepState.RETURNED_IN})
OPEN = WAITING | {StepState.VETTED}
"""A declaration has at most one open step: the office where it lies."""


def one_of(column: str, words: type[StrEnum]) -> str:
    """The text of a CHECK that ``column`` holds one of the words."""
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"
