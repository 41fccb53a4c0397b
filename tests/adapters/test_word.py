"""Word files are kept, and never shown."""

import pytest

from adapters.inspection import Kind
from tests.adapters import samples
from tests.adapters.looking import files


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("工作报告.doc", samples.doc, "application/msword"),
        (
            "工作报告.docx",
            samples.docx,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_word_files_are_kept_and_have_no_pages(name, content, mime, upload):
    received, examined = upload(content(), name)
    assert examined.kind == Kind(mime, name.rpartition(".")[2], 0, 0, 0)
    assert examined.sha256 == received.sha256
    assert files(received.folder) == ["file"]


@pytest.mark.parametrize(
    ("what", "where"),
    [("hyperlink", "https://example.org"), ("attachedTemplate", r"file:///C:\Users\a\Normal.dotm")],
)
def test_links_in_a_document_are_harmless(what, where, upload):
    relations = samples.RELATIONS % (what, where)
    _received, examined = upload(
        samples.docx(**{"word/_rels/document.xml.rels": relations}), "工作报告.docx"
    )
    assert examined.kind.extension == "docx"
