"""统一身份认证: in by the province's identity platform, where a deployment has one.

With it on, no password opens an account here but that of one account for emergencies.
What does not hold is refused with its reason, and that is in the journal.
"""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_login import current_user

from adapters.database import also_writing
from adapters.oidc import Platform
from adapters.signon import PlatformDown, Ticket, TokenRefused
from models.claims import Claimed, Kind
from models.identities import NotOpened, burn, opened_by, usernames_of
from models.journal import note
from models.sessions import end_by_platform
from models.words import NotAllowed, _
from views.entering import enter, vouched
from views.login import request_time
from views.refusing import answer_with
from views.signin import next_page
from views.words import translate

LOCAL = {
    "Login.login": None,
    "Panels.person": Kind.PERSON,
    "Panels.legal": Kind.LEGAL,
    "Panels.agent": Kind.AGENT,
    "Recovery.person": Kind.PERSON,
    "Recovery.legal": Kind.LEGAL,
    "Recovery.agent": Kind.AGENT,
}
"""Ways in by a password, and to a new one: with the platform on they lead there, as the kind that
they are for."""

LASTS = timedelta(minutes=10)
"""From the start of a login to its end; a logout token is as old at most."""

LONGEST_NEXT = 500
"""Characters of the way after the login: a cookie has 4,096 bytes for all."""


class Stray(NotAllowed):
    """The answer to a login that this browser has not begun, or has ended already (400)."""

    status = 400

    def __init__(self):
        super().__init__(_("这次登录不是从本页开始的，或者已经用过、放得太久。请重新登录。"))


class Begun(NamedTuple):
    """A login on its way: kept in the signed cookie until the browser comes back with it.

    ``at`` is in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    kind: str
    next: str
    at: int

    @property
    def ticket(self) -> Ticket:
        """What the platform's answer must fit."""
        return Ticket(self.state, self.nonce, self.verifier)


def begin(ticket: Ticket, kind: Kind, at: datetime) -> None:
    """Keep what the browser must bring back; one login at a time."""
    wanted = next_page()
    wanted = wanted if len(wanted) <= LONGEST_NEXT else url_for("Home.index")
    session["sso"] = Begun(*ticket, kind.value, wanted, int(at.timestamp()))._asdict()


def taken(at: datetime) -> Begun:
    """The login that an answer belongs to, out of the cookie: it is good for one answer.

    Stray if there is none, or if it has begun too long ago. A foreign page that sends the
    browser here does not end what its user has begun.
    """
    kept, state = session.get("sso"), request.args.get("state", "")
    if not kept or not compare_digest(kept["state"].encode(), state.encode()):
        raise Stray
    begun = Begun(**session.pop("sso"))
    if at.timestamp() - begun.at > LASTS.total_seconds():
        raise Stray
    return begun


def code_of(there: Platform) -> str:
    """The code of an answer that comes from the platform (RFC 6749 4.1.2, RFC 9207)."""
    answer, issuer = request.args, there.signon.issuer
    if answer.get("iss", issuer) != issuer:
        raise TokenRefused("iss")
    if answer.get("error") in ("server_error", "temporarily_unavailable"):
        raise PlatformDown
    if "error" in answer:
        raise NotOpened("denied", _("您没有在统一身份认证平台完成登录。要登录时请重新开始。"))
    if not answer.get("code"):
        raise TokenRefused("code")
    return answer["code"]


def install(app: Flask) -> None:
    """Know the platform that the configuration names, if it names one."""
    signon = app.config["SIGN_ON"]
    app.extensions["platform"] = Platform(signon) if signon else None
    app.before_request(lead_there)
    # The platform itself posts there; its token is signed, and no cookie counts.
    app.extensions["csrf"].exempt("views.sso.backchannel")


def platform() -> Platform:
    """The platform; without one its addresses are not there (404)."""
    return current_app.extensions["platform"] or abort(404)


def lead_there():
    """From the forms that ask for a password to the platform."""
    if current_app.extensions["platform"] is None or request.endpoint not in LOCAL:
        return None
    if request.method == "POST":
        abort(404)
    kind, wanted = LOCAL[request.endpoint], request.args.get("next")
    if kind is None:
        return redirect(url_for("SSO.entrance", next=wanted))
    return redirect(url_for("SSO.start", kind=kind.value, next=wanted))


