"""Who may be entered as a new student: nobody whom the register knows, and at the year's end only who sat the exam.

R21, R38, R39, R41, R42, stated here once. Every path asks: the mapper for single rows (screen, card reader, API,
G-code, command), the imports for a file's rows, at the preview and once more when they are written.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import identity, rules
from ..bulk import among
from ..codes import RoundSystem
from ..declaration import Base, Refused
from ..errors import (
    AfterTheExam,
    EnteredTwice,
    InRegisterAlready,
    NotAtFinalExam,
    OnlyAtYearsEnd,
    RuleViolation,
)
from ..thaidate import thai_date
from ..walls import SetWork, set_based
from .identities import NumberChange
from .rounds import CollectionRound
from .submissions import Submission

ASKED: Final = ("national_id", "school_code", "sat_final_exam", "admission_date")
"""What ``refused`` looks at."""
_ASKED_AT_ONCE: Final = 30_000
_BUCKETS: Final = 64
_LOCKS: Final = 721_421
"""The first half of the keys of our advisory locks on identity numbers."""


def refused(
    connection: sa.Connection,
    entrants: Sequence[Mapping[str, Any]],
    *,
    hold: bool,
    earlier: dict[Any, Any] | None = None,
) -> dict[int, Refused]:
    """Of the values of students about to be added those that may not be, by position.

    ``hold`` before writing: nobody else enters one of these numbers until the transaction ends. ``earlier`` is given
    with each portion of a file: it keeps, for the next, in which school each number is entered.
    """
    entered: dict[Any, Any] = {} if earlier is None else earlier
    with set_based(SetWork.IDENTITY):
        numbers = {one["national_id"] for one in entrants if one.get("national_id")}
        if hold:
            hold_numbers(connection, numbers)
        known, replaced = _schools_that_know(connection, numbers), _replaced(connection, numbers)
        year = _YearsEnd(connection, {one.get("school_code") for one in entrants})
    found: dict[int, Refused] = {}
    for position, one in enumerate(entrants):
        number, school = one.get("national_id") or "", one.get("school_code")
        if number in known and known[number] != {school}:
            found[position] = Refused("national_id", InRegisterAlready())
        elif entered.setdefault(number, school) != school and _tells_who(number):
            found[position] = Refused("national_id", EnteredTwice())
        elif number in replaced:
            used = rules.NumberUsedBefore(number=identity.mask_identity(number))
            found[position] = Refused("national_id", used)
        elif (late := year.refusal(one)) is not None:
            found[position] = late
    return found


# ── Known already (R21) ──────────────────────────────────────────────────────────────────────────────────


def hold_numbers(connection: sa.Connection, numbers: Collection[str]) -> None:
    """Let nobody else give these numbers to a student until the transaction ends (SQLite has one writer anyway).

    By buckets in their order: a lock for each of a file's numbers would fill PostgreSQL's table of locks.
    """
    if connection.dialect.name == "postgresql" and numbers:
        buckets = sorted({zlib.crc32(number.encode()) % _BUCKETS for number in numbers})
        for bucket in buckets:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, bucket)))


def _tells_who(number: str) -> bool:
    """Whether a number tells who somebody is: those that a school made up mean another child in another school."""
    return identity.kind_of(number) != "other"


def _schools_that_know(connection: sa.Connection, numbers: Collection[str]) -> dict[str, set[str]]:
    """The schools that have a student with one of these numbers, in whatever state."""
    student = Base.metadata.tables["student"]
    schools: dict[str, set[str]] = defaultdict(set)
    for some in _portions(filter(_tells_who, numbers)):
        query = sa.select(student.c.national_id, student.c.school_code)
        for row in connection.execute(query.where(among(connection, student.c.national_id, some))):
            schools[row.national_id].add(row.school_code)
    return schools


def _replaced(connection: sa.Connection, numbers: Collection[str]) -> set[str]:
    old = NumberChange.__table__.c.old_number
    found: set[str] = set()
    for some in _portions(numbers):
        found.update(connection.scalars(sa.select(old).where(among(connection, old, some))))
    return found


def _portions(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, _ASKED_AT_ONCE)):
        yield some


# ── At the year's end (R38–R42) ──────────────────────────────────────────────────────────────────────────


class Arrival(NamedTuple):
    """What is told of somebody who comes, by transfer or as a new student."""

    sat_final_exam: bool | None
    day: dt.date | None


class _YearsEnd:
    def __init__(self, connection: sa.Connection, schools: Collection[str | None]) -> None:
        table = CollectionRound.__table__
        query = sa.select(table).where(table.c.system == RoundSystem.DMC, table.c.closed_at.is_(None))
        self.round = connection.execute(
            query.order_by(table.c.academic_year, table.c.number).limit(1)
        ).first()
        self.exams: dict[str, dt.date | None] = {}
        if self.round is not None and self.round.number == rules.END_OF_YEAR:
            self.exams = dict(_exam_dates(connection, self.round.id, [one for one in schools if one]))

    def refusal(self, one: Mapping[str, Any]) -> Refused | None:
        if self.round is None:
            return None  # which the lock says
        if self.round.number != rules.END_OF_YEAR and one.get("sat_final_exam") is None:
            return None  # as a hundred thousand rows of a file are
        arrival = Arrival(one.get("sat_final_exam"), one.get("admission_date"))
        exam = self.exams.get(str(one.get("school_code")))
        late = year_end_refusal(self.round.number, arrival, exam)
        field = "admission_date" if isinstance(late, AfterTheExam) else "sat_final_exam"
        return Refused(field, late) if late is not None else None


def _exam_dates(
    connection: sa.Connection, round_id: int, schools: Sequence[str]
) -> Iterator[tuple[str, dt.date | None]]:
    table = Submission.__table__
    for some in _portions(schools):
        query = sa.select(table.c.school_code, table.c.exam_date)
        its = query.where(table.c.round_id == round_id, among(connection, table.c.school_code, some))
        yield from ((row.school_code, row.exam_date) for row in connection.execute(its))


def year_end_refusal(round_number: int, arrival: Arrival, exam: dt.date | None) -> RuleViolation | None:
    """R41, R42: round 3 takes in only who sat this year's exam, R39: and came before it; R38: only it records that."""
    if round_number != rules.END_OF_YEAR:
        return OnlyAtYearsEnd() if arrival.sat_final_exam is not None else None
    if arrival.sat_final_exam is not True:
        return NotAtFinalExam()
    if exam is not None and arrival.day is not None and arrival.day > exam:
        return AfterTheExam(day=thai_date(arrival.day), exam=thai_date(exam))
    return None
