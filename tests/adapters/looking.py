"""What lies in a folder, what is seen on a picture."""

from pathlib import Path

from PIL import Image

RED, WHITE, BLUE = (255, 0, 0), (255, 255, 255), (0, 0, 255)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def near(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place given as parts of width and height, rid of compression noise."""
    place = (int(x * picture.width), int(y * picture.height))
    return tuple(255 * round(part / 255) for part in picture.convert("RGB").getpixel(place))
