"""Messages that wait to be sent, and codes that are used once.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("target_index", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("made_today", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("target_index", "purpose", name=op.f("pk_one_time_code")),
    )
    op.create_table(
        "codes_asked",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_codes_asked")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("to_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("to_mask", sa.String(length=100), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.CheckConstraint("channel IN ('SMS', 'MAIL')", name=op.f("ck_outbox_channel")),
        sa.CheckConstraint(
            "state IN ('WAITING', 'SENDING', 'SENT', 'FAILED', 'UNKNOWN', 'NOBODY')",
            name=op.f("ck_outbox_state"),
        ),
        sa.CheckConstraint("(sent_at IS NOT NULL) = (state = 'SENT')", name=op.f("ck_outbox_sent")),
        sa.CheckConstraint(
            "(lease IS NOT NULL) = (state = 'SENDING')", name=op.f("ck_outbox_lease")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("uid", name=op.f("uq_outbox_uid")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    # Serves the deliverer: WHERE state = 'WAITING' AND due_at <= … ORDER BY due_at LIMIT 1.
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("codes_asked")
    op.drop_table("one_time_code")
