"""What the environment asks for."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent

SMALL, LARGE = 10_000, 1_000_000
KINDS = ("postgresql", "sqlite")

PEERS = ("fab", "flask_admin", "django_admin")

USERS = {"agent": "wangshuhua", "manager": "hanxue"}
"""The agent of the unit with 3,000 declarations, the data manager of the topmost office."""


@dataclass(frozen=True)
class Settings:
    """``BENCH_DATA`` is where the databases stay, ``SCALES`` and ``DATABASES`` narrow a run
    down while somebody works on it, ``ONLY`` names single measures. ``PEERS`` says beside whom
    growth is measured: at a million rows some of the others take half a minute for a page."""

    data: Path
    scales: tuple[int, ...]
    kinds: tuple[str, ...]
    only: tuple[str, ...]
    rounds: int
    peers: tuple[str, ...] = PEERS

    @property
    def partial(self) -> bool:
        """Whether a scale or a database is left out."""
        return self.scales != (SMALL, LARGE) or self.kinds != KINDS


def asked() -> Settings:
    """The settings of this run."""
    given = {name: value for name, value in os.environ.items() if value}
    scales = given.get("SCALES", f"{SMALL} {LARGE}").replace(",", " ").split()
    return Settings(
        data=Path(given.get("BENCH_DATA", ROOT / "var" / "bench")).resolve(),
        scales=tuple(sorted(int(scale) for scale in scales)),
        kinds=tuple(given.get("DATABASES", " ".join(KINDS)).replace(",", " ").split()),
        only=tuple(given.get("ONLY", "").upper().replace(",", " ").split()),
        rounds=max(int(given.get("ROUNDS", "9")), 9),
        peers=tuple(os.environ.get("PEERS", " ".join(PEERS)).replace(",", " ").split()),
    )


def say(words: str) -> None:
    """Tell who waits what happens."""
    print(words, file=sys.stderr, flush=True)
