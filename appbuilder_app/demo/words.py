"""The word lists that synthetic names are drawn from, and the seeded draws themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, TypeVar

_FOLDER: Final = Path(__file__).parent / "wordlists"
_TABLE_SIZE: Final = 1000

T = TypeVar("T")


def seeded(*parts: object) -> Random:
    """A source of draws that depends on nothing but these parts: the same on every machine and day."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - made-up people, not secrets


def weighted(shares: Mapping[T, int]) -> list[T]:
    """A list of a thousand entries in which each value stands as often as its share per thousand.

    A draw from it costs a third of a weighted draw. Raises ValueError unless the shares add up.
    """
    if sum(shares.values()) != _TABLE_SIZE:
        raise ValueError("shares must add up to a thousand")
    return [value for value, share in shares.items() for _ in range(share)]


@cache
def words(name: str) -> tuple[str, ...]:
    """The lines of one list, in their order."""
    return tuple((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The tab-separated lines of one list, e.g. (Thai, romanised)."""
    return tuple(tuple(line.split("\t")) for line in words(name))


@cache
def last_names() -> tuple[str, ...]:
    """Every surname that the two lists of parts make, more than 30,000, in a mixed order."""
    joined = sorted(
        {head + tail for head in words("surname_heads") for tail in words("surname_tails") if head != tail}
    )
    seeded("surnames").shuffle(joined)
    return tuple(joined)
