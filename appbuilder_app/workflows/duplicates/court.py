"""The court of duplicates: cases (``opening.py``) are decided by somebody above their records.

A case is a request (``workflows/requests/``) that nobody has asked for: the schools answer, with evidence (R30,
R36), the area decides where all records are of its schools, the centre otherwise. Each side has its own copy of each
record. A case that is open at its deadline counts for nobody, until it is decided.

Deciding for one record strikes the others off: they are no longer enrolled, and what only they know goes to the
record that stays. It can be undone as long as nothing has followed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...codes import (
    DuplicateKind,
    MovementKind,
    RecordState,
    RequestKind,
    RequestSide,
    RequestStepKind,
    StudentStatus,
)
from ...dataset import lock
from ...declaration import db, fields_of
from ...errors import NotYours, RuleViolation
from ...kinds import StoredFile
from ...models import AgencyList, AgencyStudent, DuplicateRecord, Request, RequestParty, Student
from ...schema.requests import SETTLED
from ...walls import SetWork, set_based
from .. import movements, requests
from ..requests import Decision
from .opening import deadline_from

_STUDENT, _RECORD, _REQUEST = Student.__table__, DuplicateRecord.__table__, Request.__table__
_CHILD, _LIST = AgencyStudent.__table__, AgencyList.__table__
_OPEN, _KEPT, _STRUCK, _APART = RecordState.OPEN, RecordState.KEPT, RecordState.STRUCK, RecordState.APART


class VerdictMissing(RuleViolation):
    """A case is decided for one of its records."""

    message = "ต้องเลือกก่อนว่าจะนับที่ระเบียนใด กรุณาเปิดหน้าเรื่องซ้ำซ้อนนี้แล้วเลือกระเบียน"
    status = 409


class KeptHasLeft(RuleViolation):
    """A case cannot be decided for who is enrolled nowhere."""

    message = "ระเบียนที่เลือกไม่ได้กำลังศึกษาอยู่แล้ว กรุณาตรวจสถานภาพนักเรียนก่อน แล้วเลือกใหม่"
    status = 409


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────


def decide(request_id: int, keep: int | None, reason: str) -> None:
    """Decide a case: for the record at position ``keep``, or, with None, that they are different children.

    Of two officers who decide at once one does; the other is told (RequestSettled). All sides are told.
    """
    _must_be_a_case(request_id)
    if keep is None:
        requests.refuse(request_id, reason)
        return
    requests.approve(request_id, reason, choice={"keep": keep})


def _must_be_a_case(request_id: int) -> None:
    if requests.seen(request_id).party.kind is not RequestKind.DUPLICATE:
        raise NotYours


def _apart(decision: Decision) -> None:
    """They are different children: both count again."""
    with set_based(SetWork.COURT):
        _set_states(decision.id, {}, otherwise=_APART)
        students = _students_of(decision.id)
    movements.case_is_decided([one for one in students.values() if one is not None])


@requests.handles(RequestKind.DUPLICATE, refused=_apart, parted=True)
def _for_one(decision: Decision) -> None:
    """One record stays, and gets what only the others know; the others are struck off."""
    keep = decision.choice.get("keep")
    with set_based(SetWork.COURT):
        students = _students_of(decision.id)
    if keep not in students:
        raise VerdictMissing
    kept, losers = students[keep], [one for place, one in students.items() if place != keep]
    others = sorted(one for one in losers if one is not None)
    held = movements.held_together([one for one in (kept, *others) if one is not None])
    if kept is not None and held[kept].status is not StudentStatus.ENROLLED:
        raise KeptHasLeft
    note = decision.text
    if kept is not None and (more := _completed(held[kept], [held[one] for one in others])):
        movements.decided(held[kept], MovementKind.COMPLETED, more, note, decision.id)
    for one in others:
        if held[one].status is StudentStatus.ENROLLED:
            gone = {"status": StudentStatus.DUPLICATE}
            movements.decided(held[one], MovementKind.DUPLICATE, gone, note, decision.id)
    with set_based(SetWork.COURT):
        _set_states(decision.id, {keep: _KEPT}, otherwise=_STRUCK)
    movements.case_is_decided([one for one in (kept, *others) if one is not None])


def _students_of(request_id: int) -> dict[int, int | None]:
    """The records of a case by position: their students, None for another agency's."""
    query = sa.select(_RECORD.c.position, sa.func.max(_RECORD.c.student_id)).where(
        _RECORD.c.request_id == request_id
    )
    found = db.session.connection().execute(query.group_by(_RECORD.c.position)).all()
    return {place: one for place, one in found}  # noqa: C416 - rows are no pairs to the type checker


