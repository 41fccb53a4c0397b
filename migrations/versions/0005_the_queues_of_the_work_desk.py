"""The queues of the work desk are read in their order, and its counters from an index alone.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES = "ix_step_office_notice_state"
WAITING = "state IN ('PENDING', 'RETURNED_IN')"


def upgrade() -> None:
    op.drop_index(STATES, "step")
    # Counts by notice and state; the rows of one state after (arrived_at, id), oldest first.
    op.create_index(STATES, "step", ["office_id", "notice_id", "state", "arrived_at", "id"])
    # The rows of 待审, which are two states, after (arrived_at, id), oldest first.
    where = {"sqlite_where": sa.text(WAITING), "postgresql_where": sa.text(WAITING)}
    columns = ["office_id", "notice_id", "arrived_at", "id"]
    op.create_index("ix_step_waiting", "step", columns, **where)


def downgrade() -> None:
    op.drop_index("ix_step_waiting", "step")
    op.drop_index(STATES, "step")
    op.create_index(STATES, "step", ["office_id", "notice_id", "state", "arrived_at"])
