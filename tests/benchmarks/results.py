"""The table, and RESULTS.md: what was measured, and on which machine."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from tests.benchmarks.settings import HERE

HEADINGS = (
    "#", "measure", "ours", "Flask-AppBuilder", "Flask-Admin", "Django admin", "limit", "ratio",
    "goal", "met",
)  # fmt: skip
SAID = {True: "met", False: "**not met**", None: "—"}

INTRODUCTION = """\
# How fast it is

Written by `make bench`; do not edit. Each figure is the median of at least nine rounds in which
all programs were asked in turn, after status, length and rows of each page had been checked. A
goal is a ratio within one run: of pages and requests the median of the ratios of all rounds, which
is not that of the two medians where the machine changed its pace meanwhile. Absolute times belong
to the machine and to what else it did.

All programs read the same tables with the same indices. The others see their rows by a plain
condition on `declaration` (agent: its unit; manager: all that is no draft), which is cheaper than
what ours asks and finds the same rows; ours reads them through `reach`.
"""


@dataclass(frozen=True)
class Row:
    """One line of the table, written out. ``met`` is None where there is no goal to meet."""

    code: str
    measure: str
    ours: str
    goal: str = ""
    ratio: str = ""
    met: bool | None = None
    fab: str = ""
    flask_admin: str = ""
    django: str = ""
    limit: str = ""

    def cells(self) -> tuple[str, ...]:
        """In the order of the headings."""
        return (
            self.code, self.measure, self.ours, self.fab, self.flask_admin, self.django,
            self.limit, self.ratio, self.goal, SAID[self.met],
        )  # fmt: skip


def ms(seconds: float | None) -> str:
    """Milliseconds for a reader."""
    return "" if seconds is None else f"{seconds * 1000:.1f} ms"


def judged(ratio: float, goal: float, at_least: bool = False) -> bool:
    """Whether a ratio is on the right side, at the two digits that are printed."""
    return round(ratio, 2) >= goal if at_least else round(ratio, 2) <= goal


class Kept:
    """Rows of all runs, by measure: a run of one measure leaves the others as they were. Runs that
    were narrowed down are kept apart, and never reach RESULTS.md."""

    def __init__(self, folder: Path, name: str):
        self.path = folder / f"{name}.json"
        self.rows: dict[str, dict] = {}
        if self.path.exists():
            self.rows = json.loads(self.path.read_text())

    def put(self, code: str, rows: Iterable[Row], remark: str) -> None:
        """Keep the rows of a measure, and what has to be said of them."""
        found = [asdict(row) for row in rows]
        self.rows[code] = {"on": str(date.today()), "remark": remark, "rows": found}
        self.path.write_text(json.dumps(self.rows, ensure_ascii=False, indent=1))

    def of(self, code: str) -> list[Row]:
        """The rows of a measure."""
        return [Row(**row) for row in self.rows.get(code, {}).get("rows", [])]

    def write(self, order: Iterable[str]) -> None:
        """RESULTS.md, anew."""
        there = [code for code in order if code in self.rows]
        rows = [row for code in there for row in self.of(code)]
        remarks = [
            f"- **{code}** ({self.rows[code]['on']}) {self.rows[code]['remark']}".rstrip()
            for code in there
        ]
        parts = [INTRODUCTION, f"Machine: {machine()}\n", table(rows), "## Remarks\n", *remarks]
        parts += ["", (HERE / "unmet.md").read_text(encoding="utf-8").strip()]
        (HERE / "RESULTS.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def table(rows: Iterable[Row]) -> str:
    """The table in Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine() -> str:
    """What it ran on."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model n" in line),
        platform.processor() or platform.machine(),
    )
    total = next((line.split()[1] for line in _lines("/proc/meminfo")), "0")
    return (
        f"{os.cpu_count()} × {cpu}, {int(total) / 2**20:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
