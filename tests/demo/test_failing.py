"""All or nothing: a run that breaks off, or is killed, leaves nothing that a later one minds."""

import io

import pytest
from sqlalchemy.orm import Session

from demo import evidence
from demo.evidence import PAPERS
from demo.filling import fill, is_empty
from demo.history import History
from tests.demo.province import tools

REPORT = tuple(paper for paper in PAPERS if paper.code == "U01")
"""All that a province without declarations asks for."""


class LightsOutError(Exception):
    """Something that nobody foresaw."""


def test_a_run_that_breaks_off_leaves_nothing(db, monkeypatch):
    def play(history, stories):
        raise LightsOutError

    monkeypatch.setattr(evidence, "PAPERS", REPORT)
    monkeypatch.setattr(History, "play", play)
    with db.app.app_context(), pytest.raises(LightsOutError):
        fill(tools(db.app), 0, 1)
    with Session(db.engine) as session:
        assert is_empty(session)
    assert [path for path in db.files.rglob("*") if path.is_file()] == []


def test_what_a_killed_run_has_left_is_cleared_away(db, monkeypatch):
    monkeypatch.setattr(evidence, "PAPERS", REPORT)
    store = db.app.extensions["files"]
    left = store.keep(store.receive(io.BytesIO(b"left"), 10))
    with db.app.app_context():
        fill(tools(db.app), 0, 1)
    assert not store.path(left).exists()
    with Session(db.engine) as session:
        assert not is_empty(session)
