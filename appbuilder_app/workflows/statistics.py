"""Statistics of a closed round, added up from the snapshots that were certified, and from nothing else.

The same round and place give the same file, byte for byte, years later: a snapshot never changes, a closed round takes
no other, and the names of places are those that were frozen. A result bears two hashes: that of its own CSV file, and
that of its sources, the roots of all snapshots in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from .. import access, files
from ..access import Action, Level
from ..bilingual import Label, Sentence
from ..codes import Grade, RoundSystem, Sex, SubmissionState
from ..dataset import export
from ..declaration import dataset_named, dataset_of, db, fields_of
from ..errors import NotYours, RuleViolation
from ..models import Area, CollectionRound, GrowthReference, Roster, Submission
from ..rules import Reference
from ..schema.rounds import round_label
from . import freezing, nutrition, snapshots, tallies
from .freezing import Record
from .headcounts import TOTALS
from .tallies import By

SUBJECT: Final = "submission"
COUNTED: Final = (SubmissionState.CERTIFIED, SubmissionState.ACKNOWLEDGED)
"""Only what a director has certified is counted."""
PORTION: Final = 500


class RoundStillOpen(RuleViolation):
    """A round that is not closed: its snapshots may still be returned and made anew."""

    message = "{round} ยังไม่ปิด สถิติของรอบออกได้เมื่อส่วนกลางปิดรอบแล้ว เพราะข้อมูลยังเปลี่ยนได้"


class SnapshotsDamaged(RuleViolation):
    """Kept snapshots no longer give their hashes: no statistics are made of them."""

    status = 500
    message = "พบข้อมูลที่ตรึงไว้เสียหาย {count} ชุด จึงไม่ออกสถิติ: {first} ให้แจ้งผู้ดูแลระบบ"


@dataclass
class Part:
    """One place's figures: an area of the country, a school of an area."""

    code: str
    name: str
    schools: int = 0
    grades: dict[str, list[int]] = field(default_factory=dict)
    """By grade: boys, girls, rooms."""
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def male(self) -> int:
        """Boys."""
        return sum(row[0] for row in self.grades.values())

    @property
    def female(self) -> int:
        """Girls."""
        return sum(row[1] for row in self.grades.values())

    @property
    def students(self) -> int:
        """Both."""
        return self.male + self.female

    @property
    def rooms(self) -> int:
        """Rooms of all grades."""
        return sum(row[2] for row in self.grades.values())

    @property
    def rows(self) -> int:
        """Rows of all datasets, where the round is not the learners'."""
        return sum(number for name, number in self.totals.items() if "." not in name)

    def take(self, counts: Record) -> None:
        """Add a snapshot's counts."""
        self.schools += 1
        for row in counts.get("grades", ()):
            sums = self.grades.setdefault(row["grade"], [0, 0, 0])
            for at, name in enumerate(("male", "female", "rooms")):
                sums[at] += row[name]
        for name, number in _totals_in(counts):
            self.totals[name] = self.totals.get(name, 0) + number


def _totals_in(counts: Record) -> Iterator[tuple[str, int]]:
    """The named numbers of a snapshot: a school's totals, or rows by dataset and sums by field."""
    yield from counts.get("totals", {}).items()
    yield from counts.get("rows", {}).items()
    for dataset, sums in counts.get("sums", {}).items():
        yield from ((f"{dataset}.{name}", number) for name, number in sums.items())


