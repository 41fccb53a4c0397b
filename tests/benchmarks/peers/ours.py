"""Zhiping, as `make run` starts it."""

from flask import Flask

from app import create_app
from tests.benchmarks.peers import deeds
from tests.benchmarks.peers.flasks import cookie_of
from tests.benchmarks.peers.race import race
from tests.statements import count_statements as counting
from tests.worlds.base import create_login

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


LIVES = dict.fromkeys(("IDLE_APPLICANT", "IDLE_STAFF", "PERMANENT_SESSION_LIFETIME"), 48 * 3600)
"""A measure may take hours between two requests of the same person."""


def application() -> Flask:
    """The program itself."""
    return create_app(DEMO=True, **LIVES)


def cookie(app: Flask, user: str) -> str:
    """Of a person who is signed in."""
    with app.app_context():
        key = create_login(app.appbuilder.session, user)
        app.appbuilder.session.commit()
        return cookie_of(app, app.appbuilder.sm.load_user(key))
