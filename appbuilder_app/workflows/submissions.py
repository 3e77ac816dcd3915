"""A school's round from open to acknowledged, and back: confirm, certify, acknowledge, return.

Each verb first asks ``refusal_of`` or its like and then writes; screens ask the same to show a button.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import access
from ..access import Action, Level, Viewer
from ..bilingual import Sentence
from ..codes import Capacity, RoundSystem, SubmissionState, WindowAction
from ..dataset import lock
from ..declaration import db
from ..errors import (
    CertifiedAlready,
    ChecklistFailed,
    NotPermitted,
    NotYours,
    OrderMissing,
    Problem,
    RoundClosed,
    RuleViolation,
    SamePerson,
    SignerUnknown,
    WrongState,
    require_reason,
)
from ..models import Certificate, CollectionRound, School, Submission
from ..walls import SetWork, set_based
from . import certificates, checklist, paper_jobs, reauthentication, rosters
from .timetable import Timetable, timetable_of

SUBJECT = "submission"
_OPEN, _CONFIRMED = SubmissionState.OPEN, SubmissionState.CONFIRMED
_CERTIFIED, _ACKNOWLEDGED = SubmissionState.CERTIFIED, SubmissionState.ACKNOWLEDGED


@dataclass(frozen=True)
class Step:
    """One signature on the way: who may give it, when, and between which states."""

    action: Action
    window: WindowAction
    before: SubmissionState
    after: SubmissionState


CONFIRM = Step(Action.CONFIRM, WindowAction.CONFIRM, _OPEN, _CONFIRMED)
CERTIFY = Step(Action.CERTIFY, WindowAction.CERTIFY, _CONFIRMED, _CERTIFIED)
ACKNOWLEDGE = Step(Action.ACKNOWLEDGE, WindowAction.ACKNOWLEDGE, _CERTIFIED, _ACKNOWLEDGED)
STEPS = (CONFIRM, CERTIFY, ACKNOWLEDGE)


@dataclass(frozen=True)
class Authority:
    """In what capacity somebody signs, and the order that lets them where it is not their own position.

    ``order`` is what stands on the paper: the order's number and day, as in ``สพป.ลบ.2 ที่ 12/2569 ลงวันที่ 1 พ.ย. 2569``.
    """

    capacity: Capacity = Capacity.OWN
    order: str = ""

    def require(self) -> None:
        """OrderMissing where somebody else's authority is used without its order, or one is named without need."""
        if self.capacity is not Capacity.OWN and not self.order.strip():
            raise OrderMissing([Problem("order", "กรุณากรอกเลขที่และวันที่ของคำสั่งที่ให้ท่านลงนามแทน")])
        if len(self.order) > LONGEST_ORDER:
            raise OrderMissing([Problem("order", "คำสั่งยาวเกินไป กรุณากรอกเพียงเลขที่และวันที่")])

    @property
    def kept(self) -> str | None:
        """The order as it is kept; None in one's own position."""
        return None if self.capacity is Capacity.OWN else self.order.strip()


LONGEST_ORDER = 200
OWN = Authority()

_ADVICE = {
    (Action.CONFIRM, _CONFIRMED): Sentence("ขั้นต่อไปคือผู้อำนวยการโรงเรียนรับรอง"),
    (Action.CONFIRM, _CERTIFIED): Sentence("ขั้นต่อไปคือเขตพื้นที่รับทราบ"),
    (Action.CONFIRM, _ACKNOWLEDGED): Sentence("จึงไม่ต้องทำอะไรอีก"),
    (Action.CERTIFY, _OPEN): Sentence("กรุณาให้เจ้าหน้าที่ข้อมูลโรงเรียนยืนยันก่อน"),
    (Action.CERTIFY, _CERTIFIED): Sentence("ขั้นต่อไปคือเขตพื้นที่รับทราบ"),
    (Action.CERTIFY, _ACKNOWLEDGED): Sentence("จึงไม่ต้องทำอะไรอีก"),
    (Action.ACKNOWLEDGE, _OPEN): Sentence("กรุณาให้โรงเรียนยืนยันและรับรองก่อน"),
    (Action.ACKNOWLEDGE, _CONFIRMED): Sentence("กรุณาให้ผู้อำนวยการโรงเรียนรับรองก่อน"),
    (Action.ACKNOWLEDGE, _ACKNOWLEDGED): Sentence("จึงไม่ต้องทำอะไรอีก"),
    (Action.REVOKE, _OPEN): Sentence("โรงเรียนแก้ไขได้อยู่แล้ว"),
}


