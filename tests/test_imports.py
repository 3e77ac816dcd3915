"""The import of a dataset's template: what each row becomes, and that it is all or nothing where it says so."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.comments import Comment

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import SubmissionState
from appbuilder_app.dataset import notes, template
from appbuilder_app.dataset.listing import Query
from appbuilder_app.declaration import db
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import Change, ImportBatch, School, Student, Submission
from appbuilder_app.workflows import imports
from appbuilder_app.workflows.imports.settling import NotAllGood
from appbuilder_app.workflows.imports.undoing import StillNeeded
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World, national_id, pupil
from tests.round_fixtures import by_verb
from tests.test_student_file_races import at_once

HEADER = (
    "รหัสโรงเรียน",
    "เลขประจำตัวประชาชน",
    "คำนำหน้าชื่อ",
    "ชื่อ",
    "นามสกุล",
    "เพศ",
    "วันเกิด",
    "ชั้น",
    "ห้อง",
    "เลขประจำตัวนักเรียน",
)
LABELS = ("โรงเรียน", *HEADER[1:])


def line(number: int, school: str = SCHOOL, **changed: Any) -> list[Any]:
    """A pupil as a template's row; ``changed`` by position name."""
    boy = number % 2 == 0
    cells = {
        "school": school, "id": national_id(number), "title": "เด็กชาย" if boy else "เด็กหญิง",
        "first": f"ชื่อ{number}", "last": "ทดสอบ", "sex": "ชาย" if boy else "หญิง", "born": "01/08/2557",
        "grade": "ป.6", "room": 1, "number": f"{number:05d}",
    }  # fmt: skip
    return list((cells | changed).values())


def workbook(*rows: Sequence[Any], header: Sequence[str] = LABELS) -> bytes:
    """A workbook of a header and these lines."""
    made = openpyxl.Workbook()
    for row in (header, *rows):
        made.active.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def judged(data: bytes, dataset: str = "student", filename: str = "x.xlsx") -> ImportBatch:
    batch = imports.receive(dataset, filename, data)
    imports.judge(batch.id)
    db.session.commit()
    return batch


def counts(batch: ImportBatch) -> dict[str, int]:
    return {
        name: batch.counts[name] for name in ("new", "changed", "same", "wrong", "held") if batch.counts[name]
    }


def problems(batch: ImportBatch) -> list[tuple[int, str, str]]:
    from appbuilder_app.workflows.imports.results import problems_of

    return [(n, one["column"], one["message"]) for n, ones in problems_of(batch) for one in ones]


def test_a_file_is_judged_committed_and_undone(world: World) -> None:
    with world.acting("alice"):
        batch = judged(workbook(line(900), line(901), line(100, room=2), line(101)))
        print(batch.counts, problems(batch))
        assert counts(batch) == {"new": 2, "changed": 1, "same": 1}
        imports.commit(batch.id)
        db.session.commit()
        assert db.session.query(Student).count() == 6
        written = db.session.query(Change).filter_by(batch_id=batch.id).all()
        assert sorted(one.action for one in written) == ["insert", "insert", "update"]
        assert {one.path for one in written} == {"import"}
        again = judged(workbook(line(900), line(901), line(100, room=2), line(101)))
        assert counts(again) == {"same": 4}
        imports.undo(batch.id)
        db.session.commit()
        assert db.session.query(Student).count() == 4
        assert db.session.scalars(sa.select(Student.room).filter_by(national_id=national_id(100))).one() == 1


