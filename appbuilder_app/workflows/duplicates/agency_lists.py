"""The other agencies' lists of children (xlsx or CSV), kept for the round in which they were sent (R33, R36)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ... import access, bulk, identity
from ...access import Action
from ...bilingual import Sentence
from ...codes import Agency, RoundSystem
from ...dataset import lock
from ...dataset.sheet import Sheet, read_sheet
from ...declaration import db
from ...errors import NoHeaderRow, NotYours, RuleViolation
from ...kinds import MISSING, Kind, NotReadable, ThaiDate
from ...models import AgencyList, AgencyStudent
from ...thaidate import thai_datetime
from ...thaitext import folded, tidy
from ...walls import SetWork, set_based
from .. import rounds
from .finding import SUBJECT

_LIST, _CHILD = AgencyList.__table__, AgencyStudent.__table__
_TOLD: Final = 5
_COLUMNS: Final = (
    "scope", "list_id", "row_number", "national_id", "first_name", "last_name", "birth_date", "school_name", "grade",
)  # fmt: skip

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "national_id": ("เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "เลขประชาชน", "national id"),
    "name": ("ชื่อ-นามสกุล", "ชื่อ-สกุล", "ชื่อและนามสกุล", "ชื่อ นามสกุล", "full name"),
    "first_name": ("ชื่อ", "first name"),
    "last_name": ("นามสกุล", "สกุล", "last name"),
    "birth_date": ("วันเกิด", "วันเดือนปีเกิด", "วัน/เดือน/ปีเกิด", "birth date"),
    "school_name": ("ชื่อโรงเรียน", "โรงเรียน", "สถานศึกษา", "ชื่อสถานศึกษา", "school"),
    "grade": ("ชั้น", "ระดับชั้น", "grade"),
}
"""The columns of a list and what agencies call them; compared without spaces, dots and letter case."""

_TITLES: Final = (
    "เด็กชาย", "เด็กหญิง", "สามเณร", "นางสาว", "ด.ช.", "ด.ญ.", "น.ส.", "นาย", "นาง",
)  # fmt: skip


class AgencyListUnreadable(RuleViolation):
    """A list is taken whole or not at all: a child left out would look as if it were nowhere else."""

    message = "รายชื่อมี {count} แถวที่ใช้ไม่ได้ จึงยังไม่ได้บันทึกอะไร กรุณาแก้ไขแล้วอัปโหลดใหม่: {problems}"
    status = 422


class AgencyListColumnsMissing(RuleViolation):
    """Without these columns no child can be recognised."""

    message = (
        "ไฟล์ต้องมีคอลัมน์ “เลขประจำตัวประชาชน” “ชื่อ” “นามสกุล” (หรือ “ชื่อ-นามสกุล”) “วันเกิด” และ “ชื่อโรงเรียน”"
        " กรุณาตรวจหัวตาราง"
    )
    status = 422


class NoRoundForList(RuleViolation):
    """Lists are kept by rounds."""

    message = "ยังไม่มีรอบ DMC ที่เปิดอยู่ จึงยังเก็บรายชื่อไม่ได้ กรุณาอัปโหลดเมื่อส่วนกลางเปิดรอบแล้ว"
    status = 409


class SameListAgain(RuleViolation):
    """The very same file twice would only double its children."""

    message = "ไฟล์นี้อัปโหลดไว้แล้วเมื่อ {at} จึงไม่บันทึกซ้ำ หากต้องการเปลี่ยน ให้ลบรายชื่อเดิมก่อน"
    status = 409


def keep_list(agency: Agency, filename: str, data: bytes) -> AgencyList:
    """Read a list and keep it for the present round; it belongs to the viewer's area, or to the centre."""
    with access.performing(Action.MANAGE, SUBJECT) as viewer:
        present = rounds.current_round(RoundSystem.DMC)
        if present is None:
            raise NoRoundForList
        digest = hashlib.sha256(data).hexdigest()
        _refuse_again(present.id, digest)
        children = list(_children(*_sheet(data, filename), as_text=not data.startswith(b"PK")))
        kept = AgencyList(
            scope=viewer.scope,
            round_id=present.id,
            agency=agency,
            filename=tidy(filename)[-200:],
            sha256=digest,
            children=len(children),
            uploaded_at=lock.now(),
            uploaded_by_id=viewer.id,
            uploaded_by=viewer.name,
        )
        db.session.add(kept)
        db.session.flush()
        with set_based(SetWork.AGENCY_LIST):
            rows = ((viewer.scope, kept.id, *child) for child in children)
            bulk.copy_rows(db.session.connection(), _CHILD, _COLUMNS, rows)
        return kept


