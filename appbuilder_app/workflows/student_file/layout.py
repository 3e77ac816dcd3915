"""Which column of a file holds which field of a student: the national export's labels, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ... import identity
from ...dataset.columns import letter
from ...dataset.sheet import Sheet
from ...declaration import fields_of
from ...errors import NotAStudentFile
from ...models import Student
from ...thaitext import folded

# Labels of the national export first (domain: 36 columns, three more in newer files), then other spellings.
# A student's own labels, Thai and English, are understood too, so that our exports can come back.
LABELS: Final[dict[str, tuple[str, ...]]] = {
    "national_id": ("เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "เลขประจำตัวประชาชน 13 หลัก", "เลขประจำตัว 13 หลัก"),
    "grade": ("ชั้น", "ระดับชั้น", "ชั้นเรียน"),
    "room": ("ห้อง", "ห้องเรียน"),
    "student_number": ("เลขประจำตัวนักเรียน", "รหัสนักเรียน", "รหัสประจำตัวนักเรียน"),
    "sex": ("เพศ",),
    "title": ("คำนำหน้าชื่อ", "คำนำหน้า"),
    "first_name": ("ชื่อ", "ชื่อนักเรียน"),
    "last_name": ("นามสกุล", "ชื่อสกุล", "สกุล", "นามสกุลนักเรียน"),
    "birth_date": ("วันเกิด", "วันเดือนปีเกิด", "วัน/เดือน/ปีเกิด"),
    "weight_kg": ("น้ำหนัก",),
    "height_cm": ("ส่วนสูง",),
    "blood": ("กลุ่มเลือด", "หมู่เลือด", "หมู่โลหิต"),
    "religion": ("ศาสนา",),
    "ethnicity": ("เชื้อชาติ",),
    "nationality": ("สัญชาติ",),
    "house_no": ("บ้านเลขที่",),
    "village_no": ("หมู่", "หมู่ที่"),
    "street": ("ถนน/ซอย", "ซอย/ถนน", "ถนน"),
    "subdistrict": ("ตำบล", "ตำบล/แขวง"),
    "district": ("อำเภอ", "อำเภอ/เขต"),
    "province": ("จังหวัด",),
    "guardian_first_name": ("ชื่อผู้ปกครอง",),
    "guardian_last_name": ("นามสกุลผู้ปกครอง",),
    "guardian_occupation": ("อาชีพของผู้ปกครอง", "อาชีพผู้ปกครอง"),
    "guardian_relation": ("ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ความเกี่ยวข้อง"),
    "father_first_name": ("ชื่อบิดา",),
    "father_last_name": ("นามสกุลบิดา",),
    "father_occupation": ("อาชีพของบิดา", "อาชีพบิดา"),
    "mother_first_name": ("ชื่อมารดา",),
    "mother_last_name": ("นามสกุลมารดา",),
    "mother_occupation": ("อาชีพของมารดา", "อาชีพมารดา"),
    "disadvantage": ("ความด้อยโอกาส",),
    "pending_discharge": ("ยังไม่สามารถจำหน่ายได้ (3.1.8)", "ยังไม่สามารถจำหน่ายได้", "3.1.8"),
    "scout": ("ลูกเสือ", "ลูกเสือ/เนตรนารี"),
    "red_cross_youth": ("ยุวกาชาด",),
    "swims": ("ว่ายน้ำ", "ว่ายน้ำเป็น"),
}
SCHOOL: Final = ("รหัสโรงเรียน", "โรงเรียน", "รหัสสถานศึกษา", "รหัสโรงเรียน 8 หลัก", "School")
# Said elsewhere already: the age follows from the birth date, the school's name from its code. The last is
# ours, in the file of wrong rows that people correct and upload again.
PROBLEMS: Final = "สิ่งที่ต้องแก้"
DERIVED: Final = ("ชื่อโรงเรียน", "ชื่อสถานศึกษา", "อายุ", "อายุ(ปี)", "ลำดับ", "ลำดับที่", "ที่", PROBLEMS)

_LOOKED_AT: Final = 200
_TRAILING_NOTE: Final = re.compile(r"\s*[(\[（][^()\[\]]*[)\]）]\s*$|\s*\*+\s*$")
_NUMBERS: Final = frozenset({"national_id", "student_number"})


@dataclass(frozen=True)
class Place:
    """A column of the file that is read into a field."""

    index: int
    label: str
    field: str

    @property
    def letter(self) -> str:
        """The column's letter as a spreadsheet program shows it."""
        return letter(self.index)


@dataclass(frozen=True)
class Layout:
    """Where a file holds what. ``school`` is the column of the school's code, None when there is none."""

    places: tuple[Place, ...]
    school: Place | None
    ignored: tuple[str, ...]

    def at(self, field: str | None) -> Place | None:
        """The column of a field, None when the file has none."""
        return next((place for place in self.places if place.field == field), None)


def known_labels() -> list[str]:
    """Every label by which a header row is recognised, the commonest first."""
    return [*SCHOOL[:1], *(label for labels in LABELS.values() for label in labels), *_own_labels()]


