"""What a transition needs: each answers the reason why not, or nothing."""

from datetime import datetime

from models.declaration import Declaration, Step
from models.notice import scope_objection
from models.sections import SECTIONS
from models.status import StepState
from models.words import Sentence, _, say
from models.workflow.actions import Asked


def notice_open(asked: Asked) -> Sentence | None:
    declaration, notice = asked.declaration, asked.declaration.notice
    returner = declaration.returner
    if returner is None:
        if notice.declaring(asked.now):
            return None
        return say(_("“%(title)s”现在不在申报时间内，不能提交。"), title=notice.title)
    # What an office above has had comes back to it, whatever the unit's window (decisions 8).
    if has_climbed(declaration) or asked.now < notice.audit_end:
        return None
    return say(_("推荐单位的审核时间已经结束，不能再提交。"))


def in_audit_window(asked: Asked) -> Sentence | None:
    return window_objection(asked.declaration, asked.now)


def window_objection(declaration: Declaration, now: datetime) -> Sentence | None:
    """Why the office where it lies cannot act at this time.

    Only the unit has a window, and only until it has sent the declaration up: what an
    office above sends back would lie there for ever if the window were over.
    """
    first = declaration.step.position == declaration.chain_start
    if not first or declaration.notice.auditing(now) or has_climbed(declaration):
        return None
    words = _("“%(title)s”现在不在单位审核时间内。")
    return say(words, title=declaration.notice.title)


def has_climbed(declaration: Declaration) -> bool:
    """Whether an office above the unit has ever had it, by this chain or an earlier one.

    While it lies with the unit, all that was reached above it waits for it to come again,
    and an earlier chain keeps the steps that had sent it up.
    """
    left = (StepState.SENT, StepState.AHEAD)
    return any(step.round and step.state in left for step in declaration.steps)


def bound_to_unit(asked: Asked) -> Sentence | None:
    if asked.known.bound_to == asked.declaration.unit_id:
        return None
    unit = asked.declaration.unit.name
    words = _("您现在没有绑定%(unit)s。请先绑定，或在申报页面换成现在绑定的推荐单位。")
    return say(words, unit=unit)


def in_scope(asked: Asked) -> Sentence | None:
    """R08, for every chain that begins: the notice may have been narrowed since the start."""
    declaration = asked.declaration
    if declaration.round and not asked.known.rechosen:
        return None
    return scope_objection(declaration.notice, declaration.unit)


def complete(asked: Asked) -> Sentence | None:
    if asked.known.errors:
        return say(_("数据验证还有 %(n)s 项没有通过，请逐项修改。"), n=asked.known.errors)
    return None


def pledged(asked: Asked) -> Sentence | None:
    if not asked.decision.pledged:
        return say(_("请先阅读并勾选承诺。"))
    return None


def not_opened(asked: Asked) -> Sentence | None:
    """Only the first submission, before the unit opened it: a returned declaration has
    locked sections that a draft would open."""
    step = asked.step
    untouched = step.state == StepState.PENDING and step.opened_at is None
    if untouched and [s.round for s in asked.declaration.steps if s.round] == [1]:
        return None
    return say(_("推荐单位已经打开您的申报，或已退回过，不能撤回。需要修改请联系推荐单位退回。"))


def all_judged_right(asked: Asked) -> Sentence | None:
    marks = asked.decision.marks
    missing = [s.title for s in SECTIONS if s.key not in marks]
    if missing:
        words = {"n": len(missing), "first": missing[0]}
        return say(_("还有 %(n)s 个模块没有审，请从“%(first)s”开始补审。"), **words)
    wrong = [s.title for s in SECTIONS if marks[s.key].wrong]
    if wrong:
        return say(_("“%(titles)s”标了有误，不能通过。"), titles="、".join(wrong))
    return None


def step_above(asked: Asked) -> Sentence | None:
    if asked.step is asked.declaration.chain[-1]:
        return say(_("这里是最后一级，请作“终审通过”。"))
    return None


def last_step(asked: Asked) -> Sentence | None:
    if asked.step is not asked.declaration.chain[-1]:
        return say(_("只有最后一级审核机构可以作“终审通过”。"))
    return None


def faults_named(asked: Asked) -> Sentence | None:
    marks = asked.decision.marks
    if not any(marks[s.key].wrong for s in SECTIONS if s.key in marks):
        return say(_("退回申报人修改，请至少把一个模块标为有误。"))
    return None


def opinion_given(asked: Asked) -> Sentence | None:
    return None if asked.decision.opinion.strip() else say(_("请填写审核意见。"))


def report_uploaded(asked: Asked) -> Sentence | None:
    return None if asked.known.reports else say(_("请先上传推荐报告或申报函。"))


def sent_below(asked: Asked) -> Sentence | None:
    lower = {s.position for s in lower_steps(asked.declaration)}
    if asked.decision.target not in lower:
        return say(_("请选择要退回的下级审核机构。"))
    return None


def lower_steps(declaration: Declaration) -> list[Step]:
    """The steps that it may be handed back to: those below that have sent it up."""
    current = declaration.current or 0
    chain = declaration.chain
    return [s for s in chain if s.position < current and s.state == StepState.SENT]
