"""Ordering a job: its row is written in the order's own transaction, and the bell rings after the commit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ... import access
from ...access import Action, Viewer
from ...bilingual import packed
from ...codes import JobState
from ...dataset import lock
from ...declaration import db
from ...errors import SignerUnknown
from ...language import is_english
from ...models import Job
from ...walls import SetWork, set_based
from . import registry

ORDERED = "jobs.ordered"
"""Where a session remembers the jobs whose bell rings when it commits."""


def start(kind: str, title: str, /, needs: tuple[Action, str] | None = None, **arguments: Any) -> Job:
    """Order a job of this kind for who is acting; it begins once the transaction is committed.

    ``title`` (a Sentence) names it on the screens. ``needs`` is the right without which it is neither ordered
    nor done, nor its file handed out. ``arguments`` are what JSON can hold: keys of rows, never rows.
    """
    if not registry.is_known(kind):
        raise KeyError(kind)
    acting = access.viewer()
    if acting.id is None:
        raise SignerUnknown(action=title)
    if needs is not None:
        acting.require(*needs)
    return _written(acting, kind, title, needs, arguments)


def _written(
    acting: Viewer, kind: str, title: str, needs: tuple[Action, str] | None, arguments: dict[str, Any]
) -> Job:
    action, subject = needs or (None, None)
    now = lock.now()
    row = {
        "scope": acting.scope, "kind": kind, "title": packed(title), "owner_id": acting.id, "owner": acting.name,
        "locale": "en" if is_english() else "th", "action": action and action.value, "subject": subject,
        "arguments": arguments, "state": JobState.WAITING, "created_at": now, "rung_at": now, "mark": {},
    }  # fmt: skip
    with set_based(SetWork.JOBS):
        job_id = db.session.scalar(sa.insert(Job).values(row).returning(Job.id))
    ring_after_commit(job_id)
    return db.session.scalars(sa.select(Job).where(Job.id == job_id)).one()


def ring_after_commit(job_id: Any) -> None:
    """Have whoever does jobs told of this one once the session's transaction is committed."""
    db.session.info.setdefault(ORDERED, []).append(job_id)
