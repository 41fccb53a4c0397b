"""The rules of the house that no linter knows. Each failure names file and line."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.databases import ROOT

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
VENDORED = ("static/vendor/", "tests/browser/vendor/")

WIDGETS = "the framework's widgets render templates of their own and answer with plain strings"
SAFE = {
    "templates/appbuilder/general/model/edit.html": (2, WIDGETS),
    "templates/appbuilder/general/model/list.html": (1, WIDGETS),
    "templates/appbuilder/general/model/show.html": (2, WIDGETS),
}
"""Templates that may say ``|safe``: path → how often and why."""

# Written in parts, because this file is searched as well.
STRANGERS = re.compile(
    "|".join(
        (
            r"\.\./" + "shared",
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"npm" + r"js\.(com|org)",
            r"deb" + r"ian\.org",
            r"-index" + r"-url",
            r"find" + r"-links",
        )
    )
)


def files() -> list[Path]:
    """What belongs to the project: all that git does not ignore."""
    ask = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # a copy without its history
        made = {".venv", "var"}
        found = [p for p in ROOT.rglob("*") if not made & set(p.relative_to(ROOT).parts)]
    return sorted(p for p in found if p.is_file() and not name_of(p).startswith(VENDORED))


def name_of(path: Path) -> str:
    """The path as a reader writes it."""
    return path.relative_to(ROOT).as_posix()


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The Python files of these folders, with their trees; "." is the root itself."""
    for path in files():
        first = path.relative_to(ROOT).parts[0]
        if path.suffix == ".py" and (first in folders or ("." in folders and path.parent == ROOT)):
            yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def templates() -> list[tuple[str, str]]:
    """The templates with their text; comments of Jinja are none of the reader's business."""
    texts = [(name_of(p), p.read_text(encoding="utf-8")) for p in files() if p.suffix == ".html"]
    return [(name, re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)) for name, text in texts]


def nothing(found: Iterable[str]) -> None:
    """Fail with all that was found, one a line."""
    listed = list(found)
    assert not listed, "\n" + "\n".join(listed)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods."""
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_sentence_is_built_by_an_f_string():
    """A catalogue of translations cannot hold what is only known at run time."""
    nothing(
        f"{name}:{node.lineno}"
        for name, tree in sources("models", "adapters", "views", ".")
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and any(isinstance(part, ast.Constant) and HAN.search(part.value) for part in node.values)
    )


def test_no_function_imports():
    nothing(
        f"{name}:{node.lineno} {function.name}"
        for name, tree in sources("models", "adapters", "views", "migrations", "tests", ".")
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def test_functions_stay_under_40_lines():
    nothing(
        f"{name}:{function.lineno} {function.name}: {length} lines"
        for name, tree in sources("models", "adapters", "views", ".")
        for function in functions(tree)
        if (length := function.end_lineno - function.lineno + 1) > 40
    )


def test_modules_stay_under_250_lines():
    nothing(
        f"{name_of(path)}: {length} lines"
        for path in files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] not in ("tests", "migrations")
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > 250
    )


@pytest.mark.parametrize("attribute", [r"style", r"on[a-z]+"])
def test_templates_hold_no_inline_style_and_no_handler(attribute):
    """The Content-Security-Policy would stop them in silence."""
    pattern = re.compile(rf"<[a-z][^>]*?\s({attribute})\s*=", re.IGNORECASE)
    nothing(f"{name}: {found}" for name, text in templates() for found in pattern.findall(text))


def test_what_templates_say_is_safe_is_listed():
    count = {name: len(re.findall(r"\|\s*safe\b", text)) for name, text in templates()}
    assert {name: n for name, n in count.items() if n} == {name: n for name, (n, _) in SAFE.items()}


def test_the_time_has_one_source():
    """The database's clock, so that all servers agree on a deadline; tests give their own."""
    clocks = {"now", "utcnow", "today"}
    nothing(
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, tree in sources("models", "adapters", "views", ".")
        if name != "models/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and ast.unparse(node.func.value).split(".")[-1] in ("datetime", "date")
    )


def test_no_test_sleeps():
    """What is waited for is an event. The benchmarks are no tests: one looks for a server there."""
    nothing(
        f"{name}:{node.lineno}"
        for name, tree in sources("tests")
        if not name.startswith("tests/benchmarks/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "sleep"
    )


def test_the_project_speaks_of_itself_alone():
    """No address of a package index, no path beside the checkout."""
    found = []
    for path in files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:  # a picture, a font
            continue
        hits = (n for n, line in enumerate(lines, 1) if STRANGERS.search(line))
        found += [f"{name_of(path)}:{n}" for n in hits]
    nothing(found)
