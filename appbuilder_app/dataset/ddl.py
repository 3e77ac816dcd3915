"""What the database itself holds beyond tables: lock and history triggers, row-level security, indexes.

All of it is generated from the declarations, so that raw SQL meets the same rules as the screens. A migration
freezes the text; ``python -m migrations.check`` tells when text and declarations have parted.
"""

# ruff: noqa: S608 - the statements are put together from the schema's own names, never from input
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from .. import thainames
from ..codes import RoundSystem, SubmissionState, WindowAction
from ..declaration import Base, dataset_of, datasets, fields_of
from ..kinds import Kind
from ..models import CollectionRound, Student
from ..sqlite import BY_VERB_FUNCTION
from .made import Made
from .policies import NEVER_CHANGED, ONLY_VOIDED, VERB_SETTING, policies

# What the database says when it refuses: five characters, which are an SQLSTATE on PostgreSQL and begin the
# message on SQLite, and a short reason for who works by hand. ``refusals.py`` makes sentences of them.
ROUND_CLOSED = "TH001", "รอบจัดเก็บปิดแล้ว"
NO_OPEN_ROUND = "TH002", "ยังไม่มีรอบจัดเก็บของระบบนี้"
SUBMISSION_LOCKED = "TH003", "โรงเรียนยืนยันข้อมูลแล้ว ข้อมูลถูกล็อก"
WINDOW_NOT_YET = "TH004", "ยังไม่ถึงเวลาแก้ไขข้อมูล"
WINDOW_OVER = "TH005", "หมดเวลาแก้ไขข้อมูลแล้ว"
WINDOW_MISSING = "TH006", "ยังไม่ได้กำหนดช่วงเวลาแก้ไขข้อมูล"
PERMANENT = "TH007", "ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้"
NOT_AS_A_WHOLE = "TH008", "ล้างทั้งตารางไม่ได้"

KEPT_FOR_VERBS = "TH009", "ช่องนี้เปลี่ยนด้วยรายการของระบบเท่านั้น"

NAME_LENGTH = 60
"""Text columns from this length on hold names, which people search by any part; shorter ones hold codes."""

THAI_ORDER = "th-x-icu"


def objects(dialect: str) -> list[Made]:
    """All objects that the declarations ask for on ``postgresql`` or ``sqlite``, in the order of making."""
    made = {"postgresql": _postgresql, "sqlite": _sqlite}[dialect]
    return list(made())


def before_tables(dialect: str) -> list[Made]:
    """What tables stand on: functions of generated columns. Made before all tables, taken away after them.

    SQLite gets its functions with each connection, see ``appbuilder_app/sqlite.py``.
    """
    if dialect != "postgresql":
        return []
    name = thainames.SQL_FUNCTION
    return [Made(name, thainames.postgresql_function(), f"DROP FUNCTION IF EXISTS {name}(varchar, varchar)")]


def install(connection: sa.Connection) -> None:
    """Make all objects, new where they exist already. Migrations run a frozen copy of the same statements."""
    for made in before_tables(connection.dialect.name):
        connection.execute(sa.text(made.create))
    wanted = objects(connection.dialect.name)
    for statement in [made.drop for made in reversed(wanted) if made.drop]:
        connection.execute(sa.text(statement))
    for statement in [made.create for made in wanted]:
        connection.execute(sa.text(statement))


def locked() -> list[tuple[sa.Table, RoundSystem]]:
    """Tables whose rows are locked by the rounds of a system."""
    found = []
    for model in datasets():
        system = dataset_of(model).round
        if system is not None:
            if "school_code" not in model.__table__.c:
                raise TypeError(f"{model.__name__} is locked by rounds, so it needs a school_code")
            found.append((model.__table__, system))
    return found


def kept_for_verbs() -> list[tuple[sa.Table, list[str]]]:
    """Tables with columns that only workflow verbs change in a stored row (``field(by_verb=...)``)."""
    kept = [
        (model.__table__, [name for name, one in fields_of(model).items() if one.by_verb is not None])
        for model in datasets()
    ]
    return [(table, names) for table, names in kept if names]


