"""实名待核验: the names that nobody could tell at their registration, asked for again."""

from collections import Counter
from dataclasses import replace

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import now
from models.journal import note
from models.outbox import Channel, post
from models.people import Account, Person, Realm
from models.realname import MISMATCH_WORDS, Finding, NameCheck, due_checks, keep_finding
from models.registration import PURPOSE
from models.words import say
from views.logins import put, standing_of


def verify_names(limit: int) -> Counter[Finding]:
    """Ask for ``limit`` names at most; how many there were of each finding. No transaction is
    open while the service is asked, and each answer is kept at once."""
    session: Session = current_app.extensions["sqlalchemy"].session()
    vault, verifier = current_app.extensions["vault"], current_app.extensions["realname"]
    due, found = due_checks(session, now(session), limit), Counter()
    for person_id in due:
        person = session.get_one(Person, person_id)
        name, number = person.name, vault.open(person.id_no, "person", "id_no", person.uid)
        session.rollback()
        finding = verifier.verify(name, number)
        found[finding] += _keep(session, person_id, name, finding)
    return found


def _keep(session: Session, person_id: int, name: str, finding: Finding) -> int:
    """Mark it, unless the name was changed or another process has asked meanwhile. The person
    is locked first, as by who registers at this moment."""
    person = session.get_one(Person, person_id, with_for_update=True)
    check = session.get_one(NameCheck, person_id, with_for_update=True)
    at = now(session)
    is_due = check.due_at is not None and check.due_at <= at
    if is_due and person.name == name:
        keep_finding(session, person, finding, at)
        if finding is Finding.MISMATCH:
            _switch_off(session, person_id)
            post(session, person.mobile, Channel.SMS, say(MISMATCH_WORDS), at, purpose=PURPOSE)
    session.commit()
    return int(is_due)


def _switch_off(session: Session, person_id: int) -> None:
    """Nobody goes on in a name that is not his; whose it is can register now."""
    mine = (Account.person_id == person_id, Account.realm == Realm.PERSON, User.active.is_(True))
    query = select(User).join(Account, Account.username == User.username).where(*mine)
    for user in session.scalars(query.order_by(User.id).with_for_update(of=User)):
        put(session, user, replace(standing_of(session, user), active=False))
        note(session, "", "disable", "account", user.username)
