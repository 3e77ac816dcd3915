"""Nutrition: the growth reference of a round, a student's status, and the summary by grade of a school or an area."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from .. import access, rules
from ..access import Action
from ..bilingual import Label
from ..codes import Grade, GrowthIndex, HeightForAge, Sex, WeightForAge, WeightForHeight
from ..dataset import lock
from ..dataset.sight import require_shown
from ..declaration import db
from ..errors import AlreadyThere, SourceMissing
from ..models import CollectionRound, GrowthReference, Student
from ..rules import Reference, ReferenceRow, Status
from . import rounds

SUBJECT: Final = "growth_reference"
SCALES: Final = (WeightForAge, HeightForAge, WeightForHeight)
"""The levels of each index, in the order of ``Status``."""
MEASURES: Final = ("weight_kg", "height_cm", "measured_on")

# ── The reference ────────────────────────────────────────────────────────────────────────────────────────


def import_reference(data: bytes, edition: str, source: str, *, synthetic: bool) -> GrowthReference:
    """Keep an edition of the tables; rounds made from now on are judged by it.

    A round that was made when there was none takes the first. ReferenceWrong, AlreadyThere, SourceMissing.
    """
    with access.performing(Action.MANAGE, SUBJECT) as viewer:
        if not edition.strip() or not source.strip():
            raise SourceMissing
        rows = rules.read_reference(data)
        if db.session.scalar(sa.select(GrowthReference.id).filter_by(edition=edition.strip())) is not None:
            raise AlreadyThere(what=edition.strip())
        made = GrowthReference(
            edition=edition.strip(),
            source=source.strip(),
            is_synthetic=synthetic,
            sha256=hashlib.sha256(data).hexdigest(),
            rows={"rows": [[r.of.value, r.sex.value, str(r.at), *map(str, r.cuts)] for r in rows]},
            imported_at=lock.now(),
            imported_by=viewer.name,
        )
        db.session.add(made)
        db.session.flush()
        return made


def newest() -> GrowthReference | None:
    """The edition by which rounds made from now on are judged; None when none has been imported."""
    return db.session.scalar(sa.select(GrowthReference).order_by(GrowthReference.id.desc()).limit(1))


def in_force(one: CollectionRound | None = None) -> GrowthReference | None:
    """The edition that a round (the present one) has fixed, or the first where there was none when it was made.

    Between rounds the newest. None when none has been imported, and nothing is judged.
    """
    judging = one or rounds.current_round()
    if judging is None:
        return newest()
    if (fixed := judging.judged_by.get(rules.REFERENCE)) is not None:
        return db.session.get(GrowthReference, fixed)
    return db.session.scalar(sa.select(GrowthReference).order_by(GrowthReference.id).limit(1))


def reference() -> Reference:
    """The tables of the edition in force; an empty one judges nothing."""
    found = in_force()
    return Reference() if found is None else ready(found)


_KNOWN: dict[str, Reference] = {}


def ready(found: GrowthReference) -> Reference:
    """An edition, ready to judge; read once by each process, since it never changes."""
    if found.sha256 not in _KNOWN:
        rows = [
            ReferenceRow(GrowthIndex(index), Sex(sex), Decimal(at), tuple(map(Decimal, cuts)))
            for index, sex, at, *cuts in found.rows["rows"]
        ]
        _KNOWN[found.sha256] = Reference(found.edition, rows)
    return _KNOWN[found.sha256]


def status_of(pupil: Any, by: Reference) -> Status:
    """The status of a row with sex, birth date and measures."""
    return rules.judged(by, pupil.sex, pupil.birth_date, pupil.measured_on, pupil.weight_kg, pupil.height_cm)


# ── The summary ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Line:
    """One grade: students, how many are measured, and of each index how many stand at which level."""

    label: str
    students: int = 0
    measured: int = 0
    levels: tuple[dict[Any, int], ...] = field(
        default_factory=lambda: tuple(dict.fromkeys(s, 0) for s in SCALES)
    )
    unjudged: list[int] = field(default_factory=lambda: [0] * len(SCALES))
    tall_and_in_shape: int = 0

    def take(self, pupil: Any, status: Status) -> None:
        """Count a student."""
        self.students += 1
        self.measured += pupil.weight_kg is not None and pupil.height_cm is not None
        self.tall_and_in_shape += bool(status.is_tall_and_in_shape)
        for at, level in enumerate(status):
            if level is None:
                self.unjudged[at] += 1
            else:
                self.levels[at][level] += 1

    def counts(self, at: int) -> list[int]:
        """The numbers of one index, level by level, and those who cannot be judged."""
        return [*self.levels[at].values(), self.unjudged[at]]


TOTAL: Final = Label("รวม", "All")


def summary(scope: str) -> list[Line]:
    """By grade, the total last: all students of a school, an area or the country that the viewer looks after.

    One statement, read as it comes: an area of 20,000 students is judged in less than a second.
    """
    access.viewer().require(Action.READ, "student")
    require_shown(Student, MEASURES)
    by, lines, total = reference(), dict[Grade, Line](), Line(TOTAL)
    for pupil in _pupils(scope):
        status = status_of(pupil, by)
        lines.setdefault(pupil.grade, Line(pupil.grade.short)).take(pupil, status)
        total.take(pupil, status)
    return [*(lines[grade] for grade in sorted(lines)), total]


def _pupils(scope: str) -> Iterator[Any]:
    lo, hi = access.scope_bounds(scope)
    columns = (
        Student.grade,
        Student.sex,
        Student.birth_date,
        Student.weight_kg,
        Student.height_cm,
        Student.measured_on,
    )
    query = sa.select(*columns).where(Student.scope >= lo, Student.scope < hi)
    yield from db.session.execute(query.execution_options(yield_per=5_000))


def table(lines: Sequence[Line]) -> tuple[list[str], list[list[Any]]]:
    """The summary as a sheet: heads and rows."""
    heads: list[Any] = [Label("ชั้น", "Grade"), Label("นักเรียน", "Students"), Label("ชั่งวัดแล้ว", "Measured")]
    for scale in SCALES:
        heads += [*(level.th for level in scale), UNJUDGED]
    heads.append(TALL_AND_IN_SHAPE)
    rows = [
        [
            line.label,
            line.students,
            line.measured,
            *(n for at in range(len(SCALES)) for n in line.counts(at)),
            line.tall_and_in_shape,
        ]
        for line in lines
    ]
    return heads, rows


def _all_counts(line: Line) -> list[int]:
    return [number for at in range(len(SCALES)) for number in line.counts(at)]


UNJUDGED: Final = Label("ประเมินไม่ได้", "Cannot be judged")
TALL_AND_IN_SHAPE: Final = Label("สูงดีสมส่วน", "Tall and in shape")
