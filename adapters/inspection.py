"""What a file claims to be: its first bytes, its extension, its name.

Nothing is parsed here; that is for the child process (``adapters.render``).
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.words import NotAllowed, _

EMPTY = _("“%(name)s”没有上传：文件是空的，请重新选择文件。")
FORMAT = _("“%(name)s”没有上传：这里只收 %(formats)s 文件，请另存为其中一种后再上传。")
UNKNOWN = _(
    "“%(name)s”没有上传：内容不是 %(formats)s，只改扩展名没有用，请用原来的软件另存后再上传。"
)
MISMATCH = _(
    "“%(name)s”没有上传：扩展名是 %(claimed)s，内容却是 %(found)s，"
    "请把扩展名改成 %(found)s 后再上传。"
)
BROKEN = _("“%(name)s”没有上传：文件不完整或已损坏，打不开，请重新导出或扫描后再上传。")
TOO_COMPLEX = _(
    "“%(name)s”没有上传：内容过于复杂，在限定的时间和内存里打不开，"
    "请降低分辨率重新扫描，或用“打印为 PDF”重新生成后再上传。"
)
UNNAMED = _("未命名")

NAME_LENGTH = 120
"""Characters of a kept file name, its extension included."""

_NAME = re.compile(r"(.*?)(\.[0-9A-Za-z]{1,10})?")
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"PK\x03\x04", "docx"),
)
_MIME = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Refused(NotAllowed):
    """A file that is not taken: 400 broken, 413 too large, 415 of a kind not wanted."""

    def __init__(self, msgid: str, status: int = 415, **values: Any):
        super().__init__(msgid, **values)
        self.status = status


@dataclass(frozen=True)
class Kind:
    """What a file is. Width and height in pixels, of pictures only; Word files have no pages."""

    mime: str
    extension: str
    pages: int
    width: int
    height: int


@dataclass(frozen=True)
class Upload:
    """A file on its way in: where it lies, its harmless name, what it says it is."""

    path: Path
    name: str
    extension: str

    def refused(self, msgid: str, status: int = 415, **values: Any) -> Refused:
        """The refusal of this file; ``msgid`` may name it as ``%(name)s``."""
        return Refused(msgid, status, name=self.name, **values)


def mime_of(extension: str) -> str:
    """The media type of one of the five extensions; KeyError for others."""
    return _MIME[extension]


def recognise(path: Path, filename: str, extensions: tuple[str, ...]) -> Upload:
    """The upload, if its first bytes and its extension agree and ``extensions`` has them.

    ``jpeg`` and ``jpg`` are one. A password-protected ``docx`` begins like a ``doc``; the
    child tells the two apart. Raises ``Refused`` (400 empty, 415).
    """
    name = clean_name(filename)
    claimed, allowed = _canonical(Path(name).suffix), {_canonical(one) for one in extensions}
    upload = Upload(path, name, claimed)
    formats = "/".join(dict.fromkeys(_canonical(one).upper() for one in extensions))
    if path.stat().st_size == 0:
        raise upload.refused(EMPTY, 400)
    if claimed not in allowed:
        raise upload.refused(FORMAT, formats=formats)
    found = _kind_of_content(path)
    if found not in allowed and not (found == "doc" and claimed == "docx"):
        raise upload.refused(UNKNOWN, formats=formats)
    if found != claimed and (found, claimed) != ("doc", "docx"):
        raise upload.refused(MISMATCH, claimed=claimed, found=found)
    return upload


def clean_name(name: str) -> str:
    """The name as it is shown and offered for download; never used in a path.

    NFC; without folders, control, format (also bidirectional) and surrogate characters;
    at most 120 characters with the extension kept; never empty. Characters of the private
    use area stay: rare characters of personal names are typed with them.
    """
    seen = "".join(character for character in name if _harmless(character))
    last = re.split(r"[/\\]", seen.rstrip("/\\ ."))[-1]
    last = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", unicodedata.normalize("NFC", last)))
    stem, extension = _NAME.fullmatch(last).groups("")
    return (stem.strip(" .")[: NAME_LENGTH - len(extension)].rstrip(" .") or UNNAMED) + extension


def _harmless(character: str) -> bool:
    category = unicodedata.category(character)
    no_character = ord(character) & 0xFFFE == 0xFFFE
    return category not in ("Cc", "Cf", "Cs", "Zl", "Zp") and not no_character


def _canonical(extension: str) -> str:
    extension = extension.lower().lstrip(".")
    return "jpg" if extension == "jpeg" else extension


def _kind_of_content(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    return next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
