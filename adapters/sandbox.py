"""The parent's side of the sandbox: one short-lived child for each file (decisions 29).

A child costs about 0.3 s to start, mostly imports; in return it can be limited and
killed, and memory that a reader took is given back. It gets an empty environment (no
keys, no database address), no open file but its own, and answers in one line of JSON.
Its limits are set, and reasoned, in ``adapters.render``.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from adapters.inspection import (
    BROKEN,
    TOO_COMPLEX,
    Kind,
    Refused,
    Upload,
    mime_of,
    recognise,
)
from adapters.store import CLEANED
from models.words import _

NO_PICTURE = _("第 %(page)s 页显示不了，请下载原件查看。")

WALL_SECONDS = 30
"""Longer than the child's 10 s of processor time, for a machine that is busy."""

_ROOT = Path(__file__).resolve().parent.parent
_COMMAND = (sys.executable, "-E", "-s", "-X", "utf8", "-m", "adapters.render")
_ANSWER_BYTES = 64 * 1024
_PLACES = BoundedSemaphore(os.cpu_count() or 1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: what it is, and its size and hash as it now lies there.

    Pictures were re-encoded, so size and hash may differ from those received.
    """

    kind: Kind
    size: int
    sha256: str


class _NoAnswerError(Exception):
    """The child gave no answer; ``at_limit`` if it ran into a limit."""

    def __init__(self, at_limit: bool):
        super().__init__()
        self.at_limit = at_limit


def examine(path: Path, filename: str, extensions: tuple[str, ...], out_dir: Path) -> Examined:
    """Judge an upload and make its first page images in ``out_dir``.

    A picture at ``path`` is replaced by its re-encoded self. Raises ``Refused``, its
    sentence for the user; what was laid in ``out_dir`` is then the caller's to delete.
    """
    upload = recognise(Path(path), filename, extensions)
    order = {"task": "examine", "name": upload.name, "extension": upload.extension}
    try:
        answer = _ask(upload.path, Path(out_dir), **order)
    except _NoAnswerError as failed:
        raise _refusal(upload, failed) from None
    if "msgid" in answer:
        raise Refused(answer["msgid"], answer["status"], **answer["values"])
    cleaned = Path(out_dir) / CLEANED
    if cleaned.exists():
        os.replace(cleaned, upload.path)
    kind = Kind(
        mime_of(upload.extension),
        upload.extension,
        *(int(answer[part]) for part in ("pages", "width", "height")),
    )
    with upload.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Examined(kind, upload.path.stat().st_size, sha256)


def render_page(path: Path, page: int, out_dir: Path) -> None:
    """Make the picture and thumbnail of a PDF's page, and of those around it.

    Pages come in blocks of five (``pages.BLOCK``): the first block is made on upload, the
    others when somebody first turns to them. Raises ``Refused`` if it cannot be shown.
    """
    try:
        _ask(Path(path), Path(out_dir), task="pages", page=int(page))
    except _NoAnswerError:
        raise Refused(NO_PICTURE, 415, page=page) from None


def _ask(path: Path, out_dir: Path, **order: Any) -> dict[str, Any]:
    """The child's answer; ``_NoAnswerError`` if it has none."""
    order |= {"path": str(path), "out": str(out_dir)}
    with _PLACES, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        try:
            child = subprocess.run(
                _COMMAND,
                input=json.dumps(order).encode(),
                stdout=answer,
                stderr=errors,
                cwd=_ROOT,
                env={},
                start_new_session=True,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _NoAnswerError(at_limit=True) from None
        if child.returncode:
            _log.warning("examining a file: exit %s %s", child.returncode, _tail(errors))
            # A negative code is a signal: out of processor time, or a native library that
            # gives up when its memory is refused. Both are the limits at work.
            raise _NoAnswerError(at_limit=child.returncode < 0)
        answer.seek(0)
        return json.loads(answer.read(_ANSWER_BYTES))


def _tail(errors) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 2000))
    return errors.read().decode(errors="replace")


def _refusal(upload: Upload, failed: _NoAnswerError) -> Refused:
    return upload.refused(TOO_COMPLEX, 413) if failed.at_limit else upload.refused(BROKEN, 400)
