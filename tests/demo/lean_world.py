"""The world of these tests: the large province, made small once for each database."""

from flask import Flask

from demo.lean.filling import fill
from tests.demo.province import tools

DECLARATIONS, SEED = 600, 7


def lean(app: Flask) -> None:
    """``flask demo --lean`` with a small number."""
    with app.app_context():
        fill(tools(app), DECLARATIONS, SEED)
