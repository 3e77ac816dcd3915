"""Taking a committed file back as a whole, while nothing newer depends on what it wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from ... import access, bulk, collector
from ...access import Action
from ...bilingual import Sentence
from ...dataset import history
from ...declaration import Base, dataset_named, dataset_of, db, fields_of
from ...errors import InvalidRow, NotYours, Problem, RuleViolation
from ...models import Change, ImportBatch
from ...walls import SetWork, set_based
from ..file_moves import kept_in
from .guarding import guard_changes, is_guarded
from .judging import recorded
from .outcomes import Tell, silent
from .receiving import forget
from .results import batch_with, require_seen
from .settling import claimed, forget_loaded, require_open, settle
from .stored import Owners, primary_key, rows_where
from .writing import CHANGE_COLUMNS, write_changes

_CHANGE = Change.__table__
_PORTION: Final = 5_000
_NAMED: Final = 10


class StillNeeded(InvalidRow):
    """Something newer depends on what the file wrote; ``problems`` names the rows (409)."""

    message = "ย้อนกลับทั้งไฟล์ไม่ได้ เพราะ {summary} กรุณาแก้ไขรายการเหล่านี้ทีละรายการแทน"
    status = 409


class RowsGone(RuleViolation):
    """The history does not say any more what the file wrote."""

    message = "ไฟล์นี้ไม่ได้เขียนข้อมูลใด จึงไม่มีอะไรให้ย้อนกลับ"
    status = 409


def undo(batch_id: int, *, tell: Tell = silent) -> ImportBatch:
    """Take back all that a committed file wrote, in the caller's transaction, with its own history.

    Rows it added are deleted, rows it changed get their values back. Raises StillNeeded, naming rows that
    were edited since or that others refer to; the lock's refusal; ImportSettled when it is not committed.
    """
    seen = batch_with(batch_id)
    with (
        access.performing(Action.IMPORT, seen.dataset) as viewer,
        access.acting_as(viewer, through="import"),
        collector.resting(),
    ):
        batch = claimed(batch_id, "committed")
        require_seen(batch)
        model = dataset_named(batch.dataset)
        connection = db.session.connection()
        with set_based(SetWork.IMPORT):
            _hold_owners(connection, model, batch)
            _require_free(connection, model, batch)
            counted = sa.select(sa.func.count()).where(_written(batch))
            todo = connection.scalar(counted) or 0
            if not todo:
                raise RowsGone
            tell(0, todo)
            _change_back(connection, model, batch, tell, todo)
            _delete_added(connection, model, batch)
        settle(batch, "undone")
        forget(batch)
        forget_loaded(model)
    return batch


def _written(batch: ImportBatch, *actions: str) -> sa.ColumnElement[bool]:
    """What the commit recorded."""
    mine = (_CHANGE.c.batch_id == batch.id) & (_CHANGE.c.dataset == batch.dataset)
    return mine & _CHANGE.c.action.in_(actions or ("insert", "update"))


def _hold_owners(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> None:
    places = sorted(connection.scalars(sa.select(_CHANGE.c.scope).where(_written(batch)).distinct()))
    if not all(map(access.viewer().looks_after, places)):
        raise NotYours
    require_open(connection, model, places)


# ── What depends on it ───────────────────────────────────────────────────────────────────────────────────


def _require_free(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> None:
    problems = [*_edited_since(connection, model, batch), *_pointed_to(connection, model, batch)]
    if problems:
        raise StillNeeded(problems)


def _edited_since(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Iterator[Problem]:
    newer = _CHANGE.alias("newer")
    same = (newer.c.dataset == _CHANGE.c.dataset) & (newer.c.row_key == _CHANGE.c.row_key)
    found = sa.select(newer.c.row_key).distinct().where(_written(batch), same, newer.c.id > _CHANGE.c.id)
    keys = connection.scalars(found.limit(_NAMED + 1)).all()
    if keys:
        yield Problem(None, Sentence("มีการแก้ไขหลังจากนำเข้า: {rows}", rows=_names(connection, model, keys)))


def _pointed_to(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Iterator[Problem]:
    """Rows of others that refer to rows which the file added."""
    pk = primary_key(model)
    added = sa.select(_typed(pk)).where(_written(batch, "insert")).scalar_subquery()
    for pointing in _columns_pointing_to(pk):
        found = sa.select(pointing).distinct().where(pointing.in_(added)).limit(_NAMED + 1)
        if keys := connection.scalars(found).all():
            rows = _names(connection, model, [str(key) for key in keys])
            what = _label_of(pointing.table)
            yield Problem(None, Sentence("มี{what}อ้างถึง: {rows}", what=what, rows=rows))


def _columns_pointing_to(pk: sa.Column[Any]) -> Iterator[sa.Column[Any]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is pk for key in column.foreign_keys):
                yield column


def _label_of(table: Any) -> str:
    for mapper in Base.registry.mappers:
        declared = getattr(mapper.class_, "__dataset__", None)
        if mapper.local_table is table and declared is not None:
            label: str = declared.th
            return label
    return Sentence("ข้อมูลอื่น")


def _names(connection: sa.Connection, model: type[Base], keys: Sequence[str]) -> str:
    """What people call some rows; of many the first."""
    pk = primary_key(model)
    ids = [pk.type.python_type(key) for key in islice(keys, _NAMED)]
    shown = dataset_of(model).title or dataset_of(model).key
    fields = fields_of(model)
    rows = {str(row.id): row for row in rows_where(connection, model, bulk.among(connection, pk, ids))}
    told = [
        " ".join(fields[name].kind.mask(rows[str(key)].values[name]) for name in shown)
        if str(key) in rows
        else str(key)
        for key in ids
    ]
    return ", ".join(told) + (" …" if len(keys) > _NAMED else "")


def _typed(pk: sa.Column[Any]) -> Any:
    """The history's row_key as the type of the primary key."""
    return sa.cast(_CHANGE.c.row_key, pk.type) if pk.type.python_type is int else _CHANGE.c.row_key


