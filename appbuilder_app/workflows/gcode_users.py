"""Who may hand in G-code requests (R57): a teacher asks to be registered, and the school's area decides and ends it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..codes import RequestKind, RequestSide, RequestState
from ..dataset import lock
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation, require_reason
from ..models import Account, GCodeUser, RequestParty, School
from . import requests
from .requests import Decision, New, Side

POSITION, PHONE = "ตำแหน่ง", "โทรศัพท์"
"""Under which labels the request shows what the teacher said."""


class NotRegistered(RuleViolation):
    """R57: only who the area has registered hands in G-code requests."""

    message = (
        "บัญชีของท่านยังไม่ได้ลงทะเบียนเป็นผู้ใช้งานรหัส G กรุณายื่น “ขอลงทะเบียนผู้ใช้งานรหัส G” แล้วรอเขตพื้นที่ตรวจสอบและรับรอง"
    )
    status = 403


class RegisteredAlready(RuleViolation):
    """One registration an account."""

    message = "บัญชีนี้ลงทะเบียนเป็นผู้ใช้งานรหัส G แล้วเมื่อวันที่เขตพื้นที่รับรอง จึงไม่ต้องยื่นอีก"
    status = 409


class OnlyOfASchool(RuleViolation):
    """A school asks; its area decides."""

    message = "รายการนี้ทำได้จากบัญชีของโรงเรียน กรุณาให้เจ้าหน้าที่ของโรงเรียนเป็นผู้ยื่น"
    status = 403


class RegistrationEnded(RuleViolation):
    """It is ended once."""

    message = "การลงทะเบียนนี้สิ้นสุดไปแล้ว กรุณาโหลดหน้าใหม่เพื่อดูสถานะล่าสุด"
    status = 409


def own_school() -> School:
    """The school of the acting account; OnlyOfASchool for others."""
    viewer = access.viewer()
    if viewer.level is not access.Level.SCHOOL:
        raise OnlyOfASchool
    return db.session.get_one(School, viewer.school_code)


def area_scope(school: School) -> str:
    """The scope of who decides what a school asks."""
    return school.scope.rsplit("/", 1)[0]


def register(phone: str, reason: str) -> int:
    """Ask the area to register the acting account; the number of the request."""
    viewer, school = access.viewer(), own_school()
    if viewer.id is None:
        raise OnlyOfASchool
    if registration_of(viewer.id) is not None:
        raise RegisteredAlready
    if not 4 <= len(phone.strip()) <= 40:
        raise InvalidRow([Problem("phone", "กรอกหมายเลขโทรศัพท์ที่เขตพื้นที่ติดต่อได้")])
    about = {"ชื่อ": viewer.name, POSITION: viewer.position, PHONE: phone.strip()}
    return requests.open_request(
        New(
            kind=RequestKind.G_USER,
            title=viewer.name,
            reason=reason,
            topic=f"g_user:{viewer.id}",
            facts={"account_id": viewer.id, "phone": phone.strip()},
            sides=[
                Side(school.scope, RequestSide.ASKS, about),
                Side(area_scope(school), RequestSide.DECIDES, about),
            ],
        )
    )


@requests.handles(RequestKind.G_USER)
def _register(decision: Decision) -> None:
    account = db.session.get_one(Account, int(decision.facts["account_id"]))
    viewer = access.viewer()
    db.session.add(
        GCodeUser(
            account_id=account.id,
            school_code=decision.asked_by.rsplit("/", 1)[1],
            request_id=decision.id,
            name=account.get_full_name(),
            position=account.position or "",
            phone=str(decision.facts["phone"]),
            approved_at=lock.now(),
            approved_by=viewer.name,
        )
    )
    db.session.flush()


def registration_of(account_id: int | None) -> GCodeUser | None:
    """The registration of an account that has force."""
    standing = sa.select(GCodeUser).where(GCodeUser.account_id == account_id, GCodeUser.ended_at.is_(None))
    return db.session.scalar(standing.order_by(GCodeUser.id.desc()).limit(1))


def require_registered() -> None:
    """Refuse (NotRegistered) who hands in a G-code request without the area's registration for this school.

    An account that was moved to another school has to be registered anew, by that school's area.
    """
    viewer = access.viewer()
    found = registration_of(viewer.id)
    if found is None or found.scope != viewer.scope:
        raise NotRegistered


def registrations() -> Sequence[GCodeUser]:
    """All registrations within the viewer's scope, those with force first."""
    access.viewer().require(Action.READ, requests.SUBJECT)
    query = sa.select(GCodeUser).order_by(GCodeUser.ended_at.is_not(None), GCodeUser.scope, GCodeUser.id)
    return db.session.scalars(query.limit(requests.MOST_SHOWN)).all()


def waiting() -> Sequence[RequestParty]:
    """Registrations that wait for the area, in the viewer's own copies."""
    viewer = access.viewer()
    viewer.require(Action.READ, requests.SUBJECT)
    query = sa.select(RequestParty).where(
        RequestParty.kind == RequestKind.G_USER,
        RequestParty.state == RequestState.OPEN,
        RequestParty.scope == viewer.scope,
    )
    return db.session.scalars(query.order_by(RequestParty.id)).all()


def end(registration_id: int, reason: str) -> None:
    """The area takes a registration back, with the reason; requests that were handed in stay."""
    require_reason(reason)
    with access.performing(Action.DECIDE, requests.SUBJECT) as viewer, access.because(reason.strip()[:500]):
        found = db.session.scalar(
            sa.select(GCodeUser).where(GCodeUser.id == registration_id).with_for_update()
        )
        if found is None:
            raise NotYours
        if found.ended_at is not None:
            raise RegistrationEnded
        found.ended_at, found.ended_by, found.end_reason = lock.now(), viewer.name, reason.strip()[:500]
        db.session.flush()
