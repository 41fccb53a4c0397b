"""Where the files lie, and where an upload came from."""

from flask import current_app, request

from adapters.store import FileStore


def store() -> FileStore:
    """Where the files lie."""
    return current_app.extensions["files"]


def came_from() -> str:
    """The path of the page that the form stood on."""
    referrer = request.referrer or ""
    inside = referrer.startswith(request.host_url)
    return "/" + referrer.removeprefix(request.host_url).lstrip("/\\") if inside else "/"
