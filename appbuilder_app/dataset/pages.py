"""The statement of a page of a list that nothing narrows but its viewer's scope: put together once, sent often.

Most pages are of this kind. To put a statement of a hundred columns together, to ask what it reads and to find it
among the compiled ones took longer than the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from .. import kinds
from ..access import CENTRE, Viewer
from ..connections import PLANNED
from ..declaration import Base, Private, dataset_of, fields_of
from ..walls import SetWork, set_based
from .scope import bounds_of, within_bounds

AnySession = Session | scoped_session[Any]


@dataclass(frozen=True)
class Asked:
    """All on which the statement depends. The page's mark and the viewer's bounds come with each request."""

    model: type[Base]
    columns: tuple[str, ...]
    hidden: frozenset[str]
    """Of the columns those that the viewer does not see: nothing of them leaves the database."""
    order: tuple[str, ...]
    descending: bool
    is_marked: bool
    size: int
    counted_to: int | None
    """How far rows are counted; None where that is known."""
    plain: bool
    bounded: bool
    dialect: str


@lru_cache(maxsize=512)
def are_of_table(model: Any, columns: tuple[str, ...]) -> bool:
    """Whether these columns can be asked of the dataset's table alone."""
    return all(name in model.__table__.columns for name in columns)


def is_bounded(model: type[Base], viewer: Viewer) -> bool:
    """Whether the viewer sees only a part of the dataset's rows."""
    return issubclass(model, Private) and viewer.scope != CENTRE


def rows_of(session: AnySession, viewer: Viewer, asked: Asked, mark: Sequence[Any]) -> list[Any]:
    """The rows: each the count, the key, the columns, and the values of the order."""
    values = {f"mark_{place}": value for place, value in enumerate(mark)}
    if asked.bounded:
        values |= bounds_of(viewer)
    with set_based(SetWork.PAGE):
        return list(session.execute(_statement(asked), values).all())


@lru_cache(maxsize=512)
def _statement(asked: Asked) -> sa.Select[Any]:
    table, fields = asked.model.__table__, fields_of(asked.model)
    key = table.primary_key.columns[0]
    bounds = [within_bounds(table.c.scope)] if asked.bounded else []

    def picked(name: str) -> Any:
        if name in asked.hidden:
            return sa.null().label(name)
        return (
            plain_code(table.c[name], fields[name].kind) if asked.plain and name in fields else table.c[name]
        )

    order = [
        collated(table.c[name], asked.dialect)
        if name in fields and fields[name].thai_sorted
        else table.c[name]
        for name in asked.order
    ]
    rows = sa.select(key).where(*bounds).limit(asked.counted_to).subquery()
    total = sa.select(sa.func.count()).select_from(rows).scalar_subquery()
    counted = sa.null() if asked.counted_to is None else total
    statement = sa.select(counted.label("total"), key, *map(picked, asked.columns), *order).where(*bounds)
    if asked.is_marked:
        left = sa.tuple_(*order)
        right = sa.tuple_(
            *(sa.bindparam(f"mark_{place}", type_=column.type) for place, column in enumerate(order))
        )
        statement = statement.where(left < right if asked.descending else left > right)
    direction = sa.desc if asked.descending else sa.asc
    # In another order the best way to a part of the country depends on which part it is.
    is_planned = not asked.bounded or asked.order == tuple(dataset_of(asked.model).order)
    return (
        statement.order_by(*map(direction, order))
        .limit(sa.literal_column(str(asked.size + 1)))
        .execution_options(**{PLANNED: is_planned})
    )


def plain_code(column: Any, kind: kinds.Kind) -> Any:
    """A code list's column as its codes; any other column as it is."""
    return sa.type_coerce(column, sa.String()) if isinstance(kind, kinds.Code) else column


def collated(column: Any, dialect: str) -> Any:
    """A column in the order of the Thai dictionary."""
    return column.collate("th-x-icu" if dialect == "postgresql" else "thai")
