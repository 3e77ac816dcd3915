"""One page of what became of a file's rows, as the pager of every import's screen wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Row = TypeVar("Row")


@dataclass(frozen=True)
class FilePage(Generic[Row]):
    """Rows of an outcome in words, with the way to those before and behind."""

    rows: Sequence[Row]
    total: int
    first_number: int
    prev_url: str | None
    next_url: str | None
    total_capped: bool = False


def file_page(
    total: int, size: int, rows: Callable[[int], Sequence[Row]], url: Callable[[int], str]
) -> FilePage[Row]:
    """The page that the address asks for (``?page=``, from 1), or the nearest there is.

    ``rows`` gives the rows of a page by its number, ``url`` its address.
    """
    last = max(-(-total // size), 1)
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    return FilePage(
        rows(number),
        total,
        (number - 1) * size + 1,
        url(number - 1) if number > 1 else None,
        url(number + 1) if number < last else None,
    )
