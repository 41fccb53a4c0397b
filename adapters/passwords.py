"""Passwords: argon2id, the one place that makes and checks hashes; and what all people take."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB and two passes: the least that OWASP's password storage sheet asks for."""

COMMON = Path(__file__).resolve().parent.parent / "fixtures" / "common_passwords.txt"

_UNKNOWN = _HASHER.hash("nobody has this password")
"""Checked for names that do not exist, so that they take as long as those that do."""


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its own salt."""
    return _HASHER.hash(password)


def fits(hash_: str | None, password: str) -> bool:
    """Whether ``password`` has this hash; False, as slowly, where there is none."""
    try:
        return _HASHER.verify(hash_ or _UNKNOWN, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def is_outdated(hash_: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(hash_)


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that are tried first, in lower case."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
