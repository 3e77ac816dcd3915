"""Card readers: received, allotted, tested, handed over, repaired, lost, returned; and no PIN anywhere (R59–R61)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import access, rules
from appbuilder_app.access import Action
from appbuilder_app.codes import PinOffice, PinResult, ReaderState, ReaderStep, ReaderTest, WayOfTest
from appbuilder_app.dataset import refusals
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.errors import InvalidRow, NotPermitted, NotYours, RuleViolation, WallBreached
from appbuilder_app.models import (
    CardReading,
    Change,
    Reader,
    ReaderHolding,
    ReaderLot,
    ReaderReceipt,
    School,
)
from appbuilder_app.thaitext import as_scanned
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import reader_receipts, readers
from appbuilder_app.workflows.readers import Pin, Receiver
from cards import errors
from cards.reader import Reading
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World
from tests.reader_fixtures import NOT_YET, OFFICER, REGISTERED, allotted, issued, state_of, take
from tests.test_cards_server import PC, card_of

pytestmark = pytest.mark.any_database("postgresql")

# ── Receiving ────────────────────────────────────────────────────────────────────────────────────────────


def test_scanned_readers_come_into_stock_all_or_none(world: World, stock: list[int]) -> None:
    with world.acting("dan"):
        lot = db.session.scalars(sa.select(ReaderLot)).one()
        assert (lot.scope, lot.area_code) == ("C/1602", "1602")
        with pytest.raises(readers.SerialsTwice, match="SN-1002"):
            readers.receive(lot.id, "SN-2001\nSN-1002")
        with pytest.raises(readers.SerialsTwice, match="SN-2002"):
            readers.receive(lot.id, "SN-2001\nSN-2002\nsn-2002")
        with pytest.raises(readers.NothingScanned):
            readers.receive(lot.id, " \n\n")
        with pytest.raises(InvalidRow, match="หมายเลขเครื่อง"):
            readers.receive(lot.id, "SN 1#")
        db.session.rollback()
        # A column pasted from a sheet, with what stands beside it.
        added = readers.receive(lot.id, "sn-3001\tACR39U\r\n\r\nSN-3002\tACR39U\r\n")
        assert [(one.serial, one.state, one.scope) for one in added] == [
            ("SN-3001", ReaderState.STOCK, "C/1602"), ("SN-3002", ReaderState.STOCK, "C/1602"),
        ]  # fmt: skip
        db.session.commit()
        assert readers.lots()[0][1] == 5


def test_a_scanner_on_a_thai_keyboard_gives_the_same_number() -> None:
    assert as_scanned("ฆ์ๅจจภฤ") == "SN1004A"
    assert as_scanned("๑๒๓๔-ab") == "1234-AB"
    assert as_scanned(" acr 39 u ") == "ACR39U"


def test_only_the_areas_officer_receives_and_nobody_beyond_sees(world: World, stock: list[int]) -> None:
    for who in ("alice", "dao", "cee"):
        with world.acting(who), pytest.raises(NotPermitted):
            readers.receive(1, "SN-9000")
    with world.acting("eve"):
        assert readers.overview().total == 0
        with pytest.raises(NotYours):
            readers.receive(1, "SN-9")
        with pytest.raises(NotYours):
            readers.reader_with(stock[0])
    with world.acting("cee"):
        assert [(area.code, by[ReaderState.STOCK]) for area, by in readers.by_area()] == [("1602", 3)]


# ── Allotting ────────────────────────────────────────────────────────────────────────────────────────────


def test_each_school_that_has_none_is_suggested_the_next_in_stock(world: World, stock: list[int]) -> None:
    with world.acting("dan"):
        found = readers.suggested()
        assert [(one.school.code, one.reader.id if one.reader else None) for one in found] == [
            (SCHOOL, stock[0]), (SIBLING, stock[1]),
        ]  # fmt: skip
        readers.allot((one.school.code, one.reader.id) for one in found if one.reader)
        db.session.commit()
        assert readers.schools_without() == []
        assert [row[2].code for row in readers.not_fetched()] == [SCHOOL, SIBLING]
        assert readers.overview().counts[ReaderState.ALLOTTED] == 2
    with world.acting("alice"):
        assert [one.serial for one in db.session.scalars(sa.select(Reader))] == ["SN-1001"]
    assert state_of(world, stock[0]) == (ReaderState.ALLOTTED, SCHOOL)


def test_an_old_suggestion_allots_nothing(world: World, stock: list[int]) -> None:
    allotted(world, stock[2])
    with world.acting("dan"):
        with pytest.raises(readers.SuggestionOld):
            readers.allot([(SIBLING, stock[1]), (SCHOOL, stock[0])])
        db.session.rollback()
        with pytest.raises(readers.ReaderNotSo):
            readers.allot([(SIBLING, stock[2])])
        db.session.rollback()
        with pytest.raises(NotYours):
            readers.allot([(FOREIGN, stock[0])])
        db.session.rollback()
        assert readers.overview().counts[ReaderState.STOCK] == 2
        readers.allot_scanned(SCHOOL, "sn-1001\nSN-1002")
        with pytest.raises(readers.SerialsUnknown, match="SN-7777"):
            readers.allot_scanned(SCHOOL, "SN-7777")


# ── Handing over ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_has_not_passed_a_test_is_not_handed_over(world: World, stock: list[int]) -> None:
    allotted(world, stock[0])
    with world.acting("dan"):
        with pytest.raises(readers.ReaderUntested, match="SN-1001"):
            readers.issue(stock[0], OFFICER, REGISTERED)
        readers.note_by_hand(stock[0], passed=False)
        with pytest.raises(readers.ReaderUntested):
            readers.issue(stock[0], OFFICER, REGISTERED)
        readers.note_by_hand(stock[0], passed=True)
        holding = readers.issue(stock[0], OFFICER, REGISTERED)
        db.session.commit()
        assert (holding.receiver_account, holding.pin_result) == ("alice", PinResult.REGISTERED)
        assert (holding.receipt_number or "").startswith("1/25")
    assert state_of(world, stock[0]) == (ReaderState.ISSUED, SCHOOL)
    with world.acting("alice"), pytest.raises(NotPermitted):
        readers.issue(stock[0], OFFICER, REGISTERED)


def test_the_officer_and_the_result_are_told_whole(world: World, stock: list[int]) -> None:
    allotted(world, stock[0])
    wrong = [
        (Receiver("", "ครู", "0812345678"), REGISTERED),
        (Receiver("สมหญิง", "ครู", "1234"), REGISTERED),
        (Receiver("สมหญิง", "ครู", "0812345678", "bob"), REGISTERED),
        (OFFICER, Pin(PinResult.REGISTERED)),
        (OFFICER, Pin(PinResult.REGISTERED, PinOffice.DISTRICT, dt.date(2090, 1, 1))),
    ]
    for receiver, pin in wrong:
        with world.acting("dan"):
            readers.note_by_hand(stock[0], passed=True)
            with pytest.raises(InvalidRow):
                readers.issue(stock[0], receiver, pin)
            db.session.rollback()


def test_who_has_no_pin_yet_is_listed_until_it_is_registered(world: World, stock: list[int]) -> None:
    allotted(world, stock[0])
    with world.acting("dan"):
        readers.note_by_hand(stock[0], passed=True)
        readers.issue(stock[0], OFFICER, NOT_YET)
        assert [row[1].id for row in readers.without_pin()] == stock[:1]
        assert readers.overview().without_pin == 1
        readers.register_pin(stock[0], REGISTERED)
        assert readers.without_pin() == []
        with pytest.raises(readers.ReaderNotSo):
            readers.register_pin(stock[1], REGISTERED)


def test_another_officer_of_the_school_signs_anew(world: World, stock: list[int]) -> None:
    issued(world, stock[0])
    with world.acting("dan"):
        second = readers.issue(stock[0], Receiver("นายสมชาย ขยัน", "ครู", "0898765432"), NOT_YET)
        db.session.commit()
        first = db.session.scalars(sa.select(ReaderHolding).filter_by(turn=1)).one()
        assert (first.ended_at is None, first.receiver_name) == (False, OFFICER.name)
        assert (second.turn, second.ended_at, second.receipt_number == first.receipt_number) == (
            2,
            None,
            False,
        )


# ── What happens to it ───────────────────────────────────────────────────────────────────────────────────


def test_a_reader_goes_through_its_life_with_every_step_kept(world: World, stock: list[int]) -> None:
    reader = stock[0]
    issued(world, reader)
    with world.acting("alice"):
        assert readers.steps_for(readers.reader_with(reader)) == [
            ReaderStep.REPORT_FAULT,
            ReaderStep.REPORT_LOSS,
        ]
    take(world, "alice", reader, ReaderStep.REPORT_FAULT, "ไฟไม่ติด")
    assert state_of(world, reader) == (ReaderState.FAULTY, SCHOOL)
    with world.acting("alice"), pytest.raises(NotPermitted):
        readers.take(reader, ReaderStep.SEND_TO_REPAIR, "ส่งเอง")
    take(world, "dan", reader, ReaderStep.SEND_TO_REPAIR)
    take(world, "dan", reader, ReaderStep.REPAIRED)
    assert state_of(world, reader) == (ReaderState.ISSUED, SCHOOL)
    take(world, "dao", reader, ReaderStep.REPORT_LOSS, "หายระหว่างย้ายห้อง แจ้งความเลขที่ 12/2568")
    take(world, "dan", reader, ReaderStep.FOUND)
    take(world, "dan", reader, ReaderStep.REALLOT, "โรงเรียนยุบรวม", SIBLING)
    assert state_of(world, reader) == (ReaderState.ALLOTTED, SIBLING)
    with world.acting("alice"), pytest.raises(NotYours):
        readers.reader_with(reader)
    take(world, "dan", reader, ReaderStep.UNALLOT)
    take(world, "dan", reader, ReaderStep.WRITE_OFF, "ซ่อมไม่คุ้ม")
    assert state_of(world, reader) == (ReaderState.RETIRED, None)
    with world.acting("dan"):
        assert readers.steps_for(readers.reader_with(reader)) == []
        ends = [(one.school_code, one.end.value if one.end else "") for one in reversed(readers.holdings_of(
            readers.reader_with(reader)))]  # fmt: skip
        assert ends == [(SCHOOL, "moved"), (SIBLING, "unallotted")]
        kept = sa.select(Change).filter_by(dataset="card_reader").order_by(Change.id)
        reasons = [change.reason for change in db.session.scalars(kept) if change.reason]
        assert reasons[0] == "ไฟไม่ติด"
        assert reasons[-1] == "ซ่อมไม่คุ้ม"
        assert len(reasons) == 8


def test_what_comes_back_is_tested_before_it_goes_out_again(world: World, stock: list[int]) -> None:
    issued(world, stock[0])
    take(world, "dan", stock[0], ReaderStep.TAKE_BACK, "เปลี่ยนเครื่อง")
    assert state_of(world, stock[0]) == (ReaderState.STOCK, None)
    allotted(world, stock[0], SIBLING)
    with world.acting("dan"), pytest.raises(readers.ReaderUntested):
        readers.issue(stock[0], Receiver("ก", "ครู", "0812345678"), NOT_YET)
    # What comes back faulty goes on to repair.
    issued(world, stock[1])
    take(world, "alice", stock[1], ReaderStep.REPORT_FAULT)
    take(world, "dan", stock[1], ReaderStep.TAKE_BACK)
    assert state_of(world, stock[1]) == (ReaderState.REPAIR, None)
    with world.acting("dan"):
        assert ReaderStep.TAKE_BACK not in readers.steps_for(readers.reader_with(stock[1]))


def test_every_step_starts_where_the_table_says_and_nowhere_else(world: World, stock: list[int]) -> None:
    with world.acting("dan"):
        for step in ReaderStep:
            if step in {ReaderStep.ALLOT, ReaderStep.ISSUE} or ReaderState.STOCK in rules.STEPS[step].starts:
                continue
            with pytest.raises(readers.ReaderNotSo):
                readers.take(stock[0], step, "ลองทำ", SCHOOL)
            db.session.rollback()
        with pytest.raises(RuleViolation):
            readers.take(stock[0], ReaderStep.WRITE_OFF, "  ")


def test_no_path_but_the_verbs_moves_a_reader(world: World, stock: list[int]) -> None:
    with world.acting("dan"):
        for name, value in (
            ("state", ReaderState.ISSUED),
            ("holder_code", SCHOOL),
            ("test", ReaderTest.PASSED),
        ):
            reader = db.session.get_one(Reader, stock[0])
            setattr(reader, name, value)
            with pytest.raises((WallBreached, InvalidRow)):
                db.session.flush()
            db.session.rollback()
        # While it is in stock a wrong number is put right; once receipts name it, it stays.
        db.session.get_one(Reader, stock[0]).serial = "SN-1001A"
        db.session.commit()
    issued(world, stock[0])
    with world.acting("dan"):
        db.session.get_one(Reader, stock[0]).serial = "SN-1"
        with pytest.raises(InvalidRow, match="ออกจากคลัง"):
            db.session.flush()
        db.session.rollback()
        db.session.delete(db.session.get_one(Reader, stock[0]))
        with pytest.raises(RuleViolation), refusals.as_refusals():
            db.session.flush()
        db.session.rollback()
    form = {"serial": "SN-1002", "lot_id": "1", "state": "issued", "holder_code": SCHOOL, "version": "1"}
    world.client("dan").post(f"/data/card_reader/{stock[1]}/edit", data=form)
    told = world.app.test_client().patch(
        f"/api/v1/card_reader/{stock[1]}", json={"state": "issued"}, headers=world.token("dan")
    )
    assert told.status_code == 422
    assert state_of(world, stock[1]) == (ReaderState.STOCK, None)


def test_the_database_itself_lets_one_holding_be_open(world: World, stock: list[int]) -> None:
    allotted(world, stock[0])
    with world.acting("dan"):
        second = ReaderHolding(reader_id=stock[0], school_code=SIBLING, turn=9, allotted_by="x")
        second.allotted_at = dt.datetime.now(dt.UTC)
        db.session.add(second)
        with access.performing(Action.MANAGE, readers.SUBJECT), pytest.raises(sa.exc.IntegrityError):
            db.session.flush()


# ── Testing through the paired PC ────────────────────────────────────────────────────────────────────────


def _tests(pc: PC, reader: int, outcome: Any = None) -> tuple[int, dict[str, str]]:
    """A test of a reader by the page of this PC's officer."""
    nonce = pc.client.post(f"/readers/{reader}/nonce", json={}).get_json()["nonce"]
    return pc.sends(pc.seal(nonce, outcome))


