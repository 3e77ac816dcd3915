"""From a card into the register: the family, transfers, the photo with its consent, and the account of all reads."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import CardUse, ConsentGiver, IdentityType, MovementKind, Relation, StudentStatus
from appbuilder_app.dataset import attachments, lock
from appbuilder_app.declaration import Base, db
from appbuilder_app.errors import FileMissing, RuleViolation
from appbuilder_app.models import CardReading, Change, Movement, PhotoConsent, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import from_cards, movements
from cards import errors
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, national_id
from tests.test_cards_server import CLASS, PC, card_of, form_of, pc
from tests.virtual_card import a_number, a_photo

pytestmark = pytest.mark.any_database("postgresql")

__all__ = ["pc"]

FATHER: Any = {
    "national_id": a_number("310370000005"),
    "thai_name": "นาย#สมชาย#กลาง#ตั้งใจเรียน",
    "birth_date": "25250101",
}
THEIRS = national_id(300)
"""Charlie's first pupil."""
SEAT = {"grade": "09", "room": "2", "student_number": "777", "happened_on": "01/06/2568", "reason": "ย้ายบ้าน"}


def reads_relative(pc: PC, student: int, purpose: str, **changed: Any) -> str:
    """The path of a read of a relative's card."""
    asked = {"purpose": purpose, "student": str(student)}
    nonce = pc.client.post("/cards/nonce", json=asked).get_json()["nonce"]
    status, told = pc.sends(pc.seal(nonce, card_of(**FATHER | changed)))
    assert status == 200, told
    return told["path"]


def last_reading(world: Any) -> CardReading:
    """As the account has it."""
    with world.acting("cee"):
        return db.session.scalars(sa.select(CardReading).order_by(CardReading.id.desc()).limit(1)).one()


# ── Family ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fathers_card_fills_the_fathers_fields_and_if_wished_the_guardians(world, pc) -> None:
    pupil = world.pupil()
    page = pc.client.get(f"/cards/read?purpose=father&student={pupil}").get_data(as_text=True)
    assert 'data-purpose="father"' in page
    path = reads_relative(pc, pupil, "father")
    page = pc.client.get(path).get_data(as_text=True)
    ticked = {name for name in form_of_ticks(page) if form_of_ticks(page)[name]}
    assert ticked == {
        f"father_{part}" for part in ("identity_type", "identity", "title", "first_name", "last_name")
    }
    assert {"guardian_first_name", "guardian_relation"} <= set(form_of_ticks(page)) - ticked

    chosen = [
        "father_identity_type",
        "father_identity",
        "father_first_name",
        "guardian_relation",
        "first_name",
    ]
    taken = pc.client.post(f"{path}/take", data={"take": chosen})
    assert taken.location == f"/data/student/{pupil}"
    with world.acting("alice"):
        student = db.session.get_one(Student, pupil)
        assert (student.father_identity, student.father_first_name, student.father_last_name) == (
            FATHER["national_id"], "สมชาย กลาง", None,
        )  # fmt: skip
        assert (student.father_identity_type, student.guardian_relation) == (
            IdentityType.NATIONAL,
            Relation.FATHER,
        )
        # Nobody makes a father's card the child's name.
        assert student.first_name == "ชื่อ100"
        assert set(from_cards.sources_of(student)) == set(chosen) - {"first_name"}
        student.father_first_name = "สมชาย"
        db.session.commit()
        assert "father_first_name" not in from_cards.sources_of(student)
    # Used once.
    assert pc.client.get(path).status_code == 404
    assert (last_reading(world).used_for, last_reading(world).card) == (CardUse.TAKEN, None)


def form_of_ticks(page: str) -> dict[str, bool]:
    """The fields of a comparison, and whether each is ticked."""
    import re

    found = re.findall(r'<input type="checkbox" name="take" value="([^"]+)"[^>]*?( checked)?>', page)
    return {name: bool(checked) for name, checked in found}


def test_a_guardians_card_and_cards_that_were_not_meant(world, pc) -> None:
    pupil = world.pupil()
    path = reads_relative(pc, pupil, "guardian")
    assert {name.partition("_")[0] for name in form_of_ticks(pc.client.get(path).get_data(as_text=True))} == {
        "guardian"
    }

    mother = reads_relative(pc, pupil, "mother")
    assert "บัตรนี้เป็นของเพศชาย" in pc.client.get(mother).get_data(as_text=True)

    with world.acting("alice"):
        own = db.session.get_one(Student, pupil).national_id
    path = reads_relative(pc, pupil, "mother", national_id=own)
    assert "บัตรนี้เป็นของนักเรียนเอง" in pc.client.get(path).get_data(as_text=True)
    assert pc.client.post(f"{path}/take", data={"take": ["mother_identity"]}).status_code == 422
    with world.acting("alice"):
        assert db.session.get_one(Student, pupil).mother_identity is None


