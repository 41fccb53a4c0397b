"""The database refuses what no account, message, proposal or registration can be."""

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from models.base import Base
from models.batch import Batch
from models.declaration import Step
from models.identities import Identity
from models.outbox import Message
from models.people import Account
from models.proposal import Proposal
from models.realname import NameCheck
from models.registration import PersonDraft
from models.sessions import LoginSession
from models.unit_list import UnitList
from models.unit_registration import Licence, UnitRegistration
from tests.models.refusing import copied, violated
from tests.models.stage import NOON, Stage, build

AT = "'2026-03-20 04:00:00'"

CHECKS = [
    ("ck_identity_kind", "UPDATE identity SET kind = 'admin'"),
    ("ck_name_check_due", "UPDATE name_check SET due_at = NULL"),
    ("ck_name_check_finding", "UPDATE name_check SET finding = 'PERHAPS', due_at = NULL"),
    ("ck_outbox_channel", "UPDATE outbox SET channel = 'FAX'"),
    ("ck_outbox_lease", f"UPDATE outbox SET lease = {AT}"),
    ("ck_outbox_sent", f"UPDATE outbox SET sent_at = {AT}"),
    ("ck_outbox_state", "UPDATE outbox SET state = 'LOST'"),
    ("ck_proposal_decided", f"UPDATE proposal SET decided_at = {AT}"),
    ("ck_proposal_decided_by", "UPDATE proposal SET decided_by = 'checker'"),
    ("ck_proposal_declaration", "UPDATE proposal SET declaration_id = NULL WHERE kind <> 'SEND'"),
    (
        "ck_proposal_four_eyes",
        f"UPDATE proposal SET state = 'CONFIRMED', decided_by = proposed_by, decided_at = {AT}",
    ),
    ("ck_proposal_kind", "UPDATE proposal SET kind = 'RETURN', step_id = NULL, batch_id = NULL,"
     " declaration_id = NULL"),
    ("ck_proposal_of_a_batch", "UPDATE proposal SET batch_id = NULL WHERE kind = 'SEND'"),
    (
        "ck_proposal_of_a_step",
        "UPDATE proposal SET step_id = NULL, declaration_id = NULL WHERE kind <> 'SEND'",
    ),
    (
        "ck_proposal_reason",
        f"UPDATE proposal SET state = 'REFUSED', decided_by = 'checker', decided_at = {AT}",
    ),
    (
        "ck_proposal_state",
        f"UPDATE proposal SET state = 'LOST', decided_by = 'checker', decided_at = {AT}",
    ),
    ("ck_unit_registration_approved", "UPDATE unit_registration SET unit_id = superior_id"),
    ("ck_unit_registration_decided", f"UPDATE unit_registration SET decided_at = {AT}"),
    ("ck_unit_registration_password", "UPDATE unit_registration SET password_hash = ''"),
    (
        "ck_unit_registration_reason",
        f"UPDATE unit_registration SET state = 'REFUSED', password_hash = '', decided_at = {AT}",
    ),
    ("ck_unit_registration_sent", "UPDATE unit_registration SET superior_id = NULL"),
    (
        "ck_unit_registration_state",
        "UPDATE unit_registration SET state = 'LOST', password_hash = ''",
    ),
]  # fmt: skip

OTHER = {"username": "other"}

UNIQUES = {
    # name of the index: the row whose copy, and with which changes, meets it and no other
    "uq_account_agent_mobile": ("account", "realm = 'AGENT'", OTHER | {"person_id": None}),
    "uq_account_agent_person": ("account", "realm = 'AGENT'", OTHER | {"mobile": ""}),
    "uq_account_legal": ("account", "realm = 'LEGAL'", OTHER),
    "uq_account_mobile": ("account", "realm = 'PERSON'", OTHER | {"person_id": None}),
    "uq_account_person": ("account", "realm = 'PERSON'", OTHER | {"mobile": ""}),
    "uq_identity_subject": ("identity", "1 = 1", {"username": "agent"}),
    "uq_identity_username": ("identity", "1 = 1", {"subject": "9"}),
    "uq_licence_registration_id": ("licence", "1 = 1", {}),
    "uq_licence_token": ("licence", "1 = 1", {"token": "same", "registration_id": 0}),
    "uq_licence_uid": ("licence", "1 = 1", {"uid": "same", "registration_id": 0}),
    "uq_login_session_key_hash": ("login_session", "1 = 1", {}),
    "uq_outbox_key": ("outbox", "1 = 1", {}),
    "uq_outbox_uid": ("outbox", "1 = 1", {"uid": "same", "key": "9"}),
    "uq_person_draft_key": ("person_draft", "1 = 1", {}),
    "uq_person_draft_uid": ("person_draft", "1 = 1", {"uid": "same", "key": "9"}),
    "uq_proposal_batch": ("proposal", "kind = 'SEND'", {}),
    "uq_proposal_step": ("proposal", "kind = 'TERMINATE'", {}),
    "uq_unit_list_uid": ("unit_list", "1 = 1", {"uid": "same"}),
    "uq_unit_registration_key": ("unit_registration", "1 = 1", {"uscc": "9"}),
    "uq_unit_registration_uid": (
        "unit_registration", "1 = 1", {"uid": "same", "key": "9", "uscc": "9"},
    ),
    "uq_unit_registration_waiting": ("unit_registration", "1 = 1", {"key": "9"}),
}  # fmt: skip


