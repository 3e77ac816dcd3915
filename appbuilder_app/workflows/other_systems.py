"""How the viewer stands in the rounds of the systems beside the learners': a few lines for the home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from .. import access
from ..access import Action, Level
from ..bilingual import Sentence
from ..codes import RoundSystem, SubmissionState
from ..dataset import lock
from ..declaration import db
from ..models import CollectionRound, Submission
from . import rounds
from .submissions import STEPS, SUBJECT, Step
from .timetable import Timetable, timetables_of
from .watching import actor_of

SOON: Final = dt.timedelta(days=14)
"""What opens later than this is left out, so that the page stays short."""

_Counts = Mapping[SubmissionState, int]


@dataclass(frozen=True)
class OtherSystem:
    """A round of another system: what it waits for, in how many of the viewer's schools, and until when."""

    round: CollectionRound
    sentence: Sentence
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None


def other_systems() -> list[OtherSystem]:
    """One line a system that waits for something now or soon, in three statements for all of them.

    Of several things the one that the viewer may do comes first, else the last step that is due.
    """
    viewer = access.viewer()
    present = [one for one in rounds.current_rounds().values() if one.system is not RoundSystem.DMC]
    if not present or not viewer.may(Action.READ, SUBJECT):
        return []
    timetables, counts = timetables_of(present), _counts(present)
    lines = (_line(one, timetables[one.id], counts.get(one.id, {})) for one in present)
    return [line for line in lines if line is not None]


def _counts(present: list[CollectionRound]) -> dict[int, dict[SubmissionState, int]]:
    query = (
        sa.select(Submission.round_id, Submission.state, sa.func.count())
        .where(Submission.round_id.in_([one.id for one in present]))
        .group_by(Submission.round_id, Submission.state)
    )
    found: dict[int, dict[SubmissionState, int]] = {}
    for round_id, state, number in db.session.execute(query):
        found.setdefault(round_id, {})[state] = number
    return found


def _line(one: CollectionRound, timetable: Timetable, counts: _Counts) -> OtherSystem | None:
    viewer = access.viewer()
    due = [
        step
        for step in STEPS
        if counts.get(step.before) and _is_near(timetable.window(step.window, viewer.scope))
    ]
    if not due:
        return None
    step = next((step for step in due if viewer.may(step.action, SUBJECT)), due[-1])
    window = timetable.window(step.window, viewer.scope)
    return OtherSystem(one, _sentence(step, counts[step.before]), window.opens_at, window.closes_at)


def _is_near(window: Any) -> bool:
    return window is not None and window.opens_at - SOON <= lock.now()


def _sentence(step: Step, schools: int) -> Sentence:
    facts = {"actor": actor_of(step.before), "action": step.action.th}
    if access.viewer().level is not Level.SCHOOL:
        return Sentence("{count} โรงเรียนรอ{actor}{action}", count=f"{schools:,}", **facts)
    if access.viewer().may(step.action, SUBJECT):
        return Sentence("รอท่าน{action}ข้อมูล", action=step.action.th)
    return Sentence("รอ{actor}{action}", **facts)
