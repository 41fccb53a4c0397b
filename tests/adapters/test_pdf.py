"""PDF is kept as it is and shown page by page."""

import pikepdf
import pytest
from PIL import Image

from adapters.inspection import Kind, Refused
from adapters.sandbox import render_page
from tests.adapters import samples
from tests.adapters.looking import BLUE, RED, WHITE, files, near


def test_a_pdf_is_kept_byte_by_byte_with_the_images_of_its_first_pages(upload):
    content = samples.pdf(7)
    received, examined = upload(content, "论文.PDF")
    assert examined.kind == Kind("application/pdf", "pdf", 7, 0, 0)
    assert (examined.size, examined.sha256) == (received.size, received.sha256)
    assert received.path.read_bytes() == content
    shown = [f"{what}-{page}.webp" for what in ("page", "thumb") for page in range(1, 6)]
    assert files(received.folder) == ["file", *shown]
    with Image.open(received.folder / "page-5.webp") as page:
        assert (page.format, max(page.size)) == ("WEBP", 1600)
        assert (near(page, 0.25, 0.25), near(page, 0.75, 0.75)) == (RED, WHITE)
    with Image.open(received.folder / "thumb-5.webp") as thumb:
        assert thumb.height == 116


def test_later_pages_are_made_when_somebody_turns_to_them(upload, store):
    received, _examined = upload(samples.pdf(12), "论文.pdf")
    token = store.keep(received)
    assert not store.page_path(token, 8).exists()
    render_page(store.path(token), 8, store.folder(token))
    made = [page for page in range(1, 13) if store.page_path(token, page).exists()]
    assert made == list(range(1, 11))
    assert store.thumb_path(token, 8).exists()


def test_a_page_that_is_not_there_is_refused(upload):
    received, _examined = upload(samples.pdf(2), "论文.pdf")
    with pytest.raises(Refused, match="第 3 页显示不了，请下载原件查看。"):
        render_page(received.path, 3, received.folder)


def test_the_seal_of_an_electronic_signature_is_seen(upload):
    received, _examined = upload(samples.stamped_pdf(), "公示表.pdf")
    with Image.open(received.folder / "page-1.webp") as page:
        assert near(page, 450 / 595, 1 - 150 / 842) == BLUE


def test_a_pdf_that_only_forbids_printing_is_taken(upload):
    restricted = samples.pdf(2, encryption=pikepdf.Encryption(owner="学信网", user=""))
    received, examined = upload(restricted, "学历验证报告.pdf")
    assert examined.kind.pages == 2
    with Image.open(received.folder / "page-2.webp") as page:
        assert near(page, 0.25, 0.25) == RED


def test_links_and_an_opening_view_are_harmless(upload):
    def edit(document: pikepdf.Pdf) -> None:
        address = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/JS")
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=address)
        document.pages[0].Annots = pikepdf.Array([note])
        document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])
        document.docinfo["/Title"] = "/JS /Launch /JavaScript"

    _received, examined = upload(samples.pdf(edit=edit), "论文.pdf")
    assert examined.kind.pages == 1
