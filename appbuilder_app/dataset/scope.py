"""Row scope, walls 1 to 3: what a viewer can read, which rows they may write, and no way around."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors

from .. import access
from ..access import CENTRE, Action
from ..bilingual import Sentence
from ..declaration import Base, Private, Scoped, db
from ..errors import NotPermitted, NotYours, WallBreached
from ..walls import is_lawful
from . import history, lock, validation

_WALLED = "scope_walled"


def install(engine: sa.Engine) -> None:
    """Raise the walls on this engine and on the session; safe to call for each application made."""
    for target, name, listener in _listeners(engine):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener, **({"propagate": True} if target is Base else {}))


def _listeners(engine: sa.Engine) -> list[tuple[Any, str, Any]]:
    return [
        (db.session, "do_orm_execute", _read_within_scope),
        (engine, "before_execute", _refuse_core_statements),
        (engine, "before_cursor_execute", _refuse_driver_statements),
        (Base, "before_insert", _before_insert),
        (Base, "before_update", _before_update),
        (Base, "before_delete", _before_delete),
        (Base, "after_insert", history.after_insert),
        (Base, "after_update", history.after_update),
        (Base, "after_delete", history.after_delete),
    ]


# ── Wall 1: reading ──────────────────────────────────────────────────────────────────────────────────────


def _read_within_scope(state: ORMExecuteState) -> None:
    """Every ORM read of owned rows is narrowed to the viewer's subtree; no viewer, no rows."""
    if is_lawful():
        return
    if not state.is_orm_statement:
        return  # Core and text carry no entity to narrow; they meet wall 3
    if not state.is_select:
        _refuse_orm_dml(state)
        return
    state.update_execution_options(**{_WALLED: True})
    viewer = access.viewer_or_none()
    if viewer is None or not viewer.scope:
        criteria = with_loader_criteria(Private, lambda cls: sa.false(), include_aliases=True)
    elif viewer.scope == CENTRE:
        return
    else:
        lo, hi = access.scope_bounds(viewer.scope)
        criteria = with_loader_criteria(
            Private, lambda cls: sa.and_(cls.scope >= lo, cls.scope < hi), include_aliases=True
        )
    state.statement = state.statement.options(criteria)


def within(viewer: access.Viewer, column: Any) -> sa.ColumnElement[bool]:
    """The wall's predicate for set-based statements that choose their own rows."""
    lo, hi = access.scope_bounds(viewer.scope)
    return sa.and_(column >= lo, column < hi)


# ── Wall 2: writing ──────────────────────────────────────────────────────────────────────────────────────


def _before_insert(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    _may_touch(target)
    if isinstance(target, Scoped):
        target.scope = target.owner_scope(connection)
        lock.require_open(connection, target, _must_own(target.scope))
    validation.require_valid(target)


def _before_update(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    if not db.session.is_modified(target):
        return
    _may_touch(target)
    if isinstance(target, Scoped):
        # Asked of the database: what the object remembers could have been set by a form.
        persisted = _persisted_scope(mapper, connection, target)
        target.scope = target.owner_scope(connection)
        for scope in {persisted, target.scope}:
            lock.require_open(connection, target, _must_own(scope))
    validation.require_valid(target)


def _before_delete(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    _may_touch(target)
    if isinstance(target, Scoped):
        persisted = _persisted_scope(mapper, connection, target)
        lock.require_open(connection, target, _must_own(persisted))


def _may_touch(target: Any) -> None:
    """The right to write: of the dataset, or, for rows that only workflow verbs write, the verb's."""
    if isinstance(target, history.UNTOUCHABLE):
        raise WallBreached(what=f"{type(target).__tablename__}: append only")
    viewer = access.viewer()
    declared = type(target).__dataset__
    if declared is not None and not declared.managed:
        if access.verb_at_work() is None and not viewer.may(Action.WRITE, target.__tablename__):
            what = Sentence("{action}{dataset}", action=Action.WRITE.th, dataset=declared.th)
            raise NotPermitted(what=what)
    elif access.verb_at_work() is None:
        raise WallBreached(what=f"{type(target).__tablename__}: only workflow verbs write it")


def _must_own(scope: str | None) -> str:
    if scope is None or not access.viewer().looks_after(scope):
        raise NotYours()
    return scope


def _persisted_scope(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> str | None:
    table = mapper.local_table
    key = mapper.primary_key_from_instance(target)
    matches = [column == value for column, value in zip(mapper.primary_key, key, strict=True)]
    return connection.scalar(sa.select(table.c.scope).where(*matches))


# ── Wall 3: no way around ────────────────────────────────────────────────────────────────────────────────


def _scoped_tables() -> frozenset[str]:
    global _TABLES
    if not _TABLES:
        mappers = Base.registry.mappers
        _TABLES = frozenset(m.local_table.name for m in mappers if issubclass(m.class_, Scoped))
    return _TABLES


_TABLES: frozenset[str] = frozenset()


def _refuse_orm_dml(state: ORMExecuteState) -> None:
    tables = _tables_in(state.statement)
    if tables & _guarded_tables():
        raise WallBreached(what=f"bulk statement on {', '.join(sorted(tables))}")
    state.update_execution_options(**{_WALLED: True})


def _guarded_tables() -> frozenset[str]:
    """Every table of ours: rows without an owner (rounds, windows) have rules at the mapper, too."""
    return frozenset(Base._tables) - {"ab_user"}


def _tables_in(statement: Any) -> set[str]:
    found = {element.name for element in visitors.iterate(statement) if isinstance(element, sa.Table)}
    if isinstance(statement, sa.sql.dml.UpdateBase):
        found.add(getattr(statement.table, "name", ""))
    return found


def _refuse_core_statements(
    connection: sa.Connection, statement: Any, _multi: Any, _params: Any, options: Any
) -> None:
    """Core statements and text know no viewer: on owned tables only named set-based work may use them."""
    if is_lawful() or options.get(_WALLED):
        return
    if isinstance(statement, sa.TextClause):
        _refuse_text(statement.text)
    elif isinstance(statement, sa.sql.dml.UpdateBase):
        if touched := _tables_in(statement) & _guarded_tables():
            raise WallBreached(what=f"write to {', '.join(sorted(touched))}")
    elif isinstance(statement, sa.sql.Select | sa.sql.CompoundSelect):
        if touched := _tables_in(statement) & _scoped_tables():
            raise WallBreached(what=f"read of {', '.join(sorted(touched))}")


def _refuse_driver_statements(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if context is not None and context.compiled is None and not context.isddl and not is_lawful():
        _refuse_text(statement)


def _refuse_text(statement: str) -> None:
    words = {word.lower() for word in re.findall(r"\w+", statement)}
    if touched := words & _guarded_tables():
        raise WallBreached(what=f"text on {', '.join(sorted(touched))}")
