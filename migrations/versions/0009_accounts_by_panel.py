"""By which panel an account signs in, its verified contacts; 双人复核 and its proposals.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
    create_proposals()


def create_proposals() -> None:
    checks = {
        "kind": "kind IN ('TERMINATE', 'SEND')",
        "state": "state IN ('LIVE', 'CONFIRMED', 'REFUSED', 'TAKEN_BACK')",
        "of_a_step": "(kind = 'TERMINATE') = (step_id IS NOT NULL)",
        "of_a_batch": "(kind = 'SEND') = (batch_id IS NOT NULL)",
        "declaration": "(step_id IS NULL) = (declaration_id IS NULL)",
        "decided": "(state = 'LIVE') = (decided_at IS NULL)",
        "decided_by": "(state = 'LIVE') = (decided_by = '')",
        "four_eyes": "state <> 'CONFIRMED' OR decided_by <> proposed_by",
        "reason": "state <> 'REFUSED' OR reason <> ''",
    }
    keys = ("office", "declaration", "step", "batch")
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=True),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("reports", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposer", sa.String(64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decider", sa.String(64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        *(
            sa.ForeignKeyConstraint(
                [f"{key}_id"], [f"{key}.id"], name=op.f(f"fk_proposal_{key}_id")
            )
            for key in keys
        ),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_proposal_{name}"))
            for name, check in checks.items()
        ),
    )
    for key in ("declaration", "step", "batch"):
        op.create_index(f"ix_proposal_{key}_id", "proposal", [f"{key}_id"])
    live = sa.text("state = 'LIVE'")
    for key in ("step", "batch"):
        clause = {"sqlite_where": live, "postgresql_where": live}
        op.create_index(f"uq_proposal_{key}", "proposal", [f"{key}_id"], unique=True, **clause)
    desk = ["office_id", "state", "proposed_at", "id"]
    op.create_index("ix_proposal_office_state", "proposal", desk)


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_column("office", "four_eyes")
    for name in UNIQUE:
        op.drop_index(name, "account")
    for column in ("live", "email", "mobile", "realm"):
        op.drop_column("account", column)
