"""Finding a child in the whole country by number, showing no more than is needed to recognise the child (R21)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ... import access, identity
from ...access import Action
from ...codes import StudentStatus
from ...dataset import history
from ...declaration import db, fields_of
from ...errors import EnrolledTwice, StudentUnknown
from ...models import NumberChange, Student
from ...walls import SetWork, set_based
from .holding import SUBJECT, held_student, name_of

_STUDENT = Student.__table__
_ENROLLED = StudentStatus.ENROLLED


@dataclass(frozen=True)
class Child:
    """What is needed to recognise a child and nothing more: not where they live, nor which school has them."""

    name: str
    sex: str
    born: dt.date
    grade: str
    status: StudentStatus
    is_here: bool
    is_twice: bool = False
    """R30: enrolled in two schools; to take the child needs documents, and the case of duplicates comes first."""


def find(national_id: str) -> Child:
    """R21: the child with this number, anywhere. StudentUnknown (404). Leaves a trace."""
    with access.performing(Action.MOVE, SUBJECT):
        child = recognise(national_id)
        number = identity.normalise_identity(national_id)
        asked = {"national_id": fields_of(Student)["national_id"].kind.mask(number)}
        history.record_reading(db.session.connection(), "student", "looked up", asked)
        return child


def recognise(national_id: str) -> Child:
    """The same, for a caller who has left the trace already."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        found = with_number(identity.normalise_identity(national_id))
        enrolled = [row for row in found if row.status is _ENROLLED]
        row = enrolled[0] if enrolled else one_of(found)
        return Child(
            name_of(row),
            str(row.sex.th),
            row.birth_date,
            row.grade.th,
            row.status,
            any(viewer.looks_after(one.scope) for one in enrolled or [row]),
            len(enrolled) > 1,
        )


def with_number(number: str, *, held: bool = False) -> Sequence[Any]:
    """The rows of who has this number, or, where nobody has, of who had it before it was replaced."""
    query = sa.select(_STUDENT).where(_STUDENT.c.national_id == number).order_by(_STUDENT.c.id)
    with set_based(SetWork.MOVE):
        connection = db.session.connection()
        if found := connection.execute(query.with_for_update() if held else query).all():
            return found
    former = [*NumberChange.students_who_had(connection, number)]
    return [held_student(one, held=held) for one in former[:1]]


def one_of(rows: Sequence[Any]) -> Any:
    """The row that can be moved: the one enrolled, or the one that left last."""
    if not rows:
        raise StudentUnknown
    enrolled = [row for row in rows if row.status is _ENROLLED]
    if len(enrolled) > 1:
        raise EnrolledTwice
    return enrolled[0] if enrolled else rows[-1]
