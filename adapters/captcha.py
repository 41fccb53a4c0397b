"""Draws a picture of signs that a person reads and a program finds hard to."""

from functools import cache
from importlib import import_module

INK, PAPER = (40, 52, 71), (244, 246, 249)


def picture_of(signs: str) -> bytes:
    """A PNG of 180 × 64 pixels."""
    return _artist().generate(signs, bg_color=PAPER, fg_color=INK).getvalue()


@cache
def _artist():
    # Loaded by the first picture: the start of the program needs no reader of fonts.
    artist = import_module("captcha.image").ImageCaptcha(width=180, height=64)
    # It takes the brightness of the ink for how well the ink covers; ours is dark.
    artist.lookup_table = [min(255, 5 * brightness) for brightness in range(256)]
    return artist
