"""How a declaration stands: what became of it, at which office, by when."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from demo.lean.batches import Batches
from demo.lean.moments import stamp
from demo.lean.notices import Call
from demo.lean.offices import Site
from demo.phrases import APPROVALS, HAND_BACKS, PASSES, RETURNS, TERMINATIONS
from models.status import Status, StepState
from models.workflow import Action

SHARES = {
    True: {
        Status.PASSED: 78, Status.SUBMITTED: 12, Status.RETURNED: 5, Status.TERMINATED: 3,
        Status.DRAFT: 2,
    },
    False: {
        Status.PASSED: 12, Status.SUBMITTED: 78, Status.RETURNED: 5, Status.TERMINATED: 3,
        Status.DRAFT: 2,
    },
}  # fmt: skip
"""Of a hundred declarations, by whether the notice is settled."""

WAITS = {StepState.PENDING: 55, StepState.VETTED: 30, StepState.RETURNED_IN: 15}
"""Of a hundred that lie with an office which is not the last."""

LOTS = {
    settled: tuple(status for status, share in shares.items() for _ in range(share))
    for settled, shares in SHARES.items()
}
WAITING = tuple(state for state, share in WAITS.items() for _ in range(share))
"""A hundred each, to be drawn from."""

T = TypeVar("T")

ENDS = {
    Status.PASSED: (StepState.PASSED, Action.PASS, PASSES),
    Status.RETURNED: (StepState.RETURNED_OUT, Action.RETURN, RETURNS),
    Status.TERMINATED: (StepState.TERMINATED, Action.TERMINATE, TERMINATIONS),
}

SUBMITTED_BY = 0.45
"""The fraction of a notice's time in which people submit; the first batch leaves later."""

DELAY = 0.04
"""The fraction of it that an office takes to judge, at most."""

OPENED = 0.4
"""Of those that wait, how many have been opened."""

FAULTY = ("paper", "work", "education")
NOTE = "与附件不一致，请核对"

NONE = json.dumps([])
LINES = 4
"""Lines of the progress that are kept: the first one and the last ones."""


@dataclass(frozen=True)
class Way:
    """What a declaration has been through; ``place`` counts the offices from nought.

    ``steps`` are rows from the office's id on, ``lines`` rows of the progress from the moment
    (office seconds) on; ``fault`` is the section that a return was for.
    """

    status: Status
    place: int
    steps: list[tuple]
    lines: list[tuple]
    fault: str = ""

    @property
    def current(self) -> int | None:
        """The position of the step where it lies or ended."""
        return None if self.status is Status.RETURNED else self.place + 1


