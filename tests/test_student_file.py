"""A school's file previewed and committed: what is shown is what is written, on both databases."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from appbuilder_app.access import Action, performing
from appbuilder_app.codes import Disadvantage, Grade, IdentityType, Living, StudentStatus
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.errors import (
    EmptyFile,
    FileOfAnotherSchool,
    ImportSettled,
    NotAStudentFile,
    NotPermitted,
    NotYours,
    SubmissionLocked,
    WindowOver,
)
from appbuilder_app.models import Change, ImportBatch, ImportRow, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import student_file
from appbuilder_app.workflows.student_file import Outcome
from appbuilder_app.workflows.student_file.layout import LABELS
from tests.app_fixtures import FOREIGN, PUPILS_PER_SCHOOL, SCHOOL, SIBLING, World, national_id
from tests.round_fixtures import by_verb
from tests.student_file_fixtures import NEWEST, SPECIMEN, line, text, xlsx
from tests.test_submissions import count_statements

FILENAME = "2569-2-student.xlsx"
STORED = 100
"""Number of the first pupil of the school in the small world; 100 to 103 are stored."""


def stored_line(number: int = STORED, **changed: Any) -> list[Any]:
    """A line that says of a pupil of the small world what is stored already."""
    return line(number, **changed)


def uploaded(data: bytes, school: str = SCHOOL, filename: str = FILENAME) -> ImportBatch:
    """A committed preview: what the screen does."""
    batch = student_file.preview(school, filename, data)
    db.session.commit()
    return batch


def committed(data: bytes) -> ImportBatch:
    """Uploaded and committed."""
    batch = student_file.commit(uploaded(data).id)
    db.session.commit()
    return batch


def counts(batch: ImportBatch) -> dict[str, int]:
    """Only the outcomes that happened."""
    return {str(one): batch.counts[one] for one in Outcome if batch.counts.get(one)}


def pupil_with(number: int) -> Student:
    return db.session.scalars(sa.select(Student).filter_by(national_id=national_id(number))).one()


def is_stored(number: int) -> bool:
    return db.session.query(Student).filter_by(national_id=national_id(number)).count() == 1


def state_of(batch_id: int) -> str:
    return db.session.scalars(sa.select(ImportBatch.state).filter_by(id=batch_id)).one()


def problems_of(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Row, column and sentence of each problem."""
    rows = [(row.row_number, row.problems["problems"]) for row in student_file.rows_of(batch, Outcome.WRONG)]
    return [(number, found["column"], found["message"]) for number, problems in rows for found in problems]


def changes_of(batch: ImportBatch) -> list[Any]:
    return list(db.session.scalars(sa.select(Change).filter_by(batch_id=batch.id).order_by(Change.id)))


# ── Preview ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_preview_tells_new_changed_same_missing_and_wrong_and_writes_no_pupil(world: World) -> None:
    data = xlsx(stored_line(100), stored_line(101, ห้อง="2"), line(900), line(901, ID="1234567890120"))
    with world.acting("alice"):
        batch = uploaded(data)
        assert counts(batch) == {"new": 1, "changed": 1, "same": 1, "missing": 2, "wrong": 1}
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL
        assert changes_of(batch) == []
        assert [row.row_number for row in student_file.rows_of(batch, Outcome.NEW)] == [5]
        [changed] = student_file.rows_of(batch, Outcome.CHANGED)
        assert (changed.values["before"], changed.values["after"]) == ({"room": 1}, {"room": 2})
        assert problems_of(batch) == [(6, "C", problems_of(batch)[0][2])]
        missing = student_file.students_of(student_file.rows_of(batch, Outcome.MISSING))
        assert {one.national_id for one in missing.values()} == {national_id(102), national_id(103)}


