"""G5, G7: a list beside the hand-written page, and its statements."""

from functools import partial
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.settings import PEERS, say
from tests.benchmarks.sites import Site
from tests.benchmarks.timing import Rounds, in_turn
from tests.benchmarks.views import FIRST, View

FLOOR = 3.0
STATEMENTS = {"first": 3, "show": 5}
"""Of a list with its count, and of one row with three sections."""


def shells(bench: Bench, ours: Site) -> Path:
    """Our pages, for the hand-written one to put its rows into."""
    folder = bench.settings.data / "shells"
    folder.mkdir(exist_ok=True)
    for view in FIRST:
        (folder / f"{view.who}.html").write_text(ours.checked(view)["body"], encoding="utf-8")
    return folder


def floor(bench: Bench) -> list[Row]:
    """G5."""
    return [row for kind in bench.settings.kinds for row in floors(bench, kind)]


def floors(bench: Bench, kind: str) -> list[Row]:
    """On one database."""
    names = ("ours", "floor", *bench.settings.peers)
    sites = {name: bench.site(name, kind, bench.largest) for name in names}
    shells(bench, sites["ours"])
    made = []
    for view in FIRST:
        sizes = {name: site.checked(view)["bytes"] for name, site in sites.items()}
        asked = {name: partial(site.times, view) for name, site in sites.items()}
        found = in_turn(asked, bench.settings.rounds)
        made.append(floor_row(kind, bench.largest, view, found, sizes))
        say(f"  {kind} {view}: {made[-1].ours}, floor {made[-1].limit}")
    return made


def floor_row(kind: str, scale: int, view: View, found: Rounds, sizes: dict) -> Row:
    """One list."""
    shown = {name: f"{ms(found[name])}, {sizes[name] // 1024} KiB" for name in found}
    peers = [shown.get(name, "") for name in PEERS]
    ratio = found.ratio("ours", "floor")
    return Row(
        "G5", f"{view} list, {kind}, {scale:,}: against the hand-written page",
        shown["ours"], f"≤ {FLOOR}", f"{ratio:.2f}", judged(ratio, FLOOR),
        *peers, shown["floor"],
    )  # fmt: skip


def statements(bench: Bench) -> list[Row]:
    """G7: exact numbers; the ordinary tests hold them as well."""
    return [
        statement_row(bench, kind, View(key, who, show=key == "show"))
        for kind in bench.settings.kinds
        for key in STATEMENTS
        for who in ("agent", "manager")
    ]


def statement_row(bench: Bench, kind: str, view: View) -> Row:
    """The statements of a page that was asked for before, so that codes are read."""
    counts = {}
    for name in ("ours", "fab", "flask_admin", "django_admin"):
        site = bench.site(name, kind, bench.smallest)
        site.checked(view)
        counts[name] = site.checked(view)["statements"]
    goal = STATEMENTS[view.key]
    return Row(
        "G7", f"statements of {view}, {kind}", str(counts["ours"]), f"≤ {goal}", "",
        counts["ours"] <= goal, str(counts["fab"]), str(counts["flask_admin"]),
        str(counts["django_admin"]),
    )  # fmt: skip
