"""The rows of declarations, and of all that hangs on them."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from random import Random

from demo.bulkload import Load, Target
from demo.lean.fates import NOTE, SUBMITTED_BY, Fates, Way
from demo.lean.moments import DAY, stamp
from demo.lean.notices import Call
from demo.lean.offices import Site
from demo.lean.people import People
from demo.lean.records import (
    MOST,
    PAPERS,
    POSTS,
    STUDIES,
    RecordSet,
    record_sets,
)
from demo.records.basics import GRASSROOTS
from demo.trades import TRADES, Trade
from models.reach import COLUMNS, Reach
from models.status import Status
from models.submission import FORMAT, digest

DECLARATIONS = Target(
    "declaration",
    ("id", "notice_id", "person_id", "unit_id", "status", "current", "chain_start", "round",
     "declare_no", "created_at", "submitted_at", "title_code", "series", "level", "specialty",
     "category", "hints", "version", "updated_at", "updated_by"),
)  # fmt: skip
STEPS = Target(
    "step",
    ("id", "declaration_id", "notice_id", "office_id", "position", "state", "round", "arrived_at",
     "opened_at", "opened_by", "decided_at", "opinion", "batch_id"),
)  # fmt: skip
VERDICTS = Target("verdict", ("step_id", "round", "section", "wrong", "note", "submission"))
SUBMISSIONS = Target("submission", ("declaration_id", "round", "at", "content", "sha256"))
PROGRESS = Target(
    "progress",
    ("declaration_id", "at", "action", "actor", "office_id", "target_id", "batch_id", "opinion",
     "faults"),
)  # fmt: skip
REACH = Target(Reach.__tablename__, tuple(COLUMNS))
TARGETS = (DECLARATIONS, STEPS, VERDICTS, SUBMISSIONS, PROGRESS, REACH, PAPERS, POSTS, STUDIES)

BLOCK = 10_000
"""Declarations that are written at once."""

NORMAL = "01"

TRADES_OF = {kind: [t for t in TRADES if t.kind == kind] for kind in {t.kind for t in TRADES}}

SAYS_NOTHING = {"format": FORMAT, "sections": {}}
CONTENT = json.dumps(SAYS_NOTHING), digest(SAYS_NOTHING)


class Uids:
    """Random identities that grow from row to row, so that the index of a million of them
    is filled from one end; SQLite cannot do without that index for the time of the load."""

    def __init__(self, rng: Random, most: int):
        self._rng, self._bits = rng, 128 - most.bit_length()
        self._serials = count()

    def __call__(self) -> str:
        number = (next(self._serials) << self._bits) + self._rng.getrandbits(self._bits)
        return f"{number:032x}"


@dataclass(frozen=True)
class Answer:
    """One declaration to be; ``person`` counts from nought, ``at`` in office seconds."""

    call: Call
    person: int
    name: str
    unit: Site
    at: int


@dataclass
class Answers:
    """Writes the declarations of one notice after the other."""

    load: Load
    rng: Random
    fates: Fates
    people: People
    serials: Counter[str]
    most: int
    rows: dict[Target, list[tuple]] = field(default_factory=dict)
    _sets: dict[tuple, list[RecordSet]] = field(default_factory=dict)
    _ids: count = field(default_factory=lambda: count(1))
    _step_ids: count = field(default_factory=lambda: count(1))
    _uids: dict[Target, Uids] = field(default_factory=dict)

    def __post_init__(self):
        self.rows = {target: [] for target in TARGETS}
        for target in (PAPERS, POSTS, STUDIES):
            self._uids[target] = Uids(self.rng, self.most * MOST)

    def add(self, call: Call, answering: Iterable[int]) -> None:
        """The answers of these persons by way of their units, in the order of their time."""
        who = list(answering)
        self.rng.shuffle(who)
        fractions = sorted(self.rng.random() * SUBMITTED_BY for _ in who)
        for place, (person, fraction) in enumerate(zip(who, fractions, strict=True), 1):
            name, unit = self.people.names[person], self.people.homes[person]
            self._write(Answer(call, person, name, unit, call.at(fraction)))
            if place % BLOCK == 0:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        for target, rows in self.rows.items():
            self.load.put(target, rows)
            rows.clear()

    def _write(self, answer: Answer) -> None:
        call, id_ = answer.call, next(self._ids)
        begun = stamp(answer.at - int(3 * DAY * self.rng.random()))
        kinds = TRADES_OF[answer.unit.plan.trade]
        trade, level = kinds[answer.person % len(kinds)], self.fates.drawn(call.levels)
        self._records(id_, answer, trade, level, begun)
        status = self.fates.status(call)
        head = (id_, call.id, answer.person + 1, answer.unit.id, status.value)
        if status is Status.DRAFT:
            blank = (None, 1, 0, None, begun, None, "", "", "", "", "", 0, 1, begun, answer.name)
            self.rows[DECLARATIONS].append((*head, *blank))
            return
        way = self.fates.way(status, call, answer.unit, answer.name, answer.at)
        last, at = way.lines[-1], stamp(answer.at)
        category = GRASSROOTS if answer.unit.plan.grassroots else NORMAL
        self.rows[DECLARATIONS].append(
            (
                *head, way.current, 1, 1, self._number(answer), begun, at, trade.title(level),
                trade.series, level, trade.specialty, category, int(4 * self.rng.random()),
                1 + len(way.lines), stamp(last[0]), last[2],
            )
        )  # fmt: skip
        self.rows[SUBMISSIONS].append((id_, 1, at, *CONTENT))
        shown = (status.value, at, answer.name)
        self.rows[REACH] += [
            (id_, office, bool(round_), True, *shown) for office, _, _, round_, *_ in way.steps
        ]
        self._way(id_, call, way)

    def _way(self, id_: int, call: Call, way: Way) -> None:
        """Steps and progress, and the verdict by which the applicant may correct a section."""
        steps, ids = self.rows[STEPS], self._step_ids
        for place, step in enumerate(way.steps):
            step_id = next(ids)
            steps.append((step_id, id_, call.id, *step))
            if way.fault and place == way.place:
                self.rows[VERDICTS].append((step_id, 1, way.fault, True, NOTE, 1))
        self.rows[PROGRESS] += [(id_, stamp(at), *line) for at, *line in way.lines]

    def _number(self, answer: Answer) -> str:
        """申报编号, as ``models.filing`` draws it."""
        call = answer.call
        stem = f"{call.year}{answer.unit.plan.region:0>6}{call.series}"
        self.serials[stem] += 1
        return f"{stem}{self.serials[stem]:06d}"

    def _records(self, id_: int, answer: Answer, trade: Trade, level: str, begun: str) -> None:
        """The records of three sections: one of the sets that were drawn."""
        year = answer.call.year - 1
        key = (trade.specialty, level, year)
        if key not in self._sets:
            self._sets[key] = record_sets(self.rng, trade, level, year)
        dealt = self.fates.drawn(self._sets[key])
        tail = (begun, id_, 1, begun, answer.name)
        self._put(PAPERS, dealt.papers, tail)
        self._put(POSTS, dealt.posts, (*tail, answer.unit.plan.name))
        self._put(STUDIES, dealt.studies, tail)

    def _put(self, target: Target, bodies: tuple, tail: tuple) -> None:
        uid = self._uids[target]
        self.rows[target] += [(uid(), place, *tail, *body) for place, body in enumerate(bodies)]