def test_nobody_reads_for_the_family_of_a_foreign_student(world, pc) -> None:
    theirs = world.pupil(SIBLING)
    for asked in (
        {"purpose": "father", "student": str(theirs)},
        {"purpose": "father"},
        {"purpose": "father", "student": "x"},
    ):
        assert pc.client.post("/cards/nonce", json=asked).status_code == 404
    assert pc.client.post("/cards/nonce", json={"purpose": "uncle"}).status_code == 422
    assert pc.client.get(f"/cards/read?purpose=father&student={theirs}").status_code == 404
    # A student who has left for another school since then is nobody's to write here.
    pupil = world.pupil()
    path = reads_relative(pc, pupil, "father")
    with world.acting("cee"), set_based(SetWork.BENCHMARK):
        table = Student.__table__
        moved = sa.update(table).where(table.c.id == pupil)
        db.session.connection().execute(moved.values(school_code=SIBLING, scope=f"C/1602/{SIBLING}"))
        db.session.commit()
    assert pc.client.post(f"{path}/take", data={"take": ["father_identity"]}).status_code == 404


# ── Transfer ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_card_of_another_schools_student_starts_the_transfer(world, pc) -> None:
    path = pc.reads(card_of(national_id=THEIRS, birth_date="25570901"))
    assert pc.client.get(f"{path}?grade=09&room=2").location == f"{path}/transfer?grade=09&room=2"
    page = pc.client.get(f"{path}/transfer?grade=09&room=2").get_data(as_text=True)
    assert "ขณะนี้มีโรงเรียนอื่นดูแลอยู่" in page
    assert "วันเกิดในทะเบียนไม่ตรงกับบัตร" in page
    assert FOREIGN not in page
    assert (form_of(page)["grade"], form_of(page)["room"]) == ("09", "2")
    assert "อ่านจากบัตรประจำตัวประชาชน" in page
    with world.acting("charlie"):
        present = db.session.scalars(sa.select(Student).filter_by(national_id=THEIRS)).one().grade.value
    assert form_of(pc.client.get(f"{path}/transfer").get_data(as_text=True))["grade"] == present

    # Whose number it is, the server's copy says, not the form.
    asked = pc.client.post(f"{path}/transfer", data=SEAT | {"national_id": national_id(301)})
    assert asked.location.startswith("/requests/"), asked.get_data(as_text=True)
    with world.acting("charlie"):
        from appbuilder_app.workflows import requests

        assert [one.title for one in requests.inbox().waiting] == ["เด็กชายชื่อ300 ทดสอบ"]
    reading = last_reading(world)
    assert (reading.used_for, reading.card, bool(reading.student_id)) == (CardUse.ASKED, None, True)
    # Asked for already: told, and nothing is lost.
    again = pc.reads(card_of(national_id=THEIRS))
    refused = pc.client.post(f"{again}/transfer", data=SEAT)
    assert (refused.status_code, pc.client.get(again).status_code) == (409, 302)
    assert "เปิดข้อมูล" not in pc.client.get("/cards/").get_data(as_text=True)


def test_who_is_enrolled_nowhere_is_taken_in_and_compared(world, pc) -> None:
    with world.acting("charlie"):
        key = db.session.scalars(sa.select(Student).filter_by(national_id=THEIRS)).one().id
        movements.transfer_out(key, lock.today(), "ย้ายไปลพบุรี")
        db.session.commit()
    path = pc.reads(card_of(national_id=THEIRS))
    page = pc.client.get(f"{path}/transfer").get_data(as_text=True)
    assert "รับเข้าเรียนได้ทันที" in page
    taken = pc.client.post(f"{path}/transfer?grade=09&room=2", data=SEAT)
    assert taken.location == f"{path}?grade=09&room=2&number=778"
    assert last_reading(world).used_for is CardUse.ADMITTED
    assert 'value="first_name"' in pc.client.get(path).get_data(as_text=True)
    done = pc.client.post(f"{path}/take?grade=09&room=2", data={"take": ["first_name"]})
    assert done.location == "/cards/read?grade=09&room=2"
    with world.acting("alice"):
        student = db.session.get_one(Student, key)
        assert (student.school_code, student.first_name, student.status) == (
            SCHOOL,
            "สมมุติ",
            StudentStatus.ENROLLED,
        )
    assert last_reading(world).used_for is CardUse.ADMITTED


