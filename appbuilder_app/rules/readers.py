"""Rules of card readers (R59–R61): what may follow what, and that a PIN is written down nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..bilingual import Sentence
from ..codes import ReaderState, ReaderStep
from ..errors import InvalidRow, Problem
from ..thaidate import arabic_digits

Row = Mapping[str, Any]


class Step(NamedTuple):
    """From which states a step is taken, and which it can lead to."""

    starts: frozenset[ReaderState]
    ends: frozenset[ReaderState]


def _step(starts: str, ends: str) -> Step:
    return Step(*(frozenset(map(ReaderState, names.split())) for names in (starts, ends)))


STEPS: Final[Mapping[ReaderStep, Step]] = {
    ReaderStep.ALLOT: _step("stock", "allotted"),
    ReaderStep.UNALLOT: _step("allotted", "stock"),
    ReaderStep.ISSUE: _step("allotted issued", "issued"),
    ReaderStep.REPORT_FAULT: _step("issued", "faulty"),
    ReaderStep.REPORT_LOSS: _step("stock issued faulty", "lost"),
    ReaderStep.SEND_TO_REPAIR: _step("stock issued faulty", "repair"),
    ReaderStep.REPAIRED: _step("faulty repair", "stock issued"),
    ReaderStep.FOUND: _step("lost", "stock issued"),
    ReaderStep.TAKE_BACK: _step("issued faulty repair", "stock repair"),
    ReaderStep.REALLOT: _step("allotted issued", "allotted"),
    ReaderStep.WRITE_OFF: _step("stock faulty repair lost", "retired"),
}
"""All that can be done with a reader. Issuing again what is issued changes the officer who answers for it."""

WITH_SCHOOL: Final = frozenset({ReaderState.ALLOTTED, ReaderState.ISSUED, ReaderState.FAULTY})
WITHOUT_SCHOOL: Final = frozenset({ReaderState.STOCK, ReaderState.RETIRED})


def steps_from(state: ReaderState) -> list[ReaderStep]:
    """What can be done with a reader in this state, in the order of the list."""
    return [step for step in ReaderStep if state in STEPS[step].starts]


def kept_where_it_is(row: Row) -> Iterator[Problem]:
    """A reader that a school holds names the school; one in stock or written off names none."""
    state, school = row.get("state"), row.get("holder_code")
    if (state in WITH_SCHOOL and not school) or (state in WITHOUT_SCHOOL and school):
        yield Problem("holder_code", "สถานะของเครื่องกับโรงเรียนที่ถือครองไม่ตรงกัน กรุณาทำรายการจากหน้าเครื่องอ่านบัตร")


_SERIAL: Final = re.compile(r"[0-9A-Z](?:[0-9A-Z./-]{2,38}[0-9A-Z])")


def serial_is_sound(row: Row) -> Iterator[Problem]:
    """A serial number is what scanners give: Latin capitals and digits, no spaces."""
    serial = row.get("serial")
    if serial and not _SERIAL.fullmatch(serial):
        yield Problem("serial", "หมายเลขเครื่องใช้เลข อักษรอังกฤษ จุด ขีด และทับ 4–40 ตัว ไม่เว้นวรรค กรุณาสแกนใหม่")


# ── Never a PIN ──────────────────────────────────────────────────────────────────────────────────────────

# A number of a year (12/2568) and a day (10/6/2568) are no secret; every other four digits could be one.
_OF_A_YEAR: Final = re.compile(r"(?<!\d)\d{1,3}(?:/\d{1,2})?/25\d\d(?!\d)")
_COULD_BE_A_PIN: Final = re.compile(r"\d(?:[\s.,_-]*\d){3}")
NO_PIN: Final = Sentence(
    "ห้ามบันทึกรหัส PIN ในระบบ ช่องนี้จึงไม่รับตัวเลขติดกันตั้งแต่ 4 หลัก กรุณาลบออก เลขที่เอกสารและวันที่เขียนได้ เช่น 12/2568"
)


def no_pin_in(*names: str) -> Callable[[Row], Iterator[Problem]]:
    """The rule that these fields hold nothing that could be a PIN (R60)."""

    def no_pin(row: Row) -> Iterator[Problem]:
        """R60: the PIN is its owner's alone; the register holds the result of registering it."""
        for name in names:
            if _could_hold_a_pin(row.get(name) or ""):
                yield Problem(name, NO_PIN)

    return no_pin


def refuse_pin(text: str, name: str = "reason") -> None:
    """The same for a reason, which goes into the history; InvalidRow (422)."""
    if _could_hold_a_pin(text):
        raise InvalidRow([Problem(name, NO_PIN)])


def _could_hold_a_pin(text: str) -> bool:
    return _COULD_BE_A_PIN.search(_OF_A_YEAR.sub("/", arabic_digits(text))) is not None


_PHONE: Final = re.compile(r"0\d{8,9}")


def is_a_phone_number(row: Row) -> Iterator[Problem]:
    """A Thai number of nine or ten digits: what is shorter is none, and could be a PIN."""
    phone = row.get("phone")
    if phone and not _PHONE.fullmatch(re.sub(r"[\s-]", "", arabic_digits(phone))):
        yield Problem("phone", "หมายเลขโทรศัพท์มี 9 หรือ 10 หลักและขึ้นต้นด้วย 0 กรุณาตรวจอีกครั้ง")
