"""A provider of OpenID Connect, as a province's identity platform is one: a process of its own.

Built with Authlib's server side: it keeps the rules of the code flow (client, address of the
callback, PKCE, one use of a code) and approves whoever comes. ``/steer`` says who that is and
which rule it breaks, one of ``FAULTS``. Started as ``python -m tests.security.provider``; it
prints its address.
"""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "zhiping", "a-secret-that-both-sides-know-and-nobody-else"
LONGEST = 60.0
"""Seconds after which a slow answer comes though nobody has asked for it: no test waits so long."""


def signing_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@dataclass
class State:
    """What the provider is told to do, and what it has seen."""

    user: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    callback: str = ""
    codes: dict[str, "Code"] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    served: int = 0
    go_on: Event = field(default_factory=Event)
    key: RSAKey = field(default_factory=lambda: signing_key("one"))
    foreign: RSAKey = field(default_factory=lambda: signing_key("one"))


class Client(ClientMixin):
    """The one client, confidential, with the basic authentication of RFC 6749 2.3.1."""

    client_id = CLIENT

    def get_client_id(self):
        return CLIENT

    def get_default_redirect_uri(self):
        return STATE.callback

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == STATE.callback

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


@dataclass
class Code:
    """An authorization code with what belongs to it; the user is who was there then."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: dict[str, Any]

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return int(time.time())

    def get_acr(self):
        return self.user.get("acr")

    def get_amr(self):
        return None


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        said = request.payload.data
        names = ("nonce", "code_challenge", "code_challenge_method")
        rest = [said.get(name, "") for name in names]
        STATE.codes[code] = Code(code, said["redirect_uri"], request.scope, *rest, STATE.user)

    def query_authorization_code(self, code, client):
        return STATE.codes.get(code)

    def delete_authorization_code(self, authorization_code):
        if STATE.fault != "codes live for ever":
            STATE.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class Tokens(OpenIDCode):
    """The id_token, right or with a fault."""

    def exists_nonce(self, nonce, request):
        return False

    def resolve_client_private_key(self, client):
        return STATE.key

    def get_encode_header(self, client):
        return {"alg": "RS256", "kid": STATE.key.kid}

    def get_client_claims(self, client):
        return {"iss": issuer(), "aud": [CLIENT]}

    def generate_user_info(self, user, scope):
        return UserInfo(user)

    def encode_id_token(self, token, request):
        right = super().encode_id_token(token, request)
        claims = jwt.decode(right, STATE.key, ["RS256"]).claims
        return FAULTS.get(STATE.fault, lambda _claims: right)(claims)


def signed(claims: dict, key: Any = None, alg: str = "RS256", **header: str) -> str:
    return jwt.encode({"alg": alg, "kid": STATE.key.kid} | header, claims, key or STATE.key, [alg])


def saying(**other: Any) -> Callable[[dict], str]:
    """A token in which some claims are others; None leaves one out."""
    return lambda claims: signed({k: v for k, v in (claims | other).items() if v is not None})


def aged(seconds: int, *names: str) -> Callable[[dict], str]:
    return lambda claims: signed(claims | dict.fromkeys(names, claims["iat"] - seconds))


def unsigned(claims: dict) -> str:
    return jwt.encode({"alg": "none"}, claims, None, ["none"])


def by_public_key(claims: dict) -> str:
    """HS256 with the public key as the secret (RFC 8725 2.1); no library would sign so."""
    said = signed(claims).split(".")
    header = urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": STATE.key.kid}).encode())
    text = f"{header.decode().rstrip('=')}.{said[1]}"
    mac = hmac.digest(STATE.key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(mac).decode().rstrip('=')}"


def garbled(claims: dict) -> str:
    """Another payload under the right signature."""
    head, body, tail = signed(claims).split(".")
    return ".".join((head, signed(claims | {"sub": "somebody"}).split(".")[1], tail))


FAULTS: dict[str, Callable[[dict], Any]] = {
    "another nonce": saying(nonce="another"),
    "no nonce": saying(nonce=None),
    "another audience": saying(aud="another"),
    "two audiences": saying(aud=[CLIENT, "another"], azp="another"),
    "another issuer": saying(iss="http://127.0.0.1:1"),
    "expired": aged(120, "exp"),
    "too old": aged(3600, "iat"),
    "from the future": aged(-3600, "iat"),
    "no subject": saying(sub=None),
    "empty subject": saying(sub=""),
    "no expiry": saying(exp=None),
    "another access token": saying(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "unsigned": unsigned,
    "foreign key": lambda claims: signed(claims, STATE.foreign),
    "unknown key": lambda claims: signed(claims, STATE.foreign, kid="unknown"),
    "public key as secret": by_public_key,
    "client secret as key": lambda claims: signed(claims, OctKey.import_key(SECRET), "HS256"),
    "garbled": garbled,
    "no token": lambda _claims: None,
    "no text": lambda _claims: {"sub": "x"},
    "nonsense": lambda _claims: "a.b.c",
}
"""Each makes of the right claims an id_token that no client may take."""

STATE = State()
app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda name: Client() if name == CLIENT else None)
server.save_token = lambda token, request: None
server.register_grant(CodeGrant, [Tokens(require_nonce=True), CodeChallenge(required=True)])


def issuer() -> str:
    return request.host_url.rstrip("/")


@app.before_request
def trouble():
    """Down, slow or strange, as it was told to be; it can always be told otherwise. A slow answer
    waits until it is."""
    go_on = STATE.go_on  # before the fault is read, which the next word may take away
    STATE.served += request.path not in ("/steer", "/logout-token")
    if request.path == "/steer":
        return None
    if STATE.fault == "slow":
        go_on.wait(LONGEST)
    if STATE.fault == "broken":
        return "<h1>502 Bad Gateway</h1>", 502
    if STATE.fault == "elsewhere" and request.path == "/token":
        return redirect("/jwks", 307)
    return None


@app.get("/.well-known/openid-configuration")
def description():
    here = issuer()
    return jsonify(
        issuer="http://127.0.0.1:1" if STATE.fault == "another name" else here,
        authorization_endpoint=f"{here}/authorize",
        token_endpoint=f"{here}/token",
        jwks_uri=f"{here}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
    )


@app.get("/jwks")
def keys():
    others = [{"kty": "oct", "kid": "o", "k": "c2VjcmV0"}, {"kty": "EC", "crv": "SM2", "kid": "s"}]
    return jsonify(keys=[*KeySet([STATE.key]).as_dict()["keys"], *others])


@app.get("/authorize")
def authorize():
    STATE.asked = dict(request.args)
    try:
        grant = server.get_consent_grant(end_user=STATE.user or None)
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    user = None if STATE.fault == "denied" else STATE.user
    return server.create_authorization_response(grant_user=user, grant=grant)


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/steer")
def steer():
    """Who is there, which fault, where the client waits; ``rotate`` makes a new key. Whoever
    waits for a slow answer gets it now."""
    told = request.get_json()
    if told.pop("rotate", False):
        STATE.key = signing_key(f"key-{time.monotonic_ns()}")
    for name, value in told.items():
        setattr(STATE, name, value)
    waiting, STATE.go_on = STATE.go_on, Event()
    waiting.set()
    return jsonify(asked=STATE.asked, served=STATE.served)


@app.post("/logout-token")
def logout_token():
    """A logout token with these claims besides the usual ones; None leaves one out."""
    told = request.get_json()
    now = int(time.time())
    event = {"http://schemas.openid.net/event/backchannel-logout": {}}
    usual = {"iss": issuer(), "aud": CLIENT, "iat": now, "exp": now + 120, "events": event}
    claims = {k: v for k, v in (usual | told["claims"]).items() if v is not None}
    key = STATE.foreign if told.get("foreign") else None
    return unsigned(claims) if told.get("unsigned") else signed(claims, key, typ="logout+jwt")


def main() -> None:
    """Serve until the process is ended; in threads, for a slow answer waits for another request."""
    with make_server("127.0.0.1", 0, app, threaded=True) as listening:
        print(json.dumps({"issuer": f"http://127.0.0.1:{listening.port}"}), flush=True)
        listening.serve_forever()


if __name__ == "__main__":
    main()