def _completed(kept: Any, others: Collection[Any]) -> dict[str, Any]:
    """What the record that stays does not know and another does; nothing that verbs alone change, and no files."""
    found: dict[str, Any] = {}
    for name, declared in fields_of(Student).items():
        if declared.by_verb is not None or isinstance(declared.kind, StoredFile) or declared.required:
            continue
        if getattr(kept, name) is None:
            known = (getattr(one, name) for one in others)
            value = next((one for one in known if one is not None), None)
            if value is not None:
                found[name] = value
    return found


def _set_states(request_id: int, states: Mapping[int, RecordState], otherwise: RecordState) -> None:
    connection = db.session.connection()
    of_it = _RECORD.c.request_id == request_id
    connection.execute(sa.update(_RECORD).where(of_it).values(state=otherwise))
    for position, state in states.items():
        connection.execute(
            sa.update(_RECORD).where(of_it, _RECORD.c.position == position).values(state=state)
        )


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────────────────


def undo(request_id: int, reason: str) -> None:
    """Take a decision back: records are as before, and the case is open again, with a new deadline.

    CannotUndo when something has followed, as another movement of one of the students.
    """
    _must_be_a_case(request_id)
    deadline = deadline_from(lock.now())
    with access.performing(Action.DECIDE, requests.SUBJECT):
        requests.reopen(request_id, reason, deadline)
        movements.take_decided_back(request_id, reason)
        with set_based(SetWork.COURT):
            _set_states(request_id, {}, otherwise=_OPEN)
            of_it = sa.update(_RECORD).where(_RECORD.c.request_id == request_id)
            db.session.connection().execute(of_it.values(deadline=deadline))


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Case:
    """A case in the viewer's copy: the request and its records, side by side."""

    seen: requests.Seen
    records: Sequence[DuplicateRecord]
    can_undo: bool

    @property
    def is_overdue(self) -> bool:
        """Open past its deadline: it counts for nobody."""
        return any(one.state is _OPEN and one.deadline <= lock.now() for one in self.records)


def case(request_id: int) -> Case:
    """The case as the viewer's side knows it; NotYours (404) when it is none of theirs, or no case."""
    seen = requests.seen(request_id)
    if seen.party.kind is not RequestKind.DUPLICATE:
        raise NotYours
    query = sa.select(DuplicateRecord).where(
        DuplicateRecord.request_id == request_id, DuplicateRecord.scope == seen.party.scope
    )
    records = db.session.scalars(query.order_by(DuplicateRecord.position)).all()
    undoable = seen.can.get(RequestStepKind.UNDONE, NotYours()) is None
    return Case(seen, records, undoable)


@dataclass(frozen=True)
class Line:
    """A case in the list: the viewer's copy of the request, how it was found, and what is decided."""

    party: RequestParty
    kind: DuplicateKind
    is_overdue: bool


MOST_LISTED: Final = 500


def cases() -> list[Line]:
    """The cases that concern the viewer, the pressing first: own ones, and those of the schools below."""
    access.viewer().require(Action.READ, requests.SUBJECT)
    query = (
        sa.select(RequestParty, DuplicateRecord.kind)
        .join(
            DuplicateRecord,
            (DuplicateRecord.request_id == RequestParty.request_id)
            & (DuplicateRecord.scope == RequestParty.scope)
            & (DuplicateRecord.position == 1),
        )
        .where(RequestParty.kind == RequestKind.DUPLICATE)
        .order_by(RequestParty.state.in_(SETTLED), RequestParty.deadline, RequestParty.id)
        .limit(3 * MOST_LISTED)
    )
    nearest: dict[int, Line] = {}
    now = lock.now()
    for party, kind in db.session.execute(query):
        late = not party.state.is_settled and party.deadline is not None and party.deadline <= now
        known = nearest.get(party.request_id)
        if known is None or _nearness(party) < _nearness(known.party):
            nearest[party.request_id] = Line(party, kind, late)
    return list(nearest.values())[:MOST_LISTED]


def _nearness(party: RequestParty) -> tuple[bool, bool]:
    return party.scope != access.viewer().scope, party.side is not RequestSide.DECIDES
