"""The provider's process, and a person who signs in there and comes back."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from werkzeug.test import TestResponse

from adapters.signon import SignOn
from tests.client import Browser, Page
from tests.databases import ROOT
from tests.security.provider import CLIENT, SECRET

HERE = "http://localhost"
CALLBACK = f"{HERE}/sso/callback"


class Provider:
    """The process, as the tests speak to it."""

    def __init__(self, issuer: str):
        self.issuer = issuer

    def steer(self, **told: Any) -> dict[str, Any]:
        """Say who is there and what is wrong; hear what was asked last."""
        return self._post("/steer", told).json()

    def reset(self) -> None:
        """Nobody is there, and nothing is wrong."""
        self.steer(user={}, fault="", callback=CALLBACK)

    def logout_token(self, **told: Any) -> str:
        """A logout token with these claims; ``foreign`` and ``unsigned`` spoil it."""
        how = {name: told.pop(name) for name in ("foreign", "unsigned") if name in told}
        return self._post("/logout-token", {"claims": told} | how).text

    def _post(self, path: str, told: dict) -> requests.Response:
        answer = requests.post(self.issuer + path, json=told, timeout=10)
        answer.raise_for_status()
        return answer

    def signon(self, **other: Any) -> SignOn:
        """What a deployment agrees with this provider."""
        agreed = {
            "issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET,
            "callback": CALLBACK, "emergency": "admin",
        }  # fmt: skip
        return SignOn(**agreed | other)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider in a process of its own."""
    command = [sys.executable, "-m", "tests.security.provider"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"AUTHLIB_INSECURE_TRANSPORT": "1"},
    )  # fmt: skip
    with process:
        try:
            yield Provider(json.loads(process.stdout.readline())["issuer"])
        finally:
            process.terminate()


class Visitor(Browser):
    """A browser that goes to the provider and comes back."""

    def depart(self, kind: str = "person", **query: str) -> str:
        """To the provider; the path by which it sends the browser back."""
        answer = self.client.get("/sso/start", query_string={"kind": kind} | query)
        assert answer.status_code == 302, answer.text
        back = requests.get(answer.location, allow_redirects=False, timeout=10)
        assert back.headers["Location"].startswith(CALLBACK), back.text
        return back.headers["Location"].removeprefix(HERE)

    def signs_in(self, kind: str = "person", status: int = 200, **query: str) -> Page:
        """The whole way, to the page where it ends."""
        return self.open(self.depart(kind, **query), status)

    def answered(self, kind: str = "person", **query: str) -> TestResponse:
        """The whole way, to the answer of the callback itself."""
        return self.client.get(self.depart(kind, **query))
