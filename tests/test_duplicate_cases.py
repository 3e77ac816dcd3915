"""The court of duplicates: who sees what, who decides, what a decision does, undoing it, and the deadline."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from appbuilder_app.codes import RecordState, RequestSide, RequestState, RequestStepKind, StudentStatus
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    CannotUndo,
    NotPermitted,
    NotThisSide,
    NotYours,
    ReasonMissing,
    RequestSettled,
    SubmissionLocked,
)
from appbuilder_app.models import DuplicateRecord, Movement, RequestParty, School, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import checklist, duplicates, headcounts, requests
from appbuilder_app.workflows.duplicates.court import KeptHasLeft, VerdictMissing
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, national_id, pupil
from tests.round_fixtures import Round, present
from tests.test_duplicates import adds, keeps, listed
from tests.test_requests import PDF, at_once, threads

__all__ = ["threads"]

KEEP_OURS, KEEP_THEIRS = 1, 2


def opens(played: Round, who: str = "dan") -> int:
    """An officer looks for duplicates; the one case that there is."""
    opened = played.does(who, lambda: duplicates.open_cases(duplicates.find()))
    assert opened.opened == 1
    with played.world.acting("cee"):
        return int(db.session.scalars(sa.select(DuplicateRecord.request_id).distinct()).one())


def twins(played: Round, other: str = SIBLING, who: str = "bob", **theirs: Any) -> tuple[int, int]:
    """One child in Alice's school and in another; the keys of both records."""
    (ours,) = adds(played, "alice", pupil(SCHOOL, 700))
    (double,) = adds(played, who, pupil(other, 700, **theirs))
    return ours, double


def student(played: Round, key: int) -> Any:
    """A student's row as it is now."""
    with played.world.acting("adam"):
        return db.session.get_one(Student, key)


def late(played: Round) -> None:
    """The deadline of all cases has passed."""
    with played.world.acting("adam"), set_based(SetWork.DEMO):
        past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
        for model in (DuplicateRecord, RequestParty):
            db.session.connection().execute(sa.update(model.__table__).values(deadline=past))
        db.session.commit()


def students_of(played: Round, who: str, school: str) -> headcounts.Headcounts:
    """A school's figures now."""
    with played.world.acting(who):
        return headcounts.live(db.session.get_one(School, school), present())


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────


def test_each_side_sees_both_records_and_of_the_other_only_what_is_needed(played: Round) -> None:
    ours, double = twins(played, father_first_name="สมพงษ์", room=3)
    case_id = opens(played)

    with played.world.acting("alice"):
        mine, other = duplicates.case(case_id).records
        assert (mine.student_id, mine.is_own, other.student_id, other.is_own) == (ours, True, None, False)
        assert other.shown.keys() == {"name", "sex", "birth_date", "national_id", "grade", "near"}
        assert SIBLING not in repr(other.shown)
        assert national_id(700) not in repr(mine.shown)
    with played.world.acting("dan"):
        first, second = duplicates.case(case_id).records
        assert (first.student_id, second.student_id) == (ours, double)
        assert "บ้านหนองเพื่อนบ้าน" in second.shown["place"]
        assert "สมพงษ์" in second.shown["father"]


def test_who_looks_after_all_sides_has_one_line_of_it(played: Round) -> None:
    twins(played)
    case_id = opens(played)
    with played.world.acting("cee"):
        assert [one.request_id for one in requests.inbox().below] == [case_id]


def test_strangers_get_nothing(played: Round) -> None:
    twins(played)
    case_id = opens(played)
    for name in ("charlie", "eve"):
        played.is_refused(name, NotYours, duplicates.case, case_id)
        played.is_refused(name, NotYours, duplicates.decide, case_id, KEEP_OURS, "x")
        with played.world.acting(name):
            assert not db.session.scalars(sa.select(DuplicateRecord)).all()