def test_a_new_student_is_recorded_as_added_and_nobody_is_added_who_is_known(world, pc) -> None:
    path = pc.reads()
    form = form_of(pc.client.get(f"{path}/add").get_data(as_text=True))
    known = pc.client.post(f"{path}/add", data=form | CLASS | {"national_id": THEIRS})
    assert (known.status_code, "ย้ายเข้า" in known.get_data(as_text=True)) == (409, True)
    assert pc.client.post(f"{path}/add", data=form | CLASS).status_code == 302
    with world.acting("alice"):
        movement = db.session.scalars(sa.select(Movement)).one()
        student = db.session.get_one(Student, movement.student_id)
        assert (movement.kind, student.national_id, student.admission_date) == (
            MovementKind.ADD, a_number(), lock.today(),
        )  # fmt: skip


# ── Photo and consent ────────────────────────────────────────────────────────────────────────────────────


def test_a_photo_becomes_the_students_with_a_consent_that_is_kept(world, pc) -> None:
    pupil = world.pupil()
    with world.acting("alice"):
        number = db.session.get_one(Student, pupil).national_id
    path = pc.reads(card_of(a_photo(), national_id=number, birth_date="25570801"))
    shown = pc.client.get(f"{path}/photo")
    assert (shown.data, shown.headers["Cache-Control"]) == (a_photo(), "no-store")
    assert from_cards.WORDINGS[from_cards.WORDING][:] in pc.client.get(path).get_data(as_text=True)

    someone = {"photo": "y", "consent": "y", "given_as": "mother", "given_by": "สมหญิง ตั้งใจเรียน"}
    for missing in ({"consent": ""}, {"given_as": ""}, {"given_by": " "}, {"given_as": "uncle"}):
        refused = pc.client.post(f"{path}/take", data={"take": ["first_name"]} | someone | missing)
        assert refused.status_code == 422, missing
    with world.acting("alice"):
        assert db.session.get_one(Student, pupil).photo is None

    assert pc.client.post(f"{path}/take", data={"take": ["first_name"]} | someone).status_code == 302
    with world.acting("alice"):
        student = db.session.get_one(Student, pupil)
        consent = db.session.scalars(sa.select(PhotoConsent)).one()
        assert (consent.given_as, consent.given_by, consent.wording, consent.photo) == (
            ConsentGiver.MOTHER, "สมหญิง ตั้งใจเรียน", from_cards.WORDING, student.photo,
        )  # fmt: skip
        assert consent.noted_by.startswith("Alice")
        assert abs(consent.given_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
        assert "photo" in from_cards.sources_of(student)
        key, photo = consent.id, consent.photo
        assert attachments.content(photo)
    page = pc.client.get(f"/cards/students/{pupil}").get_data(as_text=True)
    assert "สมหญิง ตั้งใจเรียน" in page

    # It is taken back, once, by the school's officer alone, and the picture goes.
    assert world.client("bob").post(f"/cards/consents/{key}/withdraw").status_code == 404
    assert world.client("dao").post(f"/cards/consents/{key}/withdraw").status_code in {302, 403}
    with world.acting("alice"):
        assert db.session.get_one(PhotoConsent, key).withdrawn_at is None
    for _twice in range(2):
        assert pc.client.post(f"/cards/consents/{key}/withdraw").location == f"/cards/students/{pupil}"
    with world.acting("alice"):
        assert db.session.get_one(Student, pupil).photo is None
        assert (db.session.get_one(PhotoConsent, key).withdrawn_by or "").startswith("Alice")
        with pytest.raises(FileMissing):
            attachments.content(photo)
        consent = db.session.get_one(PhotoConsent, key)
        consent.given_by = "อีกคน"
        with pytest.raises((RuleViolation, sa.exc.DatabaseError)):
            db.session.commit()
        db.session.rollback()


def test_a_child_of_ten_does_not_consent_alone(world, pc) -> None:
    today = lock.today()
    for years, status in ((10, 422), (11, 302)):
        born = f"{today.year + 543 - years:04}{today:%m}01"
        path = pc.reads(card_of(a_photo(), birth_date=born))
        form = form_of(pc.client.get(f"{path}/add").get_data(as_text=True))
        data = form | CLASS | {"photo": "y", "consent": "y", "given_as": "owner"}
        answer = pc.client.post(f"{path}/add", data=data)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert ("อายุไม่เกิน 10 ปี" in answer.get_data(as_text=True)) == (status == 422)
    with world.acting("alice"):
        consent = db.session.scalars(sa.select(PhotoConsent)).one()
        student = db.session.get_one(Student, consent.student_id)
        assert (consent.given_by, student.photo) == ("สมมุติ ตั้งใจเรียน", consent.photo)


# ── The account ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_read_is_accounted_for_and_who_stands_above_sees_it(world, pc, monkeypatch) -> None:
    pupil = world.pupil()
    reads_relative(pc, pupil, "father")
    nonce = pc.nonce()
    pc.sends(pc.seal(nonce, errors.ManyCards(readers="A, B")))
    pc.sends({**pc.seal(nonce), "mac": "0" * 64})
    pc.nonce()  # its program never answers
    english = world.client("alice")
    english.get("/lang/en")
    told = english.post("/cards/reports", json=pc.seal(nonce, errors.BadData(what="birth_date"))).get_json()
    assert told["message"] == errors.BadData(what="birth_date").in_english()
    assert "ไม่มีผลส่งกลับมา" not in pc.client.get("/cards/").get_data(as_text=True)

    now = lock.now()
    monkeypatch.setattr(lock, "now", lambda: now + dt.timedelta(minutes=3))
    for name in ("alice", "dao", "dan"):
        page = world.client(name).get("/cards/").get_data(as_text=True)
        for what in (
            "บิดาของนักเรียน",
            "Alice",
            "เครื่องห้องธุรการ",
            "เครื่องอ่าน 1",
            "(A, B)",
            "ยังไม่ได้จับคู่หรือถูกยกเลิก",
            "ไม่มีผลส่งกลับมา",
        ):
            assert what in page, (name, what)
    assert "บ้านหนองตัวอย่าง" in world.client("dan").get("/cards/").get_data(as_text=True)
    failed = pc.client.get("/cards/?failed=1").get_data(as_text=True)
    assert ("(A, B)" in failed, "อ่านแล้ว ไม่ได้บันทึก" in failed) == (True, False)
    assert "Alice" not in world.client("bob").get("/cards/").get_data(as_text=True).split("การอ่านบัตรล่าสุด")[1]
    with world.acting("alice"):
        first = min(one.reading.id for one in from_cards_readings())
        assert [one.reading.id for one in from_cards_readings(before=first + 1)] == [first]


def from_cards_readings(**given: Any) -> list[Any]:
    """The account."""
    from appbuilder_app.workflows import cards

    return cards.readings(**given)


def test_nothing_of_a_card_is_in_a_log_or_left_in_a_table(world, pc, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    pupil = world.pupil()
    path = reads_relative(pc, pupil, "guardian")
    pc.client.get(path)
    pc.client.post(f"{path}/take", data={"take": []})
    pc.sends(pc.seal(pc.nonce(), errors.BadData(what="national_id")))
    pc.sends({"text": pc.seal(pc.nonce(), card_of(**FATHER))["text"], "mac": "0" * 64})
    path = pc.reads(card_of(national_id=THEIRS))
    pc.client.post(f"{path}/transfer", data=SEAT)
    texts = [caplog.text]
    with world.acting("cee"), set_based(SetWork.BENCHMARK):
        for table in Base.metadata.sorted_tables:
            if table.name not in {"student", "roster"} and not table.name.startswith("ab_"):
                texts += [str(row) for row in db.session.connection().execute(sa.select(table))]
        looked = db.session.scalars(sa.select(Change).filter_by(action="looked up")).all()
        # Who looked whom up is known, and the number only to those who know it.
        assert [THEIRS in str(one.after) for one in looked] == [False]
    for told in (FATHER["national_id"], "สมชาย", "สมมุติ", "หนองแขม"):
        assert not [text for text in texts if told in text], told


def test_the_server_tells_the_pc_whether_it_is_still_paired(world, pc) -> None:
    greeting = pc.seal("", errors.CardError())
    told = world.client().post("/cards/agent/greet", json=greeting).get_json()
    assert told["name"] == "เครื่องห้องธุรการ"
    assert dt.datetime.fromisoformat(told["now"]).tzinfo is not None
    assert world.client().post("/cards/agent/greet", json={**greeting, "mac": "1" * 64}).status_code == 403
    assert world.client().post("/cards/agent/greet", json=[]).status_code == 422
    pc.client.post("/cards/devices/1/revoke")
    refused = world.client().post("/cards/agent/greet", json=greeting)
    assert (refused.status_code, refused.get_json()["kind"]) == (403, "DeviceRefused")


def test_a_refusal_of_the_database_names_nobody_in_the_log(world) -> None:
    with world.acting("alice"), pytest.raises(sa.exc.StatementError) as caught:
        db.session.connection().execute(
            sa.text("SELECT nothing FROM nowhere WHERE x = :number"), {"number": THEIRS}
        )
    assert THEIRS not in str(caught.value)
