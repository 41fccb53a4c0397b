"""G1, G2: pages at a million beside the same pages at ten thousand."""

from collections.abc import Iterable, Iterator
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.settings import say
from tests.benchmarks.sites import BrokenPageError, Site
from tests.benchmarks.timing import Rounds, in_turn
from tests.benchmarks.views import GROWING, NARROWED, SEARCHES, View

GOALS = dict.fromkeys(GROWING, 1.2) | dict.fromkeys(NARROWED, 1.3) | dict.fromkeys(SEARCHES, 2.0)


def pages(bench: Bench) -> list[Row]:
    """G1."""
    return list(rows(bench, "G1", (*GROWING, *NARROWED)))


def searches(bench: Bench) -> list[Row]:
    """G2."""
    return list(rows(bench, "G2", SEARCHES))


def rows(bench: Bench, code: str, views: Iterable[View]) -> Iterator[Row]:
    """A row for each view on each kind of database."""
    for kind in bench.settings.kinds:
        for view in views:
            yield row_of(bench, code, kind, view)


def row_of(bench: Bench, code: str, kind: str, view: View) -> Row:
    """One view, all programs and both scales in turn."""
    scales = (bench.smallest, bench.largest)
    programs = ("ours", *bench.settings.peers)
    sites = {(n, s): bench.site(n, kind, s) for n in programs for s in scales}
    asked = ready(view, sites)
    found = in_turn(asked, bench.settings.rounds)
    ratios = {n: ratio(found, n, scales) for n in programs}
    goal, mine = GOALS[view], ratios["ours"]
    single = len(set(scales)) == 1
    say(f"  {kind} {view}: {said(found, 'ours', scales, mine)}")
    return Row(
        code=code,
        measure=f"{view}, {kind}: {scales[0]:,} → {scales[-1]:,}",
        ours=said(found, "ours", scales, mine),
        fab=said(found, "fab", scales, ratios.get("fab")),
        flask_admin=said(found, "flask_admin", scales, ratios.get("flask_admin")),
        django=said(found, "django_admin", scales, ratios.get("django_admin")),
        ratio=f"{mine:.2f}" if mine else "",
        goal=f"≤ {goal}",
        met=None if single else mine is not None and judged(mine, goal),
    )


def ready(view: View, sites: dict[tuple, Site]) -> dict:
    """What can be timed: a page that is not what it must be is left out, and said."""
    asked = {}
    for key, site in sites.items():
        try:
            site.checked(view)
            asked[key] = partial(site.times, view)
        except BrokenPageError as reason:
            say(f"  left out: {str(reason).splitlines()[0][:200]}")
    return asked


def ratio(found: Rounds, name: str, scales: tuple[int, int]) -> float | None:
    """How much longer it takes at the larger scale."""
    small, large = ((name, scale) for scale in scales)
    return found.ratio(large, small) if small in found and large in found else None


def said(found: Rounds, name: str, scales: tuple[int, int], ratio_: float | None) -> str:
    """Both times, and the ratio."""
    if ratio_ is None:
        return "—"
    return f"{ms(found[name, scales[0]])} → {ms(found[name, scales[1]])} ({ratio_:.2f})"
