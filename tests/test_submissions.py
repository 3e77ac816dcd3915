"""Confirm, certify, acknowledge, return: who may, in which state, when, and what each leaves behind."""

from __future__ import annotations

import datetime as dt
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.access import ROLES, Viewer
from appbuilder_app.codes import Grade, SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    CertifiedAlready,
    ChecklistFailed,
    NotPermitted,
    NotYours,
    ReasonMissing,
    RoundClosed,
    RuleViolation,
    SamePerson,
    SignerUnknown,
    SubmissionLocked,
    WindowMissing,
    WindowNotYet,
    WindowOver,
    WrongState,
)
from appbuilder_app.models import Certificate, Change, Headcount, Roster, School, Student, Submission
from appbuilder_app.workflows import certificates, freezing, rounds, submissions
from appbuilder_app.workflows.submissions import ACKNOWLEDGE, CERTIFY, CONFIRM, Step
from appbuilder_app.workflows.timetable import Timetable
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SCOPES, SIBLING, pupil
from tests.round_fixtures import DAY, Round

OPEN, CONFIRMED = SubmissionState.OPEN, SubmissionState.CONFIRMED
CERTIFIED, ACKNOWLEDGED = SubmissionState.CERTIFIED, SubmissionState.ACKNOWLEDGED


# ── Truth tables: state × role × window ──────────────────────────────────────────────────────────────────


def person(name: str, **changed: Any) -> Viewer:
    """The persona with its role's rights, without a database."""
    role_name, scope, position = PERSONAS[name]
    rights = next(role.rights for role in ROLES if role.name == role_name)
    facts: dict[str, Any] = {
        "id": list(PERSONAS).index(name) + 1,
        "username": name,
        "name": name,
        "position": position,
    }
    return Viewer(**facts | {"scope": scope, "rights": rights} | changed)


def submission_in(state: SubmissionState, confirmed_by: str = "alice") -> Submission:
    """A submission of Alice's school in this state."""
    confirmer = None if state is OPEN else person(confirmed_by).id
    return Submission(
        school_code=SCHOOL, scope=SCOPES[SCHOOL], state=state, round_id=1, confirmed_by_id=confirmer
    )


def timetable(action: WindowAction, opens: dt.timedelta, closes: dt.timedelta) -> Timetable:
    """One national window, told as distances from now."""

    class Row:
        opens_at, closes_at = lock.now() + opens, lock.now() + closes

    return Timetable("รอบที่ 2 ปีการศึกษา 2569", {(action, "C"): Row})


def refusal(step: Step, viewer: Viewer, state: SubmissionState, times: Timetable) -> type[Any] | None:
    """The kind of refusal, or None when the step can be taken."""
    school = School(code=SCHOOL, name="บ้านหนองตัวอย่าง")
    with access.acting_as(viewer, through="test"):
        found = submissions.refusal_of(step, submission_in(state), school, times)
    return None if found is None else type(found)


MAY = {CONFIRM: {"alice"}, CERTIFY: {"dao"}, ACKNOWLEDGE: {"dan"}}
HOLD_THE_RIGHT_ELSEWHERE = {CONFIRM: {"bob", "charlie"}, CERTIFY: set(), ACKNOWLEDGE: {"eve"}}


@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize("name", PERSONAS)
@pytest.mark.parametrize("step", [CONFIRM, CERTIFY, ACKNOWLEDGE], ids=lambda step: step.action.value)
def test_only_the_one_whose_turn_it_is_signs_within_the_window(
    step: Step, name: str, state: SubmissionState
) -> None:
    expected: type[RuleViolation] | None = None
    if name in HOLD_THE_RIGHT_ELSEWHERE[step]:
        expected = NotYours
    elif name not in MAY[step]:
        expected = NotPermitted
    elif state is not step.before:
        expected = WrongState

    assert refusal(step, person(name), state, timetable(step.window, -DAY, DAY)) is expected


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [(-DAY, DAY, None), (DAY, 2 * DAY, WindowNotYet), (-2 * DAY, -DAY, WindowOver)],
)
@pytest.mark.parametrize("step", [CONFIRM, CERTIFY, ACKNOWLEDGE], ids=lambda step: step.action.value)
def test_the_signature_is_given_within_its_window_alone(
    step: Step, opens: dt.timedelta, closes: dt.timedelta, expected: type[RuleViolation] | None
) -> None:
    (signer,) = MAY[step]

    assert refusal(step, person(signer), step.before, timetable(step.window, opens, closes)) is expected