def test_the_specimen_of_the_national_system_is_all_new(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(SPECIMEN.read_bytes(), filename=SPECIMEN.name)
        assert counts(batch) == {"new": 176, "missing": PUPILS_PER_SCHOOL}
        assert batch.filename == SPECIMEN.name


def test_a_file_named_after_another_round_is_remarked_upon(world: World) -> None:
    with world.acting("alice"):
        [note] = uploaded(xlsx(line()), filename=r"C:\ดาวน์โหลด\2568-3-student.xlsx").counts["notes"]
        assert "รอบที่ 3 ปีการศึกษา 2568" in note
        assert "รอบที่ 2 ปีการศึกษา 2569" in note
        assert uploaded(xlsx(line())).counts["notes"] == []


def test_columns_left_out_and_a_missing_school_column_are_remarked_upon(world: World) -> None:
    row, header = [*line()[1:], "x"], [*NEWEST[1:36], "หมายเหตุ"]
    with world.acting("alice"):
        notes = uploaded(xlsx(row, header=header)).counts["notes"]
        assert any("รหัสโรงเรียน" in note for note in notes)
        assert any("AJ “หมายเหตุ”" in note for note in notes)


def test_a_missing_cell_never_erases_what_is_stored(world: World) -> None:
    bare = dict.fromkeys(("น้ำหนัก", "ส่วนสูง", "สัญชาติ", "วันเกิด", "ชื่อ", "เพศ"), "-")
    with world.acting("alice"):
        assert counts(uploaded(xlsx(stored_line(100, **bare)))) == {"same": 1, "missing": 3}


def test_a_student_number_that_lost_its_zeros_is_the_same_number(world: World) -> None:
    with world.acting("alice"):
        assert counts(uploaded(xlsx(stored_line(100, เลขประจำตัวนักเรียน=100)))) == {"same": 1, "missing": 3}
        assert counts(uploaded(xlsx(stored_line(100, เลขประจำตัวนักเรียน=101)))) == {"changed": 1, "missing": 3}


def test_a_new_pupil_needs_what_every_pupil_needs(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(line(900, วันเกิด="-", ชั้น="ป.9")))
        found = problems_of(batch)
        assert [(row, column) for row, column, _ in found] == [(3, "D"), (3, "K")]
        assert "ไม่รู้จัก" in found[0][2]
        assert found[1][2] == "ต้องกรอก"


def test_rules_of_whole_rows_are_told_at_a_column_too(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(100, คำนำหน้าชื่อ="เด็กหญิง"), line(901, วันเกิด="01/08/2569")))
        found = problems_of(batch)
        assert [(row, column) for row, column, _ in found] == [(3, "H"), (4, "K")]
        assert "ไม่ตรงกับเพศ" in found[0][2]


def test_who_uploads_again_gives_up_the_earlier_preview(world: World) -> None:
    with world.acting("alice"):
        first, second = uploaded(xlsx(line(900))), uploaded(xlsx(line(901)))
        assert (first.state, second.state) == ("replaced", "preview")
        assert student_file.rows_of(first, Outcome.NEW) == []
        with pytest.raises(ImportSettled):
            student_file.commit(first.id)


def test_rows_of_an_earlier_file_go_with_the_next_upload(world: World) -> None:
    with world.acting("alice"):
        first = committed(xlsx(line(900)))
        assert len(student_file.rows_of(first, Outcome.NEW)) == 1
        second = uploaded(xlsx(line(901)))
        assert student_file.rows_of(first, Outcome.NEW) == []
        assert len(student_file.rows_of(second, Outcome.NEW)) == 1
        assert len(changes_of(first)) == 1


def test_a_preview_of_somebody_else_stays_until_it_has_lain_for_long(world: World) -> None:
    with world.acting("dan"):
        theirs = uploaded(xlsx(line(900))).id
    with world.acting("alice"):
        mine = uploaded(xlsx(line(901))).id
    with world.acting("dan"):
        assert [state_of(one) for one in (theirs, mine)] == ["preview", "preview"]
        assert len(student_file.rows_of(student_file.batch_with(theirs), Outcome.NEW)) == 1
        with performing(Action.IMPORT, "student"):
            for one in (theirs, mine):
                student_file.batch_with(one).uploaded_at -= dt.timedelta(days=8)
            db.session.commit()
        uploaded(xlsx(line(902)))
        assert [state_of(one) for one in (theirs, mine)] == ["replaced", "replaced"]
        assert db.session.query(ImportRow).filter_by(outcome="new").count() == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\งาน\\ก.xlsx", "ก.xlsx"),
        ("../../etc/x.csv", "x.csv"),
        ("a\x00b\nc.xlsx", "abc.xlsx"),
        ("ก" * 300, "ก" * 200),
    ],
)
def test_names_of_files_are_kept_without_folders_and_tricks(world: World, sent: str, kept: str) -> None:
    with world.acting("alice"):
        assert uploaded(xlsx(line(900)), filename=sent).filename == kept


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_of_another_school_is_refused_by_name(world: World) -> None:
    theirs = xlsx(*(line(number, รหัสโรงเรียน=SIBLING) for number in range(3)), line(3))
    with world.acting("alice"), pytest.raises(FileOfAnotherSchool, match=f"{SIBLING} ไม่ใช่บ้านหนองตัวอย่าง"):
        student_file.preview(SCHOOL, FILENAME, theirs)


