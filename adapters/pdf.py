"""PDF: opened by qpdf (pikepdf), which sees keys in object streams and names in hex too.

The file is kept as it was: official reports are signed, and a signature covers each byte.
So what could act is refused, not removed. A file that opens without a password is taken
even if its printing or editing is restricted, as official downloads often are: it is
decrypted and searched like any other.
"""

import re
import zipfile
from collections.abc import Iterator

import pikepdf

from adapters.inspection import BROKEN, Upload
from models.words import _

PAGES = 200

PASSWORD = _("“%(name)s”没有上传：PDF 设有打开密码，请取消密码后再上传。")
NO_PAGES = _("“%(name)s”没有上传：PDF 里一页也没有，请重新导出后再上传。")
TOO_MANY_PAGES = _(
    "“%(name)s”没有上传：PDF 有 %(pages)s 页，最多 200 页，请只留需要的页，或分成几个文件上传。"
)
ACTIVE = _(
    "“%(name)s”没有上传：PDF 里有脚本、自动动作或夹带的文件（%(found)s），"
    "请用“打印为 PDF”重新生成后再上传。"
)
MIXED = _("“%(name)s”没有上传：PDF 末尾不完整，或接有别的内容，请用“打印为 PDF”重新生成后再上传。")

ACTIVE_KEYS = {
    *("/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles"),
    *("/RichMediaContent", "/RichMediaSettings"),
}
ACTIVE_NAMES = {
    "/S": {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute"),
    },
    "/Type": {"/EmbeddedFile"},
    "/Subtype": {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"},
}
"""ISO 32000: actions, annotations and file parts that do more than show a page."""

_SUSPICIOUS = re.compile("|".join(sorted(ACTIVE_KEYS.union(*ACTIVE_NAMES.values()))).encode())
_END = re.compile(rb"%%EOF[\s\0]*\Z")
_END_BYTES = 2048


def check(upload: Upload) -> int:
    """The number of pages. Raises ``Refused``; errors of qpdf mean that it is broken."""
    try:
        with pikepdf.open(upload.path) as document:
            pages = len(document.pages)
            if not pages:
                raise upload.refused(NO_PAGES, 400)
            if pages > PAGES:
                raise upload.refused(TOO_MANY_PAGES, 413, pages=pages)
            if found := _active(document):
                raise upload.refused(ACTIVE, found=found)
    except pikepdf.PasswordError:
        raise upload.refused(PASSWORD) from None
    except pikepdf.PdfError:
        raise upload.refused(BROKEN, 400) from None
    _check_ends(upload)
    return pages


def _check_ends(upload: Upload) -> None:
    """Nothing may follow the end, nor may the file be an archive (ZIP) as well."""
    with upload.path.open("rb") as file:
        file.seek(max(0, upload.path.stat().st_size - _END_BYTES))
        ends = _END.search(file.read())
    if not ends or zipfile.is_zipfile(upload.path):
        raise upload.refused(MIXED)


def _active(document: pikepdf.Pdf) -> str:
    """The first key or name that could act, in any object whether used or not; or ``""``.

    A book has 100,000 objects: each is first searched as text, written out by qpdf, and
    only one that shows a suspicious word is taken apart.
    """
    for one in (document.trailer, *document.objects):
        if _SUSPICIOUS.search(_written(one)) and (found := _active_in(one)):
            return found
    return ""


def _written(one: pikepdf.Object) -> bytes:
    dictionary = one.stream_dict if isinstance(one, pikepdf.Stream) else one
    return dictionary.unparse(resolved=True)


def _active_in(one: pikepdf.Object) -> str:
    for dictionary in _dictionaries(one):
        for key, value in dictionary.items():
            if key in ACTIVE_KEYS:
                return key
            if isinstance(value, pikepdf.Name) and value in ACTIVE_NAMES.get(key, ()):
                return str(value)
    return ""


def _dictionaries(one: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """An object's dictionaries, those in its arrays too; references are not followed."""
    waiting = [one]
    while waiting:
        current = waiting.pop()
        if isinstance(current, (pikepdf.Dictionary, pikepdf.Stream)):
            yield current
            parts = (part for _key, part in current.items())
        elif isinstance(current, pikepdf.Array):
            parts = iter(current)
        else:
            continue
        waiting += (
            part for part in parts if isinstance(part, pikepdf.Object) and not part.is_indirect
        )
