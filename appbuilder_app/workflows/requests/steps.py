"""The verbs: each takes a step of a request for the side that may take it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...bilingual import Sentence
from ...codes import RequestSide, RequestState, RequestStepKind
from ...dataset import lock
from ...declaration import db
from ...errors import (
    EvidenceMissing,
    NothingSaid,
    require_reason,
)
from ...models import RequestStep
from ...walls import SetWork, set_based
from .kinds import SUBJECT, Decision, handling
from .permitting import held_for
from .writing import LONGEST_TEXT, PARTY, Evidence, keep_file, move_to, record_step, tell_the_others


def comment(request_id: int, text: str) -> None:
    """Say something that all sides read; of a parted kind only who decides. NothingSaid for an empty text."""
    if not text.strip():
        raise NothingSaid
    with access.performing(Action.READ, SUBJECT):
        held = held_for(request_id, RequestStepKind.COMMENTED)
        to = {RequestSide.DECIDES} if handling(held.kind).parted else None
        record_step(request_id, RequestStepKind.COMMENTED, text, to=to)
        tell_the_others(request_id)


def attach(request_id: int, evidence: Evidence) -> None:
    """Add a document. Who asks and who decides see it, and the side that brought it; nobody else."""
    with access.performing(Action.READ, SUBJECT):
        held_for(request_id, RequestStepKind.ATTACHED)
        keep_file(request_id, evidence)
        tell_the_others(request_id)


def note(request_id: int, step: RequestStepKind, text: str) -> None:
    """What who decides has found out, for them and who asked; the request goes on as it was."""
    with access.performing(Action.READ, SUBJECT):
        held_for(request_id, step)
        record_step(request_id, step, text, to={RequestSide.ASKS, RequestSide.DECIDES})
        tell_the_others(request_id)


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
    _pass_on(request_id, RequestStepKind.RETURNED, RequestState.RETURNED, reason)


def resend(request_id: int, text: str) -> None:
    """Who asked has mended it and hands it in again; EvidenceMissing while the documents of its kind are not there."""
    _pass_on(request_id, RequestStepKind.RESENT, RequestState.OPEN, text)


def object_to(request_id: int, reason: str) -> None:
    """A side that was asked says no: who decides has the next move."""
    require_reason(reason)
    _pass_on(request_id, RequestStepKind.OBJECTED, RequestState.OBJECTED, reason)


def reopen(request_id: int, reason: str, deadline: dt.datetime) -> None:
    """Who decides takes a decision back, with the reason: all sides have it before them again."""
    require_reason(reason)
    with access.performing(Action.READ, SUBJECT), set_based(SetWork.REQUEST):
        held_for(request_id, RequestStepKind.UNDONE)
        record_step(request_id, RequestStepKind.UNDONE, reason, to=None)
        undecided = {"decided_at": None, "decided_by_id": None, "decided_by": None, "decision": None}
        move_to(request_id, RequestState.OPEN, undecided | {"deadline": deadline})
        of_it = sa.update(PARTY).where(PARTY.c.request_id == request_id)
        db.session.connection().execute(of_it.values(deadline=deadline))


def take_note(request_id: int) -> None:
    """The viewer's own side has read what happened."""
    with access.performing(Action.READ, SUBJECT) as viewer, set_based(SetWork.REQUEST):
        mine = (PARTY.c.request_id == request_id) & (PARTY.c.scope == viewer.scope)
        db.session.connection().execute(sa.update(PARTY).where(mine).values(unread=False))


def _pass_on(request_id: int, step: RequestStepKind, state: RequestState, text: str) -> None:
    with access.performing(Action.READ, SUBJECT):
        held = held_for(request_id, step)
        if step is RequestStepKind.RESENT:
            _require_evidence(held)
        record_step(request_id, step, text, to=None)
        move_to(request_id, state, {})


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
        yield held_for(request_id, step)
        record_step(request_id, step, text, to=None)
        decided = {"decided_at": lock.now(), "decided_by_id": viewer.id, "decided_by": viewer.name}
        move_to(request_id, state, decided | {"decision": text.strip()[:LONGEST_TEXT]})
