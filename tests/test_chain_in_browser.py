"""The main job in a real browser, on both databases: a school's round from its file to the closed round.

The tests of this file are the chapters of one story and run in their order: when one fails, those that need
what it does are skipped, so that the first failure tells where the chain broke.
"""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from appbuilder_app.codes import Disability, Disadvantage, Grade, Living, SubmissionState
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import Roster, Student, Submission
from appbuilder_app.thaidate import bangkok, slash_date, thai_date, thai_datetime, thai_digits
from appbuilder_app.workflows import headcounts, rounds, submissions
from tests.app_fixtures import (
    PASSWORD,
    PUPILS_PER_SCHOOL,
    SCHOOL,
    SIBLING,
    national_id,
)
from tests.browser_fixtures import Person
from tests.story_fixtures import NEIGHBOURS, Story
from tests.student_file_fixtures import SPECIMEN, line

# One story, told in order: its parts need the same process.
pytestmark = [pytest.mark.xdist_group("chain"), pytest.mark.any_database("postgresql")]

REASON = "จำนวนห้องชั้น ป.6 ไม่ตรงกับบัญชีเรียกชื่อ"
LETTER = "ที่ ศธ ๐๔๐๐๖/ว๑ ลงวันที่ ๑ มกราคม ๒๕๗๐"
PNG = b"\x89PNG\r\n\x1a\n" + b"scan of a signed certificate"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
FILE = "2569-2-student.xlsx"
REFUSED = {302, 403, 404, 409, 422}


def school_file(*, spoiled: bool) -> bytes:
    """The national system's file of the school: its specimen, one pupil as stored, and one in another room.

    ``spoiled`` writes a mistyped ID into C10 and a day that no calendar has into K20.
    """
    book = openpyxl.load_workbook(SPECIMEN)
    sheet = book.active
    for cells in (line(100), line(101, ห้อง="2")):
        sheet.append(cells)
    if spoiled:
        typed = str(sheet["C10"].value)
        sheet["C10"] = typed[:-1] + str((int(typed[-1]) + 1) % 10)
        sheet["K20"] = "31/02/2560"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf_text(pdf: bytes, folder: Path) -> str:
    """What a reader finds in the file: as it is laid out, and in the order in which it was written."""
    (file := folder / "certificate.pdf").write_bytes(pdf)
    orders = (["pdftotext", order, str(file), "-"] for order in ("-layout", "-raw"))
    return "\n".join(
        subprocess.run(order, capture_output=True, text=True, check=True).stdout for order in orders
    )


def squeezed(text: str) -> str:
    """Without any white space, which a layout puts where it likes."""
    return "".join(text.split())


# ── The school's data ────────────────────────────────────────────────────────────────────────────────────


def test_an_officer_brings_the_national_file_in(story: Story) -> None:
    alice = story.person("alice")
    alice.reads("บ้านหนองตัวอย่าง", "แก้", "ข้อมูล ณ วันที่ 10 พฤศจิกายน 2569")
    alice.follows("นำเข้าไฟล์")
    upload(alice, school_file(spoiled=True))

    alice.reads("ตรวจไฟล์ก่อนนำเข้า", "178 แถว", "ยังไม่มีข้อมูลใดถูกบันทึก")
    assert story.pupils() == PUPILS_PER_SCHOOL, "a preview writes nothing"
    wrong = {(row[0], row[1].split()[0]) for row in alice.rows()}
    assert wrong == {("10", "C"), ("20", "K")}
    alice.reads("หลักตรวจสอบไม่ตรง", "31/02/2560")
    assert alice.downloads("ดาวน์โหลดแถวที่ผิดไปแก้").startswith(b"PK")
    assert tabs(alice) == {"ผิด": 2, "ใหม่": 174, "เปลี่ยน": 1, "ไม่มีในไฟล์": 2, "เหมือนเดิม": 1}
    for tab, part in (("ใหม่", "1–100"), ("เปลี่ยน", "ห้อง 1"), ("ไม่มีในไฟล์", "ระบบไม่ลบให้")):
        alice.follows(alice.page.locator(".tabs").get_by_role("link", name=tab))
        alice.reads(part)

    alice.agrees("นำเข้า 175 แถว", "นำเข้า")
    alice.reads("นำเข้าแล้ว เพิ่ม 174 คน แก้ไข 1 คน")
    assert story.pupils() == PUPILS_PER_SCHOOL + 174
    assert story.pupils(Student.room == 2, Student.national_id == national_id(101)) == 1

    alice.opens("/import/")
    upload(alice, school_file(spoiled=False))
    assert tabs(alice)["ใหม่"] == 2
    alice.agrees("นำเข้า 2 แถว", "นำเข้า")
    alice.opens("/import/")
    upload(alice, school_file(spoiled=False))
    alice.reads("ไฟล์นี้ไม่มีอะไรต้องบันทึก")
    assert story.pupils() == PUPILS_PER_SCHOOL + 176
    story.tells("imported")


