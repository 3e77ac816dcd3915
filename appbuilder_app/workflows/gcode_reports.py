"""Reports of issued G-codes by school and by nationality (R57): figures, a workbook, and pages to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

import sqlalchemy as sa

from .. import access, thaidate
from ..access import CENTRE, Action
from ..dataset import lock
from ..dataset.export import write_xlsx
from ..dataset.scope import within
from ..declaration import db
from ..language import gettext as _
from ..models import Area, GCode, NumberChange, School
from ..walls import SetWork, set_based
from . import printing, requests
from .rounds import name_of_scope

_G, _CHANGE, _SCHOOL = GCode.__table__, NumberChange.__table__, School.__table__
YEARS: Final = 6


@dataclass(frozen=True)
class Line:
    """Codes of one place or one nationality: how many were issued, and how many a real ID has replaced since."""

    code: str
    name: str
    issued: int
    replaced: int

    @property
    def held(self) -> int:
        """Codes that nothing has replaced."""
        return self.issued - self.replaced


@dataclass(frozen=True)
class Report:
    """The codes of a place (all of them, or of one year of issue), at a moment; lines with the most codes first.

    ``places`` are areas for the whole country, else schools. ``year`` is Buddhist Era.
    """

    scope: str
    place: str
    year: int | None
    at: datetime
    places: Sequence[Line]
    nationalities: Sequence[Line]

    @property
    def total(self) -> Line:
        """All together."""
        return Line("", "", *(sum(getattr(x, n) for x in self.nationalities) for n in ("issued", "replaced")))

    @property
    def by_area(self) -> bool:
        """True when the places are areas."""
        return self.scope == CENTRE


def report(area_code: str = "", year: int | None = None) -> Report:
    """What was issued within the viewer's scope, or, for the centre, in one area.

    A replaced code is counted wherever its child is now: the code stays with the school that asked for it.
    """
    viewer = access.viewer()
    viewer.require(Action.READ, requests.SUBJECT)
    scope = f"{CENTRE}/{area_code}" if area_code and viewer.scope == CENTRE else viewer.scope
    lo, hi = access.scope_bounds(scope)
    wanted = sa.and_(within(viewer, _G.c.scope), _G.c.scope >= lo, _G.c.scope < hi)
    if year is not None:
        wanted &= sa.func.substr(_G.c.number, 2, 2) == f"{year % 100:02}"
    gone = sa.func.count(sa.distinct(_CHANGE.c.old_number))
    query = (
        sa.select(_G.c.scope, _G.c.nationality, sa.func.count(sa.distinct(_G.c.id)), gone)
        .select_from(_G.outerjoin(_CHANGE, _CHANGE.c.old_number == _G.c.number))
        .where(wanted)
        .group_by(_G.c.scope, _G.c.nationality)
    )
    with set_based(SetWork.IDENTITY):
        rows = db.session.connection().execute(query).all()
    owners = [(one[0].split("/")[1 if scope == CENTRE else 2], one[2], one[3]) for one in rows]
    return Report(
        scope=scope,
        place=name_of_scope(scope),
        year=year,
        at=lock.now(),
        places=_lines(owners, _names_of({code for code, *_counts in owners}, areas=scope == CENTRE)),
        nationalities=_lines([(one[1], one[2], one[3]) for one in rows], {}),
    )


def _lines(counted: Sequence[tuple[str, int, int]], names: dict[str, str]) -> list[Line]:
    sums: dict[str, tuple[int, int]] = {}
    for key, issued, replaced in counted:
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + issued, before[1] + replaced
    lines = [Line(key if names else "", names.get(key, key), *both) for key, both in sums.items()]
    return sorted(lines, key=lambda line: (-line.issued, line.name))


def _names_of(codes: set[str], *, areas: bool) -> dict[str, str]:
    model, label = (Area, Area.short_name) if areas else (School, School.name)
    rows = db.session.execute(sa.select(model.code, label).where(model.code.in_(codes)))
    return {row[0]: row[1] for row in rows}


def years() -> list[int]:
    """Buddhist Era years that a report can be of, the present one first."""
    present = thaidate.to_be(thaidate.bangkok(lock.now()).year)
    return [present - back for back in range(YEARS)]


def workbook(found: Report) -> IO[bytes]:
    """Every line of the report, places first, then nationalities, each with its sums."""
    heads = [_("แยกตาม"), _("รหัส"), _("ชื่อ"), _("ออกแล้ว"), _("ยังใช้อยู่"), _("แทนด้วยเลขจริงแล้ว")]
    return write_xlsx(heads, _cells(found), _("รหัส G"))


def _cells(found: Report) -> Iterator[list[str | int]]:
    kinds = (
        (_("เขตพื้นที่") if found.by_area else _("โรงเรียน"), found.places),
        (_("สัญชาติ"), found.nationalities),
    )
    for kind, lines in kinds:
        for line in lines:
            yield [kind, line.code, line.name, line.issued, line.held, line.replaced]
    total = found.total
    yield [_("รวม"), "", found.place, total.issued, total.held, total.replaced]


def pages(found: Report) -> bytes:
    """The report as a PDF, in the look of official papers."""
    from ..typesetting import filled

    most = max((line.issued for line in (*found.places, *found.nationalities)), default=1)
    html = filled("gcode_report.html", report=found, most=most, created=found.at.isoformat())
    return printing.pages(html, found.at)
