"""What a file changes of the fields that are kept for verbs: by the verbs' own rules, for many rows at once.

Schools change classes by Excel (R24). So a row with another class or student number, or with a title that age alone
changes, is that verb: the same checks, the same movement on record. What needs a document (R25, R49) stays with the
screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import rules
from ..bilingual import Sentence
from ..codes import Grade, MovementKind, RoundSystem
from ..dataset import lock, validation
from ..declaration import Base, db, fields_of
from ..errors import Problem, ReasonMissing, RuleViolation
from ..models import ImportBatch, School, Student
from ..walls import SetWork, set_based
from . import movements

Values = Mapping[str, Any]

BY_FILE: Final = {
    "grade": MovementKind.CLASS,
    "room": MovementKind.CLASS,
    "student_number": MovementKind.NUMBER,
    "title": MovementKind.NAME,
}
_ONE_BY_ONE: Final = Sentence(
    "ในรอบสิ้นปีแก้ชั้นได้เฉพาะคนที่บันทึกชั้นผิด พร้อมเหตุผล (ข้อ R49) กรุณาใช้ “จัดชั้นและห้อง” ไม่ใช่ไฟล์ และไม่ต้องเลื่อนชั้นเอง"
)


class Moved(NamedTuple):
    """A stored row that a file changes, with the values that differ."""

    id: Any
    scope: str
    before: Values
    after: Values


class Kept:
    """The kept fields of a dataset: no file changes them."""

    by_file: Mapping[str, MovementKind] = {}
    work = SetWork.IMPORT
    """In which set-based work the rows are written."""

    def __init__(self, connection: sa.Connection, model: type[Base]) -> None:
        self.connection, self.model = connection, model
        self._kept = {name for name, one in fields_of(model).items() if one.by_verb is not None}

    def problems(self, stored: Values, after: Values) -> Iterator[Problem]:
        """Why a row may not get these values; ``stored`` are all of its own. Asked at the preview and at the commit."""
        if self._kept.isdisjoint(after):  # as of most rows
            return
        yield from validation.kept_by_verbs(self.model, [name for name in after if name not in self.by_file])
        yield from self._refused(stored, after)

    def _refused(self, _stored: Values, _after: Values) -> Iterator[Problem]:
        return iter(())

    def record(self, moved: Iterable[Moved], note: str) -> None:
        """Put on record what was changed as the verbs do."""


class StudentMoves(Kept):
    """Class, student number and grown-up title of students."""

    by_file = BY_FILE
    work = SetWork.FILE_MOVES

    def __init__(self, connection: sa.Connection, model: type[Base] = Student) -> None:
        super().__init__(connection, model)
        with set_based(SetWork.LOCK):
            self._standing = lock.governing_round(connection, RoundSystem.DMC)
        self._windows: dict[tuple[MovementKind, str], RuleViolation | None] = {}
        # Held, since the session forgets what nobody holds and would ask for the school at each row.
        self._schools: dict[str, School] = {}

    def _refused(self, stored: Values, after: Values) -> Iterator[Problem]:
        touched = [name for name in self.by_file if name in after]
        if not touched or self._standing is None:
            return  # without a round nothing is written anyway, which the lock says
        row, code = SimpleNamespace(**stored), stored["school_code"]
        if (school := self._schools.get(code)) is None:
            school = self._schools[code] = db.session.get_one(School, code)
        for name in touched:
            if (refusal := self._window(self.by_file[name], school.scope)) is not None:
                yield Problem(name, str(refusal))
        if "grade" in after or "room" in after:
            yield from self._class_problems(row, after.get("grade", row.grade), school)
        if "title" in after and not self._grows_up(row, after["title"]):
            yield from validation.kept_by_verbs(self.model, ["title"])

    def _class_problems(self, row: Any, grade: Grade, school: School) -> Iterator[Problem]:
        try:
            movements.require_class(row, grade, school, self._standing.number, "")
        except ReasonMissing:
            yield Problem("grade", _ONE_BY_ONE)
        except RuleViolation as refusal:
            yield Problem("grade", str(refusal))

    @staticmethod
    def _grows_up(row: Any, title: Any) -> bool:
        return rules.title_of_age(row.title, title, row.birth_date, lock.today())

    def _window(self, kind: MovementKind, scope: str) -> RuleViolation | None:
        if (kind, scope) not in self._windows:
            label = lock.label_of(self._standing)
            self._windows[kind, scope] = movements.window_refusal(self._standing.id, label, kind, scope)
        return self._windows[kind, scope]

    def record(self, moved: Iterable[Moved], note: str) -> None:
        """A movement of each kind that a row has, as the verb would have made it."""
        movements.record_many(
            (
                (one.id, one.scope, kind, before, after)
                for one in moved
                for kind, before, after in self._by_kind(one)
            ),
            note,
        )

    def _by_kind(self, one: Moved) -> Iterator[tuple[MovementKind, dict[str, Any], dict[str, Any]]]:
        for kind in dict.fromkeys(self.by_file.values()):
            names = [name for name, its in self.by_file.items() if its is kind and name in one.after]
            if names:
                yield kind, {n: one.before[n] for n in names}, {n: one.after[n] for n in names}


def kept_in(connection: sa.Connection, model: type[Base]) -> Kept:
    """What files may do with the kept fields of a dataset."""
    return (StudentMoves if model is Student else Kept)(connection, model)


def note_of(batch: ImportBatch) -> str:
    """What a movement made by a file says of it."""
    return str(Sentence("จากไฟล์ {file}", file=batch.filename))
