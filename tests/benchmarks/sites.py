"""The driver's end: programs in processes of their own, and what is asked of them."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html import unescape

from tests.benchmarks.addresses import NUMBER, path_of
from tests.benchmarks.data import Databases
from tests.benchmarks.settings import ROOT, USERS
from tests.benchmarks.views import SIZES, Truth, View

BACKWARDS = ("ours", "floor")
"""Programs whose last page is full: it is read from the end."""


class BrokenPageError(Exception):
    """A page is not what it must be, so its time says nothing."""


@dataclass
class Site:
    """One program over one database; the process starts when it is first asked."""

    name: str
    kind: str
    scale: int
    url: str
    databases: Databases
    truth: Truth
    paths: dict[View, str] = field(default_factory=dict)
    _process: subprocess.Popen | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.scale:,}"

    @property
    def environment(self) -> dict[str, str]:
        """Of its processes."""
        sizes = " ".join(map(str, SIZES.values()))
        shells = str(self.databases.settings.data / "shells")
        told = {"BENCH_SIZES": sizes, "BENCH_SHELL": shells}
        return self.databases.environment(self.url) | told

    @property
    def process(self) -> subprocess.Popen:
        """The process, started when it is first needed."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.worker", self.name], cwd=ROOT,
                env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        return self._process

    def ask(self, do: str, **given):
        """The answer; BrokenPageError with the worker's own words if there is none."""
        print(json.dumps({"do": do} | given), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"failed": "the process ended"}
        if "failed" in answer:
            raise BrokenPageError(f"{self}: {answer['failed']}")
        return answer["answer"]

    def deed(self, deed: str, **given):
        """What only this program can do."""
        return self.ask("deed", name=deed, **given)

    def page(self, view: View, path: str) -> dict:
        """A page; BrokenPageError unless it is there and holds something."""
        found = self.ask("page", user=USERS[view.who], path=path)
        if found["status"] != 200 or not found["bytes"]:
            said = f"{found['status']}, {found['bytes']} bytes"
            raise BrokenPageError(f"{self}: {path} answers {said}")
        return found

    def checked(self, view: View) -> dict:
        """The page of a view, once its rows are known to be the right ones."""
        if view not in self.paths:
            self.paths[view] = self._path(view)
        found = self.page(view, self.paths[view])
        self._compare(view, shown(found["body"], view))
        return found

    def times(self, view: View, count: int) -> list[float]:
        """Seconds of requests for a page that was checked."""
        return self.ask("times", user=USERS[view.who], path=self.paths[view], count=count)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate(timeout=60)
            self._process = None
        self.truth.engine.dispose()

    def memory(self, what: str = "VmRSS") -> float:
        """MiB of the process."""
        return memory_of(self.process.pid, what)

    def _path(self, view: View) -> str:
        pk = self.truth.numbers(view, True)[0][0] if view.show else 0
        path = path_of(self.name, view, self.truth, pk)
        return self._walked(view, path) if self.name == "ours" and view.place else path

    def _walked(self, view: View, path: str) -> str:
        """Ours has no page numbers: go as a person does, by the links of the pages."""
        for word in ["next"] * view.place or ["last", *["prev"] * (-1 - view.place)]:
            body = self.page(view, path)["body"]
            found = LINKS[word].search(body)
            if not found:
                raise BrokenPageError(f"{self}: {path} leads to no {word} page")
            address = unescape(found[1])
            path = path.partition("?")[0] + address if address.startswith("?") else address
        return path

    def _compare(self, view: View, found: list[str]) -> None:
        wanted = [n for _pk, n in self.truth.numbers(view, self.name in BACKWARDS)]
        if found == wanted:
            return
        ties = len(found) == len(wanted) == len(set(found)) and not view.show
        keys = self.truth.keys(view, found) if ties else None
        if self.name == "ours" or keys is None or keys != self.truth.keys(view, wanted):
            raise BrokenPageError(
                f"{self}: {view} shows {found[:3]}… ({len(found)}), not {wanted[:3]}…"
            )


LINKS = {
    "next": re.compile(r'<a href="([^"]+)"[^>]*rel="next"'),
    "prev": re.compile(r'<a href="([^"]+)"[^>]*rel="prev"'),
    "last": re.compile(r'<a href="([^"]+)"[^>]*>\s*末页'),
}


def shown(body: str, view: View) -> list[str]:
    """The 申报编号 of a page in the order in which they stand there, each once."""
    table = body.partition("<tbody")[2] or body
    found = NUMBER.findall(body if view.show else table)
    return list(dict.fromkeys(found))[: 1 if view.show else None]


def memory_of(pid: int, what: str = "VmRSS") -> float:
    """MiB of a process, by the system's own account."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(f"{what}:"))


def forget_peak(pid: int) -> None:
    """Let the peak (VmHWM) begin anew."""
    if os.path.exists(f"/proc/{pid}/clear_refs"):
        with open(f"/proc/{pid}/clear_refs", "w") as file:
            file.write("5")
