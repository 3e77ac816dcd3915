"""Which kinds of jobs there are, and what one hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import Context

Work = Callable[..., "Result | None"]
_KINDS: dict[str, Work] = {}


@dataclass(frozen=True)
class Result:
    """What came of a job: a sentence, and a stored file (``Context.keep`` makes it) or an address to look at."""

    said: str | None = None
    url: str | None = None
    stored_as: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    size: int | None = None


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function ``(context, **arguments) -> Result`` as what jobs of this kind do.

    It runs as the job's owner, with the rights and the scope that they have at that time. What it has written
    and not committed by ``context.step`` is committed together with the job's being done, or not at all.
    """

    def registered(work: Work) -> Work:
        if _KINDS.setdefault(kind, work) is not work:
            raise ValueError(f"two kinds of jobs are called {kind!r}")
        return work

    return registered


def perform(kind: str, context: Context, arguments: dict[str, Any]) -> Result:
    """Do the work of this kind; KeyError for a kind that this program does not know."""
    return _KINDS[kind](context, **arguments) or Result()


def is_known(kind: str) -> bool:
    """Whether a function is registered for this kind."""
    return kind in _KINDS
