"""Requests (คำขอ): one side asks, others answer or decide; each side has its own copy of what it may know.

A kind says in ``handles`` what its approval does. How to add one: docs/developers/requests.md. All verbs lock the
request first, so of two who settle it at once exactly one does, and the other is told (RequestSettled).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from .. import access
from ..access import CENTRE, Action, Level
from ..bilingual import Bilingual, Sentence, packed
from ..codes import RequestKind, RequestSide, RequestState, RequestStepKind
from ..dataset import attachments, history, lock
from ..declaration import db
from ..errors import (
    AskedAlready,
    EvidenceMissing,
    NothingSaid,
    NotPermitted,
    NotThisSide,
    NotThisTurn,
    NotYours,
    OwnRequest,
    RequestSettled,
    RuleViolation,
    require_reason,
)
from ..kinds import StoredFile
from ..models import Request, RequestParty, RequestStep
from ..schema.requests import REGISTER
from ..thaidate import thai_date, thai_datetime
from ..walls import SetWork, set_based
from . import settings
from .rounds import name_of_scope

SUBJECT = "request"
LONGEST_TEXT: Final = 1000
_REQUEST, _PARTY, _STEP = Request.__table__, RequestParty.__table__, RequestStep.__table__
_ASKS, _ANSWERS = RequestSide.ASKS, RequestSide.ANSWERS
_DECIDES, _INFORMED = RequestSide.DECIDES, RequestSide.INFORMED
_OPEN, _OBJECTED, _RETURNED = RequestState.OPEN, RequestState.OBJECTED, RequestState.RETURNED


# ── Kinds ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Decision:
    """A request that is being approved, as its kind's handler gets it. The request is locked meanwhile."""

    id: int
    student_id: int | None
    facts: Mapping[str, Any]
    asked_by: str
    """Scope path of the side that asked."""
    text: str
    choice: Mapping[str, Any] = field(default_factory=dict)
    """What was decided, where a kind knows more than yes and no."""


Carry = Callable[[Decision], object]


@dataclass(frozen=True)
class Handling:
    """What is particular about a kind of request.

    ``carry_out`` is called when it is approved, in the same transaction, past the decider's own scope only
    where it opens set-based work of its own; what it raises refuses the approval. The deadline is a setting.
    ``evidence`` names, in Thai, the documents without which it cannot be opened. ``silence_is_consent``: when
    nobody has objected by the deadline, who asked may carry it out. ``refused`` is called when it is refused.
    ``parted``: nobody asks, and those who answer do not learn of each other: what they say goes to who decides alone,
    who alone settles it and has the next move beside them from the beginning.
    """

    carry_out: Carry
    evidence: str = ""
    silence_is_consent: bool = False
    refused: Carry | None = None
    parted: bool = False


_HANDLED: dict[RequestKind, Handling] = {}


def handles(
    kind: RequestKind,
    *,
    evidence: str = "",
    silence_is_consent: bool = False,
    refused: Carry | None = None,
    parted: bool = False,
) -> Callable[[Carry], Carry]:
    """Register a function as what the approval of a kind does; see ``Handling``."""

    def registered(carry_out: Carry) -> Carry:
        if kind in _HANDLED:
            raise ValueError(f"two handlers of {kind.value}")
        _HANDLED[kind] = Handling(carry_out, evidence, silence_is_consent, refused, parted)
        return carry_out

    return registered


def handling(kind: RequestKind) -> Handling:
    """What is particular about the kind; KeyError for one that nothing handles."""
    return _HANDLED[kind]


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Side:
    """A side of a new request: whose (a scope path), as what, and what it may know (Thai label → text).

    Labels are in the catalogue; a text that knows its English keeps it.
    """

    scope: str
    side: RequestSide
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """An uploaded file, with what it is: ``สำเนาสูติบัตร``."""

    name: str
    filename: str
    data: bytes


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
        asks = next(side for side in new.sides if side.side is _ASKS)
        if not viewer.looks_after(asks.scope):
            raise NotYours
        handled = handling(new.kind)
        require_reason(new.reason)
        missing = bool(handled.evidence) and not new.evidence
        if missing and not new.evidence_follows:
            raise EvidenceMissing(what=Sentence(handled.evidence))
        state = _RETURNED if missing else _OPEN
        request_id = _insert(new, asks.scope, lock.now() + settings.time_for(new.kind), state)
        _note(request_id, RequestStepKind.OPENED, new.reason, to=None)
        if missing:
            waits = Sentence("รอ{what} แนบแล้วให้ส่งอีกครั้ง", what=Sentence(handled.evidence))
            _note(request_id, RequestStepKind.RETURNED, waits, to=None)
        for one in new.evidence:
            _keep_file(request_id, one)
        return request_id


