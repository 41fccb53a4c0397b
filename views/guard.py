"""Every route is closed unless it stands here, and every answer carries the same headers.

A screen of the framework is open to those who have its deed at its desk; all other
endpoints are named one by one. A refusal of any kind rolls back before it answers.
"""

import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from adapters.database import read_no_longer, writing
from models.permissions import granted
from models.words import BadInput, Forbidden, NotAllowed, NotFound, _
from views.login import actor, keep_seen, request_time
from views.returning import to_the_login, wants_json
from views.words import LARGEST_ID, number_in, short_time, translate

REGISTERING = frozenset({
    "Registration.person", "PersonSteps.code", "PersonSteps.resend", "PersonSteps.password",
    "PersonSteps.done", "Registration.legal", "UnitSteps.contact", "UnitSteps.code",
    "UnitSteps.resend", "UnitSteps.superior", "UnitSteps.licence", "UnitSteps.password",
    "UnitSteps.state", "UnitAgain.begin", "UnitAgain.code", "Activation.legal",
    "Activation.code", "Activation.resend", "UnitAgain.resend",
})  # fmt: skip
"""How somebody comes to an account: a page shows what this browser itself has typed."""

PUBLIC = REGISTERING | frozenset({
    "static", "appbuilder.static", "captcha", "healthz", "Home.index",
    "Login.login", "Panels.person", "Panels.legal", "Panels.agent",
    "Recovery.person", "Recovery.legal", "Recovery.agent",
    "Recovery.code", "Recovery.again", "Recovery.password", "DemoMessages.list",
    "Second.check", "Second.enrol", "Second.picture",  # they ask who is half way in
    "SSO.entrance", "SSO.start", "SSO.callback", "SSO.backchannel", "Emergency.login",
})  # fmt: skip
"""Open to everybody."""

SIGNED_IN = frozenset({
    "Login.logout", "Passwords.change", "Mobile.change", "Mobile.code", "Mobile.again",
    "Second.show", "Second.start", "Second.codes", "Second.remove",
    "Sessions.list", "Sessions.renew", "Sessions.end", "Sessions.others",
})  # fmt: skip
"""Open to every account."""

BEFORE_ALL = frozenset({"Passwords.change", "Sessions.renew", "Login.logout"})
"""What is open to an account whose password must be changed first."""

CONSOLE = "console"
"""Endpoints of the data managers' console begin with this word."""

LONGEST_ARGUMENT = 2000
"""Characters of one value in an address. Python reads no number of more than 4,300 digits."""

RESERVED = frozenset({"endpoint", "_anchor", "_external", "_method", "_scheme"})
"""Names that ``url_for`` takes for itself: the framework's lists hand on all that they find."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

ENCRYPTED = "max-age=31536000; includeSubDomains"
"""For a year browsers come by TLS only."""

STATUS: dict[type[NotAllowed], int] = {Forbidden: 403, NotFound: 404, BadInput: 400}

log = logging.getLogger(__name__)


def status_of(refusal: NotAllowed) -> int:
    """The HTTP status of a refusal of the domain or of an adapter."""
    return getattr(refusal, "status", None) or STATUS.get(type(refusal), 409)


def needed(endpoint: str) -> tuple[str, str] | None:
    """Desk and deed that an endpoint asks for, None if it is closed to all."""
    name, _, method = endpoint.partition(".")
    for view in current_app.appbuilder.baseviews:
        if view.endpoint == name or type(view).__name__ == name:
            deed = (view.method_permission_name or {}).get(method)
            return (view.class_permission_name, deed) if deed else None
    if name.startswith(CONSOLE):
        return CONSOLE, "export" if method == "export" else "read"
    return None


def watch(app: Flask) -> None:
    """Put the guard before every request and the headers behind every answer."""
    # Before the check of the token: it reads the form, its refusal shows a page, and who has
    # signed out in another tab has no token, but a way in.
    app.before_request_funcs.setdefault(None, [])[:0] = [begin, check_route]
    app.after_request(seal)
    app.after_request(keep_seen)
    app.teardown_request(read_no_longer)
    app.register_error_handler(NotAllowed, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(Exception, broken)
    app.jinja_env.globals["csp_nonce"] = nonce  # widgets render without context processors
    app.add_template_filter(lambda moment: short_time(moment, request_time()), "moment")


def begin() -> None:
    """Refuse what no route can mean; say whether this request may write."""
    writing.set(request.method not in ("GET", "HEAD", "OPTIONS"))
    g.request_id = secrets.token_hex(4)
    if request.mimetype != "multipart/form-data":  # only files may be larger than a form
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    asked = [request.path, *(v for k in request.args for v in (k, *request.args.getlist(k)))]
    if any("\x00" in text for text in asked) or RESERVED & set(request.args):
        abort(400)
    if any(len(text) > LONGEST_ARGUMENT for text in request.args.values()):
        abort(400)
    place = request.view_args or {}
    given = (*place.values(), g.get("declaration_id"))
    too_large = any(isinstance(value, int) and value > LARGEST_ID for value in given)
    if too_large or number_in(str(place.get("pk", 0))) is None:
        abort(404)
    if request.method == "POST":
        request.form  # noqa: B018 - read the body before any transaction begins


def check_route():
    """Let through what the table opens to this actor."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if endpoint not in SIGNED_IN:
        wanted = needed(endpoint)
        if wanted is None:
            abort(404)
        if current_user.is_authenticated and not granted(actor(), *wanted):
            abort(403)
    if not current_user.is_authenticated:
        return to_the_login()
    if current_user.must_change and endpoint not in BEFORE_ALL:
        if request.method != "GET":
            raise Forbidden(_("请先修改密码，再办理其他事项。"))
        return redirect(url_for("Passwords.change"))
    return None


