"""验证码 in a form: offered when it is due, checked before the password is.

A form shows it by ``{{ captcha.field() }}`` of ``zc/captcha.html``; its view calls
``ask_for()`` where it is due and ``check()`` when the form comes back.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, current_app, g, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from adapters.captcha import picture_of
from adapters.database import aside
from models import captcha
from models.clock import now
from models.words import NotAllowed, _
from views.login import request_time
from views.throttling import Attempt
from views.words import translate

MISSING = _("请输入图片中的验证码。")
FAILED = _("刚才有多次输错，请再输入图片中的验证码。")
"""To who could not know that one is due: it was others who failed, or another window."""

FREE = 3
"""Failures of a subject before it is due."""


class WrongCaptcha(NotAllowed):
    """What was read from the picture is not what it shows (400)."""

    status = 400


@dataclass(frozen=True)
class Picture:
    """One picture for this browser. ``again`` is this page with another one."""

    token: str
    url: str
    again: str
    problem: str


def due(attempt: Attempt) -> bool:
    """Whether this guess needs one."""
    return attempt.failures > FREE


def due_next(attempt: Attempt) -> bool:
    """Whether the next guess will need one."""
    return attempt.failures >= FREE


def ask_for(problem: str = "") -> None:
    """Let the form that is rendered next offer one, and say what was wrong with the last."""
    g.captcha = problem or g.get("captcha", "")


def offered() -> Picture | None:
    """The picture of the form that is being rendered, if it is due or was asked for."""
    if "captcha" not in g and "captcha" not in request.args:
        return None
    key = session.setdefault("captcha", secrets.token_hex(16))
    token = signer(key).dumps([secrets.token_hex(16), int(request_time().timestamp())])
    here = request.view_args | request.args.to_dict() | {"captcha": 1}
    again = url_for(request.endpoint, **here)
    return Picture(token, url_for("captcha", token=token), again, g.get("captcha", ""))


def check(unasked: str = MISSING) -> None:
    """Burn the picture that was answered; WrongCaptcha if the answer is not what it shows.
    ``unasked`` is for a form that had none."""
    if "captcha_token" not in request.form:
        raise WrongCaptcha(unasked)
    typed = "".join(request.form.get("captcha", "").split()).upper()
    id_, made_at = _read(request.form.get("captcha_token", ""))
    if not id_ or not typed:
        raise WrongCaptcha(MISSING)
    engine = current_app.extensions["sqlalchemy"].engine
    current_app.appbuilder.session.rollback()
    with aside(engine, current_app.extensions["journal"]) as own:
        at = now(own)
        fresh = captcha.burn(own, id_, at) and at - made_at <= captcha.LIFE
    if not fresh:
        raise WrongCaptcha(_("这张验证码已经失效，请按新的图片输入。"))
    if not secrets.compare_digest(typed.encode(), _signs(id_).encode()):
        raise WrongCaptcha(_("验证码不对，请按新的图片重新输入。"))


def demand(attempt: Attempt, unasked: str = MISSING) -> None:
    """The same for a guess that was counted: a wrong answer costs the address alone, and the
    form offers another picture."""
    try:
        check(unasked)
    except WrongCaptcha as refusal:
        attempt.not_checked()
        ask_for(translate(refusal.sentence))
        raise


def picture(token: str):
    """The picture itself, for the browser that was offered it."""
    id_, _made_at = _read(token)
    if not id_:
        abort(404)
    return current_app.response_class(picture_of(_signs(id_)), mimetype="image/png")


def _signs(id_: str) -> str:
    return captcha.signs_of(current_app.extensions["vault"], id_)


def signer(key: str) -> URLSafeSerializer:
    """Signs for one browser alone: its session has a key of its own."""
    return URLSafeSerializer(current_app.secret_key, salt=f"captcha|{key}")


def _read(token: str) -> tuple[str, datetime]:
    """Number and time of a picture that this browser was offered; no number of any other."""
    try:
        id_, second = signer(session.get("captcha", "")).loads(token)
    except BadSignature:
        id_, second = "", 0
    return id_, datetime.fromtimestamp(second, UTC)
