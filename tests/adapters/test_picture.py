"""Pictures are written anew and tell nothing but what is seen."""

import io

import pytest
from PIL import Image

from adapters.inspection import Kind
from tests.adapters import samples
from tests.adapters.looking import RED, WHITE, files, near

HIDDEN = {"icc_profile": samples.profile(), "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}


def test_a_photo_is_turned_and_tells_nothing_but_what_is_seen(upload):
    received, examined = upload(samples.telling_jpeg() + b"PK\x03\x04<?php", "照片.JPEG")
    assert examined.kind == Kind("image/jpeg", "jpg", 1, 200, 300)
    content = received.path.read_bytes()
    assert (examined.size, len(content)) == (len(content), received.path.stat().st_size)
    assert examined.sha256 != received.sha256
    for secret in (b"Mate 60", "长春市".encode(), b"Exif", b"ICC_PROFILE", b"<?php"):
        assert secret not in content
    with Image.open(received.path) as photo:
        assert (dict(photo.getexif()), photo.info["dpi"]) == ({}, (300, 300))
        # Orientation 6: what the sensor saw at the upper left belongs at the upper right.
        assert (near(photo, 0.75, 0.25), near(photo, 0.25, 0.25)) == (RED, WHITE)
    assert files(received.folder) == ["file", "page-1.webp", "thumb-1.webp"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.jpg", lambda: samples.jpeg(comment="长春市朝阳区")),
        ("截图.png", lambda: samples.in_bytes(samples.scan(mode="RGBA"), "PNG", **HIDDEN)),
    ],
)
def test_nothing_is_carried_over_from_beside_the_pixels(name, content, upload):
    received, _examined = upload(content(), name)
    with Image.open(received.path) as kept:
        assert set(kept.info) <= {"dpi", "jfif", "jfif_density", "jfif_unit", "jfif_version"}


def test_writing_a_photo_anew_keeps_its_compression(upload):
    with Image.open(io.BytesIO(samples.jpeg(quality=77))) as before:
        tables = before.quantization
    received, _examined = upload(samples.jpeg(quality=77), "照片.jpg")
    with Image.open(received.path) as after:
        assert after.quantization == tables


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_taken_and_shown(mode, upload):
    received, examined = upload(samples.png(mode), "截图.png")
    assert examined.kind == Kind("image/png", "png", 1, 300, 200)
    assert b"Zhang San" not in received.path.read_bytes()
    with Image.open(received.folder / "page-1.webp") as page:
        assert page.size == (300, 200)
        assert near(page, 0.75, 0.75) == WHITE


def test_sixteen_bits_of_grey_stay_grey(upload):
    grey = Image.new("I;16", (20, 20), 65535)
    received, _examined = upload(samples.in_bytes(grey, "PNG"), "底片.png")
    with Image.open(received.path) as kept:
        assert (kept.mode, kept.getpixel((5, 5))) == ("L", 255)


def test_transparency_lies_on_white(upload):
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    received, _examined = upload(samples.in_bytes(clear, "PNG"), "签名.png")
    with Image.open(received.folder / "page-1.webp") as page:
        assert near(page, 0.5, 0.5) == WHITE


def test_the_colours_of_a_printer_become_those_of_a_screen(upload):
    printed = samples.in_bytes(samples.scan(mode="CMYK"), "JPEG", quality=95)
    received, _examined = upload(printed, "扫描.jpg")
    with Image.open(received.path) as kept:
        assert (kept.mode, near(kept, 0.25, 0.25)) == ("RGB", RED)


def test_the_largest_picture_is_taken_within_the_limits(upload):
    largest = samples.in_bytes(samples.scan(5000, 5000, "RGBA"), "PNG", compress_level=1)
    received, examined = upload(largest, "大图.png")
    assert (examined.kind.width, examined.kind.height) == (5000, 5000)
    with Image.open(received.folder / "page-1.webp") as page:
        assert page.size == (1600, 1600)
