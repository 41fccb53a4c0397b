"""Each office of a chain has a row for each declaration, and lists an index for each order.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORDERS = {
    "submitted": ["office_id", "submitted_at", "declaration_id"],
    "status": ["office_id", "status", "submitted_at", "declaration_id"],
    "name": ["office_id", "name", "declaration_id"],
}

FROM_THE_STEPS = """
INSERT INTO reach (declaration_id, office_id, arrived, in_chain, status, submitted_at, name)
SELECT declaration.id, step.office_id, max(CASE WHEN step.round > 0 THEN 1 ELSE 0 END) = 1,
       max(CASE WHEN step.position >= declaration.chain_start THEN 1 ELSE 0 END) = 1,
       declaration.status, declaration.submitted_at, person.name
FROM declaration
JOIN step ON step.declaration_id = declaration.id
JOIN person ON person.id = declaration.person_id
WHERE declaration.status != 'DRAFT'
GROUP BY declaration.id, step.office_id, person.id
"""


def upgrade() -> None:
    name = sa.String(length=50).with_variant(sa.String(length=50, collation="C"), "postgresql")
    op.create_table(
        "reach",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        sa.Column("in_chain", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", name, nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_reach_declaration_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_reach_office_id")),
        sa.PrimaryKeyConstraint("declaration_id", "office_id", name=op.f("pk_reach")),
    )
    op.execute(FROM_THE_STEPS)
    arrived = {"sqlite_where": sa.text("arrived = 1"), "postgresql_where": sa.text("arrived")}
    for order, columns in ORDERS.items():
        op.create_index(f"ix_reach_all_{order}", "reach", columns)
        op.create_index(f"ix_reach_arrived_{order}", "reach", columns, **arrived)


def downgrade() -> None:
    op.drop_table("reach")
