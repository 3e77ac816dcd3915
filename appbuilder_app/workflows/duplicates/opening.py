"""Opening cases of duplicates: every group of records found becomes one, and further records join an open one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access, identity, rules
from ...access import CENTRE, Action
from ...bilingual import Sentence
from ...codes import (
    Agency,
    DuplicateKind,
    RecordState,
    RequestKind,
    RequestSide,
    RoundSystem,
    StudentStatus,
    WindowAction,
)
from ...dataset import lock
from ...declaration import db
from ...errors import AskedAlready
from ...models import AgencyList, AgencyStudent, DuplicateRecord, Request, School, Student
from ...walls import SetWork, set_based
from .. import movements, requests, settings
from ..requests import New, Side
from .finding import SUBJECT, Found

_STUDENT, _RECORD, _REQUEST = Student.__table__, DuplicateRecord.__table__, Request.__table__
_CHILD, _LIST = AgencyStudent.__table__, AgencyList.__table__
_OPEN: Final = RecordState.OPEN

# ── Opening ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Opened:
    """How many cases were opened, how many were joined by a further record, and how many are as they were."""

    opened: int = 0
    joined: int = 0
    known: int = 0

    def __add__(self, other: Opened) -> Opened:
        return Opened(self.opened + other.opened, self.joined + other.joined, self.known + other.known)


def open_cases(found: Iterable[Found]) -> Opened:
    """Cases of all groups that have none, and further records into the open cases of theirs; may be repeated."""
    return sum((_take_up(one) for one in found), Opened())


def _take_up(found: Found) -> Opened:
    """A group: nothing where there is a case of the same records already, decided or not."""
    with access.performing(Action.MANAGE, SUBJECT), set_based(SetWork.COURT):
        records = list(_records_of(found))
        if sum(record.scope is not None for record in records) < (1 if found.listed else 2):
            return Opened(known=1)  # somebody has left meanwhile
        if (case_id := _open_case_of(found, records)) is not None:
            return Opened(joined=1) if _join(case_id, found, records) else Opened(known=1)
        if _is_known(topic := _topic(found), found):
            return Opened(known=1)
        try:
            _open(found, records, topic)
        except AskedAlready:
            return Opened(known=1)  # another search has opened it this moment
        return Opened(opened=1)


@movements.doubles_go_to
def case_of(student_ids: Sequence[int]) -> int | None:
    """R30: the case of records with one number, for a school that asks for the child; opened when there is none."""
    found = Found(DuplicateKind.SAME_ID, tuple(sorted(student_ids)))
    topic = _topic(found)
    if known := requests.unsettled_about([topic]):
        return known[0]
    with set_based(SetWork.COURT):
        records = list(_records_of(found))
        return _open(found, records, topic) if len(records) > 1 else None


def _topic(found: Found) -> str:
    """What there is one open case about: an ID's first student, a pair, or a student and an agency's list row."""
    first = found.students[0]
    if found.kind is DuplicateKind.SAME_ID:
        return f"duplicate:{first}"
    return f"duplicate:{first}:{found.students[1]}" if not found.listed else f"duplicate:{first}:listed"


def _is_known(topic: str, found: Found) -> bool:
    query = sa.select(_REQUEST.c.state, _REQUEST.c.facts).where(
        _REQUEST.c.topic == topic, _REQUEST.c.kind == RequestKind.DUPLICATE
    )
    return any(
        not one.state.is_settled or set(found.students) <= set(one.facts["students"])
        for one in db.session.connection().execute(query)
    )


@dataclass(frozen=True)
class _Record:
    """One record of a group. ``scope`` and ``student_id`` of ours; ``place`` is what it is called to who decides."""

    scope: str | None
    student_id: int | None
    place: str
    outside: str
    shown: Mapping[str, str]


def _records_of(found: Found) -> Iterator[_Record]:
    connection = db.session.connection()
    yield from _of_students(found.students, _STUDENT.c.status == StudentStatus.ENROLLED)
    listed = sa.select(_CHILD, _LIST.c.agency).join(_LIST, _LIST.c.id == _CHILD.c.list_id)
    for row in connection.execute(listed.where(_CHILD.c.id.in_(found.listed)).order_by(_CHILD.c.id)):
        agency = Agency(row.agency) if isinstance(row.agency, str) else row.agency
        yield _Record(
            None, None, f"{row.school_name} ({agency.short})", str(agency.short), _shown_listed(row)
        )


def _of_students(students: Collection[int], *which: Any) -> Iterator[_Record]:
    query = (
        sa.select(_STUDENT, School.__table__.c.name.label("school_name"))
        .join(School.__table__, School.__table__.c.code == _STUDENT.c.school_code)
        .where(_STUDENT.c.id.in_(students), *which)
    )
    for row in db.session.connection().execute(query.order_by(_STUDENT.c.id)):
        yield _Record(row.scope, row.id, f"{row.school_name} ({row.school_code})", "", _shown(row))


def _shown(row: Any) -> dict[str, str]:
    return {
        "name": f"{row.title.th}{row.first_name} {row.last_name}",
        "sex": row.sex.value,
        "birth_date": row.birth_date.isoformat(),
        "national_id": identity.mask_identity(row.national_id),
        "grade": row.grade.value,
        "room": str(row.room),
        "student_number": row.student_number,
        "father": f"{row.father_first_name or ''} {row.father_last_name or ''}".strip(),
        "mother": f"{row.mother_first_name or ''} {row.mother_last_name or ''}".strip(),
    }


def _shown_listed(row: Any) -> dict[str, str]:
    return {
        "name": f"{row.first_name} {row.last_name}",
        "birth_date": row.birth_date.isoformat(),
        "national_id": identity.mask_identity(row.national_id or ""),
        "grade_text": row.grade or "",
    }


_TO_RECOGNISE: Final = ("name", "sex", "birth_date", "national_id", "grade", "grade_text")
"""What one school is shown of another's record: not the room, the number or the family, nor which school it is."""


