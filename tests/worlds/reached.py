"""The two portals, where the accounts of 松原 have shown where they read their messages."""

from flask import Flask

from models.people import Account
from tests.worlds.portals import portals

EMAIL = "legal@example.com"


def reached(app: Flask) -> None:
    """The world: the legal person by mail, all others by mobile."""
    portals(app)
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        session.get(Account, "jiangyuan").email = EMAIL
        session.commit()
