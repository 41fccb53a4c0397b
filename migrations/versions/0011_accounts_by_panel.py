"""By which panel an account signs in, its verified contacts, and the switch of 双人复核.

Revision ID: 0011
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None

UNIQUE = {
    "uq_account_person": (["person_id"], "realm = 'PERSON' AND live"),
    "uq_account_mobile": (["mobile"], "realm = 'PERSON' AND live AND mobile <> ''"),
    "uq_account_legal": (["office_id"], "realm = 'LEGAL' AND live"),
    "uq_account_agent_person": (["office_id", "person_id"], "realm = 'AGENT' AND live"),
    "uq_account_agent_mobile": (
        ["office_id", "mobile"],
        "realm = 'AGENT' AND live AND mobile <> ''",
    ),
}

AGENTS = """
    UPDATE account SET realm = 'AGENT'
    WHERE office_id IS NOT NULL AND username IN (
        SELECT u.username FROM ab_user u
        JOIN ab_user_role g ON g.user_id = u.id JOIN ab_role r ON r.id = g.role_id
        WHERE r.name = '经办人')
"""
CLOSED = """
    UPDATE account SET live = false
    WHERE username IN (SELECT username FROM ab_user WHERE NOT active)
"""


def upgrade() -> None:
    known = sa.CheckConstraint(
        "realm IN ('PERSON', 'LEGAL', 'AGENT', 'STAFF')", name=op.f("ck_account_realm")
    )
    realm = sa.Column("realm", sa.String(8), known, server_default="STAFF", nullable=False)
    op.add_column("account", realm)
    op.add_column("account", sa.Column("mobile", sa.String(20), server_default="", nullable=False))
    op.add_column("account", sa.Column("email", sa.String(254), server_default="", nullable=False))
    live = sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("account", live)
    op.execute("UPDATE account SET realm = 'PERSON' WHERE person_id IS NOT NULL")
    if sa.inspect(op.get_bind()).has_table("ab_user"):  # a new database has none yet
        op.execute(AGENTS)
        op.execute(CLOSED)
    for name, (columns, where) in UNIQUE.items():
        clause = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(name, "account", columns, unique=True, **clause)
    four_eyes = sa.Column("four_eyes", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("office", four_eyes)


def downgrade() -> None:
    op.drop_column("office", "four_eyes")
    for name in UNIQUE:
        op.drop_index(name, "account")
    for column in ("live", "email", "mobile", "realm"):
        op.drop_column("account", column)
