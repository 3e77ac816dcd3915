"""Start-up checks of the declarations, with stable ids: a mistake is named before it can hurt anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from ..declaration import Base, Dataset, Scoped, datasets, fields_of


class Finding(NamedTuple):
    """One mistake of a declaration."""

    id: str
    model: str
    text: str

    def __str__(self) -> str:
        return f"{self.id} {self.model}: {self.text}"


class UnsoundDeclaration(TypeError):
    """The application does not start with a declaration that is wrong."""


def require_sound() -> None:
    """Refuse to start with a wrong declaration."""
    if found := [finding for model in datasets() for finding in findings(model)]:
        raise UnsoundDeclaration("\n".join(map(str, found)))


def findings(model: type[Base]) -> list[Finding]:
    """All mistakes of one declaration."""
    declared = model.__dataset__
    assert declared is not None
    return [
        Finding(code, model.__name__, text)
        for check in (_labels, _columns_known, _owner, _order_without_nulls, _groups_known, _key_is_unique)
        for code, text in check(model, declared)
    ]


def _labels(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D001: every column a person could meet carries labels; technical ones are known by name."""
    technical = {"id", "scope", "version"}
    for column in model.__table__.columns:
        if column.key not in technical and "field" not in column.info:
            yield "D001", f"column {column.key} has no label: declare it with field()"
    for field in fields_of(model).values():
        if not field.th.strip() or not field.en.strip():
            yield "D001", f"column {field.name} lacks a Thai or an English label"


def _columns_known(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D002: lists, keys and orders name columns that exist."""
    columns = set(model.__table__.columns.keys())
    for part in ("key", "listed", "order", "sorted", "title"):
        for name in getattr(declared, part):
            if name not in columns:
                yield "D002", f"{part} names {name}, which is no column"


def _owner(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D003: every row has an owner, so a dataset is scoped."""
    if not issubclass(model, Scoped):
        yield "D003", "has no owner: inherit SchoolOwned or another Scoped class"
    elif model.owner_scope is Scoped.owner_scope:
        yield "D003", "does not say who owns a row: define owner_scope"


def _order_without_nulls(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D004: a keyset page compares rows, and NULL compares with nothing: rows would vanish between pages."""
    for name in (*declared.order, *declared.sorted):
        column = model.__table__.columns.get(name)
        if column is not None and column.nullable:
            yield "D004", f"cannot be ordered by {name}, which may be NULL"
    keys = [column.key for column in sa.inspect(model).primary_key]
    if not set(keys) <= set(declared.order):
        yield "D004", f"order must end with the primary key {keys}, or pages overlap"


def _groups_known(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D005: a field in a group that is not declared would appear on no form."""
    known = {group.key for group in declared.groups} | {""}
    for field in fields_of(model).values():
        if field.group not in known:
            yield "D005", f"{field.name} is in the unknown group {field.group!r}"
        if declared.groups and not field.group:
            yield "D005", f"{field.name} is in no group"


def _key_is_unique(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D006: imports find rows by the key, so the database must keep it unique."""
    table = model.__table__
    unique = [set(table.primary_key.columns.keys())]
    unique += [set(c.columns.keys()) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    unique += [set(index.columns.keys()) for index in table.indexes if index.unique]
    if not any(columns == set(declared.key) for columns in unique):
        yield "D006", f"key {declared.key} has no unique constraint"
