"""The database's errors as refusals: what a trigger, a key or a version says, as a Thai sentence."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ..bilingual import Sentence
from ..codes import RoundSystem, SubmissionState, WindowAction
from ..declaration import Base, fields_of
from ..errors import (
    AlreadyThere,
    InvalidRow,
    KeptForever,
    KeptForVerbs,
    NoOpenRound,
    Problem,
    ReferenceMissing,
    RoundClosed,
    RuleViolation,
    StaleVersion,
    StillReferenced,
    SubmissionLocked,
    TryAgain,
    WindowMissing,
    WindowNotYet,
    WindowOver,
)
from ..models import round_label
from ..thaidate import thai_datetime
from . import ddl
from .validation import labelled

Facts = Mapping[str, Any]

_A_ROUND = Sentence("รอบจัดเก็บข้อมูลปัจจุบัน")


@contextmanager
def as_refusals() -> Iterator[None]:
    """Whatever the database refuses inside is raised as a RuleViolation; other errors stay as they are."""
    try:
        yield
    except (DBAPIError, StaleDataError) as error:
        refusal = from_database(error)
        if refusal is None:
            raise
        raise refusal from error


def from_database(error: BaseException) -> RuleViolation | None:
    """The refusal that a database error means; None when it is no refusal but a fault."""
    if isinstance(error, StaleDataError):
        return StaleVersion()
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    deleting = (error.statement or "").lstrip()[:6].upper() == "DELETE"
    if hasattr(error.orig, "sqlstate"):
        return _from_postgresql(error.orig, deleting)
    return _from_sqlite(str(error.orig), deleting)


def _from_postgresql(error: Any, deleting: bool) -> RuleViolation | None:  # noqa: PLR0911 - one line a cause
    state, diagnosis = error.sqlstate or "", error.diag
    if state in _TRIGGERS:
        return _TRIGGERS[state](json.loads(diagnosis.message_detail or "{}"))
    if state == "23505":
        return AlreadyThere(what=_labels(diagnosis.table_name, _columns_of(diagnosis)))
    if state == "23503":
        return StillReferenced() if deleting else ReferenceMissing()
    if state == "23502":
        return _not_filled_in(diagnosis.table_name, diagnosis.column_name)
    if state == "23514":
        return _against_a_check()
    if state[:2] == "22":
        return _does_not_fit()
    return TryAgain() if state in _PASSING else None


# Another transaction was in the way: a deadlock, a lock that did not come, a row changed under our snapshot.
_PASSING = {"40001", "40P01", "55P03"}


def _from_sqlite(message: str, deleting: bool) -> RuleViolation | None:
    if message[:5] in _TRIGGERS:
        return _TRIGGERS[message[:5]]({})
    for pattern, refusal in _SQLITE:
        if found := re.match(pattern, message):
            return refusal(found[1] if found.groups() else "")
    if message.startswith("FOREIGN KEY constraint failed"):
        return StillReferenced() if deleting else ReferenceMissing()
    return None


def _sqlite_unique(columns: str) -> RuleViolation:
    tables, names = zip(*(column.split(".") for column in columns.split(", ")), strict=True)
    return AlreadyThere(what=_labels(tables[0], names))


_SQLITE: tuple[tuple[str, Callable[[str], RuleViolation]], ...] = (
    (r"UNIQUE constraint failed: (\w+\.\w+(?:, \w+\.\w+)*)$", _sqlite_unique),
    (r"NOT NULL constraint failed: (.+)", lambda column: _not_filled_in(*column.split("."))),
    (r"CHECK constraint failed", lambda _: _against_a_check()),
    (r"database (?:table )?is locked", lambda _: TryAgain()),
)


# ── What the triggers say ────────────────────────────────────────────────────────────────────────────────
#
# PostgreSQL sends the facts along. SQLite can send a fixed text only, so its sentences stay general. The
# guard refuses with the full sentence long before; only raw SQL gets as far as the trigger.


def _round(facts: Facts) -> str:
    if "number" not in facts:
        return _A_ROUND
    return round_label(facts["number"], facts["academic_year"], RoundSystem(facts["system"]))


_A_TIME = Sentence("เวลาที่ส่วนกลางกำหนด")


def _moment(facts: Facts, name: str) -> str:
    return thai_datetime(dt.datetime.fromisoformat(facts[name])) if name in facts else _A_TIME


def _locked(facts: Facts) -> RuleViolation:
    state = SubmissionState(facts["state"]).th if "state" in facts else SubmissionState.CONFIRMED.th
    return SubmissionLocked(round=_round(facts), state=state)


def _no_round(facts: Facts) -> RuleViolation:
    return NoOpenRound(system=RoundSystem(facts["system"]).th if "system" in facts else "นี้")


_EDIT = WindowAction.EDIT.th

_TRIGGERS: dict[str, Callable[[Facts], RuleViolation]] = {
    ddl.ROUND_CLOSED[0]: lambda facts: RoundClosed(round=_round(facts)),
    ddl.NO_OPEN_ROUND[0]: _no_round,
    ddl.SUBMISSION_LOCKED[0]: _locked,
    ddl.WINDOW_NOT_YET[0]: lambda facts: WindowNotYet(
        action=_EDIT,
        round=_round(facts),
        opens=_moment(facts, "opens_at"),
    ),
    ddl.WINDOW_OVER[0]: lambda facts: WindowOver(
        action=_EDIT,
        round=_round(facts),
        closes=_moment(facts, "closes_at"),
    ),
    ddl.WINDOW_MISSING[0]: lambda facts: WindowMissing(action=_EDIT, round=_round(facts)),
    ddl.PERMANENT[0]: lambda _: KeptForever(),
    ddl.NOT_AS_A_WHOLE[0]: lambda _: KeptForever(),
    ddl.KEPT_FOR_VERBS[0]: lambda _: KeptForVerbs(),
}


# ── Naming fields ────────────────────────────────────────────────────────────────────────────────────────


def _columns_of(diagnosis: Any) -> tuple[str, ...]:
    """Columns of the unique key that PostgreSQL names."""
    table = Base.metadata.tables.get(diagnosis.table_name)
    if table is None:
        return ()
    keys: list[Any] = [table.primary_key, *table.indexes, *table.constraints]
    matching = (key for key in keys if key.name == diagnosis.constraint_name and hasattr(key, "columns"))
    return tuple(column.name for column in next(matching, table.primary_key).columns)


def _labels(table: str | None, columns: tuple[str, ...]) -> list[str]:
    """Thai labels of a key's columns; not the owner's, so that the sentence tells of no other school."""
    own = [name for name in columns if name != "school_code"] or list(columns)
    return [_label(table, name) for name in own] or [_CODE]


_CODE = Sentence("รหัส")


def _label(table: str | None, column: str) -> str:
    model = _model_of(table)
    declared = fields_of(model).get(column) if model is not None else None
    return declared.th if declared is not None else _CODE


def _model_of(table: str | None) -> type[Base] | None:
    for mapper in Base.registry.mappers:
        if isinstance(mapper.local_table, sa.Table) and mapper.local_table.name == table:
            found: type[Base] = mapper.class_
            return found
    return None


def _not_filled_in(table: str | None, column: str | None) -> RuleViolation:
    return InvalidRow([Problem(column, labelled(_label(table, column or ""), Sentence("ต้องกรอก")))])


def _does_not_fit() -> RuleViolation:
    """Too long a text, too large a number: what its door should have measured, and PostgreSQL did."""
    return InvalidRow([Problem(None, Sentence("ค่าที่กรอกยาวหรือมากเกินกว่าที่เก็บได้ กรุณาแก้ให้สั้นลง"))])


def _against_a_check() -> RuleViolation:
    return InvalidRow([Problem(None, "ค่าที่กรอกขัดกันเอง กรุณาตรวจสอบแล้วบันทึกอีกครั้ง")])
