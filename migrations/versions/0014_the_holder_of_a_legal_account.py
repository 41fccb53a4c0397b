"""Who will hold the legal account of a unit that registers: his number, sealed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEALED = {"sealed": sa.LargeBinary, "index": lambda: sa.String(64), "mask": lambda: sa.String(18)}


def upgrade() -> None:
    # Of those that were sent earlier nobody knows it: the unit is asked for it afterwards.
    for name, kind in SEALED.items():
        op.add_column("unit_registration", sa.Column(f"contact_no_{name}", kind(), nullable=True))


def downgrade() -> None:
    for name in SEALED:
        op.drop_column("unit_registration", f"contact_no_{name}")
