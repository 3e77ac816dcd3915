"""Rules of buildings, equipment, staff and technology, and what is computed of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from ..bilingual import Sentence
from ..codes import ItemState, Pay, Position
from ..errors import Problem
from ..thaidate import bangkok

Row = Mapping[str, Any]

OTHER_PLAN: Final = "other"
"""The line of the plan catalogue that stands for what a school built by itself."""

_RESIDUAL: Final = Decimal(1)


def _today() -> dt.date:
    return bangkok(dt.datetime.now(dt.UTC)).date()


# ── Buildings ────────────────────────────────────────────────────────────────────────────────────────────


def other_plan_is_described(row: Row) -> Iterator[Problem]:
    """§5.1: "other (self-built)" says nothing by itself."""
    if row.get("plan_code") == OTHER_PLAN and not row.get("plan_other"):
        yield Problem("plan_other", "เลือกแบบ “อื่นๆ (สร้างเอง)” แล้ว กรุณาบอกว่าเป็นแบบใด")


def demolition_has_its_permit(row: Row) -> Iterator[Problem]:
    """§5.1: what is or will be taken down stands on treasury land, so it has a permit with number and date."""
    status = row.get("use_status")
    if status is None or not status.needs_permit:
        return
    for name in ("permit_number", "permit_date"):
        if not row.get(name):
            yield Problem(
                name, Sentence("สถานะ “{status}” ต้องมีเลขที่และวันที่ของหนังสืออนุญาตรื้อถอน", status=status.th)
            )


def special_rooms_are_among_the_rooms(row: Row) -> Iterator[Problem]:
    """§5.1: special rooms are some of the actual rooms."""
    actual, special = row.get("actual_rooms"), row.get("special_rooms")
    if special and special > (actual or 0):
        yield Problem("special_rooms", "ห้องพิเศษเป็นส่วนหนึ่งของห้องจริง จึงต้องไม่มากกว่าห้องจริง")


def built_year_has_come(row: Row) -> Iterator[Problem]:
    """A building of a year to come is a typing error; while it is being built it may bear next year."""
    year = row.get("built_year")
    if year is not None and year > _today().year + 543 + 1:
        yield Problem("built_year", "ปีที่สร้างยังมาไม่ถึง กรุณาตรวจปี พ.ศ.")


def age_of_building(row: Row) -> int | None:
    """Years since it was built, in the Buddhist Era's calendar years; None when the year is not known."""
    year = row.get("built_year")
    return None if year is None else max(0, _today().year + 543 - year)


# ── Equipment ────────────────────────────────────────────────────────────────────────────────────────────


def all_of_line(row: Row) -> int:
    """All things of a catalogue line."""
    return sum(row.get(name) or 0 for name in ("usable", "to_repair", "to_dispose"))


def disposal_is_told_whole(row: Row) -> Iterator[Problem]:
    """§5.2: what was disposed of says how and when; what says so was disposed of."""
    state, how, on = row.get("state"), row.get("disposal"), row.get("disposed_on")
    if state is ItemState.DISPOSED:
        if how is None:
            yield Problem("disposal", "ครุภัณฑ์ที่จำหน่ายแล้วต้องบอกวิธีการจำหน่าย")
        if on is None:
            yield Problem("disposed_on", "ครุภัณฑ์ที่จำหน่ายแล้วต้องบอกวันที่จำหน่าย")
    elif how is not None or on is not None:
        yield Problem("state", "มีวิธีหรือวันที่จำหน่ายแล้ว กรุณาเลือกสภาพเป็น “จำหน่ายแล้ว” หรือลบวิธีและวันที่จำหน่าย")


def acquired_in_the_past(row: Row) -> Iterator[Problem]:
    """What is in the register has come, and went after it had come."""
    came, went = row.get("acquired_on"), row.get("disposed_on")
    if came is not None and came > _today():
        yield Problem("acquired_on", "วันที่ได้มายังมาไม่ถึง กรุณาตรวจปี พ.ศ.")
    if went is not None and went > _today():
        yield Problem("disposed_on", "วันที่จำหน่ายยังมาไม่ถึง กรุณาตรวจปี พ.ศ.")
    if came is not None and went is not None and went < came:
        yield Problem("disposed_on", "วันที่จำหน่ายต้องไม่ก่อนวันที่ได้มา")


def depreciation(row: Row) -> Decimal | None:
    """Accumulated straight-line depreciation in baht, by full months until today or the disposal (§5.2).

    One baht stays in the books as long as the thing is there. None without a useful life.
    """
    price, years, came = row.get("unit_price"), row.get("useful_years"), row.get("acquired_on")
    if price is None or not years or came is None:
        return None
    until = row.get("disposed_on") or _today()
    months = max(0, (until.year - came.year) * 12 + until.month - came.month - (until.day < came.day))
    most = max(Decimal(0), price - _RESIDUAL)
    return min(most, (price * months / (years * 12)).quantize(Decimal("0.01")))


def book_value(row: Row) -> Decimal | None:
    """What the thing is worth in the books, in baht; None without a useful life, nothing once disposed of."""
    written_off = depreciation(row)
    if written_off is None:
        return None
    return Decimal(0) if row.get("state") is ItemState.DISPOSED else row["unit_price"] - written_off


# ── Staff ────────────────────────────────────────────────────────────────────────────────────────────────


def men_and_women(row: Row) -> int:
    """All who hold the position."""
    return (row.get("male") or 0) + (row.get("female") or 0)


def civil_servants_are_in_the_budget(row: Row) -> Iterator[Problem]:
    """R55: civil servants are paid by the budget; outside it are employees alone."""
    position: Position | None = row.get("position")
    if position is not None and position.is_civil_servant and row.get("pay") is Pay.OUTSIDE:
        sentence = Sentence("{position}เป็นข้าราชการ จึงต้องอยู่ในงบประมาณ", position=position.th)
        yield Problem("pay", sentence)


def one_director(row: Row) -> Iterator[Problem]:
    """§5.3: a school has one director."""
    if row.get("position") is Position.DIRECTOR and men_and_women(row) > 1:
        yield Problem("male", "โรงเรียนมีผู้อำนวยการได้คนเดียว ผู้ที่รักษาการให้นับตามตำแหน่งจริง")


# ── Technology ───────────────────────────────────────────────────────────────────────────────────────────


def all_computers(row: Row) -> int:
    """Usable and broken together."""
    return (row.get("usable") or 0) + (row.get("broken") or 0)
