"""统一身份认证: this program as a client of the identity platform (OpenID Connect Core 1.0).

Authorization code flow with PKCE. Of what the platform answers nothing is kept but its
description and public keys: tokens are read once and dropped. Authlib and requests are
loaded when the platform is first spoken with, so that the program starts as fast as ever.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from adapters.signon import PlatformDown, SignOn, Ticket, TokenRefused, is_safe
from models.claims import Kind

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a pair of keys. Never none, and no HMAC: its key is one that we know too."""

LEEWAY = 60
"""Seconds that two clocks may differ."""

LONGEST_AGE = 600
"""Seconds after which a token is too old to be shown here, whatever it says itself."""

KEPT = 3600.0
"""Seconds for which what the platform says of itself is kept."""

PAUSE = 30.0
"""Seconds between two looks for a new key: anybody may send a token that names one."""

SILENCE = 60.0
"""Seconds after which it is news again that the platform does not answer."""

LINES, WAIT = 2, 1.0
"""Talks with the platform at a time in one process, and the seconds that another one waits
for its turn: while the platform is slow, the other threads go on with other work."""

CURVES = ("P-256", "P-384", "P-521")

NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"

log = logging.getLogger(__name__)


class Platform:
    """The identity platform, as one process knows it."""

    def __init__(self, signon: SignOn):
        self.signon = signon
        self._lines = BoundedSemaphore(LINES)
        self._facts: dict[str, Any] = {}
        self._facts_at = self._keys_at = self._told_at = -KEPT
        self._keys: Any = None

    def address(self, ticket: Ticket, kind: Kind) -> str:
        """Where the browser goes to sign in as this kind. PlatformDown."""
        more = {self.signon.claims.kind: self.signon.word_of(kind)}
        if self.signon.acr:
            more["acr_values"] = " ".join(self.signon.acr)
        with self._talk() as client:
            url, _state = client.create_authorization_url(
                self._described(client)["authorization_endpoint"],
                state=ticket.state,
                nonce=ticket.nonce,
                code_verifier=ticket.verifier,
                **more,
            )
        return url

    def redeem(self, code: str, ticket: Ticket, now: datetime) -> dict[str, Any]:
        """The claims of the id_token that the platform gives for a code.

        TokenRefused if it gives none, or one that is not the answer to this ticket;
        PlatformDown.
        """
        refused = import_module("authlib.integrations.base_client").OAuthError
        with self._talk() as client:
            place = self._described(client)["token_endpoint"]
            try:
                answer = client.fetch_token(place, code=code, code_verifier=ticket.verifier)
            except refused as error:
                log.warning("the identity platform refused a code: %.60r", error.error)
                raise TokenRefused("code") from error
            token = self._opened(client, answer.get("id_token"))
        rules = self._rules("nonce", "sub") | {"nonce": {"essential": True, "value": ticket.nonce}}
        if self.signon.acr:
            rules["acr"] = {"essential": True, "values": list(self.signon.acr)}
        known = {"nonce": ticket.nonce, "access_token": answer.get("access_token")}
        return self._checked("authlib.oidc.core.CodeIDToken", token, rules, known, now)

    def logout(self, token: str, now: datetime) -> dict[str, Any]:
        """The claims of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
        with self._talk() as client:
            opened = self._opened(client, token)
        rules = self._rules("jti", "events", "exp")
        claims = self._checked("authlib.oauth2.claims.JWTClaims", opened, rules, {}, now)
        events = claims["events"]
        if not isinstance(events, dict) or not isinstance(events.get(LOGGED_OUT), dict):
            raise TokenRefused("events")
        if "nonce" in claims:  # an id_token in disguise
            raise TokenRefused("nonce")
        named = [claims[name] for name in ("sub", "sid") if name in claims]
        if not named or not all(isinstance(word, str) and word for word in named):
            raise TokenRefused("sub")
        return claims

    @contextmanager
    def _talk(self) -> Iterator[Any]:
        """A client for one talk with the platform; what fails on the way is PlatformDown."""
        lost = import_module("requests.exceptions").RequestException
        session = import_module("authlib.integrations.requests_client").OAuth2Session
        if not self._lines.acquire(timeout=WAIT):
            raise self._down(f"{LINES} talks with it hang")
        try:
            with session(
                self.signon.client_id,
                self.signon.client_secret,
                token_endpoint_auth_method=self.signon.auth_method,
                scope=self.signon.scope,
                redirect_uri=self.signon.callback,
                code_challenge_method="S256",
                default_timeout=self.signon.patience,
            ) as client:
                client.max_redirects = 0  # it is where it was configured, or nowhere
                yield client
        except (lost, ValueError) as error:  # no answer, or one that is no JSON
            raise self._down(type(error).__name__) from error
        finally:
            self._lines.release()

    def _down(self, why: str) -> PlatformDown:
        log.warning("the identity platform does not answer: %s", why)
        is_news = monotonic() - self._told_at > SILENCE
        self._told_at = monotonic() if is_news else self._told_at
        return PlatformDown(is_news)

    def _described(self, client: Any) -> dict[str, Any]:
        """What the platform says of itself (OpenID Connect Discovery 1.0)."""
        if monotonic() - self._facts_at > KEPT:
            issuer = self.signon.issuer
            facts = _json(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if facts.get("issuer") != issuer:
                raise ValueError("it is another issuer")
            if not all(is_safe(str(facts.get(name, ""))) for name in NEEDED):
                raise ValueError("its description is not whole")
            self._facts, self._facts_at = facts, monotonic()
        return self._facts

    def _opened(self, client: Any, token: Any) -> Any:
        """Header and claims of a token that bears the platform's signature."""
        jwt, errors = import_module("joserfc.jwt"), import_module("joserfc.errors")
        if not isinstance(token, str):
            raise TokenRefused("no token")
        keys, fresh = self._known_keys(client, KEPT), False
        while True:
            try:
                return jwt.decode(token, keys, algorithms=ALGORITHMS)
            except errors.InvalidKeyIdError as error:  # the platform may have changed its keys
                if fresh:
                    raise TokenRefused("signature") from error
                keys, fresh = self._known_keys(client, PAUSE), True
            except (errors.JoseError, ValueError) as error:
                raise TokenRefused("signature") from error

    def _known_keys(self, client: Any, age: float) -> Any:
        """The platform's public keys, not older than so many seconds."""
        if monotonic() - self._keys_at > age:
            keys = _json(client, self._described(client)["jwks_uri"]).get("keys", [])
            # Keys of other kinds are there for others.
            ours = [k for k in keys if k.get("kty") == "RSA" or k.get("crv") in CURVES]
            try:
                self._keys = import_module("joserfc.jwk").KeySet.import_key_set({"keys": ours})
            except import_module("joserfc.errors").JoseError as error:
                raise ValueError("its keys do not hold") from error
            self._keys_at = monotonic()
        return self._keys

    def _rules(self, *needed: str) -> dict[str, dict[str, Any]]:
        """What every token must say, and what this one must say besides."""
        rules: dict[str, dict[str, Any]] = {name: {"essential": True} for name in ("iat", *needed)}
        rules["iss"] = {"essential": True, "value": self.signon.issuer}
        rules["aud"] = {"essential": True, "value": self.signon.client_id}
        return rules

    def _checked(self, kind: str, token: Any, rules: dict, known: dict, now: datetime) -> dict:
        """The claims, once they keep the rules at this time."""
        module, _dot, name = kind.rpartition(".")
        errors, second = import_module("joserfc.errors"), int(now.timestamp())
        known = known | {"client_id": self.signon.client_id}
        claims = getattr(import_module(module), name)(token.claims, token.header, rules, known)
        try:
            claims.validate(now=second, leeway=LEEWAY)
        except errors.JoseError as error:
            raise TokenRefused(getattr(error, "claim", None) or "claims") from error
        if second - claims["iat"] > LONGEST_AGE:
            raise TokenRefused("iat")
        return dict(claims)


def _json(client: Any, url: str) -> dict[str, Any]:
    """An object that the platform shows to everybody."""
    answer = client.get(url, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found
