"""G3, G4, G6: requests a second over gunicorn, one worker."""

from statistics import median

from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Load, loaded
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.served import Served
from tests.benchmarks.settings import USERS, say
from tests.benchmarks.sites import Site
from tests.benchmarks.timing import Rounds
from tests.benchmarks.views import FIRST, LAST, View

KIND = "postgresql"
AGENT, MANAGER = FIRST
SEARCH = View("2 characters", "manager", words=2)
END = View("last", "manager", place=LAST)
AGAINST_DJANGO = {AGENT: 6, MANAGER: 20, SEARCH: 80, END: 200}
AGAINST_SMALL = {AGENT: 2.5, MANAGER: 2.5}
OF_HELLO = 0.085
CELLS = {"fab": "fab", "flask_admin": "flask_admin", "django_admin": "django"}
SHORT, ROUNDS = 1.0, 9
"""Seconds for which a page is asked in each of the rounds."""


def kind_of(bench: Bench) -> str:
    """PostgreSQL, unless the run was narrowed down."""
    return KIND if KIND in bench.settings.kinds else bench.settings.kinds[0]


def rates(bench: Bench, asked: dict[object, tuple[Site, View | None]]) -> dict:
    """What each page of each program gives, round by round, all in turn."""
    servers: dict[int, Served] = {}
    found: dict[object, list[Load]] = {key: [] for key in asked}
    try:
        for site, view in asked.values():
            if view:
                site.checked(view)
            if id(site) not in servers:
                servers[id(site)] = Served(site).__enter__()
        for _ in range(max(bench.settings.rounds, ROUNDS)):
            for key, (site, view) in asked.items():
                port = servers[id(site)].port
                path = site.paths[view] if view else "/hello"
                cookie = site.ask("cookie", user=USERS[view.who]) if view else ""
                found[key].append(loaded(port, cookie, path, SHORT))
    finally:
        for server in servers.values():
            server.__exit__()
    return found


def faster(found: dict[object, list[Load]], one: object, other: object) -> float:
    """How many times as many requests a second one gives."""
    figures = {key: [load.rate for load in loads] for key, loads in found.items()}
    return Rounds(figures).ratio(one, other)


def said(loads: list[Load]) -> str:
    """The median of each figure, for a reader."""
    rate, half, most = (
        median(getattr(load, name) for load in loads) for name in ("rate", "half", "most")
    )
    return f"{rate:.1f}/s, p50 {ms(half)}, p99 {ms(most)}"


def django(bench: Bench) -> list[Row]:
    """G3: Django admin is always asked, the others if PEERS names them."""
    names, kind = {"ours", *bench.settings.peers, "django_admin"}, kind_of(bench)
    rows = []
    for view, goal in AGAINST_DJANGO.items():
        asked = {name: (bench.site(name, kind, bench.largest), view) for name in names}
        found = rates(bench, asked)
        ratio = faster(found, "ours", "django_admin")
        rows.append(
            Row(
                "G3", f"{view}, {kind}, {bench.largest:,}: requests/s against Django admin",
                said(found["ours"]), f"≥ {goal}", f"{ratio:.1f}", judged(ratio, goal, True),
                **{cell: said(found[name]) for name, cell in CELLS.items() if name in found},
            )
        )  # fmt: skip
        say(f"  {view}: ours {rows[-1].ours}, ratio {rows[-1].ratio}")
    return rows


def small(bench: Bench) -> list[Row]:
    """G4: ours at the largest scale, Flask-Admin at its smallest."""
    rows, kind = [], kind_of(bench)
    for view, goal in AGAINST_SMALL.items():
        asked = {
            "ours": (bench.site("ours", kind, bench.largest), view),
            "flask_admin": (bench.site("flask_admin", kind, bench.smallest), view),
        }
        found = rates(bench, asked)
        ratio = faster(found, "ours", "flask_admin")
        rows.append(
            Row(
                "G4", f"{view}, {kind}: ours at {bench.largest:,}, Flask-Admin at"
                f" {bench.smallest:,}", said(found["ours"]), f"≥ {goal}", f"{ratio:.2f}",
                judged(ratio, goal, True), flask_admin=said(found["flask_admin"]),
            )
        )  # fmt: skip
        say(f"  {view}: ratio {rows[-1].ratio}")
    return rows


def hello(bench: Bench) -> list[Row]:
    """G6."""
    kind = kind_of(bench)
    bare = bench.site("hello", kind, bench.smallest)
    asked: dict = {view: (bench.site("ours", kind, bench.largest), view) for view in FIRST}
    found = rates(bench, asked | {"hello": (bare, None)})
    rows = []
    for view in FIRST:
        share = faster(found, view, "hello")
        rows.append(
            Row(
                "G6", f"{view} list, {kind}, {bench.largest:,}: share of a bare hello's requests/s",
                said(found[view]), f"≥ {OF_HELLO:.1%}", f"{share:.1%}", share >= OF_HELLO,
                limit=said(found["hello"]),
            )
        )  # fmt: skip
    return rows