def test_looking_again_opens_no_second_case(played: Round) -> None:
    twins(played)
    case_id = opens(played)
    again = played.does("dan", lambda: duplicates.open_cases(duplicates.find()))
    assert (again.opened, again.known) == (0, 1)

    played.does("dan", duplicates.decide, case_id, None, "คนละคน ให้แก้เลข")
    after = played.does("cee", lambda: duplicates.open_cases(duplicates.find()))
    assert (after.opened, after.known) == (0, 1)


# ── A further record ─────────────────────────────────────────────────────────────────────────────────────


def third(played: Round, school: str, who: str) -> int:
    """The same child turns up in a third place; that record's key."""
    return adds(played, who, pupil(school, 700, student_number="9700"))[0]


def looks_again(played: Round, who: str = "cee") -> tuple[int, int, int]:
    """Somebody looks for duplicates once more: cases opened, joined, known."""
    found = played.does(who, lambda: duplicates.open_cases(duplicates.find()))
    return found.opened, found.joined, found.known


def test_a_further_record_joins_the_open_case_and_everybody_is_told(played: Round) -> None:
    twins(played, FOREIGN, "charlie")
    case_id = opens(played)
    played.does("alice", requests.take_note, case_id)
    key = third(played, SIBLING, "bob")

    assert looks_again(played, "dan") == (0, 1, 0)
    assert looks_again(played, "dan") == (0, 0, 1)

    with played.world.acting("alice"):
        mine = duplicates.case(case_id)
        assert [one.is_own for one in mine.records] == [True, False, False]
        assert (mine.seen.party.unread, mine.seen.steps[-1].kind) == (True, RequestStepKind.JOINED)
        assert mine.seen.party.told["จำนวนระเบียน"] == "3"
    played.does("cee", duplicates.decide, case_id, 3, "มาเรียนที่นี่จริง")
    assert student(played, key).status is StudentStatus.ENROLLED
    with played.world.acting("adam"):
        struck = sa.select(sa.func.count()).select_from(Student).filter_by(status=StudentStatus.DUPLICATE)
        assert db.session.scalar(struck) == 2


def test_a_school_of_another_area_that_joins_takes_the_case_to_the_centre(played: Round) -> None:
    _ours, _double = twins(played)
    case_id = opens(played)
    played.does("bob", requests.attach, case_id, requests.Evidence("สูติบัตร", "a.pdf", PDF))
    played.is_refused("charlie", NotYours, duplicates.case, case_id)
    late(played)
    key = third(played, FOREIGN, "charlie")

    assert looks_again(played) == (0, 1, 0)

    with played.world.acting("charlie"):
        theirs = duplicates.case(case_id)
        assert [one.is_own for one in theirs.records] == [False, False, True]
        assert not any("father" in one.shown or one.student_id for one in theirs.records[:2])
        assert theirs.seen.party.waiting
        assert [one.kind for one in theirs.seen.steps] == [RequestStepKind.JOINED], "no evidence of others"
        assert theirs.records[2].deadline > dt.datetime.now(dt.UTC), "it has its own days"
    assert students_of(played, "charlie", FOREIGN).totals.uncounted == 0
    assert students_of(played, "alice", SCHOOL).totals.uncounted == 1
    with played.world.acting("cee"):
        (paper,) = [one for one in requests.seen(case_id).steps if one.file]
        assert requests.file_of(case_id, paper.id)
    played.is_refused("dan", NotThisSide, duplicates.decide, case_id, KEEP_OURS, "เคยเป็นของเขต")
    with played.world.acting("dan"):
        assert duplicates.case(case_id).seen.party.side is RequestSide.INFORMED
    played.does("cee", duplicates.decide, case_id, 3, "มาเรียนที่นี่จริง")
    assert student(played, key).status is StudentStatus.ENROLLED


