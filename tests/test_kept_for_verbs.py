"""Who and where a child is changes by verbs alone, whichever the door; files of a school are the verbs for many."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from appbuilder_app.codes import Grade, IdentityType, MovementKind, Sex, StudentStatus, Title, WindowAction
from appbuilder_app.dataset import versions
from appbuilder_app.dataset.many import fields_changed_together
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.errors import EvidenceMissing, InvalidRow, NothingToRevert, ReasonMissing, RuleViolation
from appbuilder_app.models import Change, Movement, School, Student
from appbuilder_app.workflows import imports, movements, student_file
from appbuilder_app.workflows.file_moves import BY_FILE
from appbuilder_app.workflows.imports.results import problems_of
from appbuilder_app.workflows.movements import Identity, Names
from appbuilder_app.workflows.student_file import Outcome
from tests.app_fixtures import SCHOOL, SIBLING, national_id
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens
from tests.student_file_fixtures import line, xlsx
from tests.test_imports import line as template_line
from tests.test_imports import workbook
from tests.test_movements import OURS, PROOF, is_round, key_of, kinds_at, last_movement, row_of

ANOTHER: dict[str, tuple[Any, str]] = {
    "school_code": (SIBLING, SIBLING),
    "national_id": (national_id(950), national_id(950)),
    "identity_type": (IdentityType.OTHER, IdentityType.OTHER.value),
    "title": (Title.NOVICE, "832"),
    "first_name": ("อื่น", "อื่น"),
    "last_name": ("อื่น", "อื่น"),
    "middle_name": ("อื่น", "อื่น"),
    "sex": (Sex.FEMALE, "F"),
    "birth_date": (dt.date(2013, 1, 1), "01/01/2556"),
    "grade": (Grade.P5, "08"),
    "room": (2, "2"),
    "student_number": ("1", "1"),
    "status": (StudentStatus.DROPPED, StudentStatus.DROPPED.value),
    "sat_final_exam": (True, "1"),
}
"""Another value of each kept field, and how a form or a program sends it."""


def test_every_kept_field_is_tried() -> None:
    assert set(ANOTHER) == {name for name, one in fields_of(Student).items() if one.by_verb is not None}
    assert set(BY_FILE) == {name for name, one in fields_of(Student).items() if one.by_file}


def by_mapper(played: Round, key: int, field: str) -> None:
    def change() -> None:
        setattr(db.session.get_one(Student, key), field, ANOTHER[field][0])
        db.session.flush()

    for who in ("alice", "dan", "adam"):
        played.is_refused(who, RuleViolation, change)


def by_form(played: Round, key: int, field: str) -> None:
    # Of an officer who is asked for the school, too.
    answer = played.world.client("dan").post(f"/data/student/{key}/edit", data={field: ANOTHER[field][1]})
    assert answer.status_code == 422, (field, answer.get_data(as_text=True))


def by_program(played: Round, key: int, field: str) -> None:
    answer = played.world.app.test_client().patch(
        f"/api/v1/student/{key}", json={field: ANOTHER[field][1]}, headers=played.world.token("dan")
    )
    assert answer.status_code == 422, (field, answer.get_data(as_text=True))


@pytest.mark.parametrize("door", [by_mapper, by_form, by_program])
def test_no_door_changes_what_is_kept_for_verbs(
    played: Round, door: Callable[[Round, int, str], None]
) -> None:
    before = row_of(played.world, OURS)
    for field in ANOTHER:
        door(played, before.id, field)
    assert row_of(played.world, OURS) == before
    assert not set(ANOTHER) & set(fields_changed_together(Student, fields_of(Student)))


def test_the_way_back_in_the_history_leads_around_the_verbs_fields(played: Round) -> None:
    played.changes_a_pupil(street="เดิม")
    with played.world.acting("alice"):
        earlier = db.session.scalars(sa.select(Change.id).order_by(Change.id.desc())).first() or 0
    key = key_of(played.world, OURS)
    played.does("alice", movements.change_class, [key], Grade.P6, 3, "")

    def back() -> None:
        row = db.session.get_one(Student, key)
        versions.revert(row, earlier, str(row.version))

    played.is_refused("alice", NothingToRevert, back)
    assert row_of(played.world, OURS).room == 3


def test_the_form_shows_kept_fields_with_the_way_to_their_verbs(screens: Screens, played: Round) -> None:
    key = key_of(played.world, OURS)
    page = screens.page("alice", f"/data/student/{key}/edit")
    for name in ("room", "first_name", "national_id"):
        assert f'name="{name}"' not in page
        assert f'id="{name}"' in page
    for what in ("change_class", "rename", "correct_identity", "renumber"):
        assert f"/movements/student/{key}?do={what}#{what}" in page
    assert f"/numbers/student/{key}" in page or "เลขประจำตัว" in page
    opened = screens.page("alice", f"/movements/student/{key}?do=correct_identity")
    assert '<details class="card" id="correct_identity" open>' in opened
    assert 'name="room"' in screens.page("alice", "/data/student/add")


# ── Sex and date of birth ────────────────────────────────────────────────────────────────────────────────


def test_r49_sex_and_birth_date_are_corrected_with_reason_and_document(
    screens: Screens, played: Round
) -> None:
    key = key_of(played.world, OURS)
    born = row_of(played.world, OURS).birth_date.replace(year=2013)
    girl = Identity(Title.GIRL, Sex.FEMALE, born)
    played.is_refused("alice", ReasonMissing, movements.correct_identity, key, girl, " ", PROOF)
    played.is_refused("alice", EvidenceMissing, movements.correct_identity, key, girl, "บันทึกผิด", [])
    boy = Identity(Title.BOY, Sex.FEMALE, born)
    played.is_refused("alice", InvalidRow, movements.correct_identity, key, boy, "บันทึกผิด", PROOF)
    told = {"title": "002", "sex": "F", "birth_date": "01/08/2556", "reason": "ตามสูติบัตร"}
    address = f"/movements/student/{key}/correct_identity"
    assert "ต้องแนบ" in screens.sent("alice", address, status=422, **told)
    proof = (io.BytesIO(PROOF[0].data), "a.pdf")
    assert screens.of("alice").post(address, data=told | {"file": proof}).status_code == 302
    row = row_of(played.world, OURS)
    assert (row.sex, row.title, row.birth_date.year) == (Sex.FEMALE, Title.GIRL, 2013)
    with played.world.acting("alice"):
        movement = db.session.scalars(sa.select(Movement)).one()
        assert (movement.kind, movement.before["sex"], movement.note) == (
            MovementKind.IDENTITY, "M", "ตามสูติบัตร")  # fmt: skip
        assert (movement.evidence or "").endswith(".pdf")


def grows_up(played: Round) -> int:
    """Our first pupil is fifteen."""
    played.changes_a_pupil(birth_date=row_of(played.world, OURS).birth_date.replace(year=2009))
    return key_of(played.world, OURS)


def test_a_title_that_age_changes_needs_no_document_and_another_does(played: Round) -> None:
    names = Names(Title.MR, "ชื่อ100", "ทดสอบ")
    key = key_of(played.world, OURS)
    played.is_refused("alice", EvidenceMissing, movements.rename, key, names, "อายุ 15", [])
    grows_up(played)
    played.does("alice", movements.rename, key, names, "อายุ 15", [])
    assert row_of(played.world, OURS).title is Title.MR
    back = Names(Title.NOVICE, "ชื่อ100", "ทดสอบ")
    played.is_refused("alice", EvidenceMissing, movements.rename, key, back, "บวช", [])


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────


def by_student_file(**changed: Any) -> list[str]:
    """A school's student file with other values of our first pupil; what is wrong with the row."""
    labels = {"room": "ห้อง", "grade": "ชั้น", "number": "เลขประจำตัวนักเรียน", "first": "ชื่อ", "title": "คำนำหน้าชื่อ",
              "born": "วันเกิด", "weight": "น้ำหนัก"}  # fmt: skip
    file = xlsx(line(100, **{labels[name]: value for name, value in changed.items()}))
    batch = student_file.preview(SCHOOL, "2569-2-student.xlsx", file)
    db.session.commit()
    student_file.commit(batch.id)
    db.session.commit()
    rows = [*student_file.rows_of(batch, Outcome.WRONG), *student_file.rows_of(batch, Outcome.HELD)]
    return [one["message"] for row in rows for one in row.problems["problems"]]


