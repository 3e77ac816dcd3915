"""What is particular about each kind of request, and what its approval does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...codes import RequestKind

SUBJECT = "request"


@dataclass(frozen=True)
class Decision:
    """A request that is being approved, as its kind's handler gets it. The request is locked meanwhile."""

    id: int
    student_id: int | None
    facts: Mapping[str, Any]
    asked_by: str
    """Scope path of the side that asked."""
    text: str
    choice: Mapping[str, Any] = field(default_factory=dict)
    """What was decided, where a kind knows more than yes and no."""


Carry = Callable[[Decision], object]


@dataclass(frozen=True)
class Handling:
    """What is particular about a kind of request.

    ``carry_out`` is called when it is approved, in the same transaction, past the decider's own scope only
    where it opens set-based work of its own; what it raises refuses the approval. The deadline is a setting.
    ``evidence`` names, in Thai, the documents without which it cannot be opened. ``silence_is_consent``: when
    nobody has objected by the deadline, who asked may carry it out. ``refused`` is called when it is refused.
    ``parted``: nobody asks, and those who answer do not learn of each other: what they say goes to who decides alone,
    who alone settles it and has the next move beside them from the beginning.
    """

    carry_out: Carry
    evidence: str = ""
    silence_is_consent: bool = False
    refused: Carry | None = None
    parted: bool = False


_HANDLED: dict[RequestKind, Handling] = {}


def handles(
    kind: RequestKind,
    *,
    evidence: str = "",
    silence_is_consent: bool = False,
    refused: Carry | None = None,
    parted: bool = False,
) -> Callable[[Carry], Carry]:
    """Register a function as what the approval of a kind does; see ``Handling``."""

    def registered(carry_out: Carry) -> Carry:
        if kind in _HANDLED:
            raise ValueError(f"two handlers of {kind.value}")
        _HANDLED[kind] = Handling(carry_out, evidence, silence_is_consent, refused, parted)
        return carry_out

    return registered


def handling(kind: RequestKind) -> Handling:
    """What is particular about the kind; KeyError for one that nothing handles."""
    return _HANDLED[kind]