def test_of_two_who_look_at_once_a_record_joins_once(played: Round, threads: ThreadPoolExecutor) -> None:
    twins(played, FOREIGN, "charlie")
    opens(played)
    third(played, SIBLING, "bob")

    def look() -> None:
        duplicates.open_cases(duplicates.find())

    assert at_once(played.world, threads, [("dan", look), ("cee", look)]) == ["done", "done"]
    with played.world.acting("cee"):
        case_id = db.session.scalars(sa.select(DuplicateRecord.request_id).distinct()).one()
        assert [one.position for one in duplicates.case(case_id).records] == [1, 2, 3]


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_area_decides_and_the_losing_side_is_told(played: Round) -> None:
    ours, double = twins(played, swims=True)
    case_id = opens(played)
    played.does("alice", requests.attach, case_id, requests.Evidence("สูติบัตร", "a.pdf", PDF))

    played.does("dan", duplicates.decide, case_id, KEEP_OURS, "มาเรียนที่นี่จริง")

    assert student(played, ours).status is StudentStatus.ENROLLED
    assert student(played, ours).swims is True
    assert student(played, double).status is StudentStatus.DUPLICATE
    assert students_of(played, "bob", SIBLING).students == 4
    with played.world.acting("bob"):
        party = db.session.scalars(sa.select(RequestParty).filter_by(request_id=case_id)).one()
        assert (party.state, party.unread) == (RequestState.APPROVED, True)
        assert [one.state for one in duplicates.case(case_id).records] == [
            RecordState.KEPT,
            RecordState.STRUCK,
        ]
    with played.world.acting("dan"):
        assert duplicates.find() == []


def test_schools_do_not_decide_and_nobody_decides_without_a_record(played: Round) -> None:
    twins(played)
    case_id = opens(played)
    played.is_refused("alice", NotThisSide, requests.approve, case_id)
    played.is_refused("dan", VerdictMissing, requests.approve, case_id)
    played.is_refused("dan", VerdictMissing, duplicates.decide, case_id, 7, "x")
    played.is_refused("alice", NotThisSide, duplicates.decide, case_id, None, "x")
    played.is_refused("dan", ReasonMissing, duplicates.decide, case_id, None, " ")


def test_a_school_cannot_decide_for_itself(played: Round) -> None:
    ours, double = twins(played)
    case_id = opens(played)
    played.is_refused("alice", NotThisSide, duplicates.decide, case_id, KEEP_OURS, "ของเรา")
    assert student(played, double).status is StudentStatus.ENROLLED
    assert student(played, ours).status is StudentStatus.ENROLLED


def test_across_areas_the_centre_decides(played: Round) -> None:
    _ours, double = twins(played, FOREIGN, "charlie")
    case_id = opens(played)
    played.is_refused("dan", NotThisSide, duplicates.decide, case_id, KEEP_OURS, "x")
    played.does("cee", duplicates.decide, case_id, KEEP_OURS, "มาเรียนที่นี่จริง")
    assert student(played, double).status is StudentStatus.DUPLICATE


def test_another_agencys_child_is_decided_by_the_centre(played: Round) -> None:
    (ours,) = adds(played, "alice", pupil(SCHOOL, 701))
    keeps(played, listed(f"{national_id(701)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6"))
    case_id = opens(played)
    with played.world.acting("alice"):
        _mine, other = duplicates.case(case_id).records
        assert other.shown["outside"] == "อปท."
        assert "เทศบาล" not in repr(other.shown)

    played.does("cee", duplicates.decide, case_id, KEEP_THEIRS, "เรียนที่เทศบาลจริง")

    assert student(played, ours).status is StudentStatus.DUPLICATE


def test_a_school_that_has_confirmed_is_returned_first(played: Round) -> None:
    _ours, double = twins(played)
    case_id = opens(played)
    with played.world.acting("adam"), set_based(SetWork.DEMO):
        db.session.connection().execute(sa.text("UPDATE submission SET state = 'confirmed'"))
        db.session.commit()
    played.is_refused("dan", SubmissionLocked, duplicates.decide, case_id, KEEP_OURS, "x")
    assert student(played, double).status is StudentStatus.ENROLLED


