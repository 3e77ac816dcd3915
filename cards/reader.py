"""Reading a card with an end in sight: the library's door."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from .errors import ReaderFailed, ReadTooSlow, ReadUnderWay, from_code
from .pcsc import ReaderState
from .person import Card

SECONDS: Final = 12.0
"""For a whole read, its retry included; a real one with photo takes about 1.4 s."""
_ROOT: Final = str(Path(__file__).resolve().parent.parent)
_WITHOUT_WINDOW: Final = 0x08000000 if sys.platform == "win32" else 0


@dataclass(frozen=True)
class Reading:
    """A card that was read: by which reader, and how long it took."""

    card: Card
    reader: str
    seconds: float


class CardReader:
    """Reads cards in a process of its own, which is ended when a card hangs it. One read at a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._turn = threading.Lock()
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def readers(self) -> list[ReaderState]:
        """The readers that are plugged in. NoReader, ServiceDown, LibraryMissing."""
        return [ReaderState(*facts) for facts in self._ask({"do": "readers"})["readers"]]

    def read(self, reader: str | None = None, photo: bool = True) -> Reading:
        """The card in the named reader, or in the only one that holds a card; a CardError otherwise.

        Takes at most ``seconds``; ReadUnderWay when another thread is reading.
        """
        started = time.monotonic()
        told = self._ask({"do": "read", "reader": reader, "photo": photo})
        return Reading(Card.of_json(told["card"]), told["reader"], time.monotonic() - started)

    def close(self) -> None:
        """End the process; the next read starts a new one."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not self._turn.acquire(blocking=False):
            raise ReadUnderWay
        try:
            told = self._answer(json.dumps(asked).encode() + b"\n")
        finally:
            self._turn.release()
        if "error" in told:
            raise from_code(told["error"], told["facts"])
        return told

    def _answer(self, line: bytes) -> dict[str, Any]:
        if self._worker is None or not self._worker.lives:
            self.close()
            self._worker = _Worker()
        try:
            answer: dict[str, Any] = self._worker.answer(line, self.seconds)
        except queue.Empty:
            self.close()
            raise ReadTooSlow(seconds=self.seconds) from None
        except (OSError, EOFError):
            self.close()
            raise ReaderFailed(hresult="worker") from None
        return answer


class _Worker:
    """The process, and the thread that waits for its answers: a pipe has no timeout on every system."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cards.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
            creationflags=_WITHOUT_WINDOW,
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def lives(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def answer(self, line: bytes, seconds: float) -> Any:
        """The answer to a line; queue.Empty when it takes too long, EOFError when the process ended."""
        assert self._process.stdin is not None  # noqa: S101 -- Popen was asked for it
        self._process.stdin.write(line)
        self._process.stdin.flush()
        told = self._answers.get(timeout=seconds)
        if not told:
            raise EOFError
        return json.loads(told)

    def end(self) -> None:
        """Kill it: what it waits for may never come."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 -- Popen was asked for it
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(b"")