def next_step(state: SubmissionState) -> Step | None:
    """The signature that a state waits for; None once the district has acknowledged."""
    return next((step for step in STEPS if step.before is state), None)


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def submission_of(school_code: str, collection_round: CollectionRound | None = None) -> Submission:
    """The school's submission of a round (of the present one when none is named), made when it is missing.

    NotYours (404) for a school that is not the viewer's; NoOpenRound or RoundClosed when there is no round.
    """
    access.viewer().require(Action.READ, SUBJECT)
    school = checklist.school_looked_after(school_code)
    round_id = collection_round.id if collection_round else _present_round().id
    return _found(school, round_id) or _made(school, round_id)


def _present_round(system: RoundSystem = RoundSystem.DMC, *, for_share: bool = False) -> Any:
    """The governing round's row of a system; for share: it cannot be closed while this transaction runs."""
    connection = db.session.connection()
    with set_based(SetWork.LOCK):
        found = lock.governing_round(connection, system, for_share=for_share)
    if found is None:
        raise lock.standing(connection, system, access.CENTRE).refusal or RoundClosed(round="")
    return found


def _found(school: School, round_id: int, *, for_update: bool = False) -> Submission | None:
    query = sa.select(Submission).filter_by(round_id=round_id, school_code=school.code)
    if for_update:
        # FOR UPDATE: every write of the school's rows holds this row FOR SHARE, so what is frozen now is what
        # stays; without it a write begun before the signature would land after it.
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def _made(school: School, round_id: int) -> Submission:
    with set_based(SetWork.LOCK):
        lock.ensure_submission(db.session.connection(), round_id, school.code, school.scope)
    found = _found(school, round_id)
    assert found is not None, "ensure_submission has just made it"  # noqa: S101 - cannot be otherwise
    return found


# ── May it be done? ──────────────────────────────────────────────────────────────────────────────────────


def refusal_of(
    step: Step, submission: Submission, school: School, timetable: Timetable | None = None
) -> RuleViolation | None:
    """Why the viewer cannot take this step now, or None (R12–R14, R27).

    In this order: right, owner, state, person, time. A ``timetable`` spares statements for many schools.
    """
    viewer = access.viewer()
    return (
        _not_permitted(viewer, step.action)
        or _not_own(viewer, submission)
        or _wrong_state(step, submission, school)
        or _wrong_person(step, submission, viewer)
        or _wrong_time(step.window, submission, timetable)
    )


def steps_open(submission: Submission, school: School) -> dict[Action, RuleViolation | None]:
    """Each verb of a submission, the return included, with the reason why it cannot be done now, or None."""
    steps: dict[Action, RuleViolation | None] = {
        step.action: refusal_of(step, submission, school) for step in STEPS
    }
    return steps | {Action.REVOKE: refusal_of_return(submission, school)}


def refusal_of_return(submission: Submission, school: School) -> RuleViolation | None:
    """Why the viewer cannot send the data back now, or None (R35, §1.4).

    The school itself only before it is certified and while it could still confirm again; the district until
    the round is closed; central any time until then.
    """
    viewer = access.viewer()
    return (
        _not_permitted(viewer, Action.REVOKE)
        or _not_own(viewer, submission)
        or (_state_refusal(Action.REVOKE, submission, school) if submission.state is _OPEN else None)
        or (_too_late_for_school(submission) if viewer.level is Level.SCHOOL else None)
    )


def _too_late_for_school(submission: Submission) -> RuleViolation | None:
    if submission.state is not _CONFIRMED:
        return CertifiedAlready()
    return _wrong_time(WindowAction.CONFIRM, submission, None)


def _not_permitted(viewer: Viewer, action: Action) -> RuleViolation | None:
    return None if viewer.may(action, SUBJECT) else NotPermitted(what=action.th)


def _not_own(viewer: Viewer, submission: Submission) -> RuleViolation | None:
    return None if viewer.looks_after(submission.scope) else NotYours()


