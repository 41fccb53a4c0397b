"""G8 to G11: a million rows as a file."""

from statistics import median
from time import perf_counter

from tests.benchmarks import raw
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Line
from tests.benchmarks.results import Row, judged
from tests.benchmarks.served import Served
from tests.benchmarks.settings import USERS, say
from tests.benchmarks.sites import BrokenPageError, Site, forget_peak
from tests.benchmarks.views import View

EXPORT = "/console/declaration/export/csv/"
MANAGER = View("first", "manager")
GROWTH, XLSX_GROWTH = 8, 64
XLSX_ROWS = 100_000
THEIRS = {
    "flask_admin": ("/admin/manager/export/csv/", "flask_admin"),
    "django_admin": ("", "django"),
}


class Download:
    """Our export over HTTP, as often as it is asked for."""

    def __init__(self, server: Served, cookie: str):
        self.server, self.cookie = server, cookie
        self.lines = 0

    def __call__(self) -> tuple[float, int]:
        """Seconds and bytes."""
        self.lines, begun = 0, perf_counter()
        line = Line(self.server.port, self.cookie)
        line.ask(EXPORT)
        status, length, body = line.head()
        if status != 200 or length != -1:
            raise BrokenPageError(f"the export answers {status}, {length} bytes")
        size = line.drain(self._count, body)
        line.close()
        return perf_counter() - begun, size

    def _count(self, block: bytes) -> None:
        self.lines += block.count(b"\n")


def rounds_of(bench: Bench, things: dict) -> dict[str, float]:
    """Seconds of each, in turn."""
    found: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(bench.settings.rounds):
        for name, do in things.items():
            found[name].append(do()[0])
    return {name: median(times) for name, times in found.items()}


def whole(site: Site, download: Download) -> None:
    """BrokenPageError unless the file has a line for each row and one for the headings."""
    download()
    wanted = site.truth.count(MANAGER) + 1
    if download.lines != wanted:
        raise BrokenPageError(f"{download.lines} lines, not {wanted}")


def copy(bench: Bench) -> list[Row]:
    """G8: beside psql with the very statement that ours sends."""
    return [_beside_copy(bench, "G8")]


def labelled(bench: Bench) -> list[Row]:
    """G9: beside psql with the raw columns."""
    return [_beside_copy(bench, "G9")]


def _beside_copy(bench: Bench, code: str) -> Row:
    site = bench.site("ours", "postgresql", bench.largest)
    query = raw.RAW
    if code == "G8":
        query = site.deed("export_query", user=USERS["manager"], path=EXPORT)
    cookie = site.ask("cookie", user=USERS["manager"])
    with Served(site) as server:
        download = Download(server, cookie)
        whole(site, download)
        forget_peak(server.worker)
        before = server.memory()
        found = rounds_of(bench, {"ours": download, "psql": lambda: raw.psql(site.url, query)})
        growth = server.memory("VmHWM") - before
    ratio, goal = found["ours"] / found["psql"], 1.2 if code == "G8" else 2.0
    met = judged(ratio, goal) and (code == "G9" or growth <= GROWTH)
    what = "the same statement" if code == "G8" else "labels and guard against raw columns"
    say(f"  {found}, growth {growth:.1f} MiB")
    goal_said = f"≤ {goal}" + (f"; ≤ {GROWTH} MiB" if code == "G8" else "")
    return Row(
        code, f"CSV of {bench.largest:,} rows over HTTP against psql COPY: {what}",
        f"{found['ours']:.2f} s, growth {growth:.1f} MiB", goal_said, f"{ratio:.2f}", met,
        limit=f"{found['psql']:.2f} s", **(theirs(bench) if code == "G8" else {}),
    )  # fmt: skip


def theirs(bench: Bench) -> dict[str, str]:
    """What the others need for the same, once: it takes them half a minute and gigabytes.
    Those that PEERS leaves out are not asked."""
    found = {}
    for name, (path, cell) in THEIRS.items():
        if name not in bench.settings.peers:
            continue
        site = bench.site(name, "postgresql", bench.largest)
        site.checked(MANAGER)
        before = site.memory()
        if path:
            seconds = site.ask("times", user=USERS["manager"], path=path, count=1)[0]
        else:
            seconds = site.deed("export")
        found[cell] = f"{seconds:.1f} s, growth {site.memory('VmHWM') - before:.0f} MiB"
        say(f"  {name}: {found[cell]}")
    return found


def sqlite(bench: Bench) -> list[Row]:
    """G10: beside the shell with the very statement that ours sends, and with raw columns."""
    site = bench.site("ours", "sqlite", bench.largest)
    cookie = site.ask("cookie", user=USERS["manager"])
    query = site.deed("export_query", user=USERS["manager"], path=EXPORT)
    with Served(site) as server:
        download = Download(server, cookie)
        whole(site, download)
        shells = {
            "ours": download,
            "same": lambda: raw.sqlite3(site.url, query),
            "raw": lambda: raw.sqlite3(site.url, raw.RAW),
        }
        found = rounds_of(bench, shells)
    measure = f"CSV of {bench.largest:,} rows over HTTP from SQLite against sqlite3 -csv"
    ours = f"{found['ours']:.2f} s"
    same, plain = (found["ours"] / found[name] for name in ("same", "raw"))
    return [
        Row("G10", f"{measure}: the same statement", ours, "≤ 0.7", f"{same:.2f}",
            judged(same, 0.7), limit=f"{found['same']:.2f} s"),
        Row("G10", f"{measure}: labels and guard against raw columns", ours,
            ratio=f"{plain:.2f}", limit=f"{found['raw']:.2f} s"),
    ]  # fmt: skip


def xlsx(bench: Bench) -> list[Row]:
    """G11: our file beside one of openpyxl in its streaming mode, with the same cells."""
    rows = min(XLSX_ROWS, bench.largest)
    kind = bench.settings.kinds[0]
    site = bench.site("ours", kind, bench.largest)
    path = EXPORT.replace("csv", "xlsx")
    found: dict[str, list[dict]] = {"ours": [], "openpyxl": []}
    for _ in range(bench.settings.rounds):
        for name, made in found.items():
            made.append(site.deed("xlsx", user=USERS["manager"], path=path, rows=rows, by=name))
    times = {name: median(one["seconds"] for one in made) for name, made in found.items()}
    growth = {name: max(one["growth"] for one in made) for name, made in found.items()}
    ratio = times["openpyxl"] / times["ours"]
    met = judged(ratio, 2.0, True) and growth["ours"] <= XLSX_GROWTH
    shown = {name: f"{times[name]:.2f} s, growth {growth[name]:.0f} MiB" for name in times}
    measure = f"XLSX of {rows:,} rows, {kind}, against openpyxl write_only"
    goal = f"≥ 2 × as fast; ≤ {XLSX_GROWTH} MiB"
    return [Row("G11", measure, shown["ours"], goal, f"{ratio:.2f}", met, limit=shown["openpyxl"])]
