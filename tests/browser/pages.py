"""A page in a real browser, and what every page owes: no fault of access, no noise, no stranger."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, Response

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
DESK, PHONE = (1440, 900), (390, 844)
ALL = {"type": "tag", "values": RULES}
OF_WHAT_BARS_HIDE = {"type": "rule", "values": ("color-contrast", "target-size")}
RUN_AXE = """
axe.run(document, {runOnly: %s, resultTypes: ["violations"]})
   .then(found => JSON.stringify(found.violations))
"""

HAS_SIZE = """([width, height]) => new Promise(done => {
  const look = () => requestAnimationFrame(
    innerWidth === width && innerHeight === height ? done : look);
  look();
})"""
"""The order to resize is answered before the page has the size; on a busy machine that shows."""


class Page:
    """One tab of one person; all that goes wrong in it is written down in ``noise``."""

    def __init__(self, context: BrowserContext, base: str, *, looked_at: bool = True):
        self.base, self._looked_at = base, looked_at
        self.tab = context.new_page()
        self._protocol = context.new_cdp_session(self.tab)
        self.noise: list[str] = []
        self._expected: str | None = None
        self._told: set[str] = set()
        self.tab.on("console", self._console)
        self.tab.on("pageerror", lambda error: self.noise.append(f"script: {error}"))
        self.tab.on("request", self._request)
        self.tab.on("response", self._response)
        self.tab.on("requestfailed", self._failed)

    # What a person does

    def open(self, path: str, status: int = 200) -> "Page":
        """Go to an address of the program; a refusal that is meant is named by its status."""
        self._expected = self.base + path if status >= 400 else None
        if self._expected:
            self._told.add(self._expected)
        response = self.tab.goto(self.base + path)
        assert response.status == status, f"{path}: {response.status}, not {status}"
        return self

    def login(self, username: str, password: str) -> "Page":
        """Sign in at /login/ as a person does."""
        self.open("/login/")
        self.tab.locator("input[name=username]").fill(username)
        self.tab.locator("input[name=password]").fill(password)
        with self.tab.expect_navigation():
            self.tab.locator("input[name=password]").press("Enter")
        return self

    @contextmanager
    def refused(self, status: int) -> Iterator[None]:
        """What is sent here must be answered with this status; that answer is no noise."""
        with self.tab.expect_response(lambda answer: answer.status >= 400) as answer:
            yield
        self._expected = answer.value.url
        self._told.add(self._expected)
        assert answer.value.status == status, f"{self._expected}: {answer.value.status}"
        self.noise = [words for words in self.noise if self._expected not in words]

    def find(self, css: str) -> Locator:
        """The elements of a CSS selector; Playwright waits for what is done with them."""
        return self.tab.locator(css)

    def loaded(self) -> "Page":
        """Wait until the scripts of the page have run; its words are there before them."""
        self.tab.wait_for_load_state("load")
        return self

    @property
    def path(self) -> str:
        """Where the tab is: path and query."""
        return self.tab.url.removeprefix(self.base)

    # What every page owes

    def check(self, name: str) -> None:
        """No violation of axe at a desk, on a phone and at full height; no noise.

        With SHOTS=folder the page is drawn there as ``name-1440.png`` and ``name-390.png``.
        At full height the bars that stick to an edge hide nothing from the contrast rules.
        A page that is not ``looked_at`` only has to be quiet.
        """
        self.loaded().is_quiet()
        if not self._looked_at:
            return
        found = []
        for size in (PHONE, DESK):
            self._resize(*size)
            self._draw(f"{name}-{size[0]}")
            # What lies half under a bar is scrolled away from it; the full height excuses nothing.
            faults = [fault for fault in self.violations() if "partially obscured" not in fault]
            found += [f"{size[0]}×{size[1]}: {fault}" for fault in faults]
            found += self._overflow(size[0])
        if self._height() > DESK[1]:
            self._resize(DESK[0], self._height())
            faults = self.violations(OF_WHAT_BARS_HIDE)
            found += [f"full height: {fault}" for fault in faults]
            self._resize(*DESK)
        assert not found, f"{name} ({self.path}):\n" + "\n".join(found)
        self.is_quiet()

    def is_quiet(self) -> None:
        """Nothing on the console, no failed request, nothing asked of another host."""
        assert not self.noise, f"{self.path}:\n" + "\n".join(self.noise)

    def violations(self, rules: dict = ALL) -> list[str]:
        """What axe finds now by these rules, one entry for each element.

        axe runs in an isolated world, as an extension would: the page's own
        Content-Security-Policy stays in force and its scripts cannot meet it.
        """
        frame = self._protocol.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        # A world of this name that the document already has is given back, with axe in it.
        world = {"frameId": frame, "worldName": "axe"}
        made = self._protocol.send("Page.createIsolatedWorld", world)["executionContextId"]
        if self._in_world(made, "typeof axe") == "undefined":
            self._in_world(made, AXE.read_text(encoding="utf-8") + "\n0")
        found = json.loads(self._in_world(made, RUN_AXE % json.dumps(rules)))
        return [described(rule, node) for rule in found for node in rule["nodes"]]

    def _in_world(self, world: int, expression: str):
        ask = {"contextId": world, "awaitPromise": True, "returnByValue": True}
        answer = self._protocol.send("Runtime.evaluate", ask | {"expression": expression})
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"]["value"]

    def _resize(self, width: int, height: int) -> None:
        self.tab.set_viewport_size({"width": width, "height": height})
        self.tab.evaluate(HAS_SIZE, [width, height])

    def _height(self) -> int:
        return self.tab.evaluate("document.documentElement.scrollHeight")

    def _overflow(self, width: int) -> list[str]:
        needed = self.tab.evaluate("document.documentElement.scrollWidth")
        return [f"{width}: the page scrolls sideways, {needed} wide"] if needed > width else []

    def _draw(self, name: str) -> None:
        if folder := os.environ.get("SHOTS"):
            self.tab.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    # What is written down

    def _console(self, message: ConsoleMessage) -> None:
        # The console may tell late what was refused as it was meant to; other refusals at
        # that address are heard by ``_response``.
        if message.location["url"] not in self._told:
            self.noise.append(f"console {message.type}: {message.text} ({message.location})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        inside = address.scheme in ("data", "blob", "about")
        if not inside and f"{address.scheme}://{address.netloc}" != self.base:
            self.noise.append(f"asks another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.url != self._expected:
            self.noise.append(f"{response.status}: {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # What the browser itself gives up is no failure: the page was left before all of it
        # had come, or the link led to a file and the navigation became a download.
        if request.failure != "net::ERR_ABORTED":
            self.noise.append(f"failed: {request.method} {request.url} {request.failure}")


def described(rule: dict, node: dict) -> str:
    """A finding of axe in three lines: which rule, where, and what would mend it."""
    where = " ".join(str(part) for part in node["target"])
    return f"{rule['id']} ({rule['impact']}): {where}\n  {node['html'][:200]}\n  " + node[
        "failureSummary"
    ].replace("\n", "\n  ")
