"""A keep-alive client that costs little: prepared bytes out, an answer read to its length."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from threading import Barrier, Thread
from time import perf_counter

from tests.benchmarks.worker import AGENT

CONNECTIONS, SECONDS = 4, 4.0


@dataclass(frozen=True)
class Load:
    """What a server did: requests a second, and seconds in which half and 99 % were answered."""

    rate: float
    half: float
    most: float


class Line:
    """One connection."""

    def __init__(self, port: int, cookie: str = ""):
        self._port, self._cookie = port, cookie
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        self.ask(path)
        status, left, body = self.head()
        while len(body) < left:
            body += self._more()
        return status, body

    def ask(self, path: str) -> None:
        """Send the request only."""
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", f"User-Agent: {AGENT}"]
        lines += [f"Cookie: {self._cookie}"] if self._cookie else []
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def head(self) -> tuple[int, int, bytes]:
        """Status, length (-1: in chunks) and what of the body came along."""
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._more()
        head, _, body = found.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        return int(head[9:12]), int(fields.get(b"content-length", -1)), body

    def drain(self, write: Callable[[bytes], object], body: bytes) -> int:
        """An answer in chunks, to its end: bytes of its content, given to ``write``."""
        size, buffer = 0, bytearray(body)
        while True:
            while (end := buffer.find(b"\r\n")) < 0:
                buffer += self._more()
            wanted = int(buffer[:end], 16)
            while len(buffer) < end + wanted + 4:
                buffer += self._more()
            write(bytes(buffer[end + 2 : end + 2 + wanted]))
            del buffer[: end + wanted + 4]
            if not wanted:
                return size
            size += wanted

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _more(self) -> bytes:
        found = self._socket.recv(1 << 18)
        if not found:
            raise ConnectionError("the server hung up")
        return found


def loaded(port: int, cookie: str, path: str, seconds: float = SECONDS) -> Load:
    """Ask for a page over four connections for some seconds; every answer must be a page of
    about the same length."""
    times: list[float] = []
    faults: list[str] = []
    barrier = Barrier(CONNECTIONS)
    status, body = Line(port, cookie).get(path)
    if status != 200:
        raise ValueError(f"{path} answers {status}")

    def go() -> None:
        line = Line(port, cookie)
        barrier.wait()
        end = perf_counter() + seconds
        while (begun := perf_counter()) < end:
            got, found = line.get(path)
            times.append(perf_counter() - begun)
            if got != 200 or abs(len(found) - len(body)) > 1024:
                faults.append(f"{got}, {len(found)} bytes")

    threads = [Thread(target=go) for _ in range(CONNECTIONS)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise ValueError(f"{path}: {faults[:3]}")
    marks = quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
    return Load(len(times) / (perf_counter() - begun), marks[49], marks[98])
