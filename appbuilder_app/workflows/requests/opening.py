"""Opening a request: its sides, what each may know, and that there is one about a matter at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...bilingual import Sentence, packed
from ...codes import RequestKind, RequestSide, RequestState, RequestStepKind
from ...dataset import lock
from ...declaration import db
from ...errors import (
    AskedAlready,
    EvidenceMissing,
    NotYours,
    require_reason,
)
from ...schema.requests import REGISTER
from ...thaidate import thai_date
from ...walls import SetWork, set_based
from .. import settings
from .kinds import SUBJECT, handling
from .writing import (
    PARTY,
    REQUEST,
    UNSETTLED,
    Evidence,
    keep_file,
    place_of,
    record_step,
    register_says,
    who_waits,
)


@dataclass(frozen=True)
class Side:
    """A side of a new request: whose (a scope path), as what, and what it may know (Thai label → text).

    Labels are in the catalogue; a text that knows its English keeps it.
    """

    scope: str
    side: RequestSide
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class New:
    """A request to be opened. ``title`` is shown to every side; ``topic``: one unsettled request about it.

    ``evidence_follows``: it is opened without the documents that its kind needs, and waits with who asks until they
    have attached them and sent it again.
    """

    kind: RequestKind
    title: str
    reason: str
    sides: Sequence[Side]
    facts: Mapping[str, Any] = field(default_factory=dict)
    student_id: int | None = None
    topic: str | None = None
    evidence: Sequence[Evidence] = ()
    evidence_follows: bool = False


def open_request(new: New) -> int:
    """Hand in a request; its number. The side that asks must be the viewer's own (NotYours).

    AskedAlready while one about the same topic is unsettled; ReasonMissing, EvidenceMissing.
    """
    with access.performing(Action.WRITE, SUBJECT) as viewer:
        asks = next(side for side in new.sides if side.side is RequestSide.ASKS)
        if not viewer.looks_after(asks.scope):
            raise NotYours
        handled = handling(new.kind)
        require_reason(new.reason)
        missing = bool(handled.evidence) and not new.evidence
        if missing and not new.evidence_follows:
            raise EvidenceMissing(what=Sentence(handled.evidence))
        state = RequestState.RETURNED if missing else RequestState.OPEN
        request_id = _insert(new, asks.scope, lock.now() + settings.time_for(new.kind), state)
        record_step(request_id, RequestStepKind.OPENED, new.reason, to=None)
        if missing:
            waits = Sentence("รอ{what} แนบแล้วให้ส่งอีกครั้ง", what=Sentence(handled.evidence))
            record_step(request_id, RequestStepKind.RETURNED, waits, to=None)
        for one in new.evidence:
            keep_file(request_id, one)
        return request_id


def open_found(new: New, decides: str, deadline: dt.datetime) -> int:
    """A request that nobody has asked for: the register has found it. It belongs to the side that decides.

    AskedAlready while one about the same topic is unsettled.
    """
    request_id = _insert(new, decides, deadline, found=True)
    register_says(request_id, RequestStepKind.OPENED, new.reason)
    return request_id


def tell(new: New) -> int:
    """Let sides know of what was done already: a request that was carried out the moment it was made."""
    asks = next(side for side in new.sides if side.side is RequestSide.ASKS)
    request_id = _insert(new, asks.scope, None, RequestState.APPROVED)
    record_step(request_id, RequestStepKind.APPROVED, new.reason, to=None)
    return request_id


def _insert(
    new: New,
    asking: str,
    deadline: dt.datetime | None,
    state: RequestState = RequestState.OPEN,
    *,
    found: bool = False,
) -> int:
    """The request's own row and a copy for each side; ``found``: by the register, not by who acts."""
    viewer, now = access.viewer(), lock.now()
    common = {"kind": new.kind, "state": state, "title": new.title, "opened_at": now, "deadline": deadline}
    whole = common | {
        "scope": asking,
        "student_id": new.student_id,
        "topic": new.topic,
        "facts": dict(new.facts),
        "opened_by_id": None if found else viewer.id,
        "opened_by": REGISTER if found else viewer.name,
    }
    if state.is_settled:
        whole |= {
            "decided_at": now,
            "decided_by_id": viewer.id,
            "decided_by": viewer.name,
            "decision": new.reason,
        }
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        request_id = _only_one(connection, new.topic, whole)
        asked_by = whole["opened_by"] if found else place_of(asking)
        waits = who_waits(new.kind, state, {side.side for side in new.sides})
        for side in new.sides:
            copy = common | {
                "request_id": request_id,
                "scope": side.scope,
                "side": side.side,
                "waiting": side.side in waits,
                "unread": side.side is not RequestSide.ASKS,
                "asked_by": asked_by,
                "shown": {label[:]: packed(text) for label, text in side.shown.items()},
                "changed_at": now,
            }
            connection.execute(sa.insert(PARTY).values(copy))
    return request_id


def _only_one(connection: sa.Connection, topic: str | None, whole: Mapping[str, Any]) -> int:
    """The number of the row, once it is in; AskedAlready for a second about the same topic."""
    _refuse_second(connection, topic)
    # A second school may ask between the question and this: the unique index lets one in.
    try:
        with connection.begin_nested():
            inserted = connection.execute(sa.insert(REQUEST).values(whole).returning(REQUEST.c.id))
            return int(inserted.scalar_one())
    except sa.exc.IntegrityError:
        _refuse_second(connection, topic)
        raise


def _refuse_second(connection: sa.Connection, topic: str | None) -> None:
    if topic is None:
        return
    query = sa.select(REQUEST.c.opened_at).where(REQUEST.c.topic == topic, UNSETTLED)
    if (since := connection.scalar(query)) is not None:
        raise AskedAlready(since=thai_date(since))
