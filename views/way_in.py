"""Where somebody signs in: at the panel by which this browser last came in, else at the entrance.

A cookie keeps the panel, since the session ends with the login. It says nothing of who it was.
"""

from datetime import timedelta

from flask import after_this_request, current_app, request, url_for

PANELS = {
    "person": "Panels.person",
    "legal": "Panels.legal",
    "agent": "Panels.agent",
    "staff": "Login.login",
}
"""What the cookie may say, and the panel that is meant."""

KEPT = timedelta(days=365)


def cookie_name() -> str:
    """As that of the session it is for this host alone, where there is TLS."""
    return "__Host-panel" if current_app.config["SESSION_COOKIE_SECURE"] else "panel"


def remember() -> None:
    """Keep by which panel somebody comes in with this request, if it is one."""
    kinds = {endpoint: kind for kind, endpoint in PANELS.items()}
    kind = kinds.get(request.endpoint)
    if kind is None:
        return
    how = {"httponly": True, "samesite": "Lax", "path": "/", "max_age": KEPT}
    how["secure"] = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def write_cookie(response):
        response.set_cookie(cookie_name(), kind, **how)
        return response


def way_in(wanted: str | None = None) -> str:
    """The address of the way in; ``wanted`` is the path to go to afterwards. Where an identity
    platform does the logins it leads there."""
    if current_app.config["SIGN_ON"] is not None:
        return url_for("Login.login", next=wanted)
    kind = request.cookies.get(cookie_name(), "")
    return url_for(PANELS.get(kind, "Home.index"), next=wanted)
