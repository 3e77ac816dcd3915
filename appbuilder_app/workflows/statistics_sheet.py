"""The summary of a closed round's statistics as a document: the figures of ``statistics``, on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from .. import access
from ..codes import Grade, RoundSystem
from ..declaration import db
from ..models import Area, CollectionRound
from ..schema.rounds import round_label
from . import printing, statistics
from .statistics import Statistics

COUNTRY = "ทั่วประเทศ"


def pdf_of(found: Statistics, one: CollectionRound, area: str | None = None) -> bytes:
    """Dated by the round's closing: of the same figures it says the same, whenever it is printed."""
    from ..typesetting import filled

    at = one.closed_at or dt.datetime.combine(one.snapshot_date, dt.time(), dt.UTC)
    label = round_label(found.number, found.academic_year, RoundSystem(found.system))
    html = filled(
        "statistics.html",
        place=_place(area),
        system=str(RoundSystem(found.system).th),
        round=str(label),
        day=one.snapshot_date,
        counted=found.total.schools,
        schools=found.schools,
        tables=[*_tables(found)],
        sha256=found.sha256,
        sources=found.sources,
        created=at.isoformat(),
    )
    return printing.pages(html, at)


def _place(area: str | None) -> str:
    code = area or access.viewer().scope.rpartition("/")[2]
    named = db.session.get(Area, code)
    return named.name if named is not None else COUNTRY if code in ("", access.CENTRE) else code


Table = tuple[str, list[str], list[list[Any]], list[Any] | None]


def _tables(found: Statistics) -> Iterator[Table]:
    if found.of_learners:
        yield _by_grade(found)
        yield _by_place(found)
    totals = [[str(statistics.label_of_total(name)), number] for name, number in found.total.totals.items()]
    if totals:
        yield "จำนวนที่ใช้จัดสรรและติดตาม" if found.of_learners else "ชุดข้อมูล", ["รายการ", "จำนวน"], totals, None
    for label, rows in statistics.tables_of(found):
        if rows:
            lines = [[str(row.label), row.male, row.female, row.total] for row in rows]
            yield str(label), [str(label), "ชาย", "หญิง", "รวม"], lines, None


def _by_grade(found: Statistics) -> Table:
    rows = [
        [str(Grade(grade).th), male, female, male + female, rooms]
        for grade, (male, female, rooms) in sorted(found.total.grades.items())
    ]
    total = found.total
    sums = ["รวมทั้งสิ้น", total.male, total.female, total.students, total.rooms]
    return "นักเรียนตามชั้น", ["ชั้น", "ชาย", "หญิง", "รวม", "ห้องเรียน"], rows, sums


def _by_place(found: Statistics) -> Table:
    rows = [[part.name, part.schools, part.male, part.female, part.students] for part in found.parts]
    total = found.total
    sums = ["รวมทั้งสิ้น", total.schools, total.male, total.female, total.students]
    heads = ["เขตพื้นที่" if found.place == access.CENTRE else "โรงเรียน", "โรงเรียน", "ชาย", "หญิง", "รวม"]
    return "นักเรียนตามพื้นที่", heads, rows, sums
