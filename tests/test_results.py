"""The end of the year, class by class: three ordered steps, each in its round, each refusal with its rule."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from appbuilder_app.codes import Absence, AfterFail, Destination, FailCriterion, Grade, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AbsentAndFailed,
    AfterTheExam,
    ClassChanged,
    CriterionMissing,
    DestinationOfOther,
    DidNotFail,
    DidSit,
    DoesNotGraduate,
    ExamDateOutside,
    NotEndOfYear,
    NotPermitted,
    NotYours,
    OnlySecondaryWaits,
    PastCompulsoryAge,
    PlanNotOpened,
    RoundClosed,
    SatFinalExam,
    StepBefore,
    SubmissionLocked,
    WishMissing,
)
from appbuilder_app.models import Change, School, Student, YearResult
from appbuilder_app.thaidate import bangkok
from appbuilder_app.workflows import checklist, movements, results, rounds
from appbuilder_app.workflows.result_files import ResultsInFileWrong
from appbuilder_app.workflows.results import Place, Planned, Stay
from tests.app_fixtures import FOREIGN, PUPILS_PER_SCHOOL, SCHOOL
from tests.round_fixtures import DAY, Round

CLASS = Place(SCHOOL, Grade.P6, 1)
TIME = FailCriterion.TIME


@pytest.fixture
def year_end(played: Round) -> Round:
    """Round 2 is closed and the end-of-year round is open."""
    played.close()

    def begin() -> None:
        one = rounds.create_round(2569, 3, dt.date(2027, 4, 30), "ว1")
        rounds.open_submissions(one)

    played.does("cee", begin)
    for action in WindowAction:
        played.opens(action, -DAY, DAY)
    return played


def pupils_of(played: Round, school: str = SCHOOL) -> list[int]:
    """Keys of a school's four pupils of ป.6/1."""
    return [played.world.pupil(school, position) for position in range(PUPILS_PER_SCHOOL)]


def found(played: Round, name: str = "alice") -> results.ClassRoom:
    """The class as a persona sees it."""
    with played.world.acting(name):
        one = rounds.current_round()
        assert one is not None
        return results.class_of(SCHOOL, one, CLASS.grade, CLASS.room)


def test_all_of_a_class_passed_except_those_named(year_end: Round) -> None:
    first, second, third, fourth = pupils_of(year_end)
    assert year_end.does("alice", results.record_exam, CLASS, {first}, {second: TIME}) == PUPILS_PER_SCHOOL

    shown = {pupil.id: pupil for pupil in found(year_end).pupils}
    assert [shown[key].sat for key in (first, second, third, fourth)] == [False, True, True, True]
    assert shown[second].criterion is TIME
    assert shown[third].passed
    assert shown[fourth].passed
    assert year_end.does("alice", results.record_exam, CLASS, {first}, {second: TIME}) == 0
    with year_end.world.acting("alice"):
        told = db.session.scalars(sa.select(Change).filter_by(dataset="year_result")).all()
    assert {entry.action for entry in told} == {"insert"}
    assert len(told) == PUPILS_PER_SCHOOL


def test_the_steps_are_taken_in_their_order(year_end: Round) -> None:
    first, second, third, fourth = pupils_of(year_end)
    year_end.is_refused("alice", StepBefore, results.decide, CLASS, {first: AfterFail.REPEAT}, {})
    year_end.is_refused("alice", StepBefore, results.record_destinations, CLASS, {third: Destination.P_SAME})
    year_end.does("alice", results.record_exam, CLASS, {first}, {second: TIME})
    told = year_end.is_refused(
        "alice", StepBefore, results.record_destinations, CLASS, {third: Destination.P_SAME}
    )
    assert "2 คน" in told

    year_end.does("alice", results.decide, CLASS, {second: AfterFail.REPEAT}, {first: Stay(Absence.PENDING)})
    goes_on = {third: Destination.P_SAME, fourth: Destination.P_PROVINCE}
    year_end.does("alice", results.record_destinations, CLASS, goes_on)
    assert found(year_end).is_done
    with year_end.world.acting("alice"):
        assert db.session.get_one(Student, first).pending_discharge

    # Who sat after all is no longer pending, and everything of the other ground is decided anew.
    year_end.does("alice", results.record_exam, CLASS, set(), {second: FailCriterion.SUBJECTS})
    shown = {pupil.id: pupil for pupil in found(year_end).pupils}
    assert shown[first].needs_destination
    assert not shown[first].pending_discharge
    assert shown[second].after_fail is AfterFail.REPEAT
    assert shown[third].destination is Destination.P_SAME


