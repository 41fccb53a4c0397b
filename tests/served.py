"""The server of `make run`, over a database of a test's own."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener, urlopen

from tests.databases import ROOT

PATIENCE = 120
"""Seconds in which a server must have answered for the first time."""


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """The address of a server; at the end nothing may have gone wrong in it.

    ``{base}`` in a value of its environment is this address.
    """
    # The socket listens before the server is up: a request waits, and no test needs to.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        given = {name: value.replace("{base}", base) for name, value in environment.items()}
        process = start(listener, **given)
        try:
            # A browser waits 30 s for a page; on a busy machine the imports alone take as long.
            urlopen(f"{base}/healthz", timeout=PATIENCE).close()
            yield base
        finally:
            process.terminate()
            _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said


def start(listener: socket.socket, **environment: str) -> subprocess.Popen:
    """Gunicorn with the project's settings on a socket that is open already."""
    place = ["--bind", f"fd://{listener.fileno()}"]
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *place, "app:create_app(DEMO=True)"],
        cwd=ROOT,
        env=os.environ | environment,
        pass_fds=[listener.fileno()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


class Stay(HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_args) -> None:
        """Go nowhere."""


class Client:
    """Somebody who is signed in over HTTP, without a browser, and has opened a page."""

    def __init__(self, base: str, username: str, password: str, home: str):
        self.base, self.token = base, ""
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), Stay)
        self.get("/login/")
        status = self.post("/login/", username=username, password=password)
        assert status == 302, f"{username}: {status}"
        assert self.get(home) == 200

    def get(self, path: str, base: str = "") -> int:
        """The status of an address, also of another server with the same keys."""
        return self._answer((base or self.base) + path)

    def post(self, path: str, **fields: str) -> int:
        """The status of what is sent with the token of the last page."""
        return self._answer(
            self.base + path, urlencode({"csrf_token": self.token} | fields).encode()
        )

    def _answer(self, url: str, sent: bytes | None = None) -> int:
        try:
            with self._opener.open(url, sent, timeout=120) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as refusal:
            status, text = refusal.code, refusal.read().decode()
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self.token = found[1]
        return status
