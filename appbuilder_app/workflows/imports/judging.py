"""From a received file to a stored preview: what each row says, and what it would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO, Any, Final

import sqlalchemy as sa

from ... import access, bulk, collector, kinds
from ...access import Action
from ...bilingual import Sentence
from ...dataset import portions, validation
from ...dataset.cells import CellProblem, Line, Reader, at, encoded, part_of
from ...dataset.columns import Layout, given_by_scope, layout_in
from ...dataset.portions import Portion
from ...declaration import Base, dataset_named, dataset_of, db, fields_of
from ...errors import (
    EmptyFile,
    FileTooLarge,
    ImportSettled,
    JobCancelled,
    NoHeaderRow,
    Problem,
    RuleViolation,
)
from ...models import ImportBatch, ImportLine
from ...walls import SetWork, set_based
from ..file_moves import kept_in
from .outcomes import STATES, Outcome, Tell, silent
from .receiving import opened
from .results import batch_with
from .stored import Owners, Pointers, Stored, Values, key_of, rows_with_keys

_LINE = ImportLine.__table__
_LINE_COLUMNS: Final = ("batch_id", "scope", "number", "outcome", "owner", "row_key", "values", "problems")
_NAMED_COLUMNS: Final = 20
_UNSEEN: Final = Sentence("ไม่พบรายการที่อ้างถึง กรุณาใช้รหัสจากรายการในแม่แบบ")
_NOT_YOURS: Final = Sentence("แถวนี้ไม่ได้อยู่ในขอบเขตที่ท่านดูแล กรุณาตรวจรหัส")


def judge(batch_id: int, tell: Tell = silent) -> ImportBatch:
    """Read a received file and store what committing it would do; nothing else is written.

    ``batch.counts`` then has how many rows are new, changed, same and wrong, and ``notes``, sentences about
    the whole file. A file that cannot be read as a whole gets the state ``failed`` and ``counts["failure"]``.
    In the caller's transaction: interrupted work leaves the file as received, and can be begun anew.
    """
    seen = batch_with(batch_id)
    with access.performing(Action.IMPORT, seen.dataset), collector.resting():
        batch = db.session.scalars(
            sa.select(ImportBatch)
            .filter_by(id=batch_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        if batch.state != "received":
            raise ImportSettled(state=STATES[batch.state])
        with db.session.begin_nested() as begun:
            try:
                with opened(batch) as source:
                    batch.counts = _judged(source, batch, tell)
                batch.state = "preview"
            except JobCancelled:
                raise
            except RuleViolation as failure:
                begun.rollback()
                batch.counts, batch.state = {"failure": str(failure)}, "failed"
        db.session.flush()
    return batch


def _judged(source: IO[bytes], batch: ImportBatch, tell: Tell) -> dict[str, Any]:
    model, as_text = dataset_named(batch.dataset), not portions.is_workbook(source)
    layout, part, table = _table_in(source, batch.filename, model)
    judge_ = Judge(db.session.connection(), model, layout, as_text=as_text)
    counts: Counter[Outcome] = Counter()
    done, width = 0, layout.width
    for portion in portions.read_ahead(table):
        width = max(width, *(len(cells) for _, cells in portion.rows[:1]))
        with set_based(SetWork.IMPORT):
            entries = judge_.entries(portion)
            rows = [(batch.id, batch.scope, *entry) for entry in entries]
            bulk.copy_rows(db.session.connection(), _LINE, _LINE_COLUMNS, rows)
        counts.update(Outcome(row[3]) for row in rows)
        done += len(rows)
        if done > portions.MAX_ROWS:
            limit = Sentence("ไม่เกิน {rows:,} แถว", rows=portions.MAX_ROWS)
            raise FileTooLarge(file=batch.filename, limit=limit)
        tell(done, 0)
    if not done:
        raise EmptyFile(file=batch.filename)
    where = {
        "part": part,
        "header_row": layout.header_row,
        "width": width,
        "marked_at": layout.marked_at,
        "fields": [column.field.name for column in layout.columns],
    }
    found = {outcome.value: counts[outcome] for outcome in Outcome}
    return found | {"notes": [*_notes(layout)], "rows": done, "where": where}


def _table_in(source: IO[bytes], filename: str, model: type[Base]) -> tuple[Layout, str, Iterator[Portion]]:
    """The first table of the file with a header of ours, from its beginning."""
    empty = True
    for part, table in portions.tables(source, filename):
        first = next(table, Portion([]))
        empty = empty and not first.rows
        layout = layout_in(first.rows, model, access.viewer())
        if layout is not None:
            return layout, part, chain([first], table)
    if empty:
        raise EmptyFile(file=filename)
    labels = ", ".join(declared.th for declared in list(fields_of(model).values())[:5])
    raise NoHeaderRow(file=filename, rows=10, labels=labels)


def _notes(layout: Layout) -> Iterator[str]:
    if layout.ignored:
        left_out = ", ".join(layout.ignored[:_NAMED_COLUMNS])
        yield Sentence("คอลัมน์ที่ไม่ได้นำเข้า: {columns}", columns=left_out)


Entry = tuple[int, str, str | None, str | None, Any, Any]
"""A line to store: number, outcome, owner, row_key, values, problems."""


class Judge:
    """Judges the rows of a file, portion by portion, as the viewer who imports it."""

    def __init__(
        self, connection: sa.Connection, model: type[Base], layout: Layout, *, as_text: bool
    ) -> None:
        self.connection, self.model, self.layout = connection, model, layout
        self.reader = Reader(model, layout, as_text=as_text)
        self.owners, self.pointers = Owners(connection, model), Pointers(connection)
        self.kept = kept_in(connection, model)
        self.given = given_by_scope(model, access.viewer())
        self.first: dict[tuple[Any, ...], int] = {}
        self.earlier: dict[Any, Any] = {}
        self.fields = fields_of(model)
        self.defaults = filled_anyway(model) | self.given
        self.constant = tuple(
            part_of(self.fields[name], value)
            for name, value in self.defaults.items()
            if layout.at(name) is None
        )
        self.defaulted = tuple(name for name in self.defaults if layout.at(name) is not None)
        self.references = [
            (column, declared.kind.target)
            for column in layout.columns
            if isinstance((declared := column.field).kind, kinds.Reference)
            and not (self.owners.is_of_school and declared.name == "school_code")
        ]

    def entries(self, portion: Portion) -> list[Entry]:
        """The lines of a portion, judged."""
        lines = self.reader.lines(portion)
        if self.given:
            for line in lines:
                self._give(line)
        self.owners.learn(line.values for line in lines)
        self._mark_pointers(lines)
        keys = [key_of(self.model, line.values) for line in lines]
        stored = rows_with_keys(self.connection, self.model, {key for key in keys if key is not None})
        self._mark_not_to_be_added([line for line, key in zip(lines, keys, strict=True) if key not in stored])
        return [
            self._entry(line, key, stored.get(key) if key is not None else None)
            for line, key in zip(lines, keys, strict=True)
        ]

    def _give(self, line: Line) -> None:
        """What follows from who imports; another value in the file is refused, not overwritten."""
        for name, value in self.given.items():
            if line.values.setdefault(name, value) != value and (column := self.layout.at(name)):
                line.problems.append(at(column, line.cells, _NOT_YOURS))

    def _mark_pointers(self, lines: list[Line]) -> None:
        for column, target in self.references:
            name = column.field.name
            named = (line.values[name] for line in lines if name in line.values)
            if missing := self.pointers.missing(target, named):
                for line in lines:
                    if line.values.get(name) in missing:
                        line.problems.append(at(column, line.cells, _UNSEEN))

    def _mark_not_to_be_added(self, new: list[Line]) -> None:
        told = [self.defaults | line.values for line in new]
        refused = validation.refused_new(self.model, self.connection, told, earlier=self.earlier)
        for position, (field, why) in refused.items():
            new[position].problems.append(self._at_field(new[position], Problem(field, str(why))))

    def _entry(self, line: Line, key: tuple[Any, ...] | None, stored: Stored | None) -> Entry:
        if key is not None and self.first.setdefault(key, line.number) != line.number:
            self._mark_repeated(line, self.first[key])
        if stored is None:
            return self._new(line)
        after = {name: value for name, value in line.values.items() if stored.values.get(name) != value}
        row_key = str(stored.id)
        if not after and not line.problems and access.viewer().looks_after(stored.scope):
            return line.number, Outcome.SAME, stored.scope, row_key, {}, None
        line.problems += [self._at_field(line, one) for one in self.kept.problems(stored.values, after)]
        owner = self._owner(line, stored.values | after, stored.scope)
        self._judge_row(line, stored.values | after)
        if line.problems or owner is None:
            return self._wrong(line)
        values = {
            "before": {name: self._json(name, stored.values.get(name)) for name in after},
            "after": {name: self._json(name, value) for name, value in after.items()},
            "version": stored.version,
        }
        return line.number, Outcome.CHANGED, owner, row_key, values, None

    def _new(self, line: Line) -> Entry:
        parts = (*self.constant, *line.parts)
        whole = line.values
        if self.defaults:
            whole = self.defaults | line.values
            filled = [name for name in self.defaulted if name not in line.values]
            parts = (*parts, *(part_of(self.fields[name], self.defaults[name]) for name in filled))
        owner = self._owner(line, whole, None)
        self._judge_row(line, whole)
        if line.problems or owner is None:
            return self._wrong(line)
        return line.number, Outcome.NEW, owner, None, encoded(parts), None

    def _owner(self, line: Line, whole: Mapping[str, Any], before: str | None) -> str | None:
        """The owner of the row, when the viewer may write it there now; otherwise the line says why not."""
        owner = self.owners.scope_of(whole)
        if owner is None or (before is not None and not access.viewer().looks_after(before)):
            self._tell_owner(line, _NOT_YOURS)
            return None
        for place in {owner, before or owner}:
            if (refusal := self.owners.refusal_at(place)) is not None:
                self._tell_owner(line, str(refusal))
                return None
        return owner

    def _tell_owner(self, line: Line, sentence: str) -> None:
        name = "school_code" if self.owners.is_of_school else dataset_of(self.model).key[0]
        if not any(problem.field == name for problem in line.problems):
            line.problems.append(self._at_field(line, Problem(name, sentence)))

    def _judge_row(self, line: Line, whole: Mapping[str, Any]) -> None:
        broken = list(validation.problems_of_read(self.model, whole))
        if broken:
            told = {problem.field for problem in line.problems}
            line.problems += [self._at_field(line, one) for one in broken if one.field not in told]

    def _at_field(self, line: Line, problem: Problem) -> CellProblem:
        message = validation.beside_its_label(problem.message)
        column = self.layout.at(problem.field)
        if column is not None:
            return at(column, line.cells, message)
        declared = self.fields.get(problem.field or "")
        return CellProblem("", declared.th if declared else "", problem.field, "", message)

    def _mark_repeated(self, line: Line, row: int) -> None:
        name = next((one for one in reversed(dataset_of(self.model).key) if self.layout.at(one)), None)
        sentence = Sentence("ซ้ำกับแถวที่ {row} ในไฟล์ กรุณาลบแถวที่ซ้ำหรือแก้รหัสให้ถูกต้อง", row=row)
        line.problems.append(self._at_field(line, Problem(name, sentence)))

    def _wrong(self, line: Line) -> Entry:
        known = {
            name: self._json(name, line.values[name])
            for name in (*dataset_of(self.model).title, *dataset_of(self.model).key)
            if name in line.values
        }
        return line.number, Outcome.WRONG, None, None, known, [problem._asdict() for problem in line.problems]

    def _json(self, name: str, value: Any) -> Any:
        return self.fields[name].kind.json(value)


def filled_anyway(model: type[Base]) -> Values:
    """Values of fields that a new row has when the file says nothing."""
    columns = [model.__table__.c[name] for name in fields_of(model)]
    return {c.key: c.default.arg for c in columns if c.default is not None and c.default.is_scalar}


def recorded(model: type[Base], written: Mapping[str, Any]) -> Values:
    """Values that were written as JSON, as Python values."""
    fields = fields_of(model)
    return {name: fields[name].kind.read(value) for name, value in written.items() if name in fields}
