"""SQLite as the embedded database: durable, one writer at a time without deadlock, and in Thai order."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from . import thainames, walls

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for another's transaction before "database is locked"."""

THAI_ORDER = "thai"
"""The collation for columns that are ordered as a Thai dictionary does; PostgreSQL's is ``th-x-icu``."""


BY_VERB_FUNCTION = "thabian_by_verb"
"""Whether a verb is at work for which fields are kept; PostgreSQL is told by a setting."""


def install(engine: sa.Engine) -> None:
    """Prepare every connection of this engine; does nothing for other databases, and nothing twice."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _prepare):
        return
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by its own rules: late, and never around DDL.
    connection.isolation_level = None
    know_thai(connection)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def know_thai(connection: Any, _record: Any = None) -> None:
    """Give a connection of the driver what our tables and triggers call: without it, no row of some can be written."""
    connection.create_collation(THAI_ORDER, compare)
    connection.create_function(thainames.SQL_FUNCTION, 2, _name_key, deterministic=True)
    connection.create_function(BY_VERB_FUNCTION, 0, walls.changes_by_verb)


def _name_key(first_name: str | None, last_name: str | None) -> str | None:
    # As in PostgreSQL; before triggers SQLite computes keys of rows of which it has loaded only some columns.
    return None if first_name is None or last_name is None else thainames.name_key(first_name, last_name)


def _begin(connection: sa.Connection) -> None:
    # IMMEDIATE: two who read first and then write would each wait for the other; SQLite refuses one at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if walls.writing.get() else "BEGIN")


# ── Thai order ───────────────────────────────────────────────────────────────────────────────────────────

_LEADING = frozenset("เแโใไ")
_CONSONANTS = frozenset(chr(code) for code in range(0x0E01, 0x0E2F))
_LETTERS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮ" + "ํะัาำิีึืุูเแโใไฺ"
_MARKS = "๎์็่้๊๋"
_PRIMARY = {letter: chr(0xE000 + place) for place, letter in enumerate(_LETTERS)} | {
    "ๅ": chr(0xE000 + _LETTERS.index("า"))
}
_SECONDARY = {mark: chr(2 + place) for place, mark in enumerate(_MARKS)}
_PUNCTUATION = ("P", "Z", "C")


def compare(left: str, right: str) -> int:
    """-1, 0 or 1 as ``left`` stands before, at or after ``right`` in a Thai dictionary."""
    one, other = thai_key(left), thai_key(right)
    return (one > other) - (one < other)


@lru_cache(maxsize=65_536)
def thai_key(text: str) -> str:
    """A text whose plain order is the Thai dictionary's order of ``text``.

    First by letters, a leading vowel counting after its consonant; then by tone and silence marks; then by
    case and variant forms. Spaces and punctuation do not count. Digits stand before Thai, Latin after it.
    """
    first, second, third = [], [], []
    for letter in _spoken_order(unicodedata.normalize("NFD", text).replace("ํา", "ำ")):
        if letter in _SECONDARY:
            second.append(_SECONDARY[letter])
        elif weight := _weight(letter):
            first.append(weight)
            second.append("\x01")
            third.append("\x02" if letter.isupper() or letter == "ๅ" else "\x01")
    return "\x00".join(("".join(first), "".join(second), "".join(third), text))


def _spoken_order(text: str) -> list[str]:
    letters = list(text)
    place = 0
    while place + 1 < len(letters):
        if letters[place] in _LEADING and letters[place + 1] in _CONSONANTS:
            letters[place : place + 2] = letters[place + 1], letters[place]
            place += 1
        place += 1
    return letters


def _weight(letter: str) -> str:
    """The letter's first-level weight; empty for what does not count."""
    if letter in _PRIMARY:
        return _PRIMARY[letter]
    if letter.isdecimal():
        return str(unicodedata.digit(letter))
    category = unicodedata.category(letter)
    if category.startswith(_PUNCTUATION) or category == "Mn" or letter in "ๆฯ":
        return ""
    return chr(0xF000) + letter.lower() if category.startswith("L") else letter