def test_a_read_by_the_areas_own_pc_is_the_readers_test(world: World, stock: list[int]) -> None:
    pc = PC(world, "dan")
    assert _tests(pc, stock[0], errors.NoCard())[0] == 422
    with world.acting("dan"):
        assert readers.reader_with(stock[0]).test is None, "no card says nothing of the reader"
    assert _tests(pc, stock[0], errors.CardUnreadable())[0] == 422
    with world.acting("dan"):
        reader = readers.reader_with(stock[0])
        assert (reader.test, reader.test_failure) == (ReaderTest.FAILED, "unreadable")
    status, told = _tests(pc, stock[0], Reading(card_of(), "ACS ACR39U 00 00", 0.1))
    assert (status, told["path"]) == (200, f"/readers/{stock[0]}")
    with world.acting("dan"):
        reader = readers.reader_with(stock[0])
        assert (reader.test, reader.test_way, reader.test_device) == (
            ReaderTest.PASSED, WayOfTest.AGENT, "ACS ACR39U 00 00",
        )  # fmt: skip
        assert reader.tested_by == "Dan ทดสอบ"
        assert reader.test_failure is None
        readings = db.session.scalars(sa.select(CardReading)).all()
        assert all(reading.card is None for reading in readings), "whose card it was is kept nowhere"


