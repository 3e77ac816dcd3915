"""Start-up checks of the declarations, with stable ids: a mistake is named before it can hurt anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from ..access import ROLES, Action
from ..declaration import Base, Dataset, Menus, Scoped, datasets, fields_of
from .forms import RowForm
from .query import RESERVED


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
    return [Finding(code, model.__name__, text) for check in _CHECKS for code, text in check(model, declared)]


def _labels(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D001: every column a person could meet carries labels; technical ones are known by name."""
    technical = {"id", "scope", "version"}
    for column in model.__table__.columns:
        is_of_people = column.key not in technical and column.computed is None
        if is_of_people and "field" not in column.info:
            yield "D001", f"column {column.key} has no label: declare it with field()"
    for field in fields_of(model).values():
        if not field.th.strip() or not field.en.strip():
            yield "D001", f"column {field.name} lacks a Thai or an English label"


def _columns_known(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D002: lists, keys and orders name columns that exist."""
    columns = set(model.__table__.columns.keys())
    for part in ("key", "listed", "order", "sorted", "title", "summed"):
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
    for name in declared.key:
        if name in table.c and table.c[name].nullable:
            yield (
                "D006",
                f"key names {name}, which may be NULL: two rows without it would be one to an import",
            )


def _rights_known(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D007: rights name built-in roles and actions that there are; a slip would leave a role without them."""
    roles, actions = {role.name for role in ROLES}, {str(action) for action in Action}
    for role, given in declared.rights.items():
        if role not in roles:
            yield "D007", f"rights name {role}, which is no built-in role"
        yield from (
            ("D007", f"rights name {one}, which is no action") for one in set(given.split()) - actions
        )


def _menu_known(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D008: the navigation shows the groups of ``Menus``."""
    if declared.menu not in vars(Menus).values():
        yield "D008", f"menu {declared.menu.key} is none of Menus"


def _names_open(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D009: a row is called and ordered by its title and order for everybody, so no role may lack them."""
    for name in (*declared.title, *declared.order):
        field = fields_of(model).get(name)
        if field is not None and field.privacy is not None:
            yield "D009", f"{name} names or orders rows, so it cannot be private ({field.privacy})"


def _names_free(model: type[Base], declared: Dataset) -> Iterator[tuple[str, str]]:
    """D010: a field called like an argument of lists could not be filtered by, one like a part of forms not typed."""
    for name in fields_of(model).keys() & RESERVED:
        yield "D010", f"no field may be called {name}: lists have an argument of this name"
    for name in fields_of(model).keys() & {part for part in dir(RowForm) if not part.startswith("_")}:
        yield "D010", f"no field may be called {name}: forms have a part of this name"


_CHECKS = (
    _labels,
    _columns_known,
    _owner,
    _order_without_nulls,
    _groups_known,
    _key_is_unique,
    _rights_known,
    _menu_known,
    _names_open,
    _names_free,
)
