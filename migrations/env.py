"""Runs the migrations on the connection that the program hands over."""

import importlib
import pkgutil

from alembic import context

import models
from models.base import Base
from models.clock import Moment

for module in pkgutil.walk_packages(models.__path__, "models."):
    importlib.import_module(module.name)


BY_HAND = ("ix_person_characters", "person_name")
"""What Alembic cannot compare: an index over an expression, the tables of a full-text index."""


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
with context.begin_transaction():
    context.run_migrations()
