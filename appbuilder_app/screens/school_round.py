"""What the page of a school's round shows: its state, the checklist, the figures beside the last round's,
the certificates and the history, in a number of statements that does not grow with the school.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..codes import ROUND_STEPS, Grade, RoundSystem, SubmissionState
from ..declaration import db
from ..errors import RoundClosed, RuleViolation
from ..models import (
    Area,
    Certificate,
    Change,
    CollectionRound,
    DirectorSignature,
    Roster,
    School,
    SignedScan,
    Submission,
)
from ..workflows import certificates, checklist, collected, headcounts, letters, rounds, submissions, watching
from ..workflows.checklist import Checklist
from ..workflows.collected import Counted
from ..workflows.headcounts import TOTALS, GradeCount, Headcounts
from ..workflows.submissions import SUBJECT, Step
from ..workflows.timetable import Timetable, timetable_of
from .words import LOOKS

CHANGES_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One grade now and in the last round."""

    grade: Grade
    now: GradeCount
    before: GradeCount | None

    @property
    def difference(self) -> int | None:
        """Students more (or fewer) than in the last round; None when there is none to compare with."""
        return None if self.before is None else self.now.total - self.before.total


@dataclass(frozen=True)
class Figures:
    """The figures of the round, live or frozen, beside those of the last round that the school confirmed."""

    now: Headcounts
    before: Headcounts | None
    before_label: str
    is_frozen: bool

    @property
    def lines(self) -> list[Line]:
        """All grades that have, or had, students or are opened."""
        grades = {row.grade for row in self.now.grades} | {
            r.grade for r in (self.before or Headcounts()).grades
        }
        return [
            Line(grade, self.now.of_grade(grade), self.before.of_grade(grade) if self.before else None)
            for grade in sorted(grades)
        ]

    @property
    def difference(self) -> int | None:
        """Students more than in the last round."""
        return None if self.before is None else self.now.students - self.before.students

    @property
    def totals(self) -> list[tuple[str, int, int | None]]:
        """The figures that money or follow-up hangs on: label, now, last round."""
        return [
            (
                label,
                getattr(self.now.totals, name),
                getattr(self.before.totals, name) if self.before else None,
            )
            for name, label in TOTALS.items()
        ]


@dataclass(frozen=True)
class Things:
    """What another system than the learners' holds of the school, live or frozen, beside its last round."""

    now: tuple[Counted, ...]
    before: dict[str, int] | None
    before_label: str
    is_frozen: bool

    @property
    def rows(self) -> int:
        """Rows of all datasets."""
        return sum(counted.number for counted in self.now)


@dataclass(frozen=True)
class Paper:
    """A certificate, the scan of it signed in ink, and the director's electronic signature."""

    certificate: Certificate
    scan: SignedScan | None
    signature: DirectorSignature | None = None


@dataclass(frozen=True)
class Event:
    """A step in the submission's history."""

    at: dt.datetime
    who: str
    path: str
    state: SubmissionState
    was: SubmissionState | None
    reason: str | None

    @property
    def is_return(self) -> bool:
        """True when the data were sent back."""
        return self.was is not None and self.state < self.was


@dataclass(frozen=True)
class SchoolRound:
    """The page of a school's round. ``refusals`` says of each verb why the viewer cannot do it now."""

    school: School
    area: Area
    round: CollectionRound
    is_present: bool
    submission: Submission | None
    timetable: Timetable
    refusals: dict[Action, RuleViolation | None]
    checklist: Checklist | None
    figures: Figures
    things: Things | None
    papers: list[Paper]
    events: list[Event]
    frozen_id: int | None = None
    has_returning_letter: bool = False

    @property
    def state(self) -> SubmissionState:
        """How far the school is."""
        return self.submission.state if self.submission else SubmissionState.OPEN

    @property
    def look(self) -> str:
        """The state as the common pieces know it: also whether it was sent back, or the round is closed."""
        if self.round.is_closed:
            return "closed"
        if self.submission and self.state is SubmissionState.OPEN and self.submission.returned_at:
            return "returned"
        return LOOKS[self.state]

    @property
    def step(self) -> Step | None:
        """The signature that is waited for; None when none is left or the round is not the present one."""
        return submissions.next_step(self.state) if self.is_present else None

    @property
    def actor(self) -> str:
        """Who has to give it, in Thai."""
        return watching.actor_of(self.state)

    @property
    def window(self) -> Any:
        """The window of the next step for this school."""
        return self.timetable.window(self.step.window, self.school.scope) if self.step else None

    @property
    def ends(self) -> dict[str, dt.datetime | None]:
        """When each action ends for this school, by its code."""
        return {action.value: self.timetable.closes_at(action, self.school.scope) for action in ROUND_STEPS}

    @property
    def frozen_stands(self) -> bool:
        """True while what was frozen last has not been returned."""
        return self.submission is not None and self.submission.roster_id is not None

    @property
    def standing_paper(self) -> Paper | None:
        """The certificate that has force."""
        return next((paper for paper in self.papers if not paper.certificate.is_void), None)

    @property
    def void_papers(self) -> list[Paper]:
        """Certificates that a return has made void."""
        return [paper for paper in self.papers if paper.certificate.is_void]


