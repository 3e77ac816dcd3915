"""Movements taken back within their round, and those that a request's decision makes and takes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...bilingual import Sentence
from ...codes import MovementKind, RequestKind, RequestSide
from ...dataset import history, lock
from ...declaration import db, fields_of
from ...errors import CannotUndo, NotYours, require_reason
from ...models import Movement, Student
from ...walls import SetWork, set_based
from .. import requests
from ..requests import New, Side
from .holding import SUBJECT, held_student, name_of, present, round_held, school_of, scopes_of
from .writing import Deed, move, write

_MOVEMENT = Movement.__table__


def undo(movement_id: int, reason: str) -> None:
    """R45: take a movement back within its round, as long as nothing has followed it.

    The school that made it does; after a transfer the child is where it was before, and that school is told.
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        movement = db.session.get(Movement, movement_id)
        if movement is None:
            raise NotYours
        before = _values_before(movement)
        back_to = school_of(str(before.get("school_code", movement.school_code)))
        here = school_of(movement.school_code)
        with round_held(movement.kind, {here.scope, back_to.scope}):
            row = held_student(movement.student_id)
            if not viewer.looks_after(row.scope):
                raise NotYours
            held = _held_movement(movement_id)
            _may_undo(held, row)
            with access.because(reason.strip()):
                write(row, before, back_to)
            _mark_undone(held)
        if back_to.code != here.code:
            said = Sentence(
                "{school}ยกเลิกการย้ายเข้าของ{name} นักเรียนกลับมาอยู่ที่โรงเรียนของท่าน",
                school=here.name,
                name=name_of(row),
            )
            sides = [Side(here.scope, RequestSide.ASKS), Side(back_to.scope, RequestSide.INFORMED)]
            requests.tell(New(RequestKind.TRANSFER, name_of(row), str(said), sides, student_id=row.id))


def _values_before(movement: Any) -> dict[str, Any]:
    return {name: fields_of(Student)[name].kind.read(value) for name, value in movement.before.items()}


def _held_movement(movement_id: int) -> Any:
    query = sa.select(_MOVEMENT).where(_MOVEMENT.c.id == movement_id).with_for_update()
    with set_based(SetWork.MOVE):
        return db.session.connection().execute(query).one()


def _may_undo(movement: Any, row: Any) -> None:
    def refuse(why: Sentence) -> None:
        raise CannotUndo(kind=movement.kind.th, why=why)

    if movement.undone_at is not None:
        refuse(Sentence("ยกเลิกไปแล้ว"))
    if movement.kind is MovementKind.ADD or not movement.before:
        refuse(Sentence("เป็นรายการเพิ่มนักเรียน ถ้าเพิ่มผิดให้ย้ายออกหรือจำหน่าย"))
    if movement.round_id != present().round_id:
        refuse(Sentence("เป็นรายการของรอบที่ปิดแล้ว"))
    now = {name: history.plain(Student(), name, getattr(row, name)) for name in movement.after}
    if now != movement.after:
        refuse(Sentence("มีการเปลี่ยนแปลงหลังจากนั้น"))


def _mark_undone(movement: Any) -> None:
    viewer = access.viewer()
    undone = {"undone_at": lock.now(), "undone_by": viewer.name}
    same = (_MOVEMENT.c.student_id == movement.student_id) & (_MOVEMENT.c.undone_at.is_(None))
    pair = _MOVEMENT.c.id == movement.id
    if movement.request_id is not None:
        pair = pair | (same & (_MOVEMENT.c.request_id == movement.request_id))
    with set_based(SetWork.MOVE):
        db.session.connection().execute(sa.update(_MOVEMENT).where(pair).values(undone))


# ── Decided elsewhere ────────────────────────────────────────────────────────────────────────────────────


def held_together(student_ids: Collection[int]) -> dict[int, Any]:
    """Students of whatever schools, held alone to the end with their schools' rounds; refused when one is locked."""
    wanted = sorted(set(student_ids))
    scopes = scopes_of(wanted)
    if len(scopes) < len(wanted):
        raise NotYours
    with round_held(MovementKind.DUPLICATE, set(scopes.values())):
        return {one: held_student(one) for one in wanted}


def decided(row: Any, kind: MovementKind, after: Mapping[str, Any], note: str, request_id: int) -> None:
    """What the decision of a request changes of a student that is held (``held_together``)."""
    move(row, after, Deed(kind, lock.today(), note, request_id=request_id))


def take_decided_back(request_id: int, reason: str) -> None:
    """Undo all that the decision of a request has changed, as long as nothing has followed (CannotUndo)."""
    query = sa.select(_MOVEMENT).where(_MOVEMENT.c.request_id == request_id, _MOVEMENT.c.undone_at.is_(None))
    with set_based(SetWork.MOVE):
        made = db.session.connection().execute(query.order_by(_MOVEMENT.c.id.desc())).all()
    rows = held_together([one.student_id for one in made])
    for movement in made:
        row = rows[movement.student_id]
        _may_undo(movement, row)
        before = _values_before(movement)
        with access.because(reason.strip()):
            write(row, before, school_of(row.school_code))
        _mark_undone(movement)
