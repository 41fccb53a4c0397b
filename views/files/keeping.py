"""Where the files lie."""

from flask import current_app

from adapters.store import FileStore


def store() -> FileStore:
    """Where the files lie."""
    return current_app.extensions["files"]
