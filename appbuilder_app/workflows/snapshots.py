"""Frozen snapshots for people: found, handed out as files, verified, and one record proved without the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from .. import access, identity, proving
from ..access import Action
from ..bilingual import Sentence
from ..codes import RoundSystem
from ..dataset import history
from ..dataset.sight import require_whole
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..models import Certificate, CollectionRound, Roster, School, Submission
from ..thaitext import folded
from . import collected, freezing, since
from .freezing import Record
from .rosters import DATASET, STUDENT, key_of

SUBJECT: Final = "submission"
FOUND: Final = 50
"""Records that a search shows at most."""


class NothingFrozen(RuleViolation):
    """The school has no snapshot of this round: it was not confirmed, or was returned and not confirmed again."""

    status = 404
    message = "ยังไม่มีข้อมูลที่ตรึงไว้ของ {school} ใน{round} โรงเรียนต้องยืนยันข้อมูลก่อน"


class RecordNotFrozen(RuleViolation):
    """What was asked for is not among the records of the snapshot."""

    status = 404
    message = "ไม่พบระเบียนนี้ในข้อมูลที่ตรึงไว้ ตรวจเลขประจำตัวและรอบอีกครั้ง"


@dataclass(frozen=True)
class Snapshot:
    """A kept snapshot with the certificate that was issued on it, if any; ``stands`` unless it was returned."""

    roster: Roster
    certificate: Certificate | None
    stands: bool


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def snapshots_of(school_code: str, one: CollectionRound) -> list[Snapshot]:
    """Every snapshot of a school's round, the newest first, those that were returned included."""
    access.viewer().require(Action.READ, SUBJECT)
    query = (
        sa.select(Roster, Certificate, Submission.roster_id)
        .join(Submission, Submission.id == Roster.submission_id)
        .outerjoin(Certificate, Certificate.roster_id == Roster.id)
        .where(Roster.round_id == one.id, Roster.school_code == school_code)
        .order_by(Roster.id.desc())
    )
    found = db.session.execute(query).all()
    return [Snapshot(roster, certificate, roster.id == standing) for roster, certificate, standing in found]


def standing(school_code: str, one: CollectionRound) -> Roster:
    """The snapshot that stands; NothingFrozen when there is none, NotYours for a school of somebody else."""
    access.viewer().require(Action.READ, SUBJECT)
    school = db.session.get(School, school_code)
    if school is None or not access.viewer().looks_after(school.scope):
        raise NotYours
    found = next((one for one in snapshots_of(school_code, one) if one.stands), None)
    if found is None:
        raise NothingFrozen(school=school.name, round=one.label)
    return found.roster


def snapshot(roster_id: int) -> Roster:
    """One of the viewer's snapshots; NotYours (404) otherwise."""
    access.viewer().require(Action.READ, SUBJECT)
    found = db.session.scalar(sa.select(Roster).where(Roster.id == roster_id))
    if found is None:
        raise NotYours
    return found


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────


def require_records(roster: Roster) -> None:
    """Records leave whole, with all their fields: only for who may export them and sees every group of fields."""
    models = collected.datasets_of(RoundSystem(roster.head["system"]))
    access.viewer().require(Action.EXPORT, models[0].__tablename__)
    for model in models:
        require_whole(model)


def file_of(roster: Roster) -> bytes:
    """The snapshot as a file that can be verified offline (docs/developers/snapshots.md). It leaves its trace."""
    require_records(roster)
    data = proving.snapshot_file(roster.seed, freezing.frozen_lines(roster))
    _trace(roster, {"rows": roster.rows})
    return data


def file_name(roster: Roster) -> str:
    """How a snapshot's file is called."""
    head = roster.head
    return f"{head['system']}-{head['academic_year']}-{head['round']}-{roster.school_code}-{roster.root[:8]}.jsonl"


def proof_of(roster: Roster, subject: str) -> bytes:
    """The proof of one student (by national ID) or one record (``building:12``), alone. It leaves its trace.

    With a student go the results that were frozen of them. RecordNotFrozen when it is not in the snapshot.
    """
    require_records(roster)
    lines = freezing.frozen_lines(roster)
    numbers = _lines_of(lines, subject)
    if not numbers:
        raise RecordNotFrozen
    _trace(roster, {"subject": _named(subject), "rows": len(numbers)})
    return _proof(roster, lines, numbers)


def proof_of_counts(roster: Roster) -> bytes:
    """The proof of the counts alone, without any record."""
    access.viewer().require(Action.READ, SUBJECT)
    return _proof(roster, freezing.frozen_lines(roster), [1])


def _proof(roster: Roster, lines: Sequence[bytes], numbers: Sequence[int]) -> bytes:
    proof = proving.Tree(roster.seed, lines).proof(numbers)
    return (json.dumps(proof, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _lines_of(lines: Sequence[bytes], subject: str) -> list[int]:
    records = {at: json.loads(line) for at, line in enumerate(lines) if at >= proving.ABOUT}
    asked = subject.strip()
    number = identity.normalise_identity(asked) if ":" not in asked else ""
    found = [at for at, record in records.items() if _is(record, asked, number)]
    students = {records[at]["id"] for at in found if records[at][DATASET] == STUDENT}
    return found + [at for at, record in records.items() if record.get("student_id") in students]


def _is(record: Record, asked: str, number: str) -> bool:
    if record[DATASET] == STUDENT and number:
        return bool(record["national_id"] == number)
    return ":".join(map(str, key_of(record))) == asked


def _named(subject: str) -> str:
    return subject if ":" in subject else identity.mask_identity(identity.normalise_identity(subject))


def _trace(roster: Roster, what: dict[str, Any]) -> None:
    dataset = next(iter(roster.head["fields"]))
    about = {"snapshot": roster.root, "school_code": roster.school_code}
    history.record_reading(db.session.connection(), dataset, "snapshot", about | what)


# ── Looking for a record ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Found:
    """A record of a snapshot that a search found: by what it is asked for, and what is shown of it."""

    subject: str
    masked_id: str
    name: str
    place: str


def search(roster: Roster, words: str) -> list[Found]:
    """Records of a snapshot whose name, number or title holds all the words; the first fifty."""
    require_records(roster)
    wanted = folded(words).split()
    if not wanted:
        return []
    found = []
    for record in freezing.frozen_records(roster):
        told = since.described(record)
        if all(
            word in folded(f"{record.get('national_id', '')} {told.name} {told.place}") for word in wanted
        ):
            found.append(Found(":".join(map(str, key_of(record))), told.masked_id, told.name, told.place))
            if len(found) == FOUND:
                break
    return found


# ── Verifying ────────────────────────────────────────────────────────────────────────────────────────────


def damage_in(roster: Roster) -> Sentence | None:
    """What is wrong with a kept snapshot, or None: every hash made again, and what stands beside it compared."""
    who = {"school": roster.school_code, "id": roster.id}
    try:
        lines = freezing.frozen_lines(roster)
    except (freezing.RosterDamaged, ValueError):
        return Sentence("ข้อมูลที่ตรึงไว้ของโรงเรียน {school} (ชุดที่ {id}) ไม่ตรงกับรหัสตรวจสอบ", **who)
    head, counts = json.loads(lines[0]), json.loads(lines[1])
    if head != roster.head or counts != roster.counts:
        return Sentence("จำนวนที่เก็บข้างข้อมูลที่ตรึงไว้ของโรงเรียน {school} (ชุดที่ {id}) ถูกแก้ไข", **who)
    return None
