"""Who may know whom: the contracts of pyproject.toml, and what the domain really loads."""

import subprocess
import sys

from importlinter.cli import lint_imports

from tests.databases import ROOT

WEB = {
    "flask",
    "flask_admin",
    "flask_appbuilder",
    "flask_babel",
    "flask_login",
    "flask_sqlalchemy",
    "flask_wtf",
    "jinja2",
    "pandas",
    "werkzeug",
    "wtforms",
}

LOAD_THE_DOMAIN = """
import pkgutil, importlib, sys
import models
for module in pkgutil.walk_packages(models.__path__, "models."):
    importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_contracts(capsys):
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert broken == 0, capsys.readouterr().out


def test_the_domain_loads_nothing_of_the_web():
    command = [sys.executable, "-c", LOAD_THE_DOMAIN]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert WEB & set(loaded.stdout.split()) == set()


def test_who_starts_loads_nothing_that_only_the_schema_needs():
    """Pandas alone takes as long as a quarter of all else."""
    command = [sys.executable, "-c", "import app, sys; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"alembic", "numpy", "pandas"} & set(loaded.stdout.split()) == set()