def upload(person: Person, data: bytes) -> None:
    """Drop the file and have it judged."""
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    person.page.set_input_files("#file", {"name": FILE, "mimeType": mime, "buffer": data})
    person.presses("ตรวจไฟล์")


def tabs(person: Person) -> dict[str, int]:
    """How many rows each outcome has."""
    words = person.page.locator(".tabs a").evaluate_all(
        "links => links.map(a => [a.firstChild.textContent.trim(), a.querySelector('.count').textContent])"
    )
    return {label: int(count.replace(",", "")) for label, count in words}


def test_the_officer_finds_adds_mends_and_removes_pupils(story: Story) -> None:
    story.needs("imported")
    alice = story.person("alice")
    finds_in_the_roster(story, alice)
    adds_a_pupil(story, alice)
    loses_nothing_when_logged_out(story, alice)
    keeps_a_view_and_changes_many(story, alice)

    alice.opens(f"/data/student/{story.pupil_id(950)}")
    alice.follows("แก้ไข")
    alice.fills(house_no="99/1")
    alice.presses("บันทึก")
    alice.reads("99/1", "ประวัติการแก้ไข")

    alice.opens(f"/data/student/{story.pupil_id(103)}")
    alice.follows("ลบ")
    alice.reads("ชื่อ103", "ประวัติการแก้ไขยังเก็บไว้")
    alice.presses("ลบรายการนี้")
    alice.reads("ลบ “ชื่อ103 ทดสอบ” แล้ว")
    assert story.pupils() == PUPILS_PER_SCHOOL + 176
    story.tells("kept")


def finds_in_the_roster(story: Story, alice: Person) -> None:
    """Search, filters and order, each against the database."""
    alice.opens("/data/student/")
    alice.reads(f"จาก {PUPILS_PER_SCHOOL + 176} รายการ")
    alice.fills(q="ชื่อ102")
    alice.presses("ค้นหา")
    assert len(alice.rows()) == 1

    alice.opens("/data/student/")
    alice.ticks("grade", "ประถมศึกษาปีที่ 6")
    alice.ticks("sex", "หญิง")
    alice.fills(**{"f-room": "1", "f-room-to": "1"})
    alice.presses("กรอง")
    assert alice.page.url.endswith("?sex=F&grade=09&room.from=1&room.to=1")
    expected = story.pupils(Student.grade == Grade("09"), Student.room == 1, Student.sex == "F")
    assert 0 < len(alice.rows()) == expected

    alice.follows("นามสกุล")
    expect(alice.page.locator("th[aria-sort=ascending]")).to_contain_text("นามสกุล")
    upwards = [row[0] for row in alice.rows()]
    alice.follows("นามสกุล")
    assert [row[0] for row in alice.rows()] == upwards[::-1]
    alice.follows("ล้าง")
    alice.follows("ถัดไป")
    alice.reads(f"แสดง 26–50 จาก {PUPILS_PER_SCHOOL + 176} รายการ")