def _open(found: Found, records: Sequence[_Record], topic: str) -> int:
    decides = _who_decides(found, records)
    deadline = deadline_from(lock.now())
    schools = _schools_of(records)
    about = _about(found, records)
    sides = [Side(scope, RequestSide.ANSWERS, about) for scope in schools]
    new = New(
        RequestKind.DUPLICATE,
        title=records[0].shown["name"],
        reason=found.kind.th,
        sides=[*sides, Side(decides, RequestSide.DECIDES, about)],
        facts={"students": list(found.students), "listed": list(found.listed)},
        topic=topic,
    )
    request_id = requests.open_found(new, decides, deadline)
    numbered = list(enumerate(records, start=1))
    _hand_out(request_id, found, numbered, (*schools, decides), decides, deadline)
    return request_id


def _schools_of(records: Sequence[_Record]) -> list[str]:
    return sorted({record.scope for record in records if record.scope is not None})


def _about(found: Found, records: Sequence[_Record]) -> dict[str, str]:
    return {"ลักษณะ": found.kind.th, "จำนวนระเบียน": str(len(records))}


def _hand_out(
    request_id: int,
    found: Found,
    numbered: Sequence[tuple[int, _Record]],
    sides: Iterable[str],
    decides: str,
    deadline: dt.datetime,
) -> None:
    """Copies of these records for each of these sides."""
    copies = [
        {
            "request_id": request_id,
            "kind": found.kind,
            "position": position,
            "state": _OPEN,
            "deadline": deadline,
            **_copy(record, scope, decides),
        }
        for scope in dict.fromkeys(sides)
        for position, record in numbered
    ]
    if copies:
        db.session.connection().execute(sa.insert(_RECORD), copies)


def _copy(record: _Record, scope: str, decides: str) -> dict[str, Any]:
    """A record as one side may know it."""
    own = record.scope == scope
    knows = own or scope == decides
    shown = dict(record.shown) if knows else {k: v for k, v in record.shown.items() if k in _TO_RECOGNISE}
    if knows:
        shown["place"] = record.place
    elif record.scope is None:
        shown["outside"] = record.outside
    else:
        shown["near"] = "1" if record.scope.rpartition("/")[0] == scope.rpartition("/")[0] else ""
    return {
        "scope": scope,
        "is_own": own,
        "student_id": record.student_id if knows else None,
        "shown": shown,
    }


