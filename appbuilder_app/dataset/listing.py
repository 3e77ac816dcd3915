"""Lists: search, filters, order and keyset pages, each in a constant number of statements at any size."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from .. import identity, kinds
from ..access import CENTRE, Viewer
from ..declaration import Base, Dataset, Field, dataset_named, dataset_of, fields_of
from ..errors import RuleViolation
from .validation import labelled

AnySession = Session | scoped_session[Any]

PAGE_SIZE = 25
LARGEST_PAGE = 100
COUNTED_UP_TO = 10_000
FOUND_UP_TO = 2_000
# Trigram indexes cannot help with less, and the country cannot be read through for two letters.
SHORTEST_WIDE_SEARCH = 3


class BadQuery(RuleViolation):
    """A list was asked for with a filter, order or page mark that it does not have."""

    message = "เงื่อนไขของรายการไม่ถูกต้อง ({what}) กรุณาเริ่มค้นหาใหม่"
    status = 400


class SearchTooShort(RuleViolation):
    """Two letters match a large part of the country."""

    message = "คำค้นสั้นเกินไปสำหรับข้อมูลทั้งประเทศหรือทั้งเขต กรุณาพิมพ์อย่างน้อย 3 ตัวอักษร"
    status = 422


class SortTooWide(RuleViolation):
    """Ordering the whole country by a column without an index would read it all."""

    message = "เรียงลำดับแบบนี้ได้เมื่อเลือกโรงเรียนแล้วเท่านั้น กรุณาเลือกโรงเรียนก่อน"
    status = 422


class TooLongForOneFile(RuleViolation):
    """A spreadsheet of the whole country opens nowhere."""

    message = "รายการยาวเกินไปสำหรับไฟล์เดียว (เกิน {most} รายการ) กรุณากรองให้แคบลง เช่น เลือกโรงเรียนหรือชั้น"
    status = 422


@dataclass(frozen=True)
class Query:
    """What a list is asked for; made from request arguments by ``Query.of``."""

    search: str = ""
    filters: Mapping[str, Any] = attribute(default_factory=dict)
    sort: str = ""
    descending: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, model: type[Base], arguments: Mapping[str, str]) -> Query:
        """From request arguments: ``q``, ``sort`` (``-name`` descends), ``after``/``before``, ``size``, filters."""
        declared = dataset_of(model)
        sort = arguments.get("sort", "")
        name = sort.removeprefix("-")
        if name and name not in declared.sorted:
            raise BadQuery(what=f"sort={name}")
        return cls(
            search=" ".join(arguments.get("q", "").replace("\x00", "").split())[:100],
            filters=dict(_filters_in(model, arguments)),
            sort=name,
            descending=sort.startswith("-"),
            after=_mark_in(arguments.get("after")),
            before=_mark_in(arguments.get("before")),
            size=_size_in(arguments.get("size")),
        )


def _filters_in(model: type[Base], arguments: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, declared in fields_of(model).items():
        raw = arguments.get(name, "")
        if not raw:
            continue
        if not declared.filtered:
            raise BadQuery(what=name)
        try:
            yield name, declared.kind.read(raw)
        except kinds.NotReadable as wrong:
            raise BadQuery(what=labelled(declared.th, wrong)) from None


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


@dataclass(frozen=True)
class Page:
    """One page of rows: ``rows`` are tuples of the columns asked for, ``keys`` their primary keys."""

    rows: list[Any]
    keys: list[Any]
    total: int
    total_capped: bool
    after: str | None
    before: str | None


class Listing:
    """The statements of one dataset's lists for one viewer."""

    def __init__(self, model: type[Base], viewer: Viewer) -> None:
        self.model = model
        self.declared: Dataset = dataset_of(model)
        self.fields: dict[str, Field] = fields_of(model)
        self.viewer = viewer
        self.key = sa.inspect(model).primary_key[0].key

    def page(self, session: AnySession, query: Query, columns: Sequence[str]) -> Page:
        """One page in one statement: the rows, and beside them a count that stops at COUNTED_UP_TO."""
        order = self._order(session, query)
        backwards = query.before is not None
        mark = query.before if backwards else query.after
        narrowed = self._narrowed(session, query)
        picked = [getattr(self.model, name) for name in columns]
        total = self._total(narrowed).scalar_subquery()
        statement = sa.select(total, getattr(self.model, self.key), *picked, *order).where(*narrowed)
        if mark is not None:
            statement = statement.where(self._beyond(order, mark, query.descending != backwards))
        direction = sa.desc if query.descending != backwards else sa.asc
        statement = statement.order_by(*(direction(column) for column in order)).limit(query.size + 1)
        found = list(session.execute(statement))
        counted = found[0][0] if found else self.count(session, narrowed)
        more, found = len(found) > query.size, found[: query.size]
        if backwards:
            found.reverse()
        width = len(columns) + 2
        marks = [mark_of(row[width:]) for row in (found[:1] + found[-1:])]
        return Page(
            rows=[tuple(row[2:width]) for row in found],
            keys=[row[1] for row in found],
            total=min(counted, COUNTED_UP_TO),
            total_capped=counted > COUNTED_UP_TO,
            after=marks[-1] if marks and (more or backwards) else None,
            before=marks[0] if marks and (query.after is not None or (backwards and more)) else None,
        )

    def count(self, session: AnySession, narrowed: Sequence[sa.ColumnElement[bool]]) -> int:
        """How many rows, counted no further than one past COUNTED_UP_TO: a full count reads the table."""
        return session.scalar(self._total(narrowed)) or 0

    def _total(self, narrowed: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
        inner = sa.select(getattr(self.model, self.key)).where(*narrowed).limit(COUNTED_UP_TO + 1).subquery()
        return sa.select(sa.func.count()).select_from(inner)

    def require_countable(self, session: AnySession, query: Query, most: int) -> None:
        """Refuse a list that is too long to be written into one file."""
        inner = (
            sa.select(getattr(self.model, self.key))
            .where(*self._narrowed(session, query))
            .limit(most + 1)
            .subquery()
        )
        if (session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0) > most:
            raise TooLongForOneFile(most=f"{most:,}")

    def stream(self, session: AnySession, query: Query, columns: Sequence[str]) -> Iterator[Any]:
        """All rows of the list in its order, fetched in portions: for exports."""
        order = self._order(session, query)
        direction = sa.desc if query.descending else sa.asc
        statement = (
            sa.select(*(getattr(self.model, name) for name in columns))
            .where(*self._narrowed(session, query))
            .order_by(*(direction(column) for column in order))
            .execution_options(yield_per=2_000)
        )
        for row in session.execute(statement):
            yield tuple(row)

    def sortable(self, name: str, query: Query) -> bool:
        """Whether a list of this width can be ordered so: beyond one school only where an index holds the order."""
        if name not in self.declared.sorted:
            return False
        return self._is_narrow(query) or self.declared.shared or self.fields[name].thai_sorted

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    def _order(self, session: AnySession, query: Query) -> list[Any]:
        if query.sort and not self.sortable(query.sort, query):
            raise SortTooWide
        # Beside the primary key nothing else: this is what the index of a sortable column holds.
        names = [query.sort, self.key] if query.sort else self.declared.order
        return [self._ordered(session, name) for name in names]

    def _ordered(self, session: AnySession, name: str) -> Any:
        column = getattr(self.model, name)
        if name in self.fields and self.fields[name].thai_sorted:
            dialect = session.get_bind().dialect.name
            return column.collate("th-x-icu" if dialect == "postgresql" else "thai")
        return column

    def _beyond(
        self,
        order: Sequence[Any],
        mark: tuple[Any, ...],
        descending: bool,
    ) -> sa.ColumnElement[bool]:
        if len(mark) != len(order):
            raise BadQuery(what="page")
        values = [self._typed(column, part) for column, part in zip(order, mark, strict=True)]
        left, right = sa.tuple_(*order), sa.tuple_(*values)
        return left < right if descending else left > right

    def _typed(self, column: Any, part: Any) -> Any:
        python_type = column.type.python_type if not isinstance(column.type, sa.Enum) else None
        try:
            if python_type is None:
                part = column.type.enum_class(part)
            elif python_type is dt.date:
                part = dt.date.fromisoformat(part)
            elif python_type is Decimal:
                part = Decimal(part)
            elif not isinstance(part, python_type):
                raise ValueError(part)
        except (ValueError, TypeError, ArithmeticError):
            raise BadQuery(what="page") from None
        return sa.literal(part, column.type)

    def _is_narrow(self, query: Query) -> bool:
        """True for a list of one school, which is short enough to be read through."""
        return self.viewer.scope.count("/") == 2 or "school_code" in query.filters

    def _narrowed(self, session: AnySession, query: Query) -> list[sa.ColumnElement[bool]]:
        narrowed = [getattr(self.model, name) == value for name, value in query.filters.items()]
        if query.search:
            narrowed.append(self._matching(session, query, narrowed))
        return narrowed

    def _matching(
        self,
        session: AnySession,
        query: Query,
        narrowed: Sequence[sa.ColumnElement[bool]] = (),
    ) -> sa.ColumnElement[bool]:
        """Rows that the search box means: an ID exactly, a code by its beginning, words anywhere in names.

        Beyond one school the hits are gathered by their index first and ordered afterwards; asked in one
        piece the database may walk the whole country in list order, looking for the rare name.
        """
        condition = self._search_condition(query)
        if self._is_narrow(query):
            return condition
        key = getattr(self.model, self.key)
        hits = sa.select(key).where(*narrowed, condition).limit(FOUND_UP_TO)
        if session.get_bind().dialect.name == "postgresql":
            # An array is gathered once. An IN may be gathered again for each row that it is compared with.
            return key == sa.any_(sa.func.array(hits.scalar_subquery()))
        return key.in_(hits)

    def _search_condition(self, query: Query) -> sa.ColumnElement[bool]:
        searched = [declared for declared in self.fields.values() if declared.searched]
        number = identity.normalise_identity(query.search)
        by_identity = [d for d in searched if isinstance(d.kind, kinds.Identity)]
        if by_identity and identity.kind_of(number) != "other":
            return sa.or_(*(getattr(self.model, d.name) == number for d in by_identity))
        codes: list[Any] = []
        names: list[Any] = []
        for declared in searched:
            (names if (declared.length or 0) >= NAME_LENGTH else codes).append(
                getattr(self.model, declared.name),
            )
        if query.search[:1].isdigit() or not names:
            return self._code_condition(codes, number or query.search, self._is_narrow(query))
        self._require_long_enough(query)
        words = query.search.split()
        return sa.and_(
            *(sa.or_(*(name.icontains(word, autoescape=True) for name in names)) for word in words),
        )

    def _code_condition(self, codes: Sequence[Any], begin: str, narrow: bool) -> sa.ColumnElement[bool]:
        """Codes that begin so; in a wide list only those with an index, and as a range, which any index answers.

        LIKE uses an index only where the database sorts byte by byte.
        """
        indexed = [column for column in codes if self._is_indexed(column.key)]
        if narrow or not indexed or not (begin.isascii() and begin.isalnum()):
            return sa.or_(*(column.startswith(begin, autoescape=True) for column in codes))
        return sa.or_(*(column.between(begin, begin + "9" * (column.type.length or 0)) for column in indexed))

    def _is_indexed(self, name: str) -> bool:
        table = self.model.__table__
        indexes = [*table.indexes, table.primary_key]
        return any(index.columns[0].key == name for index in indexes if len(index.columns))

    def _require_long_enough(self, query: Query) -> None:
        wide = self.viewer.scope.count("/") < 2 and not self.declared.shared
        if wide and max(map(len, query.search.split())) < SHORTEST_WIDE_SEARCH:
            raise SearchTooShort


NAME_LENGTH = 60
"""Searched texts of at least this length are names, searched anywhere; shorter ones are codes, by their start."""


def texts_of_references(
    session: AnySession,
    model: type[Base],
    rows: Sequence[Any],
    columns: Sequence[str],
) -> dict[str, dict[Any, str]]:
    """Titles of the rows that a page's references point to: one statement per referenced dataset."""
    texts: dict[str, dict[Any, str]] = {}
    for position, name in enumerate(columns):
        kind = fields_of(model)[name].kind if name in fields_of(model) else None
        if isinstance(kind, kinds.Reference):
            texts[name] = titles(session, kind.target, {row[position] for row in rows})
    return texts


def titles(session: AnySession, dataset: str, keys: set[Any]) -> dict[Any, str]:
    """Titles of some rows of a dataset by their primary key, in one statement."""
    keys.discard(None)
    if not keys:
        return {}
    found = session.execute(_titles_of(dataset), {"keys": list(keys)})
    return {row[0]: " ".join(str(part) for part in row[1:] if part) for row in found}


@cache
def _titles_of(dataset: str) -> sa.Select[Any]:
    target = dataset_named(dataset)
    key = getattr(target, sa.inspect(target).primary_key[0].key)
    columns = [getattr(target, name) for name in dataset_of(target).title]
    return sa.select(key, *columns).where(key.in_(sa.bindparam("keys", expanding=True)))


def look_up(
    session: AnySession,
    dataset: str,
    typed: str,
    viewer: Viewer,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """What a look-up offers for the letters typed: id and text of at most ``limit`` rows, own ones first."""
    target = dataset_named(dataset)
    listing = Listing(target, viewer)
    statement = sa.select(
        getattr(target, listing.key),
        *(getattr(target, name) for name in listing.declared.title),
    )
    if typed:
        statement = statement.where(listing._matching(session, Query(search=typed)))
    if viewer.scope != CENTRE and listing.declared.shared:
        statement = statement.order_by(
            sa.not_(sa.func.substr(target.scope, 1, len(viewer.scope)) == viewer.scope),
        )
    found = session.execute(statement.order_by(getattr(target, listing.key)).limit(limit))
    return [
        {"id": row[0], "text": f"{' '.join(str(part) for part in row[1:] if part)} ({row[0]})"}
        for row in found
    ]
