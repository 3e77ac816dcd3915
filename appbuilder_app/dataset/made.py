"""One object of the database that tables do not bring along, as the generators of ``ddl.py`` hand it over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """How an object is made, and how it is taken away before it is made anew (empty: it stays)."""

    name: str
    create: str
    drop: str = ""