def filled(template: bytes, *rows: dict[str, Any], keep: bool = False) -> bytes:
    """A template with rows filled in by field name; ``keep``: below those that are there."""
    made = openpyxl.load_workbook(io.BytesIO(template))
    sheet = made.worksheets[0]
    names = [str(cell.value).removeprefix("thabian:") for cell in sheet[1]]
    start = sheet.max_row + 1 if keep else 3
    for number, row in enumerate(rows, start=start):
        for name, value in row.items():
            sheet.cell(number, names.index(name) + 1, value)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_the_template_is_filled_and_read_even_with_headers_renamed(world: World) -> None:
    with world.acting("dan"):
        data = written(template.write_template(Student))
        book = openpyxl.load_workbook(io.BytesIO(data))
        for cell in book.worksheets[0][2]:
            cell.value = f"หัว {cell.column}"
        buffer = io.BytesIO()
        book.save(buffer)
        row = {
            "school_code": f"{SCHOOL} : บ้านหนองตัวอย่าง", "national_id": national_id(902), "title": "เด็กชาย",
            "first_name": "สมชาย", "last_name": "ทดสอบ", "sex": "ชาย", "birth_date": "01/08/2557",
            "grade": "ประถมศึกษาปีที่ 6", "room": 1, "student_number": "00902", "weight_kg": 33.5,
        }  # fmt: skip
        batch = judged(
            filled(buffer.getvalue(), row, row | {"national_id": national_id(904), "school_code": SIBLING})
        )
        assert (counts(batch), problems(batch)) == ({"new": 2}, [])
        imports.commit(batch.id, whole=True)
        db.session.commit()
        child = db.session.scalars(sa.select(Student).filter_by(national_id=national_id(902))).one()
        assert (child.student_number, str(child.weight_kg), child.school_code) == ("00902", "33.5", SCHOOL)


def test_rows_downloaded_for_editing_come_back_as_changes(world: World) -> None:
    with world.acting("alice"):
        data = written(template.write_template(Student, Query()))
        assert counts(judged(data)) == {"same": 4}
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book.worksheets[0]
        names = [str(cell.value).removeprefix("thabian:") for cell in sheet[1]]
        assert "school_code" not in names
        identity = sheet.cell(3, names.index("national_id") + 1)
        assert (identity.protection.locked, sheet.protection.sheet) == (True, True)
        assert not sheet.cell(3, names.index("room") + 1).protection.locked
        assert sheet.cell(3, names.index("first_name") + 1).protection.locked
        sheet.cell(3, names.index("room") + 1).value = 7
        buffer = io.BytesIO()
        book.save(buffer)
        assert counts(judged(buffer.getvalue())) == {"changed": 1, "same": 3}


def test_every_error_is_told_at_its_cell_and_comes_back_marked(world: World) -> None:
    with world.acting("alice"):
        rows = [
            line(900, id="1234567890123"), line(901, sex="ชาย"), line(902, room="สอง"), line(903, born="31/02/2557"),
            line(904, school=FOREIGN), line(905, first="ก" * 200), line(906, last=None), line(907), line(907, room=3),
            line(908, first="<script>alert(1)</script>"),
        ]  # fmt: skip
        made = openpyxl.load_workbook(io.BytesIO(workbook(*rows, header=(*LABELS, "สีที่ชอบ"))))
        sheet = made.active
        sheet["I4"].number_format = "0.00"
        sheet["I2"] = "=A1&B1"
        sheet.column_dimensions["D"].width = 33
        buffer = io.BytesIO()
        made.save(buffer)
        batch = judged(buffer.getvalue())
        assert counts(batch) == {"new": 2, "wrong": 8}
        told = {(n, column) for n, column, _ in problems(batch)}
        assert told == {
            (2, "B"), (2, "I"), (3, "C"), (4, "I"), (5, "G"), (6, "A"), (7, "D"), (8, "E"), (10, "B"),
        }  # fmt: skip
        assert any("สีที่ชอบ" in note for note in batch.counts["notes"])
        back = openpyxl.load_workbook(io.BytesIO(written(imports.marked(batch))))
        marked = back.active
        assert marked["G5"].fill.fgColor.rgb == "FFFFC7CE"
        assert marked["E8"].fill.fgColor.rgb == "FFFFC7CE"  # an empty cell, too
        assert marked["I4"].fill.fgColor.rgb == "FFFFC7CE"
        assert marked["I4"].number_format == "0.00"
        assert marked.column_dimensions["D"].width == 33
        assert marked["D9"].fill.fgColor.rgb != "FFFFC7CE"
        assert marked["L1"].value == "สิ่งที่ต้องแก้"
        assert "หลักตรวจสอบ" in marked["L2"].value
        assert marked["L9"].value is None
        noted = {
            (cell.row, cell.column_letter): cell.comment.text
            for row in marked.iter_rows()
            for cell in row
            if cell.comment
        }
        assert set(noted) == told
        assert "หลักตรวจสอบ" in noted[2, "B"]
        assert all(
            [cell.value for cell in row[:11]] == [cell.value for cell in before[:11]]
            for row, before in zip(marked.iter_rows(), sheet.iter_rows(), strict=True)
        )
        again = judged(imports_of(back))
        assert counts(again) == {"new": 2, "wrong": 8}


