"""What is refused and why; and that no file harms its judge."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import sandbox
from adapters.inspection import Refused
from tests.adapters import samples, torture
from tests.adapters.looking import files

ROOT = Path(sandbox.__file__).parent.parent


@pytest.mark.parametrize("case", torture.CASES, ids=lambda case: ascii(case.name))
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(case, upload, tmp_path):
    with pytest.raises(Refused) as refusal:
        upload(case.content(), case.name)
    said = str(refusal.value)
    assert (refusal.value.status, case.words in said) == (case.status, True), said
    assert said.startswith("“") and said.endswith("。") and "%" not in said
    assert files(tmp_path) == []


def test_what_a_rule_does_not_list_is_refused_with_what_it_lists(upload):
    with pytest.raises(Refused, match="这里只收 PDF 文件"):
        upload(samples.jpeg(), "证书.jpg", ("pdf",))
    with pytest.raises(Refused, match="内容不是 JPG/PNG"):
        upload(samples.pdf(), "证书.jpg", ("jpg", "jpeg", "png"))


def judges() -> list[str]:
    """The children of this process that are examining a file."""
    tasks = Path("/proc/self/task").glob("*/children")
    pids = [pid for task in tasks for pid in task.read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids]
    return [command for command in commands if "adapters.render" in command]


def test_a_file_that_takes_too_long_is_killed(upload, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1)
    with pytest.raises(Refused, match="内容过于复杂") as refusal:
        upload(torture.slow_pdf(), "慢.pdf")
    assert refusal.value.status == 413
    assert files(tmp_path) == []
    assert judges() == []


def test_the_judge_neither_grows_nor_loads_what_opens_files(tmp_path):
    (tmp_path / "a.png").write_bytes(torture.png_bomb(13_000))
    (tmp_path / "b.pdf").write_bytes(samples.pdf(5))
    program = """
import json, resource, sys
from pathlib import Path
from adapters.inspection import Refused
from adapters.sandbox import examine
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, said = peak(), []
for name in ("a.png", "b.pdf"):
    folder = Path(sys.argv[1])
    try:
        said.append(examine(folder / name, name, ("png", "pdf"), folder).kind.pages)
    except Refused as refusal:
        said.append(refusal.status)
heavy = {"pikepdf", "PIL", "pypdfium2", "olefile", "lxml"} & set(sys.modules)
print(json.dumps([said, sorted(heavy), peak() - before < 8 * 1024]))
"""
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert json.loads(told.stdout) == [[413, 5], [], True]
