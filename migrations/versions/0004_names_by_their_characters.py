"""People are found by any part of their name, by an index on both databases.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def spaced(row: str) -> str:
    """The name with a blank between its (at most fifty) characters."""
    return " || ' ' || ".join(f"substr({row}.name, {n}, 1)" for n in range(1, 51))


FOR_SQLITE = (
    "CREATE VIRTUAL TABLE person_name USING fts5(name, tokenize = 'unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER person_name_insert AFTER INSERT ON person BEGIN "
    f"INSERT INTO person_name (rowid, name) VALUES (new.id, {spaced('new')}); END",
    f"CREATE TRIGGER person_name_update AFTER UPDATE OF name ON person BEGIN "
    f"UPDATE person_name SET name = {spaced('new')} WHERE rowid = new.id; END",
    "CREATE TRIGGER person_name_delete AFTER DELETE ON person BEGIN "
    "DELETE FROM person_name WHERE rowid = old.id; END",
    f"INSERT INTO person_name (rowid, name) SELECT id, {spaced('person')} FROM person",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in FOR_SQLITE:
            op.execute(statement)
        return
    op.execute(
        "CREATE INDEX ix_person_characters ON person USING gin (string_to_array(lower(name), NULL))"
        " WITH (fastupdate = off)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER person_name_{trigger}")
        op.execute("DROP TABLE person_name")
        return
    op.drop_index("ix_person_characters", "person")
