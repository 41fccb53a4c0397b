"""Names made harmless, and the first look at a file."""

import pytest

from adapters.inspection import NAME_LENGTH, Refused, clean_name, recognise
from models.words import NotAllowed

HAN = "职" * 300

NAMES = {
    "身份证.pdf": "身份证.pdf",
    "张𠮷.pdf": "张𠮷.pdf",
    "奖状🏆.jpg": "奖状🏆.jpg",
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "C:\\Users\\张三\\证书.pdf": "证书.pdf",
    "/": "未命名",
    "..": "未命名",
    "": "未命名",
    ".pdf": "未命名.pdf",
    "   .pdf": "未命名.pdf",
    "证书.pdf\0.exe": "证书.pdf.exe",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie_ x=1.pdf",
    "发票\u202efdp.exe": "发票fdp.exe",
    "零\u200b宽\ufeff.pdf": "零宽.pdf",
    "半个\ud83d.pdf": "半个.pdf",
    "行\u2028段\u2029.pdf": "行段.pdf",
    "cafe\u0301.pdf": "café.pdf",
    "人名\ue000.pdf": "人名\ue000.pdf",
    "非字\uffff\U0001fffe.pdf": "非字.pdf",
    '引"<>|?*:.pdf': "引_______.pdf",
    "多  个\u3000空格 .pdf": "多 个 空格.pdf",
    "尾.pdf. . ": "尾.pdf",
    "第1.2节": "第1.2节",
    HAN + ".pdf": HAN[: NAME_LENGTH - 4] + ".pdf",
    HAN: HAN[:NAME_LENGTH],
    "a." + "b" * 200: "a." + "b" * (NAME_LENGTH - 2),
}


@pytest.mark.parametrize(("name", "clean"), NAMES.items(), ids=map(ascii, NAMES))
def test_a_name_is_made_harmless(name, clean):
    assert clean_name(name) == clean
    assert clean_name(clean) == clean


def test_jpeg_and_jpg_are_one(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    assert recognise(file, "照片.JPEG", ("jpg",)).extension == "jpg"
    assert recognise(file, "照片.jpg", ("jpeg",)).extension == "jpg"


def test_a_refusal_is_a_sentence_with_a_status(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(NotAllowed) as refusal:
        recognise(file, "../照片.jpg", ("jpg",))
    assert isinstance(refusal.value, Refused)
    assert refusal.value.status == 400
    assert refusal.value.sentence.values == {"name": "照片.jpg"}
    assert str(refusal.value) == "“照片.jpg”没有上传：文件是空的，请重新选择文件。"
