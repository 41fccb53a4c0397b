"""批量送审: what an office sends up together for one notice, a hundred at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from demo.bulkload import Target
from demo.lean.moments import stamp
from demo.lean.notices import Call
from demo.lean.offices import Site

BATCHES = Target(
    "batch",
    ("id", "uid", "number", "office_id", "target_id", "notice_id", "count", "created_at",
     "sent_at", "sent_by"),
)  # fmt: skip

LARGEST = 100

FIRST_SENT, A_STEP, WITHIN, HIGHEST = 0.5, 0.1, 0.08, 4
"""When batches go up, in fractions of a notice's time: the lowest offices after half of it,
each height above a tenth later, so what arrived at an office always goes on later."""


@dataclass
class Sending:
    """One batch; ``at`` in office seconds."""

    id: int
    uid: str
    number: str
    site: Site
    notice_id: int
    at: int
    count: int = 0


@dataclass
class Batches:
    """The batches of one notice after the other. ``sites`` by the office's number."""

    rng: Random
    sites: dict[int, Site]
    serials: Counter[str]
    _ids: count = field(default_factory=lambda: count(1))
    _open: dict[int, Sending] = field(default_factory=dict)
    _made: list[Sending] = field(default_factory=list)

    def join(self, office_id: int, call: Call) -> Sending:
        """The batch with which one more declaration leaves an office."""
        batch = self._open.get(office_id)
        if batch is None or batch.count == LARGEST:
            batch = self._open[office_id] = self._begun(self.sites[office_id], call)
            self._made.append(batch)
        batch.count += 1
        return batch

    def _begun(self, site: Site, call: Call) -> Sending:
        year = call.year
        series = f"batch-{year}-{site.id}"
        self.serials[series] += 1
        number = f"{year}{site.id:06d}{self.serials[series]:04d}"
        late = FIRST_SENT + A_STEP * (HIGHEST - site.height) + WITHIN * self.rng.random()
        uid = f"{self.rng.getrandbits(128):032x}"
        return Sending(next(self._ids), uid, number, site, call.id, call.at(late))

    def rows(self) -> Iterator[tuple]:
        """The rows of what was sent for a notice; the next notice begins with none."""
        for batch in self._made:
            site, at = batch.site, stamp(batch.at)
            yield (
                batch.id, batch.uid, batch.number, site.id, site.chain[1], batch.notice_id,
                batch.count, at, at, site.agent,
            )  # fmt: skip
        self._open, self._made = {}, []