def test_each_refusal_names_the_student_and_the_way_out(year_end: Round) -> None:
    first, second, third, _ = pupils_of(year_end)
    refused = year_end.is_refused
    assert "ชื่อ100" in refused("alice", AbsentAndFailed, results.record_exam, CLASS, {first}, {first: TIME})
    refused("alice", CriterionMissing, results.record_exam, CLASS, set(), {first: None})
    refused("alice", NotYours, results.record_exam, CLASS, set(pupils_of(year_end, FOREIGN)), {})
    year_end.does("alice", results.record_exam, CLASS, {first}, {second: TIME})
    refused("alice", DidNotFail, results.decide, CLASS, {third: AfterFail.REPEAT}, {})
    refused("alice", OnlySecondaryWaits, results.decide, CLASS, {second: AfterFail.WAITS}, {})
    refused("alice", DidSit, results.decide, CLASS, {}, {third: Stay(Absence.PENDING)})
    refused("alice", WishMissing, results.decide, CLASS, {}, {first: Stay(Absence.KEPT)})
    kept = {first: Stay(Absence.KEPT, "ผู้ปกครองขอให้เรียนต่อ")}
    year_end.does("alice", results.decide, CLASS, {second: AfterFail.REPEAT}, kept)
    refused("alice", DoesNotGraduate, results.record_destinations, CLASS, {second: Destination.P_SAME})
    refused("alice", DestinationOfOther, results.record_destinations, CLASS, {third: Destination.L_SAME})
    stale = Place(SCHOOL, Grade.P6, 1, "another")
    refused("alice", ClassChanged, results.record_exam, stale, set(), {})


def test_only_those_of_compulsory_age_are_kept_without_the_exam(year_end: Round) -> None:
    first = pupils_of(year_end)[0]
    year_end.changes_a_pupil(birth_date=dt.date(2009, 8, 1))
    year_end.does("alice", results.record_exam, CLASS, {first}, {})
    year_end.is_refused(
        "alice", PastCompulsoryAge, results.decide, CLASS, {}, {first: Stay(Absence.KEPT, "ขอ")}
    )


def test_results_belong_to_the_end_of_year_round_to_its_school_and_its_officer(
    played: Round,
) -> None:
    assert "รอบที่ 2" in played.is_refused("alice", NotEndOfYear, results.record_exam, CLASS, set(), {})
    played.is_refused("alice", NotEndOfYear, results.plan_admission, SCHOOL, {Grade.P1: Planned(1, 30)})
    played.is_refused("bob", NotYours, results.record_exam, CLASS, set(), {})
    played.is_refused("dao", NotPermitted, results.record_exam, CLASS, set(), {})


def test_confirming_and_closing_lock_the_results(year_end: Round) -> None:
    year_end.does("alice", results.set_exam_date, SCHOOL, dt.date(2027, 3, 12))
    year_end.does("alice", results.plan_admission, SCHOOL, {Grade.P1: Planned(1, 30)})
    year_end.does("alice", results.pass_everybody, SCHOOL)
    year_end.does(
        "alice", results.record_destinations, CLASS, dict.fromkeys(pupils_of(year_end), Destination.P_OTHER)
    )
    year_end.is_confirmed()
    year_end.is_refused("alice", SubmissionLocked, results.record_exam, CLASS, set(), {})
    year_end.close()
    year_end.is_refused("alice", RoundClosed, results.record_exam, CLASS, set(), {})


