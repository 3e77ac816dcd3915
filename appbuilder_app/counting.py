"""Where requests are counted without Redis: in this process, and without a thread for each of them."""

from __future__ import annotations

import threading
import time
from typing import Final

from limits.storage import MemoryStorage

_SWEPT_AT: Final = 10_000


class ProcessStorage(MemoryStorage):
    """The library's counts in memory, which begins a thread for almost every request to forget old counts.

    Here a count is forgotten when it is asked for again, and all old ones when there are many.
    """

    STORAGE_SCHEME = ["process"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._holding = threading.Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count for ``key``, which is forgotten ``expiry`` seconds after it was first counted."""
        with self._holding:
            now = time.time()
            if len(self.expirations) >= _SWEPT_AT:
                for old in [name for name, end in self.expirations.items() if end <= now]:
                    self._forget(old)
            if self.expirations.get(key, 0) <= now:
                self._forget(key)
                self.expirations[key] = now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _forget(self, key: str) -> None:
        self.storage.pop(key, None)
        self.expirations.pop(key, None)
