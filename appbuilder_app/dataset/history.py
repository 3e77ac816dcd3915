"""The history: every change of a row is written beside it, in the same transaction, and never again touched."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, attributes

from .. import access
from ..bilingual import Label
from ..declaration import Base, Scoped, fields_of
from ..models import Change, CollectionRound, DocumentCounter, ImportBatch, ImportRow, Roster, Window
from ..walls import SetWork, set_based
from . import lock

UNTOUCHABLE = (Change,)
# Rows that are themselves history, or scratch that a person throws away: a change record would only echo them.
_WITHOUT_HISTORY = (Change, ImportBatch, ImportRow, DocumentCounter, Roster)
_NEVER_WRITTEN = {"scope", "version", "content"}


def done(action: str) -> str:
    """What was done, in words."""
    return ACTIONS.get(action, action)


def through(path: str) -> str:
    """The door through which it was done, in words."""
    return PATHS.get(path, path)


ACTIONS = {
    "insert": Label("เพิ่ม", "Added"),
    "update": Label("แก้ไข", "Changed"),
    "delete": Label("ลบ", "Deleted"),
    "open": Label("เปิดรอบ", "Round opened"),
    "password": Label("เปลี่ยนรหัสผ่าน", "Password changed"),
    "export.xlsx": Label("ส่งออกเป็น Excel", "Exported to Excel"),
    "export.csv": Label("ส่งออกเป็น CSV", "Exported to CSV"),
}
PATHS = {
    "screen": Label("หน้าจอ", "screen"),
    "api": Label("API", "API"),
    "import": Label("นำเข้าจากไฟล์", "file import"),
    "job": Label("งานเบื้องหลัง", "background job"),
    "command": Label("คำสั่ง", "command line"),
    "shell": Label("โปรแกรมของผู้ดูแลเครื่อง", "maintenance script"),
    "setup": Label("ติดตั้งระบบ", "installation"),
}


def after_insert(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """A new row: all its values are ``after``."""
    record(connection, target, "insert", None, values_of(target))


def after_delete(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """A removed row: all its values are ``before``."""
    record(connection, target, "delete", values_of(target), None)


def after_update(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:
    """A changed row: only what changed, before and after."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in mapper.column_attrs:
        if attribute.key in _NEVER_WRITTEN:
            continue
        trace = attributes.get_history(target, attribute.key, attributes.PASSIVE_NO_INITIALIZE)
        if trace.added and trace.added != trace.deleted:
            before[attribute.key] = plain(target, attribute.key, trace.deleted[0] if trace.deleted else None)
            after[attribute.key] = plain(target, attribute.key, trace.added[0])
    if after:
        record(connection, target, "update", before, after)


def values_of(target: Any) -> dict[str, Any]:
    """All values of a row that are not empty, as JSON."""
    keys = [a.key for a in sa.inspect(type(target)).column_attrs if a.key not in _NEVER_WRITTEN]
    loaded = {key: getattr(target, key) for key in keys}
    return {key: plain(target, key, value) for key, value in loaded.items() if value is not None}


def plain(target: Any, key: str, value: Any) -> Any:
    """A value as JSON."""
    declared = fields_of(type(target)).get(key)
    if declared is not None:
        return declared.kind.json(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "value", value)


def record(
    connection: sa.Connection,
    target: Base,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Write one entry of the history."""
    if isinstance(target, _WITHOUT_HISTORY):
        return
    connection.execute(sa.insert(Change.__table__).values(entry(target, action, before, after)))


def entry(
    target: Any, action: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> dict[str, Any]:
    """The history row of one change, with who, when, how and why taken from the context."""
    key = sa.inspect(target).identity or sa.inspect(type(target)).primary_key_from_instance(target)
    return stamp() | {
        "dataset": type(target).__tablename__,
        "row_key": ",".join(str(getattr(part, "value", part)) for part in key),
        "scope": _scope_of(target),
        "action": action,
        "before": before,
        "after": after,
    }


def stamp() -> dict[str, Any]:
    """Who, when, through which path and why: the same for all rows of one piece of work."""
    viewer = access.viewer()
    return {
        "at": lock.now(),
        "actor_id": viewer.id,
        "actor": viewer.name,
        "path": access.path(),
        "reason": access.reason(),
    }


def record_reading(connection: sa.Connection, dataset: str, action: str, what: dict[str, Any]) -> None:
    """An export or another large reading of personal data leaves its trace: who, when, what was asked for."""
    _write(connection, dataset, "*", access.viewer().scope, action, None, what)


def record_account(
    connection: sa.Connection,
    account_id: int,
    scope: str,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """A change of an account or of its rights; passwords are never part of it."""
    _write(connection, "account", str(account_id), scope, action, before, after)


def record_role(connection: sa.Connection, role: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """A change of what a role may do."""
    _write(connection, "role", role[:40], access.CENTRE, "update", before, after)


def _write(
    connection: sa.Connection, dataset: str, key: str, scope: str, action: str, before: Any, after: Any
) -> None:
    row = stamp() | {"dataset": dataset, "row_key": key, "scope": scope or access.CENTRE, "action": action}
    with set_based(SetWork.HISTORY):
        connection.execute(sa.insert(Change.__table__).values(row | {"before": before, "after": after}))


def _scope_of(target: Any) -> str:
    if isinstance(target, Scoped | Window):
        return target.scope
    return access.CENTRE if isinstance(target, CollectionRound) else access.viewer().scope
