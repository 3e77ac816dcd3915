"""Lists: search, filters, order and keyset pages, each in a constant number of statements at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import itemgetter
from time import monotonic
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from .. import identity, kinds
from ..access import CENTRE, Level, Viewer
from ..declaration import Base, Dataset, Field, dataset_named, dataset_of, fields_of
from ..errors import RuleViolation
from . import pages
from .query import BadQuery, Condition, Query, Unanswerable, is_veiled, mark_of
from .sight import fields_seen

AnySession = Session | scoped_session[Any]

COUNTED_UP_TO = 10_000
FOUND_UP_TO = 2_000
LONG_FOR_SECONDS = 60
_MOST_LONG = 10_000
# Trigram indexes cannot help with less, and the country cannot be read through for two letters.
SHORTEST_WIDE_SEARCH = 3


class SearchTooShort(Unanswerable):
    """Two letters match a large part of the country."""

    message = "คำค้นสั้นเกินไปสำหรับข้อมูลทั้งประเทศหรือทั้งเขต กรุณาพิมพ์อย่างน้อย 3 ตัวอักษร"
    status = 422


class SortTooWide(Unanswerable):
    """Ordering the whole country by a column without an index would read it all."""

    message = "เรียงลำดับแบบนี้ได้เมื่อเลือกโรงเรียนแล้วเท่านั้น กรุณาเลือกโรงเรียนก่อน"
    status = 422


class FilterTooWide(Unanswerable):
    """Filtering the whole country by a column without an index would read it all."""

    message = "กรองด้วย “{what}” ได้เมื่อเลือกโรงเรียนแล้วเท่านั้น กรุณาเลือกโรงเรียนก่อน"
    status = 422


class TooLongForOneFile(RuleViolation):
    """A spreadsheet of the whole country opens nowhere."""

    message = "รายการยาวเกินไปสำหรับไฟล์เดียว (เกิน {most} รายการ) กรุณากรองให้แคบลง เช่น เลือกโรงเรียนหรือชั้น"
    status = 422


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
        self.fields: Mapping[str, Field] = fields_seen(model, viewer)
        self.viewer = viewer
        self.key = sa.inspect(model).primary_key[0].key

    def page(self, session: AnySession, query: Query, columns: Sequence[str], *, plain: bool = False) -> Page:
        """One page in one statement: the rows, and beside them a count that stops at COUNTED_UP_TO.

        ``plain`` gives codes as they are stored: members of their lists take longer to make than to send.
        """
        order = self._order(session, query)
        backwards = query.before is not None
        descending = query.descending != backwards
        mark = query.before if backwards else query.after
        marked = () if mark is None else self._values(order, mark)
        narrowed = self._narrowed(session, query)
        is_long = self._is_long(session, query)
        if not narrowed and self.viewer.scope and pages.are_of_table(cast("Any", self.model), tuple(columns)):
            asked = pages.Asked(
                model=self.model,
                columns=tuple(columns),
                hidden=frozenset(columns).difference(self.seen(columns)),
                order=self._order_names(query),
                descending=descending,
                is_marked=mark is not None,
                size=query.size,
                counted_to=None if is_long else COUNTED_UP_TO + 1,
                plain=plain,
                bounded=pages.is_bounded(self.model, self.viewer),
                dialect=session.get_bind().dialect.name,
            )
            found = pages.rows_of(session, self.viewer, asked, marked)
        else:
            picked = [self._plain(name) if plain else self._picked(name) for name in columns]
            total = sa.null() if is_long else self._total(narrowed).scalar_subquery()
            statement = sa.select(total, getattr(self.model, self.key), *picked, *order).where(*narrowed)
            if mark is not None:
                left, right = sa.tuple_(*order), sa.tuple_(*map(sa.literal, marked, (c.type for c in order)))
                statement = statement.where(left < right if descending else left > right)
            direction = sa.desc if descending else sa.asc
            statement = statement.order_by(*(direction(column) for column in order)).limit(query.size + 1)
            found = list(session.execute(statement))
        counted = self._counted(session, query, narrowed, found, is_long=is_long)
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

    def _counted(
        self,
        session: AnySession,
        query: Query,
        narrowed: Sequence[sa.ColumnElement[bool]],
        found: list[Any],
        *,
        is_long: bool,
    ) -> int:
        if is_long:
            return COUNTED_UP_TO + 1
        counted = int(found[0][0]) if found else self.count(session, narrowed)
        if counted > COUNTED_UP_TO:
            if len(_long) >= _MOST_LONG:
                _long.clear()
            _long[self._list(session, query)] = monotonic() + LONG_FOR_SECONDS
        return counted

    def _is_long(self, session: AnySession, query: Query) -> bool:
        """Whether the list was found to have more rows than are counted, less than a minute ago.

        Such a list is said to have "more than 10,000"; to find that out again takes as long as the page.
        """
        return _long.get(self._list(session, query), 0.0) > monotonic()

    def _list(self, session: AnySession, query: Query) -> Any:
        bind: Any = session.get_bind()
        url = bind.engine.url
        asked = (query.search, *sorted(query.filters.items(), key=itemgetter(0)))
        return url.port, url.database, self.model, self.viewer.scope, COUNTED_UP_TO, asked

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

    def keys(self, session: AnySession, query: Query, most: int) -> list[Any]:
        """Primary keys of all rows of the list, ``most + 1`` at most: the caller sees that there are more."""
        key = getattr(self.model, self.key)
        narrowed = self._narrowed(session, query)
        return list(session.scalars(sa.select(key).where(*narrowed).order_by(key).limit(most + 1)))

    def stream(self, session: AnySession, query: Query, columns: Sequence[str]) -> Iterator[Any]:
        """All rows of the list in its order, fetched in portions: for exports."""
        order = self._order(session, query)
        direction = sa.desc if query.descending else sa.asc
        statement = (
            sa.select(*(self._picked(name) for name in columns))
            .where(*self._narrowed(session, query))
            .order_by(*(direction(column) for column in order))
            .execution_options(yield_per=2_000)
        )
        for row in session.execute(statement):
            yield tuple(row)

    def sortable(self, name: str, query: Query) -> bool:
        """Whether a list of this width can be ordered so: beyond one school only where an index holds the order."""
        if name not in self.declared.sorted or self._is_unseen(name):
            return False
        return self._is_narrow(query) or self.declared.shared or self.fields[name].thai_sorted

    def seen(self, columns: Sequence[str]) -> list[str]:
        """Of these columns those that the viewer sees, masked or not."""
        return [name for name in columns if name in self.fields or name not in fields_of(self.model)]

    def filterable(self, name: str, condition: Condition, query: Query) -> bool:
        """Whether a list of this width can be filtered so.

        Within one area every filter can be answered by reading the area's rows. Across the country only
        values of columns that the declaration filters, and what an index answers.
        """
        if self.viewer.level is not Level.CENTRAL or self._is_narrow(query) or self.declared.shared:
            return True
        if condition.is_plain and self.fields[name].filtered:
            return True
        return self._is_indexed(name) and not condition.words and condition.empty is None

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    def _picked(self, name: str) -> Any:
        """A column to be read; of a hidden one nothing leaves the database, whoever forgot to ask."""
        return getattr(self.model, name) if self.seen([name]) else sa.null().label(name)

    def _plain(self, name: str) -> Any:
        picked = self._picked(name)
        return pages.plain_code(picked, self.fields[name].kind) if name in self.fields else picked

    def _is_unseen(self, name: str) -> bool:
        return name in fields_of(self.model) and is_veiled(self.fields.get(name))

    def _order(self, session: AnySession, query: Query) -> list[Any]:
        if query.sort and self._is_unseen(query.sort):
            raise BadQuery(what=f"sort={query.sort}")
        if query.sort and not self.sortable(query.sort, query):
            raise SortTooWide
        return [self._ordered(session, name) for name in self._order_names(query)]

    def _order_names(self, query: Query) -> tuple[str, ...]:
        # Beside the primary key nothing else: this is what the index of a sortable column holds.
        return (query.sort, self.key) if query.sort else tuple(self.declared.order)

    def _ordered(self, session: AnySession, name: str) -> Any:
        column = getattr(self.model, name)
        if name in self.fields and self.fields[name].thai_sorted:
            return pages.collated(column, session.get_bind().dialect.name)
        return column

    def _values(self, order: Sequence[Any], mark: tuple[Any, ...]) -> list[Any]:
        """The values of a page mark, as the columns of the order hold them."""
        if len(mark) != len(order):
            raise BadQuery(what="page")
        return [self._typed(column, part) for column, part in zip(order, mark, strict=True)]

    def _typed(self, column: Any, part: Any) -> Any:
        python_type = column.type.python_type if not isinstance(column.type, sa.Enum) else None
        try:
            if python_type is None:
                part = column.type.enum_class(part)
            elif python_type in (dt.date, dt.datetime):
                part = python_type.fromisoformat(part)
            elif python_type is Decimal:
                part = Decimal(part)
            elif not isinstance(part, python_type):
                raise ValueError(part)
        except (ValueError, TypeError, ArithmeticError):
            raise BadQuery(what="page") from None
        return part

    def _is_narrow(self, query: Query) -> bool:
        """True for a list of one school, which is short enough to be read through."""
        if self.viewer.scope.count("/") == 2:
            return True
        school = query.filters.get("school_code")
        return school is not None and school.is_plain and len(school.values) == 1

    def _narrowed(self, session: AnySession, query: Query) -> list[sa.ColumnElement[bool]]:
        if unseen := [name for name in query.filters if self._is_unseen(name)]:
            raise BadQuery(what=unseen[0])  # rows that match would tell a value that is not shown
        narrowed = [self._filtered(name, condition, query) for name, condition in query.filters.items()]
        if query.search:
            narrowed.append(self._matching(session, query, narrowed))
        return narrowed

    def _filtered(self, name: str, condition: Condition, query: Query) -> sa.ColumnElement[bool]:
        if not self.filterable(name, condition, query):
            raise FilterTooWide(what=self.fields[name].th)
        return condition.clause(getattr(self.model, name))

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
        condition = self._search_condition(session, query)
        if self._is_narrow(query):
            return condition
        key = getattr(self.model, self.key)
        hits = sa.select(key).where(*narrowed, condition).limit(FOUND_UP_TO)
        if session.get_bind().dialect.name == "postgresql":
            # An array is gathered once. An IN may be gathered again for each row that it is compared with.
            return key == sa.any_(sa.func.array(hits.scalar_subquery()))
        return key.in_(hits)

    def _search_condition(self, session: AnySession, query: Query) -> sa.ColumnElement[bool]:
        searched = [declared for declared in self.fields.values() if declared.searched]
        number = identity.normalise_identity(query.search)
        by_identity = [d for d in searched if isinstance(d.kind, kinds.Identity)]
        if by_identity and identity.kind_of(number) != "other":
            return sa.or_(
                *(getattr(self.model, d.name) == number for d in by_identity),
                *self._found_before(session, number),
            )
        codes: list[Any] = []
        names: list[Any] = []
        for declared in searched:
            (names if (declared.length or 0) >= NAME_LENGTH else codes).append(
                getattr(self.model, declared.name),
            )
        if not searched:
            return sa.false()
        if codes and (query.search[:1].isdigit() or not names):
            return self._code_condition(codes, number or query.search, self._is_narrow(query))
        self._require_long_enough(query)
        words = query.search.split()
        return sa.and_(
            *(sa.or_(*(name.icontains(word, autoescape=True) for name in names)) for word in words),
        )

    def _found_before(self, session: AnySession, number: str) -> Iterator[sa.ColumnElement[bool]]:
        """Rows that had this number before, where the dataset keeps its numbers over time."""
        if self.declared.found_before is not None:
            keys = self.declared.found_before(session.connection(), number)
            if keys:
                yield getattr(self.model, self.key).in_(keys)

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


_long: dict[Any, float] = {}
"""Lists that have more rows than are counted, and until when that is believed."""

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
    seen = fields_seen(model)
    for position, name in enumerate(columns):
        kind = seen[name].kind if name in seen else None
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
