"""Changing or deleting many rows as one: each passes every wall, and all are written or none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .. import access
from ..declaration import Base, Field, dataset_of
from ..errors import NotYours, RuleViolation
from . import refusals
from .listing import AnySession, Listing
from .query import Query

MOST_AT_ONCE = 2_000
NAMED_ROWS = 20
_CHANGED_TOGETHER = frozenset({"text", "memo", "choice", "flag", "number", "date", "lookup"})


class TooManyAtOnce(RuleViolation):
    """More rows than one transaction should hold: others wait for it, and a slip would be large."""

    message = "เลือกพร้อมกันได้ไม่เกิน {most} รายการ กรุณากรองให้แคบลง เช่น ทีละชั้นหรือทีละห้อง"


class NothingChosen(RuleViolation):
    """No row was ticked."""

    message = "ยังไม่ได้เลือกรายการ กรุณาเลือกในรายการก่อน"


class ChangedMeanwhile(RuleViolation):
    """The rows are no longer those that were looked at before agreeing."""

    message = "มีผู้แก้ไขรายการเหล่านี้หลังจากที่ท่านตรวจดู กรุณาตรวจดูอีกครั้งแล้วยืนยันใหม่"
    status = 409


class SomeRefused(RuleViolation):
    """Some rows may not be written, so none is; ``rows`` are (title, sentence) of the first of them."""

    message = "ยังไม่ได้บันทึกรายการใด เพราะมี {count} รายการที่บันทึกไม่ได้ กรุณาแก้ไขหรือเอาออกแล้วลองใหม่"

    def __init__(self, count: int, rows: Sequence[tuple[str, str]]) -> None:
        self.rows = list(rows)
        super().__init__(count=count)


@dataclass(frozen=True)
class Chosen:
    """The rows that a person ticked or filtered, as loaded now."""

    rows: list[Any]

    @property
    def mark(self) -> str:
        """What these rows are at this moment: other rows, or other versions of them, have another mark."""
        state = [(str(_key(row)), getattr(row, "version", "")) for row in self.rows]
        return hashlib.sha256(repr(sorted(state)).encode()).hexdigest()[:32]

    def present(self, field: Field) -> list[tuple[str, int]]:
        """The values that a field has now, as shown in lists, each with how many rows have it."""
        values = Counter(field.kind.mask(getattr(row, field.name)) for row in self.rows)
        return values.most_common()


def fields_changed_together(model: type[Base], seen: Mapping[str, Field]) -> dict[str, Field]:
    """The fields that can be given one value for many rows: none that identifies a row or names it."""
    declared, table = dataset_of(model), model.__table__
    own = {*declared.key, *declared.title, *table.primary_key.columns.keys()}
    return {
        name: field
        for name, field in seen.items()
        if field.editable
        and field.by_verb is None
        and name not in own
        and not field.masked
        and not table.columns[name].unique
        and field.kind.widget in _CHANGED_TOGETHER
    }


def choose(session: AnySession, listing: Listing, keys: Sequence[str], query: Query | None) -> Chosen:
    """The rows of these keys, or all that a query finds; NotYours (404) when one is not to be seen.

    At most MOST_AT_ONCE (TooManyAtOnce).
    """
    wanted = (
        [*_readable(listing.model, keys)] if query is None else listing.keys(session, query, MOST_AT_ONCE)
    )
    if not wanted:
        raise NothingChosen
    if len(wanted) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=f"{MOST_AT_ONCE:,}")
    found = _load(session, listing.model, wanted)
    if len(found) != len(set(wanted)):
        raise NotYours
    return Chosen(found)


def change(session: AnySession, chosen: Chosen, field: str, value: Any, reason: str) -> int:
    """Give a field of all rows one value, in one transaction; how many had another. SomeRefused names rows.

    The caller commits, or rolls back when it only wanted to know.
    """
    different = [row for row in chosen.rows if getattr(row, field) != value]

    def give(row: Base) -> None:
        setattr(row, field, value)

    _all_or_none(session, different, give, reason)
    return len(different)


def delete(session: AnySession, chosen: Chosen, reason: str) -> int:
    """Delete all rows, in one transaction; how many. SomeRefused names rows. The caller commits."""
    _all_or_none(session, chosen.rows, session.delete, reason)
    return len(chosen.rows)


def _all_or_none(session: AnySession, rows: Sequence[Any], act: Callable[[Any], None], reason: str) -> None:
    with access.because(reason):
        try:
            with refusals.as_refusals(), session.no_autoflush:
                for row in rows:
                    act(row)
                session.flush()
        except RuleViolation as refusal:
            keys = [sa.inspect(row).identity[0] for row in rows]
            model = type(rows[0])
            session.rollback()
            raise _naming(session, model, keys, act, refusal) from refusal


def _naming(
    session: AnySession,
    model: type[Base],
    keys: Sequence[Any],
    act: Callable[[Any], None],
    first: RuleViolation,
) -> RuleViolation:
    """Which rows are refused and why: each is tried alone and undone. Only asked when some row is."""
    refused = []
    for row in _load(session, model, keys):
        title, nested = _title(row), session.begin_nested()
        try:
            with refusals.as_refusals(), session.no_autoflush:
                act(row)
                session.flush()
        except RuleViolation as refusal:
            refused.append((title, str(refusal)))
        finally:
            nested.rollback()
    session.rollback()
    return SomeRefused(len(refused), refused[:NAMED_ROWS]) if refused else first


def _load(session: AnySession, model: type[Base], keys: Sequence[Any]) -> list[Any]:
    key = sa.inspect(model).primary_key[0]
    return list(session.scalars(sa.select(model).where(key.in_(keys)).order_by(key)))


def _readable(model: type[Base], keys: Sequence[str]) -> list[Any]:
    if sa.inspect(model).primary_key[0].type.python_type is not int:
        return [*dict.fromkeys(keys)]
    if not all(key.isascii() and key.isdigit() and len(key) <= 18 for key in keys):
        raise NotYours
    return [*dict.fromkeys(map(int, keys))]


def _key(row: Base) -> Any:
    return sa.inspect(type(row)).primary_key_from_instance(row)[0]


def _title(row: Base) -> str:
    names = dataset_of(type(row)).title
    return " ".join(str(getattr(row, name) or "") for name in names).strip() or str(row)
