"""G12, G17: a thousand sent up together, and many clients that decide at once."""

from statistics import median, quantiles

from tests.benchmarks.bench import Bench
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.settings import say

MANY, FAB_ROUNDS = 1_000, 3
CLIENTS, DECIDED = 16, 640
AGAINST_FAB, AGAINST_DJANGO, SPREAD = 100, 1.4, 4.0
JUDGED = "those that the others carry out too"
"""The goal is one of the data alone."""


def bulk(bench: Bench) -> list[Row]:
    """G12."""
    return [row for kind in bench.settings.kinds for row in _bulk(bench, kind)]


def _bulk(bench: Bench, kind: str) -> list[Row]:
    ours = bench.apart("ours", kind, bench.smallest, "bench_bulk")
    peers = {name: bench.beside(name, ours) for name in ("fab", "django_admin")}
    mine, found = [], {name: [] for name in peers}
    for number in range(bench.settings.rounds):
        mine.append(ours.deed("send_up", count=MANY))
        for name, site in peers.items():
            if name == "fab" and number >= FAB_ROUNDS:
                continue
            staged = ours.deed("stage", count=MANY, state="VETTED")
            found[name].append(site.deed("send_up", **staged))
    times = {name: median(seconds) for name, seconds in found.items()}
    whole, data, shared = (median(one[k] for one in mine) for k in ("seconds", "data", "shared"))
    counts = f"{mine[-1]['statements']} statements, {mine[-1]['writing']} of them write"
    say(f"  {kind}: {ms(whole)}, data {ms(data)}, {ms(shared)}, {counts}, {times}")
    return [
        _bulk_row(kind, "all of it", whole, times, counts),
        _bulk_row(kind, "all its writing statements", data, times, ""),
        _bulk_row(kind, JUDGED, shared, times, ""),
    ]


def _bulk_row(kind: str, what: str, seconds: float, times: dict, counts: str) -> Row:
    fab, django = times["fab"] / seconds, times["django_admin"] / seconds
    judge = what == JUDGED
    met = judged(fab, AGAINST_FAB, True) and judged(django, AGAINST_DJANGO, True)
    return Row(
        "G12", f"bulk send of {MANY:,}, {kind}: {what}", f"{ms(seconds)} {counts}".strip(),
        f"≥ {AGAINST_FAB} × FAB; ≥ {AGAINST_DJANGO} × Django" if judge else "",
        f"{fab:.0f}; {django:.1f}", met if judge else None, ms(times["fab"]), "",
        ms(times["django_admin"]),
    )  # fmt: skip


def rush(bench: Bench) -> list[Row]:
    """G17."""
    return [_rush(bench, kind) for kind in bench.settings.kinds]


def _rush(bench: Bench, kind: str) -> Row:
    site = bench.apart("ours", kind, bench.smallest, "bench_rush")
    found = site.deed("rush", clients=CLIENTS, count=DECIDED)
    half, most = median(found["times"]), quantiles(found["times"], n=100)[98]
    ratio, wrong = most / half, found["wrong"]
    rate = len(found["times"]) / found["seconds"]
    say(f"  {kind}: {rate:.0f}/s, refused {found['refused']}, {found['faults']}")
    return Row(
        "G17", f"{CLIENTS} clients decide the same {DECIDED} declarations at once, {kind}",
        f"{rate:.0f}/s, median {ms(half)}, p99 {ms(most)}; {wrong} lost or double,"
        f" {len(found['faults'])} faults", f"≤ {SPREAD}; 0", f"{ratio:.1f}",
        judged(ratio, SPREAD) and not wrong and not found["faults"],
    )  # fmt: skip
