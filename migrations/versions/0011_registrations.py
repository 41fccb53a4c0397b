"""Registrations of persons and units, the real-name check, lists of units to be imported.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = "state = 'SUBMITTED'"
DUE = "due_at IS NOT NULL"


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def draft() -> list[sa.Column]:
    """What the two kinds of drafts have in common."""
    return [
        words("uid", 32), words("key", 64), moment("expires_at"), words("mobile", 20),
        moment("proved_at", nullable=True),
    ]  # fmt: skip


def upgrade() -> None:
    person_draft()
    unit_registration()
    licence()
    op.create_table(
        "name_check",
        sa.Column("person_id", sa.Integer(), nullable=False),
        words("finding", 12),
        moment("asked_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("due_at", nullable=True),
        sa.CheckConstraint(
            "finding IN ('OK', 'MISMATCH', 'UNAVAILABLE')", name=op.f("ck_name_check_finding")
        ),
        sa.CheckConstraint(
            "(due_at IS NOT NULL) = (finding = 'UNAVAILABLE')", name=op.f("ck_name_check_due")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_name_check_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_name_check")),
    )
    # What is asked again now, the longest due first.
    where = {"sqlite_where": sa.text(DUE), "postgresql_where": sa.text(DUE)}
    op.create_index("ix_name_check_due", "name_check", ["due_at"], **where)
    op.create_table(
        "unit_list",
        sa.Column("id", sa.Integer(), nullable=False),
        words("uid", 32),
        words("username", 64),
        words("name", 120),
        moment("made_at"),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_list")),
        sa.UniqueConstraint("uid", name=op.f("uq_unit_list_uid")),
    )


def person_draft() -> None:
    op.create_table(
        "person_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        words("name", 50),
        sa.Column("id_no_sealed", sa.LargeBinary(), nullable=False),
        words("id_no_index", 64),
        words("id_no_mask", 18),
        words("finding", 12),
        *draft(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_person_draft_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_draft_uid")),
    )
    # The sweep: drafts that nobody can open any more.
    op.create_index("ix_person_draft_expires_at", "person_draft", ["expires_at"])


def unit_registration() -> None:
    name = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
    check = sa.CheckConstraint
    op.create_table(
        "unit_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        words("state", 12),
        sa.Column("round", sa.Integer(), nullable=False),
        words("uscc", 18),
        sa.Column("name", name, nullable=False),
        words("nature", 20),
        words("region", 20),
        words("legal_person", 50),
        words("contact", 50),
        words("email", 254),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        words("password_hash", 256),
        moment("submitted_at", nullable=True),
        moment("decided_at", nullable=True),
        words("decided_by", 64),
        words("reason", 200),
        *draft(),
        check("state IN ('DRAFT', 'SUBMITTED', 'REFUSED', 'APPROVED')", name=op.f("ck_unit_registration_state")),
        check("(state = 'SUBMITTED') = (password_hash <> '')", name=op.f("ck_unit_registration_password")),
        check("state = 'DRAFT' OR (superior_id IS NOT NULL AND submitted_at IS NOT NULL)", name=op.f("ck_unit_registration_sent")),
        check("(state = 'APPROVED') = (unit_id IS NOT NULL)", name=op.f("ck_unit_registration_approved")),
        check("(state IN ('REFUSED', 'APPROVED')) = (decided_at IS NOT NULL)", name=op.f("ck_unit_registration_decided")),
        check("state <> 'REFUSED' OR reason <> ''", name=op.f("ck_unit_registration_reason")),
        sa.ForeignKeyConstraint(["superior_id"], ["office.id"], name=op.f("fk_unit_registration_superior_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["office.id"], name=op.f("fk_unit_registration_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_registration")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_registration_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_unit_registration_uid")),
    )  # fmt: skip
    table = "unit_registration"
    # One that waits for each unit.
    where = {"sqlite_where": sa.text(WAITING), "postgresql_where": sa.text(WAITING)}
    op.create_index("uq_unit_registration_waiting", table, ["uscc"], unique=True, **where)
    # 单位注册 of the office that manages it, those that wait the longest first.
    of_office = ["superior_id", "state", "submitted_at", "id"]
    op.create_index("ix_unit_registration_superior", table, of_office)
    # The registrant who comes back: the last one of his unit.
    op.create_index("ix_unit_registration_uscc", table, ["uscc", "id"])
    # The sweep: drafts that nobody can open any more.
    op.create_index("ix_unit_registration_expires_at", table, ["expires_at"])


def licence() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        words("uid", 32),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        words("name", 120),
        words("mime", 100),
        sa.Column("size", sa.Integer(), nullable=False),
        words("sha256", 64),
        words("token", 32),
        sa.Column("pages", sa.Integer(), nullable=False),
        moment("uploaded_at"),
        sa.ForeignKeyConstraint(["registration_id"], ["unit_registration.id"], name=op.f("fk_licence_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_licence_registration_id")),
        sa.UniqueConstraint("token", name=op.f("uq_licence_token")),
        sa.UniqueConstraint("uid", name=op.f("uq_licence_uid")),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("unit_list", "name_check", "licence", "unit_registration", "person_draft"):
        op.drop_table(table)
