"""A school's rows of a round as canonical records, and their frozen copy: a snapshot.

What is frozen for the learners' rounds are the enrolled students, and the results and admission plans of the
round; for every other system the rows of its datasets (``collected.py``).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from ..codes import RoundSystem
from ..dataset import lock
from ..declaration import Base, db, fields_of
from ..models import CollectionRound, Headcount, Roster, School, Student, Submission
from ..walls import SetWork, set_based
from . import collected, freezing, headcounts, tallies
from .freezing import Record, encode

DATASET: Final = "dataset"
"""The member of a record that names its dataset."""
STUDENT: Final = Student.__tablename__


# ── Freezing ─────────────────────────────────────────────────────────────────────────────────────────────


def freeze(submission: Submission, school: School, one: CollectionRound) -> Roster:
    """Keep the school's rows and counts as they are now (R8). Called inside the confirming alone,

    which holds the submission FOR UPDATE: no write of the school's rows is under way or can begin.
    """
    return freeze_dated(submission, school, one, lock.now())


def freeze_dated(submission: Submission, school: School, one: CollectionRound, at: dt.datetime) -> Roster:
    """As ``freeze``, dated ``at``: for past rounds that are taken over from elsewhere."""
    if one.system is RoundSystem.DMC:
        return _freeze_students(submission, school, one, at)
    records = records_of(school, one)
    counts = collected.counts_as_frozen(school, one.system)
    return _kept(
        freezing.roster_of(submission, school, at, _head(school, one, records), counts, _lines(records))
    )


def _freeze_students(submission: Submission, school: School, one: CollectionRound, at: dt.datetime) -> Roster:
    records = records_of(school, one)
    counted = headcounts.live(school, one)
    judging = tallies.Judging.of(one)
    counts = tallies.counts_of(records, counted, one.academic_year, judging)
    head = _head(school, one, records) | {"growth_reference": judging.named}
    roster = freezing.roster_of(submission, school, at, head, counts, _lines(records))
    roster.rows = len(students_in(records))
    _kept(roster)
    _freeze_headcounts(roster, counted)
    return roster


def _head(school: School, one: CollectionRound, records: list[Record]) -> Record:
    fields = {model.__tablename__: names_of(model) for model in collected.datasets_of(one.system)}
    return freezing.head_of(school, one, len(records), fields)


def _lines(records: list[Record]) -> list[str]:
    return [encode(record) for record in records]


def _kept(roster: Roster) -> Roster:
    db.session.add(roster)
    db.session.flush()
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


# ── The rows as records ──────────────────────────────────────────────────────────────────────────────────


def records_of(school: School, one: CollectionRound) -> list[Record]:
    """The school's rows of a round as of now, as canonical records in their order: a statement for each dataset.

    Students by their number (byte order), rows of other datasets by their own key.
    """
    return [record for model in collected.datasets_of(one.system) for record in _records(model, school, one)]


def _records(model: type[Base], school: School, one: CollectionRound) -> list[Record]:
    # Columns, not objects: an object of this session may still hold what was typed (30) instead of what the
    # database keeps (30.0), and the snapshot must not depend on that.
    names = names_of(model)
    query = sa.select(*(freezing.as_kept(getattr(model, name)) for name in names))
    query = query.where(model.scope == school.scope)
    if model is Student:
        names = [*names, "counted"]
        query = query.where(Student.is_enrolled).add_columns(~headcounts.held_back())
    elif "round_id" in model.__table__.c:
        query = query.where(model.round_id == one.id)
    dataset = {DATASET: model.__tablename__}
    records = [dataset | freezing.record_of(names, row) for row in db.session.execute(query)]
    order = (lambda record: record["national_id"].encode()) if model is Student else key_of
    return sorted(records, key=order)


def students_in(records: list[Record]) -> list[Record]:
    """The students among records."""
    return [record for record in records if record[DATASET] == STUDENT]


def key_of(record: Record) -> tuple[Any, ...]:
    """What tells a record from all others of its snapshot: its dataset, and the row's own key."""
    return record[DATASET], *(record[name] for name in _keys(record[DATASET]) if name in record)


@cache
def _keys(dataset: str) -> tuple[str, ...]:
    table = db.Model.metadata.tables[dataset]
    return tuple(column.key for column in table.primary_key)


def names_of(model: type[Base]) -> list[str]:
    """What a record of a dataset holds: the row's own key, and every declared field but the school."""
    names = dict.fromkeys([*_keys(model.__tablename__), *fields_of(model)])
    return [name for name in names if name != "school_code"]
