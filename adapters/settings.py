"""The configuration of a deployment: what the environment says, else what fits."""

import os
from pathlib import Path

from adapters import keys, signon

HERE = Path(__file__).resolve().parent.parent


class NoHostError(Exception):
    """Nothing says by which names the site is reached; the program does not start."""


def settings(given: dict) -> dict:
    """What is given, else what the environment says. Refuses weak keys and a site without a
    name, unless it is for a demonstration, which speaks plain HTTP and makes its own keys."""
    demo = given.get("DEMO", os.environ.get("DEMO") == "1")
    made = FRAMEWORK | places(given, demo) | of_logins() | of_cookies(demo=demo) | given
    sign_on = made["SIGN_ON"]
    if made["SECOND_FACTOR"] == "required" and sign_on and not sign_on.acr:
        raise signon.SettingError(
            "SECOND_FACTOR=required needs OIDC_ACR: no second factor is asked for here after a "
            "single sign-on, so name the classes by which the platform proves that it has"
        )
    return made


FRAMEWORK = {
    "APP_NAME": "职评",
    "APP_VERSION": "0.1.0",
    "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    "LANGUAGES": {"zh_Hans_CN": {"flag": "cn", "name": "简体中文"}},
    "SQLALCHEMY_ENGINE_OPTIONS": {
        "hide_parameters": True,  # what was typed is in no log
        # SQLite reads how its rows lie when a connection is opened: what ``sweep`` finds out
        # reaches a program that runs for weeks.
        "pool_recycle": 3600,
    },
    "AUTH_ROLE_ADMIN": "_nobody",
    "AUTH_USERNAME_CI": False,
    "FAB_UPDATE_PERMS": False,
    "FAB_CREATE_DB": False,
    "FAB_ADD_SECURITY_API": False,
    "FAB_ADD_MENU_API": False,
    "FAB_INDEX_VIEW": "views.home.Home",
    "MAX_CONTENT_LENGTH": 21 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    "WTF_CSRF_TIME_LIMIT": None,
}


def places(given: dict, demo: bool) -> dict:
    """Where data, files and keys are, and who may ask."""
    var = Path(os.environ.get("ZHIPING_VAR", HERE / "var"))
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'zhiping.db'}"
    return {
        "DEMO": demo,
        "FILES": var / "files",
        "KEYS": given.get("KEYS") or (keys.of_demo(var) if demo else keys.from_environment()),
        "PROXIES": int(os.environ.get("PROXIES", "0")),
        "SQLALCHEMY_DATABASE_URI": url,
        "TRUSTED_HOSTS": given["TRUSTED_HOSTS"] if "TRUSTED_HOSTS" in given else hosts(demo),
    }


def hosts(demo: bool) -> list[str] | None:
    """The names that the program answers to; a demonstration may answer to any."""
    found = os.environ.get("TRUSTED_HOSTS", "").split()
    if not found and not demo:
        raise NoHostError("TRUSTED_HOSTS is missing: the names that browsers reach this site by")
    return found or None


def of_logins() -> dict:
    """How accounts come in, and how long they may stay (seconds)."""
    return {
        "CAPTCHA_ALWAYS_FOR_PERSONS": os.environ.get("CAPTCHA_ALWAYS_FOR_PERSONS") == "1",
        # Without a request for so long, a login ends.
        "IDLE_APPLICANT": int(os.environ.get("IDLE_APPLICANT", 30 * 60)),
        "IDLE_STAFF": int(os.environ.get("IDLE_STAFF", 15 * 60)),
        "ONE_SESSION_PER_STAFF": os.environ.get("ONE_SESSION_PER_STAFF") == "1",
        "PASSWORD_PROFILE": os.environ.get("PASSWORD_PROFILE", "djbh3"),
        "PERMANENT_SESSION_LIFETIME": int(os.environ.get("LONGEST_LOGIN", 12 * 3600)),
        "SECOND_FACTOR": os.environ.get("SECOND_FACTOR", "optional"),  # or off, or required
        "SIGN_ON": signon.from_environment(),
    }


def of_cookies(*, demo: bool) -> dict:
    """How a browser is to keep the session."""
    return {
        "SESSION_COOKIE_HTTPONLY": True,
        # Browsers take this name only with Secure, for the whole host and no other.
        "SESSION_COOKIE_NAME": "session" if demo else "__Host-zhiping",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not demo,
    }
