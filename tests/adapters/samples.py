"""Files as people send them: honest ones."""

import io
import struct
import zipfile

import pikepdf
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

PLACE = {1: "N", 2: (43.0, 53.0, 1.0), 3: "E", 4: (125.0, 19.0, 1.0)}
"""GPS of a flat in Changchun: what a photo must not tell."""

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/%s" Target="%s" TargetMode="External"/></Relationships>'
)


def in_bytes(picture: Image.Image, kind: str, **options) -> bytes:
    """The picture as a file of that kind."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scan(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A white sheet whose upper left quarter is red, so that one sees how it lies."""
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 2), "red")
    return picture.convert(mode)


def jpeg(**options) -> bytes:
    """A plain photo."""
    return in_bytes(scan(), "JPEG", **{"quality": 90, "dpi": (300, 300)} | options)


def profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def telling_jpeg() -> bytes:
    """A photo taken upright (orientation 6), with place, device, comment and profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0110] = "Mate 60 Pro"
    exif.get_ifd(0x8825).update(PLACE)
    return jpeg(exif=exif, comment="长春市朝阳区", icc_profile=profile())


def png(mode: str = "RGB") -> bytes:
    """A picture with a text beside the pixels."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Zhang San")
    return in_bytes(scan(mode=mode), "PNG", pnginfo=notes)


def pdf(pages: int = 1, edit=None, **options) -> bytes:
    """A PDF with a red field on each page; ``edit(document)`` puts in more."""
    document = pikepdf.new()
    for _page in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.Contents = document.make_stream(b"1 0 0 rg 0 421 297 421 re f")
    if edit:
        edit(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def stamped_pdf() -> bytes:
    """A PDF whose seal is the appearance of a signature field (电子签章)."""

    def stamp(document: pikepdf.Pdf) -> None:
        seal = document.make_stream(b"0 0 1 rg 0 0 100 100 re f")
        seal.Subtype, seal.BBox = pikepdf.Name.Form, [0, 0, 100, 100]
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="seal",
            F=4,
            Rect=[400, 100, 500, 200],
            AP=pikepdf.Dictionary(N=seal),
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(field)])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=document.pages[0].Annots, SigFlags=3)

    return pdf(edit=stamp)


def docx(**parts: str | bytes) -> bytes:
    """A Word document; ``parts`` are added or replaced."""
    written = {
        "[Content_Types].xml": CONTENT_TYPES,
        "word/document.xml": "<w:document>工作报告</w:document>",
    } | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in written.items():
            package.writestr(name, content)
    return out.getvalue()


def compound(*streams: str, start: bytes = b"") -> bytes:
    """An OLE2 file (MS-CFB) with up to three streams of 4096 bytes beginning with ``start``."""
    sectors = [0xFFFFFFFD, 0xFFFFFFFE]  # the table of sectors itself, the directory
    entries = [_entry("Root Entry", 5, child=1)]
    for number, name in enumerate(streams, 1):
        following = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, right=following, begin=len(sectors), size=4096))
        sectors += [*range(len(sectors) + 1, len(sectors) + 8), 0xFFFFFFFE]
    table = struct.pack("<128I", *(sectors + [0xFFFFFFFF] * (128 - len(sectors))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE,
        0, 0,
    )  # fmt: skip
    directory = b"".join(entries).ljust(512, b"\0")
    return header.ljust(512, b"\xff") + table + directory + start.ljust(4096, b"\0") * len(streams)


def _entry(name, kind, *, right=0xFFFFFFFF, child=0xFFFFFFFF, begin=0xFFFFFFFE, size=0) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        *(text, len(text), kind, 1, 0xFFFFFFFF, right, child, 0, begin, size),
    )


def doc() -> bytes:
    """A document of Word 97–2003: what the format demands at its beginning."""
    return compound("WordDocument", "1Table", start=b"\xec\xa5\xc1\x00" + bytes(8))
