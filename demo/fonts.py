"""A font with Chinese characters, if the system has one; Latin words stand in otherwise."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
WANTED = (
    ("NotoSerifCJK-Regular", 2),
    ("NotoSansCJK-Regular", 2),
    ("SourceHanSerifSC-Regular", 0),
    ("SourceHanSansSC-Regular", 0),
    ("NotoSansSC", 0),
    ("wqy-zenhei", 0),
    ("wqy-microhei", 0),
    ("simsun", 0),
    ("STHeiti Light", 0),
    ("uming", 0),
)
"""Names of font files and the index of the simplified face in a collection."""


@cache
def chinese() -> tuple[str, int] | None:
    """File and face of a font that can write Chinese; None if there is none."""
    there = {path.stem.casefold(): path for folder in FOLDERS for path in _fonts(Path(folder))}
    for name, face in WANTED:
        if name.casefold() in there:
            return str(there[name.casefold()]), face
    return None


def _fonts(folder: Path) -> Iterator[Path]:
    for where, _folders, names in os.walk(folder):
        kinds = (".ttf", ".ttc", ".otf")
        yield from (Path(where) / name for name in sorted(names) if name.lower().endswith(kinds))


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font at ``size`` pixels."""
    found = chinese()
    if found is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(found[0], size, index=found[1])