def nonce() -> str:
    """The nonce of this answer's scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def seal(response):
    """The same headers on every answer; nothing that a login opens stays in a cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not current_app.config["DEMO"]:  # which speaks plain HTTP
        response.headers.setdefault("Strict-Transport-Security", ENCRYPTED)
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{nonce()}'; object-src 'none'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )
    if request.endpoint not in ("static", "appbuilder.static"):
        response.headers["Cache-Control"] = "no-store"  # files come with words of their own
    if response.status_code == 308:  # to the whole address: without the host that was claimed
        there = urlsplit(response.location)
        place = "/" + there.path.lstrip("/")
        response.headers["Location"] = f"{place}?{there.query}" if there.query else place
    return response


def answer(status: int, sentence: str):
    """The page, or for scripts the JSON, that says a refusal."""
    current_app.appbuilder.session.rollback()
    if wants_json():
        return jsonify(error=sentence), status
    page = render_template(
        "zc/error.html",
        appbuilder=current_app.appbuilder,
        code=status,
        reason=sentence,
        request_id=g.get("request_id", ""),
    )
    return page, status


def refused(refusal: NotAllowed):
    """A refusal of the domain: its own sentence."""
    return answer(status_of(refusal), translate(refusal.sentence))


SENTENCES = {
    400: _("请求的内容不完整或无法识别，请返回上一页重新填写。"),
    403: _("您的账号没有权限打开这个页面或办理这件事。"),
    404: _("没有找到这个页面，或者它不在您的办理范围内。"),
    405: _("这个地址不能这样访问，请从菜单重新进入。"),
    413: _("提交的内容或文件太大，请压缩或分成几次后再提交。"),
    415: _("不支持这种文件格式，请按页面上的格式要求上传。"),
    429: _("操作太频繁，请稍后再试。"),
}


WAYS = ("PersonSteps", "UnitSteps", "Activation", "UnitAgain")
PAGES = {f"{way}.resend": f"{way}.code" for way in WAYS} | {"Recovery.again": "Recovery.code"}
PAGES |= {f"Units.{deed}": "Units.show" for deed in ("agree", "refuse", "pass_on")}
"""Where the forms stand that are sent to these, and are answered there with their faults."""


def page_of_form():
    """To the page of a form, who opens the address to which it is sent; None if there is none."""
    try:
        endpoint, place = current_app.create_url_adapter(request).match(method="POST")
    except HTTPException:
        return None
    return redirect(url_for(PAGES[endpoint], **place)) if endpoint in PAGES else None


def failed(error: HTTPException):
    """An error of HTTP, in words; redirects pass."""
    if error.code is None or error.code < 400:
        return error
    if error.code == 405 and request.method == "GET" and (page := page_of_form()):
        return page
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built
        return gettext(SENTENCES[400]), 400, {"Content-Type": "text/plain; charset=utf-8"}
    return answer(error.code, gettext(SENTENCES.get(error.code, SENTENCES[400])))


def busy(error: OperationalError):
    """SQLite's one writer was somebody else for too long; any other fault is the program's."""
    if "locked" not in str(error.orig):
        return broken(error)
    g._login_user = current_app.login_manager.anonymous_user()  # who asks would wait once more
    return answer(503, gettext("现在使用的人太多，没有办成。请稍等片刻再试。"))


def broken(error: Exception):
    """A fault of the program: logged with its id, told without detail."""
    log.exception("request %s failed", g.get("request_id", ""))
    # The page must not ask a database that may be what failed.
    g._login_user = current_app.login_manager.anonymous_user()
    return answer(
        500, gettext("系统出了问题，没有保存。您可以稍后再试；联系技术支持时请报上编号。")
    )