def of_a_round() -> list[sa.Table]:
    """Tables whose rows belong to one round: nothing of them is written once it is closed."""
    tables = Base.metadata.sorted_tables
    return [table for table in tables if "round_id" in table.c]


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────


def _postgresql() -> Iterator[Made]:
    yield from _functions()
    for table, system in locked():
        yield from _statement_triggers(table, "round_lock", f"thabian_round_lock('{system.value}')")
    for table in of_a_round():
        yield from _statement_triggers(table, "stays_closed", "thabian_stays_closed()")
    yield _row_trigger(
        CollectionRound.__table__,
        "stays_closed",
        "UPDATE OR DELETE",
        _refuse(ROUND_CLOSED),
        "OLD.closed_at IS NOT NULL",
    )
    for table, names in kept_for_verbs():
        yield _kept_for_verbs(table, names)
    for model in NEVER_CHANGED:
        yield _plain_trigger(model.__table__, "permanent", "UPDATE OR DELETE", _refuse(PERMANENT))
    for model, voiding in ONLY_VOIDED.items():
        yield from _voidable(model.__table__, voiding)
    for table in _guarded():
        yield _plain_trigger(table, "not_as_a_whole", "TRUNCATE", _refuse(NOT_AS_A_WHOLE))
    yield from policies()
    yield Made("pg_trgm", "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    yield from _indexes()


def _functions() -> Iterator[Made]:
    for name, body in (
        ("thabian_refuse", _REFUSE),
        ("thabian_stays_closed", _STAYS_CLOSED),
        ("thabian_round_lock", _ROUND_LOCK),
    ):
        # As the owner (SECURITY DEFINER): the lock holds rounds and submissions whatever the writer's role may
        # do with them, under the writer's scope all the same. pg_temp last: a temporary table of the same name
        # must not stand in for the real rounds.
        create = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER\n"
            f"SET search_path = public, pg_temp AS $body$\n{body.strip()}\n$body$"
        )
        # Nobody hangs the owner's function on a table of their own, to have it write for them.
        create += f";\nREVOKE ALL ON FUNCTION {name}() FROM PUBLIC"
        yield Made(name, create, f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def _raise(refusal: tuple[str, str], facts: str) -> str:
    code, reason = refusal
    said = f"ERRCODE = '{code}', MESSAGE = '{reason}', DETAIL = {facts}, TABLE = TG_TABLE_NAME"
    return f"RAISE EXCEPTION USING {said}"


def _refuse(refusal: tuple[str, str]) -> str:
    code, reason = refusal
    return f"thabian_refuse('{code}', '{reason}')"


_REFUSE = """
BEGIN
    RAISE EXCEPTION USING ERRCODE = TG_ARGV[0], MESSAGE = TG_ARGV[1], TABLE = TG_TABLE_NAME;
END
"""

# Grades change between two years once, in the transaction that holds an area's share of it: only that one sees
# its share at work, since it is put down again before the transaction ends.
_AT_WORK = "EXISTS (SELECT 1 FROM promotion_share WHERE doing)"
_TURN_OF_THE_YEAR = f"""
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = '{Student.__tablename__}' AND {_AT_WORK} THEN
        RETURN NULL;
    END IF;
"""

# Statement by statement, not row by row: 20,000 imported rows of a school are one question, not 20,000.
# FOR SHARE: closing takes FOR UPDATE on the round and confirming on the submission, so each waits for the
# writers before it, and a writer after it finds the row changed. Without it a write begun before closing
# would be committed after it. The clock is read after the waiting.
_ROUND_LOCK = f"""
DECLARE
    touched text[];
    governing record;
    hurdle record;
    moment timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT school_code FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT school_code FROM old_rows);
    ELSE
        touched := ARRAY(SELECT school_code FROM old_rows UNION SELECT school_code FROM new_rows);
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
{_TURN_OF_THE_YEAR}
    SELECT id, system, academic_year, number INTO governing FROM collection_round
     WHERE system = TG_ARGV[0] AND closed_at IS NULL
     ORDER BY academic_year, number LIMIT 1 FOR SHARE;
    IF NOT FOUND THEN
        SELECT system, academic_year, number INTO governing FROM collection_round
         WHERE system = TG_ARGV[0] ORDER BY academic_year DESC, number DESC LIMIT 1;
        IF FOUND THEN
            {_raise(ROUND_CLOSED, "row_to_json(governing)")};
        END IF;
        {_raise(NO_OPEN_ROUND, "json_build_object('system', TG_ARGV[0])")};
    END IF;

    INSERT INTO submission (round_id, school_code, scope)
    SELECT governing.id, school.code, school.scope FROM school
     WHERE school.code = ANY (touched) AND NOT EXISTS (
        SELECT FROM submission s WHERE s.round_id = governing.id AND s.school_code = school.code)
     ORDER BY school.code
    ON CONFLICT DO NOTHING;
    PERFORM FROM submission WHERE round_id = governing.id AND school_code = ANY (touched)
      ORDER BY school_code FOR SHARE;
    SELECT governing.system AS system, governing.academic_year AS academic_year,
           governing.number AS number, school_code, state
      INTO hurdle FROM submission
     WHERE round_id = governing.id AND school_code = ANY (touched) AND state <> '{SubmissionState.OPEN.value}'
     ORDER BY school_code LIMIT 1;
    IF FOUND THEN
        {_raise(SUBMISSION_LOCKED, "row_to_json(hurdle)")};
    END IF;

    moment := clock_timestamp();
    SELECT governing.system AS system, governing.academic_year AS academic_year,
           governing.number AS number, school.code AS school_code, deciding.opens_at, deciding.closes_at INTO hurdle
      FROM school LEFT JOIN LATERAL (
        SELECT w.opens_at, w.closes_at FROM "window" w
         WHERE w.round_id = governing.id AND w.action = '{WindowAction.EDIT.value}'
           AND w.scope IN (school.scope COLLATE "default",
                           regexp_replace(school.scope, '/[^/]*$', '') COLLATE "default", 'C')
         ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1) deciding ON true
     WHERE school.code = ANY (touched)
       AND (moment >= deciding.opens_at AND moment < deciding.closes_at) IS NOT TRUE
     ORDER BY school.code LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF hurdle.opens_at IS NULL THEN
        {_raise(WINDOW_MISSING, "row_to_json(hurdle)")};
    ELSIF moment < hurdle.opens_at THEN
        {_raise(WINDOW_NOT_YET, "row_to_json(hurdle)")};
    ELSE
        {_raise(WINDOW_OVER, "row_to_json(hurdle)")};
    END IF;
END
"""

_STAYS_CLOSED = f"""
DECLARE
    touched bigint[];
    closed record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT round_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT round_id FROM old_rows);
    ELSE
        touched := ARRAY(SELECT round_id FROM old_rows UNION SELECT round_id FROM new_rows);
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM FROM collection_round WHERE id = ANY (touched) ORDER BY id FOR SHARE;
    SELECT system, academic_year, number INTO closed FROM collection_round
     WHERE id = ANY (touched) AND closed_at IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        {_raise(ROUND_CLOSED, "row_to_json(closed)")};
    END IF;
    RETURN NULL;
END
"""

_TRANSITIONS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def _statement_triggers(table: sa.Table, rule: str, function: str) -> Iterator[Made]:
    """One trigger an event: PostgreSQL gives transition tables to no trigger of several events."""
    for event, rows in _TRANSITIONS.items():
        yield _trigger(
            table,
            f"{rule}_{event}",
            f"AFTER {event.upper()}",
            f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
        )


def _plain_trigger(table: sa.Table, rule: str, events: str, function: str) -> Made:
    return _trigger(table, rule, f"BEFORE {events}", f"FOR EACH STATEMENT EXECUTE FUNCTION {function}")


def _row_trigger(table: sa.Table, rule: str, events: str, function: str, when: str) -> Made:
    return _trigger(
        table, rule, f"BEFORE {events}", f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}"
    )