def _who_decides(found: Found, records: Sequence[_Record]) -> str:
    """The area of schools of one area; the centre across areas and agencies."""
    areas = {record.scope.rpartition("/")[0] for record in records if record.scope is not None}
    return areas.pop() if len(areas) == 1 and not found.listed else CENTRE


def deadline_from(now: dt.datetime) -> dt.datetime:
    """As many days as are set, but before the round's confirming begins; once it has begun, a share of what is left."""
    latest = now + settings.time_for(RequestKind.DUPLICATE)
    connection = db.session.connection()
    with set_based(SetWork.LOCK):
        present = lock.governing_round(connection, RoundSystem.DMC)
        window = lock.window_of(connection, present.id, WindowAction.CONFIRM, CENTRE) if present else None
    if window is None or window.closes_at <= now:
        return latest
    if now < window.opens_at:
        return min(latest, window.opens_at)
    return min(latest, now + (window.closes_at - now) * settings.value_of(rules.DEADLINE_SHARE) / 100)


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────────────


def _open_case_of(found: Found, records: Sequence[_Record]) -> int | None:
    """The case in which one of these students stands already, before anybody has decided it: of one ID only.

    By its scope and number, so that an index answers.
    """
    if found.kind is not DuplicateKind.SAME_ID:
        return None
    mine = [sa.and_(_RECORD.c.scope == one.scope, _RECORD.c.student_id == one.student_id) for one in records]
    query = sa.select(sa.func.min(_RECORD.c.request_id)).where(
        sa.or_(*mine), _RECORD.c.is_own, _RECORD.c.state == _OPEN, _RECORD.c.kind == found.kind
    )
    return db.session.connection().scalar(query)


def _join(case_id: int, found: Found, records: Sequence[_Record]) -> bool:
    """Further records join an open case: their schools are told and get copies, who has it already is told of them.

    Where the schools are of several areas from now on, the case goes from the area to the centre, with all evidence.
    Each school has its own days to bring evidence. False when there is nothing further, or it was decided meanwhile.
    """
    held = requests.held_unsettled(case_id)
    if held is None:
        return False
    known = set(held.facts["students"])
    further = [one for one in records if one.student_id not in known]
    if not further:
        return False
    placed = _positions(case_id)
    there = list(_of_students(known))
    decides, deadline = _who_decides(found, [*there, *further]), deadline_from(lock.now())
    old = [(placed[one.student_id], one) for one in there if one.student_id in placed]
    new = list(enumerate(further, start=max(placed.values()) + 1))
    had = _who_has(case_id)
    coming = [scope for scope in (*_schools_of(further), decides) if scope not in had]
    _hand_out(case_id, found, old, coming, decides, held.deadline)
    _hand_out(case_id, found, new, (*had, *coming), decides, max(deadline, held.deadline))
    requests.join(
        held,
        [Side(scope, RequestSide.ANSWERS) for scope in coming if scope != decides],
        decides,
        about=_about(found, [*there, *further]),
        facts={"students": sorted({*known, *found.students}), "listed": list(held.facts["listed"])},
        deadline=max(deadline, held.deadline),
        said=Sentence("พบระเบียนเพิ่มอีก {n} ระเบียน", n=len(further)),
    )
    return True


def _who_has(case_id: int) -> set[str]:
    """The sides that have copies of a case's records."""
    query = sa.select(_RECORD.c.scope).where(_RECORD.c.request_id == case_id).distinct()
    return set(db.session.connection().scalars(query))


def _positions(case_id: int) -> dict[int | None, int]:
    """Where each student of a case stands in it."""
    query = sa.select(_RECORD.c.student_id, _RECORD.c.position).where(
        _RECORD.c.request_id == case_id, _RECORD.c.student_id.is_not(None)
    )
    return {row.student_id: row.position for row in db.session.connection().execute(query)}
