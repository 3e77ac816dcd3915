"""A request as its sides see it, and the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action, Level
from ...codes import RequestSide, RequestStepKind
from ...declaration import db
from ...errors import (
    NotYours,
    RuleViolation,
)
from ...models import RequestParty, RequestStep
from ...walls import SetWork, set_based
from .kinds import SUBJECT
from .permitting import FROM, refusal_of, visible
from .writing import REQUEST

MOST_SHOWN: Final = 200


@dataclass(frozen=True)
class Seen:
    """A request as the viewer sees it: their side's copy, the steps they may know, and what they can do."""

    party: RequestParty
    steps: Sequence[RequestStep]
    can: Mapping[RequestStepKind, RuleViolation | None]


def seen(request_id: int) -> Seen:
    """The request in the copy of the viewer's side; NotYours (404) when no side of it is theirs."""
    access.viewer().require(Action.READ, SUBJECT)
    parties = visible(request_id)
    if not parties:
        raise NotYours
    mine = _nearest(parties)
    query = sa.select(RequestStep).where(
        RequestStep.request_id == request_id, RequestStep.scope == mine.scope
    )
    steps = db.session.scalars(query.order_by(RequestStep.id)).all()
    with set_based(SetWork.REQUEST):
        whole = db.session.connection().execute(sa.select(REQUEST).where(REQUEST.c.id == request_id)).one()
    return Seen(mine, steps, {step: refusal_of(step, whole, parties) for step in FROM})


def _nearest(parties: Sequence[RequestParty]) -> RequestParty:
    """The viewer's own copy; who stands above sees that of who decides, which shows most."""
    own = access.viewer().scope
    order = (RequestSide.DECIDES, RequestSide.ASKS, RequestSide.ANSWERS, RequestSide.INFORMED)
    return min(parties, key=lambda one: (one.scope != own, order.index(one.side)))


def file_of(request_id: int, step_id: int) -> str:
    """The stored name of a step's file, for who has a copy of the step; NotYours (404) otherwise."""
    access.viewer().require(Action.READ, SUBJECT)
    query = sa.select(RequestStep.file).where(RequestStep.id == step_id, RequestStep.request_id == request_id)
    stored = db.session.scalar(query)
    if stored is None:
        raise NotYours
    return stored


@dataclass(frozen=True)
class Inbox:
    """Requests by what they mean to the viewer, each the pressing first. ``below``: what waits in their area."""

    waiting: Sequence[RequestParty]
    news: Sequence[RequestParty]
    mine: Sequence[RequestParty]
    below: Sequence[RequestParty]


def inbox() -> Inbox:
    """What waits for the viewer, what they have not noted yet, what became of theirs, and what waits below."""
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    own = RequestParty.scope == viewer.scope
    return Inbox(
        _pressing(own, RequestParty.waiting),
        _latest(own, RequestParty.unread, ~RequestParty.waiting),
        _latest(own, RequestParty.side == RequestSide.ASKS),
        _once(_pressing(RequestParty.scope != viewer.scope, RequestParty.waiting)) if _looks_down() else (),
    )


def unfinished() -> int:
    """How many requests wait for the viewer or have news for them: the badge."""
    viewer = access.viewer()
    if not viewer.may(Action.READ, SUBJECT):
        return 0
    query = sa.select(sa.func.count()).select_from(RequestParty).where(RequestParty.scope == viewer.scope)
    return db.session.scalar(query.where(sa.or_(RequestParty.waiting, RequestParty.unread))) or 0


def _looks_down() -> bool:
    return access.viewer().level is not Level.SCHOOL


def _pressing(*conditions: Any) -> Sequence[RequestParty]:
    query = sa.select(RequestParty).where(*conditions)
    late_first = (RequestParty.deadline.is_(None), RequestParty.deadline, RequestParty.id)
    return db.session.scalars(query.order_by(*late_first).limit(MOST_SHOWN)).all()


def _once(parties: Sequence[RequestParty]) -> Sequence[RequestParty]:
    """The first copy of each request: of a case several sides below wait."""
    return list({one.request_id: one for one in reversed(parties)}.values())[::-1]


def _latest(*conditions: Any) -> Sequence[RequestParty]:
    query = sa.select(RequestParty).where(*conditions)
    newest_first = (RequestParty.changed_at.desc(), RequestParty.id.desc())
    return db.session.scalars(query.order_by(*newest_first).limit(MOST_SHOWN)).all()
