"""One program in a process of its own: `python -m tests.benchmarks.worker PEER`.

Requests are lines of JSON on standard input, answers lines of JSON on standard output; pages
are asked for by calling the WSGI application on this one thread, so that nothing is measured
but the program.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from types import ModuleType

from werkzeug.test import EnvironBuilder

AGENT = "bench"
"""How the client calls itself; some sessions hold on to it."""


class Desk:
    """Answers what is asked. A further deed is a function of the peer's ``DEEDS``."""

    def __init__(self, peer: ModuleType):
        self.peer = peer
        self.app = peer.application()
        self.cookies: dict[str, str] = {}

    def cookie(self, user: str) -> str:
        """The Cookie header of a person who is signed in."""
        if user not in self.cookies:
            self.cookies[user] = self.peer.cookie(self.app, user)
        return self.cookies[user]

    def page(self, user: str, path: str) -> dict:
        """One page: its status, its statements, its text."""
        with self.peer.counting() as seen:
            status, body, _seconds = self.call(self.environ(user, path))
        text = body.decode(errors="replace")
        return {"status": status, "bytes": len(body), "statements": len(seen), "body": text}

    def times(self, user: str, path: str, count: int) -> list[float]:
        """Seconds of each of ``count`` requests; all must answer 200 with the same length."""
        found, lengths = [], set()
        for _ in range(count):
            status, body, seconds = self.call(self.environ(user, path))
            if status != 200:
                raise ValueError(f"{path}: {status}")
            found.append(seconds)
            lengths.add(len(body) // 1024)
        if max(lengths) - min(lengths) > 1:
            raise ValueError(f"{path}: pages of {lengths} KiB")
        return found

    def environ(self, user: str, path: str) -> dict:
        """A request as a server hands it on."""
        headers = {"User-Agent": AGENT, "Cookie": self.cookie(user) if user else ""}
        address, _, query = path.partition("?")
        made = EnvironBuilder(address, "http://127.0.0.1/", query, headers=headers)
        return made.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}

    def call(self, environ: dict) -> tuple[int, bytes, float]:
        """Status, body and seconds of a request."""
        said: list[str] = []
        begun = perf_counter()
        parts = self.app(environ, lambda status, headers, exc_info=None: said.append(status))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return int(said[0][:3]), body, perf_counter() - begun

    def deed(self, name: str, **given):
        """Something that this peer alone can do."""
        deeds: dict[str, Callable] = self.peer.DEEDS
        return deeds[name](self, **given)


def main(name: str) -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    desk = Desk(import_module(f"tests.benchmarks.peers.{name}"))
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"answer": getattr(desk, asked.pop("do"))(**asked)}
        except Exception:
            answer = {"failed": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