def adds_a_pupil(story: Story, alice: Person) -> None:
    """First with errors: they stand beside their fields, and nothing typed is lost."""
    typed = {
        "national_id": national_id(950)[:-1] + str((int(national_id(950)[-1]) + 1) % 10),
        "title": "เด็กชาย", "first_name": "ปกรณ์", "last_name": "ย้ายมาใหม่", "sex": "ชาย",
        "birth_date": "๑/๘/๒๕๕๗", "grade": "ประถมศึกษาปีที่ 6", "room": "1", "student_number": "09500",
        "weight_kg": "500", "height_cm": "141",
    }  # fmt: skip
    alice.opens("/data/student/")
    alice.follows("เพิ่มนักเรียน")
    alice.fills(**typed)
    alice.presses("บันทึก", status=422)
    alice.reads("ยังบันทึกไม่ได้ กรุณาแก้ไข 2 เรื่องต่อไปนี้")
    for field in ("national_id", "weight_kg"):
        alice.turns_to(alice.page.locator(f"#{field}"))
        assert alice.page.locator(f"#{field}").get_attribute("aria-invalid") == "true"
        expect(alice.page.locator(f"#{field}-error")).to_be_visible()
    for field, value in (("first_name", "ปกรณ์"), ("birth_date", "01/08/2557"), ("weight_kg", "500")):
        assert alice.page.locator(f"#{field}").input_value() == value
    alice.fills(national_id=national_id(950), weight_kg="33.5")
    alice.presses("บันทึก")
    alice.reads("บันทึก “ปกรณ์ ย้ายมาใหม่” แล้ว", "33.5 กก.", "1 ส.ค. 2557")


def loses_nothing_when_logged_out(story: Story, alice: Person) -> None:
    """Tabs by arrow keys; logged out in another tab, saved, logged in again: what was typed comes back."""
    form = f"/data/student/{story.pupil_id(950)}/edit"
    alice.opens(form)
    alice.page.locator("[role=tab]").first.focus()
    alice.page.keyboard.press("ArrowRight")
    expect(alice.page.locator("[role=tab]").nth(1)).to_be_focused()
    expect(alice.page.locator("[role=tabpanel]").first).to_be_hidden()
    alice.fills(house_no="77/7", disadvantage="")
    alice.page.locator("[role=tab]").first.click()
    alice.page.keyboard.press("Control+s")
    expect(alice.page.locator("#disadvantage")).to_be_visible()  # its tab opened, for it must be filled in
    alice.fills(disadvantage="ไม่ด้อยโอกาส")
    alice.turns_to(alice.page.locator("#house_no"))

    other = alice.context.new_page()
    other.goto("/")
    other.locator("details.who summary").click()
    with other.expect_navigation():
        other.locator("[data-logout] button").click()
    other.close()
    with alice.page.expect_navigation():
        alice.page.keyboard.press("Control+s")
    alice.logs_in("alice")
    alice.opens(form)
    alice.page.get_by_role("button", name="นำกลับมาใส่").click()
    assert alice.page.locator("#house_no").input_value() == "77/7"
    alice.presses("บันทึก")
    alice.reads("77/7")


def keeps_a_view_and_changes_many(story: Story, alice: Person) -> None:
    """A list of one's own under a name; then all its rows are changed together, and back."""
    alice.opens("/data/student/?grade=09&columns=first_name,last_name,room")
    alice.page.locator("details.views summary").click()
    alice.page.locator("#view-name").fill("ป.6 ทั้งหมด")
    alice.presses(alice.page.locator(".saveview button"))
    expect(alice.page.locator("details.views summary")).to_contain_text("ป.6 ทั้งหมด")
    assert len(alice.rows()[0]) == 4, "a tick and three columns"

    alice.page.keyboard.press("j")
    alice.page.keyboard.press("x")
    expect(alice.page.locator("[data-count]")).to_have_text("1")
    alice.presses("แก้ไขพร้อมกัน")
    alice.page.locator("#many-field").select_option("street")
    alice.presses("ต่อไป")
    alice.fills(street="ซอยทดสอบ", **{"many-reason": "แก้ที่อยู่"})
    alice.presses("ตรวจดูก่อน")
    alice.presses("บันทึก 1 รายการ")
    alice.reads("แก้ไขแล้ว 1 รายการ")
    assert story.pupils(Student.street == "ซอยทดสอบ") == 1


def test_the_checklist_leads_to_what_must_be_mended(story: Story) -> None:
    story.needs("kept")
    alice = story.person("alice")
    alice.opens("/")
    alice.reads("แก้หรือชี้แจง", "นักเรียน 1 คนยังไม่มีน้ำหนักหรือส่วนสูง")
    alice.follows(alice.page.get_by_role("link", name="ดูรายการ", exact=True))
    assert alice.page.get_by_role("button", name="ยืนยันข้อมูล").count() == 0
    alice.follows(alice.page.locator("#weight-height .records a").first)
    expect(alice.page.locator("#weight_kg")).to_be_focused()
    alice.fills(weight_kg="๒๐.๕", height_cm="110")
    alice.presses("บันทึก")
    assert alice.page.url.endswith(f"/submission/{SCHOOL}#checklist"), "saving leads back to the list"
    while (asked := alice.page.locator("#checklist .warn a.btn")).count():
        alice.follows(asked.first)
        alice.page.get_by_label("เลือกทุกรายการ").check()
        alice.fills(text="ตรวจกับเอกสารแล้วถูกต้อง")
        alice.presses("ชี้แจงรายการที่เลือก")
    alice.reads("รายการตรวจสอบผ่านแล้ว", f"นักเรียนทั้ง {story.pupils()} คนเป็นนักเรียนที่มีตัวตนอยู่จริง")
    story.tells("checked")


