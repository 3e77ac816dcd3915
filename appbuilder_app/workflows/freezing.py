"""The canonical text of a snapshot, and how it is kept: lines that anybody can make again from the same rows.

- UTF-8, Unicode NFC, each line one JSON object with sorted keys, no spaces between tokens and no ``\\u`` escapes;
- the first line is the head, the second the counts, then one line for each record;
- dates are ISO 8601 in the Common Era, decimals are strings without needless zeros, codes are their outside
  codes, a missing value is ``null``.

The tree of hashes over the lines is ``proving.Tree``; docs/developers/snapshots.md describes all of it.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import secrets
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from .. import proving
from ..declaration import db
from ..models import Area, CollectionRound, Roster, School, Submission

FORM: Final = "thabian-snapshot/1"
Record = dict[str, Any]
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Any) -> Any:
    """A value as the canonical text writes it."""
    return _WRITERS.get(type(value), _as_code)(value)


def record_of(names: Sequence[str], values: Sequence[Any]) -> Record:
    """A row as a record."""
    return {
        name: value if type(value) in _PLAIN else _WRITERS.get(type(value), _as_code)(value)
        for name, value in zip(names, values, strict=True)
    }


def _as_code(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


# By exact type, and without a function of ours for most: a large school has hundreds of thousands of values.
_PLAIN: Final = frozenset({type(None), bool, int})
_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    str: partial(unicodedata.normalize, "NFC"),
    Decimal: lambda number: format(number.normalize(), "f"),
    dt.date: dt.date.isoformat,
    dt.datetime: lambda at: at.astimezone(dt.UTC).isoformat(),
}


def as_kept(column: Any) -> Any:
    """A column with codes as the database keeps them, which is how the canonical text writes them."""
    return sa.type_coerce(column, sa.String) if isinstance(column.type, sa.Enum) else column


def head_of(school: School, one: CollectionRound, records: int, fields: dict[str, list[str]]) -> Record:
    """The first line: what the snapshot is of, by which rules it was judged, and what each record holds."""
    area = db.session.get_one(Area, school.area_code)
    return {
        "form": FORM,
        "system": one.system.value,
        "academic_year": one.academic_year,
        "round": one.number,
        "snapshot_date": one.snapshot_date.isoformat(),
        "rules": dict(one.judged_by),
        "school": _of(
            school, "code", "moe_code", "name", "school_type", "province", "lowest_grade", "highest_grade"
        ),
        "area": _of(area, "code", "name", "short_name"),
        "fields": fields,
        "leaves": records + proving.ABOUT,
    }


def _of(row: Any, *names: str) -> Record:
    return {name: canonical(getattr(row, name)) for name in names}


def roster_of(
    submission: Submission,
    school: School,
    at: dt.datetime,
    head: Record,
    counts: Record,
    records: Sequence[str],
) -> Roster:
    """The snapshot of these records (canonical lines in their order), dated ``at``; nothing is kept yet."""
    lines = [line.encode() for line in (encode(head), encode(counts), *records)]
    seed = secrets.token_bytes(32)
    return Roster(
        submission_id=submission.id,
        round_id=submission.round_id,
        school_code=school.code,
        frozen_at=at,
        rows=len(records),
        root=proving.Tree(seed, lines).root.hex(),
        seed=seed,
        content=zlib.compress(b"\n".join(lines)),
        head=head,
        counts=counts,
    )


class RosterDamaged(RuntimeError):
    """A kept snapshot no longer gives its root: the store was tampered with or is broken."""


def frozen_lines(roster: Roster) -> list[bytes]:
    """The lines that were frozen; RosterDamaged when they no longer give their root."""
    try:
        lines = zlib.decompress(roster.content).split(b"\n")
    except zlib.error:
        raise RosterDamaged(roster.id) from None
    if proving.Tree(roster.seed, lines).root.hex() != roster.root:
        raise RosterDamaged(roster.id)
    return lines


def frozen_records(roster: Roster) -> list[Record]:
    """The records that were frozen."""
    return [json.loads(line) for line in frozen_lines(roster)[proving.ABOUT :]]
