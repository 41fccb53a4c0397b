"""The application of one database, and the data a test starts with."""

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from flask import Flask
from sqlalchemy import Engine

from adapters.keys import of_demo
from tests.databases import Postgres, Sqlite

World = Callable[[Flask], None]
"""Adds data to the migrated schema and commits it; named by ``@pytest.mark.world(build=…)``."""


def empty(app: Flask) -> None:
    """The world of a test that names none: the migrated schema with its code tables."""


class Bed:
    """One application over one database, set back before each test.

    Making an application and its schema takes seconds, so both live as long as the run;
    a test gets a copy of the database and of the folder of files, made once for each world
    by the real set-up.
    """

    def __init__(self, server: Sqlite | Postgres, folder: Path):
        self.server, self.kind = server, server.kind
        self.files = folder / "files"
        self.keys = of_demo(folder)
        self._kept = folder / "kept"
        self._worlds: dict[World, str] = {}
        self._now: World | None = None
        server.create("work")
        self.url = server.url("work")
        self.files.mkdir()
        self.app = self.make_app()
        application().setup_database(self.app)
        self._keep(empty)

    def make_app(self, **config) -> Flask:
        """A further application over the same database, with other settings."""
        mine = {
            "KEYS": self.keys,
            "SQLALCHEMY_DATABASE_URI": self.url,
            "FILES": self.files,
            "TRUSTED_HOSTS": None,
            "TESTING": True,
        }
        return application().create_app(**mine | config)

    @property
    def engine(self) -> Engine:
        """The engine that the application uses."""
        with self.app.app_context():
            return self.app.extensions["sqlalchemy"].engine

    def restore(self, world: World) -> None:
        """Set database and files back to a world; it is built if it is asked for the first time."""
        if world not in self._worlds:
            self.restore(empty)
            world(self.app)
            self._keep(world)
        name = self._worlds[world]
        if self._now is not world or not self.server.unchanged("work"):
            self.engine.dispose()
            self.server.copy(name, "work")
        self._now = world
        copy_files(self._kept / name, self.files)

    def clone(self, world: World, name: str, var: Path) -> str:
        """The address of a further database with the data of a world; files and keys in ``var``."""
        self.restore(world)
        self.server.copy(self._worlds[world], name)
        copy_files(self.files, var / "files")
        shutil.copy(self.files.parent / "keys", var)
        return self.server.url(name)

    def _keep(self, world: World) -> None:
        name = f"world{len(self._worlds)}"
        self.engine.dispose()
        self.server.copy("work", name)
        copy_files(self.files, self._kept / name)
        self._worlds[world], self._now = name, None


def application() -> ModuleType:
    """The module ``app``, loaded when a test needs it: those of the domain start without it."""
    return importlib.import_module("app")


def copy_files(source: Path, target: Path) -> None:
    """Make one folder equal to another."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