def by_template(**changed: Any) -> list[str]:
    """The same by a template of the dataset."""
    changed.pop("weight", None)
    number = changed.pop("number", "00100")
    row = [*template_line(100, **changed)[:-1], number]
    batch = imports.receive("student", "2569-2-student.xlsx", workbook(row))
    imports.judge(batch.id)
    imports.commit(batch.id)
    db.session.commit()
    return [one["message"] for _, ones in problems_of(batch) for one in ones]


FILES = pytest.mark.parametrize("file", [by_student_file, by_template])
File = Callable[..., list[str]]


@FILES
def test_r24_a_file_with_another_room_is_the_change_of_class(played: Round, file: File) -> None:
    world = played.world
    assert played.does("alice", file, room="3", number="777", weight=34) == []
    row = row_of(world, OURS)
    assert (row.room, row.student_number) == (3, "777")
    assert kinds_at(world, SCHOOL) == [MovementKind.CLASS, MovementKind.NUMBER]
    with world.acting("alice"):
        moved = db.session.scalars(sa.select(Movement).order_by(Movement.id)).first()
        assert moved is not None
        assert (moved.before, moved.after, moved.done_by) == ({"room": 1}, {"room": 3}, "Alice ทดสอบ")
        assert "2569-2-student.xlsx" in moved.note
    played.does("alice", movements.undo, last_movement(world) - 1, "ไฟล์ผิด")
    assert row_of(world, OURS).room == 1


