"""What every test may ask for.

A test that takes ``db`` or anything made of it (``app``, ``client``, ``session``) runs on
SQLite and on PostgreSQL, each time on a fresh copy of a migrated database.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from adapters import passwords
from tests.bed import Bed, World, empty
from tests.client import Browser
from tests.databases import started
from tests.statements import count_statements as counting
from tests.worlds.base import QUICK

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Passwords as in ``tests.worlds.base``: a hash that is slow on purpose, thousands of
    times, proves nothing, and each login would make the quick ones slow ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", QUICK)
        patch.setattr(passwords, "_UNKNOWN", QUICK.hash("nobody has this password"))
        yield


def pytest_addoption(parser):
    parser.addoption("--database", choices=KINDS, help="run on one database instead of on both")


def pytest_generate_tests(metafunc):
    if "bed" in metafunc.fixturenames:
        metafunc.parametrize("bed", kinds_for(metafunc), indirect=True, scope="session")


def kinds_for(metafunc) -> tuple[str, ...]:
    """Both databases, or the one of ``--database``.

    A screen in a browser is the same over both, so one is enough there, unless the test
    is marked ``databases("sqlite", "postgresql")``.
    """
    mark = metafunc.definition.get_closest_marker("databases")
    screens = "live_server" in metafunc.fixturenames
    kinds = mark.args if mark else KINDS[:1] if screens else KINDS
    only = metafunc.config.getoption("database")
    if mark and only:  # what is true of one database alone is not asked of the other
        return tuple(kind for kind in kinds if kind == only)
    return (only,) if only else kinds


@pytest.fixture(scope="session")
def bed(request, tmp_path_factory) -> Iterator[Bed]:
    """The application over one kind of database, for the whole run."""
    with started(request.param) as server:
        made = Bed(server, tmp_path_factory.mktemp(request.param))
        yield made
        made.engine.dispose()


def world_of(request) -> World:
    """The data that the test, its class or its module asks for by the mark ``world``."""
    mark = request.node.get_closest_marker("world")
    return mark.kwargs["build"] if mark else empty


@pytest.fixture
def db(bed: Bed, request) -> Bed:
    """A database (and a folder of files) of this test's own, with the data of its world."""
    bed.restore(world_of(request))
    return bed


@pytest.fixture
def app(db: Bed) -> Flask:
    """The application over this test's database."""
    return db.app


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser of nobody in particular; ``client.login(…)`` makes it somebody's."""
    return Browser(app)


@pytest.fixture
def session(db: Bed) -> Iterator[Session]:
    """A session of its own connection: requests see what it commits, and it what they commit."""
    with Session(db.engine) as made:
        yield made


@pytest.fixture
def count_statements():
    """``with count_statements() as seen: …`` and ``len(seen)``."""
    return counting


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent
