"""Page images (附件页图): what auditors see instead of the file itself (decisions 29).

WebP, long edge 1600 pixels, quality 80; thumbnails 116 pixels high. Runs in the child.
"""

import os
from pathlib import Path

import pypdfium2
from PIL import Image

from adapters.store import page_name, thumb_name

LONG_EDGE = 1600
QUALITY = 80
THUMBNAIL = (400, 116)
"""Largest width and height of a thumbnail, in pixels."""

BLOCK = 5
"""Pages made at a time: one start of the child serves five turns of the page, and a file of
200 pages is taken as quickly as one of five."""

_METHOD = 2  # WebP's effort: half the time of the default for 2 % larger pictures


def make(path: Path, page: int, out: Path) -> None:
    """Render the block of pages that holds ``page`` (from 1). IndexError if there is none."""
    document = pypdfium2.PdfDocument(path)
    if not 1 <= page <= len(document):
        raise IndexError(page)
    # Without the form layer, filled-in fields and the stamps of electronic signatures
    # (电子签章) would be missing from the picture. This build of pdfium runs no scripts.
    document.init_forms()
    first = page - (page - 1) % BLOCK
    for number in range(first, min(first + BLOCK, len(document) + 1)):
        lay(_rendered(document[number - 1]), number, out)


def lay(picture: Image.Image, number: int, out: Path) -> None:
    """Write the image and the thumbnail of one page, each whole or not at all."""
    page = _on_white(picture)
    page.thumbnail((LONG_EDGE, LONG_EDGE), reducing_gap=2.0)
    thumb = page.copy()
    thumb.thumbnail(THUMBNAIL)
    for image, name in ((page, page_name(number)), (thumb, thumb_name(number))):
        unfinished = out / f"{name}.{os.getpid()}.tmp"
        image.save(unfinished, "WEBP", quality=QUALITY, method=_METHOD)
        os.replace(unfinished, out / name)


def _rendered(page: pypdfium2.PdfPage) -> Image.Image:
    scale = LONG_EDGE / max(page.get_size())
    return page.render(scale=scale).to_pil()


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
