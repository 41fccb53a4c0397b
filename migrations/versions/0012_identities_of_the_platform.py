"""Identities of the province's platform, and what of its messages was used up.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'legal', 'agent')", name=op.f("ck_identity_kind")),
        sa.ForeignKeyConstraint(
            ["username"], ["account.username"], name=op.f("fk_identity_username")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("subject", "issuer", "kind", name=op.f("uq_identity_subject")),
        sa.UniqueConstraint("username", "issuer", name=op.f("uq_identity_username")),
    )
    op.create_table(
        "burnt",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_burnt")),
    )
    op.add_column(
        "login_session", sa.Column("sid", sa.String(64), server_default="", nullable=False)
    )
    op.create_index(op.f("ix_login_session_sid"), "login_session", ["sid"])


def downgrade() -> None:
    op.drop_index(op.f("ix_login_session_sid"), "login_session")
    op.drop_column("login_session", "sid")
    op.drop_table("burnt")
    op.drop_table("identity")
