"""The good lines of a preview go into the register, with their history: in sets, and as the preview showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ... import access, bulk
from ...bilingual import Sentence
from ...dataset import history, validation
from ...dataset.cells import CellProblem
from ...declaration import Base, dataset_of, fields_of
from ...models import Change, ImportBatch, ImportLine
from ...walls import set_based
from ..file_moves import Kept, Moved, kept_in, note_of
from .guarding import guard_changes, is_guarded
from .judging import filled_anyway, recorded
from .outcomes import Outcome, Tell
from .stored import Owners, Stored, Values, primary_key, rows_where

_LINE = ImportLine.__table__
# Names that no field has: a dataset may well have a number or an owner.
_LINE_NUMBER: Final = _LINE.c.number.label("line_number")
_CHANGE = Change.__table__
_WHO: Final = ("at", "actor_id", "actor", "path", "reason")
CHANGE_COLUMNS: Final = (*_WHO, "dataset", "row_key", "scope", "action", "before", "after", "batch_id")
_PORTION: Final = 5_000
_MEANWHILE: Final = Sentence(
    "มีผู้เพิ่มหรือแก้ไขรายการนี้หลังจากอัปโหลดไฟล์ จึงไม่ได้เขียนทับ กรุณาอัปโหลดไฟล์ใหม่เพื่อดูความแตกต่างล่าสุด"
)


def write(connection: sa.Connection, model: type[Base], batch: ImportBatch, tell: Tell) -> dict[str, int]:
    """Insert and update the rows of a preview; how many lines were new, changed, and held back."""
    todo = batch.counts[Outcome.NEW] + batch.counts[Outcome.CHANGED]
    tell(0, todo)
    if batch.counts[Outcome.NEW]:
        _insert(connection, model, batch)
        tell(batch.counts[Outcome.NEW], todo)
    if batch.counts[Outcome.CHANGED]:
        _update(connection, model, batch, tell, todo)
    found = sa.select(_LINE.c.outcome, sa.func.count().label("lines")).where(_LINE.c.batch_id == batch.id)
    counted: dict[str, int] = {
        one.outcome: one.lines for one in connection.execute(found.group_by(_LINE.c.outcome))
    }
    return {one.value: counted.get(one.value, 0) for one in (Outcome.NEW, Outcome.CHANGED, Outcome.HELD)}


def _of(batch: ImportBatch, outcome: Outcome) -> sa.ColumnElement[bool]:
    return (_LINE.c.batch_id == batch.id) & (_LINE.c.outcome == outcome.value)


def _hold(connection: sa.Connection, batch: ImportBatch, lines: Iterable[int], why: str = _MEANWHILE) -> None:
    """Show in the result which lines were not written, and why."""
    problem = CellProblem("", "", None, "", why)._asdict()
    held = sa.update(_LINE).values(outcome=Outcome.HELD.value, problems=[problem])
    if numbers := [{"line": number} for number in lines]:
        connection.execute(
            held.where(_LINE.c.batch_id == batch.id, _LINE.c.number == sa.bindparam("line")), numbers
        )


# ── New rows ─────────────────────────────────────────────────────────────────────────────────────────────


def _insert(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> None:
    """Insert the new rows and their history; those whom somebody has added meanwhile are held back.

    From table to table: the preview's JSON is what is written, and it need not pass through here again.
    """
    _hold_who_may_not_be_added(connection, model, batch)
    if is_guarded(model):
        _guard_new(connection, model, batch)
    if connection.dialect.name == "postgresql":
        with bulk.without_nested_loops(connection):
            connection.execute(_insert_at_once(connection, model, batch))
    else:
        connection.execute(_insert_alone(connection, model, batch))
        connection.execute(_history_of_new(connection, model, batch))
    written = sa.select(sa.func.count()).where(_CHANGE.c.batch_id == batch.id, _CHANGE.c.action == "insert")
    if connection.scalar(written) != batch.counts[Outcome.NEW]:
        _hold(connection, batch, connection.scalars(_left_out(connection, model, batch)).all())


def _guard_new(connection: sa.Connection, model: Any, batch: ImportBatch) -> None:
    """Refuse, with the guard's own sentence, new rows that the dataset's guard refuses."""
    new = _of(batch, Outcome.NEW)
    for values in connection.scalars(sa.select(_LINE.c["values"]).where(new).order_by(_LINE.c.number)).all():
        model(**recorded(model, values)).guard(connection)


def _hold_who_may_not_be_added(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> None:
    """What was free at the preview may have been taken since: that line is held back, and told why."""
    declared = dataset_of(model)
    if declared.refused_new is None:
        return
    # Only what the rule looks at: reading whole lines back would take longer than writing them.
    source, asked = _as_columns(connection, model, declared.asked_of_new)
    chosen = sa.select(_LINE_NUMBER, *asked).select_from(source).where(_of(batch, Outcome.NEW))
    lines: Sequence[Any] = connection.execute(chosen.order_by(_LINE.c.number)).mappings().all()
    refused = validation.refused_new(model, connection, lines, hold=True)
    for position, (_field, why) in refused.items():
        _hold(connection, batch, [lines[position][_LINE_NUMBER.name]], str(why))


def _filled(model: type[Base], batch: ImportBatch) -> list[str]:
    """The fields that new lines of a batch may have a value of: all others get what the database itself fills in."""
    known = {*batch.counts["where"]["fields"], *dataset_of(model).key, *filled_anyway(model)}
    return [name for name in fields_of(model) if name in known]


def _insert_at_once(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Any:
    """One statement: what is inserted goes on into the history."""
    table, key = model.__table__, dataset_of(model).key
    # In the order of the file, so that what is written has it, too: sorted while the lines are still narrow.
    shown = _new_rows(connection, model, batch).order_by(_LINE.c.number).cte("shown")
    names = _filled(model, batch)
    chosen = sa.select(shown.c.line_owner, *(_given(table.c[name], shown.c[name]) for name in names))
    into = bulk.insert_unless_there(connection, table)
    made = into.from_select(["scope", *names], chosen, include_defaults=False)
    pk = primary_key(model)
    made = made.returning(pk.label("row_id"), *(table.c[name].label(f"key_{name}") for name in key)).cte(
        "made"
    )
    same = sa.and_(*(made.c[f"key_{name}"] == shown.c[name] for name in key))
    facts = _facts(model, batch, sa.cast(made.c.row_id, sa.String), shown)
    entries = sa.select(*facts).select_from(made.join(shown, same))
    return sa.insert(_CHANGE).from_select(CHANGE_COLUMNS, entries, include_defaults=False)


def _insert_alone(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Any:
    table, names = model.__table__, _filled(model, batch)
    # Rows that are there already are left out before: afterwards nothing would tell them from ours.
    shown = _new_rows(connection, model, batch).where(~_is_there(connection, model)).subquery("shown")
    chosen = sa.select(shown.c.line_owner, *(_given(table.c[name], shown.c[name]) for name in names))
    into = bulk.insert_unless_there(connection, table)
    # WHERE TRUE: without it SQLite takes ON CONFLICT for the ON of a join.
    chosen = chosen.where(sa.true()).order_by(shown.c.line_number)
    there = sa.select(_LINE.c.number).where(_of(batch, Outcome.NEW), _is_there(connection, model))
    _hold(connection, batch, connection.scalars(there).all())
    return into.from_select(["scope", *names], chosen, include_defaults=False)


def _history_of_new(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Any:
    table = model.__table__
    shown = _new_rows(connection, model, batch).subquery("shown")
    same = sa.and_(*(table.c[name] == shown.c[name] for name in dataset_of(model).key))
    facts = _facts(model, batch, sa.cast(primary_key(model), sa.String), shown)
    entries = sa.select(*facts).select_from(shown.join(table, same)).order_by(shown.c.line_number)
    return sa.insert(_CHANGE).from_select(CHANGE_COLUMNS, entries, include_defaults=False)


def _left_out(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> Any:
    """New lines that were not written: another import, or another unique key, was in the way."""
    table = model.__table__
    shown = _new_rows(connection, model, batch).subquery("shown")
    same = sa.and_(*(table.c[name] == shown.c[name] for name in dataset_of(model).key))
    mine = sa.and_(
        _CHANGE.c.batch_id == batch.id, _CHANGE.c.row_key == sa.cast(primary_key(model), sa.String)
    )
    joined = shown.outerjoin(table.join(_CHANGE, mine), same)
    return sa.select(shown.c.line_number).select_from(joined).where(primary_key(model).is_(None))


def _new_rows(connection: sa.Connection, model: type[Base], batch: ImportBatch) -> sa.Select[Any]:
    """The new lines of a batch: number, owner, JSON, and as a column every field that they may have."""
    meta = [
        _LINE_NUMBER,
        _LINE.c.owner.label("line_owner"),
        _LINE.c["values"].label("line_json"),
    ]
    source, fields = _as_columns(connection, model, _filled(model, batch))
    return sa.select(*meta, *fields).select_from(source).where(_of(batch, Outcome.NEW))


def _as_columns(
    connection: sa.Connection, model: type[Base], names: Sequence[str]
) -> tuple[sa.FromClause, list[Any]]:
    """The lines, and as columns these fields of what each would write."""
    if connection.dialect.name != "postgresql":
        return _LINE, _extracted(model, names)
    columns = [sa.column(name, model.__table__.c[name].type) for name in names]
    record = sa.func.json_to_record(_LINE.c["values"]).table_valued(*columns, name="recorded")
    record = record.render_derived(with_types=True)
    return _LINE.join(record, sa.true()), [record.c[name] for name in names]


def _extracted(model: type[Base], names: Sequence[str]) -> list[Any]:
    values = _LINE.c["values"]
    return [
        sa.type_coerce(sa.func.json_extract(values, f"$.{name}"), model.__table__.c[name].type).label(name)
        for name in names
    ]


def _is_there(connection: sa.Connection, model: type[Base]) -> sa.ColumnElement[bool]:
    """A row with the line's key exists (SQLite, where nobody can add one meanwhile)."""
    table, key = model.__table__, dataset_of(model).key
    parts = zip(key, _extracted(model, key), strict=True)
    return sa.exists().where(*(table.c[name] == part.element for name, part in parts)).correlate(_LINE)