def open_found(new: New, decides: str, deadline: dt.datetime) -> int:
    """A request that nobody has asked for: the register has found it. It belongs to the side that decides.

    AskedAlready while one about the same topic is unsettled.
    """
    request_id = _insert(new, decides, deadline, found=True)
    with set_based(SetWork.REQUEST):
        parties = db.session.connection().execute(
            sa.select(_PARTY.c.scope).where(_PARTY.c.request_id == request_id)
        )
        step = {"request_id": request_id, "kind": RequestStepKind.OPENED, "at": lock.now(), "actor_id": None,
                "actor": REGISTER, "place": REGISTER, **_text(new.reason), "file": None}  # fmt: skip
        db.session.connection().execute(sa.insert(_STEP), [step | {"scope": one.scope} for one in parties])
    history.record_request(db.session.connection(), request_id, RequestStepKind.OPENED.value, {})
    return request_id


@contextmanager
def reading_facts() -> Iterator[None]:
    """Inside, the requests' own rows can be read: for a workflow whose viewer decides them."""
    with set_based(SetWork.REQUEST):
        yield


def held_unsettled(request_id: int) -> Any:
    """A request's row held alone, for the register's own work on it; None when it is settled."""
    with set_based(SetWork.REQUEST):
        query = sa.select(_REQUEST).where(_REQUEST.c.id == request_id).with_for_update()
        held = db.session.connection().execute(query).one()
    return None if held.state.is_settled else held


def join(
    held: Any,
    coming: Sequence[Side],
    decides: str,
    *,
    about: Mapping[str, str],
    facts: Mapping[str, Any],
    deadline: dt.datetime,
    said: Sentence,
) -> None:
    """Further sides join a request that the register has found, and ``held_unsettled`` holds; all sides are told.

    Where another side decides from now on it gets all that the earlier one has, who goes on knowing.
    """
    with set_based(SetWork.REQUEST):
        connection, of_it = db.session.connection(), _PARTY.c.request_id == held.id
        parties = {one.scope: one for one in connection.execute(sa.select(_PARTY).where(of_it))}
        earlier = parties[held.scope]
        shown = {label[:]: packed(text) for label, text in about.items()}
        new = [(one.scope, one.side, deadline) for one in coming]
        if decides != held.scope:
            new.append((decides, _DECIDES, held.deadline))
            informed = sa.update(_PARTY).where(of_it, _PARTY.c.scope == held.scope)
            connection.execute(informed.values(side=_INFORMED, waiting=False))
        waits = _who_waits(held.kind, held.state, {_ANSWERS, _DECIDES})
        common = {
            name: earlier._mapping[name] for name in ("request_id", "kind", "state", "title", "asked_by")
        }
        for scope, side, until in new:
            copy = common | {"scope": scope, "side": side, "waiting": side in waits, "deadline": until}
            more = {"shown": shown, "unread": True, "opened_at": held.opened_at, "changed_at": lock.now()}
            connection.execute(sa.insert(_PARTY).values(copy | more))
        whole = sa.update(_REQUEST).where(_REQUEST.c.id == held.id)
        connection.execute(whole.values(scope=decides, facts=dict(facts)))
        told = {"shown": shown, "unread": True, "changed_at": lock.now()}
        connection.execute(sa.update(_PARTY).where(of_it).values(told))
        if decides != held.scope:
            _copy_steps(held.id, held.scope, decides)
        step = {"request_id": held.id, "kind": RequestStepKind.JOINED, "at": lock.now(), "actor_id": None,
                "actor": REGISTER, "place": REGISTER, **_text(said), "file": None}  # fmt: skip
        scopes = {*parties, *(scope for scope, *_ in new)}
        connection.execute(sa.insert(_STEP), [step | {"scope": scope} for scope in sorted(scopes)])
    history.record_request(db.session.connection(), held.id, RequestStepKind.JOINED.value, {})


