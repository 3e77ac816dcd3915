"""Row scope, walls 1 to 3: what a viewer can read, which rows they may write, and no way around.

Wall 4 is PostgreSQL's own: ``policies.py`` generates it, ``announcing.py`` tells it who acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, attributes, with_loader_criteria

from .. import access
from ..access import CENTRE, Action
from ..bilingual import Sentence
from ..declaration import Base, Private, Scoped, dataset_named, db, fields_of
from ..errors import InvalidRow, NotPermitted, NotYours, Problem, WallBreached
from ..kinds import Reference
from ..walls import SetWork, brings_what_was, changes_by_verb, is_lawful, set_based
from . import announcing, history, lock, sight, validation

_WALLED = "scope_walled"  # an execution option: wall 1 has narrowed this statement


def install(engine: sa.Engine) -> None:
    """Raise the walls on this engine and on the session; safe to call for each application made."""
    for target, name, listener in _listeners(engine):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener, **({"propagate": True} if target is Base else {}))


def _listeners(engine: sa.Engine) -> list[tuple[Any, str, Any]]:
    return [
        *(_announcing(engine) if engine.dialect.name == "postgresql" else ()),
        (db.session, "do_orm_execute", _read_within_scope),
        (engine, "before_cursor_execute", _refuse_unwalled),
        (Base, "before_insert", _before_insert),
        (Base, "before_update", _before_update),
        (Base, "before_delete", _before_delete),
        (Base, "after_insert", history.after_insert),
        (Base, "after_update", history.after_update),
        (Base, "after_delete", history.after_delete),
    ]


def _announcing(engine: sa.Engine) -> list[tuple[Any, str, Any]]:
    """Wall 4, the database's own, hears who acts."""
    return [
        (engine, "connect", announcing.on_connect),
        (engine, "begin", announcing.on_begin),
        (engine, "before_cursor_execute", announcing.before_statement),
    ]


# ── Wall 1: reading ──────────────────────────────────────────────────────────────────────────────────────


def _read_within_scope(state: ORMExecuteState) -> None:
    """Every ORM read of owned rows is narrowed to the viewer's subtree; no viewer, no rows."""
    if is_lawful():
        return
    if not state.is_orm_statement:
        return  # Core and text carry no entity to narrow; they meet wall 3
    if not state.is_select:
        _refuse_orm_dml(state.statement)
        return
    if not state.is_column_load and not state.is_relationship_load:
        _refuse_what_cannot_be_narrowed(state.statement)
    state.update_execution_options(**{_WALLED: True})
    viewer = access.viewer_or_none()
    if viewer is None or not viewer.scope:
        criteria = with_loader_criteria(Private, lambda _: sa.false(), include_aliases=True)
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


def within_bounds(column: Any) -> sa.ColumnElement[bool]:
    """The same for a statement that is kept: the viewer's ``bounds_of`` come with each execution."""
    return sa.and_(column >= sa.bindparam("scope_from"), column < sa.bindparam("scope_to"))


def bounds_of(viewer: access.Viewer) -> dict[str, str]:
    """The values that ``within_bounds`` asks for."""
    return dict(zip(("scope_from", "scope_to"), access.scope_bounds(viewer.scope), strict=True))


# ── Wall 2: writing ──────────────────────────────────────────────────────────────────────────────────────