def test_a_single_line_of_another_school_is_only_that_lines_problem(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(line(1), line(2), line(3, รหัสโรงเรียน=SIBLING)))
        assert counts(batch) == {"new": 2, "missing": 4, "wrong": 1}


@pytest.mark.parametrize("school", [SIBLING, FOREIGN, "99999999"])
def test_nobody_imports_into_a_school_that_is_not_theirs(world: World, school: str) -> None:
    with world.acting("alice"), pytest.raises(NotYours):
        student_file.preview(school, FILENAME, xlsx(line(รหัสโรงเรียน=school)))


def test_a_preview_of_the_neighbour_can_neither_be_seen_nor_settled(world: World) -> None:
    with world.acting("alice"):
        batch_id = uploaded(xlsx(line())).id
    for persona in ("bob", "charlie", "eve"):
        with world.acting(persona):
            for verb in (student_file.batch_with, student_file.commit, student_file.cancel):
                with pytest.raises(NotYours):
                    verb(batch_id)
            assert student_file.recent() == []


def test_a_director_and_a_central_officer_do_not_import(world: World) -> None:
    for persona in ("dao", "cee"):
        with world.acting(persona), pytest.raises(NotPermitted):
            student_file.preview(SCHOOL, FILENAME, xlsx(line()))


def test_the_district_officer_imports_for_a_school_of_the_district(world: World) -> None:
    with world.acting("dan"):
        assert counts(committed(xlsx(line()))) == {"new": 1, "missing": 4}
        assert pupil_with(900).scope == f"C/1602/{SCHOOL}"


def test_a_locked_school_is_refused_before_its_file_is_read(world: World) -> None:
    lock_school(world)
    with world.acting("alice"), pytest.raises(SubmissionLocked):
        student_file.preview(SCHOOL, FILENAME, b"not even a file")


def test_a_preview_is_not_committed_once_the_school_is_locked(world: World) -> None:
    with world.acting("alice"):
        batch_id = uploaded(xlsx(line())).id
    lock_school(world)
    with world.acting("alice"):
        with pytest.raises(SubmissionLocked):
            student_file.commit(batch_id)
        db.session.rollback()
        assert state_of(batch_id) == "preview"
        assert not is_stored(900)
        student_file.cancel(batch_id)


def test_after_the_window_nothing_is_imported(world: World) -> None:
    end_window(world)
    with world.acting("alice"), pytest.raises(WindowOver):
        student_file.preview(SCHOOL, FILENAME, xlsx(line()))


def test_a_file_without_pupils_and_a_file_of_something_else_are_refused(world: World) -> None:
    with world.acting("alice"):
        with pytest.raises(EmptyFile):
            student_file.preview(SCHOOL, FILENAME, xlsx())
        with pytest.raises(NotAStudentFile):
            student_file.preview(SCHOOL, FILENAME, xlsx(["a", "b", "c"], header=["ชื่อ", "นามสกุล", "ชั้น"]))


# ── Commit ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_commit_writes_the_good_rows_with_their_owner_and_leaves_the_wrong_ones(world: World) -> None:
    data = xlsx(stored_line(101, ห้อง="2"), line(900), line(901, ID="1234567890120"))
    with world.acting("alice"):
        batch = committed(data)
        assert (batch.state, batch.settled_by) == ("committed", world.viewer("alice").name)
        assert pupil_with(101).room == 2
        new = pupil_with(900)
        assert (new.scope, new.version, new.grade, new.birth_date) == (
            f"C/1602/{SCHOOL}", 1, Grade.P6, dt.date(2014, 8, 1))  # fmt: skip
        assert new.weight_kg == Decimal(33)
        assert (new.disadvantage, new.pending_discharge) == (Disadvantage.NONE, False)
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL + 1


