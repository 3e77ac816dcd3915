"""Equipment both ways: a school's counts by catalogue line, filled from its register of items."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..bilingual import Label, Sentence
from ..codes import ItemState
from ..declaration import db
from ..errors import RuleViolation
from ..models import EquipmentCount, EquipmentItem, EquipmentLine
from .checklist import school_looked_after

SUBJECT = EquipmentCount.__tablename__
_REASON = Sentence("เติมยอดจากทะเบียนครุภัณฑ์")


class RegisterEmpty(RuleViolation):
    """There is nothing to fill the counts from."""

    message = "ทะเบียนครุภัณฑ์ของโรงเรียนยังว่างอยู่ กรุณาบันทึกหรือนำเข้าทะเบียนก่อน แล้วจึงเติมยอด"
    status = 409


class Counts(NamedTuple):
    """Things of one line by state, as M-OBEC asks for them; what was disposed of counts no more."""

    usable: int = 0
    to_repair: int = 0
    to_dispose: int = 0


class Comparison(NamedTuple):
    """A catalogue line of the register: what the school's counts say, and what its register says."""

    code: str
    name: Label
    counted: Counts | None
    registered: Counts

    @property
    def differs(self) -> bool:
        """True when filling would write this line."""
        return self.counted != self.registered


def compared(school_code: str) -> list[Comparison]:
    """Each line that the register holds items of, beside its count; in the order of the catalogue.

    Lines that are only counted (desks, small things) are not here: filling leaves them as they are.
    NotYours (404) for a school that is not the viewer's.
    """
    access.viewer().require(Action.READ, SUBJECT)
    school_looked_after(school_code)
    registered = _registered(school_code)
    counted = {row.line_code: Counts(row.usable, row.to_repair, row.to_dispose) for row in _rows(school_code)}
    lines = db.session.scalars(sa.select(EquipmentLine).where(EquipmentLine.code.in_(registered)))
    return [
        Comparison(line.code, Label(line.name, line.name_en), counted.get(line.code), registered[line.code])
        for line in sorted(lines, key=lambda line: line.code)
    ]


def fill_counts(school_code: str) -> int:
    """§5.2: write the register's figures into the counts; how many lines changed.

    Right, owner, round lock and history are those of every write. RegisterEmpty (409) without any item.
    """
    access.viewer().require(Action.WRITE, SUBJECT)
    school_looked_after(school_code)
    with access.because(_REASON):
        registered = _registered(school_code)
        if not registered:
            raise RegisterEmpty
        rows = {row.line_code: row for row in _rows(school_code)}
        changed = sum(_set(school_code, code, rows.get(code), counts) for code, counts in registered.items())
        db.session.flush()
        return changed


def _set(school_code: str, code: str, row: EquipmentCount | None, counts: Counts) -> bool:
    if row is None:
        row = EquipmentCount(school_code=school_code, line_code=code, **counts._asdict())
        db.session.add(row)
        return True
    if Counts(row.usable, row.to_repair, row.to_dispose) == counts:
        return False
    for name, value in counts._asdict().items():
        setattr(row, name, value)
    return True


def _rows(school_code: str) -> sa.ScalarResult[EquipmentCount]:
    return db.session.scalars(sa.select(EquipmentCount).filter_by(school_code=school_code))


def _registered(school_code: str) -> dict[str, Counts]:
    """The register by line, in one statement; a line of which everything was disposed of counts nothing."""
    query = (
        sa.select(EquipmentItem.line_code, EquipmentItem.state, sa.func.count())
        .where(EquipmentItem.school_code == school_code)
        .group_by(EquipmentItem.line_code, EquipmentItem.state)
    )
    found: dict[str, Counts] = {}
    for code, state, number in db.session.execute(query):
        counts = found.setdefault(code, Counts())
        if state is not ItemState.DISPOSED:
            found[code] = counts._replace(**{state.value: number})
    return found
