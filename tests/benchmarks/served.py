"""A program behind gunicorn, one worker of one thread, as it is loaded for requests a second."""

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.client import Line
from tests.benchmarks.settings import ROOT
from tests.benchmarks.sites import Site, memory_of

SETTINGS = ("--config", "python:tests.benchmarks.gunicorn_settings")
PATIENCE = 60


@dataclass
class Served:
    """A server over the database of a site."""

    site: Site
    threads: int = 1
    _process: subprocess.Popen | None = None
    port: int = 0

    def __enter__(self) -> "Served":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        module = f"tests.benchmarks.peers.{self.site.name}:application()"
        command = [sys.executable, "-m", "gunicorn", *SETTINGS, "--threads", str(self.threads)]
        command += ["--bind", f"127.0.0.1:{self.port}", module]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self.site.environment)
        self._wait()
        return self

    def __exit__(self, *failure) -> None:
        self._process.terminate()
        self._process.wait(30)

    @property
    def worker(self) -> int:
        """The process that answers."""
        children = f"/proc/{self._process.pid}/task/{self._process.pid}/children"
        return int(Path(children).read_text().split()[0])

    def memory(self, what: str = "VmRSS") -> float:
        """MiB of the worker."""
        return memory_of(self.worker, what)

    def _wait(self) -> None:
        """Until it answers, whatever it answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                line = Line(self.port)
                line.get("/")
                line.close()
                return
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.1)