def test_every_column_of_39_arrives(world: World) -> None:
    everything = {
        "กลุ่มเลือด": "AB", "ศาสนา": "พุทธ", "บ้านเลขที่": "53/1", "หมู่": 6, "ถนน/ซอย": "ซอย 2", "ตำบล": "ชัยบาดาล",
        "อำเภอ": "ชัยบาดาล", "จังหวัด": "ลพบุรี", "ชื่อผู้ปกครอง": "ก", "นามสกุลผู้ปกครอง": "ข",
        "อาชีพของผู้ปกครอง": "เกษตร",
        "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน": "ยาย", "ชื่อบิดา": "ค", "นามสกุลบิดา": "ง", "อาชีพของบิดา": "รับจ้าง",
        "ชื่อมารดา": "จ", "นามสกุลมารดา": "ฉ", "อาชีพของมารดา": "รับราชการ", "ความด้อยโอกาส": "ยากจน",
        "ยังไม่สามารถจำหน่ายได้ (3.1.8)": "ใช่", "ลูกเสือ": "ลูกเสือ", "ยุวกาชาด": "ไม่เป็น", "ว่ายน้ำ": "ได้",
    }  # fmt: skip
    row = line(header=NEWEST)
    for label, cell in everything.items():
        row[NEWEST.index(label)] = cell
    with world.acting("alice"):
        committed(xlsx(row, header=NEWEST))
        new = pupil_with(900)
        assert {name for name in LABELS if getattr(new, name) is None} == set()
        assert (new.village_no, new.swims, new.red_cross_youth) == ("6", True, False)
        assert new.pending_discharge is True


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("1000000009006", IdentityType.NATIONAL),
        ("0100008900000", IdentityType.OTHER),
        ("G651600000012", IdentityType.OTHER),
    ],
)
def test_the_kind_of_identity_is_guessed_for_new_pupils(
    world: World,
    number: str,
    kind: IdentityType,
) -> None:
    with world.acting("alice"):
        committed(xlsx(line(ID=number)))
        assert db.session.scalar(sa.select(Student.identity_type).filter_by(national_id=number)) is kind


def test_the_same_file_again_changes_nothing(world: World) -> None:
    data = SPECIMEN.read_bytes()
    with world.acting("alice"):
        committed(data)
        before = snapshot()
        batch = committed(data)
        assert counts(batch) == {"same": 176, "missing": PUPILS_PER_SCHOOL}
        assert snapshot() == before
        assert changes_of(batch) == []


def test_the_history_tells_every_new_pupil_and_every_changed_field(world: World) -> None:
    with world.acting("alice"):
        batch = committed(xlsx(stored_line(101, ห้อง="2", น้ำหนัก="34.5"), line(900, กลุ่มเลือด="A")))
        inserted, updated = changes_of(batch)
        new, old = pupil_with(900), pupil_with(101)
        assert (inserted.action, inserted.row_key, inserted.before) == ("insert", str(new.id), None)
        assert inserted.after["national_id"] == national_id(900)
        assert inserted.after["blood"] == "A"
        assert "religion" not in inserted.after
        assert (updated.action, updated.row_key) == ("update", str(old.id))
        assert updated.before == {"room": 1, "weight_kg": 33.0}
        assert updated.after == {"room": 2, "weight_kg": 34.5}
        for entry in (inserted, updated):
            assert (entry.path, entry.dataset, entry.scope) == ("import", "student", f"C/1602/{SCHOOL}")
            assert entry.actor == world.viewer("alice").name


def test_the_history_of_an_import_is_written_like_that_of_a_form(world: World) -> None:
    with world.acting("alice"):
        imported = changes_of(committed(xlsx(line(900))))[0].after
        typed = Student(**{name: getattr(pupil_with(900), name) for name in imported if name != "id"})
        typed.national_id = national_id(902)
        db.session.add(typed)
        db.session.commit()
        of_typed = sa.select(Change).filter_by(dataset="student", row_key=str(typed.id))
        written: Any = db.session.scalars(of_typed).one()
        same = {"id", "national_id"}
        assert {k: v for k, v in written.after.items() if k not in same} == {
            k: v for k, v in imported.items() if k not in same
        }


def test_a_preview_is_committed_once(world: World) -> None:
    with world.acting("alice"):
        batch = committed(xlsx(line()))
        with pytest.raises(ImportSettled, match="นำเข้าแล้ว"):
            student_file.commit(batch.id)
        with pytest.raises(ImportSettled):
            student_file.cancel(batch.id)


