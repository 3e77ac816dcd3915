"""Explaining findings of the checklist: a school says why a query is right as it is.

An explanation belongs to a round. It is shown to the district, and offered again where a later round asks the same.
While the school's data are open it may be put better; from confirming on it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..codes import Check, RoundSystem, Strength, SubmissionState
from ..dataset import lock
from ..declaration import db
from ..errors import ExplanationMissing, NothingToExplain, RoundClosed, SubmissionLocked
from ..models import CollectionRound, Explanation, School
from ..rules import JudgingRule
from . import checklist, rounds, submissions
from .checklist import Finding

SUBJECT = "explanation"
_PRIVATE = frozenset({Check.BMI})
"""What these rules find is of a private group of fields: an explanation, which others read, does not repeat it."""


def explain(
    school_code: str,
    check: Check,
    text: str,
    subjects: Collection[str] | None = None,
    system: RoundSystem = RoundSystem.DMC,
) -> int:
    """Explain what a query of the present round finds in a school: these subjects, or all that have no words yet.

    How many were explained. Only what is found can be explained: NothingToExplain for another subject, for an error, and
    where nothing is left. NotYours (404) for a foreign school, SubmissionLocked once it has confirmed.
    """
    with access.performing(Action.WRITE, SUBJECT):
        words = " ".join(text.split())
        if not words:
            raise ExplanationMissing
        school, one = _held(school_code, system)
        rule, found = checklist.findings(school, one, check)
        chosen = _chosen(rule, found, subjects)
        _write(school, one, rule, [(finding, words) for finding in chosen])
        return len(chosen)


def explain_as_before(school_code: str, check: Check, system: RoundSystem = RoundSystem.DMC) -> int:
    """Say again what an earlier round was told of the same subjects; how many were explained so."""
    with access.performing(Action.WRITE, SUBJECT):
        school, one = _held(school_code, system)
        rule, found = checklist.findings(school, one, check)
        again = [(f, f.offered.text) for f in _chosen(rule, found, None) if f.offered is not None]
        if not again:
            raise NothingToExplain
        _write(school, one, rule, again)
        return len(again)


def _held(school_code: str, system: RoundSystem) -> tuple[School, CollectionRound]:
    """The school and its round, while it may still be explained; the row itself asks again when it is written."""
    school = checklist.school_looked_after(school_code)
    one = rounds.current_round(system)
    if one is None:
        raise RoundClosed(round=system.th)
    submission = submissions.submission_of(school_code, one)
    if submission.state is not SubmissionState.OPEN:
        raise SubmissionLocked(round=one.label, state=submission.state.th)
    return school, one


def _chosen(rule: JudgingRule, found: Sequence[Finding], subjects: Collection[str] | None) -> list[Finding]:
    if rule.strength is not Strength.QUERY:
        raise NothingToExplain
    if subjects is None:
        chosen = [finding for finding in found if finding.explained is None]
    else:
        chosen = [finding for finding in found if finding.subject in set(subjects)]
        if len(chosen) != len(set(subjects)):
            raise NothingToExplain
    if not chosen:
        raise NothingToExplain
    return chosen


def _write(
    school: School, one: CollectionRound, rule: JudgingRule, given: Sequence[tuple[Finding, str]]
) -> None:
    viewer = access.viewer()
    of_round = {"system": one.system, "academic_year": one.academic_year, "round_number": one.number}
    query = sa.select(Explanation).filter_by(school_code=school.code, rule=rule.check, **of_round)
    there = {row.subject: row for row in db.session.scalars(query)}
    for finding, text in given:
        row = there.get(finding.subject)
        if row is None:
            row = Explanation(school_code=school.code, rule=rule.check, subject=finding.subject, **of_round)
            db.session.add(row)
        row.label, row.text, row.rule_version = str(finding.name)[:200], text, rule.version
        row.finding = None if rule.check in _PRIVATE else str(finding.fact)[:300] or None
        row.given_by, row.given_at = viewer.name, lock.now()
    db.session.flush()
