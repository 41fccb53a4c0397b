"""单位注册: the answers of the office that manages the unit, each whole or not at all."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.journal import note
from models.offices import named
from models.outbox import Channel, post
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
from models.words import NotFound, Sentence, _, say
from views.login import actor, request_time
from views.registration.common import database
from views.registration.opening import Opened, legal_usernames, open_account
from views.words import number_in


def agree_to(pk: int, seen: str | None) -> None:
    """同意: the unit, its legal account with the password that was chosen, a message."""
    session, found = database(), _asked(pk, seen)
    hash_ = found.password_hash
    unit = agree(session, found, actor().name, request_time())
    username = legal_usernames(session, [unit.uscc])[unit.uscc]
    made = Opened(username, found.legal_person, Role.LEGAL, found.mobile, found.email)
    open_account(session, made, hash_, request_time(), office=unit)
    _tell(session, found, say(AGREED_WORDS, name=found.name))
    _note(session, "agree", found, unit=unit.id, account=username)


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