def _copy_steps(request_id: int, of: str, to: str) -> None:
    """All that one side knows of what was done, for another."""
    columns = [column.name for column in _STEP.c if column.name not in ("id", "scope")]
    theirs = sa.select(sa.literal(to), *(_STEP.c[name] for name in columns)).where(
        _STEP.c.request_id == request_id, _STEP.c.scope == of
    )
    copied = sa.insert(_STEP).from_select(["scope", *columns], theirs.order_by(_STEP.c.id))
    db.session.connection().execute(copied)


def tell(new: New) -> int:
    """Let sides know of what was done already: a request that was carried out the moment it was made."""
    asks = next(side for side in new.sides if side.side is _ASKS)
    request_id = _insert(new, asks.scope, None, RequestState.APPROVED)
    _note(request_id, RequestStepKind.APPROVED, new.reason, to=None)
    return request_id


def bring(request_id: int, said: str, evidence: Sequence[Evidence] = ()) -> None:
    """What another workflow adds to a request on its way, for who asks and who decides; the sides have news."""
    with set_based(SetWork.REQUEST):
        _note(request_id, RequestStepKind.COMMENTED, said, to={_ASKS, _DECIDES})
        for one in evidence:
            _keep_file(request_id, one)
        _touch(request_id)


def unsettled_about(topics: Iterable[str]) -> Sequence[int]:
    """The requests on their way about these topics, whoever's they are."""
    unsettled = _REQUEST.c.state.not_in([state for state in RequestState if state.is_settled])
    query = sa.select(_REQUEST.c.id).where(_REQUEST.c.topic.in_(list(topics)), unsettled)
    with set_based(SetWork.REQUEST):
        return db.session.connection().scalars(query.order_by(_REQUEST.c.id)).all()


def _insert(
    new: New,
    asking: str,
    deadline: dt.datetime | None,
    state: RequestState = RequestState.OPEN,
    *,
    found: bool = False,
) -> int:
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
        _refuse_second(connection, new.topic)
        # A second school may ask between the question and this: the unique index lets one in.
        try:
            with connection.begin_nested():
                request_id: int = connection.execute(
                    sa.insert(_REQUEST).values(whole).returning(_REQUEST.c.id)
                ).scalar_one()
        except sa.exc.IntegrityError:
            _refuse_second(connection, new.topic)
            raise
        asked_by = whole["opened_by"] if found else _place_of(asking)
        waits = _who_waits(new.kind, state, {side.side for side in new.sides})
        for side in new.sides:
            copy = common | {
                "request_id": request_id,
                "scope": side.scope,
                "side": side.side,
                "waiting": side.side in waits,
                "unread": side.side is not _ASKS,
                "asked_by": asked_by,
                "shown": {label[:]: packed(text) for label, text in side.shown.items()},
                "changed_at": now,
            }
            connection.execute(sa.insert(_PARTY).values(copy))
    return request_id


def _refuse_second(connection: sa.Connection, topic: str | None) -> None:
    if topic is None:
        return
    unsettled = _REQUEST.c.state.not_in([state for state in RequestState if state.is_settled])
    query = sa.select(_REQUEST.c.opened_at).where(_REQUEST.c.topic == topic, unsettled)
    if (since := connection.scalar(query)) is not None:
        raise AskedAlready(since=thai_date(since))


def _who_waits(kind: RequestKind, state: RequestState, sides: Iterable[RequestSide]) -> set[RequestSide]:
    """Which sides have the next move in a state."""
    if state is _OPEN and handling(kind).parted:
        return {_ANSWERS, _DECIDES}
    if state is _OPEN:
        return {_ANSWERS} if _ANSWERS in set(sides) else {_DECIDES}
    return {_OBJECTED: {_DECIDES}, _RETURNED: {_ASKS}}.get(state, set())


# ── The verbs ────────────────────────────────────────────────────────────────────────────────────────────