def test_who_sat_the_exam_does_not_leave(year_end: Round) -> None:
    first, second, *_ = pupils_of(year_end)
    year_end.does("alice", results.record_exam, CLASS, {first}, {})
    today = bangkok(lock.now()).date()
    told = year_end.is_refused("alice", SatFinalExam, movements.transfer_out, second, today, "ตามผู้ปกครอง")
    assert "ชื่อ101" in told

    def deletes() -> None:
        db.session.delete(db.session.get_one(Student, second))
        db.session.flush()

    year_end.is_refused("alice", SatFinalExam, deletes)
    year_end.does("alice", movements.transfer_out, first, today, "ตามผู้ปกครอง")
    assert first not in {pupil.id for pupil in found(year_end).pupils}


def test_nothing_after_the_exam_is_of_this_year(year_end: Round) -> None:
    year_end.is_refused("alice", ExamDateOutside, results.set_exam_date, SCHOOL, dt.date(2026, 6, 1))
    day = dt.date(2026, 11, 12)
    year_end.does("alice", results.set_exam_date, SCHOOL, day)
    with year_end.world.acting("alice"):
        school = db.session.get_one(School, SCHOOL)
        results.refuse_after_the_exam(school, day)
        with pytest.raises(AfterTheExam):
            results.refuse_after_the_exam(school, day + DAY)
    first = pupils_of(year_end)[0]
    year_end.does("alice", results.record_exam, CLASS, {first}, {})
    today = bangkok(lock.now()).date()
    year_end.is_refused("alice", AfterTheExam, movements.transfer_out, first, today, "ตามผู้ปกครอง")


def test_a_school_plans_for_the_grades_it_opens(year_end: Round) -> None:
    plan = {Grade.K2: Planned(1, 25), Grade.P1: Planned(2, 60)}
    assert year_end.does("alice", results.plan_admission, SCHOOL, plan) == len(plan)
    assert year_end.does("alice", results.plan_admission, SCHOOL, {**plan, Grade.K2: None}) == 1
    year_end.is_refused("alice", PlanNotOpened, results.plan_admission, SCHOOL, {Grade.M1: Planned(1, 40)})
    with year_end.world.acting("dan"):
        one = rounds.current_round()
        assert one is not None
        assert results.plan_of(SCHOOL, one)[Grade.P1] == Planned(2, 60)


def test_a_result_holds_for_the_grade_in_which_the_exam_was_sat(year_end: Round) -> None:
    year_end.does("alice", results.pass_everybody, SCHOOL)
    with year_end.world.acting("alice"):
        one = rounds.current_round()
        assert one is not None
        row = db.session.scalars(sa.select(YearResult)).first()
        assert row is not None
        moved = results._pupil(
            db.session.get_one(Student, row.student_id), YearResult(grade=Grade.P5, sat=True, version=1)
        )
    assert moved.sat is None


def test_all_is_told_before_the_school_confirms(year_end: Round) -> None:
    first, second, third, fourth = pupils_of(year_end)

    def open_items() -> dict[str, int]:
        with year_end.world.acting("alice"):
            return {item.id: item.count for item in checklist.checklist(SCHOOL).open}

    assert open_items() == {"exam-day": 1, "exam": PUPILS_PER_SCHOOL, "plan": 1}
    year_end.does("alice", results.record_exam, CLASS, {first}, {second: TIME})
    year_end.does("alice", results.set_exam_date, SCHOOL, dt.date(2027, 3, 12))
    year_end.does("alice", results.plan_admission, SCHOOL, {Grade.P1: Planned(1, 30)})
    assert open_items() == {"after-fail": 1, "absent": 1, "destination": 2}
    year_end.does("alice", results.decide, CLASS, {second: AfterFail.REPEAT}, {first: Stay(Absence.PENDING)})
    year_end.does(
        "alice", results.record_destinations, CLASS, dict.fromkeys((third, fourth), Destination.P_OTHER)
    )
    assert open_items() == {}
    year_end.changes_a_pupil(admission_date=dt.date(2027, 5, 16))
    assert open_items() == {"entrant": 1}


