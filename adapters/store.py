"""The file store (附件库): uploaded files under random names, outside the web root.

One folder holds one file and its page images::

    incoming/<token>/            being received and examined
    kept/<ab>/<token>/file       what was uploaded, and beside it
                     page-1.webp thumb-1.webp …
    gone/<token>/                being deleted

A folder moves by one rename, so a file is in the store whole or not at all; ``sweep``
clears what a crash left. Nothing of the user's is ever part of a path. Ordered use: a file
is kept before its row is committed, and removed after the deletion of its row is committed.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from adapters.inspection import Refused, clean_name
from models.words import _

TOO_LARGE = _("“%(name)s”没有上传：文件超过 %(limit)s，请压缩或降低分辨率后再上传。")

CLEANED = "cleaned"
"""What the child calls the re-encoded picture that takes the place of the upload."""

_CHUNK = 256 * 1024
_TOKEN = re.compile(r"[0-9a-f]{32}")
_FILE = "file"


@dataclass(frozen=True)
class Received:
    """A file that is here but not kept yet. ``size`` in bytes, ``sha256`` in hex."""

    path: Path
    size: int
    sha256: str

    @property
    def folder(self) -> Path:
        """Its own folder: what is laid there (page images) is kept or discarded with it."""
        return self.path.parent


class FileStore:
    """Files on disk under tokens of 32 hexadecimal digits."""

    def __init__(self, folder: str | os.PathLike):
        self._incoming, self._kept, self._gone = (
            Path(folder).resolve() / part for part in ("incoming", "kept", "gone")
        )
        for part in (self._incoming, self._kept, self._gone):
            part.mkdir(parents=True, exist_ok=True, mode=0o700)

    def receive(self, stream: BinaryIO, limit_bytes: int, filename: str = "") -> Received:
        """Write the stream down; ``Refused`` (413) as soon as it passes ``limit_bytes``.

        Whatever goes wrong (the client leaves, the disk is full), nothing remains.
        """
        folder = self._incoming / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        try:
            return _written(stream, folder / _FILE, limit_bytes, filename)
        except BaseException:
            shutil.rmtree(folder)
            raise

    def keep(self, received: Received) -> str:
        """Make it durable and move it into the store; the token of its row."""
        for path in (*received.folder.iterdir(), received.folder):
            _flush(path)
        token = received.folder.name
        target = self._folder(token)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        os.rename(received.folder, target)
        for path in (target.parent, self._kept, self._incoming):
            _flush(path)
        return token

    def link(self, token: str) -> str:
        """Keep once more what is kept under ``token``; the new token. FileNotFoundError if
        there is no such file.

        The bytes are shared where the file system can, since nothing here writes into a file
        that is kept. It is whole or absent as always, but durable only once the system has
        written its folders: who links many files calls ``os.sync`` once before the commit.
        """
        draft = self._incoming / secrets.token_hex(16)
        draft.mkdir(mode=0o700)
        try:
            for path in self._folder(token).iterdir():
                _share(path, draft / path.name)
            target = self._folder(draft.name)
            target.parent.mkdir(exist_ok=True, mode=0o700)
            os.rename(draft, target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return target.name

    def discard(self, received: Received) -> None:
        """Forget a file that was not kept; no error if there is nothing any more."""
        shutil.rmtree(received.folder, ignore_errors=True)

    def path(self, token: str) -> Path:
        """Where the file lies. ValueError if this is no token."""
        return self._folder(token) / _FILE

    def folder(self, token: str) -> Path:
        """Where its page images are made."""
        return self._folder(token)

    def page_path(self, token: str, page: int) -> Path:
        """The picture of a page, counted from 1; it exists once it was rendered."""
        return self._folder(token) / page_name(page)

    def thumb_path(self, token: str, page: int) -> Path:
        """The thumbnail of a page, counted from 1."""
        return self._folder(token) / thumb_name(page)

    def open(self, token: str) -> BinaryIO:
        """The bytes; FileNotFoundError if the store has no such file."""
        return self.path(token).open("rb")

    def remove(self, token: str) -> None:
        """Delete a file and its page images; no error if it is gone already."""
        grave = self._gone / token
        try:
            os.rename(self._folder(token), grave)
        except FileNotFoundError:
            return
        shutil.rmtree(grave, ignore_errors=True)

    def sweep(self, known_tokens: Collection[str], older_than_seconds: float) -> list[str]:
        """Delete what no row knows and what a crash left unfinished; the tokens removed.

        ``older_than_seconds`` must be longer than a request may take: the file of a row
        that is not committed yet is unknown too. Ask for the tokens before the sweep.
        """
        horizon = time.time() - older_than_seconds
        for path in self._gone.iterdir():
            shutil.rmtree(path, ignore_errors=True)
        for path in _older(self._incoming.iterdir(), horizon):
            shutil.rmtree(path, ignore_errors=True)
        for path in _older(self._kept.glob("??/*/*.tmp"), horizon):
            path.unlink(missing_ok=True)
        kept = _older(self._kept.glob("??/*"), horizon)
        lost = [path.name for path in kept if path.name not in known_tokens]
        lost = [token for token in lost if _TOKEN.fullmatch(token)]
        for token in lost:
            self.remove(token)
        return lost

    def _folder(self, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise ValueError("not a token of the file store")
        return self._kept / token[:2] / token


def too_large(filename: str, limit_bytes: int) -> Refused:
    """The refusal (413) of a file of more than ``limit_bytes``."""
    limit = f"{limit_bytes / 2**20:.3g} MB"
    return Refused(TOO_LARGE, 413, name=clean_name(filename), limit=limit)


def page_name(page: int) -> str:
    """The file name of a page's picture."""
    return f"page-{int(page)}.webp"


def thumb_name(page: int) -> str:
    """The file name of a page's thumbnail."""
    return f"thumb-{int(page)}.webp"


def _written(stream: BinaryIO, path: Path, limit_bytes: int, filename: str) -> Received:
    size, digest = 0, hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit_bytes:
                raise too_large(filename, limit_bytes)
            digest.update(chunk)
            file.write(chunk)
    return Received(path, size, digest.hexdigest())


def _share(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, a file system without links, or too many of them
        shutil.copyfile(source, target)
        target.chmod(0o600)


def _older(paths, horizon: float) -> list[Path]:
    old = []
    for path in paths:
        try:
            if path.stat().st_mtime <= horizon:
                old.append(path)
        except FileNotFoundError:  # another worker sweeps too
            continue
    return old


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