def _kept_for_verbs(table: sa.Table, names: list[str]) -> Made:
    """Row by row, since the condition is asked without a call: what it costs an import is not measurable."""
    columns = ", ".join(f'"{name}"' for name in names)
    old, new = (", ".join(f'{row}."{name}"' for name in names) for row in ("OLD", "NEW"))
    idle = f"current_setting('{VERB_SETTING}', true) IS DISTINCT FROM 'on'"
    when = f"({old}) IS DISTINCT FROM ({new}) AND {idle}"
    return _row_trigger(table, "kept_for_verbs", f"UPDATE OF {columns}", _refuse(KEPT_FOR_VERBS), when)


def _trigger(table: sa.Table, rule: str, events: str, action: str) -> Made:
    name = f"{table.name}_{rule}"
    return Made(
        name,
        f'CREATE OR REPLACE TRIGGER {name} {events} ON "{table.name}"\n{action}',
        f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"',
    )


def _voidable(table: sa.Table, voiding: tuple[str, ...]) -> Iterator[Made]:
    yield _plain_trigger(table, "permanent", "DELETE", _refuse(PERMANENT))
    yield _plain_trigger(table, "unaltered", f"UPDATE OF {_fixed(table, voiding)}", _refuse(PERMANENT))
    stays = f"OLD.{voiding[0]} IS NOT NULL"
    yield _row_trigger(table, "stays_void", "UPDATE", _refuse(PERMANENT), stays)


