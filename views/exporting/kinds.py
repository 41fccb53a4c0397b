"""What an export is, and what a way to write one has to give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from views.exporting.cells import Guard

BLOCK = 256 * 1024
"""Bytes that are sent together: smaller pieces cost more than their reading."""

Blocks = Iterator[tuple[int, bytes]]
"""Pieces of a file, each with the number of rows that it adds. Whoever stops early closes it."""


@dataclass(frozen=True)
class Export:
    """What is exported, and what the journal shall say of it.

    ``query`` names the columns as text (never NULL), one for each of ``headings`` and with
    one of ``guards``.
    """

    name: str
    headings: Sequence[str]
    query: Select
    guards: Sequence[Guard]
    table: str
    conditions: dict[str, Any]
