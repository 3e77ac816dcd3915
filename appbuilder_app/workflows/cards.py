"""National ID cards: pairing PCs, giving out numbers for reads, taking reads in, and the account of all of them.

What a card told is kept in ``CardReading.card`` until it is used or half an hour old, and nowhere else: no
history, no log, no address holds it. ``from_cards`` brings it into the register.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from flask import current_app

from cards import Card
from cards.errors import BadData, CardError, from_code
from cards.sealing import CLOCK_MAY_DIFFER, Report, Sealed, device_key

from .. import access
from ..access import Action, Viewer
from ..bilingual import Bilingual, Label, Sentence
from ..codes import CardPurpose
from ..dataset import history, lock
from ..declaration import db, fields_of
from ..errors import InvalidRow, NotYours, Problem, RuleViolation
from ..models import CardDevice, CardReading, School, Student

SUBJECT: Final = "card"
_Told = Callable[["CardReading", str], None]
CODE_LIVES: Final = dt.timedelta(minutes=10)
NONCE_LIVES: Final = dt.timedelta(minutes=2)
CARD_KEPT: Final = dt.timedelta(minutes=30)
MOST_FAILURES: Final = 10
SHOWN: Final = 50
# Without letters and digits that are taken for each other when they are read out.
_CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class CodeRefused(RuleViolation):
    """A pairing code that is wrong, used, or too old; which, is not told."""

    message = "รหัสจับคู่ไม่ถูกต้องหรือหมดอายุแล้ว กรุณาขอรหัสใหม่ที่หน้า “เครื่องอ่านบัตร”"
    status = 403


class DeviceRefused(RuleViolation):
    """A read under no key that is good here: not paired, revoked, of another place, or altered."""

    message = "ไม่รับข้อมูลจากโปรแกรมอ่านบัตรเครื่องนี้ เพราะยังไม่ได้จับคู่หรือถูกยกเลิกแล้ว กรุณาจับคู่ใหม่ที่หน้า “เครื่องอ่านบัตร”"
    status = 403


class ReadTooOld(RuleViolation):
    """The number of the read is unknown here, spent, or more than two minutes old."""

    message = "ข้อมูลการอ่านบัตรครั้งนี้ใช้ไปแล้วหรือเก่าเกินสองนาที กรุณากดอ่านบัตรอีกครั้ง"
    status = 409


class ClockWrong(RuleViolation):
    """The PC's clock and ours tell different times."""

    message = "นาฬิกาของเครื่องอ่านบัตรไม่ตรงกับระบบเกิน 5 นาที กรุณาตั้งเวลาของเครื่องให้ตรงแล้วอ่านใหม่"
    status = 409


class CardNotRead(RuleViolation):
    """The PC tells why it could not read; its sentence."""

    message = "{sentence}"
    status = 422


# ── Devices ──────────────────────────────────────────────────────────────────────────────────────────────


def make_device(name: str) -> tuple[CardDevice, str]:
    """A PC that may be paired, and its one-time code, which is told this once."""
    with access.performing(Action.MANAGE, SUBJECT) as officer:
        name = " ".join(name.split())
        if not 2 <= len(name) <= 60 or not name.isprintable():
            raise InvalidRow([Problem("name", "ตั้งชื่อเครื่อง 2–60 ตัวอักษร เช่น เครื่องห้องธุรการ")])
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(12))
        device = CardDevice(
            place=officer.scope,
            public_id=secrets.token_hex(16),
            name=name,
            code_digest=_digest(code),
            code_until=lock.now() + CODE_LIVES,
            made_by=officer.name,
        )
        db.session.add(device)
        db.session.flush()
        return device, "-".join((code[:4], code[4:8], code[8:]))


def trade(code: str) -> tuple[CardDevice, bytes]:
    """The device of a one-time code, and its key; CodeRefused."""
    given = "".join(letter for letter in code.upper() if letter in _CODE_LETTERS)
    with _as_program(access.CENTRE):
        query = sa.select(CardDevice).where(CardDevice.code_digest == _digest(given)).with_for_update()
        device = db.session.scalar(query)
        if device is None or device.revoked_at is not None or device.code_until <= lock.now():
            raise CodeRefused
        device.code_digest, device.paired_at = None, lock.now()
        db.session.flush()
        return device, _key(device)


def revoke(device_id: int) -> CardDevice:
    """End a device for good; NotYours (404) for one of another place."""
    with access.performing(Action.MANAGE, SUBJECT) as officer:
        device = db.session.get(CardDevice, device_id)
        if device is None:
            raise NotYours
        if device.revoked_at is None:
            device.revoked_at, device.revoked_by, device.code_digest = lock.now(), officer.name, None
            db.session.flush()
        return device


