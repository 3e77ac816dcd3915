"""Asks a server for one page again and again from several connections: how many a second, how long each."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from threading import Thread
from time import perf_counter

PATIENCE = 600
"""Seconds: some lists of a million rows take a minute under eight clients."""


@dataclass(frozen=True)
class Page:
    """A page to ask for: address of the server, path, and by what it knows who asks."""

    port: int
    path: str
    cookie: str = ""
    authorization: str = ""

    def request(self) -> bytes:
        """The request as it goes over the wire, for a connection that is kept."""
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Accept: text/html, application/json;q=0.9",
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if self.authorization:
            lines.append(f"Authorization: {self.authorization}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True)
class Speed:
    """Requests a second, and milliseconds: of the middle request, of the 95th of a hundred, of processor."""

    per_second: float
    p50: float
    p95: float
    processor: float
    size: int

    def __str__(self) -> str:
        return (
            f"{self.per_second:6.1f} requests/s  p50 {self.p50:6.1f} ms  p95 {self.p95:6.1f} ms"
            f"  {self.processor:5.1f} ms of processor"
        )


def measure(
    page: Page, processor_seconds: Callable[[], float], clients: int = 8, seconds: float = 8.0
) -> Speed:
    """Speed of a page under so many clients, after a short run to warm up.

    ``processor_seconds`` tells how much the server and its database have used so far.
    """
    _run(page, clients, min(2.0, seconds / 2))
    used = processor_seconds()
    times, size, spent = _run(page, clients, seconds)
    used = processor_seconds() - used
    p95 = quantiles(times, n=20)[-1]
    return Speed(len(times) / spent, median(times) * 1000, p95 * 1000, used / len(times) * 1000, size)


def _run(page: Page, clients: int, seconds: float) -> tuple[list[float], int, float]:
    connections = [_Client(page, seconds) for _ in range(clients)]
    started = perf_counter()
    for client in connections:
        client.start()
    for client in connections:
        client.join()
    spent = perf_counter() - started
    for client in connections:
        if client.failure is not None:
            raise client.failure
    return [time for client in connections for time in client.times], connections[0].size, spent


class _Client(Thread):
    """One connection. Sockets by hand: a library's client would use more processor than some servers."""

    def __init__(self, page: Page, seconds: float) -> None:
        super().__init__(daemon=True)
        self.page, self.seconds = page, seconds
        self.times: list[float] = []
        self.size = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Ask until the time is over."""
        try:
            self._ask_until(perf_counter() + self.seconds)
        except (OSError, ValueError) as failure:
            self.failure = failure

    def _ask_until(self, end: float) -> None:
        request = self.page.request()
        connection = self._connect()
        while (started := perf_counter()) < end:
            connection.sendall(request)
            self.size, keep = _answer(connection)
            self.times.append(perf_counter() - started)
            if not keep:
                connection.close()
                connection = self._connect()
        connection.close()

    def _connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.page.port), timeout=PATIENCE)


def _answer(connection: socket.socket) -> tuple[int, bool]:
    """Length of the body, and whether the connection stays; ValueError when it is not the page."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    if lines[0].split()[1] != b"200":
        raise ValueError(f"not a page: {lines[0]!r} {lines[1:]!r}")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    got = len(body)
    while got < length:
        got += len(_more(connection))
    return length, b"connection: close" not in lines


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ValueError("the server hung up")
    return part
