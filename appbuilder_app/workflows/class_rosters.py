"""Rosters of classes on paper (บัญชีรายชื่อนักเรียน): as confirmed, or as a draft of the living register before that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from .. import access, kinds
from ..access import Action
from ..codes import Grade, RoundSystem, Sex, Title
from ..dataset import history, lock, sight
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..models import Area, CollectionRound, Roster, School, Student, Submission
from ..thaidate import slash_date
from . import checklist, freezing, letters, printing, rosters
from .certificate_sheet import in_fours
from .freezing import Record

SUBJECT: Final = Student.__tablename__


class NobodyInClass(RuleViolation):
    """A roster of nobody is not printed."""

    status = 404
    message = "ไม่มีนักเรียนในชั้นและห้องที่เลือก เลือกชั้นหรือห้องอื่น"


@dataclass(frozen=True)
class Row:
    """A child of a roster, as the viewer may see it."""

    number: str
    national_id: str
    name: str
    sex: str
    born: str
    remark: str


@dataclass(frozen=True)
class ClassRoster:
    """The children of one room."""

    grade: Grade
    room: int
    rows: Sequence[Row]
    male: int

    @property
    def label(self) -> str:
        """As schools call it, ป.6/1."""
        return f"{self.grade.short}/{self.room}"

    @property
    def female(self) -> int:
        """Girls."""
        return len(self.rows) - self.male


@dataclass(frozen=True)
class About:
    """What every page of a roster says of itself; ``root`` is empty for a draft of living data."""

    school: str
    school_code: str
    area: str
    round: str
    at: dt.datetime
    root: str = ""

    @property
    def is_draft(self) -> bool:
        """True when nothing is confirmed."""
        return not self.root

    @property
    def short_hash(self) -> str:
        """As on the certificate."""
        return in_fours(self.root[:16].upper())


@dataclass(frozen=True)
class Paper:
    """A roster of one class or of all, ready to be printed."""

    about: About
    classes: Sequence[ClassRoster]
    pages: list[str] = field(default_factory=list)

    @property
    def children(self) -> int:
        """On all pages."""
        return sum(len(one.rows) for one in self.classes)

    @property
    def file_name(self) -> str:
        """What the browser saves it as."""
        where = f"-{self.classes[0].grade.value}-{self.classes[0].room}" if len(self.classes) == 1 else ""
        return f"roster-{self.about.school_code}{where}{'-draft' if self.about.is_draft else ''}.pdf"


# ── Gathering ────────────────────────────────────────────────────────────────────────────────────────────


def paper_of(
    school_code: str, one: CollectionRound, grade: str | None = None, room: int | None = None
) -> Paper:
    """A school's roster of a learners' round: of all classes, of a grade, or of one room.

    NotYours (404) for another's school; NotPermitted for who may not take children's names out of the register;
    NobodyInClass for a class without children.
    """
    viewer = access.viewer()
    viewer.require(Action.EXPORT, SUBJECT)
    school = checklist.school_looked_after(school_code)
    if one.system is not RoundSystem.DMC:
        raise NotYours
    roster = db.session.scalar(
        sa.select(Roster)
        .join(Submission, Submission.roster_id == Roster.id)
        .where(Roster.round_id == one.id, Roster.school_code == school.code)
    )
    records = freezing.frozen_records(roster) if roster is not None else rosters.records_of(school, one)
    children = [
        record
        for record in rosters.students_in(records)
        if (not grade or record["grade"] == grade) and (room is None or record["room"] == room)
    ]
    if not children:
        raise NobodyInClass
    return Paper(_about(school, one, roster), [*_classes(children)])


def _about(school: School, one: CollectionRound, roster: Roster | None) -> About:
    label = str(one.label)
    if roster is None:
        area = db.session.get_one(Area, school.area_code).short_name
        return About(letters.full_name(school.name), school.code, area, label, lock.now())
    head = roster.head
    return About(
        letters.full_name(head["school"]["name"]),
        school.code,
        head["area"]["short_name"],
        label,
        roster.frozen_at,
        roster.root,
    )


def _classes(children: list[Record]) -> Iterator[ClassRoster]:
    """Rooms in order; in a room by the school's own numbers, as registers are."""
    shown = sight.fields_seen(Student)
    ordered = sorted(children, key=lambda child: (child["grade"], child["room"], *_place(child)))
    for (grade, room), group in groupby(ordered, key=lambda child: (child["grade"], child["room"])):
        of_room = [*group]
        male = sum(child["sex"] == Sex.MALE.value for child in of_room)
        yield ClassRoster(Grade(grade), room, [_row(child, shown) for child in of_room], male)


def _place(child: Record) -> tuple[int, str]:
    number = child["student_number"] or ""
    return len(number), number


def _row(child: Record, shown: Any) -> Row:
    declared = shown.get("national_id")
    # Nobody's number stands open on a page that hangs in a class room but for who may see that group of fields.
    whole = declared is not None and not isinstance(declared.kind, kinds.Masked)
    number = child["national_id"]
    mask = kinds.Identity().mask
    return Row(
        number=child["student_number"] or "",
        national_id="" if declared is None else number if whole else mask(number),
        name=f"{Title(child['title']).short}{child['first_name']} {child['last_name']}",
        sex=str(Sex(child["sex"]).th),
        born=slash_date(dt.date.fromisoformat(child["birth_date"])),
        remark="" if child.get("counted", True) else "ไม่นับ (ซ้ำ)",
    )


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────────────


def pages_of(paper: Paper) -> list[str]:
    """Its classes as HTML, each beginning a page."""
    from ..typesetting import filled

    created = paper.about.at.isoformat()
    return [filled("roster.html", about=paper.about, one=one, created=created) for one in paper.classes]


def pdf_of(paper: Paper) -> bytes:
    """The roster as a sealed PDF, laid out class by class in processes side by side. It leaves its trace."""
    from ..signatures.signing import About as Sealed

    what = {
        "school_code": paper.about.school_code,
        "round": paper.about.round,
        "classes": [one.label for one in paper.classes],
        "rows": paper.children,
        "snapshot": paper.about.root,
    }
    history.record_reading(db.session.connection(), SUBJECT, "roster", what)
    return printing.bound_pages(pages_of(paper), paper.about.at, Sealed("", "", paper.about.root))