def build_accounts(app: Flask) -> None:
    """A row of each kind that the lists above change or copy."""
    build(app)
    stage = Stage(app)
    person, office = stage.applicant().person_id, stage.office("水利院").id
    add = stage.session.add_all
    mobile = {"mobile": "13904380001"}
    add((
        Account(username="person", realm="PERSON", person_id=person, live=True, **mobile),
        Account(username="legal", realm="LEGAL", office_id=office, live=True),
        Account(username="agent", realm="AGENT", office_id=office, person_id=person, live=True,
                **mobile),
        NameCheck(person_id=person, finding="UNAVAILABLE", asked_at=NOON, due_at=NOON),
        LoginSession(key_hash="k", username="person", opened_at=NOON, seen_at=NOON, credential=""),
        Message(channel="SMS", to_sealed=b"1", to_mask="1", purpose="send", key="k", due_at=NOON,
                created_at=NOON),
        PersonDraft(name="某人", id_no=stage.vault.seal("1", "person_draft", "id_no", "u"),
                    key="k", expires_at=NOON),
        UnitList(username="data", name="单位.csv", made_at=NOON, lines=[]),
    ))  # fmt: skip
    stage.session.flush()
    add([Identity(issuer="https://id", subject="1", kind="person", username="person",
                  linked_at=NOON)])  # fmt: skip
    add_registration(stage.session, office)
    add_proposals(stage, office)
    stage.session.commit()
    stage.session.close()


def add_registration(session: Session, office: int) -> None:
    """A unit that has registered and waits, with its certificate."""
    row = UnitRegistration(
        state="SUBMITTED", uscc="1", name="新单位", nature="10", region="220000",
        legal_person="某人",
        superior_id=office, submitted_at=NOON, password_hash="x", key="k", expires_at=NOON,
    )  # fmt: skip
    session.add(row)
    session.flush()
    file = {"name": "执照.pdf", "mime": "application/pdf", "size": 1, "sha256": "", "pages": 1}
    session.add(Licence(registration_id=row.id, token="t", uploaded_at=NOON, **file))


def add_proposals(stage: Stage, office: int) -> None:
    """An end and a sending that wait for the second pair of eyes."""
    declaration = stage.submitted("第二人")
    uid = stage.collect(stage.agent("水利院"))
    step = stage.session.scalars(select(Step).where(Step.office_id == office)).one()
    batch = stage.session.scalars(select(Batch).where(Batch.uid == uid)).one()
    by = {"office_id": office, "proposed_by": "agent", "proposer": "某人", "proposed_at": NOON}
    end = {"declaration_id": declaration.id, "step_id": step.id, "version": 1}
    stage.session.add(Proposal(kind="TERMINATE", **end, **by))
    stage.session.add(Proposal(kind="SEND", batch_id=batch.id, **by))


pytestmark = pytest.mark.world(build=build_accounts)


@pytest.mark.parametrize(("name", "statement"), CHECKS)
def test_every_check_refuses(session: Session, name, statement):
    assert violated(session, text(statement)) == name


@pytest.mark.parametrize("name", UNIQUES)
def test_every_unique_index_refuses(session: Session, name):
    table, where, changes = UNIQUES[name]
    table = Base.metadata.tables[table]
    assert violated(session, insert(table).values(copied(session, table, changes, where))) == name