@dataclass
class Statistics:
    """What was counted of a round in a place. ``states`` are the schools of the place by how far they came."""

    system: str
    academic_year: int
    number: int
    place: str
    parts: list[Part]
    by: By
    states: dict[str, int]
    sources: str

    @cached_property
    def total(self) -> Part:
        """All parts together."""
        total = Part("", self.place)
        for part in self.parts:
            total.schools += part.schools
            for grade, row in part.grades.items():
                sums = total.grades.setdefault(grade, [0, 0, 0])
                sums[:] = [mine + more for mine, more in zip(sums, row, strict=True)]
            for name, number in part.totals.items():
                total.totals[name] = total.totals.get(name, 0) + number
        return total

    @property
    def schools(self) -> int:
        """Schools of the place, whether they count or not."""
        return sum(self.states.values())

    @property
    def of_learners(self) -> bool:
        """True for a round of the learners."""
        return self.system == RoundSystem.DMC.value

    @cached_property
    def csv(self) -> bytes:
        """The result as CSV, the form of which ``sha256`` is told."""
        return b"".join(export.write_csv(HEADS, [*_lines(self)]))

    @property
    def xlsx(self) -> bytes:
        """The result as a workbook."""
        with export.write_xlsx(HEADS, _lines(self), str(Label("สถิติ", "Statistics"))) as file:
            return file.read()

    @property
    def sha256(self) -> str:
        """The hash of the result."""
        return hashlib.sha256(self.csv).hexdigest()

    @property
    def file_name(self) -> str:
        """How the result's file is called, without its ending."""
        place = self.place.replace("/", "-")
        return f"statistics-{self.system}-{self.academic_year}-{self.number}-{place}"


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────────────


def of_round(one: CollectionRound, area: str | None = None) -> Statistics:
    """The statistics of a closed round for all that the viewer looks after, or one area of it; as kept, or counted.

    RoundStillOpen before the round is closed; NotYours (404) for an area of somebody else.
    """
    scope = _scope(one, area)
    sources = _sources(one, scope)
    stored = f"statistics/{one.system.value}-{one.academic_year}-{one.number}-{_stem(scope)}-{sources}.json"
    if files.exists(stored):
        kept = json.loads(files.get(stored))
        return Statistics(**kept | {"parts": [Part(**part) for part in kept["parts"]]})
    counted = _counted(one, scope, sources)
    files.put(stored, json.dumps(asdict(counted), sort_keys=True).encode())
    return counted


def count(
    one: CollectionRound,
    area: str | None = None,
    *,
    verify: bool = False,
    told: Callable[[int], None] = lambda _done: None,
) -> Statistics:
    """As ``of_round``, counted anew. ``verify`` makes every hash again, and counts the records themselves:

    SnapshotsDamaged when anything differs. ``told`` hears how many snapshots are done.
    """
    scope = _scope(one, area)
    if verify and (damaged := [*_damaged(one, scope, told)]):
        raise SnapshotsDamaged(count=len(damaged), first=damaged[0])
    return _counted(one, scope, _sources(one, scope))


def closed_rounds() -> Sequence[CollectionRound]:
    """The rounds of which there are statistics, the latest first."""
    access.viewer().require(Action.READ, SUBJECT)
    order = (CollectionRound.academic_year.desc(), CollectionRound.number.desc(), CollectionRound.system)
    return db.session.scalars(
        sa.select(CollectionRound).where(CollectionRound.is_closed).order_by(*order)
    ).all()


def round_named(system: RoundSystem, academic_year: int, number: int) -> CollectionRound:
    """The round of this year and number; NotYours (404) when there is none."""
    query = sa.select(CollectionRound).filter_by(system=system, academic_year=academic_year, number=number)
    # A number that no database holds is no round's.
    found = db.session.scalar(query) if max(academic_year, number) < 10_000 else None
    if found is None:
        raise NotYours
    return found


def _scope(one: CollectionRound, area: str | None) -> str:
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    if not one.is_closed:
        raise RoundStillOpen(round=one.label)
    if not area:
        return viewer.scope
    found = db.session.get(Area, area)
    if found is None or not viewer.looks_after(found.scope):
        raise NotYours
    return found.scope


def _stem(scope: str) -> str:
    return scope.replace("/", "-")


