"""A verdict says which submission it judged.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of earlier verdicts nobody knows it: nothing is carried over from them.
    unknown = sa.Column("submission", sa.Integer(), server_default="0", nullable=False)
    op.add_column("verdict", unknown)


def downgrade() -> None:
    op.drop_column("verdict", "submission")