def test_of_two_officers_who_decide_at_once_one_does(played: Round, threads: ThreadPoolExecutor) -> None:
    _ours, _double = twins(played)
    case_id = opens(played)

    told = at_once(
        played.world,
        threads,
        [
            ("dan", lambda: duplicates.decide(case_id, KEEP_OURS, "ตัดสินพร้อมกัน")),
            ("cee", lambda: duplicates.decide(case_id, KEEP_THEIRS, "ตัดสินพร้อมกัน")),
        ],
    )

    assert sorted(told) == [RequestSettled.__name__, "done"]
    with played.world.acting("adam"):
        struck = sa.select(sa.func.count()).select_from(Student).filter_by(status=StudentStatus.DUPLICATE)
        assert db.session.scalar(struck) == 1


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_is_undone(played: Round) -> None:
    ours, double = twins(played, swims=True)
    case_id = opens(played)
    played.does("dan", duplicates.decide, case_id, KEEP_OURS, "มาเรียนที่นี่จริง")
    played.is_refused("alice", NotPermitted, duplicates.undo, case_id, "x")

    played.does("dan", duplicates.undo, case_id, "หลักฐานใหม่")

    assert student(played, double).status is StudentStatus.ENROLLED
    assert student(played, ours).swims is None
    with played.world.acting("bob"):
        case = duplicates.case(case_id)
        assert {one.state for one in case.records} == {RecordState.OPEN}
        assert (case.seen.party.state, case.seen.party.unread) == (RequestState.OPEN, True)
    played.does("dan", duplicates.decide, case_id, KEEP_THEIRS, "ที่นั่นจริง")
    assert student(played, ours).status is StudentStatus.DUPLICATE


def test_what_something_has_followed_is_not_undone(played: Round) -> None:
    ours, _double = twins(played, swims=True)
    case_id = opens(played)
    played.does("dan", duplicates.decide, case_id, KEEP_OURS, "มาเรียนที่นี่จริง")

    def changes() -> None:
        db.session.get_one(Student, ours).swims = False

    played.does("alice", changes)
    played.is_refused("dan", CannotUndo, duplicates.undo, case_id, "x")
    with played.world.acting("adam"):
        assert db.session.scalars(sa.select(Movement).where(Movement.undone_at.is_not(None))).all() == []


def test_who_has_left_cannot_be_kept(played: Round) -> None:
    ours, _double = twins(played)
    case_id = opens(played)
    with played.world.acting("adam"), set_based(SetWork.DEMO):
        gone = sa.update(Student.__table__).where(Student.__table__.c.id == ours)
        db.session.connection().execute(gone.values(status=StudentStatus.MOVING))
        db.session.commit()
    played.is_refused("dan", KeptHasLeft, duplicates.decide, case_id, KEEP_OURS, "x")


# ── The deadline ─────────────────────────────────────────────────────────────────────────────────────────


def checks(played: Round, who: str = "alice") -> dict[str, int]:
    """What the checklist finds."""
    with played.world.acting(who):
        return {item.id: item.count for item in checklist.checklist(SCHOOL).items if item.count}


def test_a_case_open_at_its_deadline_counts_for_nobody_and_the_checklist_says_so(played: Round) -> None:
    twins(played)
    opens(played)
    before = students_of(played, "alice", SCHOOL)
    assert (before.students, before.totals.uncounted) == (5, 0)
    assert checks(played)["duplicate"] == 1
    assert "uncounted" not in checks(played)

    late(played)

    for who, school in (("alice", SCHOOL), ("bob", SIBLING)):
        counts = students_of(played, who, school)
        assert (counts.students, counts.totals.uncounted) == (4, 1)
    assert "duplicate" not in checks(played)
    assert checks(played)["uncounted"] == 1


def test_the_deadline_lies_before_the_end_of_confirming(played: Round) -> None:
    twins(played)
    opens(played)
    with played.world.acting("dan"):
        deadline = db.session.scalars(sa.select(DuplicateRecord.deadline)).first()
        assert deadline is not None
        assert dt.timedelta(0) < deadline - dt.datetime.now(dt.UTC) < dt.timedelta(days=1)


def test_records_are_in_the_scope_of_their_sides(played: Round) -> None:
    twins(played)
    opens(played)
    with played.world.acting("cee"):
        scopes = db.session.scalars(sa.select(DuplicateRecord.scope).distinct()).all()
    assert sorted(scopes) == sorted([SCOPES[SCHOOL], SCOPES[SIBLING], "C/1602"])