def _snapshots(one: CollectionRound, scope: str, *columns: Any) -> sa.Select[Any]:
    lo, hi = access.scope_bounds(scope)
    return (
        sa.select(*columns)
        .join(Submission, Submission.roster_id == Roster.id)
        .where(Submission.round_id == one.id, Submission.state.in_(COUNTED))
        .where(Roster.scope >= lo, Roster.scope < hi)
        .order_by(Roster.school_code)
    )


def _sources(one: CollectionRound, scope: str) -> str:
    """One hash over the roots of all snapshots that count, in the order of their schools' codes."""
    digest = hashlib.sha256()
    for code, root in db.session.execute(_snapshots(one, scope, Roster.school_code, Roster.root)):
        digest.update(f"{code} {root}\n".encode())
    return digest.hexdigest()


def _counted(one: CollectionRound, scope: str, sources: str) -> Statistics:
    by_area = access.level_of(scope) is Level.CENTRAL
    parts: dict[str, Part] = {}
    by: By = {}
    rows = db.session.execute(
        _snapshots(one, scope, Roster.head, Roster.counts).execution_options(yield_per=PORTION)
    )
    for head, counts in rows:
        place = head["area" if by_area else "school"]
        part = parts.setdefault(
            place["code"], Part(place["code"], place["short_name" if by_area else "name"])
        )
        part.take(counts)
        _add(by, counts.get("by", {}))
    ordered = [parts[code] for code in sorted(parts)]
    place = access.CENTRE if by_area else scope.rpartition("/")[2]
    return Statistics(
        one.system.value, one.academic_year, one.number, place, ordered, by, _states(one, scope), sources
    )


def _add(sums: By, more: By) -> None:
    for axis, by_grade in more.items():
        for grade, by_sex in by_grade.items():
            for sex, values in by_sex.items():
                mine = sums.setdefault(axis, {}).setdefault(grade, {}).setdefault(sex, {})
                for value, number in values.items():
                    mine[value] = mine.get(value, 0) + number


def _states(one: CollectionRound, scope: str) -> dict[str, int]:
    lo, hi = access.scope_bounds(scope)
    query = (
        sa.select(Submission.state, sa.func.count())
        .where(Submission.round_id == one.id, Submission.scope >= lo, Submission.scope < hi)
        .group_by(Submission.state)
    )
    found = {state.value: number for state, number in db.session.execute(query)}
    return {state.value: found.get(state.value, 0) for state in SubmissionState}


# ── Verifying ────────────────────────────────────────────────────────────────────────────────────────────


def _damaged(one: CollectionRound, scope: str, told: Callable[[int], None]) -> Iterator[Sentence]:
    query = _snapshots(one, scope, Roster).options(
        *(sa.orm.undefer(column) for column in (Roster.content, Roster.seed, Roster.head))
    )
    for done, roster in enumerate(db.session.scalars(query.execution_options(yield_per=50)), 1):
        if damage := snapshots.damage_in(roster) or _miscounted(roster):
            yield damage
        db.session.expunge(roster)
        told(done)


def _miscounted(roster: Roster) -> Sentence | None:
    if "by" not in roster.counts:
        return None
    reference = _reference(roster.head.get("growth_reference"))
    if reference is None:
        return None
    again = tallies.by_axes(freezing.frozen_records(roster), roster.head["academic_year"], reference)
    if again == roster.counts["by"]:
        return None
    return Sentence("จำนวนในข้อมูลที่ตรึงไว้ของโรงเรียน {school} ไม่ตรงกับระเบียน", school=roster.school_code)


def _reference(named: Record | None) -> Reference | None:
    """The growth reference by which a snapshot was judged; None when it is not here any more."""
    if named is None:
        return Reference()
    found = db.session.scalar(sa.select(GrowthReference).filter_by(sha256=named["sha256"]))
    return None if found is None else nutrition.ready(found)


# ── As a table ───────────────────────────────────────────────────────────────────────────────────────────