def test_a_cancelled_preview_leaves_its_counts_and_nobodys_data(world: World) -> None:
    with world.acting("alice"):
        batch = student_file.cancel(uploaded(xlsx(line())).id)
        db.session.commit()
        assert (batch.state, counts(batch)) == ("cancelled", {"new": 1, "missing": 4})
        assert db.session.query(ImportRow).count() == 0
        assert not is_stored(900)
        with pytest.raises(ImportSettled, match="ยกเลิกแล้ว"):
            student_file.commit(batch.id)


def test_a_commit_that_fails_leaves_nothing_half_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(101, ห้อง="2"), line(900)))
        before = snapshot()
        monkeypatch.setattr("appbuilder_app.workflows.student_file.writing._history_of_changes", _broken)
        with pytest.raises(OSError, match="disk"):
            student_file.commit(batch.id)
        db.session.rollback()
        assert snapshot() == before
        assert state_of(batch.id) == "preview"


def _broken(*_: Any) -> None:
    raise OSError("disk full")


def test_who_changes_class_by_file_costs_the_same_statements_however_many(world: World) -> None:
    with world.acting("alice"):
        taken = []
        for numbers, room in (([100], "2"), ([100, 101, 102, 103], "3")):
            data = xlsx(*(stored_line(number, ห้อง=room) for number in numbers))
            taken.append(count_statements(lambda data=data: committed(data)))
        assert {pupil_with(number).room for number in (100, 101, 102, 103)} == {3}
        assert taken[1] - taken[0] < 2  # three rows more


# ── Edits between preview and commit ─────────────────────────────────────────────────────────────────────


def test_a_pupil_edited_meanwhile_in_the_same_field_is_held_back(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(100, ห้อง="2"), stored_line(101, ห้อง="2")))
        pupil_with(101).room = 3
        by_verb()
        db.session.commit()
        student_file.commit(batch.id)
        db.session.commit()
        assert (pupil_with(100).room, pupil_with(101).room) == (2, 3)
        assert counts(batch) == {"changed": 1, "missing": 2, "held": 1}
        [held] = student_file.rows_of(batch, Outcome.HELD)
        assert held.national_id == national_id(101)
        assert "หลังจากอัปโหลด" in held.problems["problems"][0]["message"]


def test_an_edit_of_another_field_meanwhile_is_kept_beside_the_files(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(100, ห้อง="2")))
        pupil_with(100).weight_kg = Decimal("40.5")
        db.session.commit()
        student_file.commit(batch.id)
        db.session.commit()
        assert (pupil_with(100).room, pupil_with(100).weight_kg) == (2, Decimal("40.5"))
        [entry] = changes_of(batch)
        assert (entry.before, entry.after) == ({"room": 1}, {"room": 2})


def test_an_edit_meanwhile_that_would_make_the_row_wrong_holds_it_back(world: World) -> None:
    with world.acting("alice"):
        from appbuilder_app.codes import Sex, Title

        edited = pupil_with(100)
        edited.birth_date = dt.date(2009, 8, 1)
        by_verb()
        batch = uploaded(xlsx(stored_line(100, คำนำหน้าชื่อ="นาย", วันเกิด="01/08/2552")))
        edited.sex = Sex.FEMALE
        edited.title = Title.GIRL
        by_verb()
        db.session.commit()
        student_file.commit(batch.id)
        assert counts(batch) == {"missing": 3, "held": 1}


def test_who_typed_the_same_change_meanwhile_has_nothing_written_twice(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(100, ห้อง="2")))
        pupil_with(100).room = 2
        by_verb()
        db.session.commit()
        student_file.commit(batch.id)
        db.session.commit()
        assert changes_of(batch) == []
        assert pupil_with(100).version == 2


def test_a_pupil_added_by_hand_meanwhile_is_held_back_and_not_doubled(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(line(900), line(902)))
        from tests.app_fixtures import pupil

        db.session.add(pupil(SCHOOL, 900, room=7))
        db.session.commit()
        student_file.commit(batch.id)
        db.session.commit()
        assert counts(batch) == {"new": 1, "missing": 4, "held": 1}
        assert pupil_with(900).room == 7
        assert len(changes_of(batch)) == 1


def test_a_pupil_deleted_meanwhile_does_not_come_back(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(stored_line(100, ห้อง="2")))
        db.session.delete(pupil_with(100))
        db.session.commit()
        student_file.commit(batch.id)
        assert counts(batch) == {"missing": 3, "held": 1}
        assert not is_stored(100)


