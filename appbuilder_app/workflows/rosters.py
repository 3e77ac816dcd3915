"""A school's roster, frozen: one canonical text and its hash, and what has changed since.

The canonical text, which anybody can make again from the same rows:

- UTF-8, Unicode NFC, lines ended by ``\\n``, each line one JSON object with sorted keys, no spaces between
  tokens and no ``\\u`` escapes;
- the first line is the head: form, school, academic year, round, snapshot date, number of students;
- then one line for each student, ordered by national ID (byte order), with every declared field of a student
  but the school; a missing value is ``null``;
- dates are ISO 8601 in the Common Era, decimals are strings without needless zeros, codes are their outside
  codes.

The hash is the SHA-256 of these bytes; they are kept compressed by zlib.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from ..dataset import lock
from ..declaration import Field, db, fields_of
from ..kinds import NotReadable
from ..models import CollectionRound, Headcount, Roster, School, Student, Submission
from ..walls import SetWork, set_based
from . import headcounts

FORM: Final = "thabian-roster/1"
Record = dict[str, Any]
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


# ── The canonical form ───────────────────────────────────────────────────────────────────────────────────


def canonical(value: Any) -> Any:
    """A value as the canonical text writes it."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return value.value if isinstance(value, enum.Enum) else value


# By exact type: a roster of five thousand students has two hundred thousand values.
_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    str: lambda text: unicodedata.normalize("NFC", text),
    Decimal: lambda number: format(number.normalize(), "f"),
    dt.date: dt.date.isoformat,
}


def text_of(head: Record, records: Sequence[Record]) -> bytes:
    """The canonical bytes of a roster; ``records`` may come in any order."""
    ordered = sorted(records, key=lambda record: str(record["national_id"]).encode())
    return "".join(_encode(line) + "\n" for line in (head, *ordered)).encode()


def records_of(school: School) -> list[Record]:
    """The school's students as of now, as canonical records, in one statement."""
    names = _names()
    # Columns, not objects: an object of this session may still hold what was typed (30) instead of what the
    # database keeps (30.0), and the hash must not depend on that.
    columns = [_as_kept(getattr(Student, name)) for name in names]
    rows = db.session.execute(sa.select(*columns).where(Student.scope == school.scope))
    return [{name: canonical(value) for name, value in zip(names, row, strict=True)} for row in rows]


def _as_kept(column: Any) -> Any:
    """Codes as the database keeps them, which is how the canonical text writes them."""
    return sa.type_coerce(column, sa.String) if isinstance(column.type, sa.Enum) else column


def _names() -> list[str]:
    return [name for name in fields_of(Student) if name != "school_code"]


def _head(school: School, collection_round: CollectionRound, students: int) -> Record:
    return {
        "form": FORM,
        "school_code": school.code,
        "system": collection_round.system.value,
        "academic_year": collection_round.academic_year,
        "round": collection_round.number,
        "snapshot_date": collection_round.snapshot_date.isoformat(),
        "students": students,
    }


# ── Freezing ─────────────────────────────────────────────────────────────────────────────────────────────


def freeze(submission: Submission, school: School, collection_round: CollectionRound) -> Roster:
    """Keep the school's students and headcounts as they are now (R8). Called inside the confirming alone,

    which holds the submission FOR UPDATE: no write of the school's rows is under way or can begin.
    """
    return keep(*draw_up(submission, school, collection_round, lock.now()))


def draw_up(
    submission: Submission, school: School, collection_round: CollectionRound, at: dt.datetime
) -> tuple[Roster, headcounts.Headcounts]:
    """The roster and figures of the school's students as they are now, dated ``at``; nothing is kept yet."""
    records = records_of(school)
    text = text_of(_head(school, collection_round, len(records)), records)
    counts = headcounts.live(school, collection_round.academic_year)
    roster = Roster(
        submission_id=submission.id,
        round_id=collection_round.id,
        school_code=school.code,
        frozen_at=at,
        students=len(records),
        sha256=hashlib.sha256(text).hexdigest(),
        content=zlib.compress(text),
        totals=headcounts.totals_json(counts.totals),
    )
    return roster, counts