HEADS: Final = (
    "ตาราง",
    "รหัสพื้นที่",
    "พื้นที่",
    "รหัสชั้น",
    "ชั้น",
    "เพศ",
    "รหัสรายการ",
    "รายการ",
    "จำนวน",
)


def _lines(found: Statistics) -> Iterator[list[Any]]:
    """One number a line, codes beside words: a table that people filter and programs read."""
    about = str(round_label(found.number, found.academic_year, RoundSystem(found.system)))
    yield ["round", "", about, "", "", "", found.sources, "รหัสตรวจสอบของแหล่งข้อมูล", found.total.schools]
    for state in SubmissionState:
        yield ["state", "", "", "", "", "", state.value, str(state.th), found.states[state.value]]
    for part in found.parts:
        yield ["schools", part.code, part.name, "", "", "", "", "โรงเรียนที่รับรองแล้ว", part.schools]
        yield from _of_grades(part)
        for name in sorted(part.totals):
            yield [
                "totals",
                part.code,
                part.name,
                "",
                "",
                "",
                name,
                str(label_of_total(name)),
                part.totals[name],
            ]
    for axis in tallies.AXES:
        word = tallies.worded(axis)
        by_grade = found.by.get(axis.name, {})
        for grade in sorted(by_grade):
            for sex in (one.value for one in Sex if one.value in by_grade[grade]):
                for value in tallies.in_order(axis, by_grade[grade][sex]):
                    yield [
                        axis.name, "", "", grade, str(Grade(grade).th), str(Sex(sex).th), value,
                        f"{axis.label}: {word(value)}", by_grade[grade][sex][value],
                    ]  # fmt: skip


def _of_grades(part: Part) -> Iterator[list[Any]]:
    for grade in sorted(part.grades):
        named = part.code, part.name, grade, str(Grade(grade).th)
        male, female, rooms = part.grades[grade]
        yield ["students", *named, str(Sex.MALE.th), Sex.MALE.value, "นักเรียน", male]
        yield ["students", *named, str(Sex.FEMALE.th), Sex.FEMALE.value, "นักเรียน", female]
        yield ["rooms", *named, "", "", "ห้องเรียน", rooms]


def label_of_total(name: str) -> Any:
    """A named number for people: a total of the learners, a dataset, or a summed field of one."""
    if name in TOTALS:
        return TOTALS[name]
    dataset, _dot, summed = name.partition(".")
    model = dataset_named(dataset)
    th = dataset_of(model).th
    return f"{th}: {fields_of(model)[summed].th}" if summed else th


@dataclass(frozen=True)
class Count:
    """A line of a table on the screen: boys, girls and together."""

    label: Any
    male: int
    female: int

    @property
    def total(self) -> int:
        """Both."""
        return self.male + self.female


def table_of(found: Statistics, axis: tallies.Axis) -> list[Count]:
    """An axis over all grades."""
    sums: dict[str, dict[str, int]] = {}
    for by_sex in found.by.get(axis.name, {}).values():
        for sex, values in by_sex.items():
            for value, number in values.items():
                mine = sums.setdefault(value, {})
                mine[sex] = mine.get(sex, 0) + number
    word = tallies.worded(axis)
    return [
        Count(word(value), sums[value].get(Sex.MALE.value, 0), sums[value].get(Sex.FEMALE.value, 0))
        for value in tallies.as_listed(axis, sums)
    ]


def tables_of(found: Statistics) -> list[tuple[Any, list[Count]]]:
    """The axes as tables with their labels; flags share one, and nutrition that nobody could judge is left out."""
    tables, flags = [], []
    for axis in tallies.AXES:
        rows = table_of(found, axis)
        if axis.flag:
            flags += rows
        elif axis not in tallies.NUTRITION or any(row.label is not nutrition.UNJUDGED for row in rows):
            tables.append((axis.label, rows))
    return [*tables, (Label("อื่น ๆ", "Others"), flags)] if flags else tables