def test_the_version_rises_so_that_a_form_opened_before_is_refused(world: World) -> None:
    with world.acting("alice"):
        opened = pupil_with(100)
        version = opened.version
        committed(xlsx(stored_line(100, ห้อง="2")))
        assert (opened.room, opened.version) == (2, version + 1)


# ── Coming back ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_exported_list_comes_back_unchanged(world: World, kind: str) -> None:
    with world.acting("alice"):
        committed(SPECIMEN.read_bytes())
        stored = pupil_with(101)
        stored.house_no, stored.province, stored.living = "=1+1", "@จังหวัด", Living.DORMITORY
        db.session.commit()
        before = snapshot()
    columns = ",".join(name for name in LABELS if name in fields_of(Student))
    with world.client("alice").get(f"/data/student/export.{kind}?columns=school_code,{columns}") as exported:
        assert exported.status_code == 200
        data = exported.data
    with world.acting("alice"):
        batch = committed(data)
        assert counts(batch) == {"same": 176 + PUPILS_PER_SCHOOL}
        assert batch.counts["notes"] == []
        assert snapshot() == before


def test_wrong_rows_come_back_as_a_workbook_that_can_be_corrected_and_uploaded(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(line(900), line(901, ชั้น="ป.7", ชื่อ="=1+1"), line(902, วันเกิด="-")))
        with student_file.correction_file(batch) as file:
            data = file.read()
        sheet = read_sheet(data, "x.xlsx", ["ชั้น", "ชื่อ", "นามสกุล"])
        assert sheet.headers[-1] == "สิ่งที่ต้องแก้"
        assert [row[-1] for _, row in sheet.rows] == [
            "D ชั้น: " + problems_of(batch)[0][2], "K วันเกิด: ต้องกรอก"]  # fmt: skip
        assert sheet.rows[0][1][8] == "=1+1"
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        rows[1][3], rows[2][10] = "ป.6", "01/08/2557"
        again = uploaded(xlsx(*rows[1:], header=[str(cell) for cell in rows[0]], title=None))
        assert counts(again) == {"new": 2, "missing": 4}
        assert again.counts["notes"] == []


def test_a_thai_csv_is_imported(world: World) -> None:
    with world.acting("alice"):
        assert counts(committed(text(line(), encoding="cp874"))) == {"new": 1, "missing": 4}
        assert pupil_with(900).last_name == "ทดสอบ"


def snapshot() -> list[tuple[Any, ...]]:
    """All of the school's pupils, to the last column."""
    columns = [getattr(Student, column.key) for column in Student.__table__.c]
    rows = db.session.execute(sa.select(*columns).filter_by(school_code=SCHOOL).order_by(Student.id))
    return [tuple(row) for row in rows]


def lock_school(world: World) -> None:
    """As confirming does."""
    from appbuilder_app.access import Action, performing
    from appbuilder_app.codes import SubmissionState
    from appbuilder_app.models import Submission

    with world.acting("alice"), performing(Action.CONFIRM, "submission"):
        submission = db.session.scalars(sa.select(Submission).filter_by(school_code=SCHOOL)).one()
        submission.state = SubmissionState.CONFIRMED
        db.session.commit()


def end_window(world: World) -> None:
    """The time for editing is over."""
    from appbuilder_app.access import Action, performing
    from appbuilder_app.codes import WindowAction
    from appbuilder_app.models import Window

    with world.acting("cee"), performing(Action.MANAGE, "round"):
        window = db.session.scalars(sa.select(Window).filter_by(action=WindowAction.EDIT)).one()
        window.closes_at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
        db.session.commit()


def test_a_file_neither_renames_a_pupil_nor_brings_back_who_has_left(world: World) -> None:
    with world.acting("alice"):
        batch = uploaded(xlsx(line(100, ชื่อ="อีกชื่อ")))
        assert "แก้ไขชื่อ-สกุล" in problems_of(batch)[0][2]
    with world.acting("adam"), set_based(SetWork.BENCHMARK):
        there = Student.__table__
        left = sa.update(there).where(there.c.national_id == national_id(100))
        db.session.connection().execute(left.values(status=StudentStatus.DROPPED))
        db.session.commit()
    with world.acting("alice"):
        batch = uploaded(xlsx(line(100)))
        assert "ออกกลางคัน" in problems_of(batch)[0][2]
        assert counts(batch) == {"wrong": 1, "missing": 3}