def comment(request_id: int, text: str) -> None:
    """Say something that all sides read; of a parted kind only who decides. NothingSaid for an empty text."""
    if not text.strip():
        raise NothingSaid
    with access.performing(Action.READ, SUBJECT):
        held = _held(request_id, RequestStepKind.COMMENTED)
        to = {_DECIDES} if handling(held.kind).parted else None
        _note(request_id, RequestStepKind.COMMENTED, text, to=to)
        _touch(request_id)


def attach(request_id: int, evidence: Evidence) -> None:
    """Add a document. Who asks and who decides see it, and the side that brought it; nobody else."""
    with access.performing(Action.READ, SUBJECT):
        _held(request_id, RequestStepKind.ATTACHED)
        _keep_file(request_id, evidence)
        _touch(request_id)


def note(request_id: int, step: RequestStepKind, text: str) -> None:
    """What who decides has found out, for them and who asked; the request goes on as it was."""
    with access.performing(Action.READ, SUBJECT):
        _held(request_id, step)
        _note(request_id, step, text, to={_ASKS, _DECIDES})
        _touch(request_id)


def approve(request_id: int, text: str = "", choice: Mapping[str, Any] | None = None) -> None:
    """Grant it: what its kind does is done in the same transaction, or nothing is.

    Who decides may; who is asked for an answer may, which is their consent; who asked may when the kind takes
    silence for consent and the deadline has passed without objection.
    """
    with _settling(request_id, RequestStepKind.APPROVED, RequestState.APPROVED, text) as held:
        decision = Decision(held.id, held.student_id, held.facts, held.scope, text, choice or {})
        with access.because(text.strip() or None):
            handling(held.kind).carry_out(decision)


def refuse(request_id: int, reason: str) -> None:
    """Say no, for good, with the reason."""
    require_reason(reason)
    with _settling(request_id, RequestStepKind.REFUSED, RequestState.REFUSED, reason) as held:
        if (refused := handling(held.kind).refused) is not None:
            refused(Decision(held.id, held.student_id, held.facts, held.scope, reason))


def withdraw(request_id: int, reason: str) -> None:
    """Who asked takes the request back, with the reason."""
    require_reason(reason)
    with _settling(request_id, RequestStepKind.WITHDRAWN, RequestState.WITHDRAWN, reason):
        pass


def send_back(request_id: int, reason: str) -> None:
    """Back to who asked, to be mended: something is missing or wrong."""
    require_reason(reason)
    _pass_on(request_id, RequestStepKind.RETURNED, _RETURNED, reason)


def resend(request_id: int, text: str) -> None:
    """Who asked has mended it and hands it in again; EvidenceMissing while the documents of its kind are not there."""
    _pass_on(request_id, RequestStepKind.RESENT, _OPEN, text)


def object_to(request_id: int, reason: str) -> None:
    """A side that was asked says no: who decides has the next move."""
    require_reason(reason)
    _pass_on(request_id, RequestStepKind.OBJECTED, _OBJECTED, reason)


def reopen(request_id: int, reason: str, deadline: dt.datetime) -> None:
    """Who decides takes a decision back, with the reason: all sides have it before them again."""
    require_reason(reason)
    with access.performing(Action.READ, SUBJECT), set_based(SetWork.REQUEST):
        _held(request_id, RequestStepKind.UNDONE)
        _note(request_id, RequestStepKind.UNDONE, reason, to=None)
        undecided = {"decided_at": None, "decided_by_id": None, "decided_by": None, "decision": None}
        _move_to(request_id, _OPEN, undecided | {"deadline": deadline})
        of_it = sa.update(_PARTY).where(_PARTY.c.request_id == request_id)
        db.session.connection().execute(of_it.values(deadline=deadline))


def take_note(request_id: int) -> None:
    """The viewer's own side has read what happened."""
    with access.performing(Action.READ, SUBJECT) as viewer, set_based(SetWork.REQUEST):
        mine = (_PARTY.c.request_id == request_id) & (_PARTY.c.scope == viewer.scope)
        db.session.connection().execute(sa.update(_PARTY).where(mine).values(unread=False))


def _pass_on(request_id: int, step: RequestStepKind, state: RequestState, text: str) -> None:
    with access.performing(Action.READ, SUBJECT):
        held = _held(request_id, step)
        if step is RequestStepKind.RESENT:
            _require_evidence(held)
        _note(request_id, step, text, to=None)
        _move_to(request_id, state, {})


