"""G13, G14, G16, G18: signing in, threads, memory, the auditor's page."""

from functools import partial

from sqlalchemy import text

from tests.benchmarks.bench import Bench
from tests.benchmarks.results import Row, judged, ms
from tests.benchmarks.settings import USERS, say
from tests.benchmarks.sites import Site
from tests.benchmarks.timing import in_turn
from tests.benchmarks.views import GROWING, View

PASSWORD = "Zhiping-2026"
"""Of every account of the demonstration."""

ANSWERS, RACED_BY_FAB = 10_000, 400
MIXED, SETTLED = 10_000, 100
BENCH_STATEMENTS = 8


def login(bench: Bench) -> list[Row]:
    """G13."""
    return [row for kind in bench.settings.kinds for row in _login(bench, kind)]


def _login(bench: Bench, kind: str) -> list[Row]:
    asked: dict = {}
    for scale in (bench.smallest, bench.largest):
        site = bench.site("ours", kind, scale)
        asked["login", scale] = partial(_many, site, "login")
        asked["hash", scale] = partial(_many, site, "bare_hash")
    found = in_turn(asked, bench.settings.rounds)
    first, last = ("login", bench.smallest), ("login", bench.largest)
    hashing = ("hash", bench.largest)
    small, large, bare = found[first], found[last], found[hashing]
    accounts = bench.site("ours", kind, bench.largest).truth.one("SELECT count(*) FROM ab_user")
    over, growth = found.ratio(last, hashing), found.ratio(last, first)
    say(f"  {kind}: {ms(large)}, bare {ms(bare)}, growth {growth:.2f}")
    return [
        Row("G13", f"login, {kind}, {accounts:,} accounts, against the bare hash", ms(large),
            "≤ 1.12", f"{over:.2f}", judged(over, 1.12), limit=ms(bare)),
        Row("G13", f"login, {kind}: {bench.smallest:,} → {bench.largest:,} declarations",
            f"{ms(small)} → {ms(large)}", "≤ 1.02", f"{growth:.2f}", judged(growth, 1.02)),
    ]  # fmt: skip


def _many(site: Site, deed: str, count: int) -> list[float]:
    given = {"username": USERS["agent"], "password": PASSWORD}
    return [site.deed(deed, **given) for _ in range(count)]


def threads(bench: Bench) -> list[Row]:
    """G14."""
    kind = bench.settings.kinds[0]
    site = bench.site("ours", kind, bench.smallest)
    words = [site.truth.name[:2], site.truth.name[1:]]
    ours = [f"/reviewed/list/?_flt_0_name={word}" for word in words]
    theirs = [f"/agentview/list/?_flt_0_name={word}" for word in words]
    wrong = site.deed("race", user=USERS["agent"], paths=ours, count=ANSWERS)
    fab = bench.site("fab", kind, bench.smallest)
    foreign = fab.deed("race", user=USERS["agent"], paths=theirs, count=RACED_BY_FAB)
    say(f"  {wrong} of {ANSWERS}; FAB {foreign} of {RACED_BY_FAB}")
    return [
        Row("G14", f"two threads, two searches, {kind}: answers with another's words or rows",
            f"{wrong} of {ANSWERS:,}", "0", "", wrong == 0, f"{foreign} of {RACED_BY_FAB}"),
    ]  # fmt: skip


def memory(bench: Bench) -> list[Row]:
    """G16."""
    kind = bench.settings.kinds[0]
    site = bench.site("ours", kind, bench.largest)
    views = [view for view in GROWING if view.place == 0]
    for view in views:
        site.checked(view)
    _mixed(site, views, SETTLED)
    early = site.memory()
    _mixed(site, views, MIXED - SETTLED)
    late = site.memory()
    ratio = late / early
    return [
        Row("G16", f"memory of a process after {MIXED:,} mixed requests, {kind}",
            f"{early:.0f} → {late:.0f} MiB", "≤ 1.05", f"{ratio:.3f}", judged(ratio, 1.05)),
    ]  # fmt: skip


def _mixed(site: Site, views: list[View], count: int) -> None:
    """So many requests, ten of a kind at a time."""
    for number in range(count // 10):
        site.times(views[number % len(views)], 10)


def audit(bench: Bench) -> list[Row]:
    """G18: the page that one comes to after a decision, of a declaration that waits."""
    return [_audit(bench, kind) for kind in bench.settings.kinds]


def _audit(bench: Bench, kind: str) -> Row:
    view, asked, counts = View("next", "agent", show=True), {}, {}
    for scale in (bench.smallest, bench.largest):
        site = bench.site("ours", kind, scale)
        site.paths[view] = f"/audit/{waiting(site)}"
        site.page(view, site.paths[view])  # the first look is written down
        counts[scale] = site.page(view, site.paths[view])["statements"]
        asked[scale] = partial(site.times, view)
    found = in_turn(asked, bench.settings.rounds)
    small, large = found[bench.smallest], found[bench.largest]
    ratio, most = found.ratio(bench.largest, bench.smallest), max(counts.values())
    say(f"  {kind}: {ms(small)} → {ms(large)}, {most} statements")
    return Row(
        "G18", f"audit bench, {kind}: {bench.smallest:,} → {bench.largest:,}",
        f"{ms(small)} → {ms(large)}, {most} statements", f"≤ 1.2; ≤ {BENCH_STATEMENTS}",
        f"{ratio:.2f}", judged(ratio, 1.2) and most <= BENCH_STATEMENTS,
    )  # fmt: skip


def waiting(site: Site) -> int:
    """A declaration that waits for the agent."""
    query = "SELECT min(declaration_id) FROM step WHERE office_id = :unit AND state = 'PENDING'"
    with site.truth.engine.connect() as connection:
        return connection.execute(text(query), {"unit": site.truth.unit}).scalar_one()
