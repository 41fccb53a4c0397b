"""The limit of any page: Flask says hello, and nothing else."""

from flask import Flask

from tests.statements import count_statements as counting

__all__ = ["DEEDS", "application", "cookie", "counting"]

DEEDS: dict = {}


def application() -> Flask:
    """The program."""
    app = Flask(__name__)
    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app


def cookie(app: Flask, user: str) -> str:
    """Nobody signs in."""
    return ""