def devices() -> list[CardDevice]:
    """The devices that the viewer looks after, newest first."""
    access.viewer().require(Action.READ, SUBJECT)
    return list(db.session.scalars(sa.select(CardDevice).order_by(CardDevice.id.desc()).limit(200)))


@dataclass(frozen=True)
class Account:
    """A read, with which device, and of which school; ``has_no_result``: its number was given out and nothing came."""

    reading: CardReading
    device: CardDevice | None
    school: School | None

    @property
    def has_no_result(self) -> bool:
        """Nobody knows whether the card was read: the PC's program, or the way from there, failed."""
        return self.reading.read_at is None and not self.reading.failures


def readings(*, before: int | None = None, failed: bool = False) -> list[Account]:
    """The account of reads that the viewer looks after, newest first, those older than ``before``; or only failures."""
    access.viewer().require(Action.READ, SUBJECT)
    with_failures = sa.cast(CardReading.failures, sa.Text) != "[]"
    # One whose number is good still is under way.
    old = CardReading.issued_at < lock.now() - NONCE_LIVES
    lost = sa.and_(CardReading.read_at.is_(None), old)
    query = (
        sa.select(CardReading, CardDevice)
        .outerjoin(CardDevice, CardDevice.id == CardReading.device_id)
        .where(sa.or_(with_failures, lost, sa.false() if failed else CardReading.read_at.is_not(None)))
        .order_by(CardReading.id.desc())
        .limit(SHOWN)
    )
    if before is not None:
        query = query.where(CardReading.id < before)
    rows = db.session.execute(query).all()
    schools = _schools({reading.place for reading, _device in rows})
    return [Account(reading, device, schools.get(reading.place)) for reading, device in rows]


def _schools(places: set[str]) -> Mapping[str, School]:
    query = sa.select(School).where(School.code.in_([place.rpartition("/")[2] for place in places]))
    found = {school.scope: school for school in db.session.scalars(query)}
    return {place: found[place] for place in places if place in found}


def _key(device: CardDevice) -> bytes:
    return device_key(current_app.secret_key or "", device.public_id)


class _Purpose(NamedTuple):
    """What a read for another purpose than a student's data is told to, and on which subject that writes."""

    told: Callable[[CardReading, str], None]
    subject: str


_PURPOSES: dict[CardPurpose, _Purpose] = {}


def when_read(purpose: CardPurpose, subject: str) -> Callable[[_Told], _Told]:
    """Names what is told of each read for this purpose: the reading, and why it failed ("" when it did not).

    The card itself is forgotten before: what is told is that it was read.
    """

    def named(told: _Told) -> _Told:
        _PURPOSES[purpose] = _Purpose(told, subject)
        return told

    return named


def _tell(reading: CardReading, failure: str) -> None:
    if purpose := _PURPOSES.get(reading.purpose):
        reading.card = None
        if not failure:
            reading.used_at = lock.now()
        purpose.told(reading, failure)


@contextmanager
def _as_program(scope: str) -> Iterator[None]:
    """A reader's program at work, which is nobody's session; it may do nothing but this."""
    subjects = {SUBJECT, *(purpose.subject for purpose in _PURPOSES.values())}
    rights = frozenset((str(Action.WRITE), subject) for subject in subjects)
    program = Viewer(None, "smartcard-agent", "โปรแกรมอ่านบัตร", "", scope, rights)
    with access.acting_as(program, through="api"), access.performing(Action.WRITE, SUBJECT):
        yield


# ── A read ───────────────────────────────────────────────────────────────────────────────────────────────


def ask(
    purpose: object = CardPurpose.STUDENT,
    student_id: int | None = None,
    tested_reader_id: int | None = None,
) -> str:
    """A number for one read by the acting account within two minutes. Old cards are forgotten on the way.

    For the card of a relative ``student_id`` says whose; NotYours (404) for a student of another school.
    ``tested_reader_id``: the reader of the inventory that the read is to test.
    """
    with access.performing(Action.WRITE, SUBJECT) as officer:
        meant = CardPurpose.parse(purpose)
        if meant.is_relative:
            student_id = own_student(student_id).id
        _forget_old()
        nonce = secrets.token_urlsafe(24)
        db.session.add(
            CardReading(
                place=officer.scope,
                account_id=officer.id,
                asked_by=officer.name,
                purpose=meant,
                student_id=student_id if meant.is_relative else None,
                tested_reader_id=tested_reader_id,
                nonce_digest=_digest(nonce),
                issued_at=lock.now(),
                failures=[],
                taken={},
            )
        )
        db.session.flush()
        return nonce


def own_student(student_id: int | None) -> Student:
    """A student whom the viewer may write; NotYours (404) otherwise."""
    viewer = access.viewer()
    viewer.require(Action.WRITE, "student")
    student = db.session.get(Student, student_id) if student_id is not None else None
    if student is None or not viewer.looks_after(student.scope):
        raise NotYours
    return student


