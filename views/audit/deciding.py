"""From the bench's form to a decision of the domain."""

from dataclasses import dataclass, field

from flask import request

from models.declaration import Declaration, Step
from models.sections import BY_KEY
from models.words import BadInput, _
from models.workflow import Action, Decision, Mark
from views.fields import CONTROLS
from views.words import number_in

OPINION_LIMIT = 1000
"""Characters of an opinion."""

NOTE_LIMIT = 200
"""Characters of the note beside a verdict (domain 06.4)."""


@dataclass(frozen=True)
class Draft:
    """What the form says: just sent, or kept from before."""

    marks: dict[str, Mark] = field(default_factory=dict)
    action: str = ""
    target: str = ""
    opinion: str = ""


class Misplaced(BadInput):
    """Bad input with the place on the page where it is mended."""

    def __init__(self, place: str, msgid: str, **values):
        self.place = place
        super().__init__(msgid, **values)

    status = 400


def sent_draft() -> Draft:
    """What the bench's form says, without characters that cannot be kept."""
    marks = {}
    for key in BY_KEY:
        verdict = request.form.get(f"verdict-{key}")
        if verdict in ("right", "wrong"):
            wrong = verdict == "wrong"
            marks[key] = Mark(wrong, _clean(f"note-{key}") if wrong else "")
    action = request.form.get("action", "")
    return Draft(marks, action, request.form.get("target", ""), _clean("opinion"))


def _clean(name: str) -> str:
    text = request.form.get(name, "").replace("\r\n", "\n")
    return "".join(c for c in text if c not in CONTROLS).strip()


def check_lengths(draft: Draft) -> None:
    """Misplaced, if a note or the opinion is too long to be kept."""
    for key, mark in draft.marks.items():
        if len(mark.note) > NOTE_LIMIT:
            words = {"n": NOTE_LIMIT, "title": BY_KEY[key].title}
            raise Misplaced(f"note-{key}", _("“%(title)s”的问题说明最多 %(n)s 字。"), **words)
    if len(draft.opinion) > OPINION_LIMIT:
        raise Misplaced("opinion", _("审核意见最多 %(n)s 字。"), n=OPINION_LIMIT)


def decision_of(draft: Draft, keep: bool, declaration: Declaration) -> Decision:
    """The decision that the form asks for."""
    seen = number_in(request.form.get("version"))
    if seen is None:
        raise Misplaced("action", _("页面内容不完整，没有保存。请重新打开这份申报后再审。"))
    given = {"opinion": draft.opinion, "marks": draft.marks, "version": seen}
    if keep:
        return Decision(Action.APPROVE, **given)
    if draft.action == "pass":
        step = declaration.step
        last = step is not None and step is declaration.chain[-1]
        return Decision(Action.PASS if last else Action.APPROVE, **given)
    if draft.action == "stop":
        return Decision(Action.TERMINATE, **given)
    if draft.action == "back" and (target := number_in(draft.target)) is not None:
        return Decision(Action.HAND_BACK, target=target, **given)
    if draft.action == "back" and draft.target == "applicant":
        return Decision(Action.RETURN, **given)
    if draft.action == "back":
        raise Misplaced("target", _("请选择退回给谁。"))
    raise Misplaced("action", _("请选择审核结果：通过、退回或终止。"))


def kept(step: Step) -> Draft:
    """What the office has saved in this round."""
    marks = {key: Mark(v.wrong, v.note) for key, v in step.judged().items()}
    return Draft(marks=marks, opinion=step.opinion)
