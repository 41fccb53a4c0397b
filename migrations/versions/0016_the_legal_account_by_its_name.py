"""The legal account by its name in any case: anybody may ask for it before a login.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SELECT … FROM account WHERE realm = 'LEGAL' AND live AND lower(username) = ? (views/panels.py)
    op.execute(
        "CREATE INDEX ix_account_legal_name ON account (lower(username)) "
        "WHERE realm = 'LEGAL' AND live"
    )


def downgrade() -> None:
    op.drop_index("ix_account_legal_name", table_name="account")
