"""The child's side of the sandbox: the one process that opens what a stranger has sent.

``python -m adapters.render`` reads one order (JSON) from standard input and prints one
answer. Started by ``adapters.sandbox``; never imported by the web process.

The limits are hard ones, so that not even code smuggled into a reader can lift them:

memory     1 GiB of addresses. The largest allowed picture (25 million pixels, turned, with
           transparency) was measured at 0.5 GiB, the libraries included; a PDF with a colour
           scan of A3 at 600 dpi unpacks to about as much more.
processor  10 s; the largest picture needs 3 s, a PDF of 100,000 objects 2 s.
files      64 MiB each, 64 open; no core files, which would hold personal data.
processes  none may be started (not enforced by the kernel for root).
"""

import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from adapters import pages, pdf, picture, word
from adapters.inspection import TOO_COMPLEX, Refused, Upload

MEMORY_BYTES = 1024**3
CPU_SECONDS = 10
ALARM_SECONDS = 60
FILE_BYTES = 64 * 1024**2

_LIMITS = (
    (resource.RLIMIT_AS, MEMORY_BYTES),
    (resource.RLIMIT_CPU, CPU_SECONDS),
    (resource.RLIMIT_FSIZE, FILE_BYTES),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_NPROC, 0),
    (resource.RLIMIT_CORE, 0),
)


def confine() -> None:
    """Limit this process for good, and end it if its parent dies before it."""
    for which, amount in _LIMITS:
        resource.setrlimit(which, (amount, amount))
    signal.alarm(ALARM_SECONDS)
    os.umask(0o077)


def inspect(upload: Upload, out: Path) -> dict[str, int]:
    """Pages, width and height of a file that may be kept; ``Refused`` otherwise.

    Its page images, and the re-encoded picture, are laid in ``out``.
    """
    if upload.extension in ("doc", "docx"):
        word.check(upload)
        return {"pages": 0, "width": 0, "height": 0}
    if upload.extension == "pdf":
        count = pdf.check(upload)
        pages.make(upload.path, 1, out)
        return {"pages": count, "width": 0, "height": 0}
    width, height = picture.clean(upload, out)
    return {"pages": 1, "width": width, "height": height}


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """The answer to one order: facts about the file, or the refusal with its values."""
    path, out = Path(order["path"]), Path(order["out"])
    if order["task"] == "pages":
        pages.make(path, order["page"], out)
        return {}
    upload = Upload(path, order["name"], order["extension"])
    try:
        return inspect(upload, out)
    except Refused as refusal:
        said = refusal
    except MemoryError:
        said = upload.refused(TOO_COMPLEX, 413)
    sentence = said.sentence
    return {"msgid": sentence.msgid, "status": said.status, "values": sentence.values}


def main() -> int:
    """Anything that a reader trips over ends in exit 1: the file cannot be read."""
    confine()
    try:
        answer = carry_out(json.load(sys.stdin))
    except Exception:
        traceback.print_exc()
        return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