class SSO(BaseView):
    """The way to the platform and back."""

    route_base = "/sso"

    @property
    def database(self):
        """The request's session."""
        return current_app.appbuilder.session

    @expose("/")
    @no_cache
    def entrance(self):
        """登录: as whom?"""
        emergency = platform().signon.emergency
        if current_user.is_authenticated:
            return redirect(next_page())
        wanted = request.args.get("next")
        return self.render_template(
            "sso/entrance.html", kinds=list(Kind), next=wanted, emergency=emergency
        )

    @expose("/start")
    @no_cache
    def start(self):
        """To the platform, as one of the three kinds."""
        asked, there = request.args.get("kind"), platform()
        kind = Kind(asked) if asked in set(Kind) else abort(400)
        if current_user.is_authenticated:
            return redirect(next_page())
        at, ticket = request_time(), Ticket.draw()
        self.database.rollback()  # no transaction waits for the platform
        try:
            address = there.address(ticket, kind)
        except PlatformDown as refusal:
            return self._refused(refusal, kind)
        begin(ticket, kind, at)
        return redirect(address)

    @expose("/callback")
    @no_cache
    def callback(self):
        """Back from the platform, with a code or with its reason why there is none."""
        there, at = platform(), request_time()
        try:
            begun = taken(at)
        except Stray as refusal:  # anybody can send this: it is no news for the journal
            return self._page(refusal)
        self.database.rollback()
        try:
            claims = there.redeem(code_of(there), begun.ticket, at)
            with also_writing(self.database):
                self._open(there.signon.claims.read(claims, at), begun, at)
        except (PlatformDown, TokenRefused, NotOpened) as refusal:
            return self._refused(refusal, Kind(begun.kind))
        return redirect(begun.next)

    def _open(self, claimed: Claimed, begun: Begun, at: datetime) -> None:
        """Begin the session of the account that belongs to an identity."""
        if claimed.kind != begun.kind:
            words = _("您在统一身份认证平台上用的不是%(kind)s身份。请在该平台切换身份后重新登录。")
            raise NotOpened("another kind", words, kind=Kind(begun.kind).label)
        if not burn(self.database, f"state {begun.state}", at, at + LASTS):
            raise TokenRefused("replayed")
        vault = current_app.extensions["vault"]
        username, linked = opened_by(self.database, vault, claimed, at)
        if linked:
            note(self.database, username, "link", "account", username, capacity=claimed.kind)
        found = vouched(self.database, username)
        if found is None or not enter(self.database, found, claimed.sid):
            words = _("您在本系统的账号已停用。请联系管理您账号的单位或系统管理员。")
            raise NotOpened("disabled", words)

    def _refused(self, refusal: PlatformDown | TokenRefused | NotOpened, kind: Kind):
        """Nothing of the login remains but a line in the journal and the page that says why."""
        if refusal.is_news:
            with also_writing(self.database):
                note(self.database, "", "refuse", "identity", kind.value, reason=refusal.reason)
                self.database.commit()
        return self._page(refusal)

    def _page(self, refusal: NotAllowed):
        answer_with(refusal.status)
        down, reason = isinstance(refusal, PlatformDown), translate(refusal.sentence)
        return self.render_template("sso/refused.html", down=down, reason=reason)

    @expose("/backchannel", methods=["POST"])
    def backchannel(self):
        """The platform says that somebody has left it (Back-Channel Logout 1.0, 2.5 to 2.8)."""
        there, at = platform(), request_time()
        self.database.rollback()
        try:
            claims = there.logout(request.form.get("logout_token", ""), at)
            self._leave(there, claims, at)
        except (PlatformDown, TokenRefused) as refusal:
            self.database.rollback()
            status = 400 if isinstance(refusal, TokenRefused) else refusal.status
            return {"error": "invalid_request", "error_description": refusal.reason}, status
        self.database.commit()
        return "", 200

    def _leave(self, there: Platform, claims: dict, at: datetime) -> None:
        """End the sessions that a logout token names, and tell the journal whose they were."""
        if not burn(self.database, f"logout {claims['jti']}", at, at + 2 * LASTS):
            raise TokenRefused("jti")
        vault, subject = current_app.extensions["vault"], claims.get("sub")
        whose = subject and usernames_of(self.database, vault, there.signon.issuer, subject)
        for username in end_by_platform(self.database, whose or [], claims.get("sid", "")):
            note(self.database, "", "logout", "account", username, by="platform")
