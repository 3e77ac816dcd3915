"""Who stays, in another class, under another name or number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ... import access, rules
from ...access import Action
from ...bilingual import Sentence
from ...codes import Grade, MovementKind, Sex, StudentStatus, Title
from ...dataset import attachments, lock, validation
from ...errors import EvidenceMissing, InvalidRow, NotEnrolled, require_reason
from ...kinds import StoredFile
from ...models import School, Student
from ..requests import Evidence
from .holding import END_OF_YEAR, SUBJECT, held_students, must_teach, name_of, school_of
from .writing import Deed, move

_ENROLLED = StudentStatus.ENROLLED
_NAMES: Final = frozenset({"title", "first_name", "middle_name", "last_name"})
_ON_THE_CARD: Final = _NAMES | {"sex", "birth_date", "identity_type"}


def change_class(student_ids: Collection[int], grade: Grade, room: int, reason: str) -> int:
    """R24, R49: one student or many into another class or room; how many moved. All or none.

    In round 3 only to correct a wrong class, with the reason: promotion is no change of class.
    """
    return change_classes(dict.fromkeys(student_ids, (grade, room)), reason)


def change_classes(seats: Mapping[int, tuple[Grade, int]], reason: str) -> int:
    """The same for students who go into different classes: grade and room by student."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        moved = 0
        for row, round_number in held_students(seats, MovementKind.CLASS, viewer):
            grade, room = seats[row.id]
            require_class(row, grade, school_of(row.school_code), round_number, reason)
            deed = Deed(MovementKind.CLASS, lock.today(), reason)
            moved += move(row, {"grade": grade, "room": room}, deed) != ({}, {})
        return moved


def require_class(row: Any, grade: Grade, school: School, round_number: int, reason: str) -> None:
    """R24, R49: who is enrolled sits in a class that the school teaches; in round 3 another grade needs its reason."""
    if row.status is not _ENROLLED:
        raise NotEnrolled(name=name_of(row), status=row.status.th)
    if row.grade is not grade and round_number == END_OF_YEAR:
        require_reason(reason)
    must_teach(school, grade)


@dataclass(frozen=True)
class Names:
    """What a student is called from now on."""

    title: Title
    first_name: str
    last_name: str
    middle_name: str | None = None


def rename(student_id: int, names: Names, reason: str, evidence: Sequence[Evidence]) -> None:
    """R25, R49: another title, name or surname, with the document that says so; the school does it itself.

    A title that changes with age alone needs none.
    """
    after = {
        "title": names.title,
        "first_name": names.first_name.strip(),
        "last_name": names.last_name.strip(),
        "middle_name": (names.middle_name or "").strip() or None,
    }
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        for row, _ in held_students([student_id], MovementKind.NAME, viewer):
            if not evidence and not _grows_up(row, after):
                raise EvidenceMissing(what=Sentence("หลักฐานการเปลี่ยนชื่อหรือนามสกุล"))
            deed = Deed(MovementKind.NAME, lock.today(), reason, evidence=_kept(evidence))
            move(row, after, deed)


def _grows_up(row: Any, after: Mapping[str, Any]) -> bool:
    """The title alone changes, and only as it does with age."""
    others = {name: value for name, value in after.items() if name != "title"}
    same = all(getattr(row, name) == value for name, value in others.items())
    return same and rules.title_of_age(row.title, after["title"], row.birth_date, lock.today())


def _kept(evidence: Sequence[Evidence]) -> str | None:
    """The document, in the register's own store."""
    return attachments.take(StoredFile(), evidence[0].filename, evidence[0].data) if evidence else None


@dataclass(frozen=True)
class Identity:
    """Who a student is, as the document of the civil registration says it; the title goes with the sex."""

    title: Title
    sex: Sex
    birth_date: dt.date


def correct_identity(student_id: int, right: Identity, reason: str, evidence: Sequence[Evidence]) -> None:
    """R49: a wrong sex or date of birth is corrected, with the reason and the document that says so."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        if not evidence:
            raise EvidenceMissing(what=Sentence("สูติบัตร ทะเบียนบ้าน หรือบัตรประจำตัวประชาชน"))
        for row, _ in held_students([student_id], MovementKind.IDENTITY, viewer):
            deed = Deed(MovementKind.IDENTITY, lock.today(), reason, evidence=_kept(evidence))
            move(row, vars(right), deed)


def take_from_card(student_id: int, read: Mapping[str, Any]) -> None:
    """R25, R49: names, sex and birth date as the ID card in the reader has them: the card is the document."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        if others := validation.kept_by_verbs(Student, read.keys() - _ON_THE_CARD):
            raise InvalidRow(others)
        names = {name: value for name, value in read.items() if name in _NAMES}
        kind = MovementKind.NAME if len(names) == len(read) else MovementKind.IDENTITY
        for row, _ in held_students([student_id], kind, viewer):
            move(row, read, Deed(kind, lock.today(), "อ่านจากบัตรประจำตัวประชาชน"))


def renumber(student_id: int, student_number: str, reason: str = "") -> None:
    """R49: another student number of the school."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        for row, _ in held_students([student_id], MovementKind.NUMBER, viewer):
            deed = Deed(MovementKind.NUMBER, lock.today(), reason)
            move(row, {"student_number": student_number.strip()}, deed)