@dataclass
class Climb:
    """A declaration on its way up the chain to the office at ``place``; in office seconds it
    arrived where it is, and takes ``delay`` to be judged there."""

    call: Call
    chain: tuple[int, ...]
    place: int
    arrived: int
    lines: list[tuple]
    delay: int = 0

    @property
    def decided(self) -> int:
        """When it was judged."""
        return self.arrived + self.delay

    @property
    def opened(self) -> str:
        """When the office opened it."""
        return stamp(self.arrived + self.delay // 2)

    def tell(self, at: int, action: Action, actor: str, *, by: int, to: int | None = None,
             batch: int | None = None, opinion: str = "", faults: str = NONE) -> None:  # fmt: skip
        """A line of the progress."""
        self.lines.append((at, action.value, actor, by, to, batch, opinion, faults))


def ahead(office: int, position: int, round_: int = 0, opinion: str = "") -> tuple:
    """A step where it does not lie, or not any more."""
    state = StepState.AHEAD.value
    return (office, position, state, round_, None, None, "", None, opinion, None)


@dataclass(frozen=True)
class Fates:
    """Draws what becomes of declarations."""

    rng: Random
    sites: dict[int, Site]
    batches: Batches

    def status(self, call: Call) -> Status:
        """How one of the notice's declarations stands."""
        return self.drawn(LOTS[call.settled])

    def drawn(self, lots: Sequence[T]) -> T:
        """One of them; the library's own way takes four times as long."""
        return lots[int(self.rng.random() * len(lots))]

    def way(self, status: Status, call: Call, site: Site, name: str, submitted: int) -> Way:
        """How far up it came; ``name`` is the applicant's, ``submitted`` in office seconds."""
        chain, fault = site.chain, ""
        place = len(chain) - 1
        if status is not Status.PASSED:
            place = int(self.rng.random() ** 1.5 * len(chain))
        lines = [(submitted, Action.SUBMIT.value, name, None, None, None, "", NONE)]
        climb = Climb(call, chain, place, submitted, lines)
        steps = [self._sent(climb, office) for office in range(place)]
        longest = (call.end - call.begin) * DELAY
        climb.delay = int(longest * (0.1 + 0.9 * self.rng.random()))
        if status is Status.SUBMITTED:
            steps += self._waiting(climb)
        else:
            fault = self.drawn(FAULTY) if status is Status.RETURNED else ""
            steps.append(self._ended(climb, status, fault))
        reached = len(steps)
        steps += [ahead(office, n) for n, office in enumerate(chain[reached:], reached + 1)]
        return Way(status, place, steps, lines[:1] + lines[1:][1 - LINES :], fault)

    def _sent(self, climb: Climb, place: int) -> tuple:
        """The step of an office that is over: vetted and sent with a batch."""
        office, arrived = climb.chain[place], climb.arrived
        batch, agent = self.batches.join(office, climb.call), self.sites[office].agent
        target = climb.chain[place + 1]
        climb.tell(batch.at, Action.SEND, agent, by=office, to=target, batch=batch.id)
        climb.arrived = batch.at
        opened = stamp(arrived + (batch.at - arrived) // 3)
        return (
            office, place + 1, StepState.SENT.value, 1, stamp(arrived), opened, agent,
            stamp(batch.at), self.drawn(APPROVALS), batch.id,
        )  # fmt: skip

    def _ended(self, climb: Climb, status: Status, fault: str) -> tuple:
        """The step of the office that passed, returned or terminated it."""
        state, action, opinions = ENDS[status]
        opinion = self.drawn(opinions) + (f"{NOTE}。" if fault else "")
        return self._judged(climb, state, action, opinion, json.dumps([fault] if fault else []))

    def _judged(
        self, climb: Climb, state: StepState, action: Action, opinion: str, faults: str = NONE
    ) -> tuple:
        office = climb.chain[climb.place]
        agent = self.sites[office].agent
        climb.tell(climb.decided, action, agent, by=office, opinion=opinion, faults=faults)
        return (
            office, climb.place + 1, state.value, 1, stamp(climb.arrived), climb.opened, agent,
            stamp(climb.decided), opinion, None,
        )  # fmt: skip

    def _waiting(self, climb: Climb) -> list[tuple]:
        """The step where it waits; with the one above, if that one handed it back."""
        last = climb.place == len(climb.chain) - 1
        state = StepState.PENDING if last else self.drawn(WAITING)
        if state is StepState.VETTED:
            return [self._judged(climb, state, Action.APPROVE, self.drawn(APPROVALS))]
        office, position = climb.chain[climb.place], climb.place + 1
        if state is StepState.RETURNED_IN:
            return self._handed_back(climb, office, position)
        looked = self.rng.random() < OPENED
        opened = (climb.opened, self.sites[office].agent) if looked else (None, "")
        at = stamp(climb.arrived)
        return [(office, position, state.value, 1, at, *opened, None, "", None)]

    def _handed_back(self, climb: Climb, office: int, position: int) -> list[tuple]:
        self._sent(climb, climb.place)
        above, opinion = climb.chain[position], self.drawn(HAND_BACKS)
        agent = self.sites[above].agent
        climb.tell(climb.decided, Action.HAND_BACK, agent, by=above, to=office, opinion=opinion)
        state, at = StepState.RETURNED_IN.value, stamp(climb.decided)
        back = (office, position, state, 2, at, None, "", None, "", None)
        return [back, ahead(above, position + 1, 1, opinion)]
