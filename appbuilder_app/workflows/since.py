"""What has changed since: how one snapshot differs from another, or from the school's rows of now, field by field.

How much of a field is told is the caller's to say: ``fields_seen`` for a viewer's eyes, ``fields_on_paper`` for a
document, which must be the same whoever prints it.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import kinds
from ..bilingual import Label
from ..codes import Grade
from ..dataset.sight import fields_seen
from ..declaration import Base, Field, dataset_named, dataset_of, db, fields_of
from ..kinds import NotReadable
from ..models import CollectionRound, Roster, School, Student
from . import rosters
from .freezing import Record, frozen_records
from .rosters import DATASET, STUDENT

Fields = Callable[[type[Base]], Mapping[str, Field]]


class Alteration(enum.StrEnum):
    """How a record differs from the snapshot."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def th(self) -> str:
        """Thai word."""
        return _ALTERATIONS[self]


_ALTERATIONS = {
    Alteration.ADDED: Label("เพิ่มขึ้น", "Added"),
    Alteration.REMOVED: Label("ไม่อยู่แล้ว", "No longer there"),
    Alteration.CHANGED: Label("เปลี่ยน", "Changed"),
}


class FieldChange(NamedTuple):
    """One field: its name, its label, and what it shows in the snapshot and now."""

    name: str
    label: str
    before: str
    after: str

    @property
    def is_veiled(self) -> bool:
        """True when both values lie behind the same veil: only that they differ may be known."""
        return self.before == self.after


class Described(NamedTuple):
    """Who or what a record is: the dataset, the masked number, a name, the class, and the student's own number."""

    dataset: str
    masked_id: str
    name: str
    place: str
    student_id: int | None


@dataclass(frozen=True)
class Difference:
    """One record that is not as frozen: who or what it is, and the fields that changed."""

    alteration: Alteration
    who: Described
    fields: tuple[FieldChange, ...] = ()


def fields_on_paper(model: type[Base]) -> Mapping[str, Field]:
    """Every field, those of private groups behind their veil: a paper goes through many hands."""
    return {name: _veiled(declared) for name, declared in fields_of(model).items()}


def _veiled(declared: Field) -> Field:
    return declared if declared.privacy is None else replace(declared, kind=kinds.Masked(declared.kind))


# ── Comparing ────────────────────────────────────────────────────────────────────────────────────────────


def differences(
    roster: Roster, now: Sequence[Record] | None = None, fields: Fields = fields_seen
) -> list[Difference]:
    """How the school's rows of now (or the records given) differ from the frozen ones, in the order of the snapshot.

    A field that was declared after the freezing is not compared. Empty when nothing has changed.
    """
    before = frozen_records(roster)
    after = records_now(roster) if now is None else now
    return [*_compared(before, after, fields)]


def records_now(roster: Roster) -> list[Record]:
    """What a snapshot would hold if the school confirmed this moment."""
    school = db.session.get_one(School, roster.school_code)
    return rosters.records_of(school, db.session.get_one(CollectionRound, roster.round_id))


def _compared(before: Sequence[Record], after: Sequence[Record], fields: Fields) -> Iterator[Difference]:
    show = partial(_difference, fields=fields, people=_names_of(before, after))
    left = {_same(record): record for record in after}
    unmatched = []
    for record in before:
        found = left.pop(_same(record), None)
        if found is None:
            unmatched.append(record)
        elif told := show(record, found):
            yield told
    # Who got another number meanwhile (a G-code became an ID) is still the same row.
    by_row = {rosters.key_of(record): record for record in left.values()}
    for record in unmatched:
        found = by_row.pop(rosters.key_of(record), None)
        if told := show(record, found):
            yield told
    for record in by_row.values():
        if told := show(None, record):
            yield told


def _same(record: Record) -> tuple[Any, ...]:
    """Who left and came again has another row, but is the same student."""
    return (STUDENT, record["national_id"]) if record[DATASET] == STUDENT else rosters.key_of(record)


def _difference(
    before: Record | None, after: Record | None, fields: Fields, people: Mapping[int, Record]
) -> Difference | None:
    record = after or before or {}
    who = described(record, people)
    if before is None or after is None:
        return Difference(Alteration.ADDED if before is None else Alteration.REMOVED, who)
    changed = tuple(_changed_fields(before, after, fields(dataset_named(record[DATASET]))))
    return Difference(Alteration.CHANGED, who, changed) if changed else None


def described(record: Record, people: Mapping[int, Record] | None = None) -> Described:
    """A record in words; ``people`` are the students by their row, for what only points at one."""
    model = dataset_named(record[DATASET])
    student_id = record["id"] if model is Student else record.get("student_id")
    person = record if model is Student else (people or {}).get(student_id or 0)
    if person is None:
        return Described(dataset_of(model).th, "", _title(model, record), "", student_id)
    declared = fields_of(Student)
    masked = declared["national_id"].kind.mask(person["national_id"])
    room = f"{Grade(person['grade']).short}/{person['room']}"
    return Described(
        dataset_of(model).th, masked, f"{person['first_name']} {person['last_name']}", room, student_id
    )


def _title(model: type[Base], record: Record) -> str:
    fields = fields_of(model)
    names = dataset_of(model).title or dataset_of(model).key
    parts = (_shown(fields[name], record[name]) for name in names if name in fields and name in record)
    return " ".join(part for part in parts if part)


def _names_of(*lists: Sequence[Record]) -> dict[int, Record]:
    return {one["id"]: one for records in lists for one in records if one[DATASET] == STUDENT}


def _changed_fields(before: Record, after: Record, fields: Mapping[str, Field]) -> Iterator[FieldChange]:
    for name, declared in fields.items():
        if name in before and name in after and before[name] != after[name]:
            yield FieldChange(
                name, declared.th, _shown(declared, before[name]), _shown(declared, after[name])
            )


def _shown(declared: Field, value: Any) -> str:
    """A canonical value as people read it; one that its kind no longer knows is shown as kept."""
    try:
        return declared.kind.show(declared.kind.read(value))
    except NotReadable:
        return declared.kind.show(value) if isinstance(declared.kind, kinds.Masked) else str(value)


# ── In sum ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Changes:
    """All differences, and how often each field differs, the most often first."""

    all: tuple[Difference, ...]

    def of(self, alteration: Alteration) -> list[Difference]:
        """Those of one kind."""
        return [one for one in self.all if one.alteration is alteration]

    @property
    def added(self) -> list[Difference]:
        """Records that the snapshot has not."""
        return self.of(Alteration.ADDED)

    @property
    def removed(self) -> list[Difference]:
        """Records that only the snapshot has."""
        return self.of(Alteration.REMOVED)

    @property
    def changed(self) -> list[Difference]:
        """Records that both have, with their fields."""
        return self.of(Alteration.CHANGED)

    @property
    def by_field(self) -> list[tuple[str, int]]:
        """Labels of fields with the number of records in which they changed."""
        return Counter(field.label for one in self.all for field in one.fields).most_common()


def changes(roster: Roster, now: Sequence[Record] | None = None, fields: Fields = fields_seen) -> Changes:
    """The differences with their sums."""
    return Changes(tuple(differences(roster, now, fields)))


def since_certified(roster_id: int) -> Changes:
    """What a viewer sees of the changes since a snapshot of theirs; a foreign one is not found."""
    return changes(db.session.scalars(sa.select(Roster).where(Roster.id == roster_id)).one())
