"""The file store: whole or absent, and nothing outside its folder."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import store as module
from adapters.inspection import Refused
from adapters.store import FileStore
from tests.adapters.looking import files

ROOT = Path(module.__file__).parent.parent
CONTENT = bytes(range(256)) * 3000
LIMIT = len(CONTENT)


def kept(store: FileStore, content: bytes = CONTENT) -> str:
    return store.keep(store.receive(io.BytesIO(content), LIMIT))


def aged(folder: Path, hours: int) -> None:
    """Let everything in the folder have been written hours ago."""
    for path in list(folder.rglob("*")):
        before = path.stat().st_mtime - hours * 3600
        os.utime(path, (before, before))


class Leaving(io.BytesIO):
    """A client that leaves in the middle."""

    def read(self, size=-1):
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def test_a_file_comes_back_as_it_was_sent(store):
    received = store.receive(io.BytesIO(CONTENT), LIMIT)
    assert (received.size, received.sha256) == (LIMIT, hashlib.sha256(CONTENT).hexdigest())
    token = store.keep(received)
    with store.open(token) as file:
        assert file.read() == CONTENT
    assert not received.path.exists()


def test_nobody_else_on_the_machine_may_read(store):
    path = store.path(kept(store))
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    folders = [path.parent, path.parent.parent, path.parent.parent.parent]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}


def test_what_lies_beside_a_file_is_kept_and_removed_with_it(store, tmp_path):
    received = store.receive(io.BytesIO(CONTENT), LIMIT)
    (received.folder / module.page_name(1)).write_bytes(b"page")
    (received.folder / module.thumb_name(1)).write_bytes(b"thumb")
    token = store.keep(received)
    assert store.page_path(token, 1).read_bytes() == b"page"
    assert store.thumb_path(token, 1).read_bytes() == b"thumb"
    store.remove(token)
    assert files(tmp_path) == []
    store.remove(token)  # a second time is no error: the deletion may be retried


def test_a_byte_too_many_is_refused_and_leaves_nothing(store, tmp_path):
    with pytest.raises(Refused) as refusal:
        store.receive(io.BytesIO(CONTENT + b"x"), LIMIT, "../论文.pdf")
    assert refusal.value.status == 413
    assert str(refusal.value) == (
        "“论文.pdf”没有上传：文件超过 0.732 MB，请压缩或降低分辨率后再上传。"
    )
    assert files(tmp_path) == []


def test_a_stream_without_end_is_cut_off(store, tmp_path):
    with open("/dev/zero", "rb") as endless, pytest.raises(Refused, match="文件超过 5 MB"):
        store.receive(endless, 5 * 2**20)
    assert files(tmp_path) == []


def test_a_client_that_leaves_leaves_nothing(store, tmp_path):
    with pytest.raises(ConnectionResetError):
        store.receive(Leaving(CONTENT), LIMIT)
    assert list((tmp_path / "store" / "incoming").iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path):
    program = """
import io, resource, sys
from adapters.store import FileStore
from tests.adapters.looking import files
store = FileStore(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
store.receive(io.BytesIO(bytes(600_000)), 10**6)
"""
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, check=False
    )
    assert b"OSError: [Errno 27] File too large" in told.stderr
    assert files(tmp_path) == []


def test_discarding_leaves_nothing(store, tmp_path):
    received = store.receive(io.BytesIO(CONTENT), LIMIT)
    store.discard(received)
    store.discard(received)
    assert list((tmp_path / "store" / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "token",
    ["", "..", "../../etc/passwd", "/etc/passwd", "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n",
     "0" * 30 + "\0\0", "０" * 32],
)  # fmt: skip
def test_no_other_token_leads_anywhere(token, store):
    for ask in (store.path, store.folder, store.open, store.remove):
        with pytest.raises(ValueError, match="token"):
            ask(token)
    for ask in (store.page_path, store.thumb_path):
        with pytest.raises(ValueError, match="token"):
            ask(token, 1)


def test_a_token_without_a_file_is_not_found(store):
    with pytest.raises(FileNotFoundError):
        store.open("0" * 32)


def test_the_sweeper_takes_what_no_row_knows_and_nothing_younger(store, tmp_path):
    known, lost = kept(store), kept(store)
    aged(tmp_path, hours=2)
    young = kept(store)
    assert store.sweep({known}, 3600) == [lost]
    there = [token for token in (known, lost, young) if store.path(token).exists()]
    assert there == [known, young]


def test_the_sweeper_takes_unfinished_uploads_pictures_and_deletions(store, tmp_path):
    token = kept(store)
    store.receive(io.BytesIO(CONTENT), LIMIT)
    (store.folder(token) / "page-7.webp.123.tmp").write_bytes(b"half")
    grave = tmp_path / "store" / "gone" / ("1" * 32)
    grave.mkdir()
    (grave / "file").write_bytes(b"deleted by half")
    assert store.sweep({token}, 3600) == []
    assert files(tmp_path) == ["file", "file", "page-7.webp.123.tmp"]
    aged(tmp_path, hours=2)
    store.sweep({token}, 3600)
    assert files(tmp_path) == ["file"]


@pytest.mark.parametrize("moment", ["reading", "before fsync", "before rename", "after rename"])
def test_after_a_kill_a_file_is_whole_or_gone(moment, tmp_path):
    program = """
import io, os, signal, sys
from adapters import store as module
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
class Stream(io.BytesIO):
    def read(self, size=-1):
        if self.tell() and sys.argv[2] == "reading": die()
        return super().read(size)
store = module.FileStore(sys.argv[1])
received = store.receive(Stream(bytes(600_000)), 10**6)
if sys.argv[2] == "before fsync": module._flush = die
if sys.argv[2] == "before rename": os.rename = die
store.keep(received)
die()
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), moment], cwd=ROOT, check=False
    )
    assert ended.returncode == -9
    store = FileStore(tmp_path)
    whole = list((tmp_path / "kept").rglob("file"))
    assert [path.stat().st_size for path in whole] == [600_000] * (moment == "after rename")
    aged(tmp_path, hours=2)
    store.sweep(set(), 3600)
    assert files(tmp_path) == []


def test_a_file_is_kept_once_more_under_a_token_of_its_own(store):
    received = store.receive(io.BytesIO(CONTENT), LIMIT)
    (received.folder / module.page_name(1)).write_bytes(b"page")
    token = store.keep(received)
    other = store.link(token)
    assert other != token
    assert store.path(other).read_bytes() == CONTENT
    assert store.page_path(other, 1).read_bytes() == b"page"
    assert store.path(other).stat().st_ino == store.path(token).stat().st_ino
    assert oct(store.folder(other).stat().st_mode & 0o777) == "0o700"
    store.remove(token)
    assert store.path(other).read_bytes() == CONTENT
    assert store.sweep({other}, 0) == []


def test_a_file_is_copied_where_the_file_system_has_no_links(store, monkeypatch):
    def link(source, target):
        raise PermissionError(1, "Operation not permitted")

    token = kept(store)
    monkeypatch.setattr(module.os, "link", link)
    path = store.path(store.link(token))
    assert path.read_bytes() == CONTENT
    assert path.stat().st_ino != store.path(token).stat().st_ino
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_what_is_not_there_cannot_be_linked(store, tmp_path):
    with pytest.raises(FileNotFoundError):
        store.link("0" * 32)
    assert files(tmp_path) == []