def test_a_school_tests_its_own_reader_and_no_other(world: World, stock: list[int]) -> None:
    issued(world, stock[0])
    pc = PC(world, "alice")
    assert _tests(pc, stock[0])[0] == 200
    with world.acting("alice"):
        assert readers.reader_with(stock[0]).tested_by == "Alice ทดสอบ"
    assert pc.client.post(f"/readers/{stock[1]}/nonce", json={}).status_code == 404
    assert PC(world, "bob").client.post(f"/readers/{stock[0]}/nonce", json={}).status_code == 404


# ── Never a PIN ──────────────────────────────────────────────────────────────────────────────────────────

PINS = ("4821", "48291378", "4 8 2 1", "48-21", "๔๘๒๑", "PIN:482913 ครับ", "1/4821", "4821/2568")
_TEXTS = {
    "card_reader": {"serial", "note", "scope", "area_code", "holder_code", "tested_by", "test_device",
                    "test_failure"},
    "reader_holding": {"receiver_name", "receiver_account", "receiver_position", "phone", "receipt_number",
                       "allotted_by", "issued_by", "ended_by", "end_reason", "school_code", "scope"},
    "reader_receipt": {"school_code", "kind", "number", "facts", "scope"},
}  # fmt: skip


def test_no_table_of_readers_has_another_text_than_those_that_are_guarded() -> None:
    for model in (Reader, ReaderHolding, ReaderReceipt):
        free = {
            column.name
            for column in model.__table__.columns
            if isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum)
        }
        assert free == _TEXTS[model.__tablename__]
    assert [name for name in fields_of(ReaderHolding) if "pin" in name] == [
        "pin_result",
        "pin_office",
        "pin_on",
    ]


