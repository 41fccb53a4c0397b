"""The child binds itself before it opens anything."""

import json
import subprocess
import sys
from pathlib import Path

from adapters import render

ROOT = Path(render.__file__).parent.parent


def run_confined(program: str) -> subprocess.CompletedProcess:
    start = "import resource\nfrom adapters import render\nrender.confine()\n"
    return subprocess.run(
        [sys.executable, "-c", start + program], capture_output=True, cwd=ROOT, check=False
    )


def test_the_limits_are_hard():
    told = run_confined("print([list(resource.getrlimit(one)) for one, _ in render._LIMITS])")
    assert json.loads(told.stdout) == [[amount, amount] for _which, amount in render._LIMITS]


def test_memory_ends_at_a_gibibyte():
    told = run_confined("bytearray(render.MEMORY_BYTES)")
    assert told.stderr.endswith(b"MemoryError\n")


def test_a_file_ends_at_its_limit(tmp_path):
    place = str(tmp_path / "large")
    told = run_confined(
        f"with open({place!r}, 'wb') as file: file.write(bytes(render.FILE_BYTES + 1))"
    )
    assert b"File too large" in told.stderr
    assert (tmp_path / "large").stat().st_size == render.FILE_BYTES