def _before_insert(_mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    _may_touch(target)
    if isinstance(target, Scoped):
        target.scope = target.owner_scope(connection)
        lock.require_open(connection, target, _must_own(target.scope))
        _guard(connection, target)
    _must_see_what_it_points_to(connection, target)
    _must_see_what_it_writes(target)
    validation.require_valid(target)
    _may_be_entered(connection, target)


def _before_update(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    if not db.session.is_modified(target):
        return
    _may_touch(target)
    if (*mapper.primary_key_from_instance(target),) != sa.inspect(target).identity:
        raise WallBreached(what=f"key of a row of {type(target).__tablename__} changed")
    if isinstance(target, Scoped):
        # Asked of the database: what the object remembers could have been set by a form.
        persisted = _persisted_scope(mapper, connection, target)
        target.scope = target.owner_scope(connection)
        for scope in {persisted, target.scope}:
            lock.require_open(connection, target, _must_own(scope))
        _guard(connection, target)
    _must_leave_to_verbs(target)
    _must_see_what_it_points_to(connection, target)
    _must_see_what_it_writes(target)
    validation.require_valid(target)


def _before_delete(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    _may_touch(target)
    if isinstance(target, Scoped):
        persisted = _persisted_scope(mapper, connection, target)
        lock.require_open(connection, target, _must_own(persisted))
        _guard(connection, target)


def _may_be_entered(connection: sa.Connection, target: Any) -> None:
    model: type[Base] = type(target)
    if model.__dataset__ is None or model.__dataset__.refused_new is None or brings_what_was():
        return
    values = {name: getattr(target, name) for name in fields_of(model)}
    if refused := validation.refused_new(model, connection, [values], hold=True):
        raise refused[0].why


def _guard(connection: sa.Connection, target: Scoped) -> None:
    with set_based(SetWork.LOCK):
        target.guard(connection)


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
        raise NotYours
    return scope


def _must_see_what_it_points_to(connection: sa.Connection, target: Any) -> None:
    """A new pointer to a hidden row is refused like one to no row: neither is there for this person.

    A pointer that stood before stays: whoever set it could see the row, and an edit must not lose it.
    """
    model: type[Base] = type(target)
    for name, private in _private_targets(model):
        added = attributes.get_history(target, name, attributes.PASSIVE_NO_INITIALIZE).added
        if not added or added[0] is None:
            continue
        key = private.__table__.primary_key.columns[0]
        scope = connection.scalar(sa.select(private.__table__.c.scope).where(key == added[0]))
        if scope is None or not access.viewer().looks_after(scope):
            wrong = Sentence("ไม่พบรายการที่อ้างถึง กรุณาเลือกจากรายการ")
            raise InvalidRow([Problem(name, validation.labelled(fields_of(model)[name].th, wrong))])


def _must_see_what_it_writes(target: Any) -> None:
    """A field whose values a person may not see keeps its value, whichever door forgot to ask."""
    model: type[Base] = type(target)
    if model.__dataset__ is None or access.verb_at_work() is not None:
        return
    private = [name for name, declared in fields_of(model).items() if declared.privacy is not None]
    written = [name for name in private if _is_written(target, name)]
    sight.require_shown(model, written)


def _must_leave_to_verbs(target: Any) -> None:
    """A field that only verbs change keeps its value, unless one of these verbs is at work, with checks of its own."""
    if changes_by_verb():
        return
    model: type[Base] = type(target)
    kept = [name for name, declared in fields_of(model).items() if declared.by_verb is not None]
    if problems := validation.kept_by_verbs(model, [name for name in kept if _is_written(target, name)]):
        raise InvalidRow(problems)


def _is_written(target: Any, name: str) -> bool:
    trace = attributes.get_history(target, name, attributes.PASSIVE_NO_INITIALIZE)
    added, deleted = [*(trace.added or ())], [*(trace.deleted or ())]
    # A new row has nothing to keep: that a field of it is left empty says nothing.
    return bool(added) and added != (deleted or [None])


def _private_targets(model: type[Base]) -> Iterator[tuple[str, type[Base]]]:
    """The fields of a dataset that point to rows of owners."""
    for name, declared in fields_of(model).items() if model.__dataset__ is not None else ():
        if isinstance(declared.kind, Reference):
            target = dataset_named(declared.kind.target)
            if issubclass(target, Private):
                yield name, target


def _persisted_scope(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> str | None:
    table = mapper.local_table
    # By the key it was loaded under: a changed key would name somebody else's row.
    key = sa.inspect(target).identity
    matches = [column == value for column, value in zip(mapper.primary_key, key, strict=True)]
    return connection.scalar(sa.select(table.c.scope).where(*matches))


# ── Wall 3: no way around ────────────────────────────────────────────────────────────────────────────────


def _refuse_orm_dml(statement: Any) -> None:
    """Bulk statements pass no mapper event; one on a table of FAB's goes on and is judged by its SQL."""
    if touched := _words(str(getattr(statement, "table", statement))) & _guarded_tables():
        raise WallBreached(what=f"bulk statement on {', '.join(sorted(touched))}")


def _refuse_what_cannot_be_narrowed(statement: Any) -> None:
    """Only entities are narrowed: a plain table, a text or a write in an ORM statement would pass whole."""
    touched: set[str] = set()
    _beside_the_entities(getattr(statement, "_resolved", statement), frozenset(), touched)
    if touched:
        raise WallBreached(what=f"no entity for {', '.join(sorted(touched))}")


def _beside_the_entities(element: Any, narrowed: frozenset[str], touched: set[str]) -> None:
    """Gather the owned tables that a statement reaches otherwise than through the entities of its SELECT."""
    if isinstance(element, sa.ColumnClause):
        if element.is_literal:
            touched |= _words(element.name) & _guarded_tables()
        elif "parentmapper" not in _annotations(element):
            touched |= set(_plain_tables(element.table)) - narrowed
        return
    if isinstance(element, sa.Select):
        sources = _sources(element)
        narrowed = frozenset(name for source in sources for name in _entity_tables(source))
        touched |= {name for source in sources for name in _plain_tables(source)} - narrowed
    elif isinstance(element, sa.TextClause | sa.sql.dml.UpdateBase):
        touched |= _words(str(getattr(element, "table", element))) & _guarded_tables()
    for child in element.get_children():
        if not isinstance(child, _NOTHING_BELOW) and not _is_of_an_entity(child):
            _beside_the_entities(child, narrowed, touched)


_NOTHING_BELOW = (sa.TableClause, sa.BindParameter)


def _is_of_an_entity(element: Any) -> bool:
    """A column of an entity, as most of a statement's elements are: narrowed with it, and nothing is below it."""
    return (
        isinstance(element, sa.ColumnClause)
        and "parentmapper" in element._annotations
        and not element.is_literal
    )


def _sources(select: Any) -> list[Any]:
    """What a SELECT names: its columns or entities, its FROM, and what is joined to it."""
    joined = (target for target, *_ in select._setup_joins)
    # Of an entity's many columns one stands for all: each of them says no more than the entity's name.
    entities: dict[Any, Any] = {}
    others = []
    for column in select._raw_columns:
        if _is_of_an_entity(column):
            entities.setdefault(column._annotations.get("parententity"), column)
        else:
            others.append(column)
    return [*entities.values(), *others, *select._from_obj, *joined]


def _annotations(element: Any) -> Mapping[str, Any]:
    """What the ORM wrote on an element when it took it from an entity."""
    return getattr(element, "_annotations", None) or {}


def _entity_tables(source: Any) -> Iterator[str]:
    """Tables that are in the FROM as entities: a plain column of theirs is a column of narrowed rows."""
    if isinstance(source, sa.Join):
        yield from (*_entity_tables(source.left), *_entity_tables(source.right))
    elif getattr(entity := _annotations(source).get("parententity"), "is_mapper", False):
        yield entity.local_table.name  # type: ignore[union-attr]  # a mapper, as just asked


def _plain_tables(source: Any) -> Iterator[str]:
    """Owned tables that a join, an alias or a table stands for without being an entity."""
    if isinstance(source, sa.Join):
        yield from (*_plain_tables(source.left), *_plain_tables(source.right))
    elif "parentmapper" in _annotations(source):
        return
    elif isinstance(source, sa.TableClause):
        yield from {source.name} & _tables_of(Private, len(_all_tables()))
    elif isinstance(source, sa.FromClause) and hasattr(source, "element"):
        yield from _plain_tables(source.element)


def _refuse_unwalled(_connection: Any, _cursor: Any, statement: str, *given: Any) -> None:
    """Core statements and text know no viewer: on our tables only named set-based work may use them.

    Asked of the SQL itself: there are many ways to write a statement and one way to send it.
    """
    _parameters, context, _many = given
    if is_lawful() or (context is not None and context.execution_options.get(_WALLED)):
        return
    element = getattr(getattr(context, "compiled", None), "statement", None)
    if isinstance(element, sa.schema.ExecutableDDLElement) and not isinstance(element, sa.DDL):
        return  # made from the schema, which only migrations do
    reads = isinstance(element, sa.Select | sa.CompoundSelect)
    kept = _tables_of(Scoped, len(_all_tables())) if reads else _guarded_tables()
    if touched := _words(statement) & kept:
        raise WallBreached(what=f"{'read of' if reads else 'statement on'} {', '.join(sorted(touched))}")


def _all_tables() -> Mapping[str, str]:
    return Base._tables


def _guarded_tables() -> frozenset[str]:
    """Every table of ours: rows without an owner (rounds, windows) have rules at the mapper, too."""
    return frozenset(_all_tables()) - {"ab_user"}


@cache
def _tables_of(owner: type[Any], _declared: int) -> frozenset[str]:
    """Tables of the classes that descend from an owner class, asked again after a further declaration."""
    mappers = Base.registry.mappers
    return frozenset(m.local_table.name for m in mappers if issubclass(m.class_, owner))


@lru_cache(maxsize=1024)
def _words(statement: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"\w+", statement))