def _refusal(attempt: Callable[[str], Any], pin: str) -> RuleViolation | None:
    try:
        attempt(pin)
    except RuleViolation as refusal:
        return refusal
    return None


def test_no_field_can_hold_a_pin(world: World, stock: list[int]) -> None:
    issued(world, stock[0])
    allotted(world, stock[1])
    sound = {"name": "สมหญิง", "position": "ครู", "phone": "0812345678"}

    def write_note(pin: str) -> None:
        db.session.get_one(Reader, stock[0]).note = pin
        db.session.flush()

    def issue_with(name: str, pin: str) -> None:
        readers.issue(stock[1], Receiver(**sound | {name: pin}), NOT_YET)

    attempts: dict[str, Callable[[str], Any]] = {
        "note": write_note,
        "reason": lambda pin: readers.take(stock[0], ReaderStep.REPORT_FAULT, pin),
        **{name: partial(issue_with, name) for name in ("name", "position", "phone", "account")},
    }
    for pin in PINS:
        for name, attempt in attempts.items():
            with world.acting("dan"):
                readers.note_by_hand(stock[1], passed=True)
                refused = _refusal(attempt, pin)
                assert isinstance(refused, InvalidRow), f"{name} took {pin}"
                db.session.rollback()
    with world.app.app_context(), set_based(SetWork.BENCHMARK):
        for model in (Reader, ReaderHolding, ReaderReceipt, Change):
            for row in db.session.connection().execute(sa.select(model.__table__)):
                written = " ".join(str(value) for value in row if isinstance(value, str | dict | list))
                # As a word of its own: a hash or a time may well have these digits in its middle.
                told = [pin for pin in PINS if re.search(rf"(?<!\w){re.escape(pin)}(?!\w)", written)]
                assert not told, f"{model.__name__}: {written}"