def _wrong_state(step: Step, submission: Submission, school: School) -> RuleViolation | None:
    return None if submission.state is step.before else _state_refusal(step.action, submission, school)


def _state_refusal(action: Action, submission: Submission, school: School) -> RuleViolation:
    state = submission.state
    return WrongState(action=action.th, school=school.name, state=state.th, advice=_ADVICE[action, state])


def _wrong_person(step: Step, submission: Submission, viewer: Viewer) -> RuleViolation | None:
    if viewer.id is None:
        return SignerUnknown(action=step.action.th)
    if step is CERTIFY and viewer.id == submission.confirmed_by_id:
        return SamePerson()
    return None


def _wrong_time(
    window: WindowAction, submission: Submission, timetable: Timetable | None
) -> RuleViolation | None:
    if timetable is not None:
        return timetable.refusal(window, submission.scope)
    one = db.session.get_one(CollectionRound, submission.round_id)
    standing = lock.standing(db.session.connection(), one.system, submission.scope, window)
    return RoundClosed(round=one.label) if standing.round_id != one.id else standing.refusal


# ── Confirm and certify ──────────────────────────────────────────────────────────────────────────────────


def confirm(school_code: str, system: RoundSystem = RoundSystem.DMC) -> Submission:
    """R12, R27: the school's officer confirms a system's round; what the register holds is frozen and locked.

    ChecklistFailed while something on the checklist has to be mended.
    """
    with access.performing(Action.CONFIRM, SUBJECT) as viewer:
        school, present, submission = _held(school_code, system)
        _require(refusal_of(CONFIRM, submission, school))
        proof = reauthentication.require(Action.CONFIRM)
        found = checklist.checklist_in(school, present)
        if not found.is_clear:
            raise ChecklistFailed(found)
        roster = rosters.freeze(submission, school, present)
        submission.state, submission.confirmed_at = _CONFIRMED, lock.received()
        submission.confirmed_by_id, submission.confirmed_by = viewer.id, viewer.name
        submission.confirmed_position, submission.confirmed_proof = viewer.position, proof
        submission.roster_id, submission.rows = roster.id, roster.rows
        db.session.flush()
        return submission


def certify(
    school_code: str, system: RoundSystem = RoundSystem.DMC, authority: Authority = OWN
) -> Certificate:
    """R13: the director, or who acts for them, certifies what another person confirmed; the certificate is issued.

    ProofNeeded unless the viewer has just shown who they are; OrderMissing for acting without an order.
    """
    with access.performing(Action.CERTIFY, SUBJECT) as viewer:
        school, present, submission = _held(school_code, system)
        _require(refusal_of(CERTIFY, submission, school))
        authority.require()
        proof = reauthentication.require(Action.CERTIFY)
        submission.state, submission.certified_at = _CERTIFIED, _after(submission.confirmed_at)
        submission.certified_by_id, submission.certified_by = viewer.id, viewer.name
        submission.certified_position, submission.certified_proof = viewer.position, proof
        submission.certified_capacity, submission.certified_order = authority.capacity, authority.kept
        db.session.flush()
        certificate = certificates.issue(submission, school, present)
        paper_jobs.order(certificate)
        return certificate


def _after(earlier: dt.datetime | None) -> dt.datetime:
    """When this was received, but never before the signature that it stands on."""
    return max(lock.received(), earlier) if earlier is not None else lock.received()


def _held(school_code: str, system: RoundSystem) -> tuple[School, CollectionRound, Submission]:
    """The school, the round kept from closing, and the submission held alone, in this order.

    All verbs take the locks in one order, so that two of them never wait for each other.
    """
    school = checklist.school_looked_after(school_code)
    round_id = _present_round(system, for_share=True).id
    if _found(school, round_id) is None:
        _made(school, round_id)
    submission = _found(school, round_id, for_update=True)
    if submission is None:
        raise NotYours
    return school, db.session.get_one(CollectionRound, round_id), submission


def _require(refusal: RuleViolation | None) -> None:
    if refusal is not None:
        raise refusal


# ── Acknowledge ──────────────────────────────────────────────────────────────────────────────────────────


class Outcome(NamedTuple):
    """What became of one school; ``refusal`` tells why nothing was done, None when it was done."""

    school_code: str
    school: str
    refusal: RuleViolation | None

    @property
    def is_done(self) -> bool:
        """True when the school's data are acknowledged now."""
        return self.refusal is None