def layout_of(sheet: Sheet) -> Layout:
    """The fields of a table's columns; NotAStudentFile, naming them, when necessary ones are missing."""
    found = [(index, label, _field_of(label)) for index, label in enumerate(sheet.headers)]
    schools = (Place(index, label, field) for index, label, field in found if field == "school_code")
    school = next(schools, None)
    places = _first_of_each([*_numbers(sheet, found), *_others(found)])
    if missing := _missing(places):
        raise NotAStudentFile(columns=", ".join(f"“{name}”" for name in missing))
    return Layout(tuple(places), school, tuple(_ignored(found, places, school)))


def looks_like_identity(cell: Any) -> bool:
    """True for what can only be a national ID or a G-code, even with zeros lost or a wrong check digit."""
    text = identity.normalise_identity(cell, restore_zeros=True)
    return identity.is_g_code(text) or (text.isdigit() and 11 <= len(text) <= 13)


# ── Labels ───────────────────────────────────────────────────────────────────────────────────────────────


def _own_labels() -> Iterator[str]:
    for declared in fields_of(Student).values():
        yield from (declared.th, declared.en)


def _spellings() -> dict[str, str]:
    """Field, ``school_code`` or an empty text (known, but derived) by folded label."""
    if not _SPELLINGS:
        fields = fields_of(Student)
        given_by_verbs = {
            name for name, one in fields.items() if one.by_verb is not None and not one.editable
        }
        for name, declared in fields_of(Student).items():
            for label in (*LABELS.get(name, ()), declared.th, declared.en):
                # What only verbs give is told in our own exports, and not taken back.
                _SPELLINGS.setdefault(folded(label), "" if name in given_by_verbs else name)
        _SPELLINGS.update({folded(label): "school_code" for label in SCHOOL})
        _SPELLINGS.update({folded(label): "" for label in DERIVED})
    return _SPELLINGS


_SPELLINGS: dict[str, str] = {}


def _field_of(label: str) -> str | None:
    """Field of a label as it stands or without a note behind it: ``เพศ(ช/ญ)``, ``ชื่อ *``. None: unknown."""
    known = _spellings()
    exact = known.get(folded(label))
    return exact if exact is not None else known.get(folded(_TRAILING_NOTE.sub("", label)))


Found = tuple[int, str, str | None]


def _others(found: list[Found]) -> list[Place]:
    return [
        Place(index, label, field)
        for index, label, field in found
        if field and field not in _NUMBERS and field != "school_code"
    ]


def _first_of_each(places: list[Place]) -> list[Place]:
    chosen: dict[str, Place] = {}
    for place in places:
        chosen.setdefault(place.field, place)
    return sorted(chosen.values(), key=lambda place: place.index)


def _missing(places: list[Place]) -> list[str]:
    present = {place.field for place in places} | {"school_code"}
    return [field.th for name, field in fields_of(Student).items() if field.required and name not in present]


def _ignored(found: list[Found], places: list[Place], school: Place | None) -> Iterator[str]:
    """Columns that are read into nothing: unknown ones and second ones of the same label."""
    used = {place.index for place in places} | ({school.index} if school else set())
    for index, label, field in found:
        if label and index not in used and field != "":
            yield f"{letter(index)} “{label}”"


# ── The mis-labelled identity number ─────────────────────────────────────────────────────────────────────


def _numbers(sheet: Sheet, found: list[Found]) -> Iterator[Place]:
    """The national ID and the student number among the columns that carry either label.

    The national export labels the ID as a second "เลขประจำตัวนักเรียน". So what the cells hold decides; where
    they do not (no cell is filled), the right label, and then the export's order, in which the ID is first.
    """
    candidates = [(index, label, field) for index, label, field in found if field in _NUMBERS]
    if not candidates:
        return
    held = {index: _share_of_identities(sheet, index) for index, _, _ in candidates}
    labelled = sum(field == "student_number" for _, _, field in candidates)

    def likelihood(candidate: Found) -> tuple[bool, bool, int]:
        index, _, field = candidate
        return held[index] >= 0.5, field == "national_id", -index

    best = max(candidates, key=likelihood)
    if held[best[0]] >= 0.5 or best[2] == "national_id" or labelled > 1:
        yield Place(best[0], best[1], "national_id")
        candidates.remove(best)
    # A wrongly swapped pair is put right; a right label beats a second column that holds nothing.
    rest = [found for found in candidates if found[2] == "student_number" or held[found[0]] < 0.5]
    for index, label, _ in sorted(rest, key=lambda c: (held[c[0]] >= 0.5, c[2] != "student_number", c[0])):
        yield Place(index, label, "student_number")


def _share_of_identities(sheet: Sheet, index: int) -> float:
    cells = [cells[index] for _, cells in sheet.rows[:_LOOKED_AT] if cells[index] not in (None, "", "-")]
    return sum(map(looks_like_identity, cells)) / len(cells) if cells else 0.0