# ── Confirm and certify ──────────────────────────────────────────────────────────────────────────────────


def test_the_officer_confirms_and_the_data_lock(story: Story) -> None:
    story.needs("checked")
    alice, somying = story.person("alice"), story.person("somying")
    alice.opens(f"/data/student/{story.pupil_id(100)}/edit")
    alice.fills(birth_province="พิมพ์ค้างไว้")
    somying.opens("/submission/")
    somying.page.evaluate("document.querySelector('[name=stated]').removeAttribute('required')")
    somying.fills(proof=PASSWORD)
    somying.presses("ยืนยันข้อมูล", status=422)
    assert story.state() is SubmissionState.OPEN, "nobody confirms without the statement"
    somying.page.get_by_label("ข้าพเจ้า").check()
    somying.fills(proof=PASSWORD)
    somying.presses("ยืนยันข้อมูล")
    somying.reads("ยืนยันข้อมูลแล้ว ข้อมูลของรอบนี้ถูกล็อก")
    assert story.state() is SubmissionState.CONFIRMED

    alice.presses("บันทึก", status=409)
    alice.reads("ถูกล็อกแล้ว")
    assert alice.page.locator("#birth_province").input_value() == "พิมพ์ค้างไว้"
    alice.opens("/data/student/")
    assert alice.page.get_by_role("link", name="เพิ่มนักเรียน").count() == 0
    alice.reads("ถูกล็อกแล้ว")
    assert write_attempts(story, alice) == {409}
    story.tells("confirmed")


def write_attempts(story: Story, person: Person) -> set[int]:
    """The answers to each way of writing pupils that a browser has."""
    key = story.pupil_id(100)
    person.opens("/accounts/password")
    typed = {
        "national_id": national_id(960), "title": "001", "first_name": "เปลี่ยน", "last_name": "ทดสอบ",
        "sex": "M", "grade": "09", "room": "1", "student_number": "00960",
    }  # fmt: skip
    sent = {**typed, "school_code": SCHOOL, "birth_date": "2014-08-01", "room": 1}
    return {
        person.posts("/data/student/add", **typed, school_code=SCHOOL, birth_date="01/08/2557"),
        person.posts(f"/data/student/{key}/edit", house_no="77/7"),
        person.posts(f"/data/student/{key}/delete"),
        person.asks_the_api("PATCH", f"/api/v1/student/{key}", {"first_name": "เปลี่ยน"}),
        person.asks_the_api("DELETE", f"/api/v1/student/{key}"),
        person.asks_the_api("POST", "/api/v1/student/", sent),
    }


def test_the_director_compares_and_certifies_and_who_confirmed_cannot(story: Story) -> None:
    story.needs("confirmed")
    somying = story.person("somying")
    somying.opens("/submission/")
    assert somying.page.get_by_role("button", name="รับรองข้อมูล").count() == 0
    assert somying.posts(f"/submission/{SCHOOL}/certify", stated="1", proof=PASSWORD) == 409
    assert story.person("alice").posts(f"/submission/{SCHOOL}/certify", stated="1", proof=PASSWORD) in {
        302,
        403,
    }
    assert story.state() is SubmissionState.CONFIRMED

    dao = story.person("dao")
    dao.follows("ตรวจและรับรอง")
    dao.reads("ยืนยันแล้วเมื่อ", "Somying ทดสอบ (รองผู้อำนวยการ)", "เทียบกับรอบที่ 1 ปีการศึกษา 2569")
    assert compared(dao) == expected_comparison(story)
    dao.page.get_by_label("ข้าพเจ้า").check()
    dao.fills(proof=PASSWORD)
    dao.presses(f"รับรองข้อมูล {story.pupils()} คน")
    dao.reads("ออกใบรับรองแล้ว", story.certificates()[0].number)
    assert story.state() is SubmissionState.CERTIFIED
    story.tells("certified")


