"""The history: every change of a row is written beside it, in the same transaction, and never again touched."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, attributes

from .. import access
from ..bilingual import Label
from ..codes import RequestStepKind
from ..declaration import Base, Scoped, fields_of
from ..models import (
    CardReading,
    Change,
    CollectionRound,
    DocumentCounter,
    ImportBatch,
    ImportLine,
    ImportRow,
    RoleTerms,
    Roster,
    SavedView,
    Window,
)
from ..walls import SetWork, set_based
from . import lock

UNTOUCHABLE = (Change,)
# Rows that are themselves history, or scratch that a person throws away: a change record would only echo them.
_WITHOUT_HISTORY = (
    CardReading,
    Change,
    ImportBatch,
    ImportLine,
    ImportRow,
    DocumentCounter,
    RoleTerms,
    Roster,
    SavedView,
)
_NEVER_WRITTEN = {"scope", "version", "content", "digest"}


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
    "looked up": Label("ค้นหาเลขประจำตัว", "National ID looked up"),
    "asked": Label("ตรวจสิทธิ์", "Rights looked into"),
    "password": Label("เปลี่ยนรหัสผ่าน", "Password changed"),
    "phone-on": Label("ตั้งค่ารหัสจากโทรศัพท์", "Phone code set up"),
    "phone-off": Label("เลิกใช้รหัสจากโทรศัพท์", "Phone code given up"),
    "promote": Label("เลื่อนชั้น", "Moved up"),
    "continue": Label("จบการศึกษา เรียนต่อโรงเรียนเดิม", "Graduated, goes on"),
    "repeat": Label("ซ้ำชั้น", "Repeats the grade"),
    "graduate": Label("จบการศึกษา", "Graduated"),
    "export.xlsx": Label("ส่งออกเป็น Excel", "Exported to Excel"),
    "export.csv": Label("ส่งออกเป็น CSV", "Exported to CSV"),
    "roster": Label("พิมพ์บัญชีรายชื่อ", "Roster printed"),
    "api.list": Label("อ่านรายการผ่าน API", "List read through the API"),
    "api.row": Label("อ่านรายบุคคลผ่าน API", "Record read through the API"),
    **{step.value: step.th for step in RequestStepKind},
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
    attributes_of = sa.inspect(type(target)).column_attrs
    # What the database computes of other values is no value of its own, and of a deleted row cannot be asked.
    stored = [one for one in attributes_of if getattr(one.columns[0], "computed", None) is None]
    keys = [one.key for one in stored if one.key not in _NEVER_WRITTEN]
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


def record_export(connection: sa.Connection, dataset: str, kind: str, arguments: Any, rows: int) -> None:
    """A list left the register as a file: what was asked for (a MultiDict), and how many rows it was."""
    asked = {name: ", ".join(arguments.getlist(name)) for name in arguments}
    record_reading(connection, dataset, f"export.{kind}", asked | {"rows": rows})


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


def record_of(
    connection: sa.Connection,
    dataset: str,
    key: int,
    scope: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """A change of a row that a verb has written past the mapper, in the history of the owner ``scope``.

    The verb stands in set-based work that may write there: of a transfer each school has its own entry.
    """
    row = stamp() | {"dataset": dataset, "row_key": str(key), "scope": scope, "action": "update"}
    connection.execute(sa.insert(Change.__table__).values(row | {"before": before, "after": after}))


def record_request(connection: sa.Connection, request_id: int, action: str, what: dict[str, Any]) -> None:
    """A step of a request: who took it, when, through which door. What was said stands in the request."""
    _write(connection, "request", str(request_id), access.viewer().scope, action, None, what)


def record_role(
    connection: sa.Connection,
    role: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    action: str = "update",
) -> None:
    """A change of what a role may do, or its making or end."""
    _write(connection, "role", role[:40], access.CENTRE, action, before, after)


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
