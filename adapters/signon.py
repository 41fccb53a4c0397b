"""Whether a deployment leaves the login to an identity platform (统一身份认证), and to which.

All is read from the environment; without ``OIDC_ISSUER`` there is no single sign-on.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from models.claims import ClaimMap, Kind
from models.words import NotAllowed, _

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingError(Exception):
    """A setting of the single sign-on is missing or wrong; the program does not start."""


@dataclass(frozen=True)
class SignOn:
    """The platform and this client of it.

    ``callback`` is the whole address of ``/sso/callback`` as the platform knows it, so that
    no header of a request can change it. ``acr`` are the classes of authentication that are
    enough; empty: the platform decides. ``emergency`` is the user name of the one account
    that may still sign in here. ``patience`` is in seconds, for each answer of the platform.
    """

    issuer: str
    client_id: str
    callback: str
    client_secret: str = field(repr=False)
    claims: ClaimMap = ClaimMap()
    scope: str = "openid profile"
    acr: tuple[str, ...] = ()
    auth_method: str = "client_secret_basic"
    emergency: str = ""
    patience: float = 4.0

    def __post_init__(self):
        for name in ("issuer", "client_id", "client_secret", "callback"):
            if not getattr(self, name):
                raise SettingError(f"OIDC_{name.upper()} is missing")
        for name in ("issuer", "callback"):
            if not is_safe(getattr(self, name)):
                raise SettingError(f"OIDC_{name.upper()} must be an address with https")
        if self.patience <= 0:
            raise SettingError("OIDC_PATIENCE must be a number of seconds")

    def word_of(self, kind: Kind) -> str:
        """What the platform calls this kind of account."""
        return next(word for word, known in self.claims.kinds.items() if known is kind)


def is_safe(url: str) -> bool:
    """Whether nobody between can read what is sent there: TLS, or this very machine."""
    there = urlsplit(url)
    return bool(there.hostname) and (
        there.scheme == "https" or (there.scheme == "http" and there.hostname in LOOPBACK)
    )


def from_environment(given: Mapping[str, str] = os.environ) -> SignOn | None:
    """The single sign-on of this deployment, None if it has none.

    SettingError names the first setting that will not do.
    """
    if not given.get("OIDC_ISSUER"):
        return None
    needed = ("issuer", "client_id", "client_secret", "callback")
    made = SignOn(
        **{name: given.get(f"OIDC_{name.upper()}", "") for name in needed}, claims=_claims(given)
    )
    texts = ("scope", "auth_method", "emergency")
    more = {n: given[f"OIDC_{n.upper()}"] for n in texts if given.get(f"OIDC_{n.upper()}")}
    acr = tuple(given.get("OIDC_ACR", "").split())
    try:
        patience = float(given.get("OIDC_PATIENCE") or made.patience)
    except ValueError as error:
        raise SettingError("OIDC_PATIENCE must be a number of seconds") from error
    return replace(made, acr=acr, patience=patience, **more)


def _claims(given: Mapping[str, str]) -> ClaimMap:
    names = ("kind", "number", "unit", "mobile", "verified")
    said = {name: given.get(f"OIDC_CLAIM_{name.upper()}", "") for name in names}
    found: dict = {name: claim for name, claim in said.items() if claim}
    if values := given.get("OIDC_VERIFIED", "").split():
        found["verified_values"] = frozenset(values)
    if pairs := given.get("OIDC_KINDS", "").split():
        found["kinds"] = _kinds(pairs)
    return ClaimMap(**found)


def _kinds(pairs: list[str]) -> dict[str, Kind]:
    """``person=1 legal=2 agent=3``: our word, theirs."""
    theirs = dict(pair.partition("=")[::2] for pair in pairs)
    if set(theirs) != set(Kind) or len({*theirs.values()} - {""}) != len(Kind):
        raise SettingError("OIDC_KINDS must name each kind once: person=… legal=… agent=…")
    return {word: Kind(kind) for kind, word in theirs.items()}


class PlatformDown(NotAllowed):
    """The platform does not answer, or not as a provider of OpenID Connect does (503).

    It ``is_news`` once in a while: whoever asks again and again would fill the journal.
    """

    status = 503
    reason = "down"

    def __init__(self, is_news: bool = True):
        self.is_news = is_news
        words = _("现在连接不上统一身份认证平台，不能登录。请过几分钟再试；已保存的资料不受影响。")
        super().__init__(words)


class TokenRefused(NotAllowed):
    """What came in the platform's name does not hold (403); ``reason`` is for the journal."""

    status = 403
    is_news = True

    def __init__(self, reason: str):
        self.reason = reason
        words = _(
            "统一身份认证平台返回的登录结果无法核实，没有登录。请重新登录；再次出现时请联系系统管理员。"
        )
        super().__init__(words)


class Ticket(NamedTuple):
    """What a login that has begun must find again at its end."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def draw(cls) -> "Ticket":
        """Three random words of 256 bits (for the verifier RFC 7636, 4.1)."""
        return cls(*(secrets.token_urlsafe(32) for _name in cls._fields))