def _given(column: sa.Column[Any], value: Any) -> Any:
    """The line's value, or what the database itself would fill in."""
    default = column.server_default
    if column.nullable or not isinstance(default, sa.DefaultClause):
        return value
    return sa.func.coalesce(
        value, default.arg if not isinstance(default.arg, str) else sa.literal(default.arg)
    )


def _facts(model: type[Base], batch: ImportBatch, row_key: Any, shown: Any) -> list[Any]:
    stamp = history.stamp()
    return [
        *(sa.literal(stamp[name], _CHANGE.c[name].type) for name in _WHO),
        sa.literal(model.__tablename__),
        row_key,
        shown.c.line_owner,
        sa.literal("insert"),
        sa.null(),
        shown.c.line_json,
        sa.literal(batch.id, _CHANGE.c.batch_id.type),
    ]


# ── Changed rows ─────────────────────────────────────────────────────────────────────────────────────────


def _update(connection: sa.Connection, model: type[Base], batch: ImportBatch, tell: Tell, todo: int) -> None:
    """Update the changed rows, a portion at a time, and hold those that somebody has edited meanwhile."""
    last, done = 0, batch.counts[Outcome.NEW]
    columns = (_LINE.c.number, _LINE.c.row_key, _LINE.c["values"])
    owners, kept = Owners(connection, model), kept_in(connection, model)
    while True:
        chosen = sa.select(*columns).where(_of(batch, Outcome.CHANGED), _LINE.c.number > last)
        lines = connection.execute(chosen.order_by(_LINE.c.number).limit(_PORTION)).all()
        if not lines:
            return
        _update_portion(connection, model, batch, lines, owners, kept)
        last, done = lines[-1].number, done + len(lines)
        tell(done, todo)


