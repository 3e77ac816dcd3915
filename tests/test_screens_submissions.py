"""A school's round on the screen: what each role sees and may do, the certificate and its signed scan."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import Capacity, WindowAction
from appbuilder_app.declaration import db
from appbuilder_app.models import SignedScan, Student, Submission
from tests.app_fixtures import FOREIGN, PASSWORD, SCHOOL, SIBLING, World, pupil
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")

PAGE = f"/submission/{SCHOOL}"
PDF, PNG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"


# ── Who sees the page ────────────────────────────────────────────────────────────────────────────────────


def test_who_looks_after_the_school_sees_its_page(screens: Screens) -> None:
    for name in ("alice", "dao", "dan", "cee", "adam"):
        text = screens.page(name, PAGE)
        assert "บ้านหนองตัวอย่าง" in text
        assert "รายการตรวจสอบ" in text
        assert "จำนวนนักเรียน" in text


def test_others_get_nothing_of_the_school(screens: Screens) -> None:
    for name in ("bob", "charlie", "eve"):
        assert "บ้านหนองตัวอย่าง" not in screens.page(name, PAGE, status=404)


def test_who_is_not_logged_in_is_sent_to_the_door(world: World) -> None:
    assert "/login/" in world.client().get(PAGE).headers["Location"]


def test_a_schools_own_page_needs_no_code(screens: Screens) -> None:
    answer = screens.of("alice").get("/submission/")
    assert answer.headers["Location"].endswith(PAGE)
    assert screens.of("dan").get("/submission/").headers["Location"].endswith("/watch/")


# ── What it shows ────────────────────────────────────────────────────────────────────────────────────────


def test_the_checklist_links_to_each_record_to_mend(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(weight_kg=None)
    key = screens.world.pupil()
    text = screens.page("alice", PAGE)
    assert "R23" in text
    assert f"/data/student/{key}/edit" in text
    assert 'name="stated"' not in text
    assert f"/data/student/{key}/edit" not in screens.page("dao", PAGE)


def test_the_figures_stand_beside_the_last_round(screens: Screens, played: Round) -> None:
    played.is_acknowledged()
    played.close()
    played.does("cee", _next_year)
    played.does("alice", lambda: db.session.add(pupil(SCHOOL, 990)))
    text = screens.page("alice", PAGE)
    assert "เทียบกับรอบที่ 2 ปีการศึกษา 2569" in text
    assert "+1" in text


def _next_year() -> None:
    import datetime as dt

    from appbuilder_app.dataset import lock
    from appbuilder_app.workflows import rounds

    one = rounds.create_round(2570, 1, dt.date(2027, 6, 10), "ว1")
    for action in WindowAction:
        rounds.set_window(one, action, "C", lock.now() - DAY, lock.now() + DAY, source="ว1")
    rounds.open_submissions(one)


def test_a_closed_round_can_be_read_but_offers_no_button(screens: Screens, played: Round) -> None:
    played.is_certified()
    played.close()
    text = screens.page("dan", PAGE)
    assert "รอบนี้ปิดแล้ว" in text
    assert "/acknowledge" not in text
    assert "/return" not in text


def test_the_page_of_a_larger_school_takes_no_more_statements(screens: Screens, played: Round) -> None:
    few = screens.statements("alice", PAGE)
    played.does("alice", lambda: db.session.add_all(pupil(SCHOOL, number) for number in range(700, 760)))
    assert screens.statements("alice", PAGE) == few


# ── Signing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_signs_without_the_statement(screens: Screens) -> None:
    assert "ทำเครื่องหมาย" in screens.sent("alice", f"{PAGE}/confirm", status=422)
    assert "กำลังบันทึก" in screens.page("dan", "/watch/")


def test_the_officer_confirms_and_the_director_certifies(screens: Screens) -> None:
    assert "ยืนยันข้อมูลแล้ว" in screens.sent("alice", f"{PAGE}/confirm", stated="1", proof=PASSWORD)
    before = screens.page("dao", PAGE)
    assert "Alice ทดสอบ" in before
    assert "ขอรับรองว่านักเรียนทั้ง 4 คน" in before
    assert "ออกใบรับรองแล้ว" in screens.sent("dao", f"{PAGE}/certify", stated="1", proof=PASSWORD)
    assert "1602-2569-0001" in screens.page("dan", PAGE)


def test_the_director_has_no_button_to_confirm_and_is_refused(screens: Screens) -> None:
    assert f"{PAGE}/confirm" not in screens.page("dao", PAGE)
    screens.sent("dao", f"{PAGE}/confirm", status=403, stated="1", proof=PASSWORD)


def test_a_hidden_button_and_the_refusal_say_the_same(screens: Screens, played: Round) -> None:
    played.is_over(WindowAction.CONFIRM)
    shown = screens.page("alice", PAGE)
    assert f"{PAGE}/confirm" not in shown
    assert "หมดเวลายืนยันข้อมูล" in shown
    assert "ติดต่อ" in shown
    assert "หมดเวลายืนยันข้อมูล" in screens.sent(
        "alice", f"{PAGE}/confirm", status=409, stated="1", proof=PASSWORD
    )


def test_a_checklist_that_fails_stops_the_confirming(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(height_cm=None)
    assert "ยืนยันยังไม่ได้" in screens.sent("alice", f"{PAGE}/confirm", status=422, stated="1", proof=PASSWORD)


def test_another_school_cannot_sign_for_this_one(screens: Screens, played: Round) -> None:
    screens.sent("bob", f"{PAGE}/confirm", status=404, stated="1", proof=PASSWORD)
    played.is_certified()
    screens.sent("eve", f"{PAGE}/acknowledge", status=404)
    screens.sent("eve", f"{PAGE}/return", status=404, reason="ไม่ใช่ของเรา")


def test_a_return_needs_a_reason_and_keeps_the_void_certificate(screens: Screens, played: Round) -> None:
    number = played.is_certified()
    assert "กรุณากรอก" in screens.sent("dan", f"{PAGE}/return", status=422, reason=" ")
    text = screens.sent("dan", f"{PAGE}/return", reason="จำนวน ป.3 ไม่ตรง")
    assert "ส่งกลับแล้ว" in text
    at_school = screens.page("alice", PAGE)
    assert "จำนวน ป.3 ไม่ตรง" in at_school
    assert number in at_school
    assert "ยกเลิก" in at_school
    assert f"{PAGE}/confirm" in at_school


def test_after_certifying_the_school_is_told_who_can_send_back(screens: Screens, played: Round) -> None:
    played.is_certified()
    text = screens.page("dao", PAGE)
    assert f"{PAGE}/return" not in text
    assert "ติดต่อเขตพื้นที่" in text


def test_the_district_acknowledges_from_the_page(screens: Screens, played: Round) -> None:
    played.is_certified()
    assert "รับทราบข้อมูลของโรงเรียนแล้ว" in screens.sent("dan", f"{PAGE}/acknowledge")
    assert "ไม่ต้องทำอะไรอีก" in screens.page("alice", PAGE)


def test_who_acknowledges_for_the_areas_director_names_the_order(screens: Screens, played: Round) -> None:
    played.is_certified()
    assert "รับทราบแทนผู้อำนวยการเขต" in screens.page("dan", PAGE)
    refused = screens.sent("dan", f"{PAGE}/acknowledge", status=422, capacity="for", order=" ")
    assert "กรุณากรอกเลขที่และวันที่ของคำสั่ง" in refused
    assert '<option selected value="for">' in refused
    screens.sent("dan", f"{PAGE}/acknowledge", capacity="for", order="สพป.ลบ.2 ที่ 12/2569")
    with screens.world.acting("cee"):
        one = db.session.scalars(sa.select(Submission).filter_by(school_code=SCHOOL)).one()
        assert (one.acknowledged_capacity, one.acknowledged_order) == (Capacity.FOR, "สพป.ลบ.2 ที่ 12/2569")


def test_the_history_tells_who_did_what_and_why(screens: Screens, played: Round) -> None:
    played.is_certified()
    screens.sent("dan", f"{PAGE}/return", reason="ตรวจชั้น ป.1")
    text = screens.page("dao", PAGE)
    for told in ("Alice ทดสอบ", "Dao ทดสอบ", "Dan ทดสอบ", "ตรวจชั้น ป.1", "ส่งกลับให้แก้ไข", "หน้าจอ"):
        assert told in text


# ── The certificate and its scan ─────────────────────────────────────────────────────────────────────────


def certificate(world: World) -> int:
    from appbuilder_app.models import Certificate

    with world.acting("adam"):
        return db.session.query(Certificate).one().id


def test_the_certificate_opens_as_pdf_for_its_own_people_only(screens: Screens, played: Round) -> None:
    played.is_certified()
    address = f"/certificate/{certificate(screens.world)}.pdf"
    for name in ("alice", "dao", "dan", "cee"):
        answer = screens.of(name).get(address)
        assert answer.data.startswith(b"%PDF-")
        assert answer.mimetype == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline")
    for name in ("bob", "charlie", "eve"):
        screens.page(name, address, status=404)


def attach(screens: Screens, name: str, data: bytes, filename: str, status: int = 302) -> str:
    one = certificate(screens.world)
    answer = screens.of(name).post(f"/certificate/{one}/scan", data={"scan": (io.BytesIO(data), filename)})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return screens.page(name, answer.headers["Location"]) if status == 302 else ""


def test_the_signed_scan_is_kept_and_served_as_what_it_is(screens: Screens, played: Round) -> None:
    played.is_certified()
    assert "แนบไฟล์ใบรับรองที่ลงนามแล้ว" in attach(screens, "dao", PNG + b"picture", "ใบรับรอง.exe")
    answer = screens.of("dan").get(f"/certificate/{certificate(screens.world)}/scan")
    assert answer.data == PNG + b"picture"
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_what_is_no_scan_is_told_and_not_kept(screens: Screens, played: Round) -> None:
    played.is_certified()
    assert "ไม่ใช่ PDF, JPG หรือ PNG" in attach(screens, "dao", b"<script>", "scan.pdf")
    assert "เลือกไฟล์" in attach(screens, "dao", b"", "")
    with screens.world.acting("adam"):
        assert db.session.query(SignedScan).count() == 0
    screens.page("dao", f"/certificate/{certificate(screens.world)}/scan", status=404)


def test_a_scan_of_another_school_is_neither_taken_nor_given(screens: Screens, played: Round) -> None:
    played.is_certified()
    attach(screens, "dao", PDF, "scan.pdf")
    attach(screens, "charlie", PDF, "scan.pdf", status=404)
    screens.page("bob", f"/certificate/{certificate(screens.world)}/scan", status=404)


def test_the_district_reads_the_scan_but_does_not_replace_it(screens: Screens, played: Round) -> None:
    played.is_certified()
    attach(screens, "dan", PDF, "scan.pdf", status=403)
    assert 'name="scan"' not in screens.page("dan", PAGE)


def test_paper_may_arrive_after_the_round_is_closed(screens: Screens, played: Round) -> None:
    played.is_certified()
    played.close()
    assert "แนบไฟล์ใบรับรองที่ลงนามแล้ว" in attach(screens, "alice", PDF, "scan.pdf")


# ── From the students ────────────────────────────────────────────────────────────────────────────────────


def test_the_roster_and_a_record_lead_to_the_checklist(screens: Screens) -> None:
    assert f"{PAGE}#checklist" in screens.page("alice", "/data/student/")
    assert f"{PAGE}#checklist" in screens.page("dan", f"/data/student/?school_code={SCHOOL}")
    assert f"{PAGE}#checklist" in screens.page("alice", f"/data/student/{screens.world.pupil()}")


def test_the_sibling_has_a_page_of_its_own(screens: Screens) -> None:
    assert "บ้านหนองเพื่อนบ้าน" in screens.page("bob", f"/submission/{SIBLING}")
    screens.page("bob", f"/submission/{FOREIGN}", status=404)
    with screens.world.acting("bob"):
        assert {one.school_code for one in db.session.query(Student)} == {SIBLING}
