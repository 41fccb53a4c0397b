"""What an applicant files: a draft begun, given up, moved to another unit, and submitted.

None of it commits: the caller's transaction is the act's transaction.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models.attachment import Attachment
from models.batch import draw
from models.binding import Binding, BindingState, end, live_binding
from models.checking import errors
from models.declaration import Declaration
from models.holders import check_not_holder
from models.journal import note
from models.notice import Notice, scope_objection
from models.offices import Office
from models.people import Person
from models.permissions import Actor, may_edit, owns
from models.section import Case
from models.status import Status
from models.submission import freeze
from models.words import Forbidden, NotAllowed, _
from models.workflow import Known
from models.workflow.needs import has_climbed


def touch(declaration: Declaration, actor: Actor, now: datetime) -> None:
    """Say who changed it last, and when; that alone makes it another version."""
    declaration.updated_at, declaration.updated_by = now, actor.name
    flag_modified(declaration, "updated_at")


def start(session: Session, notice: Notice, actor: Actor, now: datetime) -> Declaration:
    """确认并开始申报: a draft for this notice by way of the unit that one is bound to."""
    # Who registers by the number's right name has locked the person, and ends what another
    # was bound to by it: of the two the second sees the first.
    him = select(Person.id).where(Person.id == actor.person_id)
    session.execute(him.with_for_update(read=True, key_share=True))
    unit = bound_unit(session, actor.person_id)
    if unit is None:
        raise NotAllowed(_("请先绑定推荐单位，单位同意后再开始申报。"))
    if not notice.declaring(now):
        raise NotAllowed(_("“%(title)s”现在不在申报时间内。"), title=notice.title)
    check_not_holder(session, actor.person_id, unit)
    check_scope(notice, unit)
    mine = (Declaration.person_id == actor.person_id, Declaration.notice_id == notice.id)
    if session.scalars(select(Declaration.id).where(*mine)).first():
        raise NotAllowed(_("您已经按这个通知开始申报，请在“我的申报”中继续。"))
    declaration = Declaration(notice=notice, person_id=actor.person_id, unit=unit, created_at=now)
    touch(declaration, actor, now)
    session.add(declaration)
    session.flush()
    note(session, actor.username, "start", "declaration", declaration.id, notice=notice.id)
    return declaration


def discard(session: Session, declaration: Declaration, actor: Actor) -> None:
    """Delete a draft that was never submitted (decisions 4)."""
    if not owns(actor, declaration):
        raise Forbidden(_("只有申报人本人可以删除草稿。"))
    if declaration.status != Status.DRAFT or declaration.round:
        raise NotAllowed(_("提交过的申报不能删除。"))
    note(session, actor.username, "discard", "declaration", declaration.id)
    files = Attachment.declaration_id == declaration.id
    for file in session.scalars(select(Attachment).where(files)):
        session.delete(file)
    session.flush()
    session.delete(declaration)


def rebind(session: Session, declaration: Declaration, actor: Actor, now: datetime) -> None:
    """换推荐单位: by way of the unit that the person is bound to now (R07)."""
    if not may_rebind(session, declaration, actor):
        raise Forbidden(_("推荐单位属于“基本信息”，现在不能修改。"))
    unit = bound_unit(session, declaration.person_id)
    if unit is None:
        raise NotAllowed(_("请先绑定新的推荐单位，单位同意后再换。"))
    check_not_holder(session, declaration.person_id, unit)
    check_scope(declaration.notice, unit)
    declaration.unit = unit
    touch(declaration, actor, now)
    note(session, actor.username, "rebind", "declaration", declaration.id, unit=unit.id)


def may_rebind(session: Session, declaration: Declaration, actor: Actor) -> bool:
    """Whether the unit can be changed now: with 基本信息, or because the person has left it.

    Who has left could not submit again otherwise, whichever sections were returned.
    """
    if may_edit(actor, declaration, "basic_info"):
        return True
    if declaration.status != Status.RETURNED or not owns(actor, declaration):
        return False
    unit = bound_unit(session, declaration.person_id)
    return unit is None or unit.id != declaration.unit_id


def leave(session: Session, binding: Binding, now: datetime) -> None:
    """解除绑定, or the request taken back; NotAllowed while a declaration is under way there.

    The declarations are locked before the binding is read: one that is submitted at the same
    moment either keeps its unit or finds that the person has left it.
    """
    his = (Declaration.person_id == binding.person_id, Declaration.unit_id == binding.unit_id)
    query = select(Declaration).where(*his).order_by(Declaration.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    held = next((each for each in found if _under_way(each, now)), None)
    if held is not None and binding.state == BindingState.BOUND:
        words = _("您在%(unit)s有没办结的申报“%(title)s”，办结以后才能解除绑定。")
        raise NotAllowed(words, unit=binding.unit.name, title=held.notice.title)
    end(binding, now)


def _under_way(declaration: Declaration, now: datetime) -> bool:
    """Whether the unit goes on with it. A draft can be moved to another unit, and what was
    returned for 基本信息 too; nothing moves any more once the unit's time is over."""
    if declaration.status not in (Status.SUBMITTED, Status.RETURNED):
        return False
    if declaration.returner is not None and "basic_info" in declaration.returner.faulted:
        return False
    return has_climbed(declaration) or now < declaration.notice.audit_end


def bound_unit(session: Session, person_id: int | None) -> Office | None:
    """The unit that has agreed to the person, if one has."""
    binding = live_binding(session, person_id) if person_id is not None else None
    return binding.unit if binding and binding.state == BindingState.BOUND else None


def check_scope(notice: Notice, unit: Office) -> None:
    """NotAllowed if the notice is not for declarations by way of this unit."""
    if reason := scope_objection(notice, unit):
        raise NotAllowed(reason)


def known_of(session: Session, case: Case) -> Known:
    """What ``decide`` must know for a submission."""
    unit = bound_unit(session, case.declaration.person_id)
    found = len(errors(case))
    return Known(found, unit.id if unit else None, rechosen=_rechosen(case.declaration))


def _rechosen(declaration: Declaration) -> bool:
    """Whether unit, series or level are others than in the last submission."""
    if not declaration.round or not declaration.basic_info or not declaration.chain:
        return False
    basic = declaration.basic_info[0]
    unit = declaration.chain[0].office_id
    now = (basic.apply_series, basic.apply_level, declaration.unit_id)
    return now != (declaration.series, declaration.level, unit)


def number(session: Session, declaration: Declaration) -> str:
    """申报编号: year, region (6), series (2), serial (6) (domain 05.1); given once."""
    if declaration.declare_no is not None:
        return declaration.declare_no
    series = declaration.basic_info[0].apply_series
    stem = f"{declaration.notice.year}{declaration.unit.region:0>6}{series}"
    return f"{stem}{draw(session, stem):06d}"


def submit(session: Session, case: Case, declare_no: str, now: datetime) -> None:
    """Number it, copy what lists show, freeze the submission and its files."""
    declaration, basic = case.declaration, case.declaration.basic_info[0]
    declaration.declare_no = declare_no
    declaration.round += 1
    declaration.submitted_at = now
    declaration.series, declaration.level = basic.apply_series, basic.apply_level
    declaration.title_code, declaration.specialty = basic.apply_title_name, basic.apply_specialty
    declaration.category = basic.declare_category
    for file in case.files:
        file.submitted = True
    frozen = freeze(case, declaration.round, now)
    declaration.hints = sum(len(kept["remarks"]) for kept in frozen.content["sections"].values())
    session.add(frozen)
