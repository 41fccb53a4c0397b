"""Pictures (JPEG, PNG): verified and written anew, so that only what is seen is kept.

Kept: the pixels, turned as the camera meant them; the resolution (dpi); for JPEG the
compression of the original, so that writing it anew hardly costs quality. Colours are
converted to sRGB. Not kept: EXIF with place and device (GPS), XMP, comments, colour
profiles, embedded thumbnails, further frames, and whatever was hung on behind the end.
"""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin

from adapters import pages
from adapters.inspection import Upload
from adapters.store import CLEANED
from models.words import _

PIXELS = 25_000_000
"""Largest width × height; an A4 page at 300 dpi has 8.7 million."""

TOO_MANY_PIXELS = _(
    "“%(name)s”没有上传：图片有 %(width)s×%(height)s 像素，最多 2500 万像素，"
    "请缩小后再上传（A4 纸用 300 dpi 扫描即可）。"
)
ANIMATED = _("“%(name)s”没有上传：这是动图，请另存为普通的 PNG 或 JPG 后再上传。")

_FORMATS = ("JPEG", "PNG")
_RESOLUTIONS = range(1, 2401)


def clean(upload: Upload, out: Path) -> tuple[int, int]:
    """Write the picture anew and its page image; its width and height in pixels.

    Raises ``Refused``; errors of the decoder mean that the file is broken.
    """
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and is asked before decoding
    with Image.open(upload.path, formats=_FORMATS) as picture:
        width, height = picture.size
        if width * height > PIXELS:
            raise upload.refused(TOO_MANY_PIXELS, 413, width=width, height=height)
        if picture.format == "PNG" and picture.is_animated:
            raise upload.refused(ANIMATED)
        picture.verify()
    with Image.open(upload.path, formats=_FORMATS) as picture:
        options = _options(picture)
        plain = _plain(picture)
    plain.save(out / CLEANED, **options)
    pages.lay(plain, 1, out)
    return plain.size


def _options(picture: Image.Image) -> dict[str, Any]:
    """How to write it: as it was written, as far as that is sound."""
    options: dict[str, Any] = {"format": "PNG", "compress_level": 4}
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        options = {"format": "JPEG", "optimize": True}
        tables = picture.quantization
        if picture.mode in ("L", "RGB") and all(max(one) < 256 for one in tables.values()):
            sampling = JpegImagePlugin.get_sampling(picture)
            options |= {"qtables": tables, "subsampling": sampling}
        else:
            options["quality"] = 85
    dpi = picture.info.get("dpi", (0, 0))
    if all(round(one) in _RESOLUTIONS for one in dpi):
        options["dpi"] = dpi
    return options


def _plain(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    plain = ImageOps.exif_transpose(picture)
    if profile and plain.mode in ("RGB", "CMYK"):
        plain = _in_srgb(plain, profile)
    if plain.mode == "CMYK":
        plain = plain.convert("RGB")
    if plain.mode == "P":
        plain = plain.convert("RGBA" if plain.has_transparency_data else "RGB")
    if plain.mode.startswith("I"):
        plain = plain.convert("I").point(lambda value: value / 256).convert("L")
    plain.info = {}
    return plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The same colours in sRGB; as it is if the profile is not a sound one."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture
