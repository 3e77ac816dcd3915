"""Who is entered as a new student, by whichever door: nobody who is known, in round 3 only who sat the exam."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.dataset import portions
from appbuilder_app.declaration import db
from appbuilder_app.errors import EnrolledTwice, EvidenceMissing, RuleViolation
from appbuilder_app.models import Movement, Request, RequestParty, Student, Submission
from appbuilder_app.thaidate import slash_date
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import duplicates, imports, movements, requests, student_file
from appbuilder_app.workflows.imports.results import problems_of
from appbuilder_app.workflows.student_file import Outcome
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World, national_id, pupil
from tests.round_fixtures import Round
from tests.student_file_fixtures import HEADER, line, xlsx
from tests.test_imports import LABELS, workbook
from tests.test_imports import judged as judged_file
from tests.test_imports import line as template_line
from tests.test_movements import OURS, PROOF, THEIRS, TODAY, is_round, place, row_of
from tests.test_requests import at_once, threads

__all__ = ["threads"]

SAT = "เข้าสอบปลายภาคเรียนที่ 2"
YESTERDAY = TODAY - dt.timedelta(days=1)
NEWCOMER = national_id(900)
Told = dict[str, Any]
"""Of an entrant: ``number``, ``sat`` (True or None) and ``day``."""

# Each door answers with what it says when it refuses, and with nothing when the child is entered.


def values_of(told: Told) -> dict[str, Any]:
    """What a form or a program sends."""
    sat = {"sat_final_exam": "1"} if told["sat"] else {}
    return {
        "national_id": told["number"], "title": "001", "first_name": "ใหม่", "last_name": "มาใหม่", "sex": "M",
        "birth_date": "01/08/2557", "grade": "09", "room": "1", "student_number": "900",
        "admission_date": slash_date(told["day"]),
    } | sat  # fmt: skip


def by_form(played: Round, told: Told) -> str:
    answer = played.world.client("alice").post("/data/student/add", data=values_of(told))
    return "" if answer.status_code == 302 else answer.get_data(as_text=True)


def by_program(played: Round, told: Told) -> str:
    values = values_of(told) | {"room": 1, "school_code": SCHOOL}
    answer = played.world.app.test_client().post(
        "/api/v1/student/", json=values, headers=played.world.token("alice")
    )
    return "" if answer.status_code == 201 else answer.get_data(as_text=True)


def by_template(played: Round, told: Told) -> str:
    row = [*template_line(900, id=told["number"]), "ใช่" if told["sat"] else None, slash_date(told["day"])]
    header = (*LABELS, SAT, "วันที่เข้าเรียน")
    with played.world.acting("alice"):
        batch = imports.receive("student", "x.xlsx", workbook(row, header=header))
        imports.judge(batch.id)
        imports.commit(batch.id)
        db.session.commit()
        return " ".join(one["message"] for _, ones in problems_of(batch) for one in ones)


def by_student_file(played: Round, told: Told) -> str:
    row = [*line(900, ID=told["number"]), "ใช่" if told["sat"] else "-", slash_date(told["day"])]
    with played.world.acting("alice"):
        file = xlsx(row, header=[*HEADER, SAT, "วันที่เข้าเรียน"])
        batch = student_file.preview(SCHOOL, "x.xlsx", file)
        student_file.commit(batch.id)
        db.session.commit()
        wrong = student_file.rows_of(batch, Outcome.WRONG)
        return " ".join(one["message"] for row in wrong for one in row.problems["problems"])


def by_verb(played: Round, told: Told) -> str:
    made = pupil(SCHOOL, 900, national_id=told["number"])
    names = ("school_code", "national_id", "title", "first_name", "last_name", "sex", "birth_date")
    values = {name: getattr(made, name) for name in (*names, "grade", "room", "student_number")}
    try:
        played.does("alice", movements.add, values, told["day"], told["sat"])
    except RuleViolation as refusal:
        return str(refusal)
    return ""


DOORS = pytest.mark.parametrize("door", [by_form, by_program, by_template, by_student_file, by_verb])
Door = Callable[[Round, Told], str]


def is_there(world: World, number: str, school: str = SCHOOL) -> bool:
    with world.acting("cee"):
        found = sa.select(Student.id).filter_by(national_id=number, school_code=school)
        return db.session.scalar(found) is not None


@DOORS
def test_r21_who_is_known_elsewhere_is_entered_by_no_door(played: Round, door: Door) -> None:
    told: Told = {"number": THEIRS, "sat": None, "day": YESTERDAY}
    said = door(played, told)
    assert "ย้ายเข้า" in said
    assert "R21" in said
    assert FOREIGN not in said
    assert not is_there(played.world, THEIRS)
    assert door(played, told | {"number": NEWCOMER}) == ""
    assert is_there(played.world, NEWCOMER)


@DOORS
def test_r38_r42_at_the_years_end_only_who_sat_the_exam_is_entered(played: Round, door: Door) -> None:
    told: Told = {"number": NEWCOMER, "sat": True, "day": YESTERDAY}
    assert "R38" in door(played, told)
    is_round(played.world, 3)
    assert "R42" in door(played, told | {"sat": None})
    sits_exam(played, YESTERDAY - dt.timedelta(days=7))
    assert "หลังวันสอบปลายภาค" in door(played, told)
    assert not is_there(played.world, NEWCOMER)
    sits_exam(played, YESTERDAY)
    assert door(played, told) == ""
    assert row_of(played.world, NEWCOMER).sat_final_exam is True


def sits_exam(played: Round, day: dt.date) -> None:
    """The last day of the school's final exam."""
    with played.world.acting("cee"), set_based(SetWork.BENCHMARK):
        table = Submission.__table__
        mine = sa.update(table).where(table.c.school_code == SCHOOL)
        db.session.connection().execute(mine.values(exam_date=day))
        db.session.commit()


def test_a_number_that_a_school_made_up_is_no_child_of_another_school(played: Round) -> None:
    for who, school in (("alice", SCHOOL), ("bob", SIBLING)):
        played.does(
            who, lambda school=school: db.session.add(pupil(school, 905, national_id="0000000000905"))
        )
    assert is_there(played.world, "0000000000905", SIBLING)


@pytest.mark.parametrize("rows", [1, 5_000])
def test_r21_one_file_enters_a_child_in_one_school(
    world: World, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(portions, "PORTION_ROWS", rows)
    lines = [template_line(number, school=school) for number, school in
             ((901, SCHOOL), (902, SIBLING), (901, SIBLING), (903, SCHOOL))]  # fmt: skip
    text = "\n".join(",".join(map(str, one)) for one in (LABELS, *lines))
    with world.acting("dan"):
        batch = judged_file(text.encode(), filename="x.csv")
        assert {name: batch.counts[name] for name in ("new", "wrong")} == {"new": 3, "wrong": 1}
        ((number, (problem,)),) = problems_of(batch)
        assert (number, problem["field"]) == (4, "national_id")
        assert "R21" in problem["message"]
        assert "อีกโรงเรียนหนึ่งในไฟล์เดียวกัน" in problem["message"]
        imports.commit(batch.id)
        db.session.commit()
    assert is_there(world, national_id(901), SCHOOL)
    assert not is_there(world, national_id(901), SIBLING)


# ── At the same moment ───────────────────────────────────────────────────────────────────────────────────


def previewed(played: Round, who: str, school: str, number: int) -> Any:
    """A student file of a school with one child; what commits it."""
    with played.world.acting(who):
        row = line(number, รหัสโรงเรียน=school, ชื่อโรงเรียน="-", ห้อง="5")
        batch = student_file.preview(school, "x.xlsx", xlsx(row)).id
        db.session.commit()
    return batch, lambda: student_file.commit(batch)


def judged(played: Round, who: str, school: str, number: int) -> Any:
    """The same by a template of the dataset."""
    with played.world.acting(who):
        batch = imports.receive(
            "student", "x.xlsx", workbook(template_line(number, school=school, room=5))
        ).id
        imports.judge(batch)
        db.session.commit()
    return batch, lambda: imports.commit(batch)


def held_back(played: Round, who: str, batch: int, read: Any) -> str:
    """What a file says of the one line that it did not write; nothing when it wrote it."""
    with played.world.acting(who):
        seen = read.batch_with(batch)
        if not seen.counts["held"]:
            return ""
        if read is imports:
            return str((imports.lines_of(seen, imports.Outcome.HELD)[0].problems or [])[0]["message"])
        return str(student_file.rows_of(seen, Outcome.HELD)[0].problems["problems"][0]["message"])


FILES = pytest.mark.parametrize(
    ("file", "read"), [(previewed, student_file), (judged, imports)], ids=["student_file", "template"]
)


@FILES
def test_of_a_file_and_a_transfer_of_one_child_exactly_one_wins(
    played: Round, threads: ThreadPoolExecutor, file: Any, read: Any
) -> None:
    coming = played.does("bob", movements.transfer_in, OURS, place(SIBLING), "ย้าย")
    batch, commit = file(played, "alice", SCHOOL, 100)
    works: list[tuple[str, Callable[[], Any]]] = [
        ("alice", commit),
        ("dan", lambda: requests.approve(coming.request_id or 0)),
    ]
    assert at_once(played.world, threads, works)[1] == "done"
    row = row_of(played.world, OURS)
    # The transfer comes before or after the file, which then finds the child gone and says so.
    assert (row.school_code, row.room) == (SIBLING, 2)
    told = held_back(played, "alice", batch, read)
    with played.world.acting("alice"):
        moved = [one.after for one in db.session.scalars(sa.select(Movement))]
    assert ("อัปโหลด" in told) != ({"room": 5} in moved), (told, moved)


@FILES
def test_of_two_schools_that_enter_one_new_child_exactly_one_does(
    played: Round, threads: ThreadPoolExecutor, file: Any, read: Any
) -> None:
    batch, commit = file(played, "alice", SCHOOL, 900)
    told: Told = {"number": NEWCOMER, "sat": None, "day": YESTERDAY}

    def add() -> None:
        made = pupil(SIBLING, 900, national_id=told["number"])
        db.session.add(made)
        db.session.flush()

    outcomes = at_once(played.world, threads, [("alice", commit), ("bob", add)])
    theirs, ours = is_there(played.world, NEWCOMER, SIBLING), is_there(played.world, NEWCOMER)
    assert theirs != ours
    assert outcomes == ["done", "done" if theirs else "InRegisterAlready"]
    assert ("ย้ายเข้า" in held_back(played, "alice", batch, read)) == theirs


# ── Stopped by a duplicate (R30) ─────────────────────────────────────────────────────────────────────────


def is_twice(world: World) -> None:
    """Our first pupil is in Bob's school, too, since before anybody asked."""
    with world.acting("bob"), set_based(SetWork.BENCHMARK):
        db.session.add(pupil(SIBLING, 100))
        db.session.commit()


def test_r30_documents_go_to_the_case_and_the_transfer_follows_its_decision(played: Round) -> None:
    world = played.world
    is_twice(world)
    assert played.does("charlie", movements.find, OURS).is_twice
    claim = (OURS, place(FOREIGN), "เรียนอยู่ที่นี่จริง")
    played.is_refused("charlie", EvidenceMissing, movements.transfer_in, *claim)
    played.is_refused("alice", EnrolledTwice, movements.transfer_in, OURS, place(), "ของเรา", PROOF)
    coming = played.does("charlie", movements.transfer_in, *claim, PROOF)
    assert not coming.is_taken

    with world.acting("dan"):
        [listed] = duplicates.cases()
        case = listed.party.request_id
        files = [step.file for step in requests.seen(case).steps if step.file]
        assert len(files) == 1
    played.is_refused("cee", EnrolledTwice, requests.approve, coming.request_id)
    played.does("dan", duplicates.decide, case, 1, "ตามหลักฐาน")
    with world.acting("charlie"):
        assert any("วินิจฉัยแล้ว" in step.text for step in requests.seen(coming.request_id or 0).steps)

    played.does("cee", requests.approve, coming.request_id)

    with world.acting("cee"):
        query = sa.select(Student.school_code).where(Student.national_id == OURS, Student.is_enrolled)
        assert db.session.scalars(query).all() == [FOREIGN]
    with world.acting("alice"):
        assert any(one.title == "เด็กชายชื่อ100 ทดสอบ" for one in requests.inbox().news)


def test_r30_whatever_time_passes_nobody_but_who_decides_carries_it_out(played: Round) -> None:
    is_twice(played.world)
    coming = played.does("charlie", movements.transfer_in, OURS, place(FOREIGN), "อยู่ที่นี่", PROOF)
    with played.world.acting("cee"), set_based(SetWork.BENCHMARK):
        for table in (Request.__table__, RequestParty.__table__):
            past = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
            db.session.connection().execute(sa.update(table).values(deadline=past))
        db.session.commit()
    played.is_refused("charlie", RuleViolation, requests.approve, coming.request_id)
