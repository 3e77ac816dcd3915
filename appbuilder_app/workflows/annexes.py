"""The annex of a certificate that replaces another: what has changed since the one before, frozen with the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..declaration import db
from ..models import Certificate, Roster
from . import freezing, since
from .certificate_sheet import Annex, AnnexLine
from .since import Changes, Difference

MOST_LINES: Final = 600
"""Lines of single records at most: some twenty pages. What is left out is counted, and shown on the screen."""


def annex_since(before: Certificate, roster: Roster) -> Annex:
    """What has changed from the snapshot of an earlier certificate to this one, both frozen."""
    earlier = db.session.get_one(Roster, before.roster_id)
    found = since.changes(earlier, freezing.frozen_records(roster), since.fields_on_paper)
    lines, left_out = _lines(found)
    return Annex(
        number=before.number,
        issued_at=before.issued_at,
        reason=before.void_reason or "",
        added=len(found.added),
        removed=len(found.removed),
        changed=len(found.changed),
        by_field=tuple(found.by_field),
        lines=tuple(lines),
        left_out=left_out,
    )


def _lines(found: Changes) -> tuple[list[AnnexLine], int]:
    lines: list[AnnexLine] = []
    for done, one in enumerate((*found.added, *found.removed, *found.changed)):
        more = [*_lines_of(one)]
        if len(lines) + len(more) > MOST_LINES:
            return lines, len(found.all) - done
        lines += more
    return lines, 0


def _lines_of(one: Difference) -> Iterator[AnnexLine]:
    who = one.who
    # What is no student is named with its dataset, of which there are several.
    name = who.name if who.masked_id else f"{who.dataset} {who.name}"
    if not one.fields:
        yield AnnexLine(one.alteration.value, name, who.masked_id, who.place)
    for at, field in enumerate(one.fields):
        named = (name, who.masked_id, who.place) if at == 0 else ("", "", "")
        shown = ("", "") if field.is_veiled else (field.before, field.after)
        yield AnnexLine(one.alteration.value, *named, field.label, *shown)
