"""The files: what is drawn is what it says, with and without a Chinese font."""

import io
from random import Random

import pytest
from PIL import Image

from adapters.store import FileStore
from demo import drawing, evidence
from demo.evidence import PAPERS, Paper, Pool
from demo.fonts import font
from models.attachment import file_rule
from tests.models.books import book

MAGIC = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG"}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.code)
def test_a_file_is_what_its_proof_takes(paper: Paper):
    written, rule = evidence._written(paper, Random(1)), file_rule(book(), paper.code)
    assert written.startswith(MAGIC[paper.extension])
    assert paper.extension in rule.extensions
    assert len(written) < rule.limit_bytes


def test_the_photo_has_the_size_that_is_advised():
    paper = next(paper for paper in PAPERS if paper.code == "A05")
    picture = Image.open(io.BytesIO(evidence._written(paper, Random(1))))
    assert picture.size == (413, 626)


@pytest.mark.parametrize("paper", PAPERS[:5], ids=lambda paper: paper.code)
def test_without_a_chinese_font_latin_words_stand_in(paper: Paper, monkeypatch):
    font.cache_clear()
    drawing._ground.cache_clear()
    monkeypatch.setattr("demo.fonts.chinese", lambda: None)
    monkeypatch.setattr("demo.drawing.chinese", lambda: None)
    pages = paper.paint(paper.look, Random(1))
    font.cache_clear()
    drawing._ground.cache_clear()
    assert len(pages) == paper.look.pages
    assert all(len(page.convert("L").getcolors()) > 1 for page in pages)


def test_each_row_has_a_file_of_its_own(tmp_path, monkeypatch):
    few = tuple(paper for paper in PAPERS if paper.code in ("A01", "U01"))
    monkeypatch.setattr(evidence, "PAPERS", few)
    store, rng = FileStore(tmp_path), Random(1)
    pool = Pool(store, book())
    assert pool.fill(rng, 2) == 3
    rows = [pool.attachment("U01", rng, None, "somebody") for _ in range(3)]
    pool.close()
    assert len({row.token for row in rows}) == 3
    assert [row.pages for row in rows] == [2, 2, 2]
    assert len(list((tmp_path / "kept").glob("??/*"))) == 3
    for row in rows:
        assert store.path(row.token).stat().st_size == row.size
        assert store.page_path(row.token, 2).exists()
    pool.undo()
    assert list((tmp_path / "kept").glob("??/*")) == []
