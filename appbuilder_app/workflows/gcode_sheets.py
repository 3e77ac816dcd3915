"""The paper form of a G-code request, filled in: to be signed, and to take photo and fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from ..declaration import db
from ..models import Area, GCodeApplication, School
from . import printing

Facts = Sequence[tuple[str, str]]


def form_pages(application: GCodeApplication, groups: Sequence[tuple[str, Facts]]) -> bytes:
    """The form as a PDF; ``groups`` are its parts with labels and answers, as the screen shows them."""
    from ..typesetting import filled

    school = db.session.get_one(School, application.school_code)
    html = filled(
        "gcode_form.html",
        name=str(application),
        school=school.name,
        school_code=school.code,
        area=db.session.get_one(Area, school.area_code).name,
        groups=[(label, _in_pairs(facts)) for label, facts in groups],
        created=application.written_at.isoformat(),
    )
    return printing.pages(html, application.written_at)


def _in_pairs(facts: Facts) -> list[tuple[tuple[str, str], tuple[str, str] | None]]:
    """Two answers a line."""
    return [(facts[at], facts[at + 1] if at + 1 < len(facts) else None) for at in range(0, len(facts), 2)]