def _refuse_again(round_id: int, digest: str) -> None:
    query = sa.select(AgencyList.uploaded_at).filter_by(
        round_id=round_id, sha256=digest, scope=access.viewer().scope
    )
    if (at := db.session.scalar(query)) is not None:
        raise SameListAgain(at=thai_datetime(at))


def lists() -> Sequence[AgencyList]:
    """The lists of the present round that the viewer may see, the newest first."""
    access.viewer().require(Action.MANAGE, SUBJECT)
    present = rounds.current_round(RoundSystem.DMC)
    if present is None:
        return ()
    query = sa.select(AgencyList).filter_by(round_id=present.id).order_by(AgencyList.id.desc())
    return db.session.scalars(query).all()


def remove_list(list_id: int) -> None:
    """Take a list away with its children; cases that were opened by it stay."""
    with access.performing(Action.MANAGE, SUBJECT):
        kept = db.session.get(AgencyList, list_id)
        if kept is None:
            raise NotYours
        with set_based(SetWork.AGENCY_LIST):
            db.session.connection().execute(sa.delete(_CHILD).where(_CHILD.c.list_id == list_id))
        db.session.delete(kept)
        db.session.flush()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


def _sheet(data: bytes, filename: str) -> tuple[Sheet, dict[str, int]]:
    try:
        sheet = read_sheet(data, filename, [label for labels in HEADS.values() for label in labels])
    except NoHeaderRow:
        raise AgencyListColumnsMissing from None
    known = {folded(label): name for name, labels in HEADS.items() for label in labels}
    at: dict[str, int] = {}
    for index, header in enumerate(sheet.headers):
        if (name := known.get(folded(header))) is not None:
            at.setdefault(name, index)
    named = {"name"} <= at.keys() or {"first_name", "last_name"} <= at.keys()
    if not (named and {"national_id", "birth_date", "school_name"} <= at.keys()):
        raise AgencyListColumnsMissing
    return sheet, at


def _children(sheet: Sheet, at: Mapping[str, int], *, as_text: bool) -> Iterator[tuple[Any, ...]]:
    problems: list[Sentence] = []
    for number, cells in sheet.rows:
        try:
            yield number, *_child({name: cells[index] for name, index in at.items()}, as_text=as_text)
        except NotReadable as wrong:
            problems.append(Sentence("แถวที่ {row} {wrong}", row=number, wrong=wrong.args[0]))
    if problems:
        raise AgencyListUnreadable(count=len(problems), problems="; ".join(map(str, problems[:_TOLD])))


def _child(cells: Mapping[str, Any], *, as_text: bool) -> tuple[Any, ...]:
    """ID (as written when it is no valid one, None when there is none), names, birth date, school, grade."""
    first, last = _names(cells)
    birth = ThaiDate().read(cells["birth_date"])
    if birth is None:
        raise NotReadable("ไม่มีวันเกิด")
    raw = cells["national_id"]
    number = "" if raw in MISSING else identity.normalise_identity(raw, restore_zeros=as_text)
    if len(number) > 13:
        raise NotReadable("เลขประจำตัวยาวเกิน 13 หลัก")
    text = _text(cells)
    return number or None, first, last, birth, text("school_name", 160), text("grade", 40) or None


def _text(cells: Mapping[str, Any]) -> Callable[[str, int], str]:
    return lambda name, longest: (Kind().read(cells.get(name)) or "")[:longest]


def _names(cells: Mapping[str, Any]) -> tuple[str, str]:
    text = _text(cells)
    if "name" in cells:
        first, _, last = _without_title(tidy(text("name", 200))).partition(" ")
    else:
        first, last = _without_title(text("first_name", 80)), text("last_name", 80)
    if not first:
        raise NotReadable("ไม่มีชื่อ")
    return first[:80], last.strip()[:80]


def _without_title(name: str) -> str:
    for title in _TITLES:
        rest = name.removeprefix(title)
        # นาย and นาง begin names, too: นายิกา.
        if rest != name and rest.strip() and (title not in {"นาย", "นาง"} or rest.startswith(" ")):
            return rest.strip()
    return name
