"""单位注册: the answers of the office that manages the unit, each whole or not at all."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.journal import note
from models.offices import Office, named
from models.outbox import Channel, post
from models.people import Person
from models.permissions import Role, registrations_visible_to
from models.unit_answers import (
    AGREED_WORDS,
    REFUSED_WORDS,
    agree,
    locked,
    pass_on,
    refuse,
)
from models.unit_registration import PURPOSE, UnitRegistration
from models.words import NotAllowed, NotFound, Sentence, _, say
from views.login import actor, request_time
from views.registration.common import database, vault
from views.registration.opening import Opened, legal_usernames, new_holder, open_account
from views.words import number_in, translate
from views.writing import Invalid


def agree_to(pk: int, seen: str | None) -> None:
    """同意: the unit, its legal account with the password that was chosen, a message."""
    session, found = database(), _asked(pk, seen)
    hash_ = found.password_hash
    unit = agree(session, found, actor().name, request_time())
    username = legal_usernames(session, [unit.uscc])[unit.uscc]
    made = Opened(username, found.legal_person, Role.LEGAL, found.mobile, found.email)
    holder = _holder(session, found, unit)
    open_account(session, made, hash_, request_time(), office=unit, person=holder)
    _tell(session, found, say(AGREED_WORDS, name=found.name))
    _note(session, "agree", found, unit=unit.id, account=username)


def _holder(session: Session, found: UnitRegistration, unit: Office) -> Person | None:
    """Who will hold the account; one who was sent before he was asked for is not known."""
    number = found.number(vault())
    if not number:
        return None
    found.forget_number()
    try:
        return new_holder(session, found.contact, number, unit)
    except Invalid as refusal:
        words = _("联系人不能持有法人账号：%(why)s可以写明原因，退回这份申请。")
        raise NotAllowed(words, why=translate(refusal.problems[0].sentence)) from refusal


def refuse_to(pk: int, seen: str | None, reason: str) -> None:
    """不同意, with the reason."""
    session, found = database(), _asked(pk, seen)
    refuse(found, reason, actor().name, request_time())
    _tell(session, found, say(REFUSED_WORDS, name=found.name, reason=found.reason))
    _note(session, "refuse", found, reason=found.reason)


def pass_to(pk: int, seen: str | None, codes: list[str]) -> None:
    """转其他机构."""
    session, found = database(), _asked(pk, seen)
    before = found.superior_id
    pass_on(found, next(iter(named(session, codes).values()), None))
    session.flush()
    _note(session, "pass on", found, before=before, to=found.superior_id)


def _asked(pk: int, seen: str | None) -> UnitRegistration:
    mine: ColumnElement[bool] = registrations_visible_to(actor())
    found = locked(database(), pk, mine, number_in(seen))
    if found is None:
        raise NotFound(_("没有找到这份注册申请，它可能已转给别的机构。"))
    return found


def _tell(session: Session, found: UnitRegistration, words: Sentence) -> None:
    post(session, found.mobile, Channel.SMS, words, request_time(), purpose=PURPOSE)


def _note(session: Session, act: str, found: UnitRegistration, **detail) -> None:
    about = {"uscc": found.uscc} | detail
    note(session, actor().username, act, "unit_registration", found.uid, **about)
