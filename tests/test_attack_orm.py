"""Attacks from inside: code that reaches for foreign rows through the ORM, Core, text and the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.exc import SQLAlchemyError

from appbuilder_app import access
from appbuilder_app.declaration import Base, Private, db, fields_of
from appbuilder_app.errors import NotYours, RuleViolation, WallBreached
from appbuilder_app.models import Area, Change, School, Submission
from appbuilder_app.walls import SetWork, set_based
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SIBLING
from tests.attack_fixtures import REPRESENTATIVE, Attacked, key_name, sees

PRIVATE = [model for model in REPRESENTATIVE if issubclass(model, Private)] + [Change, Submission]
ROW_OF: dict[type[Base], str] = {Change: "actor", Submission: "school_code"}


def telling(model: type[Base]) -> str:
    """A text column whose values tell rows of different owners apart."""
    names = [n for n, d in fields_of(model).items() if d.masked or d.searched]
    return ROW_OF.get(model) or (names or ["scope"])[0]


def narrowed_reads(model: type[Base]) -> dict[str, Callable[[], Any]]:
    """Ways to read that wall 1 narrows: they work, and give own rows only."""
    told = getattr(model, telling(model))
    alias = orm.aliased(model)
    on_school = "school_code" in model.__table__.c
    joined = model.school_code == School.code if on_school else sa.true()
    inner = sa.select(model.scope)
    return {
        "entities": lambda: [row.scope for row in db.session.scalars(sa.select(model))],
        "query": lambda: [row.scope for row in db.session.query(model)],
        "columns": lambda: db.session.execute(sa.select(model.scope, told)).all(),
        "aliased": lambda: db.session.execute(sa.select(alias.scope)).all(),
        "aliased of an alias": lambda: db.session.execute(
            sa.select(orm.aliased(model, model.__table__.alias()).scope)
        ).all(),
        "joined from a shared table": lambda: db.session.execute(
            sa.select(School.code, model.scope).join(model, joined).where(model.scope.is_not(None))
        ).all(),
        "outer joined": lambda: db.session.execute(
            sa.select(sa.func.coalesce(model.scope, "C")).select_from(School).outerjoin(model, joined)
        ).all(),
        "joined alias": lambda: db.session.execute(sa.select(alias.scope).join(School, sa.true())).all(),
        "subquery": lambda: db.session.execute(sa.select(inner.subquery().c.scope)).all(),
        "cte": lambda: db.session.execute(sa.select(inner.cte().c.scope)).all(),
        "scalar subquery": lambda: db.session.execute(
            sa.select(sa.select(sa.func.max(model.scope)).scalar_subquery()).select_from(Area)
        ).all(),
        "union": lambda: db.session.execute(sa.union_all(inner, inner)).all(),
        "aggregate": lambda: db.session.execute(
            sa.select(sa.func.min(model.scope), sa.func.max(model.scope))
        ).all(),
        "streamed": lambda: list(db.session.execute(inner.execution_options(yield_per=2))),
        "lambda": lambda: db.session.execute(sa.lambda_stmt(lambda: sa.select(model.scope))).all(),
        "bundle": lambda: db.session.execute(sa.select(orm.Bundle("b", model.scope))).all(),
        "plain column of an entity": lambda: db.session.execute(
            sa.select(model).where(model.__table__.c.scope != "")
        ).scalars().all(),
    }  # fmt: skip


def refused_reads(model: type[Base]) -> dict[str, Callable[[], Any]]:
    """Ways to read that nothing could narrow: they are refused, whoever asks."""
    table = model.__table__
    name = table.name
    text = sa.text(f"SELECT scope FROM {name}")
    return {
        "core": lambda: db.session.execute(sa.select(table)).all(),
        "core columns": lambda: db.session.execute(sa.select(table.c.scope)).all(),
        "core on the connection": lambda: db.session.connection().execute(sa.select(table.c.scope)).all(),
        "entity on the connection": lambda: db.session.connection().execute(sa.select(model.scope)).all(),
        "core alias": lambda: db.session.execute(sa.select(table.alias("other").c.scope)).all(),
        "core union": lambda: db.session.execute(
            sa.union(sa.select(table.c.scope), sa.select(table.c.scope))
        ).all(),
        "core count": lambda: db.session.scalar(sa.select(sa.func.count()).select_from(table)),
        "plain table in an ORM query": lambda: db.session.query(table).all(),
        "plain column beside an entity": lambda: db.session.execute(
            sa.select(Area.code, table.c.scope)
        ).all(),
        "plain alias beside an entity": lambda: db.session.execute(
            sa.select(Area.code, table.alias("other").c.scope)
        ).all(),
        "plain table joined to an entity": lambda: db.session.execute(
            sa.select(School.code).join(table, sa.true())
        ).all(),
        "plain join in the FROM": lambda: db.session.execute(
            sa.select(School.code).select_from(sa.join(School.__table__, table, sa.true()))
        ).all(),
        "counted beside an entity": lambda: db.session.execute(
            sa.select(School.code, sa.func.count()).select_from(School, table).group_by(School.code)
        ).all(),
        "plain EXISTS": lambda: db.session.execute(
            sa.select(Area.code).where(sa.exists().where(table.c.scope != ""))
        ).all(),
        "plain scalar subquery": lambda: db.session.execute(
            sa.select(Area.code, sa.select(sa.func.max(table.c.scope)).scalar_subquery())
        ).all(),
        "plain CTE": lambda: db.session.execute(
            sa.select(Area.code, sa.select(table.c.scope).cte().c.scope)
        ).all(),
        "entity over a plain subquery": lambda: db.session.execute(
            sa.select(orm.aliased(model, sa.select(table).subquery()))
        ).all(),
        "ordered by a plain subquery": lambda: db.session.execute(
            sa.select(Area.code).order_by(sa.select(sa.func.max(table.c.scope)).scalar_subquery())
        ).all(),
        "table made by its name": lambda: db.session.execute(
            sa.select(sa.table(name, sa.column("scope")))
        ).all(),
        "table made by its name, beside": lambda: db.session.execute(
            sa.select(Area.code, sa.table(name, sa.column("scope")).c.scope)
        ).all(),
        "entity replaced by plain columns": lambda: db.session.execute(
            sa.select(School).with_only_columns(table.c.scope)
        ).all(),
        "text": lambda: db.session.execute(text).all(),
        "text with columns": lambda: db.session.execute(text.columns(model.scope)).all(),
        "entity from text": lambda: db.session.execute(sa.select(model.scope).from_statement(text)).all(),
        "entity from core": lambda: db.session.execute(
            sa.select(model).from_statement(sa.select(table))
        ).all(),
        "text beside an entity": lambda: db.session.execute(
            sa.select(Area.code, sa.literal_column(f"(SELECT max(scope) FROM {name})"))
        ).all(),
        "text in a condition": lambda: db.session.execute(
            sa.select(Area.code).where(sa.text(f"EXISTS (SELECT 1 FROM {name})"))
        ).all(),
        "text as a column": lambda: db.session.connection().execute(
            sa.select(sa.literal_column(f"(SELECT max(scope) FROM {name})"))
        ).all(),
        "text as a FROM": lambda: db.session.connection().execute(
            sa.select(sa.text("scope")).select_from(sa.text(name))
        ).all(),
        "text as a FROM in the session": lambda: db.session.execute(
            sa.select(sa.text("scope")).select_from(sa.text(name))
        ).all(),
        "the driver": lambda: db.session.connection().exec_driver_sql(f"SELECT * FROM {name}").all(),
    }  # fmt: skip


def bulk_writes(model: type[Base]) -> dict[str, Callable[[], Any]]:
    """Ways to write many rows at once, past the mapper: refused, whoever asks."""
    table, name, key = model.__table__, model.__tablename__, key_name(model)
    values: dict[Any, Any] = {"scope": "C/1602"}
    row = {column.key: None for column in table.columns}
    named = sa.table(name, sa.column("scope"))
    return {
        "bulk update": lambda: db.session.execute(sa.update(model).values(values)),
        "bulk delete": lambda: db.session.execute(sa.delete(model)),
        "bulk insert": lambda: db.session.execute(sa.insert(model), [row]),
        "bulk update by key": lambda: db.session.execute(sa.update(model), [{key: 1, **values}]),
        "query update": lambda: db.session.query(model).update(values),
        "query delete": lambda: db.session.query(model).delete(),
        "saved objects": lambda: db.session.bulk_save_objects([model(scope="C")]),
        "inserted mappings": lambda: db.session.bulk_insert_mappings(model, [{"scope": "C"}]),
        "updated mappings": lambda: db.session.bulk_update_mappings(
            model, [{key: 1, "version": 1, **values}]
        ),
        "core update": lambda: db.session.execute(sa.update(table).values(values)),
        "core delete": lambda: db.session.connection().execute(sa.delete(table)),
        "core insert": lambda: db.session.connection().execute(sa.insert(table).values(values)),
        "update of a table made by its name": lambda: db.session.connection().execute(
            sa.update(named).values(values)
        ),
        "delete inside a CTE": lambda: db.session.execute(
            sa.select(Area.code, sa.delete(table).returning(table.c.scope).cte().c.scope)
        ),
        "copied into another table": lambda: db.session.connection().execute(
            sa.insert(sa.table("ab_role", sa.column("name"))).from_select(["name"], sa.select(table.c.scope))
        ),
        "text": lambda: db.session.execute(sa.text(f"DELETE FROM {name}")),
        "DDL": lambda: db.session.connection().execute(sa.DDL(f"DELETE FROM {name}")),
        "the driver": lambda: db.session.connection().exec_driver_sql(f"DELETE FROM {name}"),
    }  # fmt: skip


def _ways(made: Callable[[type[Base]], dict[str, Any]]) -> Any:
    cases = [(model, way) for model in PRIVATE for way in made(model)]
    return pytest.mark.parametrize(("model", "way"), cases, ids=[f"{m.__tablename__}: {w}" for m, w in cases])


def _texts(result: Any) -> Iterator[str]:
    """Every text in a result, however it is nested; of an entity its owner and its telling column."""
    if isinstance(result, str):
        yield result
    elif isinstance(result, Base):
        yield from (result.scope, str(getattr(result, telling(type(result)))))
    elif isinstance(result, tuple | list) or hasattr(result, "_mapping"):
        for part in result:
            yield from _texts(part)


def committed(write: Callable[[], Any]) -> None:
    """Write, and mean it."""
    write()
    db.session.commit()


@_ways(narrowed_reads)
def test_every_orm_read_gives_own_rows_only(attacked: Attacked, model: type[Base], way: str) -> None:
    for persona in ("alice", "charlie", "dan", "cee"):
        with attacked.world.acting(persona):
            found = set(_texts(narrowed_reads(model)[way]()))
            db.session.rollback()
        rows = [row for (table, _), row in attacked.rows(model).items() if table == model.__tablename__]
        mine = {row["scope"] for row in rows if sees(persona, model, row)}
        others = {row["scope"] for row in rows} - mine
        assert not found & others, persona
        assert found & mine, persona


@_ways(narrowed_reads)
def test_nobody_reads_nothing(attacked: Attacked, model: type[Base], way: str) -> None:
    with attacked.world.app.app_context():
        assert not {text for text in _texts(narrowed_reads(model)[way]()) if text.startswith("C/")} - {"C"}
        db.session.rollback()


@pytest.mark.any_database
@_ways(refused_reads)
def test_a_read_that_nothing_can_narrow_is_refused(attacked: Attacked, model: type[Base], way: str) -> None:
    """Wall 1 narrows entities and let plain tables and texts in an ORM statement through whole."""
    for persona in ("alice", "cee"):
        with attacked.world.acting(persona):
            with pytest.raises(WallBreached):
                refused_reads(model)[way]()
            db.session.rollback()


@pytest.mark.any_database
@_ways(bulk_writes)
def test_a_write_past_the_mapper_is_refused(attacked: Attacked, model: type[Base], way: str) -> None:
    for persona in ("dan", "adam"):
        with attacked.world.acting(persona):
            with pytest.raises(WallBreached):
                committed(bulk_writes(model)[way])
            db.session.rollback()
    assert attacked.changes() == {}


# ── One row at a time ────────────────────────────────────────────────────────────────────────────────────

# Those that name their school as an object, too: one way more to give a row away.
WRITABLE = [model for model in REPRESENTATIVE if issubclass(model, Private) and hasattr(model, "school")]
each_private_dataset = pytest.mark.parametrize("model", WRITABLE, ids=lambda model: model.__tablename__)


def past_the_wall(model: type[Base], key: Any) -> Any:
    """A row loaded as set-based work would load it, whoever is acting."""
    with set_based(SetWork.BENCHMARK):
        return db.session.get(model, key)


def copy_of(row: Any, **changed: Any) -> Any:
    """A new row with the values of another, and another key."""
    model = type(row)
    values = {name: getattr(row, name) for name in fields_of(model)}
    return model(**values | changed)


def single_writes(model: type[Base], own: Any, hidden: Any) -> dict[str, Callable[[], Any]]:
    """Ways in which a persona who owns ``own`` could reach ``hidden``, or give a row away."""
    key = key_name(model)
    changed = next(n for n, d in fields_of(model).items() if d.searched and not d.masked)

    def mine(**values: Any) -> None:
        row = db.session.get(model, own[key])
        for name, value in values.items():
            setattr(row, name, value)

    def theirs(**values: Any) -> None:
        row = past_the_wall(model, hidden[key])
        for name, value in values.items():
            setattr(row, name, value)

    def impostor() -> None:
        row = copy_of(past_the_wall(model, own[key]), **{key: hidden[key], "version": hidden["version"]})
        orm.make_transient_to_detached(row)
        db.session.add(row)
        setattr(row, changed, "ของเรา")

    return {
        "give away by the owner's code": lambda: mine(school_code=hidden["school_code"]),
        "give away by the relationship": lambda: mine(school=db.session.get(School, hidden["school_code"])),
        "take by the owner's code": lambda: theirs(school_code=own["school_code"]),
        "take by the scope": lambda: theirs(scope=own["scope"], **{changed: "ของเรา"}),
        "change a hidden row": lambda: theirs(**{changed: "ของเรา"}),
        "delete a hidden row": lambda: db.session.delete(past_the_wall(model, hidden[key])),
        "take its key": lambda: mine(**{key: hidden[key]}),
        "take a free key": lambda: mine(**{key: 987_654}),
        "pose as the hidden row": impostor,
        "add to another school": lambda: db.session.add(
            copy_of(past_the_wall(model, own[key]), school_code=hidden["school_code"])
        ),
        "add to another school under one's own scope": lambda: db.session.add(
            copy_of(past_the_wall(model, own[key]), school_code=hidden["school_code"], scope=own["scope"])
        ),
        "merge over it": lambda: db.session.merge(
            copy_of(past_the_wall(model, own[key]), **{key: hidden[key]})
        ),
    }  # fmt: skip


@each_private_dataset
@pytest.mark.parametrize(
    ("persona", "own", "other"),
    [
        ("alice", SCHOOL, SIBLING),
        ("alice", SCHOOL, FOREIGN),
        ("charlie", FOREIGN, SCHOOL),
        ("dan", SCHOOL, FOREIGN),
    ],
)
def test_no_object_crosses_the_border(
    attacked: Attacked, model: type[Base], persona: str, own: str, other: str
) -> None:
    rows = attacked.of_school(model, own), attacked.of_school(model, other)
    for way in single_writes(model, *rows):
        with attacked.world.acting(persona):
            with pytest.raises((RuleViolation, SQLAlchemyError)):
                committed(single_writes(model, *rows)[way])
            db.session.rollback()
        assert attacked.changes() == {}, way


@each_private_dataset
def test_a_scope_that_somebody_sets_is_set_right_again(attacked: Attacked, model: type[Base]) -> None:
    own = attacked.of_school(model, SCHOOL)
    with attacked.world.acting("alice"):
        db.session.get(model, own[key_name(model)]).scope = "C/1601/" + FOREIGN  # type: ignore[union-attr]
        db.session.commit()
    assert {row["scope"] for _, row in attacked.changes().values() if row} <= {own["scope"]}
    attacked.put_back(attacked.changes())


@each_private_dataset
def test_what_an_earlier_viewer_loaded_is_not_handed_to_the_next(
    attacked: Attacked, model: type[Base]
) -> None:
    """The session keeps loaded rows: `get` asks the viewer again instead of the identity map alone."""
    hidden = attacked.of_school(model, FOREIGN)[key_name(model)]
    world = attacked.world
    with world.acting("adam"):
        kept = db.session.get(model, hidden)
        assert kept is not None
        with access.acting_as(world.viewer("alice"), through="job"):
            assert db.session.get(model, hidden) is None
            with pytest.raises(sa.exc.NoResultFound):
                db.session.get_one(model, hidden)
            assert db.session.scalars(sa.select(model).filter_by(**{key_name(model): hidden})).all() == []
        with access.acting_as(None, through="job"):
            assert db.session.get(model, hidden) is None
        db.session.rollback()


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_history_is_written_by_nobody(attacked: Attacked, persona: str) -> None:
    with attacked.world.acting(persona):
        entry = db.session.scalars(sa.select(Change).limit(1)).first()
        if entry is None:
            pytest.skip("sees no entry")
        for way in ("edit", "delete", "add"):
            with pytest.raises(WallBreached):
                committed(lambda: _tamper(db.session.merge(entry), way))  # noqa: B023 - called at once
            db.session.rollback()


def _tamper(entry: Change, way: str) -> None:
    if way == "edit":
        entry.actor = "ไม่มีใคร"
    elif way == "delete":
        db.session.delete(entry)
    else:
        facts = {"actor": "ไม่มีใคร", "path": "x", "dataset": "x", "row_key": "1", "action": "x"}
        db.session.add(Change(scope=entry.scope, at=entry.at, **facts))


def test_rows_that_only_verbs_write_are_written_by_nobody_else(attacked: Attacked) -> None:
    for persona in ("alice", "dan", "cee", "adam"):
        with attacked.world.acting(persona):
            submission = db.session.scalars(sa.select(Submission).limit(1)).one()
            submission.returned_by = "ใครสักคน"
            with pytest.raises((WallBreached, NotYours)):
                db.session.commit()
            db.session.rollback()
