"""Seals and signatures of PDF files: keys in files and tokens, signing, and checking what was signed.

Knows no model and no request: bytes go in, bytes come out, and refusals are those of ``errors``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")

# They write whole object trees of other people's files into the log, of every file that somebody has altered.
for _noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)


def outside_loops(work: Callable[[], _T]) -> _T:
    """What the work answers. pyHanko starts an event loop of its own, which it may not where another one runs."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