def _fixed(table: sa.Table, voiding: tuple[str, ...]) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c if column.name not in voiding)


def _guarded() -> list[sa.Table]:
    """Every table with a rule of its own here, in the order of the schema."""
    named = {table.name for table, _ in locked()} | {table.name for table in of_a_round()}
    ruled: list[type[Base]] = [*NEVER_CHANGED, *ONLY_VOIDED, CollectionRound]
    named |= {model.__tablename__ for model in ruled}
    return [table for table in Base.metadata.sorted_tables if table.name in named]


def _indexes() -> Iterator[Made]:
    for model in datasets():
        for name in fields_of(model):
            if is_searched_by_part(model, name):
                yield _index(model.__table__, name, "part", f'USING gin ("{name}" gin_trgm_ops)')
            elif fields_of(model)[name].searched and not _found_by_its_beginning(model.__table__, name):
                yield _index(model.__table__, name, "start", f'("{name}" text_pattern_ops)')
            if fields_of(model)[name].thai_sorted:
                # With the key: two rows of one name have an order, and a page continues after one of them.
                rest = ", ".join(f'"{column.name}"' for column in model.__table__.primary_key)
                yield _index(model.__table__, name, "thai", f'("{name}" COLLATE "{THAI_ORDER}", {rest})')


def is_searched_by_part(model: type[Base], name: str) -> bool:
    """True for searched text fields that hold names: any part of them is looked for, by a trigram index."""
    declared = fields_of(model)[name]
    is_text = type(declared.kind) is Kind
    return declared.searched and is_text and (declared.length or 0) >= NAME_LENGTH


def _found_by_its_beginning(table: sa.Table, column: str) -> bool:
    """True when an index of the schema answers ``LIKE 'x%'`` already."""
    operators = [index.dialect_options["postgresql"]["ops"] for index in table.indexes]
    return any(column in (chosen or {}) for chosen in operators)


def _index(table: sa.Table, column: str, purpose: str, definition: str) -> Made:
    name = f"ix_{table.name}_{column}_{purpose}"
    return Made(
        name,
        f'CREATE INDEX IF NOT EXISTS {name} ON "{table.name}" {definition}',
        f"DROP INDEX IF EXISTS {name}",
    )


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────────────
#
# Row by row, before the write. One transaction writes at a time, so nothing has to be held. REPLACE removes
# the row in its way without firing a delete trigger, so the insert and update triggers look for such a row.