def colour(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.patternType == "solid" else ""


def test_a_file_that_comes_back_corrected_loses_our_marks_and_keeps_what_people_noted(world: World) -> None:
    with world.acting("alice"):
        data = filled(written(template.write_template(Student)), {"national_id": "12"}, {"national_id": "34"})
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book.worksheets[0]
        names = [str(cell.value).removeprefix("thabian:") for cell in sheet[1]]
        column = names.index("national_id") + 1
        heads = {cell.column: cell.comment.text for cell in sheet[2] if cell.comment}
        sheet.cell(4, column).comment = Comment("ถามครูประจำชั้น", "Alice")
        book.create_sheet("ของโรงเรียน")["A1"] = "จดไว้"

        first = openpyxl.load_workbook(io.BytesIO(written(imports.marked(judged(imports_of(book))))))
        sheet = first.worksheets[0]
        assert first["ของโรงเรียน"]["A1"].value == "จดไว้"
        assert {cell.column: cell.comment.text for cell in sheet[2] if cell.comment} == heads
        assert all("13 หลัก" in sheet.cell(row, column).comment.text for row in (3, 4))
        assert sheet.cell(4, column).comment.text.startswith("ถามครูประจำชั้น")

        for row in (3, 4):
            sheet.cell(row, column).value = national_id(900 + row)
        second = openpyxl.load_workbook(io.BytesIO(written(imports.marked(judged(imports_of(first))))))
        sheet = second.worksheets[0]
        assert {cell.column: cell.comment.text for cell in sheet[2] if cell.comment} == heads
        assert sheet.cell(3, column).comment is None
        assert sheet.cell(4, column).comment.text == "ถามครูประจำชั้น"
        assert [colour(sheet.cell(row, column)) for row in (3, 4)] == ["", ""]
        name = sheet.cell(3, names.index("first_name") + 1)
        assert (colour(name), bool(name.comment)) == ("FFFFC7CE", True)


def test_of_a_csv_file_a_workbook_is_made_with_the_same_notes(world: World) -> None:
    with world.acting("alice"):
        text = "\n".join(
            ",".join(str(cell) for cell in row) for row in (LABELS, line(900), line(901, room="x"))
        )
        batch = judged(text.encode(), filename="x.csv")
        sheet = openpyxl.load_workbook(io.BytesIO(written(imports.marked(batch)))).active
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["I3"]
        assert "I: ห้อง" in sheet["K3"].value
        assert sheet["I3"].comment.text.partition("\n")[2] in sheet["K3"].value


def test_beyond_so_many_wrong_cells_the_last_column_alone_tells(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "MOST_NOTES", 2)
    with world.acting("alice"):
        batch = judged(workbook(*(line(900 + n, room="x") for n in range(4))))
        sheet = openpyxl.load_workbook(io.BytesIO(written(imports.marked(batch)))).active
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == [
            "K1",
            "I2",
            "I3",
        ]
        assert "2 ช่องแรก" in sheet["K1"].comment.text
        assert [colour(sheet.cell(row, 9)) for row in range(2, 6)] == ["FFFFC7CE"] * 4
        assert all(sheet.cell(row, 11).value for row in range(2, 6))


def written(file: Any) -> bytes:
    """What a spooled file holds; closed."""
    with file:
        return bytes(file.read())


def imports_of(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_two_who_import_the_same_rows_at_once_make_each_once(world: World) -> None:
    rows = [line(number) for number in range(900, 940)]
    with world.acting("alice"):
        first = judged(workbook(*rows)).id
    with world.acting("dan"):
        second = judged(workbook(*reversed(rows))).id
    outcomes = at_once(lambda: settled(world, "alice", first), lambda: settled(world, "dan", second))
    assert outcomes == ["done", "done"]
    with world.acting("dan"):
        written = [imports.batch_with(one).counts for one in (first, second)]
        assert sorted((one["new"], one["held"]) for one in written) == [(0, 40), (40, 0)]
        assert db.session.query(Student).filter_by(school_code=SCHOOL).count() == 44
        assert db.session.query(Change).filter(Change.batch_id.in_([first, second])).count() == 40


def test_of_two_who_commit_one_file_one_is_told(world: World) -> None:
    with world.acting("alice"):
        batch = judged(workbook(line(900), line(100, room=2))).id
    assert sorted(at_once(*(lambda: settled(world, "alice", batch),) * 3)) == [
        "ImportSettled",
        "ImportSettled",
        "done",
    ]


def settled(world: World, persona: str, batch: int) -> str:
    with world.acting(persona):
        try:
            imports.commit(batch)
            db.session.commit()
        except RuleViolation as refusal:
            db.session.rollback()
            return type(refusal).__name__
        return "done"


def test_all_or_nothing_writes_nothing_when_one_row_is_wrong_or_was_edited_meanwhile(world: World) -> None:
    with world.acting("alice"):
        wrong = judged(workbook(line(900), line(901, room="x")))
        with pytest.raises(NotAllGood):
            imports.commit(wrong.id, whole=True)
        db.session.rollback()
        late = judged(workbook(line(902), line(100, room=5)))
        child = db.session.scalars(sa.select(Student).filter_by(national_id=national_id(100))).one()
        child.room = 9
        by_verb()
        db.session.commit()
        with pytest.raises(NotAllGood):
            imports.commit(late.id, whole=True)
        db.session.rollback()
        assert db.session.query(Student).count() == 4
        imports.commit(late.id)
        db.session.commit()
        assert (late.counts["new"], late.counts["changed"], late.counts["held"]) == (1, 0, 1)
        db.session.refresh(child)
        assert child.room == 9


def test_an_undo_stops_and_names_what_was_edited_since(world: World) -> None:
    with world.acting("alice"):
        batch = judged(workbook(line(900), line(100, room=5)))
        imports.commit(batch.id)
        db.session.commit()
        child = db.session.scalars(sa.select(Student).filter_by(national_id=national_id(900))).one()
        child.room = 9
        by_verb()
        db.session.commit()
        with pytest.raises(StillNeeded, match="ชื่อ900"):
            imports.undo(batch.id)
        db.session.rollback()
        assert db.session.query(Student).count() == 5


def test_a_district_imports_for_its_schools_and_no_other_and_each_school_by_its_lock(world: World) -> None:
    with world.acting("bob"), access.performing(Action.CONFIRM, "submission"):
        submission = db.session.scalars(sa.select(Submission).filter_by(school_code=SIBLING)).one()
        submission.state = SubmissionState.CONFIRMED
        db.session.commit()
    with world.acting("dan"):
        batch = judged(
            workbook(
                line(900), line(901, school=SIBLING), line(902, school=FOREIGN), line(200, school=SIBLING)
            )
        )
        assert counts(batch) == {"new": 1, "same": 1, "wrong": 2}
        assert [(n, column) for n, column, _ in problems(batch)] == [(3, "A"), (4, "A")]
        assert "ล็อก" in problems(batch)[0][2]


def test_work_that_dies_in_the_middle_of_a_commit_leaves_nothing_half(world: World) -> None:
    class Killed(BaseException):
        pass

    def die(done: int, _all: int) -> None:
        if done:
            raise Killed

    with world.acting("alice"):
        batch = judged(workbook(line(900), line(100, room=5))).id
        with pytest.raises(Killed):
            imports.commit(batch, tell=die)
        db.session.rollback()
        assert db.session.query(Student).count() == 4
        imports.commit(batch)
        db.session.commit()
        assert db.session.query(Change).filter_by(batch_id=batch).count() == 2


def test_areas_and_schools_are_imported_by_who_owns_them(world: World) -> None:
    header = ("code", "name", "area_code", "lowest_grade", "highest_grade")
    rows = [
        ("16020199", "บ้านใหม่", "1602", "อ.1", "ป.6"),
        (SCHOOL, "บ้านหนองเปลี่ยนชื่อ", "1602", "อ.1", "ป.6"),
        ("16010055", "นอกเขต", "9999", "อ.1", "ป.6"),
    ]
    with world.acting("adam"):
        batch = judged(workbook(*rows, header=header), "school")
        assert (counts(batch), problems(batch)[0][:2]) == ({"new": 1, "changed": 1, "wrong": 1}, (4, "C"))
        imports.commit(batch.id)
        db.session.commit()
        assert (
            db.session.scalars(sa.select(School.scope).filter_by(code="16020199")).one() == "C/1602/16020199"
        )
        db.session.add(pupil("16020199", 777))
        db.session.commit()
        with pytest.raises(StillNeeded, match="บ้านใหม่"):
            imports.undo(batch.id)
        db.session.rollback()
