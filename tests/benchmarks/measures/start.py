"""G20: how long a process needs until it can answer."""

import subprocess
import sys
from statistics import median
from time import perf_counter

from tests.benchmarks.bench import Bench
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.settings import ROOT

OURS = "from app import create_app; create_app(DEMO=True)"
EMPTY = "from flask import Flask; Flask('empty')"
FAB = "from tests.benchmarks.peers.fab import application; application()"


def start(bench: Bench) -> list[Row]:
    """Whole processes, from nothing to an application, in turn."""
    kind = bench.settings.kinds[0]
    environment = bench.site("ours", kind, bench.smallest).environment
    found: dict[str, list[float]] = {OURS: [], EMPTY: [], FAB: []}
    for _ in range(bench.settings.rounds):
        for words, times in found.items():
            begun = perf_counter()
            subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=environment, check=True)
            times.append(perf_counter() - begun)
    ours, empty, fab = (median(times) for times in found.values())
    ratio = ours / empty
    return [
        Row("G20", "start of the application on an existing database, against an empty Flask",
            ms(ours), "≤ 4", f"{ratio:.2f}", judged(ratio, 4.0), ms(fab), limit=ms(empty)),
    ]  # fmt: skip