def _forget_old() -> None:
    query = sa.select(CardReading).where(
        CardReading.card.is_not(None), CardReading.issued_at < lock.now() - CARD_KEPT
    )
    for reading in db.session.scalars(query.limit(100)):
        reading.card = None


def take_in(given: Any, account_id: int | None) -> CardReading:
    """What a paired PC has read: check it, spend its number, and keep the card until it is used.

    ``account_id`` is that of the session through which it came, which must be the one that asked; None when
    the program has sent it by itself. A failure is noted and committed before it is refused.
    """
    sealed, report = _report(given)
    with _as_program(access.CENTRE):
        reading = _reading_of(report.nonce, account_id)
        device = _device_of(sealed, report)
        if device is None or not access.covers(device.place, reading.place):
            _note_failure(reading, DeviceRefused.__name__)
            raise DeviceRefused
        reading.device_id = device.id
        _refuse(reading, report)
        assert report.card is not None  # noqa: S101 -- a report without one is a refusal
        reading.read_at, reading.reader = lock.now(), report.reader
        reading.card = report.card.to_json()
        _tell(reading, "")
        db.session.flush()
        place = reading.place
    with _as_program(place):
        if reading.purpose is CardPurpose.STUDENT:
            # Whether the child is known anywhere in the country is looked up next.
            mask = fields_of(Student)["national_id"].kind.mask(report.card.national_id)
            asked = {"national_id": mask, "card": reading.id, "asked_by": reading.asked_by}
            history.record_reading(db.session.connection(), "student", "looked up", asked)
    return reading


def known(given: Any) -> CardDevice:
    """The device that asks whether it is known here; DeviceRefused."""
    sealed, report = _report(given)
    with _as_program(access.CENTRE):
        device = _device_of(sealed, report)
        if device is None:
            raise DeviceRefused
        return device


def _report(given: Any) -> tuple[Sealed, Report]:
    try:
        sealed = Sealed.of_json(given)
        return sealed, Report.of(sealed)
    except BadData as error:
        raise CardNotRead(sentence=_told(error)) from error


def _device_of(sealed: Sealed, report: Report) -> CardDevice | None:
    device = db.session.scalar(sa.select(CardDevice).where(CardDevice.public_id == report.device))
    return device if device is not None and device.works and sealed.is_by(_key(device)) else None


def _reading_of(nonce: str, account_id: int | None) -> CardReading:
    query = sa.select(CardReading).where(CardReading.nonce_digest == _digest(nonce)).with_for_update()
    reading = db.session.scalar(query)
    if reading is None or (account_id is not None and reading.account_id != account_id):
        raise ReadTooOld
    return reading


def _refuse(reading: CardReading, report: Report) -> None:
    """Note and refuse what came too late, a second time, by a wrong clock, or as the reason of a failure."""
    now = lock.now()
    refusal: RuleViolation | None = None
    if reading.read_at is not None or now - reading.issued_at > NONCE_LIVES:
        refusal = ReadTooOld()
    elif report.card is None:
        error = from_code(report.error, report.facts)
        _note_failure(reading, error.code, error.facts)
        raise CardNotRead(sentence=_told(error))
    elif abs(now - report.at) > CLOCK_MAY_DIFFER:
        refusal = ClockWrong()
    if refusal is not None:
        _note_failure(reading, type(refusal).__name__)
        raise refusal


def _told(error: CardError) -> Bilingual:
    return Label(str(error), error.in_english())


def _note_failure(reading: CardReading, code: str, facts: Mapping[str, object] | None = None) -> None:
    if len(reading.failures) < MOST_FAILURES:
        noted = [lock.now().isoformat(timespec="seconds"), code, dict(facts or {})]
        reading.failures = [*reading.failures, noted]
        _tell(reading, code)
    db.session.commit()


def failure_text(failure: Sequence[Any]) -> Bilingual:
    """A noted failure in words."""
    _at, code, facts = failure
    ours = {error.__name__: error for error in (ReadTooOld, ClockWrong, DeviceRefused)}
    return Sentence(ours[code].message) if code in ours else _told(from_code(code, facts))


def own_reading(reading_id: int, *, held: bool = False) -> tuple[CardReading, Card]:
    """A read of the acting account that is not used yet, and its card; NotYours (404) otherwise.

    ``held``: for using it, which only one does.
    """
    viewer = access.viewer()
    viewer.require(Action.WRITE, SUBJECT)
    query = (
        sa.select(CardReading).where(CardReading.id == reading_id).execution_options(populate_existing=held)
    )
    reading = db.session.scalar(query.with_for_update() if held else query)
    if reading is None or reading.account_id != viewer.id or reading.card is None or reading.read_at is None:
        raise NotYours
    if lock.now() - reading.read_at > CARD_KEPT:
        raise ReadTooOld
    return reading, Card.of_json(reading.card)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
