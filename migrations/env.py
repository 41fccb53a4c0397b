"""Runs the migrations on the connection that the program hands over."""

import importlib
import pkgutil
import warnings

from alembic import context

import models
from models.base import Base
from models.clock import Moment

for module in pkgutil.walk_packages(models.__path__, "models."):
    importlib.import_module(module.name)


BY_HAND = ("ix_person_characters", "ix_account_legal_name", "person_name")
"""What Alembic cannot compare: indices over an expression, the tables of a full-text index."""

SKIPPED = "Skipped unsupported reflection of expression-based index"
"""What SQLAlchemy warns of when SQLite is asked for the first of them."""


def ours(name, kind, parents) -> bool:
    """The framework keeps its own ``ab_`` tables."""
    if name is not None and name.startswith(BY_HAND):
        return False
    return not (kind == "table" and name.startswith("ab_"))


def render(kind, item, autogen):
    """A migration stands alone: our types as the database has them."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=ours,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render,
)
with warnings.catch_warnings(), context.begin_transaction():
    warnings.filterwarnings("ignore", SKIPPED)
    context.run_migrations()
