"""Word files (doc, docx): looked at, never shown; auditors download them (decisions 23)."""

import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

import olefile

from adapters.inspection import MISMATCH, Upload
from models.words import _

MEMBERS = 2000
UNPACKED_BYTES = 100 * 1024**2
RATIO = 100
"""Unpacked to packed size of the whole file; text reaches 20."""

NOT_WORD = _("“%(name)s”没有上传：内容不是 Word 文档，请用 Word 或 WPS 另存为 DOCX 后再上传。")
BOMB = _("“%(name)s”没有上传：文档展开后过大，请压缩其中的图片，或另存为 PDF 后再上传。")
MACRO = _("“%(name)s”没有上传：文档里有宏，请另存为不带宏的 DOCX 或 PDF 后再上传。")
LOCKED = _("“%(name)s”没有上传：文档设有打开密码，请取消密码后再上传。")
OUTSIDE = _("“%(name)s”没有上传：文档引用了网上的模板或对象，请另存为 PDF 后再上传。")

_MAIN_TYPE = b"wordprocessingml.document.main+xml"
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_MACRO_STORAGES = {"macros", "vba", "_vba_project_cur"}
_FETCHED = ("attachedTemplate", "oleObject", "frame", "subDocument")
_ENCRYPTED = 0x0100  # the bit fEncrypted of the FIB, [MS-DOC] 2.5.2


def check(upload: Upload) -> None:
    """Raises ``Refused``; errors of zipfile and olefile mean that the file is broken."""
    if olefile.isOleFile(upload.path):
        _check_binary(upload)
        return
    with zipfile.ZipFile(upload.path) as package:
        _check_size(upload, package)
        _check_parts(upload, package)


def _check_size(upload: Upload, package: zipfile.ZipFile) -> None:
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / upload.path.stat().st_size
    if len(members) > MEMBERS or unpacked > UNPACKED_BYTES or ratio > RATIO:
        raise upload.refused(BOMB, 413)


def _check_parts(upload: Upload, package: zipfile.ZipFile) -> None:
    names = package.namelist()
    unsafe = any(PurePosixPath(name).is_absolute() or ".." in name.split("/") for name in names)
    if unsafe or not {"[Content_Types].xml", "word/document.xml"} <= set(names):
        raise upload.refused(NOT_WORD)
    types = package.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.lower().endswith(_MACRO_PARTS) for name in names):
        raise upload.refused(MACRO)
    if _MAIN_TYPE not in types:
        raise upload.refused(NOT_WORD)
    # Reading to the end checks each part's CRC, and that no size in the directory lies.
    if package.testzip():
        raise zipfile.BadZipFile
    if any(_fetches(package.read(name)) for name in names if name.endswith(".rels")):
        raise upload.refused(OUTSIDE)


def _fetches(relations: bytes) -> bool:
    """Would Word fetch something from elsewhere on opening? Links in the text are harmless."""
    return any(
        one.get("TargetMode") == "External"
        and one.get("Type", "").endswith(_FETCHED)
        and one.get("Target", "").lower().startswith(("http:", "https:", "ftp:", "\\\\", "file://"))
        and not one.get("Target", "").lower().startswith("file:///")
        for one in ElementTree.fromstring(relations)
    )


def _check_binary(upload: Upload) -> None:
    """The format of Word 97–2003, and what a password makes of a docx."""
    with olefile.OleFileIO(upload.path) as storage:
        if storage.exists("EncryptedPackage"):
            raise upload.refused(LOCKED)
        if not storage.exists("WordDocument"):
            raise upload.refused(NOT_WORD)
        if upload.extension != "doc":
            raise upload.refused(MISMATCH, claimed=upload.extension, found="doc")
        parts = {part.lower() for path in storage.listdir(storages=True) for part in path}
        if parts & _MACRO_STORAGES:
            raise upload.refused(MACRO)
        flags = storage.openstream("WordDocument").read(12)[10:12]
        if int.from_bytes(flags, "little") & _ENCRYPTED:
            raise upload.refused(LOCKED)
