"""The keys of a deployment: from the environment, or for a demonstration made in ``var/``."""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

LEAST = 32
"""Bytes that a key has at least; shorter session keys are cracked in seconds."""


class Keys(NamedTuple):
    """What signs sessions, seals numbers, indexes them, and chains the journal."""

    secret: str
    seal: bytes
    index: bytes
    journal: bytes


NAMES = {
    "secret": "SECRET_KEY",
    "seal": "VAULT_KEY",
    "index": "INDEX_KEY",
    "journal": "JOURNAL_KEY",
}


class WeakKeyError(Exception):
    """A key is missing or too weak; the program does not start."""


def from_environment() -> Keys:
    """The keys of a real deployment; WeakKeyError names the first that will not do.

    All are hexadecimal, 64 digits or more, as ``openssl rand -hex 32`` writes them.
    """
    found = {field: _checked(name, os.environ.get(name, "")) for field, name in NAMES.items()}
    return _keys(found)


def _checked(name: str, text: str) -> str:
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise WeakKeyError(f"{name} must be hexadecimal: openssl rand -hex 32") from error
    if len(key) < LEAST or len(set(key)) < 8:
        raise WeakKeyError(f"{name} is missing or weak; make one: openssl rand -hex 32")
    return text


def _keys(found: dict[str, str]) -> Keys:
    seal, index, journal = (bytes.fromhex(found[f])[:LEAST] for f in ("seal", "index", "journal"))
    return Keys(found["secret"], seal, index, journal)


def of_demo(folder: Path) -> Keys:
    """Keys of a demonstration, made once and kept beside its data."""
    path = folder / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = "".join(f"{name}={secrets.token_hex(LEAST)}\n" for name in NAMES.values())
        # Written whole under another name first: two processes may start at once.
        draft = folder / f"keys.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(made)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    lines = dict(line.split("=", 1) for line in path.read_text().split())
    return _keys({field: _checked(name, lines[name]) for field, name in NAMES.items()})