@pytest.mark.parametrize("step", [CONFIRM, CERTIFY, ACKNOWLEDGE], ids=lambda step: step.action.value)
def test_without_a_window_nobody_signs(step: Step) -> None:
    (signer,) = MAY[step]

    assert refusal(step, person(signer), step.before, Timetable("รอบ", {})) is WindowMissing


def test_who_confirmed_cannot_certify_even_with_both_roles() -> None:
    both = person("alice").rights | person("dao").rights
    times = timetable(WindowAction.CERTIFY, -DAY, DAY)

    assert refusal(CERTIFY, person("alice", rights=both), CONFIRMED, times) is SamePerson
    assert refusal(CERTIFY, person("dao", rights=both), CONFIRMED, times) is None


def test_nobody_signs_without_an_account() -> None:
    times = timetable(WindowAction.CONFIRM, -DAY, DAY)

    assert refusal(CONFIRM, person("alice", id=None), OPEN, times) is SignerUnknown


Expected = dict[SubmissionState, type[RuleViolation] | None]
OWN: Expected = {
    OPEN: WrongState,
    CONFIRMED: None,
    CERTIFIED: CertifiedAlready,
    ACKNOWLEDGED: CertifiedAlready,
}
ABOVE: Expected = {OPEN: WrongState, CONFIRMED: None, CERTIFIED: None, ACKNOWLEDGED: None}
RETURNS: dict[str, Expected] = {
    "alice": OWN,
    "dao": OWN,
    "dan": ABOVE,
    "cee": ABOVE,
    "bob": dict.fromkeys(SubmissionState, NotYours),
    "charlie": dict.fromkeys(SubmissionState, NotYours),
    "eve": dict.fromkeys(SubmissionState, NotYours),
    "adam": dict.fromkeys(SubmissionState, NotPermitted),
}


def test_who_may_send_back_what(played: Round) -> None:
    for name, states in RETURNS.items():
        with played.world.acting(name):
            present = rounds.current_round()
            assert present is not None
            for state, expected in states.items():
                submission = submission_in(state)
                submission.round_id = present.id
                found = submissions.refusal_of_return(submission, School(code=SCHOOL, name="ก"))
                assert (found if found is None else type(found)) is expected, (name, state)


# ── Confirming ───────────────────────────────────────────────────────────────────────────────────────────