def _require_evidence(request: Any) -> None:
    needed = handling(request.kind).evidence
    there = sa.select(RequestStep.id).where(
        RequestStep.request_id == request.id,
        RequestStep.kind == RequestStepKind.ATTACHED,
        RequestStep.file.is_not(None),
    )
    if needed and db.session.scalar(there.limit(1)) is None:
        raise EvidenceMissing(what=Sentence(needed))


@contextmanager
def _settling(request_id: int, step: RequestStepKind, state: RequestState, text: str) -> Iterator[Any]:
    """The request held alone while it is settled; written as settled when what stands inside went well."""
    with access.performing(Action.READ, SUBJECT) as viewer:
        yield _held(request_id, step)
        _note(request_id, step, text, to=None)
        decided = {"decided_at": lock.now(), "decided_by_id": viewer.id, "decided_by": viewer.name}
        _move_to(request_id, state, decided | {"decision": text.strip()[:LONGEST_TEXT]})


# ── May it be done? ──────────────────────────────────────────────────────────────────────────────────────

_FROM: Final = {
    RequestStepKind.COMMENTED: {_OPEN, _OBJECTED, _RETURNED},
    RequestStepKind.ATTACHED: {_OPEN, _OBJECTED, _RETURNED},
    RequestStepKind.APPROVED: {_OPEN, _OBJECTED},
    RequestStepKind.REFUSED: {_OPEN, _OBJECTED},
    RequestStepKind.RETURNED: {_OPEN, _OBJECTED},
    RequestStepKind.OBJECTED: {_OPEN},
    RequestStepKind.RESENT: {_RETURNED},
    RequestStepKind.WITHDRAWN: {_OPEN, _OBJECTED, _RETURNED},
    RequestStepKind.UNDONE: {RequestState.APPROVED, RequestState.REFUSED},
    RequestStepKind.INQUIRED: {_OPEN, _OBJECTED, _RETURNED},
    RequestStepKind.ANSWERED: {_OPEN, _OBJECTED, _RETURNED},
}
"""In which states each step can be taken."""

