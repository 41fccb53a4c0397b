"""The way to the login, and the way back to where one was."""

from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, request
from flask_babel import gettext
from flask_login import logout_user

from models.sessions import SENTENCES
from views.way_in import way_in


def to_the_login():
    """The way in, with the way back; who looks at it is told why the login has ended."""
    sent_from = came_from() if request.method == "POST" else None
    back = request.full_path.rstrip("?") if request.method == "GET" else opened(sent_from)
    # A picture or a script cannot show it: the page that is opened next does.
    looked_at = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if g.get("ended") and looked_at and not wants_json():
        flash(gettext(SENTENCES[g.ended]), "warning")
        logout_user()  # said once
    return redirect(way_in(back))


def came_from() -> str:
    """The path of the page that the form stood on."""
    referrer = request.referrer or ""
    inside = referrer.startswith(request.host_url)
    return "/" + referrer.removeprefix(request.host_url).lstrip("/\\") if inside else "/"


def opened(path: str | None) -> str | None:
    """A path, if it can be opened; a form that was refused stands on one that cannot."""
    there = current_app.create_url_adapter(request)
    return path if path and there.test(urlsplit(path).path, "GET") else None


def wants_json() -> bool:
    """Whether a script asks (uploads), not a person."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