def test_years_and_days_are_no_pins() -> None:
    for text in ("แจ้งความเลขที่ 12/2568", "ตั้งแต่ 10/6/2568", "เครื่องที่ 123", "คศ.3"):
        rules.refuse_pin(text)


# ── The papers ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_receipt_says_who_gave_what_to_whom_and_stays_so(
    world: World, stock: list[int], run_poppler: Callable[..., str]
) -> None:
    holding = issued(world, stock[0])
    with world.acting("alice"):
        before = reader_receipts.pages(reader_receipts.receipt_with(holding, "issue"))
    with world.acting("adam"):
        db.session.get_one(School, SCHOOL).name = "ชื่อใหม่"
        db.session.commit()
    with world.acting("dan"):
        pdf = reader_receipts.pages(reader_receipts.receipt_with(holding, "issue"))
    assert pdf == before
    text = "".join(run_poppler("pdftotext", pdf, "-raw").split())
    for said in ("ใบเบิกจ่ายและรับมอบอุปกรณ์", "SN-1001", "ACSACR39U", "บ้านหนองตัวอย่าง", "นางสาวสมหญิงใจดี", "ครูคศ.1",
                 "ลงทะเบียนแล้วณที่ว่าการอำเภอเมื่อวันที่๑๒พฤษภาคม๒๕๖๘", "อ่านบัตรได้", "ผู้จ่าย", "ผู้เบิกและผู้รับมอบ", "Danทดสอบ",
                 "เลขที่๑/๒๕"):  # fmt: skip
        assert said in text, said
    assert text.count("ลงชื่อ") == 2
    assert "Pages:1\n" in run_poppler("pdfinfo", pdf).replace(" ", "")
    with world.acting("bob"), pytest.raises(NotYours):
        reader_receipts.receipt_with(holding, "issue")


def test_a_return_has_its_own_paper(world: World, stock: list[int], run_poppler: Callable[..., str]) -> None:
    holding = issued(world, stock[0])
    take(world, "dan", stock[0], ReaderStep.TAKE_BACK, "ครูย้ายโรงเรียน")
    with world.acting("dan"):
        pdf = reader_receipts.pages(reader_receipts.receipt_with(holding, "return"))
    text = "".join(run_poppler("pdftotext", pdf, "-raw").split())
    for said in ("ใบส่งคืนและรับคืนอุปกรณ์", "ครูย้ายโรงเรียน", "ใช้ได้รับเข้าคลัง", "ผู้ส่งคืน", "ผู้รับคืน", "เบิกตามเลขที่๑/"):
        assert said in text, said
