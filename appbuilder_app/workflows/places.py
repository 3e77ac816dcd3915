"""Districts and subdistricts from a file of codes and names, as the Department of Provincial Administration has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..dataset.sheet import Sheet, read_sheet
from ..declaration import Base, db
from ..errors import NoHeaderRow, RuleViolation
from ..kinds import Digits, Kind, NotReadable
from ..models import District, Province, Subdistrict
from ..thaitext import folded

_HEADS: Final = (("รหัส", "ชื่อ", "รหัสไปรษณีย์"), ("code", "name", "postcode"))
_TOLD: Final = 5


class PlacesUnreadable(RuleViolation):
    """A file of places is taken whole or not at all: a district without its province would be lost to all."""

    message = "ไฟล์พื้นที่มี {count} แถวที่ใช้ไม่ได้ จึงยังไม่ได้บันทึกอะไร กรุณาแก้ไขแล้วนำเข้าใหม่: {problems}"
    status = 422


class NoPlaceColumns(RuleViolation):
    """Without these two columns nothing is known of a place."""

    message = "ไฟล์พื้นที่ต้องมีคอลัมน์ “รหัส” (4, 6 หรือ 8 หลัก) และ “ชื่อ” กรุณาตรวจหัวตาราง"
    status = 422


class Place(NamedTuple):
    """A row of the file: the code without the zeros of what it does not name."""

    row: int
    code: str
    name: str
    postcode: str | None


class Imported(NamedTuple):
    """How many districts and subdistricts were added, and how many got another name or postcode."""

    districts: int
    subdistricts: int
    changed: int


def import_places(data: bytes, filename: str) -> Imported:
    """Add the districts and subdistricts of an xlsx or CSV file, and follow new names; repeat it at will.

    Codes have 4 (district), 6 (subdistrict) or 8 digits (with ``00`` for what is not named); the place that
    a code lies in must be there or in the same file. Lines of provinces are passed over.
    """
    for dataset in (District, Subdistrict):
        access.viewer().require(Action.WRITE, dataset.__tablename__)
    places = _places_in(*_sheet(data, filename))
    districts = [place for place in places if len(place.code) == 4]
    subdistricts = [place for place in places if len(place.code) == 6]
    _require_parents(districts, set(db.session.scalars(sa.select(Province.code))))
    known = set(db.session.scalars(sa.select(District.code))) | {place.code for place in districts}
    _require_parents(subdistricts, known)
    added, renamed = _written(District, districts, "province_code")
    below, changed = _written(Subdistrict, subdistricts, "district_code")
    return Imported(added, below, renamed + changed)


def _sheet(data: bytes, filename: str) -> tuple[Sheet, Sequence[str]]:
    """The table of the file, and the names of its columns, Thai or English."""
    for heads in _HEADS:
        try:
            return read_sheet(data, filename, heads[:2]), heads
        except NoHeaderRow:
            continue
    raise NoPlaceColumns


def _places_in(sheet: Sheet, heads: Sequence[str]) -> list[Place]:
    found = [folded(header) for header in sheet.headers]
    code, name = found.index(folded(heads[0])), found.index(folded(heads[1]))
    postcode = found.index(folded(heads[2])) if folded(heads[2]) in found else None
    problems: list[Sentence] = []
    places: dict[str, Place] = {}
    for number, cells in sheet.rows:
        try:
            place = Place(
                number,
                _code(cells[code]),
                _name(cells[name]),
                None if postcode is None else Digits(5).read(cells[postcode]),
            )
        except NotReadable as wrong:
            problems.append(Sentence("แถวที่ {row} {wrong}", row=number, wrong=wrong.args[0]))
            continue
        places[place.code] = place
    _refuse(problems)
    return list(places.values())


def _code(cell: Any) -> str:
    digits = _plain(cell)
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    if not (digits.isascii() and digits.isdigit() and len(digits) in {2, 4, 6}):
        raise NotReadable("รหัสต้องมี 4, 6 หรือ 8 หลัก")
    return digits


def _plain(cell: Any) -> str:
    return (Kind().read(cell) or "").translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))


def _name(cell: Any) -> str:
    name = Kind().read(cell) or ""
    for kind in ("อำเภอ", "ตำบล", "เขต", "แขวง", "อ.", "ต."):
        name = name.removeprefix(kind) if len(name) > len(kind) else name
    if not 1 <= len(name) <= 80:
        raise NotReadable("ชื่อต้องมี 1–80 ตัวอักษร")
    return name.strip()


def _require_parents(places: Sequence[Place], known: set[str]) -> None:
    _refuse(
        [
            Sentence("แถวที่ {row} ไม่พบพื้นที่รหัส {code}", row=one.row, code=one.code[:-2])
            for one in places
            if one.code[:-2] not in known
        ]
    )


def _refuse(problems: Sequence[Sentence]) -> None:
    if problems:
        raise PlacesUnreadable(count=len(problems), problems="; ".join(map(str, problems[:_TOLD])))


def _written(model: Any, places: Sequence[Place], parent: str) -> tuple[int, int]:
    """Add or rename; how many of each."""
    present: dict[str, Base] = {row.code: row for row in db.session.scalars(sa.select(model))}
    fresh = [place for place in places if place.code not in present]
    db.session.add_all(
        model(code=place.code, name=place.name, **{parent: place.code[:-2]}, **_more(model, place))
        for place in fresh
    )
    changed = sum(
        _follow(present[place.code], {"name": place.name, **_more(model, place)})
        for place in places
        if place.code in present
    )
    db.session.flush()
    return len(fresh), changed


def _more(model: Any, place: Place) -> dict[str, str]:
    return {"postcode": place.postcode} if model is Subdistrict and place.postcode else {}


def _follow(row: Any, values: dict[str, str]) -> bool:
    names = [name for name in values if getattr(row, name) != values[name]]
    for name in names:
        setattr(row, name, values[name])
    return bool(names)