def school_round(
    school_code: str, round_id: int | None = None, system: RoundSystem = RoundSystem.DMC
) -> SchoolRound | None:
    """A school's page for a round (the system's present one, else the latest); None when there is none.

    NotYours (404) for a school that is not the viewer's.
    """
    school = checklist.school_looked_after(school_code)
    one = _chosen(round_id, system)
    if one is None:
        return None
    present = rounds.current_round(one.system)
    is_present = present is not None and one.id == present.id
    submission = _submission(school, one, is_present)
    timetable = timetable_of(one)
    of_students = one.system is RoundSystem.DMC
    return SchoolRound(
        school=school,
        area=db.session.get_one(Area, school.area_code),
        round=one,
        is_present=is_present,
        submission=submission,
        timetable=timetable,
        refusals=_refusals(submission, school, one, timetable, is_present),
        checklist=checklist.checklist_in(school, one) if is_present else None,
        figures=_figures(submission, school, one, is_present) if of_students else NO_FIGURES,
        things=None if of_students else _things(submission, school, one, is_present),
        papers=_papers(submission),
        events=_events(submission),
        frozen_id=_frozen_id(submission),
        has_returning_letter=letters.has_returning(submission),
    )


def _chosen(round_id: int | None, system: RoundSystem) -> CollectionRound | None:
    if round_id is not None and (asked := db.session.get(CollectionRound, round_id)) is not None:
        return asked
    return rounds.current_round(system) or next(iter(rounds.all_rounds(system)), None)


def _submission(school: School, one: CollectionRound, is_present: bool) -> Submission | None:
    if is_present:
        return submissions.submission_of(school.code, one)
    return db.session.scalar(sa.select(Submission).filter_by(round_id=one.id, school_code=school.code))


def _refusals(
    submission: Submission | None,
    school: School,
    one: CollectionRound,
    timetable: Timetable,
    is_present: bool,
) -> dict[Action, RuleViolation | None]:
    """What the verbs themselves will ask, so that a button and its refusal never disagree."""
    if submission is None or not is_present:
        return dict.fromkeys(
            (*(step.action for step in submissions.STEPS), Action.REVOKE),
            RoundClosed(round=one.label),
        )
    found: dict[Action, RuleViolation | None] = {
        step.action: submissions.refusal_of(step, submission, school, timetable) for step in submissions.STEPS
    }
    return found | {Action.REVOKE: submissions.refusal_of_return(submission, school)}


def _figures(
    submission: Submission | None,
    school: School,
    one: CollectionRound,
    is_present: bool,
) -> Figures:
    roster = db.session.get(Roster, submission.roster_id) if submission and submission.roster_id else None
    last = headcounts.last_round(school, one)
    if roster is not None:
        now = headcounts.frozen(roster)
    else:
        now = headcounts.live(school, one) if is_present else Headcounts()
    return Figures(now, last.counts if last else None, last.round.label if last else "", roster is not None)


NO_FIGURES = Figures(Headcounts(), None, "", is_frozen=False)


def _things(submission: Submission | None, school: School, one: CollectionRound, is_present: bool) -> Things:
    roster = db.session.get(Roster, submission.roster_id) if submission and submission.roster_id else None
    last = collected.last_counts(school, one)
    if roster is not None:
        now = collected.frozen_counts(roster, one.system)
    else:
        now = collected.counts_of(school, one.system) if is_present else ()
    before = {counted.name: counted.number for counted in last[1]} if last else None
    return Things(now, before, last[0].label if last else "", roster is not None)


def _papers(submission: Submission | None) -> list[Paper]:
    issued: Sequence[Certificate] = certificates.certificates_of(submission) if submission else []
    if not issued:
        return []
    wanted = sa.select(SignedScan).where(SignedScan.certificate_id.in_([one.id for one in issued]))
    newest = {scan.certificate_id: scan for scan in db.session.scalars(wanted.order_by(SignedScan.id))}
    signed = sa.select(DirectorSignature).where(
        DirectorSignature.certificate_id.in_([one.id for one in issued])
    )
    signatures = {one.certificate_id: one for one in db.session.scalars(signed)}
    return [Paper(one, newest.get(one.id), signatures.get(one.id)) for one in issued]


def _frozen_id(submission: Submission | None) -> int | None:
    """The snapshot that was made last, returned or not."""
    if submission is None:
        return None
    return db.session.scalar(sa.select(sa.func.max(Roster.id)).where(Roster.submission_id == submission.id))


def _events(submission: Submission | None) -> list[Event]:
    if submission is None or not access.viewer().may(Action.READ, "change"):
        return []
    query = (
        sa.select(Change.at, Change.actor, Change.path, Change.before, Change.after, Change.reason)
        .where(Change.dataset == SUBJECT, Change.row_key == str(submission.id))
        .order_by(Change.id.desc())
        .limit(CHANGES_SHOWN)
    )
    found = (_event(row) for row in db.session.execute(query))
    return [event for event in found if event is not None]


def _event(row: Any) -> Event | None:
    """An entry that moved the state; others (a new version, a count) tell people nothing."""
    state, was = (row.after or {}).get("state"), (row.before or {}).get("state")
    if state is None:
        return None
    before = SubmissionState(was) if was else None
    return Event(row.at, row.actor, row.path, SubmissionState(state), before, row.reason)
