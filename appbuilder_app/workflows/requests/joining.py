"""What other workflows add to a request on its way: further sides, documents, words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ...bilingual import Sentence, packed
from ...codes import RequestSide, RequestStepKind
from ...dataset import lock
from ...declaration import db
from ...walls import SetWork, set_based
from .opening import Side
from .writing import (
    PARTY,
    REQUEST,
    STEP,
    UNSETTLED,
    Evidence,
    keep_file,
    record_step,
    register_says,
    tell_the_others,
    who_waits,
)


@contextmanager
def reading_facts() -> Iterator[None]:
    """Inside, the requests' own rows can be read: for a workflow whose viewer decides them."""
    with set_based(SetWork.REQUEST):
        yield


def unsettled_about(topics: Iterable[str]) -> Sequence[int]:
    """The requests on their way about these topics, whoever's they are."""
    query = sa.select(REQUEST.c.id).where(REQUEST.c.topic.in_(list(topics)), UNSETTLED)
    with set_based(SetWork.REQUEST):
        return db.session.connection().scalars(query.order_by(REQUEST.c.id)).all()


def bring(request_id: int, said: str, evidence: Sequence[Evidence] = ()) -> None:
    """What another workflow adds to a request on its way, for who asks and who decides; the sides have news."""
    with set_based(SetWork.REQUEST):
        record_step(request_id, RequestStepKind.COMMENTED, said, to={RequestSide.ASKS, RequestSide.DECIDES})
        for one in evidence:
            keep_file(request_id, one)
        tell_the_others(request_id)


def held_unsettled(request_id: int) -> Any:
    """A request's row held alone, for the register's own work on it; None when it is settled."""
    with set_based(SetWork.REQUEST):
        query = sa.select(REQUEST).where(REQUEST.c.id == request_id).with_for_update()
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
        connection, of_it = db.session.connection(), PARTY.c.request_id == held.id
        earlier = connection.execute(sa.select(PARTY).where(of_it, PARTY.c.scope == held.scope)).one()
        shown = {label[:]: packed(text) for label, text in about.items()}
        new = [(one.scope, one.side, deadline) for one in coming]
        if decides != held.scope:
            new.append((decides, RequestSide.DECIDES, held.deadline))
            informed = sa.update(PARTY).where(of_it, PARTY.c.scope == held.scope)
            connection.execute(informed.values(side=RequestSide.INFORMED, waiting=False))
        waits = who_waits(held.kind, held.state, {RequestSide.ANSWERS, RequestSide.DECIDES})
        common = {
            name: earlier._mapping[name] for name in ("request_id", "kind", "state", "title", "asked_by")
        }
        for scope, side, until in new:
            copy = common | {"scope": scope, "side": side, "waiting": side in waits, "deadline": until}
            more = {"shown": shown, "unread": True, "opened_at": held.opened_at, "changed_at": lock.now()}
            connection.execute(sa.insert(PARTY).values(copy | more))
        whole = sa.update(REQUEST).where(REQUEST.c.id == held.id)
        connection.execute(whole.values(scope=decides, facts=dict(facts)))
        told = {"shown": shown, "unread": True, "changed_at": lock.now()}
        connection.execute(sa.update(PARTY).where(of_it).values(told))
        if decides != held.scope:
            _copy_steps(held.id, held.scope, decides)
    register_says(held.id, RequestStepKind.JOINED, said)


def _copy_steps(request_id: int, of: str, to: str) -> None:
    """All that one side knows of what was done, for another."""
    columns = [column.name for column in STEP.c if column.name not in ("id", "scope")]
    theirs = sa.select(sa.literal(to), *(STEP.c[name] for name in columns)).where(
        STEP.c.request_id == request_id, STEP.c.scope == of
    )
    copied = sa.insert(STEP).from_select(["scope", *columns], theirs.order_by(STEP.c.id))
    db.session.connection().execute(copied)
