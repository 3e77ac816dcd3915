"""How a movement is written: past the mapper, with its history and a ``Movement`` for each school concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ... import access, bulk
from ...codes import MovementKind
from ...dataset import history, lock, validation
from ...declaration import db, fields_of
from ...errors import InvalidRow
from ...models import Movement, School, Student
from ...walls import SetWork, set_based
from .holding import present, school_of

_STUDENT, _MOVEMENT = Student.__table__, Movement.__table__


@dataclass(frozen=True)
class Deed:
    """What a movement's record says beside the values that changed."""

    kind: MovementKind
    happened_on: dt.date
    note: str
    ground: str | None = None
    other_school: str | None = None
    evidence: str | None = None
    request_id: int | None = None


Changed = tuple[dict[str, Any], dict[str, Any]]


def move(row: Any, after: Mapping[str, Any], deed: Deed, to: School | None = None) -> Changed:
    """Write the values that differ and the record of it; what was changed, before and after."""
    school = to or school_of(row.school_code)
    with access.because(deed.note.strip() or None):
        before, different = write(row, after, school)
    if different:
        record(row, before, different, deed, school)
    return before, different


def write(row: Any, after: Mapping[str, Any], school: School) -> Changed:
    """The student's row with other values, judged as everywhere, and the history of each school concerned."""
    different = {name: value for name, value in after.items() if getattr(row, name) != value}
    if not different:
        return {}, {}
    whole = {name: getattr(row, name) for name in fields_of(Student)} | different
    if problems := list(validation.problems_of(Student, whole)):
        raise InvalidRow(problems)
    before = {name: getattr(row, name) for name in different}
    with set_based(SetWork.MOVE):
        connection = db.session.connection()
        values = different | {"scope": school.scope, "version": row.version + 1}
        connection.execute(sa.update(_STUDENT).where(_STUDENT.c.id == row.id).values(values))
        for scope in {row.scope, school.scope}:
            history.record_of(connection, "student", row.id, scope, _plain(before), _plain(different))
    _forget(row.id)
    return before, different


def record(row: Any, before: Mapping[str, Any], after: Mapping[str, Any], deed: Deed, at: School) -> None:
    values = _who_and_when() | {
        "scope": at.scope,
        "school_code": at.code,
        "student_id": row.id,
        "kind": deed.kind,
        "happened_on": deed.happened_on,
        "ground": deed.ground,
        "note": deed.note.strip()[:500],
        "other_school": deed.other_school if deed.other_school != at.code else None,
        "evidence": deed.evidence,
        "request_id": deed.request_id,
        "before": _plain(before),
        "after": _plain(after),
    }
    with set_based(SetWork.MOVE):
        db.session.connection().execute(sa.insert(_MOVEMENT).values(values))


Told = tuple[int, str, MovementKind, Mapping[str, Any], Mapping[str, Any]]
"""A movement of many: student, the school's scope, kind, and the values before and after."""


def record_many(told: Iterable[Told], note: str) -> None:
    """The records of many movements within schools, for set-based work that has made them by the same rules."""
    common = _who_and_when() | {"happened_on": lock.today(), "note": note.strip()[:500]}
    own = ("student_id", "scope", "school_code", "kind", "before", "after")
    rows = (
        (*common.values(), student, scope, scope.rsplit("/", 1)[1], kind, _plain(before), _plain(after))
        for student, scope, kind, before, after in told
    )
    bulk.copy_rows(db.session.connection(), _MOVEMENT, [*common, *own], rows)


def _who_and_when() -> dict[str, Any]:
    viewer = access.viewer()
    return {
        "round_id": present().round_id,
        "done_at": lock.now(),
        "done_by_id": viewer.id,
        "done_by": viewer.name,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = fields_of(Student)
    return {name: fields[name].kind.json(value) for name, value in values.items()}


def _forget(student_id: int) -> None:
    """What this session remembers of the row is no longer so."""
    for one in [one for one in db.session if isinstance(one, Student) and one.id == student_id]:
        db.session.expire(one)
