"""Rounds: all in turn, again and again, and the median of each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from statistics import median

QUICK, LEAST = 0.02, 5
"""A request that takes less than so many seconds is asked so often in each round."""


def in_turn(things: dict[object, Callable[[int], Iterable[float]]], rounds: int) -> dict:
    """The median of each thing. One is called with how often, and answers with seconds."""
    found: dict[object, list[float]] = defaultdict(list)
    often = {key: 1 if median(do(3)) > QUICK else LEAST for key, do in things.items()}
    for _ in range(rounds):
        for key, do in things.items():
            found[key].append(median(do(often[key])))
    return {key: median(times) for key, times in found.items()}
