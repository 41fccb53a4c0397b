"""Two threads that ask one program for different searches at once."""

import re
import sys
from threading import Thread

from tests.benchmarks.addresses import NUMBER

OFTEN = 1e-5
"""Seconds after which Python lets another thread go on: accidents happen sooner."""


def race(desk, user: str, paths: list[str], count: int) -> int:
    """How many of ``count`` answers hold another search's words or rows."""
    wanted = [told(desk.call(desk.environ(user, path))[1]) for path in paths]
    wrong = [0] * len(paths)

    def go(which: int) -> None:
        for _ in range(count // len(paths)):
            status, body, _seconds = desk.call(desk.environ(user, paths[which]))
            wrong[which] += status != 200 or told(body) != wanted[which]

    before = sys.getswitchinterval()
    sys.setswitchinterval(OFTEN)
    threads = [Thread(target=go, args=(which,)) for which in range(len(paths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    return sum(wrong)


def told(body: bytes) -> tuple:
    """The rows of an answer, and what stands in its search."""
    text = body.decode()
    return tuple(NUMBER.findall(text)), tuple(re.findall(r'value="([^"]{2,3})"', text))
