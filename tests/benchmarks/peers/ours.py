"""Zhiping, as `make run` starts it."""

from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app import create_app
from tests.benchmarks.peers import deeds
from tests.benchmarks.peers.flasks import cookie_of
from tests.benchmarks.peers.race import race
from tests.statements import count_statements as counting

__all__ = ["DEEDS", "application", "cookie", "counting"]

DEEDS = {
    "bare_hash": deeds.bare_hash,
    "export_query": deeds.export_query,
    "login": deeds.login,
    "race": race,
    "rush": deeds.rush,
    "send_up": deeds.send_up,
    "stage": deeds.stage,
    "xlsx": deeds.xlsx,
}


def application() -> Flask:
    """The program itself."""
    return create_app(DEMO=True)


def cookie(app: Flask, user: str) -> str:
    """Of a person who is signed in."""
    with app.app_context():
        key = app.appbuilder.session.scalar(select(User.id).where(User.username == user))
        return cookie_of(app, app.appbuilder.sm.load_user(str(key)))
