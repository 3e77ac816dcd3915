"""Versions of a row, from its history: how it was after each change, what differs, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..declaration import Base, Versioned, db, fields_of
from ..errors import InvalidRow, NothingToRevert, NotYours, StaleVersion
from ..models import Change
from . import validation
from .forms import label_of
from .screen_parts import differences
from .sight import fields_seen

Plain = Mapping[str, Any]
"""Values of a row as the history has them: JSON by field."""

_COLUMNS = (
    Change.id, Change.at, Change.actor, Change.path, Change.action, Change.reason, Change.before, Change.after,
)  # fmt: skip


class Difference(NamedTuple):
    """A field that differs between two versions, as people read it."""

    label: str
    earlier: str
    later: str


def timeline(row: Base, before: int | None, most: int) -> Sequence[Any]:
    """Changes of a row that the viewer may see, the newest first; ``before`` continues after that change."""
    wanted = sa.select(*_COLUMNS).where(*_of(row))
    if before is not None:
        wanted = wanted.where(Change.id < before)
    return db.session.execute(wanted.order_by(Change.id.desc()).limit(most)).all()


def now(row: Base) -> Plain:
    """The row's values as they stand."""
    fields = fields_of(type(row))
    return {name: declared.kind.json(getattr(row, name)) for name, declared in fields.items()}


def after(row: Base, change_id: int) -> Plain:
    """The row's values right after a change of it; NotYours (404) when it is no change of this row."""
    if db.session.scalar(sa.select(Change.id).where(Change.id == change_id, *_of(row))) is None:
        raise NotYours
    later = sa.select(Change.before).where(*_of(row), Change.id > change_id).order_by(Change.id.desc())
    values = dict(now(row))
    for undone in db.session.scalars(later):
        values |= {name: value for name, value in (undone or {}).items() if name in values}
    return values


def compared(row: Base, earlier: Plain, later: Plain) -> list[Difference]:
    """The fields that differ between two versions, in the order of declaration."""
    key = str(sa.inspect(type(row)).primary_key_from_instance(row)[0])
    changed = [name for name in later if earlier.get(name) != later.get(name)]
    first, second = ({name: values.get(name) for name in changed} for values in (earlier, later))
    return [Difference(*one) for one in differences(type(row), first, second, key)]


def revert(row: Base, change_id: int, version: str) -> list[str]:
    """Give the row the values that it had after a change; labels of the fields that this changes.

    Only fields that a person may edit; key and owner stay. The write passes right, scope, lock and rules like any
    other, and is one more entry of the history. StaleVersion when the row was changed since it was looked at.
    """
    if isinstance(row, Versioned) and version != str(row.version):
        raise StaleVersion
    wanted, standing = after(row, change_id), now(row)
    names = [name for name in _revertible(type(row)) if wanted[name] != standing[name]]
    if not names:
        raise NothingToRevert
    values, problems = validation.read_row(type(row), {name: wanted[name] for name in names})
    if problems:
        raise InvalidRow(problems)
    with db.session.no_autoflush:
        for name, value in values.items():
            setattr(row, name, value)
    db.session.flush()
    return [label_of(fields_of(type(row))[name]) for name in names]


def _revertible(model: type[Base]) -> list[str]:
    keys = {column.key for column in sa.inspect(model).primary_key} | {"school_code", "area_code"}
    # Masked fields are not editable as the viewer sees them, hidden ones are not there: both stay as they are.
    return [
        name
        for name, declared in fields_seen(model).items()
        if declared.editable and declared.by_verb is None and name not in keys
    ]


def _of(row: Base) -> tuple[sa.ColumnElement[bool], ...]:
    key = sa.inspect(type(row)).primary_key_from_instance(row)[0]
    return Change.dataset == type(row).__tablename__, Change.row_key == str(key)
