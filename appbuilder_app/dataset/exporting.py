"""A whole list as a file: what is shown, in its order, in constant memory.

Rows come as plain values by a cursor in portions; each column's cells are made by a converter prepared once. On
PostgreSQL a CSV is written by the database itself (COPY), with the labels and guards of the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from .. import access, kinds
from ..access import Viewer
from ..declaration import Base, Field, Private, db
from ..language import said
from ..walls import SetWork, set_based
from . import export, scope
from .export import Remembering, cell_of, guarded
from .listing import Listing, TooLongForOneFile
from .pages import plain_code
from .query import Query, columns_of

PORTION = 2_000
"""Rows fetched at once."""
_BLOCK = 2**16

Told = Callable[[int], None]


@dataclass
class Exporting:
    """One list about to become a file, for one viewer."""

    model: type[Base]
    viewer: Viewer
    query: Query
    columns: Sequence[str]
    told: Told = lambda _rows: None
    """Called now and then with how many rows are written; what it raises stops the export."""
    by_database: bool = True
    """Whether PostgreSQL may write a CSV by itself; Python does when not, and where it cannot."""
    listing: Listing = field(init=False)

    def __post_init__(self) -> None:
        self.listing = Listing(self.model, self.viewer)

    def count(self, most: int) -> int:
        """How many rows, counted no further than one past ``most``."""
        key = getattr(self.model, self.listing.key)
        narrowed = self.listing._narrowed(db.session, self.query)
        inner = sa.select(key).where(*narrowed).limit(most + 1).subquery()
        return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0

    def write(self, kind: str, target: IO[bytes]) -> int:
        """Write the file (xlsx or csv) and say how many rows it has.

        TooLongForOneFile for more rows than a workbook's sheet can hold.
        """
        return self._write_xlsx(target) if kind == "xlsx" else self._write_csv(target)

    @property
    def heads(self) -> list[str]:
        """The columns' labels in the language of who asks."""
        return [said(declared.th) for declared in self._fields()]

    def _fields(self) -> list[Field]:
        return [self.listing.fields[name] for name in self.columns]

    # ── By Python ────────────────────────────────────────────────────────────────────────────────────────

    def _write_xlsx(self, target: IO[bytes]) -> int:
        makers = [_xlsx_maker(declared.kind) for declared in self._fields()]
        lines = (
            [make(value) for make, value in zip(makers, row, strict=True)]
            for row in self._rows(export.XLSX_ROWS)
        )
        return export.write_sheet(target, self.heads, lines, "ข้อมูล")

    def _write_csv(self, target: IO[bytes]) -> int:
        if db.engine.dialect.name == "postgresql" and (statement := self._as_text()) is not None:
            return self._copy(statement, target)
        makers = [_csv_maker(declared.kind) for declared in self._fields()]
        count = 0

        def cells() -> Iterator[list[Any]]:
            nonlocal count
            for row in self._rows(None):
                count += 1
                yield [make(value) for make, value in zip(makers, row, strict=True)]

        for piece in export.written_csv(self.heads, cells()):
            target.write(piece)
        return count

    def _rows(self, most: int | None) -> Iterator[Any]:
        """Plain values of the rows, codes as their codes, fetched in portions."""
        picked = [
            plain_code(getattr(self.model, declared.name), declared.kind) for declared in self._fields()
        ]
        statement = self._ordered(sa.select(*picked)).where(*self.listing._narrowed(db.session, self.query))
        result = db.session.execute(statement.execution_options(yield_per=PORTION))
        written = 0
        for portion in result.partitions():
            written += len(portion)
            if most is not None and written > most:
                raise TooLongForOneFile(most=f"{most:,}")
            yield from portion
            self.told(written)

    def _ordered(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        direction = sa.desc if self.query.descending else sa.asc
        return statement.order_by(*(direction(c) for c in self.listing._order(db.session, self.query)))

    # ── By PostgreSQL ────────────────────────────────────────────────────────────────────────────────────

    def _as_text(self) -> sa.Select[Any] | None:
        """The list as a statement that gives finished cells; None where only Python knows how.

        A search is narrowed in a statement inside, which only the session's wall reaches.
        """
        if self.query.search or not self.by_database:
            return None
        cells = [_sql_cell(getattr(self.model, declared.name), declared.kind) for declared in self._fields()]
        if any(cell is None for cell in cells):
            return None
        statement = sa.select(*(cell.label(f"c{n}") for n, cell in enumerate(cells) if cell is not None))
        return self._ordered(statement).where(*self.listing._narrowed(db.session, self.query), self._within())

    def _within(self) -> sa.ColumnElement[bool]:
        """The wall's own predicate: a COPY passes no wall, so it carries it."""
        if not issubclass(self.model, Private) or self.viewer.scope == access.CENTRE:
            return sa.true()
        return scope.within(self.viewer, self.model.scope) if self.viewer.scope else sa.false()

    def _copy(self, statement: sa.Select[Any], target: IO[bytes]) -> int:
        connection = db.session.connection()
        compiled: Any = statement.compile(
            dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        processors = compiled._bind_processors
        given = {
            name: processors[name](value) if name in processors else value
            for name, value in compiled.construct_params().items()
        }
        for piece in export.written_csv(self.heads, []):
            target.write(piece)
        self._keep_the_order(connection)
        raw: Any = connection.connection
        with set_based(SetWork.EXPORT), raw.cursor() as cursor:
            with cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')", given) as copy:
                self._take(copy, target)
            return int(cursor.rowcount)

    def _keep_the_order(self, connection: sa.Connection) -> None:
        """Have a whole list read in the order of its index, which sends the first row at once.

        PostgreSQL takes the cells to be narrower than they are and would sort them on disk, at twice the time.
        A statement before the COPY also tells who acts, which a COPY itself does not (``announcing``).
        """
        sort = "on" if self.query.filters else "off"
        connection.execute(sa.select(sa.func.set_config("enable_sort", sort, True)))

    def _take(self, copy: Any, target: IO[bytes]) -> None:
        """COPY sends a row at a time; now and then it is told how many were written."""
        rows, written = iter(copy), 0
        while portion := list(islice(rows, PORTION)):
            target.write(b"".join(portion))
            written += len(portion)
            self.told(written)


def exporting_of(model: type[Base], arguments: Any) -> Exporting:
    """The list that a request's arguments (a MultiDict) describe, as it is shown to who is acting."""
    viewer = access.viewer()
    return Exporting(model, viewer, Query.of(model, arguments), columns_of(model, viewer, arguments))


# ── Cells of a column ────────────────────────────────────────────────────────────────────────────────────


def _value_maker(kind: kinds.Kind) -> Callable[[Any], Any]:
    """From a column's plain value to the cell's value, in the language of who asks."""
    if isinstance(kind, kinds.Code):
        return lambda code: None if code is None else said(kind.codes(code).th)
    return lambda value: None if value is None else _in_words(kind.cell(value))


def _in_words(cell: Any) -> Any:
    return said(cell) if isinstance(cell, str) and type(cell) is not str else cell


def _xlsx_maker(kind: kinds.Kind) -> Callable[[Any], str]:
    value_of = _value_maker(kind)
    return Remembering(lambda value: cell_of(value_of(value))).__getitem__


def _csv_maker(kind: kinds.Kind) -> Callable[[Any], Any]:
    value_of = _value_maker(kind)
    return Remembering(lambda value: guarded(value_of(value))).__getitem__


def _sql_cell(column: Any, kind: kinds.Kind) -> sa.ColumnElement[Any] | None:
    """The same cell as SQL; None for a kind that has its own ``cell``, which only Python can ask."""
    maker = _SQL.get(type(kind))
    return None if maker is None else maker(column, kind)


def _text_sql(column: Any, _kind: kinds.Kind) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.String):
        return sa.cast(column, sa.Text)  # the key of a numbered row is no text, and no formula
    # One look at the first sign sorts out almost all; the pattern costs ten times as much.
    suspect = sa.func.ascii(column) == sa.any_(sa.cast(_FIRST_SIGNS, postgresql.ARRAY(sa.Integer)))
    return sa.case(
        (sa.and_(suspect, column.regexp_match(f"^'*{export.FORMULA_START}")), sa.literal("'") + column),
        else_=column,
    )


_FIRST_SIGNS: Final = [ord(sign) for sign in "'=+@\t\r\n\uff1d\uff0b\uff0d\uff20-"]
"""With which a formula, or a guarded one, can begin: ``export.FORMULA_START``."""


def _code_sql(column: Any, kind: Any) -> sa.ColumnElement[Any]:
    """Its label, looked up in one object: a CASE compares a value with each code until one is the same."""
    plain = sa.type_coerce(column, sa.String())
    labels = {code.value: guarded(said(code.th)) for code in kind.codes}
    known = sa.cast(sa.literal(labels, postgresql.JSONB), postgresql.JSONB)
    return sa.func.coalesce(known.op("->>", return_type=sa.Text())(sa.cast(plain, sa.Text)), plain)


def _flag_sql(column: Any, kind: kinds.Kind) -> sa.ColumnElement[Any]:
    return sa.case((column.is_(True), said(kind.cell(True))), (column.is_(False), said(kind.cell(False))))


def _file_sql(column: Any, kind: kinds.Kind) -> sa.ColumnElement[Any]:
    return sa.case((column != "", said(kind.cell(column.key))), else_=column)


def _veil_sql(column: Any, kind: Any) -> sa.ColumnElement[Any] | None:
    """The veil where there is a value; of numbers that show a part of themselves only Python knows which."""
    if kind.veils_all:
        return sa.case((column.is_not(None), said(kinds.VEIL)))
    return None


def _day_sql(column: Any, _kind: kinds.Kind) -> sa.ColumnElement[Any]:
    year = sa.cast(sa.cast(sa.func.extract("year", column), sa.Integer) + 543, sa.Text)
    return sa.func.to_char(column, "DD/MM/") + year


def _itself(column: Any, _kind: kinds.Kind) -> sa.ColumnElement[Any]:
    return sa.type_coerce(column, sa.String())


_SQL: dict[type[kinds.Kind], Callable[[Any, Any], sa.ColumnElement[Any] | None]] = {
    kinds.Kind: _text_sql,
    kinds.Memo: _text_sql,
    kinds.Digits: _text_sql,
    kinds.Scanned: _text_sql,
    kinds.Choice: _text_sql,
    kinds.Identity: _text_sql,
    kinds.Reference: _text_sql,
    kinds.Code: _code_sql,
    kinds.Flag: _flag_sql,
    kinds.ThaiDate: _day_sql,
    kinds.Whole: _itself,
    kinds.BuddhistYear: _itself,
    kinds.Number: _itself,
    kinds.StoredFile: _file_sql,
    kinds.Photo: _file_sql,
    kinds.Masked: _veil_sql,
}