def test_confirming_freezes_the_roster_and_the_headcounts(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("dan"):
        submission = submissions.submission_of(SCHOOL)
        roster = db.session.get_one(Roster, submission.roster_id)
        counts = db.session.scalars(sa.select(Headcount).filter_by(roster_id=roster.id)).all()

        assert (submission.state, submission.rows) == (CONFIRMED, 4)
        assert (submission.confirmed_by, submission.confirmed_position) == ("Alice ทดสอบ", "ครู")
        assert roster.rows == sum(row.male + row.female for row in counts) == 4
        assert len(roster.root) == 64


@pytest.mark.parametrize("name", ["alice", "dan", "adam"])
def test_from_confirming_on_nobody_writes_the_schools_pupils(played: Round, name: str) -> None:
    played.is_confirmed()

    with pytest.raises(SubmissionLocked):
        played.changes_a_pupil(name, weight_kg=40)


def test_the_sibling_school_stays_open(played: Round) -> None:
    played.is_confirmed()

    played.changes_a_pupil("bob", school=SIBLING, weight_kg=40)


def test_what_the_checklist_finds_stops_the_confirming(played: Round) -> None:
    played.changes_a_pupil(weight_kg=None)

    sentence = played.is_refused("alice", ChecklistFailed, submissions.confirm, SCHOOL)

    assert "นักเรียน 1 คนยังไม่มีน้ำหนักหรือส่วนสูง" in sentence


def test_a_second_confirming_is_refused_and_says_what_comes_next(played: Round) -> None:
    played.is_confirmed()

    assert "รับรอง" in played.is_refused("alice", WrongState, submissions.confirm, SCHOOL)


def test_nobody_confirms_for_another_school(played: Round) -> None:
    for name in ("bob", "charlie"):
        played.is_refused(name, NotYours, submissions.confirm, SCHOOL)
    for name in ("dao", "dan", "cee", "adam"):
        played.is_refused(name, NotPermitted, submissions.confirm, SCHOOL)


def test_confirming_waits_for_its_window_and_ends_with_it(played: Round) -> None:
    played.opens(WindowAction.CONFIRM, DAY, 2 * DAY)
    played.is_refused("alice", WindowNotYet, submissions.confirm, SCHOOL)
    played.is_over(WindowAction.CONFIRM)
    played.is_refused("alice", WindowOver, submissions.confirm, SCHOOL)


def test_a_school_that_came_after_the_round_was_opened_confirms_like_the_others(played: Round) -> None:
    def found_a_school() -> None:
        facts = {"code": "16020999", "name": "บ้านใหม่", "area_code": "1602"}
        db.session.add(School(**facts, lowest_grade=Grade.P1, highest_grade=Grade.P6))
        db.session.flush()
        db.session.add(pupil("16020999", 990))

    played.does("adam", found_a_school)
    newcomer = person("alice", scope="C/1602/16020999")
    with (
        played.world.app.app_context(),
        access.acting_as(newcomer, through="test"),
        access.proven(newcomer, "password"),
    ):
        assert submissions.confirm("16020999").state is CONFIRMED


# ── Certifying ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_director_certifies_and_a_certificate_with_a_number_is_issued(played: Round) -> None:
    assert played.is_certified() == "1602-2569-0001"


def test_certifying_needs_the_confirming_first(played: Round) -> None:
    assert "ยืนยันก่อน" in played.is_refused("dao", WrongState, submissions.certify, SCHOOL)


def test_numbers_run_without_gaps_even_when_a_certifying_is_given_up(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("dao"):
        assert submissions.certify(SCHOOL).number == "1602-2569-0001"
        db.session.rollback()

    assert played.does("dao", submissions.certify, SCHOOL).number == "1602-2569-0001"


def test_each_district_counts_for_itself(played: Round) -> None:
    played.is_certified()
    played.is_confirmed(FOREIGN, "charlie")
    director = person("dao", scope=SCOPES[FOREIGN])

    with (
        played.world.app.app_context(),
        access.acting_as(director, through="test"),
        access.proven(director, "password"),
    ):
        assert submissions.certify(FOREIGN).number == "1601-2569-0001"


# ── Acknowledging ────────────────────────────────────────────────────────────────────────────────────────


def test_the_district_acknowledges_many_and_each_school_has_its_own_outcome(played: Round) -> None:
    played.is_certified()

    outcomes = played.does("dan", submissions.acknowledge, [SIBLING, SCHOOL, FOREIGN, "00000000"])

    kinds = {outcome.school_code: type(outcome.refusal) for outcome in outcomes}
    assert kinds == {SIBLING: WrongState, SCHOOL: type(None), FOREIGN: NotYours, "00000000": NotYours}
    with played.world.acting("dan"):
        submission = submissions.submission_of(SCHOOL)
        assert (submission.state, submission.acknowledged_by) == (ACKNOWLEDGED, "Dan ทดสอบ")


def test_a_foreign_district_learns_nothing_of_the_school(played: Round) -> None:
    played.is_certified()

    (outcome,) = played.does("eve", submissions.acknowledge, [SCHOOL])

    assert (type(outcome.refusal), outcome.school) == (NotYours, "")


def test_acknowledging_a_whole_district_takes_few_statements_a_school(played: Round) -> None:
    played.is_certified()
    with played.world.acting("dan") as viewer:
        counted = count_statements(lambda: submissions.acknowledge([SCHOOL, SIBLING]))
    assert viewer.may("acknowledge", "submission")
    assert counted <= 14


def count_statements(work: Any) -> int:
    """How many statements the work sends."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


# ── Returning ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_return_unlocks_the_pupils_and_voids_the_certificate(played: Round) -> None:
    number = played.is_acknowledged()

    played.does("dan", submissions.return_submission, SCHOOL, "จำนวนห้อง ป.6 ไม่ตรง")

    with played.world.acting("alice"):
        submission = submissions.submission_of(SCHOOL)
        certificate = certificates.certificate_numbered(number)
        assert (submission.state, submission.returned_by) == (OPEN, "Dan ทดสอบ")
        assert (submission.confirmed_by, submission.certified_by, submission.acknowledged_by) == (None,) * 3
        assert (certificate.is_void, certificate.void_reason) == (True, "จำนวนห้อง ป.6 ไม่ตรง")
        assert certificates.standing_certificate(submission) is None
    played.changes_a_pupil("alice", weight_kg=40)


def test_what_was_signed_stays_in_the_history_with_the_reason(played: Round) -> None:
    played.is_certified()
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")

    with played.world.acting("alice"):
        query = sa.select(Change).filter_by(dataset="submission").order_by(Change.id.desc())
        last = db.session.scalars(query.limit(1)).one()
        assert last.before is not None
        assert (last.before["state"], last.before["certified_by"]) == ("certified", "Dao ทดสอบ")
        assert (last.actor, last.reason) == ("Dan ทดสอบ", "นับใหม่")
        assert db.session.scalar(sa.select(sa.func.count(Roster.id))) == 1


def test_after_a_return_the_next_certificate_is_a_new_one(played: Round) -> None:
    played.is_certified()
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")

    assert played.is_certified() == "1602-2569-0002"
    with played.world.acting("dao"):
        standing = certificates.standing_certificate(submissions.submission_of(SCHOOL))
        assert standing is not None
        assert standing.content["version"] == 2


def test_a_school_takes_its_own_confirming_back_only_while_it_could_confirm_again(played: Round) -> None:
    played.is_confirmed()
    played.is_over(WindowAction.CONFIRM)

    played.is_refused("dao", WindowOver, submissions.return_submission, SCHOOL, "ผิด")
    assert played.does("dan", submissions.return_submission, SCHOOL, "ผิด").state is OPEN


def test_a_return_says_why(played: Round) -> None:
    played.is_confirmed()

    played.is_refused("dan", ReasonMissing, submissions.return_submission, SCHOOL, "  ")


def test_nothing_is_returned_once_the_round_is_closed(played: Round) -> None:
    played.is_acknowledged()
    played.close()

    for name in ("dan", "cee"):
        played.is_refused(name, RoundClosed, submissions.return_submission, SCHOOL, "สายไป")


def test_buttons_and_verbs_say_the_same(played: Round) -> None:
    played.is_confirmed()

    for name, allowed in {"alice": {"revoke"}, "dao": {"certify", "revoke"}, "dan": {"revoke"}}.items():
        with played.world.acting(name):
            submission = submissions.submission_of(SCHOOL)
            found = submissions.steps_open(submission, db.session.get_one(School, SCHOOL))
            assert {action.value for action, refused in found.items() if refused is None} == allowed


# ── At the same time (PostgreSQL: SQLite has one writer anyway) ──────────────────────────────────────────


@pytest.fixture
def crowded(played: Round) -> Round:
    """The round on a database where several write at once."""
    if played.world.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    return played


def test_confirming_waits_for_a_write_under_way_and_freezes_it(crowded: Round) -> None:
    key = crowded.world.pupil()
    confirmed = threading.Thread(target=crowded.is_confirmed)
    with crowded.world.acting("alice"):
        db.session.get_one(Student, key).weight_kg = Decimal(47)
        db.session.flush()
        confirmed.start()
        time.sleep(0.5)
        assert confirmed.is_alive(), "the confirming did not wait"
        db.session.commit()
    confirmed.join(20)

    with crowded.world.acting("alice"):
        roster = db.session.get_one(Roster, submissions.submission_of(SCHOOL).roster_id)
        assert "47" in {record["weight_kg"] for record in freezing.frozen_records(roster)}


def test_two_who_confirm_at_once_are_not_both_let_through(crowded: Round) -> None:
    results = at_once(crowded, 2, lambda: crowded.does("alice", submissions.confirm, SCHOOL))

    assert sorted(results, key=str) == sorted(["done", "WrongState"], key=str)
    with crowded.world.acting("alice"):
        assert db.session.scalar(sa.select(sa.func.count(Roster.id))) == 1


def test_two_schools_that_are_certified_at_once_get_two_numbers(crowded: Round) -> None:
    crowded.is_confirmed()
    crowded.is_confirmed(SIBLING, "bob")
    schools = iter([SCHOOL, SIBLING])

    def certify() -> None:
        school = next(schools)
        director = person("dao", scope=SCOPES[school])
        with (
            crowded.world.app.app_context(),
            access.acting_as(director, through="test"),
            access.proven(director, "password"),
        ):
            submissions.certify(school)
            time.sleep(0.2)
            db.session.commit()

    assert at_once(crowded, 2, certify) == ["done", "done"]
    with crowded.world.acting("cee"):
        numbers = db.session.scalars(sa.select(Certificate.number).order_by(Certificate.number)).all()
        assert numbers == ["1602-2569-0001", "1602-2569-0002"]


def at_once(played: Round, times: int, work: Any) -> list[str]:
    """Does the work in several threads; for each "done" or the refusal's name."""
    results: list[str] = []

    def run() -> None:
        try:
            work()
        except RuleViolation as refused:
            results.append(type(refused).__name__)
        else:
            results.append("done")

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results
