"""What is stored already: rows by their key, owners of rows, locks, and rows that others point to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...bulk import among
from ...dataset import lock, scope
from ...declaration import Base, Private, Scoped, dataset_named, dataset_of, fields_of
from ...errors import RuleViolation
from ...models import School, SchoolOwned

Values = dict[str, Any]
_ASKED_AT_ONCE: Final = 10_000
_SCHOOL = School.__table__


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as stored now."""

    id: Any
    version: int | None
    scope: str
    values: Values


def key_of(model: type[Base], values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The declared key's values of a row; None when one of them is missing."""
    key = tuple(values.get(name) for name in dataset_of(model).key)
    return None if any(part is None for part in key) else key


def primary_key(model: type[Base]) -> sa.Column[Any]:
    """The column that the history names a row by."""
    return next(iter(model.__table__.primary_key.columns))


def rows_with_keys(
    connection: sa.Connection, model: type[Base], keys: Collection[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Stored]:
    """Stored rows by their declared key, whoever owns them: for set-based work, which then checks owners."""
    names = dataset_of(model).key
    found: dict[tuple[Any, ...], Stored] = {}
    for some in _portions(keys, _ASKED_AT_ONCE):
        wanted = set(some)
        columns = [model.__table__.c[name] for name in names]
        parts = [
            among(connection, column, set(values))
            for column, values in zip(columns, zip(*some, strict=True), strict=True)
        ]
        for row in rows_where(connection, model, sa.and_(*parts)):
            key = tuple(row.values[name] for name in names)
            if key in wanted:
                found[key] = row
    return found


def rows_where(
    connection: sa.Connection, model: type[Base], condition: sa.ColumnElement[bool], *, locked: bool = False
) -> Iterator[Stored]:
    """Stored rows that meet a condition; ``locked`` holds them to the end of the transaction."""
    table, names = model.__table__, list(fields_of(model))
    version = table.c.version if "version" in table.c else sa.null()
    query = sa.select(primary_key(model), version, table.c.scope, *(table.c[name] for name in names)).where(
        condition
    )
    for row in connection.execute(query.with_for_update(of=table) if locked else query):
        yield Stored(row[0], row[1], row[2], dict(zip(names, row[3:], strict=True)))


class Owners:
    """Whose each row would be, and whether it may be written there now; each place is asked once."""

    def __init__(self, connection: sa.Connection, model: type[Base], *, for_share: bool = False) -> None:
        self.connection, self.model, self.for_share = connection, model, for_share
        self.system = dataset_of(model).round
        self.is_of_school = issubclass(model, SchoolOwned)
        self._scopes: dict[Any, str | None] = {}
        self._refusals: dict[str, RuleViolation | None] = {}

    def learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up the schools that rows name, many at once."""
        if not self.is_of_school:
            return
        new = {row["school_code"] for row in rows if row.get("school_code")} - self._scopes.keys()
        for some in _portions(new, _ASKED_AT_ONCE):
            query = sa.select(_SCHOOL.c.code, _SCHOOL.c.scope).where(
                among(self.connection, _SCHOOL.c.code, some)
            )
            self._scopes.update(
                dict.fromkeys(some) | {row.code: row.scope for row in self.connection.execute(query)}
            )

    def scope_of(self, row: Mapping[str, Any]) -> str | None:
        """The scope of a row with these values; None when it has no owner or not one whom the viewer looks after."""
        scope = self._scopes.get(row.get("school_code")) if self.is_of_school else self._made(row)
        return scope if scope is not None and access.viewer().looks_after(scope) else None

    def _made(self, row: Mapping[str, Any]) -> str | None:
        made: Any = self.model(**row)  # never put into the session
        try:
            return str(made.owner_scope(self.connection)) if isinstance(made, Scoped) else None
        except RuleViolation:
            return None

    def refusal_at(self, place: str) -> RuleViolation | None:
        """Why rows of this place cannot be written now (round closed, school confirmed, no time), or None."""
        if self.system is None:
            return None
        if place not in self._refusals:
            standing = lock.standing(self.connection, self.system, place, for_share=self.for_share)
            self._refusals[place] = standing.refusal
        return self._refusals[place]


class Pointers:
    """Which of the rows that a file points to are there for the viewer; each is asked about once."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._there: dict[str, dict[Any, bool]] = {}

    def missing(self, dataset: str, values: Iterable[Any]) -> set[Any]:
        """Those of the keys that name no row of the dataset which the viewer can see."""
        known = self._there.setdefault(dataset, {})
        wanted = set(values)
        target = dataset_named(dataset)
        key = primary_key(target)
        for some in _portions(wanted - known.keys(), _ASKED_AT_ONCE):
            query = sa.select(key).where(among(self.connection, key, some))
            if issubclass(target, Private):
                query = query.where(scope.within(access.viewer(), target.__table__.c.scope))
            known.update(dict.fromkeys(some, False) | dict.fromkeys(self.connection.scalars(query), True))
        return {value for value in wanted if not known[value]}


def hold_schools(connection: sa.Connection, model: type[Base], places: Sequence[str]) -> None:
    """One import of a school at a time: two files with the same new rows would wait for each other's.

    In the order of their codes, as everybody takes them. The keys stay free (FOR NO KEY UPDATE), since each
    row written here refers to its school.
    """
    if issubclass(model, SchoolOwned) and connection.dialect.name == "postgresql":
        codes = sorted(place.rsplit("/", 1)[-1] for place in places)
        for some in _portions(codes, _ASKED_AT_ONCE):
            held = (
                sa.select(_SCHOOL.c.code)
                .where(among(connection, _SCHOOL.c.code, some))
                .order_by(_SCHOOL.c.code)
            )
            connection.execute(held.with_for_update(key_share=True))


def _portions(values: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    rest = iter(values)
    while some := tuple(islice(rest, size)):
        yield some