def compared(person: Person) -> list[list[str]]:
    """The table of grades: name, boys, girls, all and rooms now, the same in the last round, difference."""
    rows: list[list[str]] = person.page.locator("table.counts tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return [[cell.lstrip("+").replace("−", "-") for cell in row] for row in rows]


def roster_of_the_past() -> Roster:
    """What the school confirmed in round 1."""
    query = sa.select(Roster).join(Submission, Submission.roster_id == Roster.id)
    past = rounds.round_of(2569, 1).id
    return db.session.scalars(
        query.where(Submission.round_id == past, Submission.school_code == SCHOOL)
    ).one()


def expected_comparison(story: Story) -> list[list[str]]:
    """What the register says now beside what was frozen in the last round, counted here once more."""

    def count() -> list[list[str]]:
        query = sa.select(Student.grade, Student.sex, Student.room).filter_by(school_code=SCHOOL)
        pupils = db.session.execute(query).all()
        before = {row.grade: row for row in headcounts.frozen(roster_of_the_past()).grades}
        lines = []
        for grade in sorted({grade for grade, _, _ in pupils} | set(before)):
            sexes = Counter(sex.value for found, sex, _ in pupils if found is grade)
            rooms = {room for found, _, room in pupils if found is grade}
            then = before[grade]
            now = (sexes["M"], sexes["F"], sexes.total(), len(rooms))
            past = (then.male, then.female, then.total, then.rooms)
            lines.append([grade.short, *map(str, (*now, *past, now[2] - past[2]))])
        return lines

    found: list[list[str]] = story.read(count)
    return found


def test_the_certificate_bears_every_figure_of_the_database(story: Story, tmp_path: Path) -> None:
    story.needs("certified")
    dao = story.person("dao")
    dao.opens("/submission/")
    text = pdf_text(dao.downloads("ดาวน์โหลด PDF"), tmp_path)
    words = squeezed(text)
    certificate = story.certificates()[0]

    def facts() -> tuple[Submission, str]:
        submission = submissions.submission_of(SCHOOL)
        return submission, db.session.get_one(Roster, submission.roster_id).root

    submission, digest = story.read(facts)
    for grade_row in expected_comparison(story):
        label = next(grade.th for grade in Grade if grade.short == grade_row[0])
        assert squeezed(str(label)) + "".join(grade_row[1:5]) in words, label
    total = [story.pupils(Student.sex == sex) for sex in ("M", "F")]
    assert f"รวมทั้งสิ้น{total[0]}{total[1]}{sum(total)}" in words
    assert squeezed(special_figures(story)) in words
    for said in (
        f"เลขที่ {certificate.number}", "ฉบับที่ 1", "บ้านหนองตัวอย่าง", SCHOOL, "สพป.ลพบุรี เขต 2", digest,
        "(Somying ทดสอบ)", "รองผู้อำนวยการ", "(Dao ทดสอบ)", "ผู้อำนวยการโรงเรียน", "ปีการศึกษา ๒๕๖๙ รอบที่ ๒",
        "ข้อมูล ณ วันที่ " + thai_digits(thai_date(dt.date(2026, 11, 10))), "มีตัวตนอยู่จริงในโรงเรียน",
        "ยืนยันเมื่อ " + thai_digits(thai_datetime(bangkok(submission.confirmed_at))),
        "รับรองเมื่อ " + thai_digits(thai_datetime(bangkok(submission.certified_at))),
    ):  # fmt: skip
        assert squeezed(said) in words, said
    story.tells("printed")


def special_figures(story: Story) -> str:
    """Disadvantaged, disabled, boarding, G-codes and 3.1.8, counted here once more."""
    counted = (
        Student.disadvantage != Disadvantage.NONE,
        Student.disability != Disability.NONE,
        Student.living == Living.DORMITORY,
        Student.national_id.like("G%"),
        Student.pending_discharge.is_(True),
    )
    return " ".join(str(story.pupils(condition)) for condition in counted)


def test_the_signed_scan_is_kept_beside_the_certificate(story: Story) -> None:
    story.needs("certified")
    dao = story.person("dao")
    dao.opens("/submission/")
    attach(dao, "ใบรับรอง.png", "image/png", b"MZ not a picture")
    assert dao.page.locator(".callout.bad").count() == 1
    attach(dao, "ใบรับรอง.png", "image/png", PNG)
    dao.reads("ลงนามและแนบแล้ว", "โดย Dao ทดสอบ")
    alice = story.person("alice")
    alice.opens("/submission/")
    address = alice.page.get_by_role("link", name="เปิดฉบับลงนาม").get_attribute("href")
    scan = alice.context.request.get(str(address))
    assert (scan.status, scan.headers["content-type"], scan.body()) == (200, "image/png", PNG)
    story.tells("scanned")


def attach(person: Person, name: str, mime: str, data: bytes) -> None:
    """Upload a file to the certificate."""
    person.page.set_input_files("#scan", {"name": name, "mimeType": mime, "buffer": data})
    person.presses("แนบไฟล์")


# ── The district ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_district_sees_all_schools_and_returns_one(story: Story, tmp_path: Path) -> None:
    story.needs("certified")
    dan = story.person("dan")
    dan.follows("ดูทุกโรงเรียน")
    watched = {row[1].split()[-1]: row for row in dan.rows()}
    assert set(watched) == {SCHOOL, SIBLING, *NEIGHBOURS}
    assert "รับรองแล้ว" in watched[SCHOOL][2]
    assert "เจ้าหน้าที่เขตพื้นที่การศึกษา" in watched[SCHOOL][3]
    assert "กำลังบันทึก" in watched[SIBLING][2]
    assert "เหลือ" in watched[SIBLING][-1]

    dan.follows("บ้านหนองตัวอย่าง")
    dan.agrees("ส่งกลับให้แก้ไข", "ส่งกลับ", reason=REASON)
    dan.reads("ส่งกลับแล้ว โรงเรียนแก้ไขข้อมูลได้อีกครั้ง", REASON, "ใบรับรองที่ยกเลิกแล้ว 1 ฉบับ")
    assert story.state() is SubmissionState.OPEN
    void = story.certificates()[0]
    assert void.is_void
    assert void.void_reason == REASON

    alice = story.person("alice")
    alice.opens("/")
    alice.reads(REASON)
    alice.follows("การส่งข้อมูล")
    paper = alice.context.request.get(f"/certificate/{void.id}.pdf").body()
    assert "ยกเลิกแล้ว" in pdf_text(paper, tmp_path)
    alice.opens(f"/data/student/{story.pupil_id(101)}/edit")
    alice.fills(house_no="78")
    alice.presses("บันทึก")
    alice.reads("ชื่อ101")
    story.tells("returned")


def test_the_school_signs_again_and_gets_another_certificate(story: Story) -> None:
    story.needs("returned")
    alice, dao = story.person("alice"), story.person("dao")
    alice.opens("/submission/")
    alice.page.get_by_label("ข้าพเจ้า").check()
    alice.fills(proof=PASSWORD)
    alice.presses("ยืนยันข้อมูล")
    dao.opens("/submission/")
    dao.page.get_by_label("ข้าพเจ้า").check()
    dao.fills(proof=PASSWORD)
    dao.presses("รับรองข้อมูล")
    first, second = story.certificates()
    dao.page.get_by_text("ใบรับรองที่ยกเลิกแล้ว 1 ฉบับ").click()
    dao.reads(second.number, first.number, REASON)
    assert (first.is_void, second.is_void) == (True, False)
    assert second.number > first.number
    assert second.content["version"] == 2
    assert second.content["roster_hash"] != first.content["roster_hash"]
    story.tells("signed again")


def test_the_district_acknowledges_one_and_then_many_at_once(story: Story) -> None:
    story.needs("signed again")
    dan = story.person("dan")
    dan.opens(f"/submission/{SCHOOL}")
    dan.agrees("รับทราบข้อมูล", "รับทราบ")
    dan.reads("รับทราบข้อมูลของโรงเรียนแล้ว", "เขตพื้นที่รับทราบแล้ว")
    assert story.state() is SubmissionState.ACKNOWLEDGED

    dan.opens("/")
    dan.follows("ตรวจและรับทราบ")
    dan.page.get_by_label("เลือกทุกโรงเรียนที่รับทราบได้").check()
    expect(dan.page.locator("[data-count]")).to_have_text("2")
    dan.agrees("รับทราบ", "รับทราบ")
    dan.reads("รับทราบแล้ว 2 โรงเรียน", *NEIGHBOURS.values())
    assert {story.state(code) for code in NEIGHBOURS} == {SubmissionState.ACKNOWLEDGED}
    dan.follows("กลับไปที่ตารางโรงเรียน")
    story.tells("acknowledged")


# ── The centre ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_centre_makes_next_years_rounds(story: Story) -> None:
    cee = story.person("cee")
    cee.follows("รอบและกำหนดเวลา")
    cee.follows("สร้างรอบของปีการศึกษา")
    cee.reads("สร้างรอบของปีการศึกษา 2570")
    cee.fills(source=LETTER)
    cee.fills(**{"round1-edit-closes_day": "31/02/2570"})
    cee.page.evaluate("document.querySelector('#year-form').noValidate = true")
    cee.presses("สร้างรอบ", status=422)
    assert cee.page.locator("#source").input_value() == LETTER
    cee.fills(**{"round1-edit-closes_day": "12/06/2570"})
    cee.presses("สร้างรอบ")
    cee.reads("สร้างรอบของปีการศึกษา 2570 แล้ว", "รอบที่ 3 ปีการศึกษา 2570", "12 มิ.ย. 2570", LETTER)
    made = story.read(lambda: [one.number for one in rounds.all_rounds() if one.academic_year == 2570])
    assert sorted(made) == [1, 2, 3]
    story.tells("next year")


def test_an_exception_gives_one_school_time_that_the_others_no_longer_have(story: Story) -> None:
    cee, bob = story.person("cee"), story.person("bob")
    now = bangkok(lock.now())
    present = story.present_round()
    cee.opens(f"/rounds/{present}/windows")
    over = now - HOUR
    cee.fills(
        **{"edit-closes_day": slash_date(over.date()), "edit-closes_time": f"{over:%H.%M}", "source": LETTER}
    )
    cee.presses("บันทึกช่วงเวลา")
    cee.reads("บันทึกช่วงเวลาที่เปลี่ยน 1 รายการแล้ว")
    bob.opens("/data/student/")
    assert bob.page.get_by_role("link", name="เพิ่มนักเรียน").count() == 0

    cee.follows("ผ่อนผันเวลา")
    cee.chooses("school_code", "เพื่อนบ้าน")
    cee.fills(closes_day=slash_date((now + 2 * DAY).date()), reason="น้ำท่วมถนนเข้าโรงเรียน")
    cee.presses("ผ่อนผันเวลา")
    cee.reads("ผ่อนผันเวลาแล้ว", "บ้านหนองเพื่อนบ้าน", "น้ำท่วมถนนเข้าโรงเรียน")
    bob.opens("/data/student/")
    bob.follows("เพิ่มนักเรียน")
    bob.opens("/rounds/")
    bob.reads("ผ่อนผัน")
    story.tells("excepted")


# ── The administrator ────────────────────────────────────────────────────────────────────────────────────


def test_a_new_account_must_change_its_first_password(story: Story) -> None:
    adam = story.person("adam")
    adam.follows("บัญชีผู้ใช้")
    adam.follows("เพิ่มบัญชี")
    adam.fills(username="bob", first_name="ครูใหม่", last_name="ทดสอบ", position="ครู")
    adam.chooses("school_code", "เพื่อนบ้าน")
    adam.page.get_by_label("เจ้าหน้าที่ข้อมูลโรงเรียน").check()
    adam.presses("สร้างบัญชี", status=422)
    assert adam.page.locator("#first_name").input_value() == "ครูใหม่"
    adam.fills(username="khru.mai")
    adam.presses("สร้างบัญชี")
    adam.reads("รหัสผ่านนี้แสดงครั้งเดียว", "khru.mai", "บ้านหนองเพื่อนบ้าน")
    first = adam.page.locator(".secret dd").nth(1).inner_text()

    teacher = story.stranger()
    teacher.opens("/login/")
    teacher.fills(username="khru.mai", password="ไม่ใช่รหัสนี้")
    teacher.presses("เข้าสู่ระบบ", status=401)
    assert teacher.page.locator("#username").input_value() == "khru.mai"
    teacher.logs_in("khru.mai", first)
    teacher.opens("/data/student/")
    teacher.reads("กรุณาตั้งรหัสผ่านใหม่ก่อนเริ่มใช้งาน")
    teacher.fills(current=first, new="วลีที่จำง่ายมาก", again="วลีที่จำง่ายมาก")
    teacher.presses("เปลี่ยนรหัสผ่าน")
    teacher.reads("เปลี่ยนรหัสผ่านแล้ว", "บ้านหนองเพื่อนบ้าน")
    teacher.page.locator("details.who summary").click()
    teacher.presses(teacher.page.get_by_role("button", name="ออกจากระบบ"))
    teacher.reads("ออกจากระบบแล้ว")


def test_rights_that_are_changed_in_the_matrix_hold_at_once(story: Story) -> None:
    story.needs("excepted")
    adam, bob = story.person("adam"), story.person("bob")
    ticks(adam, wanted=False)
    bob.opens("/data/student/")
    assert bob.page.get_by_role("link", name="เพิ่มนักเรียน").count() == 0
    assert bob.posts("/data/student/add", first_name="ก") in {302, 403}
    ticks(adam, wanted=True)
    bob.opens("/data/student/")
    bob.follows("เพิ่มนักเรียน")


def ticks(adam: Person, *, wanted: bool) -> None:
    """Give or take the officers' right to write pupils."""
    adam.opens("/roles/")
    adam.follows("เจ้าหน้าที่ข้อมูลโรงเรียน")
    adam.page.locator("[name=right][value='write:student']").set_checked(wanted)
    adam.presses("บันทึกสิทธิ์")
    adam.reads("บันทึกสิทธิ์ของบทบาท “เจ้าหน้าที่ข้อมูลโรงเรียน” แล้ว")


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────


def test_after_the_closing_nobody_writes_by_any_way(story: Story) -> None:
    story.needs("imported")
    cee = story.person("cee")
    present = story.present_round()
    cee.opens(f"/rounds/{present}")
    cee.follows("ปิดรอบ")
    cee.reads("ปิดแล้วเปิดใหม่ไม่ได้")
    cee.fills(typed="รอบที่ 9")
    cee.presses("ปิดรอบนี้ถาวร", status=422)
    cee.fills(typed="รอบที่ 2 ปีการศึกษา 2569")
    cee.presses("ปิดรอบนี้ถาวร")
    cee.reads("ปิดรอบแล้วเมื่อ", "โดย Cee ทดสอบ")

    before = story.read(register)
    for name in ("alice", "bob", "dan", "adam"):
        person = story.person(name)
        person.opens("/data/student/")
        assert person.page.get_by_role("link", name="เพิ่มนักเรียน").count() == 0, name
        assert write_attempts(story, person) <= REFUSED, name
        assert imported(person, school_file(spoiled=False)) in {302, 403, 409, 422}, name
    signs = {
        ("alice", "confirm"),
        ("dao", "certify"),
        ("dan", "acknowledge"),
        ("dan", "return"),
        ("cee", "return"),
    }
    for name, verb in signs:
        assert (
            story.person(name).posts(f"/submission/{SIBLING}/{verb}", stated="1", proof=PASSWORD, reason="ก")
            != 200
        )
        assert story.person(name).posts(
            f"/submission/{SCHOOL}/{verb}", stated="1", proof=PASSWORD, reason="ก"
        ) in {
            302,
            403,
            404,
            409,
        }
    assert cee.posts(f"/rounds/{present}/exception", school_code=SIBLING, closes_day="1/1/2571",
                     closes_time="16.30", actions="edit", reason="ขอ") in {302, 403, 409, 422}  # fmt: skip
    assert story.read(register) == before
    story.tells("closed")


def imported(person: Person, data: bytes) -> int:
    """The answer to a file that is posted past the page, which offers no drop zone any more."""
    token = person.token()
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    form: dict[str, Any] = {
        "csrf_token": token,
        "school": SCHOOL,
        "file": {"name": FILE, "mimeType": mime, "buffer": data},
    }
    return person.context.request.post("/import/", multipart=form, max_redirects=0).status


def register() -> list[tuple[Any, ...]]:
    """Every pupil's row, and how far every school is."""
    pupils = db.session.scalars(sa.select(Student).order_by(Student.id))
    columns = Student.__table__.c.keys()
    reached = sa.select(Submission.id, Submission.state, Submission.version).order_by(Submission.id)
    rows = [tuple(getattr(pupil, name) for name in columns) for pupil in pupils]
    return rows + [tuple(row) for row in db.session.execute(reached)]
