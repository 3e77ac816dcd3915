"""G-codes and numbers in screens: a request from the form to the code, the reports, the queue, the mailed form."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from appbuilder_app.codes import GDocument
from appbuilder_app.dataset.export import write_xlsx
from appbuilder_app.dataset.forms import asked
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.models import GCodeApplication, Student
from appbuilder_app.workflows import correction_files, gcode_reports, gcodes, number_requests, requests
from appbuilder_app.workflows.requests import Evidence
from tests.app_fixtures import SCHOOL, SIBLING, World, national_id
from tests.gcode_fixtures import PDF, give_provinces, issued, photo, the_form

pytestmark = pytest.mark.any_database("postgresql")

OLD = national_id(100)


@pytest.fixture
def ready(world: World) -> World:
    """Schools with provinces."""
    give_provinces(world)
    return world


def text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def typed(**changed: Any) -> dict[str, str]:
    """The form as a browser sends it."""
    fields, values = fields_of(GCodeApplication), the_form(**changed)
    return {asked(name): str(fields[name].kind.edit(value)) for name, value in values.items()}


def key_in(address: str) -> int:
    found = re.search(r"/gcodes/(\d+)", address)
    assert found is not None, address
    return int(found[1])


def registered(world: World, alice: FlaskClient, dan: FlaskClient) -> None:
    assert alice.get("/gcodes/add").status_code == 403
    sent = {"phone": "081-000-0000", "why": "ครูประจำชั้น"}
    assert alice.post("/gcodes/users", data=sent).status_code == 302
    page = text(dan.get("/gcodes/users"))
    number = re.search(r"/gcodes/users/(\d+)/approve", page)
    assert number is not None
    assert dan.post(f"/gcodes/users/{number[1]}/approve").status_code == 302


def test_from_the_form_to_the_code(ready: World) -> None:
    alice, dan = ready.client("alice"), ready.client("dan")
    registered(ready, alice, dan)
    wrong = alice.post("/gcodes/add", data=typed(first_name=""))
    assert wrong.status_code == 422
    assert "ท่าหิน" in text(wrong)  # nothing that was typed is lost
    refused = alice.post("/gcodes/add", data=typed(birth_certificate_number=national_id(700)))
    assert refused.status_code == 422
    assert "เลขในสูติบัตร" in text(refused)
    saved = alice.post("/gcodes/add", data=typed())
    assert saved.status_code == 302
    key = key_in(saved.location)
    assert "ยังไม่มีไฟล์" in text(alice.get(f"/gcodes/{key}"))
    assert dan.get(f"/gcodes/{key}").status_code == 404
    missing = alice.post(f"/gcodes/{key}/send")
    assert missing.status_code == 422
    for document in (
        GDocument.PHOTO,
        GDocument.FORM,
        GDocument.BIRTH,
        GDocument.PASSPORT,
        GDocument.EMPLOYER,
    ):
        data = photo() if document is GDocument.PHOTO else PDF
        put = alice.post(f"/gcodes/{key}/papers/{document.value}", data={"file": (io.BytesIO(data), "a.pdf")})
        assert put.status_code == 302
    assert alice.post(f"/gcodes/{key}/send").status_code == 302
    assert dan.post(f"/gcodes/{key}/approve").status_code == 409
    assert dan.get(f"/gcodes/{key}/papers/form").data == PDF
    for document in (
        GDocument.PHOTO,
        GDocument.FORM,
        GDocument.BIRTH,
        GDocument.PASSPORT,
        GDocument.EMPLOYER,
    ):
        checked = dan.post(f"/gcodes/{key}/papers/{document.value}/check", data={"accepted": "1"})
        assert checked.status_code == 302
    assert dan.post(f"/gcodes/{key}/approve").status_code == 302
    with ready.acting("alice"):
        application = gcodes.application_with(key)
        assert application.number is not None
        assert application.student_id is not None
        assert application.number in text(alice.get(f"/gcodes/{key}"))
    assert "มะ โพ" in text(dan.get("/gcodes/?state=approved"))
    printed = alice.get(f"/gcodes/{key}/form.pdf")
    assert printed.data.startswith(b"%PDF")
    for persona in ("bob", "charlie", "eve"):
        other = ready.client(persona)
        for address in (f"/gcodes/{key}", f"/gcodes/{key}/papers/photo", f"/gcodes/{key}/form.pdf"):
            assert other.get(address).status_code == 404, (persona, address)
        assert "มะ โพ" not in text(other.get("/gcodes/"))


def test_reports_count_by_school_and_nationality_within_scope(ready: World) -> None:
    with ready.acting("dan"):
        for school, nationality in ((SCHOOL, "เมียนมา"), (SCHOOL, "เมียนมา"), (SIBLING, "ลาว")):
            issued(school, nationality=nationality)
        db.session.commit()
        found = gcode_reports.report()
        assert [(one.name, one.issued, one.replaced) for one in found.places] == [
            ("บ้านหนองตัวอย่าง", 2, 0),
            ("บ้านหนองเพื่อนบ้าน", 1, 0),
        ]
        assert [(one.name, one.issued) for one in found.nationalities] == [("เมียนมา", 2), ("ลาว", 1)]
        assert gcode_reports.report(year=2560).places == []
        with gcode_reports.workbook(found) as file:
            sheet = read_sheet(file.read(), "r.xlsx", ["ออกแล้ว"])
        assert sheet.rows[-1][1][3:] == [3, 3, 0]
    for persona, count in (("alice", 2), ("bob", 1), ("eve", 0), ("cee", 3)):
        with ready.acting(persona):
            assert gcode_reports.report().total.issued == count, persona
    with ready.acting("cee"):
        assert [one.code for one in gcode_reports.report().places] == ["1602"]
        assert [one.code for one in gcode_reports.report("1602").places] == [SCHOOL, SIBLING]
        assert gcode_reports.report("1601").places == []
    dan = ready.client("dan")
    page = text(dan.get("/gcodes/report"))
    assert "<svg" in page
    assert "เมียนมา" in page
    assert dan.get("/gcodes/report.pdf").data.startswith(b"%PDF")
    assert dan.get("/gcodes/report.xlsx", buffered=True).data.startswith(b"PK")


def test_a_replaced_code_is_counted_as_replaced(ready: World) -> None:
    with ready.acting("dan"):
        code = issued().number
        db.session.commit()
    with ready.acting("alice"):
        from tests.app_fixtures import pupil

        child = pupil(SCHOOL, 7, national_id=code)
        db.session.add(child)
        db.session.commit()
        paper = (Evidence("บัตร", "a.pdf", PDF),)
        number = number_requests.ask_succession(child.id, national_id(900), "ได้บัตรแล้ว", paper)
        db.session.commit()
    with ready.acting("dan"):
        requests.approve(number)
        db.session.commit()
        total = gcode_reports.report().total
        assert (total.issued, total.held, total.replaced) == (1, 0, 1)


def test_a_correction_is_asked_for_on_the_students_page_and_decided_in_the_queue(world: World) -> None:
    alice, cee, child = world.client("alice"), world.client("cee"), world.pupil()
    address = f"/numbers/student/{child}"
    sent = {"new": "1-2345-67890-12-0", "why": "พิมพ์ผิด", "file": (io.BytesIO(PDF), "a.pdf")}
    wrong = alice.post(address, data=sent)
    assert wrong.status_code == 422
    assert "พิมพ์ผิด" in text(wrong)
    sent = {"new": national_id(900), "why": "พิมพ์ผิด", "file": (io.BytesIO(PDF), "a.pdf")}
    assert alice.post(address, data=sent).status_code == 302
    for persona in ("bob", "eve"):
        assert world.client(persona).get(address).status_code == 404
        assert "ชื่อ100" not in text(world.client(persona).get("/numbers/corrections"))
    queue = text(cee.get("/numbers/corrections"))
    number = re.search(r'name="id" value="(\d+)"', queue)
    assert number is not None
    assert cee.post("/numbers/corrections", data={"id": [number[1]]}).status_code == 200
    page = text(alice.get(f"/numbers/find?number={OLD}", follow_redirects=True))
    assert "แก้ไขเลขที่บันทึกผิด" in page
    with world.acting("alice"):
        assert db.session.get_one(Student, child).national_id == national_id(900)


def test_the_mailed_form_is_taken_in_row_by_row(world: World) -> None:
    heads = ["รหัสโรงเรียน", "ชื่อ", "นามสกุล", "เลขเดิม", "เลขที่ถูกต้อง", "ผู้แจ้ง", "โทรศัพท์"]
    rows: list[list[Any]] = [
        [SCHOOL, "ชื่อ100", "ทดสอบ", OLD, national_id(900), "ครูเอ", "081"],
        [SCHOOL, "คนอื่น", "ทดสอบ", national_id(101), national_id(901), "", ""],
        [SCHOOL, "", "", national_id(102), "1234567890120", "", ""],
        [SCHOOL, "", "", national_id(300), national_id(903), "", ""],
        [None] * 7,
    ]
    with write_xlsx(heads, rows) as file:
        data = file.read()
    with world.acting("alice"):
        found = correction_files.take_in(data, "form.xlsx")
        assert [one.request_id is not None for one in found] == [True, False, False, False]
        assert "ชื่อในไฟล์ไม่ตรง" in str(found[1].refusal)
        assert OLD not in str(found)  # numbers are masked
    answer = world.client("alice").post(
        "/numbers/corrections/import", data={"file": (io.BytesIO(data), "form.xlsx")}
    )
    assert "มีคำขอเรื่องนี้รอพิจารณาอยู่แล้ว" in text(answer)  # the same row again asks for nothing twice
    with world.acting("cee"), pytest.raises(number_requests.ProofMissing):
        requests.approve(found[0].request_id or 0)
    empty = world.client("alice").get("/numbers/corrections/form.xlsx", buffered=True)
    assert empty.data.startswith(b"PK")
