"""单位注册: what each page writes."""

from types import SimpleNamespace

from flask_babel import gettext
from sqlalchemy import case, or_, select

from models.base import new_uid
from models.clock import day_of
from models.journal import note
from models.numbers import mobile_of
from models.offices import Office
from models.unit_answers import NOT_A_SUPERIOR, managing, submit
from models.unit_registration import (
    CODE_WORDS,
    LABELS,
    PURPOSE,
    Licence,
    UnitRegistration,
    UnitState,
    UnitStep,
    contact_problems,
    unit_problems,
)
from models.vault import normalised
from models.words import BadInput, NotAllowed, _
from views.files.keeping import store
from views.files.uploads import Arrived
from views.login import codes, request_time
from views.refusing import refuse, tried
from views.registration.choosing import hash_of, password_objections
from views.registration.common import Slot, counted, database, read_picture, vault
from views.registration.mobile import Proof
from views.throttling import Attempt

SLOT = Slot("register-unit", UnitRegistration)

FOUND = 20
"""Offices that a search shows; who wants another one types more of its name."""


def _open_draft() -> UnitRegistration:
    """The draft, locked, if its registrant may change it."""
    draft = SLOT.draft(lock=True)
    if draft is None:
        raise NotAllowed(_("填写的内容已过期（保留 24 小时），请从第一步重新填写。"))
    _check_open(draft)
    return draft


def _check_open(draft: UnitRegistration) -> None:
    if not draft.is_open:
        raise NotAllowed(_("这份注册申请已经提交，现在不能修改。"))


PROOF = Proof(PURPOSE, CODE_WORDS, _open_draft)


def keep_facts(form, draft: UnitRegistration | None) -> bool:
    """The first page."""
    typed = SimpleNamespace(
        uscc=normalised(form.uscc.data or ""),
        **{key: form[key].data or "" for key in ("name", "nature", "region", "legal_person")},
    )
    if refuse(form, unit_problems(typed, codes(), day_of(request_time()))):
        return False
    guess = counted(form, "uscc", PURPOSE, draft.uid if draft else new_uid())
    if guess is None or not read_picture(guess) or not tried(lambda: _keep_facts(typed), form):
        return False
    guess.succeeded()
    return True


def _keep_facts(typed: SimpleNamespace) -> None:
    draft = SLOT.draft(lock=True)
    if draft is None:
        draft = UnitRegistration(state=UnitState.DRAFT)
        SLOT.open(draft)
    _check_open(draft)
    for key, value in vars(typed).items():
        setattr(draft, key, value)
    database().add(draft)


def keep_contact(form, draft: UnitRegistration) -> bool:
    """Who can be asked; a mobile that is not proved yet gets a code."""
    typed = SimpleNamespace(
        contact=form.contact.data or "",
        contact_no=form.contact_no.number,
        mobile=mobile_of(form.mobile.data or ""),
        email=form.email.data or "",
    )
    # Another contact has another number.
    typed.known = bool(draft.contact_no) and draft.contact == typed.contact
    if refuse(form, contact_problems(typed, day_of(request_time()))):
        return False
    guess = counted(form, "mobile", PURPOSE, draft.uid)
    if guess is None or not tried(lambda: _keep_contact(typed), form, "mobile"):
        return False
    guess.sent()
    return True


def _keep_contact(typed: SimpleNamespace) -> None:
    draft = _open_draft()
    same = draft.mobile == typed.mobile
    draft.reach_by(typed.mobile)
    draft.contact, draft.email = typed.contact, typed.email
    if typed.contact_no:
        draft.keep_number(vault(), typed.contact_no)
    if not same:
        PROOF.send(typed.mobile)


def keep_superior(form) -> bool:
    """The office that was chosen, if it is one that audits."""
    return tried(lambda: _keep_superior(form.superior.data or ""), form, "superior")


def _keep_superior(code: str) -> None:
    query = select(Office).where(managing(), Office.uscc == code)
    office = database().scalars(query).one_or_none()
    if office is None:
        raise BadInput(NOT_A_SUPERIOR)
    _open_draft().superior = office


def may_upload(form, draft: UnitRegistration) -> Attempt | None:
    """Whether this registration has not sent too many files that were refused."""
    return counted(form, "file", PURPOSE, draft.uid)


def keep_licence(form, file: Arrived) -> bool:
    """The file takes the place of the one before it; neither remains without its row."""
    before: list[str] = []
    if not tried(lambda: _keep_licence(file, before), form, "file"):
        store().remove(file.token)
        return False
    for token in before:
        store().remove(token)
    return True


def _keep_licence(file: Arrived, before: list[str]) -> None:
    session, draft = database(), _open_draft()
    if draft.licence is not None:
        before.append(draft.licence.token)
        session.delete(draft.licence)
        session.flush()
    kept = ("token", "name", "mime", "size", "sha256", "pages")
    about = {key: getattr(file, key) for key in kept}
    draft.licence = Licence(uploaded_at=request_time(), **about)
    session.flush()
    note(session, "", "upload", "licence", draft.licence.uid, sha256=file.sha256)


def submit_with(form, draft: UnitRegistration) -> bool:
    """Judge the password, and send the registration to the office that manages the unit."""
    numbers = draft.uscc, draft.mobile, draft.number(vault())
    if refuse(form, password_objections(form, draft.legal_person, *numbers)):
        return False
    hash_ = hash_of(form)
    return tried(lambda: _submit(hash_), form, done=_("已提交，请等主管部门审核。"))


def _submit(hash_: str) -> None:
    session, draft = database(), _open_draft()
    if draft.step is not UnitStep.PASSWORD:
        raise NotAllowed(_("还有没填完的步骤，请刷新页面。"))
    submit(session, draft, hash_, request_time())
    detail = {"uscc": draft.uscc, "office": draft.superior_id, "round": draft.round}
    note(session, "", "submit", "unit_registration", draft.uid, **detail)


def offices(words: str, region: str) -> list[Office]:
    """The offices that audit whose name holds the words, or whose code they are; without words
    those of the region and its city. The nearest ones come first, and one more than are shown
    if there are more."""
    code = "".join(words.split()).upper()
    around = [region, *codes().above("region_jilin", region)[:-1]]  # below the province
    either = or_(Office.name.icontains(words, autoescape=True), Office.uscc == code)
    wanted = either if words else Office.region.in_(around)
    nearness = {each: place for place, each in enumerate(around)}
    near = case(nearness, value=Office.region, else_=len(around))
    query = select(Office).where(managing(), wanted).order_by(near, Office.name)
    return list(database().scalars(query.limit(FOUND + 1)))


def facts_of(draft: UnitRegistration) -> list[tuple[str, str]]:
    """All that was typed, as a reader wants it."""
    said = {key: getattr(draft, key) for key in LABELS}
    said["contact_no"] = draft.contact_no.mask if draft.contact_no is not None else ""
    said["nature"] = codes().name("unit_nature", draft.nature)
    said["region"] = codes().name("region_jilin", draft.region)
    return [(gettext(LABELS[key]), str(value or "")) for key, value in said.items()]