# ── Taking back ──────────────────────────────────────────────────────────────────────────────────────────


def _change_back(
    connection: sa.Connection, model: type[Base], batch: ImportBatch, tell: Tell, todo: int
) -> None:
    last, done = 0, 0
    # What is written here is recorded under the same batch, and is not to be taken back in turn.
    newest = connection.scalar(sa.select(sa.func.max(_CHANGE.c.id)).where(_written(batch)))
    pk, owners, kept = primary_key(model), Owners(connection, model), kept_in(connection, model)
    while True:
        chosen = sa.select(_CHANGE.c.id, _CHANGE.c.row_key, _CHANGE.c.before)
        chosen = chosen.where(_written(batch, "update"), _CHANGE.c.id > last, _CHANGE.c.id <= newest)
        entries = connection.execute(chosen.order_by(_CHANGE.c.id).limit(_PORTION)).all()
        if not entries:
            return
        before = {pk.type.python_type(entry.row_key): recorded(model, entry.before) for entry in entries}
        rows = list(rows_where(connection, model, bulk.among(connection, pk, before), locked=True))
        owners.learn(row.values | before[row.id] for row in rows)
        changes = []
        for row in rows:
            owner = owners.scope_of(row.values | before[row.id])
            if owner is None:
                raise NotYours
            if refused := list(kept.problems(row.values, before[row.id])):
                raise InvalidRow(refused)
            changes.append((row, before[row.id], owner))
        write_changes(connection, model, batch, changes, kept)
        last, done = entries[-1].id, done + len(entries)
        tell(done, todo)


def _delete_added(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> None:
    pk = primary_key(model)
    added = sa.select(_typed(pk)).where(_written(batch, "insert"))
    if is_guarded(model, deleting=True):
        guard_changes(connection, model, [(key, {}) for key in connection.scalars(added)])
    connection.execute(sa.delete(model.__table__).where(pk.in_(added)))
    stamp = history.stamp()
    facts = [
        *(
            sa.literal(stamp[name], _CHANGE.c[name].type)
            for name in ("at", "actor_id", "actor", "path", "reason")
        ),
        _CHANGE.c.dataset,
        _CHANGE.c.row_key,
        _CHANGE.c.scope,
        sa.literal("delete"),
        _CHANGE.c.after,
        sa.null(),
        _CHANGE.c.batch_id,
    ]
    entries = sa.select(*facts).where(_written(batch, "insert")).order_by(_CHANGE.c.id)
    connection.execute(sa.insert(_CHANGE).from_select(CHANGE_COLUMNS, entries, include_defaults=False))