def _update_portion(
    connection: sa.Connection,
    model: type[Base],
    batch: ImportBatch,
    lines: Sequence[Any],
    owners: Owners,
    kept: Kept,
) -> None:
    pk = primary_key(model)
    ids = {line.row_key: pk.type.python_type(line.row_key) for line in lines}
    mine = bulk.among(connection, pk, ids.values())
    now = {row.id: row for row in rows_where(connection, model, mine, locked=True)}
    held: list[int] = []
    changes: list[tuple[Stored, Values, str]] = []
    for number, row_key, shown in lines:
        before, after = recorded(model, shown["before"]), recorded(model, shown["after"])
        row = now.get(ids[row_key])
        if row is None or not _may_write(model, row, shown["version"], before, after):
            held.append(number)
            continue
        owners.learn([row.values | after])
        owner = owners.scope_of(row.values | after)
        if owner is None or not access.viewer().looks_after(row.scope):
            held.append(number)
        elif really := {name: value for name, value in after.items() if row.values[name] != value}:
            if refused := list(kept.problems(row.values, really)):
                _hold(connection, batch, [number], str(refused[0].message))
            else:
                changes.append((row, really, owner))
    _hold(connection, batch, held)
    if changes:
        write_changes(connection, model, batch, changes, kept)


def _may_write(model: type[Base], row: Stored, version: int | None, before: Values, after: Values) -> bool:
    """True when the row is as the preview showed it, or was edited only in other fields and stays valid."""
    if row.version == version and version is not None:
        return True
    if any(row.values[name] not in (before.get(name), after[name]) for name in after):
        return False
    return not any(validation.problems_of(model, row.values | after))


def write_changes(
    connection: sa.Connection,
    model: type[Base],
    batch: ImportBatch,
    changes: Sequence[tuple[Stored, Values, str]],
    kept: Kept,
) -> None:
    """Set values of rows, each with its owner, and record it; what is kept for verbs as these do."""
    if is_guarded(model):
        guard_changes(connection, model, [(row.id, after) for row, after, _ in changes])
    names = sorted({name for _, after, _ in changes for name in after})
    key = primary_key(model).key
    lines = [(row.id, owner, *map((row.values | after).get, names)) for row, after, owner in changes]
    with set_based(kept.work):
        bulk.update_rows(connection, model.__table__, [key, "scope", *names], lines)
        kept.record(
            (Moved(row.id, owner, row.values, after) for row, after, owner in changes), note_of(batch)
        )
    bulk.copy_rows(connection, _CHANGE, CHANGE_COLUMNS, _history_of_changes(model, batch, changes))


def _history_of_changes(
    model: type[Base], batch: ImportBatch, changes: Sequence[tuple[Stored, Values, str]]
) -> Iterator[tuple[Any, ...]]:
    stamp, fields = history.stamp(), fields_of(model)
    who = [stamp[name] for name in _WHO]
    for row, after, owner in changes:
        before = {name: fields[name].kind.json(row.values[name]) for name in after}
        written = {name: fields[name].kind.json(value) for name, value in after.items()}
        yield *who, model.__tablename__, str(row.id), owner, "update", before, written, batch.id
