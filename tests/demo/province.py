"""The world of these tests: a small province, made once for each database."""

from flask import Flask

from demo.filling import Tools, fill

DECLARATIONS, SEED = 40, 7
"""So many that each plan is played at least once; PLANS and the people of the file."""


def tools(app: Flask) -> Tools:
    """What the command fills with, silently."""
    session = app.extensions["sqlalchemy"].session()
    return Tools(session, app.extensions["vault"], app.extensions["files"], lambda words: None)


def province(app: Flask) -> None:
    """``flask demo`` with a small number."""
    with app.app_context():
        fill(tools(app), DECLARATIONS, SEED)