def acknowledge(
    school_codes: Iterable[str], system: RoundSystem = RoundSystem.DMC, authority: Authority = OWN
) -> list[Outcome]:
    """R14: the district takes note, of one school or many; each has its own outcome, in the order given.

    Schools that cannot be acknowledged are told with the reason; the others are done.
    """
    authority.require()
    with access.performing(Action.ACKNOWLEDGE, SUBJECT) as viewer:
        codes = list(dict.fromkeys(school_codes))
        present = _present_round(system, for_share=True)
        timetable = timetable_of(present)
        held = _held_together(codes, present.id)
        outcomes = [_outcome(code, held.get(code), timetable) for code in codes]
        for outcome in outcomes:
            if outcome.is_done:
                _sign_for_district(held[outcome.school_code][0], viewer, authority)
        db.session.flush()
        return outcomes


def _held_together(codes: Sequence[str], round_id: int) -> dict[str, tuple[Submission, School]]:
    """The viewer's submissions among these schools, each held alone, locked in the order of their codes."""
    query = (
        sa.select(Submission, School)
        .join(School, School.code == Submission.school_code)
        .where(Submission.round_id == round_id, Submission.school_code.in_(codes))
        .order_by(Submission.school_code)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    )
    return {submission.school_code: (submission, school) for submission, school in db.session.execute(query)}


def _outcome(code: str, held: tuple[Submission, School] | None, timetable: Timetable) -> Outcome:
    if held is None:
        return Outcome(code, "", _not_held(code))
    submission, school = held
    return Outcome(code, school.name, refusal_of(ACKNOWLEDGE, submission, school, timetable))


def _not_held(code: str) -> RuleViolation:
    """A school of the viewer's without a submission has not begun; any other is not found."""
    school = db.session.get(School, code)
    if school is None or not access.viewer().looks_after(school.scope):
        return NotYours()
    advice = _ADVICE[Action.ACKNOWLEDGE, _OPEN]
    return WrongState(action=Action.ACKNOWLEDGE.th, school=school.name, state=_OPEN.th, advice=advice)


def _sign_for_district(submission: Submission, viewer: Viewer, authority: Authority) -> None:
    submission.state, submission.acknowledged_at = _ACKNOWLEDGED, _after(submission.certified_at)
    submission.acknowledged_by_id, submission.acknowledged_by = viewer.id, viewer.name
    submission.acknowledged_position = viewer.position
    submission.acknowledged_capacity, submission.acknowledged_order = authority.capacity, authority.kept


# ── Return ───────────────────────────────────────────────────────────────────────────────────────────────

_SIGNATURES = (
    "confirmed_at",
    "confirmed_by_id",
    "confirmed_by",
    "confirmed_position",
    "confirmed_proof",
    "certified_at",
    "certified_by_id",
    "certified_by",
    "certified_position",
    "certified_proof",
    "certified_capacity",
    "certified_order",
    "acknowledged_at",
    "acknowledged_by_id",
    "acknowledged_by",
    "acknowledged_position",
    "acknowledged_capacity",
    "acknowledged_order",
    "roster_id",
    "rows",
)


def return_submission(school_code: str, reason: str, system: RoundSystem = RoundSystem.DMC) -> Submission:
    """R35, §1.4: send the data back to be mended: they unlock, the signatures fall, the certificate is void.

    What was signed stays in the history, the frozen roster and the void certificate stay, too.
    """
    require_reason(reason)
    with access.performing(Action.REVOKE, SUBJECT) as viewer, access.because(reason.strip()):
        school, _, submission = _held(school_code, system)
        _require(refusal_of_return(submission, school))
        certificates.annul(submission, reason.strip())
        for name in _SIGNATURES:
            setattr(submission, name, None)
        submission.state = _OPEN
        submission.returned_at, submission.returned_by = lock.now(), viewer.name
        submission.returned_reason = reason.strip()
        db.session.flush()
        return submission


def deadline(submission: Submission, timetable: Timetable) -> dt.datetime | None:
    """Until when the next step can be taken; None when no step is left or no time is set."""
    step = next_step(submission.state)
    return timetable.closes_at(step.window, submission.scope) if step else None
