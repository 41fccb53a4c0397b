"""The indices of lists hold all that is asked for, so that rows are counted in them alone.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ORDERS = {
    "submitted": ["submitted_at", "declaration_id"],
    "status": ["status", "submitted_at", "declaration_id"],
    "name": ["name", "declaration_id"],
}
ARRIVED = {"sqlite_where": sa.text("arrived = 1"), "postgresql_where": sa.text("arrived")}


def upgrade() -> None:
    # SELECT count(*) FROM (SELECT 1 FROM reach WHERE office_id = ? AND in_chain LIMIT 10001),
    # the same of what has arrived, and the pages of both lists in their orders.
    _anew(all_=["in_chain"], arrived=["arrived"])


def downgrade() -> None:
    _anew(all_=[], arrived=[])


def _anew(all_: list[str], arrived: list[str]) -> None:
    for order, columns in ORDERS.items():
        for name in (f"ix_reach_all_{order}", f"ix_reach_arrived_{order}"):
            op.drop_index(name, table_name="reach")
        op.create_index(f"ix_reach_all_{order}", "reach", ["office_id", *all_, *columns])
        op.create_index(
            f"ix_reach_arrived_{order}", "reach", ["office_id", *arrived, *columns], **ARRIVED
        )