def keep(roster: Roster, counts: headcounts.Headcounts) -> Roster:
    """Write a roster that was drawn up, for good."""
    db.session.add(roster)
    db.session.flush()
    _freeze_headcounts(roster, counts)
    return roster


def _freeze_headcounts(roster: Roster, counts: headcounts.Headcounts) -> None:
    """In one statement: right, owner and lock were asked for the roster, and frozen rows need no history."""
    owner = {
        "roster_id": roster.id,
        "round_id": roster.round_id,
        "school_code": roster.school_code,
        "scope": roster.scope,
    }
    rows = [owner | row._asdict() for row in counts.grades]
    with set_based(SetWork.FREEZE):
        db.session.connection().execute(sa.insert(Headcount.__table__), rows)


# ── Reading a frozen roster ──────────────────────────────────────────────────────────────────────────────


class RosterDamaged(RuntimeError):
    """A kept roster no longer gives its hash: the store was tampered with or is broken."""


def frozen_text(roster: Roster) -> bytes:
    """The canonical bytes that were frozen; RosterDamaged when they no longer give their hash."""
    text = zlib.decompress(roster.content)
    if hashlib.sha256(text).hexdigest() != roster.sha256:
        raise RosterDamaged(roster.id)
    return text


def frozen_records(roster: Roster) -> list[Record]:
    """The students that were frozen."""
    lines = frozen_text(roster).decode().splitlines()
    return [json.loads(line) for line in lines[1:]]


# ── What has changed since ───────────────────────────────────────────────────────────────────────────────


class Alteration(enum.StrEnum):
    """How a student differs from the frozen roster."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def th(self) -> str:
        """Thai word."""
        return {"added": "เพิ่มขึ้น", "removed": "หายไป", "changed": "เปลี่ยน"}[self.value]


class FieldChange(NamedTuple):
    """One field: its name, its Thai label, and what it shows in the frozen roster and now."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """One student who is not as frozen; ``masked_id`` is the masked national ID."""

    alteration: Alteration
    masked_id: str
    name: str
    fields: tuple[FieldChange, ...] = ()


def differences(roster: Roster, now: Sequence[Record] | None = None) -> list[Difference]:
    """How the school's students of now (or the records given) differ from the frozen ones, by national ID.

    A field that was declared after the freezing is not compared. Empty when nothing has changed.
    """
    if now is None:
        now = records_of(db.session.get_one(School, roster.school_code))
    before = {record["national_id"]: record for record in frozen_records(roster)}
    after = {record["national_id"]: record for record in now}
    return [
        difference
        for key in sorted({*before, *after})
        if (difference := _difference(before.get(key), after.get(key))) is not None
    ]


def _difference(before: Record | None, after: Record | None) -> Difference | None:
    if before is None or after is None:
        record = before or after or {}
        return Difference(Alteration.ADDED if before is None else Alteration.REMOVED, *_who(record))
    fields = tuple(_changed_fields(before, after))
    return Difference(Alteration.CHANGED, *_who(after), fields) if fields else None


def _changed_fields(before: Record, after: Record) -> Iterator[FieldChange]:
    for name, declared in fields_of(Student).items():
        if name in before and before[name] != after.get(name):
            shown = _shown(declared, before[name]), _shown(declared, after.get(name))
            yield FieldChange(name, declared.th, *shown)


def _who(record: Record) -> tuple[str, str]:
    masked = fields_of(Student)["national_id"].kind.mask(record["national_id"])
    return masked, f"{record['first_name']} {record['last_name']}"


def _shown(declared: Field, value: Any) -> str:
    """A canonical value as people read it; one that its kind no longer knows is shown as kept."""
    try:
        return declared.kind.show(declared.kind.read(value))
    except NotReadable:
        return str(value)
