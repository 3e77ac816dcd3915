"""Who can take which step of a request, in which state; and the refusal that says why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...codes import RequestSide, RequestState, RequestStepKind
from ...dataset import lock
from ...declaration import db
from ...errors import (
    NotPermitted,
    NotThisSide,
    NotThisTurn,
    NotYours,
    OwnRequest,
    RequestSettled,
    RuleViolation,
)
from ...models import RequestParty
from ...thaidate import thai_datetime
from ...walls import SetWork, set_based
from .kinds import SUBJECT, handling
from .writing import REQUEST

_ON_ITS_WAY: Final = {state for state in RequestState if not state.is_settled}
FROM: Final = {
    RequestStepKind.COMMENTED: _ON_ITS_WAY,
    RequestStepKind.ATTACHED: _ON_ITS_WAY,
    RequestStepKind.APPROVED: {RequestState.OPEN, RequestState.OBJECTED},
    RequestStepKind.REFUSED: {RequestState.OPEN, RequestState.OBJECTED},
    RequestStepKind.RETURNED: {RequestState.OPEN, RequestState.OBJECTED},
    RequestStepKind.OBJECTED: {RequestState.OPEN},
    RequestStepKind.RESENT: {RequestState.RETURNED},
    RequestStepKind.WITHDRAWN: _ON_ITS_WAY,
    RequestStepKind.UNDONE: {RequestState.APPROVED, RequestState.REFUSED},
    RequestStepKind.INQUIRED: _ON_ITS_WAY,
    RequestStepKind.ANSWERED: _ON_ITS_WAY,
}
"""In which states each step can be taken."""

_BY: Final = {
    RequestStepKind.APPROVED: (RequestSide.DECIDES, RequestSide.ANSWERS, RequestSide.ASKS),
    RequestStepKind.REFUSED: (RequestSide.DECIDES,),
    RequestStepKind.RETURNED: (RequestSide.DECIDES,),
    RequestStepKind.OBJECTED: (RequestSide.ANSWERS,),
    RequestStepKind.RESENT: (RequestSide.ASKS,),
    RequestStepKind.WITHDRAWN: (RequestSide.ASKS,),
    RequestStepKind.UNDONE: (RequestSide.DECIDES,),
    RequestStepKind.INQUIRED: (RequestSide.DECIDES,),
    RequestStepKind.ANSWERED: (RequestSide.DECIDES,),
}
"""Which sides can take it; all sides can comment and attach."""

_BETWEEN_SIDES: Final = {RequestStepKind.RETURNED, RequestStepKind.OBJECTED}

_OF_WORKFLOWS: Final = {RequestStepKind.UNDONE, RequestStepKind.INQUIRED, RequestStepKind.ANSWERED}
VERBS: Final = tuple(step for step in _BY if step not in _OF_WORKFLOWS)
"""The steps that every kind's page offers; the others are taken by a workflow that knows what was done."""


def refusal_of(step: RequestStepKind, request: Any, parties: Sequence[Any]) -> RuleViolation | None:
    """Why the viewer, to whom these parties of the request are visible, cannot take the step, or None.

    ``request`` has state, kind, deadline, opened_by_id, and who decided.
    """
    viewer = access.viewer()
    if not viewer.may(Action.READ, SUBJECT):
        return NotPermitted(what=step.th)
    if request.state not in FROM[step]:
        return _wrong_state(step, request)
    if step in _BETWEEN_SIDES and handling(request.kind).parted:
        return NotThisTurn(action=step.th, state=request.state.th)
    if step not in _BY:
        return None if viewer.may(Action.WRITE, SUBJECT) else NotPermitted(what=step.th)
    found = [_as_side(step, side, request, parties) for side in _BY[step]]
    return next((one for one in found if one is None), found[0])


def _as_side(
    step: RequestStepKind, side: RequestSide, request: Any, parties: Sequence[Any]
) -> RuleViolation | None:
    viewer = access.viewer()
    if not any(party.side is side for party in parties):
        return NotThisSide(action=step.th, whose=side.th)
    needed = Action.DECIDE if side is RequestSide.DECIDES else Action.WRITE
    if not viewer.may(needed, SUBJECT):
        return NotPermitted(what=step.th)
    if side is RequestSide.DECIDES and viewer.id is not None and viewer.id == request.opened_by_id:
        return OwnRequest()
    consents = request.state is not RequestState.OBJECTED and not handling(request.kind).parted
    if side is RequestSide.ANSWERS and step is RequestStepKind.APPROVED and not consents:
        # An area must not consent for its school over the school's own objection.
        return NotThisSide(action=step.th, whose=RequestSide.DECIDES.th)
    if side is RequestSide.ASKS and step is RequestStepKind.APPROVED and not _silence_consents(request):
        return NotThisSide(action=step.th, whose=RequestSide.DECIDES.th)
    return None


def _silence_consents(request: Any) -> bool:
    late = request.deadline is not None and request.deadline <= lock.now()
    return handling(request.kind).silence_is_consent and late and request.state is RequestState.OPEN


def _wrong_state(step: RequestStepKind, request: Any) -> RuleViolation:
    if request.state.is_settled and step is not RequestStepKind.UNDONE:
        by, at = request.decided_by, request.decided_at
        return RequestSettled(state=request.state.th, by=by, at=thai_datetime(at) if at else "")
    return NotThisTurn(action=step.th, state=request.state.th)


def held_for(request_id: int, step: RequestStepKind) -> Any:
    """The request's row, held alone, once it is sure that the viewer may take the step now."""
    # The viewer's own copies first: who has none does not learn that there is such a request.
    parties = visible(request_id)
    if not parties:
        raise NotYours
    with set_based(SetWork.REQUEST):
        # FOR UPDATE: of two officers who decide at once the second waits here and then finds it settled.
        query = sa.select(REQUEST).where(REQUEST.c.id == request_id).with_for_update()
        held = db.session.connection().execute(query).one()
    if (refusal := refusal_of(step, held, parties)) is not None:
        raise refusal
    return held


def visible(request_id: int) -> Sequence[RequestParty]:
    """The copies of a request that the viewer's scope reaches; none: for them there is no such request."""
    query = sa.select(RequestParty).where(RequestParty.request_id == request_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()
