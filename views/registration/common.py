"""What the pages of all registrations share: the browser's key, the steps, the refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import after_this_request, current_app, flash, g, redirect, request, url_for
from flask_appbuilder import BaseView
from flask_babel import gettext

from models.drafts import LIFE, AnyDraft, draft_of, new_key
from models.vault import Vault
from models.words import NotAllowed
from views import captcha
from views.guard import status_of
from views.login import request_time
from views.parts import Event
from views.refusing import answer_with, show
from views.throttling import Attempt, attempt
from views.ways import OTHERS, shown
from views.writing import Refusal


def database():
    """The request's session."""
    return current_app.appbuilder.session


def vault() -> Vault:
    """The vault of identity numbers."""
    return current_app.extensions["vault"]


FINISHED = "finished"
"""In the place of the key to a draft; it opens none."""


@dataclass(frozen=True)
class Slot:
    """The cookie of a browser's key to one kind of draft.

    It is a cookie of its own, since the draft outlives the longest login. Nobody can make a
    key up, so it wants no signature.
    """

    name: str
    kind: type[AnyDraft]

    @property
    def cookie(self) -> str:
        """Its name; as that of the session it is for this host alone, where there is TLS."""
        return f"__Host-{self.name}" if current_app.config["SESSION_COOKIE_SECURE"] else self.name

    def draft(self, *, lock: bool = False) -> AnyDraft | None:
        """The draft that this browser has begun, if it still opens it."""
        key = g.get(self.name, request.cookies.get(self.cookie))
        if not key:
            return None
        return draft_of(database(), self.kind, key, request_time(), lock=lock)

    def open(self, draft: AnyDraft) -> None:
        """Let this browser, and no other one, open the draft for as long as it lives."""
        key = new_key()
        draft.open_by(key, request_time())
        self._keep(key, LIFE)

    def finish(self) -> None:
        """Nothing more to go on with; another window of this browser hears why."""
        self._keep(FINISHED, LIFE)

    @property
    def is_finished(self) -> bool:
        """Whether what this browser had begun last is done."""
        return request.cookies.get(self.cookie) == FINISHED

    def _keep(self, key: str, life: timedelta) -> None:
        setattr(g, self.name, key)  # for what else this request asks
        how = {"httponly": True, "samesite": "Lax", "path": "/"}
        secure = current_app.config["SESSION_COOKIE_SECURE"]

        @after_this_request
        def write_cookie(response):
            response.set_cookie(self.cookie, key, max_age=life, secure=secure, **how)
            return response


def progress(steps: Sequence[tuple[StrEnum, str]], current: StrEnum) -> list[Event]:
    """The steps as a timeline: what is done, where one is, what is to come."""
    names = [step for step, _title in steps]
    here = names.index(current)
    kinds = ["done"] * here + ["now"] + ["ahead"] * (len(steps) - here - 1)
    titles = (gettext(title) for _step, title in steps)
    return [Event(kind, title, "", "", "", "") for kind, title in zip(kinds, titles, strict=True)]


def sent(form) -> bool:
    """Whether the form was sent and its fields could be read; if not, they say why (400)."""
    if request.method != "POST":
        return False
    readable = form.validate()
    if not readable:
        answer_with(400)
    return readable


def counted(form, field: str, kind: str, subject: str) -> Attempt | None:
    """A guess that was counted; None, with the sentence at the field, if there were too many.

    The subject is the draft or the browser and never what was typed: who types the number of
    somebody else must not lock him out. What one code or one mobile can bear is limited by
    ``models.onetime``; what one address may do by the throttle, where codes that were sent
    (``Attempt.sent``) count as what went wrong does.
    """
    try:
        return attempt(kind, subject)
    except NotAllowed as refusal:
        show(form, Refusal(status_of(refusal), refusal.sentence), field)
        return None


def offer_picture() -> None:
    """Let a first page show a captcha, where the deployment wants one of all strangers."""
    if current_app.config["CAPTCHA_ALWAYS_FOR_PERSONS"] and "captcha" not in g:
        captcha.ask_for()


def read_picture(guess: Attempt) -> bool:
    """Whether the captcha was read, where one is wanted; if not, the form says so."""
    if not current_app.config["CAPTCHA_ALWAYS_FOR_PERSONS"]:
        return True
    try:
        captcha.demand(guess)
    except captcha.WrongCaptcha as refusal:
        answer_with(status_of(refusal))
        return False
    return True


def step_page(view: BaseView, title: str, form, fields, action: str, save_word: str, **more):
    """One page of a registration: its fields, and where they are sent."""
    return view.render_template(
        "registration/step.html",
        title=title,
        form=form,
        fields=fields,
        action=url_for(action),
        save_word=save_word,
        others=shown(OTHERS),
        **more,
    )


def start_again(page: str):
    """Back to the first page: the draft has expired, or was never begun in this browser."""
    flash(
        gettext("填写的内容已过期（保留 24 小时），或不在这个浏览器里。请从第一步填写。"), "danger"
    )
    return redirect(url_for(page))


def moved(step: StrEnum, pages: dict[StrEnum, str]):
    """On to the page where the draft stands."""
    return redirect(url_for(pages[step]))
