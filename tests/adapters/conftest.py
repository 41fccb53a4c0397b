"""A store, and what a screen does with an upload."""

import io

import pytest

from adapters.sandbox import Examined, examine
from adapters.store import FileStore, Received

ALL = ("pdf", "jpg", "jpeg", "png", "doc", "docx")


@pytest.fixture
def store(tmp_path) -> FileStore:
    return FileStore(tmp_path / "store")


@pytest.fixture
def upload(store):
    """Receive and examine, as a screen does; what is refused is discarded."""

    def send(content: bytes, name: str, extensions=ALL) -> tuple[Received, Examined]:
        received = store.receive(io.BytesIO(content), 20 * 2**20, name)
        try:
            return received, examine(received.path, name, extensions, received.folder)
        except BaseException:
            store.discard(received)
            raise

    return send