def _sqlite() -> Iterator[Made]:
    for table, system in locked():
        yield from _sqlite_lock(table, system)
    for table in of_a_round():
        yield from _sqlite_stays_closed(table)
    yield from _sqlite_closed_round(CollectionRound.__table__)
    for table, names in kept_for_verbs():
        yield from _sqlite_kept_for_verbs(table, names)
    for model in NEVER_CHANGED:
        yield from _sqlite_permanent(model.__table__)
    for model, voiding in ONLY_VOIDED.items():
        yield from _sqlite_voidable(model.__table__, voiding)


def _abort(refusal: tuple[str, str]) -> str:
    return f"RAISE(ABORT, '{refusal[0]} {refusal[1]}')"


def _sqlite_trigger(table: sa.Table, rule: str, event: str, *checks: str) -> Made:
    name = f"{table.name}_{rule}"
    body = "".join(f"    {check};\n" for check in checks)
    return Made(
        name,
        f'CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON "{table.name}"\nBEGIN\n{body}END',
        f"DROP TRIGGER IF EXISTS {name}",
    )


def _sqlite_lock(table: sa.Table, system: RoundSystem) -> Iterator[Made]:
    moved = " WHERE NEW.school_code IS NOT OLD.school_code"
    old, new = _sqlite_question("OLD", system), _sqlite_question("NEW", system)
    displaced = (
        f'SELECT {_abort(SUBMISSION_LOCKED)} FROM "{table.name}" AS other'
        f" WHERE ({_displaced(table)}) AND other.school_code <> NEW.school_code"
    )
    yield _sqlite_trigger(table, "round_lock_insert", "INSERT", displaced, new)
    if table is Student.__table__:
        old, moved = f"{old} WHERE NOT {_AT_WORK}", f"{moved} AND NOT {_AT_WORK}"
    yield _sqlite_trigger(table, "round_lock_update", "UPDATE", old, new + moved, displaced + _AN_OTHER)
    yield _sqlite_trigger(table, "round_lock_delete", "DELETE", _sqlite_question("OLD", system))


def _sqlite_question(row: str, system: RoundSystem) -> str:
    return f"""SELECT CASE
        WHEN governing.id IS NULL AND governing.closed THEN {_abort(ROUND_CLOSED)}
        WHEN governing.id IS NULL THEN {_abort(NO_OPEN_ROUND)}
        WHEN submission.state <> '{SubmissionState.OPEN.value}' THEN {_abort(SUBMISSION_LOCKED)}
        WHEN deciding.id IS NULL THEN {_abort(WINDOW_MISSING)}
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') < deciding.opens_at THEN {_abort(WINDOW_NOT_YET)}
        WHEN strftime('%Y-%m-%d %H:%M:%f', 'now') >= deciding.closes_at THEN {_abort(WINDOW_OVER)}
    END
    FROM (SELECT
        (SELECT id FROM collection_round WHERE system = '{system.value}' AND closed_at IS NULL
          ORDER BY academic_year, number LIMIT 1) AS id,
        EXISTS (SELECT 1 FROM collection_round WHERE system = '{system.value}') AS closed) AS governing
    LEFT JOIN school ON school.code = {row}.school_code
    LEFT JOIN submission ON submission.round_id = governing.id AND submission.school_code = {row}.school_code
    LEFT JOIN "window" AS deciding ON deciding.id = (
        SELECT w.id FROM "window" AS w
        WHERE w.round_id = governing.id AND w.action = '{WindowAction.EDIT.value}'
          AND w.scope IN (school.scope, rtrim(rtrim(school.scope, replace(school.scope, '/', '')), '/'), 'C')
        ORDER BY length(w.scope) DESC, w.granted_at DESC, w.id DESC LIMIT 1)"""


