"""Bindings and batches in the order of their lists.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 单位绑定 of the console, the latest request first.
    op.create_index("ix_binding_requested", "binding", ["requested_at", "id"])
    # 送审批次 of the console, the latest first.
    op.create_index("ix_batch_sent", "batch", ["sent_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_batch_sent", "batch")
    op.drop_index("ix_binding_requested", "binding")
