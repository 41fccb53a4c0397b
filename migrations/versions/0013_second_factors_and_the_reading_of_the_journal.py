"""Second factors of staff, and what the reader of the journal needs.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ORDERS = {"actor": ["actor"], "act": ["act"], "kind": ["object_kind"], "at": []}
"""What the list of the journal is narrowed by, the newest first within each."""


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["account.username"], name=op.f("fk_second_factor_username")
        ),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["second_factor.username"], name=op.f("fk_recovery_code_username")
        ),
        sa.PrimaryKeyConstraint("username", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("first_faults", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_begun", "verification", ["begun_at", "id"])
    op.drop_index("ix_journal_object", "journal")
    op.create_index("ix_journal_object", "journal", ["object_id", "object_kind", "at", "id"])
    for order, columns in ORDERS.items():
        op.create_index(f"ix_journal_{order}", "journal", [*columns, "at", "id"])


def downgrade() -> None:
    op.drop_index("ix_journal_object", "journal")
    op.create_index("ix_journal_object", "journal", ["object_kind", "object_id", "id"])
    for order in ORDERS:
        op.drop_index(f"ix_journal_{order}", "journal")
    for table in ("verification", "recovery_code", "second_factor"):
        op.drop_table(table)
