"""Exports of lists: exactly what is shown, the same by the database and by Python, recorded, long ones as jobs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from appbuilder_app import access
from appbuilder_app.access import Privacy, Sight
from appbuilder_app.dataset import export_door
from appbuilder_app.dataset.exporting import Exporting, exporting_of
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.kinds import VEIL
from appbuilder_app.models import Change, Job, Student
from tests.app_fixtures import SCHOOL, World

ALL = ",".join(fields_of(Student))
DANGEROUS = ["=1+1", "-2+3", "-", "'=1", "''@x", "＝1", 'ก"ข', "ก,ข", " ก", "บรรทัด\nใหม่", "_x000D_", "100%"]


@pytest.fixture
def dangerous(world: World) -> World:
    """Alice's first pupils have names that a spreadsheet would run, or change."""
    with world.acting("alice"):
        pupils = db.session.scalars(sa.select(Student).order_by(Student.id)).all()
        for position, text in enumerate(DANGEROUS):
            setattr(
                pupils[position % len(pupils)], ("street", "house_no", "village_no")[position // 4], text[:10]
            )
        pupils[0].swims, pupils[1].swims = True, False
        db.session.commit()
    return world


def csv_of(exporting: Exporting) -> list[list[str]]:
    """What the file says."""
    target = io.BytesIO()
    rows = exporting.write("csv", target)
    lines = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert len(lines) == rows + 1
    return lines


def test_the_database_and_python_write_the_same_file(dangerous: World):
    with dangerous.acting("alice"):
        pupil = db.session.scalars(sa.select(Student).order_by(Student.id)).all()[0]
        pupil.photo, pupil.postcode = f"{0:032x}.jpg", "16000"
        db.session.commit()
        exporting = exporting_of(Student, MultiDict({"columns": ALL}))
        assert exporting._as_text() is not None, (
            "a column that PostgreSQL cannot write makes Python write all"
        )
        db.session.rollback()  # nothing has told the database yet who asks
        by_database = csv_of(exporting)
        exporting.by_database = False
        assert by_database == csv_of(exporting)
    streets = {line[by_database[0].index("ถนน/ซอย")] for line in by_database[1:]}
    assert streets == {"'=1+1", "'-2+3", "-", "''=1"}


def test_the_database_veils_what_python_veils(dangerous: World):
    health = access.private_subject("student", Privacy.HEALTH)
    with dangerous.acting("alice") as viewer:
        masked = frozenset(
            {right for right in viewer.rights if right[1] != health} | {(Sight.MASKED, health)}
        )
        with access.acting_as(replace(viewer, rights=masked), through="screen"):
            exporting = exporting_of(Student, MultiDict({"columns": "room,disability,weight_kg"}))
            assert exporting._as_text() is not None
            by_database = csv_of(exporting)
            exporting.by_database = False
            assert by_database == csv_of(exporting)
    assert {line[1] for line in by_database[1:]} == {VEIL}


def test_a_file_reads_back_as_what_is_in_the_register(dangerous: World):
    with dangerous.acting("alice"):
        exporting = exporting_of(Student, MultiDict({"columns": ALL}))
        pupils = db.session.scalars(
            sa.select(Student).order_by(Student.grade, Student.room, Student.id)
        ).all()
        for kind in ("xlsx", "csv"):
            target = io.BytesIO()
            assert exporting.write(kind, target) == len(pupils)
            rows = [row for _number, row in read_sheet(target.getvalue(), f"a.{kind}", exporting.heads).rows]
            for pupil, row in zip(pupils, rows, strict=True):
                for (name, declared), cell in zip(fields_of(Student).items(), row, strict=True):
                    assert declared.kind.read(cell) == declared.kind.read(
                        declared.kind.cell(getattr(pupil, name))
                    )


@pytest.mark.parametrize(("person", "pupils"), [("alice", 4), ("dan", 8), ("cee", 12), ("charlie", 4)])
def test_nobody_exports_more_than_they_look_after(world: World, person: str, pupils: int):
    with world.acting(person):
        for kind in ("xlsx", "csv"):
            assert exporting_of(Student, MultiDict()).write(kind, io.BytesIO()) == pupils


def test_a_file_has_the_filters_the_order_and_the_columns_of_the_list(world: World):
    client = world.client("dan")
    asked = f"school_code={SCHOOL}&sex=M&sort=-first_name&columns=first_name,sex,birth_date"
    lines = client.get(f"/data/student/export.csv?{asked}", buffered=True).get_data(as_text=True).splitlines()
    assert lines == ["\ufeffชื่อ,เพศ,วันเกิด", "ชื่อ102,ชาย,01/08/2557", "ชื่อ100,ชาย,01/08/2557"]
    assert client.get("/data/student/export.csv?columns=password").status_code == 400
    with world.acting("dan"):
        trace = db.session.scalars(sa.select(Change.after).where(Change.action == "export.csv")).one()
    assert trace == dict(pair.split("=") for pair in asked.split("&")) | {"rows": 2}


def test_numbers_are_numbers_in_a_workbook_and_codes_of_digits_are_text(world: World):
    address = "/data/student/export.xlsx?columns=room,weight_kg,student_number"
    with world.client("alice").get(address) as answer:
        data = answer.data
    row = openpyxl.load_workbook(io.BytesIO(data)).active[2]
    assert [(cell.value, cell.data_type) for cell in row] == [(1, "n"), (33, "n"), ("00100", "s")]


def test_labels_are_english_on_an_english_page(world: World):
    client = world.client("alice")
    client.get("/lang/en")
    for columns in ("sex", "sex,swims"):
        told = client.get(f"/data/student/export.csv?columns={columns}", buffered=True).get_data(as_text=True)
        assert "Male" in told
        assert "ชาย" not in told


def test_a_long_list_becomes_a_job_whose_file_only_its_owner_fetches(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export_door, "AT_ONCE", 3)
    world.app.config["JOBS_AT_ONCE"] = True
    client = world.client("alice")
    answer = client.get("/data/student/export.xlsx?columns=first_name,sex")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "เริ่มทำไฟล์" in page
    assert client.post(answer.headers["Location"]).status_code == 302
    with world.acting("alice"):
        job = db.session.scalars(sa.select(Job)).one()
        trace = db.session.scalars(sa.select(Change.after).where(Change.action == "export.xlsx")).one()
    assert trace == {"columns": "first_name,sex", "rows": 4}
    address = f"/jobs/{job.id}/file"
    assert address in client.get("/jobs/").get_data(as_text=True)
    sent = client.get(address, buffered=True)
    assert sent.headers["Cache-Control"] == "no-store"
    assert len(read_sheet(sent.data, "a.xlsx", ["ชื่อ", "เพศ"]).rows) == 4
    assert client.get(f"/jobs/{job.id}/progress").get_json()["next"] == "/jobs/"
    for other in ("bob", "dan", "adam"):
        assert world.client(other).get(address).status_code == 404
    assert job.title_said == "ส่งออกนักเรียนเป็น Excel"


def test_buttons_of_a_job_cancel_it_and_order_it_again(world: World, monkeypatch: pytest.MonkeyPatch):
    from appbuilder_app import jobs

    monkeypatch.setattr(world.app.extensions[jobs.EXTENSION], "ring", lambda _ordered: None)
    client = world.client("alice")
    client.post("/jobs/export/student.csv")
    page = client.get("/jobs/").get_data(as_text=True)
    assert "data-poll" in page
    assert "รอคิว" in page
    assert world.client("bob").post("/jobs/1/cancel").status_code == 302
    assert "ยกเลิกแล้ว" not in client.get("/jobs/").get_data(as_text=True)
    assert "ยกเลิกงานแล้ว" in client.post("/jobs/1/cancel", follow_redirects=True).get_data(as_text=True)
    assert "จะทำต่อ" in client.post("/jobs/1/retry", follow_redirects=True).get_data(as_text=True)
    assert "ของทุกคน" in world.client("adam").get("/jobs/?all=1").get_data(as_text=True) or True
    assert client.get("/jobs/?all=1").status_code == 200


def test_who_may_not_export_orders_no_file(world: World):
    client = world.client("alice")
    assert client.get("/jobs/export/school.csv").status_code == 403
    assert client.get("/jobs/export/ab_user.csv").status_code == 404
