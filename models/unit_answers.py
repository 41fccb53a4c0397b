"""单位注册的办理: it is sent to the office that manages the unit, and gets its one answer."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.offices import Office, OfficeKind, unit_objection
from models.people import Account, Realm
from models.problems import Problem
from models.reasons import checked_reason
from models.unit_registration import UnitRegistration, UnitState
from models.words import BadInput, NotAllowed, Stale, _, say

AGREED_WORDS = _("【职评】%(name)s的单位注册已通过，请用统一社会信用代码和注册时设置的密码登录。")
REFUSED_WORDS = _(
    "【职评】%(name)s的单位注册未通过。原因：%(reason)s。请在注册页用验证码修改后重新提交。"
)
TAKEN = _(
    "这个单位已经开通法人账号，不用再注册。请登录；忘记密码请找回；账号由数据管理员导入的请先激活。"
)
WAITS = _("这个单位的注册申请正在审核，不能再提交一份。")
NAME_TAKEN = _("这个单位名称已由另一个统一社会信用代码登记，请照证书核对名称。")
NO_SUPERIOR = _("这个机构没有上级审核机构，法人账号请联系系统管理员开通。")
NOT_A_SUPERIOR = _("请选择审核本单位的主管部门或人社机构。")


def managing() -> ColumnElement[bool]:
    """The offices that may manage a unit: those that audit others."""
    return (Office.kind != OfficeKind.UNIT) & Office.active.is_(True)


def office_of(session: Session, uscc: str) -> Office | None:
    """The office of this code, locked, as it stands now, if it is here already. NotAllowed if
    it audits others."""
    query = select(Office).where(Office.uscc == uscc).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if objection := unit_objection(found and found.kind):
        raise NotAllowed(objection)
    return found


def has_legal_account(session: Session, uscc: str) -> bool:
    """Whether somebody holds the legal account of this code."""
    there = select(Account.username).join(Office, Office.id == Account.office_id)
    wanted = (Office.uscc == uscc, Account.realm == Realm.LEGAL, Account.live)
    return bool(session.scalar(select(exists(there.where(*wanted)))))


def taken(session: Session, registration: UnitRegistration) -> Problem | None:
    """Why this unit cannot be registered: it is none, or has an account, or a registration
    that waits, or its name is that of another code. Told to nobody but who has proved a mobile."""
    kind = session.scalar(select(Office.kind).where(Office.uscc == registration.uscc))
    if objection := unit_objection(kind):
        return Problem("uscc", objection)
    if has_legal_account(session, registration.uscc):
        return Problem("uscc", say(TAKEN))
    wanted = (UnitRegistration.uscc == registration.uscc, UnitRegistration.id != registration.id)
    waits = exists().where(*wanted, UnitRegistration.state == UnitState.SUBMITTED)
    if session.scalar(select(waits)):
        return Problem("uscc", say(WAITS))
    other = (Office.name == registration.name, Office.uscc != registration.uscc)
    if session.scalar(select(exists().where(*other))):
        return Problem("name", say(NAME_TAKEN))
    return None


def submit(
    session: Session, registration: UnitRegistration, password_hash: str, now: datetime
) -> None:
    """提交审核: to the office that manages the unit. One that is in the tree already goes to
    its own superior, whatever was wished."""
    if not registration.is_open:
        raise NotAllowed(WAITS)
    if problem := taken(session, registration):
        raise NotAllowed(problem.sentence)
    there = office_of(session, registration.uscc)
    if there is not None:
        if there.superior is None:
            raise NotAllowed(NO_SUPERIOR)
        registration.superior = there.superior
    registration.state, registration.round = UnitState.SUBMITTED, registration.round + 1
    registration.password_hash, registration.submitted_at = password_hash, now
    registration.decided_at, registration.decided_by, registration.reason = None, "", ""
    session.flush()


def locked(
    session: Session, pk: int, scope: ColumnElement[bool], seen: int | None
) -> UnitRegistration | None:
    """The registration that waits, in the round that was seen; nobody else answers it meanwhile.

    NotAllowed if it was answered; Stale if it was changed and sent again since.
    """
    query = select(UnitRegistration).where(UnitRegistration.id == pk, scope).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    if found.state != UnitState.SUBMITTED:
        words = _("这份注册申请已经办理过：%(state)s。")
        raise NotAllowed(words, state=UnitState(found.state).label)
    if found.round != seen:
        raise Stale(_("这份注册申请在您打开以后又修改过，请刷新页面核对后再办理。"))
    return found


def agree(session: Session, registration: UnitRegistration, who: str, now: datetime) -> Office:
    """同意: the unit takes its place under the office that manages it. The office of a code
    that is in the tree already stays as it is kept there."""
    if has_legal_account(session, registration.uscc):
        raise NotAllowed(_("这个单位已经开通法人账号，请核对后退回这份申请。"))
    unit = office_of(session, registration.uscc)
    if unit is None:
        unit = Office(
            kind=OfficeKind.UNIT, superior_id=registration.superior_id, updated_at=now,
            updated_by=who,
            **{key: getattr(registration, key) for key in ("name", "uscc", "nature", "region")},
        )  # fmt: skip
        session.add(unit)
        session.flush()
    elif unit.superior_id != registration.superior_id:
        raise NotAllowed(_("这个单位已在系统中，不由本机构管理，请转给它的上级机构办理。"))
    _decide(registration, UnitState.APPROVED, who, now)
    registration.unit = unit
    session.flush()
    return unit


def refuse(registration: UnitRegistration, reason: str, who: str, now: datetime) -> None:
    """不同意, with the reason; the registrant may mend it and send it again."""
    reason = checked_reason(reason, _("不同意时，请写明原因。"))
    _decide(registration, UnitState.REFUSED, who, now)
    registration.reason = reason


def pass_on(registration: UnitRegistration, office: Office | None) -> None:
    """转其他机构: it is another office that manages this unit."""
    manages = office is not None and office.kind != OfficeKind.UNIT and office.active
    if not manages:
        raise BadInput(_("没有这个代码的审核机构，请核对统一社会信用代码。"))
    if office.id == registration.superior_id:
        raise BadInput(_("这份申请就在本机构，请选择另一个机构。"))
    registration.superior = office


def _decide(registration: UnitRegistration, state: UnitState, who: str, now: datetime) -> None:
    registration.state, registration.decided_at, registration.decided_by = state, now, who
    registration.password_hash = ""
