"""Markup that repeats: a template draws one line with holes, and the lines are filled from it.

A page of a list has three hundred cells. Drawn one by one by the template they were a third of
what the page cost.
"""

import re
from collections.abc import Iterable, Sequence

from flask import Flask
from markupsafe import Markup, escape

OPEN, SHUT = "\ue000", "\ue001"
"""Around the number of a hole: characters of no meaning, with which no template writes."""

HOLES = re.compile(f"{OPEN}([0-9]+){SHUT}")


def install(app: Flask) -> None:
    """Let templates draw lines."""
    app.jinja_env.globals.update(hole=hole, filled=filled)


def hole(place: int) -> str:
    """Where the value at this place of a row will stand."""
    return f"{OPEN}{place}{SHUT}"


def filled(line: Markup, rows: Iterable[Sequence[object]]) -> Markup:
    """The line once for each row, with the row's values in its holes; what is no markup is
    escaped. LookupError if a row has no such place."""
    parts = HOLES.split(line)
    places = [int(place) for place in parts[1::2]]
    drawn = []
    for row in rows:
        values = [escape(value) for value in row]
        parts[1::2] = [values[place] for place in places]
        drawn.append("".join(parts))
    return Markup("".join(drawn))
