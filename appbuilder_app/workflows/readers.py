"""Card readers from arrival to end: received, allotted, tested, handed over, repaired, lost, returned (R59–R61).

Each verb locks the reader first and asks the table of steps (``rules/readers.py``); who comes second is told what
has become of it. A PIN is asked for nowhere: the result of registering one is all that is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from .. import access, rules
from ..access import CENTRE, Action, Viewer
from ..bilingual import Sentence
from ..codes import (
    CardPurpose,
    HoldingEnd,
    PinOffice,
    PinResult,
    ReaderState,
    ReaderStep,
    ReaderTest,
    SchoolStatus,
    WayOfTest,
)
from ..dataset import lock
from ..dataset.scope import within
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation, require_reason
from ..models import Account, Area, CardReading, Reader, ReaderHolding, ReaderLot, School
from ..thaitext import as_scanned
from . import cards, reader_receipts
from .checklist import school_looked_after

SUBJECT: Final = "reader_desk"
PURPOSE: Final = CardPurpose.READER
MOST_AT_ONCE: Final = 2_000
BY_THE_SCHOOL: Final = frozenset({ReaderStep.REPORT_FAULT, ReaderStep.REPORT_LOSS})
"""What a school does itself; all other steps are its area's."""
# Without these the reader itself was not tried: no card in it, a wrong one, another program in between.
_SAYS_OF_THE_READER: Final = frozenset(
    {"no-reader", "reader-gone", "unreadable", "slow", "bad-data", "reader-failed"}
)


class ReaderNotSo(RuleViolation):
    """The reader is in a state from which this step does not start; another officer may have been quicker."""

    message = "“{step}” ทำกับเครื่อง {serial} ไม่ได้ เพราะสถานะคือ “{state}” กรุณาโหลดหน้าใหม่เพื่อดูสถานะล่าสุด"
    status = 409


class SuggestionOld(RuleViolation):
    """Since the suggestion was made a school was allotted a reader."""

    message = "{school} ได้รับจัดสรรเครื่องอ่านบัตรไปแล้วระหว่างนี้ กรุณาโหลดหน้าจัดสรรใหม่แล้วเลือกอีกครั้ง"
    status = 409


class ReaderUntested(RuleViolation):
    """R59: only a reader that has read a card since it came in is handed over."""

    message = "เครื่อง {serial} ยังไม่ผ่านการทดสอบ กรุณาทดสอบให้อ่านบัตรได้ก่อนส่งมอบ หรือจัดสรรเครื่องอื่น"
    status = 409


class SerialsUnknown(RuleViolation):
    """What was scanned is no reader of this area."""

    message = "ไม่พบหมายเลขเครื่อง {serials} ในทะเบียนของเขต กรุณาสแกนใหม่ หรือรับเข้าล็อตก่อน"
    status = 422


class SerialsTwice(RuleViolation):
    """A scanned number is in the register already, or was scanned twice."""

    message = "หมายเลขเครื่องซ้ำ: {serials} กรุณาลบบรรทัดที่ซ้ำแล้วบันทึกอีกครั้ง ยังไม่มีเครื่องใดถูกบันทึก"
    status = 422


class NothingScanned(RuleViolation):
    """There is nothing to record."""

    message = "ยังไม่มีหมายเลขเครื่อง กรุณาสแกนหรือวางหมายเลข บรรทัดละหนึ่งเครื่อง ไม่เกิน {most} เครื่องต่อครั้ง"


# ── Receiving ────────────────────────────────────────────────────────────────────────────────────────────


def receive(lot_id: int, scanned: str) -> list[Reader]:
    """R59: the readers whose numbers were scanned, one a line, come into stock; all of them or none."""
    with access.performing(Action.MANAGE, SUBJECT):
        lot = db.session.get(ReaderLot, lot_id)
        if lot is None:
            raise NotYours
        serials = _serials(scanned)
        there = sa.select(Reader.serial).where(Reader.area_code == lot.area_code, Reader.serial.in_(serials))
        twice = {*db.session.scalars(there), *(one for one in serials if serials.count(one) > 1)}
        if twice:
            raise SerialsTwice(serials=_listed(sorted(twice)))
        readers = [Reader(area_code=lot.area_code, lot_id=lot.id, serial=serial) for serial in serials]
        db.session.add_all(readers)
        db.session.flush()
        return readers