@FILES
def test_r24_a_file_does_not_move_into_a_class_that_is_not_taught(played: Round, file: File) -> None:
    assert "R24" in played.does("alice", file, grade="ม.1")[0]
    assert row_of(played.world, OURS).grade is Grade.P6
    assert kinds_at(played.world, SCHOOL) == []


@FILES
def test_a_file_keeps_to_the_window_of_its_movement(played: Round, file: File) -> None:
    played.is_over(WindowAction.CLASS)
    assert "หมดเวลา" in played.does("alice", file, room="3")[0]
    assert played.does("alice", file, number="778") == []
    assert kinds_at(played.world, SCHOOL) == [MovementKind.NUMBER]


@FILES
def test_r49_a_file_moves_nobody_up_at_the_end_of_the_year(played: Round, file: File) -> None:
    is_round(played.world, 3)
    assert "R49" in played.does("alice", file, grade="ป.5")[0]
    assert played.does("alice", file, room="3") == []
    assert (row_of(played.world, OURS).grade, row_of(played.world, OURS).room) == (Grade.P6, 3)


@FILES
def test_r25_a_file_changes_no_name_but_the_title_that_age_changes(played: Round, file: File) -> None:
    assert "หลักฐาน" in played.does("alice", file, first="ใหม่")[0]
    assert "หลักฐาน" in played.does("alice", file, title="นาย")[0]
    assert "หลักฐาน" in played.does("alice", file, born="01/08/2556")[0]
    grows_up(played)
    assert played.does("alice", file, title="นาย", born="01/08/2552") == []
    assert row_of(played.world, OURS).title is Title.MR
    assert kinds_at(played.world, SCHOOL) == [MovementKind.NAME]


def test_what_no_longer_may_be_at_the_commit_is_held_back_and_told(played: Round) -> None:
    with played.world.acting("alice"):
        file = student_file.preview(SCHOOL, "x.xlsx", xlsx(line(100, ชั้น="ป.5"), line(101, ห้อง="2")))
        template = imports.receive("student", "x.xlsx", workbook(template_line(102, grade="ป.5")))
        imports.judge(template.id)
        db.session.commit()
        keys = file.id, template.id
    with played.world.acting("adam"):
        db.session.get_one(School, SCHOOL).lowest_grade = Grade.P6
        db.session.commit()
    with played.world.acting("alice"):
        student_file.commit(keys[0])
        imports.commit(keys[1])
        db.session.commit()
        batch = student_file.batch_with(keys[0])
        assert (batch.counts["changed"], batch.counts["held"]) == (1, 1)
        [held] = student_file.rows_of(batch, Outcome.HELD)
        assert "R24" in held.problems["problems"][0]["message"]
        assert imports.batch_with(keys[1]).counts["held"] == 1
    assert kinds_at(played.world, SCHOOL) == [MovementKind.CLASS]


def test_a_file_that_is_taken_back_moves_back_and_says_so(played: Round) -> None:
    played.does("alice", by_template, room="3")
    with played.world.acting("alice"):
        batch = (
            db.session.scalars(sa.select(Change.batch_id).where(Change.batch_id.is_not(None))).first() or 0
        )
        imports.undo(batch)
        db.session.commit()
        moved = db.session.scalars(sa.select(Movement).order_by(Movement.id.desc())).first()
        assert moved is not None
        assert (moved.before, moved.after) == ({"room": 3}, {"room": 1})
    assert row_of(played.world, OURS).room == 1


def test_an_export_that_tells_who_sat_the_exam_is_read_without_taking_it_back(played: Round) -> None:
    is_round(played.world, 3)
    header = [*openpyxl.load_workbook(io.BytesIO(xlsx())).active[2]]
    labels = [cell.value for cell in header]
    row = [*line(100, ห้อง="2"), "ใช่"]
    with played.world.acting("alice"):
        batch = student_file.preview(SCHOOL, "x.xlsx", xlsx(row, header=[*labels, "เข้าสอบปลายภาคเรียนที่ 2"]))
        student_file.commit(batch.id)
        db.session.commit()
        assert batch.counts["changed"] == 1
    assert (row_of(played.world, OURS).room, row_of(played.world, OURS).sat_final_exam) == (2, None)
