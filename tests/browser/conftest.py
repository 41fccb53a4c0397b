"""A real browser at a real server over a real database; the server is fresh for each module."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.bed import Bed
from tests.browser.pages import DESK, Page
from tests.conftest import KINDS, world_of
from tests.served import served

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    # The tests may run as root, where Chromium refuses its sandbox; it sees our pages only.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It must not call home: the machine may have no network, and a test counts requests.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items):
    """Everything in this folder is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing = f"no browser: none of {', '.join(NAMES)} is on the PATH"
        # `make test` installs it where it may; elsewhere the loss is said, but not in CI.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def live_server(bed: Bed, request, tmp_path_factory) -> Iterator[str]:
    """The address of `make run`'s server over a database of this module's own.

    Its data is the world that the module names: ``pytestmark = pytest.mark.world(build=…)``.
    """
    var = tmp_path_factory.mktemp("live")
    url = bed.clone(world_of(request), "live", var)
    with served(DATABASE_URL=url, ZHIPING_VAR=str(var)) as address:
        yield address
    bed.server.drop("live")


@pytest.fixture
def new_page(
    chromium: Browser, live_server: str, bed: Bed, request
) -> Iterator[Callable[[], Page]]:
    """Makes a page with cookies of its own, for each person that a test needs.

    At the end of the test each page must have been quiet; what a test provokes on purpose
    it takes out of ``page.noise``. A story that runs on both databases shows the same
    screens twice: axe looks at them on the first.
    """
    pages: list[Page] = []
    looked_at = bed.kind == KINDS[0] or bed.kind == request.config.getoption("database")

    def make() -> Page:
        width, height = DESK
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        pages.append(Page(context, live_server, looked_at=looked_at))
        return pages[-1]

    yield make
    for page in pages:
        page.tab.context.close()
    for page in pages:
        page.is_quiet()


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """A browser of nobody in particular; ``page.login(…)`` makes it somebody's."""
    return new_page()