_BY: Final = {
    RequestStepKind.APPROVED: (_DECIDES, _ANSWERS, _ASKS),
    RequestStepKind.REFUSED: (_DECIDES,),
    RequestStepKind.RETURNED: (_DECIDES,),
    RequestStepKind.OBJECTED: (_ANSWERS,),
    RequestStepKind.RESENT: (_ASKS,),
    RequestStepKind.WITHDRAWN: (_ASKS,),
    RequestStepKind.UNDONE: (_DECIDES,),
    RequestStepKind.INQUIRED: (_DECIDES,),
    RequestStepKind.ANSWERED: (_DECIDES,),
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
    if request.state not in _FROM[step]:
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
    needed = Action.DECIDE if side is _DECIDES else Action.WRITE
    if not viewer.may(needed, SUBJECT):
        return NotPermitted(what=step.th)
    if side is _DECIDES and viewer.id is not None and viewer.id == request.opened_by_id:
        return OwnRequest()
    consents = request.state is not _OBJECTED and not handling(request.kind).parted
    if side is _ANSWERS and step is RequestStepKind.APPROVED and not consents:
        # An area must not consent for its school over the school's own objection.
        return NotThisSide(action=step.th, whose=RequestSide.DECIDES.th)
    if side is _ASKS and step is RequestStepKind.APPROVED and not _silence_consents(request):
        return NotThisSide(action=step.th, whose=RequestSide.DECIDES.th)
    return None


def _silence_consents(request: Any) -> bool:
    late = request.deadline is not None and request.deadline <= lock.now()
    return handling(request.kind).silence_is_consent and late and request.state is _OPEN


def _wrong_state(step: RequestStepKind, request: Any) -> RuleViolation:
    if request.state.is_settled and step is not RequestStepKind.UNDONE:
        by, at = request.decided_by, request.decided_at
        return RequestSettled(state=request.state.th, by=by, at=thai_datetime(at) if at else "")
    return NotThisTurn(action=step.th, state=request.state.th)


def _held(request_id: int, step: RequestStepKind) -> Any:
    """The request's row, held alone, once it is sure that the viewer may take the step now."""
    # The viewer's own copies first: who has none does not learn that there is such a request.
    parties = _visible(request_id)
    if not parties:
        raise NotYours
    with set_based(SetWork.REQUEST):
        # FOR UPDATE: of two officers who decide at once the second waits here and then finds it settled.
        query = sa.select(_REQUEST).where(_REQUEST.c.id == request_id).with_for_update()
        held = db.session.connection().execute(query).one()
    if (refusal := refusal_of(step, held, parties)) is not None:
        raise refusal
    return held


def _visible(request_id: int) -> Sequence[RequestParty]:
    query = sa.select(RequestParty).where(RequestParty.request_id == request_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _move_to(request_id: int, state: RequestState, decided: Mapping[str, Any]) -> None:
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        of_it = _PARTY.c.request_id == request_id
        parties = connection.execute(sa.select(_PARTY.c.side, _PARTY.c.kind).where(of_it)).all()
        waits = _who_waits(parties[0].kind, state, {one.side for one in parties})
        whole = sa.update(_REQUEST).where(_REQUEST.c.id == request_id)
        connection.execute(whole.values(state=state, **decided))
        waiting = _PARTY.c.side.in_(waits) if waits else sa.false()
        connection.execute(sa.update(_PARTY).where(of_it).values(state=state, waiting=waiting))
    _touch(request_id)


def _touch(request_id: int) -> None:
    """Every side but the acting one has something new to read."""
    mine = access.viewer().scope
    with set_based(SetWork.REQUEST):
        told = sa.update(_PARTY).where(_PARTY.c.request_id == request_id)
        db.session.connection().execute(
            told.values(changed_at=lock.now(), unread=sa.or_(_PARTY.c.unread, _PARTY.c.scope != mine))
        )
        own = told.where(_PARTY.c.scope == mine)
        db.session.connection().execute(own.values(unread=False))


def _keep_file(request_id: int, evidence: Evidence) -> None:
    stored = attachments.take(StoredFile(), evidence.filename, evidence.data)
    name = evidence.name.strip() or evidence.filename
    _note(request_id, RequestStepKind.ATTACHED, name, to={_ASKS, _DECIDES}, file=stored)


def _note(
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
        "place": _place_of(viewer.scope),
        **_text(text),
        "file": file,
    }
    with set_based(SetWork.REQUEST):
        connection = db.session.connection()
        parties = connection.execute(
            sa.select(_PARTY.c.scope, _PARTY.c.side).where(_PARTY.c.request_id == request_id)
        ).all()
        copies = [
            step | {"scope": one.scope}
            for one in parties
            if to is None or one.side in to or viewer.looks_after(one.scope)
        ]
        connection.execute(sa.insert(_STEP), copies)
    history.record_request(db.session.connection(), request_id, kind.value, {"file": file} if file else {})


def _text(text: str) -> dict[str, Any]:
    """A step's text; what the register itself says keeps its English."""
    return {
        "text": text.strip()[:LONGEST_TEXT],
        "said": packed(text) if isinstance(text, Bilingual) else sa.null(),
    }


def _place_of(scope: str) -> str:
    return str(Level.CENTRAL.th) if scope == CENTRE else name_of_scope(scope)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────

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
    parties = _visible(request_id)
    if not parties:
        raise NotYours
    mine = _nearest(parties)
    query = sa.select(RequestStep).where(
        RequestStep.request_id == request_id, RequestStep.scope == mine.scope
    )
    steps = db.session.scalars(query.order_by(RequestStep.id)).all()
    with set_based(SetWork.REQUEST):
        whole = db.session.connection().execute(sa.select(_REQUEST).where(_REQUEST.c.id == request_id)).one()
    return Seen(mine, steps, {step: refusal_of(step, whole, parties) for step in _FROM})


def _nearest(parties: Sequence[RequestParty]) -> RequestParty:
    """The viewer's own copy; who stands above sees that of who decides, which shows most."""
    own, order = access.viewer().scope, (_DECIDES, _ASKS, _ANSWERS, _INFORMED)
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
        _latest(own, RequestParty.side == _ASKS),
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
