"""Rounds: all in turn, again and again; the median of each, and of what one is to another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from statistics import median

QUICK, LEAST = 0.02, 5
"""A request that takes less than so many seconds is asked so often in each round."""


class Rounds(Mapping[object, float]):
    """The figures of some things, round by round: the median of each is its value."""

    def __init__(self, found: Mapping[object, list[float]]):
        self._found = found

    def __getitem__(self, thing: object) -> float:
        return median(self._found[thing])

    def __iter__(self) -> Iterator[object]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def ratio(self, one: object, other: object) -> float:
        """What one thing is to another: the median of what it was in each round. A machine that
        is half as fast for some seconds is so for both."""
        pairs = zip(self._found[one], self._found[other], strict=True)
        return median(first / second for first, second in pairs)


def in_turn(things: dict[object, Callable[[int], Iterable[float]]], rounds: int) -> Rounds:
    """The seconds of each thing. One is called with how often, and answers with seconds."""
    found: dict[object, list[float]] = defaultdict(list)
    often = {key: 1 if median(do(3)) > QUICK else LEAST for key, do in things.items()}
    for _ in range(rounds):
        for key, do in things.items():
            found[key].append(median(do(often[key])))
    return Rounds(found)
