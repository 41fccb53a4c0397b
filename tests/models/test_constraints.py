"""The database refuses the impossible: every CHECK and every unique index, by its name."""

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Base
from models.constraints import SENTENCES, name_of, sentence_of
from models.declaration import Declaration
from models.sections import BY_KEY, SECTIONS
from tests.models import test_constraints_of_accounts as accounts
from tests.models.refusing import copied, violated
from tests.models.stage import NOON, Stage, build
from tests.worlds.declarations import BREAKING

WAITING = "WHERE state = 'PENDING'"
SENT = "WHERE state = 'SENT'"
OWNED = "WHERE declaration_id IS NOT NULL"
OFFICE = "(SELECT min(id) FROM office)"
PHRASE = "INSERT INTO phrase (text, username, office_id, for_all, uses, version, updated_by) VALUES"

CHECKS = [
    ("ck_declaration_status", "UPDATE declaration SET status = 'LOST' WHERE current = 2"),
    ("ck_declaration_current_step", "UPDATE declaration SET current = NULL WHERE current = 2"),
    ("ck_declaration_current_step", "UPDATE declaration SET status = 'DRAFT' WHERE current = 2"),
    ("ck_declaration_current_step", "UPDATE declaration SET status = 'RETURNED' WHERE current = 2"),
    ("ck_declaration_current_step", "UPDATE declaration SET status = 'PASSED' WHERE round = 0"),
    (
        "ck_declaration_number_at_first_submission",
        "UPDATE declaration SET round = 0 WHERE current = 2",
    ),
    (
        "ck_declaration_number_at_first_submission",
        "UPDATE declaration SET declare_no = NULL WHERE current = 2",
    ),
    (
        "ck_declaration_number_at_first_submission",
        "UPDATE declaration SET declare_no = '1' WHERE round = 0",
    ),
    ("ck_step_state", f"UPDATE step SET state = 'LOST', batch_id = NULL {SENT}"),
    ("ck_step_arrived", f"UPDATE step SET arrived_at = NULL {WAITING}"),
    (
        "ck_step_arrived",
        "UPDATE step SET arrived_at = '2026-03-20 04:00:00' WHERE state = 'AHEAD'",
    ),
    ("ck_step_decided", f"UPDATE step SET decided_at = arrived_at {WAITING}"),
    ("ck_step_decided", f"UPDATE step SET decided_at = NULL {SENT}"),
    ("ck_step_sent_in_a_batch", f"UPDATE step SET batch_id = NULL {SENT}"),
    (
        "ck_step_sent_in_a_batch",
        f"UPDATE step SET batch_id = (SELECT min(id) FROM batch) {WAITING}",
    ),
    ("ck_step_opened", f"UPDATE step SET opened_by = 'x' {WAITING}"),
    ("ck_step_opened", f"UPDATE step SET opened_by = '' {SENT}"),
    ("ck_batch_number_when_sent", "UPDATE batch SET number = NULL"),
    ("ck_batch_number_when_sent", "UPDATE batch SET sent_at = NULL"),
    ("ck_binding_state", "UPDATE binding SET state = 'LOST'"),
    ("ck_binding_decided", "UPDATE binding SET decided_by = ''"),
    ("ck_binding_decided", "UPDATE binding SET decided_at = NULL"),
    ("ck_binding_ended", "UPDATE binding SET ended_at = requested_at"),
    ("ck_binding_ended", "UPDATE binding SET state = 'ENDED'"),
    ("ck_attachment_one_owner", f"UPDATE attachment SET declaration_id = NULL {OWNED}"),
    (
        "ck_attachment_one_owner",
        f"UPDATE attachment SET batch_id = (SELECT min(id) FROM batch) {OWNED}",
    ),
    ("ck_notice_declare_window", "UPDATE notice SET declare_end = declare_start"),
    ("ck_notice_audit_window", "UPDATE notice SET audit_start = audit_end"),
    (
        "ck_notice_audit_after_declare",
        "UPDATE notice SET audit_end = '2026-03-31 15:59:59.999999'",
    ),
    ("ck_notice_resubmit_policy", "UPDATE notice SET resubmit_policy = 'never'"),
    ("ck_phrase_one_keeper", f"{PHRASE} ('好', NULL, NULL, FALSE, 0, 1, '')"),
    ("ck_phrase_one_keeper", f"{PHRASE} ('好', 'a', {OFFICE}, FALSE, 0, 1, '')"),
    ("ck_phrase_one_keeper", f"{PHRASE} ('好', NULL, {OFFICE}, TRUE, 0, 1, '')"),
]

PENALTY = {
    "penalty_kind": "01",
    "penalty_level": "单位",
    "name": "警告",
    "decide_org": "水利院",
    "decide_date": NOON.date(),
    "reason": "迟报",
    "start_date": NOON.date(),
    "end_date": NOON.date(),
    "status": "2",
}
DRAFT = {"status": "DRAFT", "current": None, "round": 0}
OPEN = {"sent_at": None, "number": None}