def test_the_page_of_a_class_writes_step_by_step_and_keeps_what_was_typed(year_end: Round) -> None:
    first, second, third, fourth = pupils_of(year_end)
    alice, page = year_end.world.client("alice"), f"/year-end/{SCHOOL}/09/1"

    def sends(step: int, **typed: object) -> TestResponse:
        mark = found(year_end).mark
        return alice.post(
            page, data={"step": step, "mark": mark, **{k.replace("_", "-"): v for k, v in typed.items()}}
        )

    assert "ขั้นที่ 1 อีก 4 คน" in alice.get(f"/year-end/{SCHOOL}").get_data(as_text=True)
    answer = sends(1, absent=[str(first)], **{f"failed-{first}": "time"})
    assert answer.status_code == AbsentAndFailed.status
    assert "เลือกอย่างใดอย่างหนึ่ง" in answer.get_data(as_text=True)
    assert f'name="absent" value="{first}" checked' in answer.get_data(as_text=True)

    assert sends(1, absent=[str(first)], **{f"failed-{second}": "time"}).location.endswith("?step=2")
    typed = {f"after-{second}": "repeat", f"absence-{first}": "kept", f"note-{first}": "ผู้ปกครองขอ"}
    assert sends(2, **typed).location.endswith("?step=3")
    going = {f"destination-{third}": "102", f"destination-{fourth}": "", "everybody": "101"}
    assert sends(3, **going).location == f"/year-end/{SCHOOL}"
    shown = {pupil.id: pupil for pupil in found(year_end).pupils}
    assert (shown[third].destination, shown[fourth].destination) == (
        Destination.P_PROVINCE,
        Destination.P_SAME,
    )
    assert (shown[first].absence, shown[first].note) == (Absence.KEPT, "ผู้ปกครองขอ")

    alice.post(
        f"/year-end/{SCHOOL}/plan", data={"rooms-04": "๑", "seats-04": "30", "rooms-05": "", "seats-05": ""}
    )
    alice.post(f"/year-end/{SCHOOL}/exam-date", data={"day": "12/03/2570"})
    shown_page = alice.get(f"/year-end/{SCHOOL}").get_data(as_text=True)
    assert 'value="12/03/2570"' in shown_page
    assert 'name="seats-04" value="30"' in shown_page
    assert year_end.world.client("bob").get(page).status_code == NotYours.status
    assert year_end.world.client("dao").post(page, data={"step": 1}).status_code == NotPermitted.status


def test_a_filled_in_workbook_is_recorded_whole_or_not_at_all(year_end: Round) -> None:
    first, second, third, fourth = pupils_of(year_end)
    alice, page = year_end.world.client("alice"), f"/year-end/{SCHOOL}/workbook"

    def filled(**cells: dict[int, str]) -> dict[str, object]:
        with alice.get(page) as answer:
            book = openpyxl.load_workbook(io.BytesIO(answer.data))
        sheet = book.worksheets[0]
        heads = {str(cell.value).lstrip("#"): cell.column for cell in sheet[1]}
        ids = [next(c for name, c in heads.items() if name.endswith("id") and "student" not in name)]
        for row in sheet.iter_rows(min_row=2):
            key = str(row[ids[0] - 1].value)
            for name, values in cells.items():
                if key.isdigit() and int(key) in values:
                    column = next(c for head, c in heads.items() if head.endswith(name))
                    row[column - 1].value = values[int(key)]
        target = io.BytesIO()
        book.save(target)
        return {"file": (io.BytesIO(target.getvalue()), "ผล.xlsx")}

    sat = dict.fromkeys((second, third, fourth), "ใช่") | {first: "ไม่ใช่"}
    wrong = alice.post(page, data=filled(sat=sat, absence={second: "3.1.8"}))
    assert wrong.status_code == ResultsInFileWrong.status
    assert "เข้าสอบปลายภาคแล้ว" in wrong.get_data(as_text=True)
    assert found(year_end).unrecorded == PUPILS_PER_SCHOOL

    told = filled(
        sat=sat, criterion={second: "เวลาเรียน"}, after_fail={second: "ซ้ำชั้น"}, absence={first: "3.1.8"},
        destination={third: "ม.1 ต่างจังหวัด", fourth: "101"},
    )  # fmt: skip
    assert alice.post(page, data=told).status_code == 302
    assert found(year_end).is_done
    # Handed back as it comes, it changes nothing.
    before = found(year_end).mark
    assert alice.post(page, data=filled()).status_code == 302
    assert found(year_end).mark == before
