"""What a list is asked for: search, typed filters, order, page and columns, read from request arguments.

The list page, the API, the export and saved views all read their arguments here, so they always agree.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from .. import kinds
from ..access import Level, Viewer
from ..bilingual import Sentence
from ..declaration import Base, Field, dataset_of, fields_of
from ..errors import RuleViolation
from ..thaidate import BANGKOK
from .sight import fields_seen
from .validation import labelled

PAGE_SIZE = 25
PAGE_SIZES = (25, 50, 100)
LARGEST_PAGE = 100
MOST_VALUES = 50
FROM, TO, HAS, IS = ".from", ".to", ".has", ".is"
EMPTY, FILLED = "empty", "filled"
RESERVED = frozenset({"q", "sort", "after", "before", "size", "first", "columns", "with", "view"})
"""Arguments of lists that are no filters; no field may be called so (D010)."""


class Unanswerable(RuleViolation):
    """A list cannot be given as asked; the list page says so above what was asked, with nothing lost."""


class BadQuery(Unanswerable):
    """A list was asked for with a filter, order, column or page mark that it does not have."""

    message = "เงื่อนไขของรายการไม่ถูกต้อง ({what}) กรุณาแก้ไขหรือเริ่มค้นหาใหม่"
    status = 400


@dataclass(frozen=True)
class Condition:
    """What one column is asked: one of ``values``, between two bounds (both included), words, or emptiness."""

    values: tuple[Any, ...] = ()
    at_least: Any = None
    at_most: Any = None
    words: tuple[str, ...] = ()
    empty: bool | None = None

    def clause(self, column: Any) -> sa.ColumnElement[bool]:
        """The condition as SQL. ``empty`` beside others lets empty cells in, too: "these grades, or none"."""
        parts = list(self._parts(column))
        if self.empty is True:
            return sa.or_(sa.and_(*parts), column.is_(None)) if parts else column.is_(None)
        if self.empty is False:
            parts.append(column.is_not(None))
        return sa.and_(sa.true(), *parts)

    def _parts(self, column: Any) -> Iterator[sa.ColumnElement[bool]]:
        if self.values:
            yield column == self.values[0] if len(self.values) == 1 else column.in_(self.values)
        if self.at_least is not None:
            yield column >= self.at_least
        if self.at_most is not None:
            yield column <= self.at_most
        for word in self.words:
            yield column.icontains(word, autoescape=True)

    @property
    def is_plain(self) -> bool:
        """True when only values are named, which any index answers."""
        return bool(self.values) and self == Condition(self.values)


@dataclass(frozen=True)
class Query:
    """What a list is asked for; made from request arguments by ``Query.of``."""

    search: str = ""
    filters: Mapping[str, Condition] = attribute(default_factory=dict)
    sort: str = ""
    descending: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, model: type[Base], arguments: Mapping[str, str]) -> Query:
        """From request arguments: ``q``, ``sort`` (``-name`` descends), ``after``/``before``, ``size``, filters.

        A filter is ``name=value`` (several of one name: any of them), ``name.from`` and ``name.to``,
        ``name.has`` (words in a text), ``name.is=empty`` or ``filled``; which of them a field has, its kind
        decides (``ways_of``). Anything else is refused (BadQuery): a filter that was misspelt and passed
        over would show, export or count what nobody asked for.
        """
        declared = dataset_of(model)
        _require_known(model, arguments)
        sort = arguments.get("sort", "")
        name = sort.removeprefix("-")
        if name and (name not in declared.sorted or is_veiled(fields_seen(model).get(name))):
            raise BadQuery(what=f"sort={name[:40]}")
        return cls(
            search=" ".join(arguments.get("q", "").replace("\x00", "").split())[:100],
            filters=dict(_filters_in(model, arguments)),
            sort=name,
            descending=sort.startswith("-"),
            after=_mark_in(arguments.get("after")),
            before=_mark_in(arguments.get("before")),
            size=_size_in(arguments.get("size")),
        )


def ways_of(declared: Field) -> tuple[str, ...]:
    """How a field can be filtered: ``""`` by values, and the endings ``.from .to .has .is``.

    A masked number only as a whole, as in the search box: parts of it would tell what the mask hides.
    """
    if is_veiled(declared):
        return ()
    ways = ("",) if declared.masked else _ways_of_kind(declared.kind)
    return (*ways, IS) if declared.nullable else ways


def _ways_of_kind(kind: kinds.Kind) -> tuple[str, ...]:
    if isinstance(kind, kinds.Memo):
        return (HAS,)
    if isinstance(kind, kinds.Moment):
        return (FROM, TO)
    if kind.numeric or isinstance(kind, kinds.ThaiDate):
        return ("", FROM, TO)
    if type(kind) is kinds.Kind:
        return ("", HAS)
    return ("",)


def given(arguments: Mapping[str, str], name: str) -> list[str]:
    """All values of an argument that are not blank; request arguments may hold several of one name."""
    several = arguments.getlist(name) if hasattr(arguments, "getlist") else [arguments.get(name, "")]
    return [value for value in several if value.strip()]


def columns_of(model: type[Base], viewer: Viewer, arguments: Mapping[str, str]) -> list[str]:
    """The columns of a list, in their order: what ``columns=a,b,c`` picks, else the declared ones.

    List, export and saved views ask this. Fields that the viewer may not see are left out silently when
    they come from a view that somebody else saved; names of no field at all are refused (BadQuery).
    """
    chosen = [
        name.strip() for part in given(arguments, "columns") for name in part.split(",") if name.strip()
    ]
    for name in chosen:
        if name not in fields_of(model):
            raise BadQuery(what=f"columns={name[:40]}")
    own_school = viewer.level is Level.SCHOOL and not chosen
    names = chosen or [n for n in dataset_of(model).listed if not (own_school and n == "school_code")]
    visible = fields_seen(model, viewer)
    return [name for name in dict.fromkeys(names) if name in visible or name not in fields_of(model)]


def is_veiled(declared: Field | None) -> bool:
    """A masked or hidden field: an order or a filter by it would tell what it does not show."""
    return declared is None or isinstance(declared.kind, kinds.Masked)


def _require_known(model: type[Base], arguments: Mapping[str, str]) -> None:
    asked = [name for name in arguments if name not in RESERVED]
    if not asked:
        return
    known = {name + way for name, declared in fields_seen(model).items() for way in ways_of(declared)}
    for name in asked:
        if name not in known:
            raise BadQuery(what=name[:60])


def _filters_in(model: type[Base], arguments: Mapping[str, str]) -> Iterator[tuple[str, Condition]]:
    # Only what was given is looked at: a list is asked for far more often than it is filtered.
    asked = {name.partition(".")[0] for name in arguments}
    for name, declared in fields_seen(model).items():
        if name in asked and (condition := _condition(declared, arguments)) != Condition():
            yield name, condition


def _condition(declared: Field, arguments: Mapping[str, str]) -> Condition:
    name = declared.name
    try:
        found = Condition(
            values=_values(declared, given(arguments, name)),
            at_least=_bound(declared, given(arguments, name + FROM), dt.time.min),
            at_most=_bound(declared, given(arguments, name + TO), dt.time.max),
            words=tuple(word for text in given(arguments, name + HAS) for word in _words(text)),
            empty=_emptiness(given(arguments, name + IS)),
        )
    except kinds.NotReadable as wrong:
        raise BadQuery(what=labelled(declared.th, wrong.args[0])) from None
    if found.at_least is not None and found.at_most is not None and found.at_least > found.at_most:
        wrong_way = Sentence("ค่าเริ่มต้นมากกว่าค่าสิ้นสุด")
        raise BadQuery(what=labelled(declared.th, wrong_way))
    if found.at_least is not None and found.at_least == found.at_most and "" in ways_of(declared):
        return Condition(values=(found.at_least,), words=found.words, empty=found.empty)
    return found


def _values(declared: Field, texts: Sequence[str]) -> tuple[Any, ...]:
    if len(texts) > MOST_VALUES:
        raise kinds.NotReadable("เลือกได้ไม่เกิน {most} ค่า", most=MOST_VALUES)
    values = [declared.kind.read(text) for text in texts]
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _bound(declared: Field, texts: Sequence[str], clock: dt.time) -> Any:
    if not texts:
        return None
    if isinstance(declared.kind, kinds.Moment):
        # People ask for days; the day begins and ends in Bangkok.
        day = kinds.ThaiDate().read(texts[0])
        return None if day is None else dt.datetime.combine(day, clock, BANGKOK).astimezone(dt.UTC)
    return declared.kind.read(texts[0])


def _words(text: str) -> list[str]:
    return kinds.Kind().read(text[:100]).split() if kinds.Kind().read(text[:100]) else []


def _emptiness(texts: Sequence[str]) -> bool | None:
    if not texts:
        return None
    if texts[0] not in (EMPTY, FILLED):
        raise kinds.NotReadable("ต้องเป็น empty หรือ filled")
    return texts[0] == EMPTY


def _size_in(raw: str | None) -> int:
    """The page size is bounded whatever is asked for; one request cannot carry the country away."""
    if raw is None or not raw.isascii() or not raw.isdigit():
        return PAGE_SIZE
    return max(1, min(int(raw[:6]), LARGEST_PAGE))


def _mark_in(raw: str | None) -> tuple[Any, ...] | None:
    if not raw:
        return None
    try:
        mark = json.loads(base64.urlsafe_b64decode(raw.encode()))
        json.dumps(mark, ensure_ascii=False).encode()  # ValueError for halves of characters
    except (ValueError, RecursionError):
        raise BadQuery(what="page") from None
    if not isinstance(mark, list) or not all(isinstance(part, str | int | float | bool) for part in mark):
        raise BadQuery(what="page")
    if "\x00" in "".join(part for part in mark if isinstance(part, str)):
        raise BadQuery(what="page")
    return tuple(mark)


def mark_of(values: Sequence[Any]) -> str:
    """A page mark: the order's values of the last row shown."""
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return getattr(value, "value", value)