UNIQUES = {
    # name of the index: whose copy, and with which changes, meets it and no other
    "uq_assessment_year": ("assessment", {}),
    "uq_attachment_token": ("attachment", {"token": "same"}),
    "uq_attachment_uid": ("attachment", {"uid": "same"}),
    "uq_basic_info_declaration_id": ("basic_info", {}),
    "uq_batch_number": ("batch", {}),
    "uq_batch_open": ("batch", OPEN),
    "uq_batch_uid": ("batch", {"uid": "same", "number": "9"}),
    "uq_binding_live": ("binding", {}),
    "uq_continuing_education_year": ("continuing_education", {}),
    "uq_declaration_declare_no": ("declaration", {"person_id": "other"}),
    "uq_declaration_person_notice": ("declaration", DRAFT | {"declare_no": None}),
    "uq_declared_none": ("declared_none", {}),
    "uq_notice_title": ("notice", {}),
    "uq_office_name": ("office", {"uscc": "9"}),
    "uq_office_uscc": ("office", {"name": "另一个"}),
    "uq_person_id_no_index": ("person", {}),
    "uq_person_uid": ("person", {"uid": "same", "id_no_index": "9"}),
    "uq_step_declaration_position": ("step", {"state": "AHEAD", "arrived_at": None}),
    "uq_step_open": ("step", {"position": 9}),
    "uq_submission_declaration_round": ("submission", {}),
    "uq_paper_is_representative": ("paper", {}),
    "uq_project_is_main": ("project", {}),
    "uq_patent_is_main": ("patent", {}),
    "uq_report_is_representative": ("report", {}),
    "uq_award_is_representative": ("award", {}),
} | {
    f"uq_{section.key}_uid": (section.key, {"uid": "same", "declaration_id": "spare"})
    for section in SECTIONS
    if section.model
}
ROWS = {
    "batch": "sent_at IS NOT NULL",
    "declaration": "current = 2",
    "office": "kind = 'unit'",
    "step": "state = 'PENDING'",
}


def build_full(app: Flask) -> None:
    """One declaration that has climbed a step, and a bare draft of another person."""
    build(app)
    stage = Stage(app)
    declaration = stage.submitted(**BREAKING)
    stage.climb(declaration)
    declaration.penalty.append(BY_KEY["penalty"].model(**PENALTY, created_at=NOON))
    spare = stage.applicant("旁人")
    bare = {"notice": stage.notice, "unit": declaration.unit, "created_at": NOON}
    stage.session.add(Declaration(person_id=spare.person_id, **bare))
    stage.collect(stage.agent("水利院"))
    stage.applicant("第三人")
    stage.session.close()


pytestmark = pytest.mark.world(build=build_full)


@pytest.mark.parametrize(("name", "statement"), CHECKS)
def test_every_check_refuses(session: Session, name, statement):
    assert violated(session, text(statement)) == name


def again(session: Session, name: str) -> tuple[Table, dict]:
    """The row that meets a unique index, and its table."""
    table, changes = UNIQUES[name]
    given = {key: known(session, value) for key, value in changes.items()}
    table = Base.metadata.tables[table]
    return table, copied(session, table, given, ROWS.get(table.name, "1 = 1"))


def known(session: Session, value):
    """``spare`` is the bare declaration, ``other`` a person who has none."""
    if value == "spare":
        return session.scalar(select(Declaration.id).where(Declaration.round == 0))
    return session.scalar(text("SELECT max(id) FROM person")) if value == "other" else value


@pytest.mark.parametrize("name", UNIQUES)
def test_every_unique_index_refuses(session: Session, name):
    table, row = again(session, name)
    assert violated(session, insert(table).values(row)) == name


def test_nothing_else_is_named():
    """Every CHECK and every unique index stands in the lists above or in those of accounts."""
    tables = Base.metadata.tables.values()
    constraints = [c for table in tables for c in table.constraints]
    checks = {c.name for c in constraints if isinstance(c, CheckConstraint)}
    uniques = {c.name for c in constraints if isinstance(c, UniqueConstraint)}
    uniques |= {index.name for table in tables for index in table.indexes if index.unique}
    assert checks == {name for name, _ in (*CHECKS, *accounts.CHECKS)}
    assert uniques == {*UNIQUES, *accounts.UNIQUES}


def test_what_is_said_belongs_to_something():
    assert {name for name in SENTENCES if not name.startswith("ab_")} <= {
        *UNIQUES,
        *accounts.UNIQUES,
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("uq_paper_is_representative", "代表性论文著作只能有一篇，请刷新后再选。"),
        ("uq_binding_live", "您已绑定或已申请绑定一个推荐单位，请先解除绑定。"),
        ("uq_step_open", "这条内容与已有的内容冲突，没有保存。请刷新页面核对后再试。"),
    ],
)
def test_the_sentence_of_an_index(session: Session, name, sentence):
    table, row = again(session, name)
    with pytest.raises(IntegrityError) as error:
        session.execute(insert(table).values(row))
    assert str(sentence_of(error.value)) == sentence


def test_foreign_keys_are_on(session: Session):
    """SQLite has them off by default."""
    gone = text("DELETE FROM office WHERE kind = 'unit'")
    with pytest.raises(IntegrityError) as error:
        session.execute(gone)
        session.flush()
    assert name_of(error.value).startswith("fk_")
    words = "还有其他记录用到这条内容，没有删除。请刷新页面核对后再试。"
    assert str(sentence_of(error.value)) == words
