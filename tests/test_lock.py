"""What is installed: the ranges of pyproject.toml, the locks made of them, what runs here."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.databases import ROOT

RUN, DEV = "requirements.txt", "requirements-dev.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"^(\S+)==(\S+?)(?: ; (.*?))? \\$", re.MULTILINE)

UNSEEN = {
    "gunicorn": "the server; it imports us",
    "psycopg": "SQLAlchemy imports it when the address of the database says so",
    "tzdata": "data that zoneinfo reads where the system has none",
}
"""Dependencies that no line of ours imports, and why they are there."""

PART_OF = {
    "blinker": "flask",
    "click": "flask",
    "itsdangerous": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "werkzeug": "flask",
    "flask-login": "flask-appbuilder",
    "flask-sqlalchemy": "flask-appbuilder",
}
"""Packages that are part of what a dependency offers: no range of their own."""


def declared(extra: str | None = None) -> list[Requirement]:
    """The direct dependencies of pyproject.toml."""
    listed = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return [Requirement(line) for line in listed]


def pins(lock: str) -> dict[tuple[str, str | None], str]:
    """The version of each package and marker that a lock names."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {(canonicalize_name(n.split("[")[0]), m or None): v for n, v, m in PIN.findall(text)}


def here(lock: str) -> dict[str, str]:
    """The versions that a lock means for this interpreter."""
    return {
        name: locked
        for (name, marker), locked in pins(lock).items()
        if marker is None or Marker(marker).evaluate()
    }


OWN = {"app", "models", "adapters", "views", "demo"}


def third_party_imports() -> set[str]:
    """The packages that the program's own files import."""
    files = [ROOT / "app.py"]
    for folder in ("models", "adapters", "views", "migrations"):
        files += (ROOT / folder).rglob("*.py")
    modules = {name for file in files for name in imported(file)}
    owners = packages_distributions()
    outside = modules - set(sys.stdlib_module_names) - OWN
    return {canonicalize_name(owners[module][0]) for module in outside}


def imported(file: Path) -> set[str]:
    """The first word of every module that a file imports, also where it does so late."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "import_module":
            late = node.args[0]
            if isinstance(late, ast.Constant):
                names.add(late.value.split(".")[0])
    return names


def test_each_dependency_has_its_reason_beside_it():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = [*declared(), *declared("dev")]
    silent = [
        need.name
        for need in wanted
        if not any(line.strip().startswith(f'"{need.name}') and "# " in line for line in lines)
    ]
    assert silent == []


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    needs = {PART_OF.get(name, name) for name in third_party_imports()} | set(UNSEEN)
    assert needs == {canonicalize_name(need.name) for need in declared()}


@pytest.mark.parametrize(("lock", "extra"), [(RUN, None), (DEV, None), (DEV, "dev")])
def test_the_lock_follows_the_ranges(lock, extra):
    locked = pins(lock)
    astray = [
        (str(need), found)
        for need in declared(extra)
        if not (found := [v for (name, _), v in locked.items() if name == need.name])
        or not all(need.specifier.contains(v) for v in found)
    ]
    assert astray == []


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_the_lock_names_no_address_and_no_option_of_a_machine(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    shape = re.compile(r"(\s*#.*|\S+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)")
    assert [line for line in lines if not shape.fullmatch(line) or "://" in line] == []


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_every_pin_has_a_hash(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_tests_run_with_what_the_program_runs_with():
    development = pins(DEV)
    assert {key: development.get(key) for key in pins(RUN)} == pins(RUN)


def test_what_is_installed_is_what_is_locked():
    locked = here(DEV)
    assert {name: version(name) for name in locked} == locked
