"""Counted guesses, answered captchas, and how old a password is.

Revision ID: 0008
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_throttle"),
    )
    # 解锁: all rows of one account.
    op.create_index("ix_throttle_account", "throttle", ["account"])
    op.create_table(
        "captcha",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_captcha"),
    )
    op.create_table(
        "past_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(256), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_past_password"),
    )
    # The last passwords of one account, the latest first.
    op.create_index("ix_past_password_username", "past_password", ["username", "id"])
    op.add_column("account", sa.Column("password_changed_at", sa.DateTime(timezone=True)))
    first = sa.Column("password_is_first", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("account", first)


def downgrade() -> None:
    op.drop_column("account", "password_is_first")
    op.drop_column("account", "password_changed_at")
    op.drop_table("past_password")
    op.drop_table("captcha")
    op.drop_table("throttle")