def _serials(scanned: str) -> list[str]:
    """What was scanned or pasted, a number a line; of a pasted table the first column."""
    lines = (line.split("\t")[0] for line in scanned.splitlines())
    serials = [serial for line in lines if (serial := as_scanned(line))]
    if not 1 <= len(serials) <= MOST_AT_ONCE:
        raise NothingScanned(most=MOST_AT_ONCE)
    return serials


def _listed(serials: Sequence[str]) -> str:
    return ", ".join(serials[:10]) + (" …" if len(serials) > 10 else "")


def lots() -> list[tuple[ReaderLot, int]]:
    """The lots in scope, newest first, and how many readers of each are in the register."""
    access.viewer().require(Action.READ, SUBJECT)
    counted = sa.select(Reader.lot_id, sa.func.count(Reader.id)).group_by(Reader.lot_id)
    numbers: dict[int, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    query = sa.select(ReaderLot).order_by(ReaderLot.received_on.desc(), ReaderLot.id.desc()).limit(200)
    return [(lot, numbers.get(lot.id, 0)) for lot in db.session.scalars(query)]


# ── Allotting ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Suggestion:
    """A school that holds no reader, and the reader in stock that it could have; None when the stock is out."""

    school: School
    reader: Reader | None


def suggested() -> list[Suggestion]:
    """R59: each open school of the viewer's that holds none, with the next reader in stock."""
    access.viewer().require(Action.MANAGE, SUBJECT)
    without = schools_without()
    areas = {school.area_code for school in without}
    stock: dict[str, list[Reader]] = {
        code: list(
            db.session.scalars(
                sa.select(Reader)
                .where(Reader.area_code == code, Reader.state == ReaderState.STOCK)
                .order_by(Reader.lot_id, Reader.serial)
                .limit(len(without))
            )
        )
        for code in areas
    }
    taken = dict.fromkeys(areas, 0)
    found = []
    for school in without:
        at, here = taken[school.area_code], stock[school.area_code]
        found.append(Suggestion(school, here[at] if at < len(here) else None))
        taken[school.area_code] = at + 1
    return found


def schools_without() -> list[School]:
    """Open schools in scope that hold no reader, nor are allotted one."""
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    held = sa.exists().where(
        Reader.holder_code == School.code, Reader.state.not_in(tuple(rules.WITHOUT_SCHOOL))
    )
    query = sa.select(School).where(
        within(viewer, School.scope), School.status == SchoolStatus.OPEN, sa.not_(held)
    )
    return list(db.session.scalars(query.order_by(School.area_code, School.code)))


def allot(pairs: Iterable[tuple[str, int]], *, further: bool = False) -> list[ReaderHolding]:
    """R59: readers to schools, all or none. Unless ``further``, only to schools that hold none (SuggestionOld).

    The area's row is held meanwhile, so that two officers cannot allot by one suggestion twice.
    """
    with access.performing(Action.MANAGE, SUBJECT) as officer:
        wanted = sorted(pairs, key=lambda pair: pair[1])
        schools = {code: school_looked_after(code) for code, _reader in wanted}
        _hold_areas({school.area_code for school in schools.values()})
        if not further:
            without = {school.code for school in schools_without()}
            late = next((school for code, school in schools.items() if code not in without), None)
            if late is not None:
                raise SuggestionOld(school=late.name)
        return [_allot(_taken(key, ReaderStep.ALLOT), schools[code], officer) for code, key in wanted]


def allot_scanned(school_code: str, scanned: str) -> list[ReaderHolding]:
    """Readers by their numbers to one school, also to one that holds some."""
    return allot(((school_code, reader.id) for reader in scanned_readers(scanned)), further=True)


def scanned_readers(scanned: str) -> list[Reader]:
    """The readers in scope with these numbers; SerialsUnknown."""
    serials = list(dict.fromkeys(_serials(scanned)))
    found = {
        one.serial: one for one in db.session.scalars(sa.select(Reader).where(Reader.serial.in_(serials)))
    }
    if unknown := [serial for serial in serials if serial not in found]:
        raise SerialsUnknown(serials=_listed(unknown))
    return [found[serial] for serial in serials]


def _hold_areas(codes: set[str]) -> None:
    # Not FOR UPDATE: schools that point to the area are written meanwhile.
    query = sa.select(Area).where(Area.code.in_(codes)).order_by(Area.code).with_for_update(key_share=True)
    db.session.scalars(query).all()


def _allot(reader: Reader, school: School, officer: Viewer) -> ReaderHolding:
    if school.area_code != reader.area_code:
        raise NotYours
    turn = sa.select(sa.func.count(ReaderHolding.id)).where(ReaderHolding.reader_id == reader.id)
    holding = ReaderHolding(
        reader_id=reader.id,
        school_code=school.code,
        turn=(db.session.scalar(turn) or 0) + 1,
        allotted_at=lock.now(),
        allotted_by=officer.name,
    )
    _move(reader, ReaderState.ALLOTTED, school.code)
    db.session.add(holding)
    db.session.flush()
    return holding


# ── Testing ──────────────────────────────────────────────────────────────────────────────────────────────


def ask_test(reader_id: int) -> str:
    """The number for a read that tests this reader, through the PC that the acting officer has paired (R59)."""
    reader = reader_with(reader_id)
    _must_be_here_to_test(reader)
    return cards.ask(PURPOSE, tested_reader_id=reader.id)


@cards.when_read(PURPOSE, SUBJECT)
def _note_test(reading: CardReading, failure: str) -> None:
    if failure and failure not in _SAYS_OF_THE_READER:
        return
    with access.performing(Action.WRITE, SUBJECT):
        reader = _held(reading.tested_reader_id or 0)
        _must_be_here_to_test(reader)
        _note(reader, failure, WayOfTest.AGENT, reading.asked_by, reading.reader)


def note_by_hand(reader_id: int, passed: bool) -> None:
    """R59: an officer says how a test without the program came out."""
    with access.performing(Action.MANAGE, SUBJECT) as officer:
        reader = _held(reader_id)
        _must_be_here_to_test(reader)
        _note(reader, "" if passed else "by-hand", WayOfTest.HAND, officer.name, None)


def _note(reader: Reader, failure: str, way: WayOfTest, by: str, device: str | None) -> None:
    reader.test = ReaderTest.FAILED if failure else ReaderTest.PASSED
    reader.test_way, reader.tested_at, reader.tested_by = way, lock.now(), by
    reader.test_device, reader.test_failure = device, failure or None
    db.session.flush()


def _must_be_here_to_test(reader: Reader) -> None:
    if reader.state in {ReaderState.LOST, ReaderState.RETIRED}:
        raise ReaderNotSo(step=Sentence("ทดสอบ"), serial=reader.serial, state=reader.state.th)


def _forget_test(reader: Reader) -> None:
    """What was seen before it went out says nothing of it now."""
    reader.test = reader.test_way = reader.tested_at = reader.tested_by = None
    reader.test_device = reader.test_failure = None


# ── Handing over ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Receiver:
    """Who receives a reader for a school and answers for it (R59); ``account`` is theirs, if they have one."""

    name: str
    position: str
    phone: str
    account: str = ""


@dataclass(frozen=True)
class Pin:
    """What became of registering a PIN (R60): the result, where and when. Never the PIN."""

    result: PinResult
    office: PinOffice | None = None
    on: dt.date | None = None


def issue(reader_id: int, receiver: Receiver, pin: Pin) -> ReaderHolding:
    """R59–R61: hand a tested reader over to the school's officer, with a numbered receipt for both to sign.

    Of a reader that the school has already: another officer answers for it from now on, by a receipt of their own.
    """
    with access.performing(Action.MANAGE, SUBJECT) as officer:
        reader = _taken(reader_id, ReaderStep.ISSUE)
        holding = open_holding(reader)
        assert holding is not None  # noqa: S101 -- what is allotted or issued is held
        if reader.state is ReaderState.ISSUED:
            _end(holding, HoldingEnd.HANDED_ON, "", officer)
            holding = _allot_again(holding, officer)
        elif reader.test is not ReaderTest.PASSED:
            raise ReaderUntested(serial=reader.serial)
        _fill(holding, receiver, pin)
        holding.issued_at, holding.issued_by = lock.now(), officer.name
        _move(reader, ReaderState.ISSUED)
        holding.receipt_number = reader_receipts.of_issue(reader, holding, officer).number
        db.session.flush()
        return holding


def register_pin(reader_id: int, pin: Pin) -> ReaderHolding:
    """R60: the officer who received the reader has been to the office since."""
    with access.performing(Action.MANAGE, SUBJECT):
        reader = _held(reader_id)
        holding = open_holding(reader)
        if reader.state is not ReaderState.ISSUED or holding is None:
            raise ReaderNotSo(step=Sentence("บันทึกผล PIN"), serial=reader.serial, state=reader.state.th)
        _fill_pin(holding, pin)
        db.session.flush()
        return holding


def _allot_again(before: ReaderHolding, officer: Viewer) -> ReaderHolding:
    holding = ReaderHolding(
        reader_id=before.reader_id,
        school_code=before.school_code,
        turn=before.turn + 1,
        allotted_at=lock.now(),
        allotted_by=officer.name,
    )
    db.session.add(holding)
    return holding


def _fill(holding: ReaderHolding, receiver: Receiver, pin: Pin) -> None:
    told = {
        "receiver_name": receiver.name,
        "receiver_position": receiver.position,
        "phone": receiver.phone,
    }
    tidy = {name: " ".join(text.split()) for name, text in told.items()}
    if missing := [name for name, text in tidy.items() if not text]:
        raise InvalidRow([Problem(name, "ผู้รับต้องมีชื่อ ตำแหน่ง และโทรศัพท์ กรุณากรอกให้ครบ") for name in missing])
    if receiver.account and receiver.account not in {one.username for one in people_of(holding.school_code)}:
        raise InvalidRow([Problem("receiver_account", "บัญชีนี้ไม่ใช่ของโรงเรียน กรุณาเลือกจากรายการ")])
    for name, text in tidy.items():
        setattr(holding, name, text)
    holding.receiver_account = receiver.account or None
    _fill_pin(holding, pin)


def _fill_pin(holding: ReaderHolding, pin: Pin) -> None:
    if pin.result is PinResult.REGISTERED and (pin.office is None or pin.on is None):
        raise InvalidRow([Problem("pin_office", "ลงทะเบียน PIN แล้ว กรุณาบอกสถานที่และวันที่ลงทะเบียน")])
    if pin.on is not None and pin.on > lock.today():
        raise InvalidRow([Problem("pin_on", "วันที่ลงทะเบียน PIN ยังมาไม่ถึง กรุณาตรวจอีกครั้ง")])
    holding.pin_result, holding.pin_office, holding.pin_on = pin.result, pin.office, pin.on


def people_of(school_code: str) -> list[Account]:
    """Accounts of a school that can be named as receiving officer."""
    school = school_looked_after(school_code)
    query = sa.select(Account).where(Account.scope == school.scope, Account.active)
    return list(db.session.scalars(query.order_by(Account.first_name, Account.id)))


# ── What happens to it ───────────────────────────────────────────────────────────────────────────────────


def take(reader_id: int, step: ReaderStep, reason: str, school_code: str = "") -> Reader:
    """R61: one of the steps of a reader's life that needs a reason and nothing else, but for REALLOT the school."""
    require_reason(reason)
    rules.refuse_pin(reason)
    reason = reason.strip()[:500]
    action = Action.WRITE if step in BY_THE_SCHOOL else Action.MANAGE
    with access.performing(action, SUBJECT) as officer, access.because(reason):
        reader = _taken(reader_id, step)
        _TAKE[step](reader, reason, officer, school_code)
        db.session.flush()
        return reader


def _report_fault(reader: Reader, *_told: Any) -> None:
    _move(reader, ReaderState.FAULTY)


def _report_loss(reader: Reader, *_told: Any) -> None:
    _move(reader, ReaderState.LOST)


def _send_to_repair(reader: Reader, *_told: Any) -> None:
    _move(reader, ReaderState.REPAIR)


def _give_back(reader: Reader, *_told: Any) -> None:
    """Back from repair, or found: to the school that holds it, or into stock."""
    _forget_test(reader)
    _move(reader, ReaderState.ISSUED if reader.holder_code else ReaderState.STOCK)


def _unallot(reader: Reader, reason: str, officer: Viewer, _school: str) -> None:
    _end_open(reader, HoldingEnd.UNALLOTTED, reason, officer)
    _move(reader, ReaderState.STOCK, None)


def _take_back(reader: Reader, reason: str, officer: Viewer, _school: str) -> None:
    """What comes back faulty goes to repair, everything else into stock; it is tested again before it is issued."""
    broken = reader.state in {ReaderState.FAULTY, ReaderState.REPAIR}
    holding = _end_open(reader, HoldingEnd.RETURNED, reason, officer)
    _forget_test(reader)
    if holding is not None:
        reader_receipts.of_return(reader, holding, officer, broken=broken)
    _move(reader, ReaderState.REPAIR if broken else ReaderState.STOCK, None)


def _reallot(reader: Reader, reason: str, officer: Viewer, school_code: str) -> None:
    """R61: at once to another school, which fetches and signs for it anew."""
    school = school_looked_after(school_code)
    if school.code == reader.holder_code:
        raise InvalidRow([Problem("school_code", "เลือกโรงเรียนอื่นที่ไม่ใช่โรงเรียนที่ถือครองอยู่")])
    _hold_areas({school.area_code})
    _end_open(reader, HoldingEnd.MOVED, reason, officer)
    _forget_test(reader)
    _allot(reader, school, officer)


def _write_off(reader: Reader, reason: str, officer: Viewer, _school: str) -> None:
    _end_open(reader, HoldingEnd.WRITTEN_OFF, reason, officer)
    _move(reader, ReaderState.RETIRED, None)


_TAKE: Final = {
    ReaderStep.REPORT_FAULT: _report_fault,
    ReaderStep.REPORT_LOSS: _report_loss,
    ReaderStep.SEND_TO_REPAIR: _send_to_repair,
    ReaderStep.REPAIRED: _give_back,
    ReaderStep.FOUND: _give_back,
    ReaderStep.UNALLOT: _unallot,
    ReaderStep.TAKE_BACK: _take_back,
    ReaderStep.REALLOT: _reallot,
    ReaderStep.WRITE_OFF: _write_off,
}


def steps_for(reader: Reader) -> list[ReaderStep]:
    """What the viewer can do with a reader now, with a reason alone."""
    viewer = access.viewer()
    manages = viewer.may(Action.MANAGE, SUBJECT)
    reports = viewer.may(Action.WRITE, SUBJECT)
    return [
        step
        for step in rules.steps_from(reader.state)
        if step in _TAKE and (manages or (reports and step in BY_THE_SCHOOL)) and _makes_sense(reader, step)
    ]


def _makes_sense(reader: Reader, step: ReaderStep) -> bool:
    return step is not ReaderStep.TAKE_BACK or reader.holder_code is not None


def _taken(reader_id: int, step: ReaderStep) -> Reader:
    """The reader, held until the transaction ends, in a state from which the step starts; ReaderNotSo."""
    reader = _held(reader_id)
    if reader.state not in rules.STEPS[step].starts or not _makes_sense(reader, step):
        raise ReaderNotSo(step=step.th, serial=reader.serial, state=reader.state.th)
    return reader


def _held(reader_id: int) -> Reader:
    query = sa.select(Reader).where(Reader.id == reader_id).with_for_update()
    reader = db.session.scalar(query.execution_options(populate_existing=True))
    if reader is None:
        raise NotYours
    return reader


def _move(reader: Reader, state: ReaderState, *holder: str | None) -> None:
    """Into this state, and to this holder where it changes: both at once, since each is wrong without the other."""
    with db.session.no_autoflush:
        reader.state = state
        for code in holder:
            reader.holder_code = code


def _end_open(reader: Reader, end: HoldingEnd, reason: str, officer: Viewer) -> ReaderHolding | None:
    holding = open_holding(reader)
    if holding is not None:
        _end(holding, end, reason, officer)
    return holding


def _end(holding: ReaderHolding, end: HoldingEnd, reason: str, officer: Viewer) -> None:
    holding.ended_at, holding.ended_by, holding.end = lock.now(), officer.name, end
    holding.end_reason = reason or None
    # Ended before the next one begins: the database lets one be open.
    db.session.flush()


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────


def reader_with(reader_id: int) -> Reader:
    """A reader in scope; NotYours (404)."""
    access.viewer().require(Action.READ, SUBJECT)
    reader = db.session.get(Reader, reader_id)
    if reader is None:
        raise NotYours
    return reader


def open_holding(reader: Reader) -> ReaderHolding | None:
    """Who holds a reader now."""
    query = sa.select(ReaderHolding).where(
        ReaderHolding.reader_id == reader.id, ReaderHolding.ended_at.is_(None)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def holdings_of(reader: Reader) -> list[ReaderHolding]:
    """Who has held a reader, as far as the viewer looks after them, the last first."""
    query = sa.select(ReaderHolding).where(ReaderHolding.reader_id == reader.id)
    return list(db.session.scalars(query.order_by(ReaderHolding.turn.desc())))


@dataclass(frozen=True)
class Overview:
    """How far the readers of a place are: by state, and of those that are handed over how many lack a PIN."""

    counts: dict[ReaderState, int]
    without_pin: int
    untested: int

    @property
    def total(self) -> int:
        """All that have not been written off."""
        return sum(self.counts.values()) - self.counts[ReaderState.RETIRED]

    @property
    def fetched(self) -> int:
        """Readers that schools have come for."""
        return sum(self.counts[s] for s in (ReaderState.ISSUED, ReaderState.FAULTY))

    @property
    def for_schools(self) -> int:
        """Readers that schools hold or are to fetch."""
        return self.fetched + self.counts[ReaderState.ALLOTTED]


def overview() -> Overview:
    """The figures of the viewer's scope, in two statements."""
    access.viewer().require(Action.READ, SUBJECT)
    tested = sa.func.sum(sa.case((Reader.test == ReaderTest.PASSED, 0), else_=1))
    query = sa.select(Reader.state, sa.func.count(Reader.id), tested).group_by(Reader.state)
    counts = dict.fromkeys(ReaderState, 0)
    untested = 0
    for state, number, not_passed in db.session.execute(query):
        counts[state] = number
        if state is ReaderState.ALLOTTED:
            untested = int(not_passed)
    lacking = sa.select(sa.func.count(ReaderHolding.id)).where(_lacks_a_pin())
    return Overview(counts, db.session.scalar(lacking) or 0, untested)


def _lacks_a_pin() -> sa.ColumnElement[bool]:
    return sa.and_(
        ReaderHolding.ended_at.is_(None),
        ReaderHolding.issued_at.is_not(None),
        ReaderHolding.pin_result != PinResult.REGISTERED,
    )


Held = tuple[ReaderHolding, Reader, School]


def not_fetched(school_code: str = "") -> list[Held]:
    """R59: who has been allotted a reader and has not come for it, the longest first."""
    wanted = sa.and_(ReaderHolding.ended_at.is_(None), Reader.state == ReaderState.ALLOTTED)
    if school_code:
        wanted = sa.and_(wanted, ReaderHolding.school_code == school_code)
    return _held_ones(wanted)


def in_need() -> list[Held]:
    """Readers of schools that are faulty, in repair or lost."""
    states = (ReaderState.FAULTY, ReaderState.REPAIR, ReaderState.LOST)
    return _held_ones(sa.and_(ReaderHolding.ended_at.is_(None), Reader.state.in_(states)))


def without_pin() -> list[Held]:
    """R60: who has a reader and no PIN to use it with."""
    return _held_ones(_lacks_a_pin())


def of_school(school_code: str) -> list[Held]:
    """All that a school holds now."""
    return _held_ones(sa.and_(ReaderHolding.ended_at.is_(None), ReaderHolding.school_code == school_code))


def _held_ones(wanted: sa.ColumnElement[bool]) -> list[Held]:
    access.viewer().require(Action.READ, SUBJECT)
    query = (
        sa.select(ReaderHolding, Reader, School)
        .join(Reader, Reader.id == ReaderHolding.reader_id)
        .join(School, School.code == ReaderHolding.school_code)
        .where(wanted)
        .order_by(ReaderHolding.allotted_at, School.code, Reader.serial)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.limit(1_000))]


def by_area() -> list[tuple[Area, dict[ReaderState, int]]]:
    """For the centre: the areas that have readers, by state."""
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    if viewer.scope != CENTRE:
        return []
    query = sa.select(Reader.area_code, Reader.state, sa.func.count(Reader.id)).group_by(
        Reader.area_code, Reader.state
    )
    found: dict[str, dict[ReaderState, int]] = {}
    for code, state, number in db.session.execute(query):
        found.setdefault(code, dict.fromkeys(ReaderState, 0))[state] = number
    areas = db.session.scalars(sa.select(Area).where(Area.code.in_(found)).order_by(Area.code))
    return [(area, found[area.code]) for area in areas]
