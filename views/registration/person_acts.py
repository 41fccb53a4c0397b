"""个人注册: what each page writes, and what is asked before anything is told."""

from dataclasses import replace

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_uid
from models.binding import end, live_binding
from models.clock import day_of
from models.journal import note
from models.naming import own_account
from models.numbers import mobile_of
from models.outbox import Channel, post
from models.people import Account, Person
from models.permissions import Role
from models.realname import Finding, keep_finding
from models.registration import (
    CODE_WORDS,
    HOLDER_WORDS,
    PURPOSE,
    REALNAME,
    TAKEN_BACK_WORDS,
    Claim,
    PersonDraft,
    PersonStep,
    PersonTyped,
    claim,
    keep,
    person_problems,
)
from models.words import NotAllowed, _, say
from views.login import request_time
from views.logins import put, standing_of
from views.refusing import refuse, tried
from views.registration.choosing import hash_of, password_objections
from views.registration.common import Slot, counted, database, read_picture, vault
from views.registration.forms import ChosenPasswordForm, PersonForm
from views.registration.mobile import Proof
from views.registration.opening import Opened, new_username, open_account

FINISHED = _("这份注册已在另一个窗口里办理，请从登录页登录。")

SLOT = Slot("register-person", PersonDraft)
PROOF = Proof(PURPOSE, CODE_WORDS, lambda: SLOT.draft(lock=True))


def begin(form: PersonForm, draft: PersonDraft | None) -> bool:
    """Keep what was typed; a mobile that is not proved yet gets a code."""
    kept = draft.number(vault()) if draft else ""
    name, mobile = form.name.data or "", mobile_of(form.mobile.data or "")
    typed = PersonTyped(name, form.id_no.number or kept, mobile)
    if refuse(form, person_problems(typed, day_of(request_time()))):
        return False
    guess = counted(form, "mobile", PURPOSE, draft.uid if draft else new_uid())
    if guess is None or not read_picture(guess) or not tried(lambda: _keep(typed), form, "mobile"):
        return False
    guess.sent()
    return True


def _keep(typed: PersonTyped) -> None:
    draft = SLOT.draft(lock=True)
    same_mobile = draft is not None and draft.mobile == typed.mobile
    if draft is None:
        draft = PersonDraft()
        SLOT.open(draft)
    keep(draft, typed, vault())
    database().add(draft)
    if not same_mobile:
        PROOF.send(typed.mobile)


def checked(form: PersonForm, draft: PersonDraft) -> Finding | None:
    """What the real-name check says; asked while no transaction is open. None, with the
    sentence in the form, if this draft has asked too often: a wrong name is a guess."""
    name, number, index = draft.name, draft.number(vault()), draft.id_no.index
    guess = counted(form, "id_no", REALNAME, draft.uid)
    if guess is None:
        return None
    finding = current_app.extensions["realname"].verify(name, number)
    if not tried(lambda: _keep_finding(name, index, finding), form):
        return None
    if finding is not Finding.MISMATCH:
        guess.succeeded()
    return finding


def _keep_finding(name: str, index: str, finding: Finding) -> None:
    draft = SLOT.draft(lock=True)
    if draft is None or (draft.name, draft.id_no.index) != (name, index):
        raise NotAllowed(_("内容在另一个窗口里改过了，请刷新页面。"))
    draft.finding = finding
    if finding is Finding.MISMATCH:
        note(database(), "", "mismatch", "registration", draft.uid)


def finish(form: ChosenPasswordForm, draft: PersonDraft) -> bool:
    """Judge the password, and make the account."""
    numbers = draft.number(vault()), draft.mobile
    if refuse(form, password_objections(form, draft.name, *numbers, staff=False)):
        return False
    hash_ = hash_of(form)
    return tried(lambda: _open(hash_), form)


def _open(hash_: str) -> None:
    session, draft = database(), SLOT.draft(lock=True)
    if draft is None or draft.step is not PersonStep.PASSWORD:
        raise NotAllowed(FINISHED)
    found = claim(session, draft, vault())
    if found.refused and draft.finding == Finding.OK:
        raise NotAllowed(found.refused)
    if found.refused:
        _tell_holder(session, found)
    else:
        if found.renamed:
            _let_go(session, found.person)
        _make_account(session, found, draft, hash_)
    session.delete(draft)


def _let_go(session: Session, person: Person) -> None:
    """Whoever signed in by this number under another name: his account is closed and stands
    for nobody any more, and what a unit has agreed to was not this person."""
    at = request_time()
    query = select(User).join(Account, Account.username == User.username).where(own_account(person))
    for user in session.scalars(query.order_by(User.id).with_for_update(of=User)):
        account, was_active = session.get(Account, user.username), user.active
        put(session, user, replace(standing_of(session, user), active=False))
        account.person, account.live = None, False
        note(session, "", "disable", "account", user.username, by="name check")
        if was_active:
            post(session, account.mobile, Channel.SMS, say(TAKEN_BACK_WORDS), at, purpose=PURPOSE)
    if (binding := live_binding(session, person.id)) is not None:
        end(binding, at)
        note(session, "", "unbind", "binding", binding.id, unit=binding.unit_id)
    session.flush()


def _make_account(session: Session, found: Claim, draft: PersonDraft, hash_: str) -> None:
    person, finding = found.person, Finding(draft.finding)
    made = Opened(new_username("p"), person.name, Role.APPLICANT, draft.mobile)
    open_account(session, made, hash_, request_time(), person=person)
    keep_finding(session, person, finding, request_time())
    note(session, made.username, "register", "account", made.username, finding=finding)


def _tell_holder(session: Session, found: Claim) -> None:
    """Whose number it is hears of it, once a day; who typed it hears what all hear."""
    latest = select(Account.mobile).where(own_account(found.person)).order_by(Account.live.desc())
    mobile = session.scalars(latest).first()
    to, at, uid = mobile or found.person.mobile, request_time(), found.person.uid
    daily = f"register again|{uid}|{day_of(at)}"
    post(session, to, Channel.SMS, say(HOLDER_WORDS), at, purpose=PURPOSE, key=daily)
    note(session, "", "register again", "person", uid)
