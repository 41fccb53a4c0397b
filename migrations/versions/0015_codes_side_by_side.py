"""Codes of one purpose and target live side by side.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PLACE = ["target_index", "purpose"]


def upgrade() -> None:
    # Somebody may be typing one at this moment. It is laid aside, since SQLite makes a table
    # anew to drop a column of it, which it cannot where rows refer to it already.
    op.execute(
        "CREATE TABLE waiting_code AS SELECT target_index, purpose, code_hash, expires_at, tries "
        "FROM one_time_code WHERE spent_at IS NULL"
    )
    with op.batch_alter_table("one_time_code") as table:
        table.drop_column("code_hash")
        table.drop_column("tries")
    _create_living()
    op.execute(
        "INSERT INTO living_code (target_index, purpose, code_hash, expires_at, tries) "
        "SELECT target_index, purpose, code_hash, expires_at, tries FROM waiting_code"
    )
    op.drop_table("waiting_code")


def _create_living() -> None:
    op.create_table(
        "living_code",
        sa.Column("target_index", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            PLACE,
            ["one_time_code.target_index", "one_time_code.purpose"],
            name=op.f("fk_living_code_target_index"),
        ),
        sa.PrimaryKeyConstraint(*PLACE, "code_hash", name=op.f("pk_living_code")),
    )


def downgrade() -> None:
    op.drop_table("living_code")
    op.execute("DELETE FROM one_time_code")
    with op.batch_alter_table("one_time_code") as table:
        table.add_column(sa.Column("code_hash", sa.String(length=64), nullable=False))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False))