def _sqlite_stays_closed(table: sa.Table) -> Iterator[Made]:
    for event, rounds in (
        ("insert", "NEW.round_id"),
        ("update", "OLD.round_id, NEW.round_id"),
        ("delete", "OLD.round_id"),
    ):
        check = (
            f"SELECT {_abort(ROUND_CLOSED)} FROM collection_round"
            f" WHERE id IN ({rounds}) AND closed_at IS NOT NULL"
        )
        yield _sqlite_trigger(table, f"stays_closed_{event}", event.upper(), check)


def _sqlite_closed_round(table: sa.Table) -> Iterator[Made]:
    closed = f"SELECT {_abort(ROUND_CLOSED)} WHERE OLD.closed_at IS NOT NULL"
    displaced = (
        f"SELECT {_abort(ROUND_CLOSED)} FROM {table.name} AS other"
        f" WHERE ({_displaced(table)}) AND other.closed_at IS NOT NULL"
    )
    yield _sqlite_trigger(table, "stays_closed_insert", "INSERT", displaced)
    yield _sqlite_trigger(table, "stays_closed_update", "UPDATE", closed, displaced + _AN_OTHER)
    yield _sqlite_trigger(table, "stays_closed_delete", "DELETE", closed)


def _sqlite_kept_for_verbs(table: sa.Table, names: list[str]) -> Iterator[Made]:
    idle = f"NOT {BY_VERB_FUNCTION}()"
    changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in names)
    yield _sqlite_trigger(
        table, "kept_for_verbs", "UPDATE", f"SELECT {_abort(KEPT_FOR_VERBS)} WHERE ({changed}) AND {idle}"
    )
    # By the primary key alone: of another key, INSERT OR IGNORE (an import) leaves the row that stands in its way.
    other = " OR ".join(f'other."{name}" IS NOT NEW."{name}"' for name in names)
    same = " AND ".join(f'other."{column.name}" = NEW."{column.name}"' for column in table.primary_key)
    displaced = (
        f'SELECT {_abort(KEPT_FOR_VERBS)} FROM "{table.name}" AS other WHERE {same} AND ({other}) AND {idle}'
    )
    yield _sqlite_trigger(table, "kept_for_verbs_insert", "INSERT", displaced)


def _sqlite_permanent(table: sa.Table) -> Iterator[Made]:
    never = f"SELECT {_abort(PERMANENT)}"
    yield _sqlite_trigger(table, "permanent_update", "UPDATE", never)
    yield _sqlite_trigger(table, "permanent_delete", "DELETE", never)
    yield _sqlite_trigger(table, "permanent_insert", "INSERT", _nothing_displaced(table))


def _sqlite_voidable(table: sa.Table, voiding: tuple[str, ...]) -> Iterator[Made]:
    never = f"SELECT {_abort(PERMANENT)}"
    yield _sqlite_trigger(table, "unaltered", f"UPDATE OF {_fixed(table, voiding)}", never)
    yield _sqlite_trigger(table, "stays_void", "UPDATE", f"{never} WHERE OLD.{voiding[0]} IS NOT NULL")
    yield _sqlite_trigger(table, "permanent_delete", "DELETE", never)
    yield _sqlite_trigger(table, "permanent_insert", "INSERT", _nothing_displaced(table))


def _nothing_displaced(table: sa.Table) -> str:
    return f'SELECT {_abort(PERMANENT)} FROM "{table.name}" AS other WHERE {_displaced(table)}'


_AN_OTHER = " AND other.rowid <> OLD.rowid"


def _displaced(table: sa.Table) -> str:
    """Condition for a row ``other`` that REPLACE would take away to make room for NEW."""
    same = [" AND ".join(f'other."{name}" = NEW."{name}"' for name in key) for key in _unique_keys(table)]
    return " OR ".join(same)


def _unique_keys(table: sa.Table) -> list[list[str]]:
    uniques: list[Any] = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    uniques += [index for index in table.indexes if index.unique]
    keys = [[column.name for column in one.columns] for one in uniques]
    return [[column.name for column in table.primary_key], *sorted(keys)]
