"""`python -m tests.benchmarks`: all measures, or those of ONLY."""

import traceback

from tests.benchmarks.bench import Bench
from tests.benchmarks.data import Databases
from tests.benchmarks.measures import MEASURES, UNBUILT
from tests.benchmarks.results import Kept, Row, table
from tests.benchmarks.settings import Settings, asked, say


def main() -> int:
    """Measure, print the table, keep it. 1 if something could not be measured."""
    settings = asked()
    settings.data.mkdir(parents=True, exist_ok=True)
    bench = Bench(settings, Databases(settings))
    kept = Kept(settings.data, "partial" if settings.partial else "results")
    wanted = settings.only or (*MEASURES, *UNBUILT)
    try:
        broken = [code for code in wanted if not measured(code, bench, kept)]
    finally:
        bench.rest()
        bench.databases.close()
    print(table(row for code in wanted for row in kept.of(code)))
    if not settings.partial:
        kept.write(sorted((*MEASURES, *UNBUILT), key=lambda code: int(code[1:])))
    if broken:
        say(f"not measured: {' '.join(broken)}")
    return 1 if broken else 0


def measured(code: str, bench: Bench, kept: Kept) -> bool:
    """Whether a measure gave its rows; one that breaks lets the others go on."""
    if code in UNBUILT:
        kept.put(code, [Row(code, UNBUILT[code].measure, "not measured")], UNBUILT[code].reason)
        return True
    if code not in MEASURES:
        say(f"there is no measure {code}")
        return False
    say(f"{code}: {MEASURES[code].title}")
    try:
        kept.put(code, MEASURES[code].run(bench), remark_of(bench.settings, MEASURES[code].remark))
    except Exception:
        say(traceback.format_exc())
        return False
    finally:
        bench.rest()
    return True


def remark_of(settings: Settings, words: str) -> str:
    """The remark, with what was left out of the run."""
    if not settings.partial:
        return words
    scales, kinds = settings.scales, ", ".join(settings.kinds)
    return f"{words} Only {' and '.join(f'{s:,}' for s in scales)} rows on {kinds}."


if __name__ == "__main__":
    raise SystemExit(main())
