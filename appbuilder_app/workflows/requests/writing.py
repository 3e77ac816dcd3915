"""How a step, a state and a document get into the copies of all sides, and into the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import CENTRE, Level
from ...bilingual import Bilingual, packed
from ...codes import RequestKind, RequestSide, RequestState, RequestStepKind
from ...dataset import attachments, history, lock
from ...declaration import db
from ...kinds import StoredFile
from ...models import Request, RequestParty, RequestStep
from ...schema.requests import REGISTER
from ...walls import SetWork, set_based
from ..rounds import name_of_scope
from .kinds import handling

LONGEST_TEXT: Final = 1000
REQUEST, PARTY, STEP = Request.__table__, RequestParty.__table__, RequestStep.__table__
UNSETTLED: Final = REQUEST.c.state.not_in([state for state in RequestState if state.is_settled])


@dataclass(frozen=True)
class Evidence:
    """An uploaded file, with what it is: ``สำเนาสูติบัตร``."""

    name: str
    filename: str
    data: bytes


def who_waits(kind: RequestKind, state: RequestState, sides: Iterable[RequestSide]) -> set[RequestSide]:
    """Which sides have the next move in a state."""
    if state is RequestState.OPEN and handling(kind).parted:
        return {RequestSide.ANSWERS, RequestSide.DECIDES}
    if state is RequestState.OPEN:
        return {RequestSide.ANSWERS} if RequestSide.ANSWERS in set(sides) else {RequestSide.DECIDES}
    return {RequestState.OBJECTED: {RequestSide.DECIDES}, RequestState.RETURNED: {RequestSide.ASKS}}.get(
        state, set()
    )


def move_to(request_id: int, state: RequestState, decided: Mapping[str, Any]) -> None:
    """Another state, in the request and in all its copies, with whose move it is now; the other sides have news."""
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        of_it = PARTY.c.request_id == request_id
        parties = connection.execute(sa.select(PARTY.c.side, PARTY.c.kind).where(of_it)).all()
        waits = who_waits(parties[0].kind, state, {one.side for one in parties})
        whole = sa.update(REQUEST).where(REQUEST.c.id == request_id)
        connection.execute(whole.values(state=state, **decided))
        waiting = PARTY.c.side.in_(waits) if waits else sa.false()
        connection.execute(sa.update(PARTY).where(of_it).values(state=state, waiting=waiting))
    tell_the_others(request_id)


def tell_the_others(request_id: int) -> None:
    """Every side but the acting one has something new to read."""
    mine = access.viewer().scope
    with set_based(SetWork.REQUEST):
        told = sa.update(PARTY).where(PARTY.c.request_id == request_id)
        db.session.connection().execute(
            told.values(changed_at=lock.now(), unread=sa.or_(PARTY.c.unread, PARTY.c.scope != mine))
        )
        own = told.where(PARTY.c.scope == mine)
        db.session.connection().execute(own.values(unread=False))


def keep_file(request_id: int, evidence: Evidence) -> None:
    """A document, checked and stored, as a step that who asks, who decides and who brought it see."""
    stored = attachments.take(StoredFile(), evidence.filename, evidence.data)
    name = evidence.name.strip() or evidence.filename
    record_step(
        request_id, RequestStepKind.ATTACHED, name, to={RequestSide.ASKS, RequestSide.DECIDES}, file=stored
    )


def record_step(
    request_id: int, kind: RequestStepKind, text: str, *, to: set[RequestSide] | None, file: str | None = None
) -> None:
    """Write a step into the copies of these sides (all: None) and of who takes it, and into the history."""
    viewer = access.viewer()
    step = {
        "request_id": request_id,
        "kind": kind,
        "at": lock.now(),
        "actor_id": viewer.id,
        "actor": viewer.name,
        "place": place_of(viewer.scope),
        **_text(text),
        "file": file,
    }
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        parties = connection.execute(
            sa.select(PARTY.c.scope, PARTY.c.side).where(PARTY.c.request_id == request_id)
        ).all()
        copies = [
            step | {"scope": one.scope}
            for one in parties
            if to is None or one.side in to or viewer.looks_after(one.scope)
        ]
        connection.execute(sa.insert(STEP), copies)
    history.record_request(db.session.connection(), request_id, kind.value, {"file": file} if file else {})


def register_says(request_id: int, kind: RequestStepKind, text: str) -> None:
    """A step that nobody took but the register itself, in all copies, and in the history."""
    step = {
        "request_id": request_id,
        "kind": kind,
        "at": lock.now(),
        "actor_id": None,
        "actor": REGISTER,
        "place": REGISTER,
        **_text(text),
        "file": None,
    }
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        parties = connection.scalars(sa.select(PARTY.c.scope).where(PARTY.c.request_id == request_id))
        connection.execute(sa.insert(STEP), [step | {"scope": scope} for scope in sorted(parties)])
    history.record_request(db.session.connection(), request_id, kind.value, {})


def _text(text: str) -> dict[str, Any]:
    """A step's text; what the register itself says keeps its English."""
    return {
        "text": text.strip()[:LONGEST_TEXT],
        "said": packed(text) if isinstance(text, Bilingual) else sa.null(),
    }


def place_of(scope: str) -> str:
    """The words that name a scope to the other sides."""
    return str(Level.CENTRAL.th) if scope == CENTRE else name_of_scope(scope)
