"""Which records are, or may be, of one child: found in sets, of one school against all or of the whole country.

Three searches (R11, R33, R36): the same ID in several schools; the same ID, or the same child, in another agency's
list of the round; and likely the same child, by rules that are [assumed]:

- the same birth date and the same key of the name (``thainames.py``), under different IDs;
- no parent speaks against it: where both records name the father, or the mother, the keys of the first names agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import CENTRE, Action
from ...bulk import among, without_nested_loops
from ...codes import DuplicateKind, StudentStatus
from ...declaration import db
from ...models import AgencyList, AgencyStudent, CollectionRound, Student
from ...thainames import SQL_FUNCTION
from ...walls import SetWork, set_based
from .. import rounds

SUBJECT: Final = "duplicate"
AT_ONCE: Final = 2_000
"""IDs or names written into one statement; a large school's."""

_STUDENT, _LIST, _CHILD = Student.__table__, AgencyList.__table__, AgencyStudent.__table__
_ONE, _OTHER = _STUDENT.alias("one"), _STUDENT.alias("other")


@dataclass(frozen=True)
class Found:
    """Records found to be, or likely to be, of one child: students by id, and rows of agencies' lists."""

    kind: DuplicateKind
    students: tuple[int, ...]
    listed: tuple[int, ...] = ()


def find(scope: str = "") -> list[Found]:
    """All duplicates in which a student of this scope (the viewer's own when left out) takes part.

    The viewer's own rows are compared with the whole country's. Nothing is changed, nothing opened.
    """
    viewer = access.viewer()
    viewer.require(Action.MANAGE, SUBJECT)
    chosen = scope or viewer.scope
    if not viewer.looks_after(chosen):
        return []
    return found_in(chosen, rounds.current_round())


def found_in(scope: str, present: CollectionRound | None) -> list[Found]:
    """As ``find``, for who has asked whether it may be."""
    with set_based(SetWork.DUPLICATES):
        connection = db.session.connection()
        round_id = present.id if present else None
        find_them = (
            _of_all(connection, round_id) if scope == CENTRE else _of_some(connection, scope, round_id)
        )
        found = set(find_them)
    return sorted(found, key=lambda one: (one.kind.position, one.students, one.listed))


def _of_all(connection: sa.Connection, round_id: int | None) -> Iterator[Found]:
    """Every student against every other: joins of the whole table with itself."""
    same_id = sa.and_(
        _ONE.c.national_id == _OTHER.c.national_id, _ONE.c.id < _OTHER.c.id, *_enrolled(_ONE, _OTHER)
    )
    with without_nested_loops(connection):
        pairs = connection.execute(sa.select(_ONE.c.national_id, _ONE.c.id, _OTHER.c.id).where(same_id))
        yield from _same_id((number, (left, right)) for number, left, right in pairs)
        yield from _likely(connection.execute(_alike()).all())
        if round_id is not None:
            for same in (_BY_ID, _BY_CHILD):
                yield from _listed(connection.execute(_in_lists(round_id, same)).all())


def _of_some(connection: sa.Connection, scope: str, round_id: int | None) -> Iterator[Found]:
    """A scope's students against all: their IDs and names are written out, so that indexes answer."""
    mine = connection.execute(
        sa.select(_STUDENT.c.id, _STUDENT.c.national_id, _STUDENT.c.name_key).where(
            _is_within(_STUDENT, scope)
        )
    ).all()
    own = {one.id for one in mine}
    found: set[Found] = set()
    with without_nested_loops(connection):
        for first in range(0, len(mine), AT_ONCE):
            some = mine[first : first + AT_ONCE]
            found.update(_of_these(connection, some, round_id))
    yield from (one for one in found if own.intersection(one.students))


def _of_these(connection: sa.Connection, some: Sequence[Any], round_id: int | None) -> Iterator[Found]:
    numbers = {one.national_id for one in some}
    same_id = among(connection, _STUDENT.c.national_id, numbers)
    enrolled = sa.select(_STUDENT.c.national_id, _STUDENT.c.id).where(*_enrolled(_STUDENT))
    rows = connection.execute(enrolled.where(same_id)).all()
    yield from _same_id((number, (row_id,)) for number, row_id in rows)
    keys = {one.name_key for one in some}
    chosen = [among(connection, table.c.name_key, keys) for table in (_ONE, _OTHER)]
    yield from _likely(connection.execute(_alike().where(*chosen)).all())
    if round_id is not None:
        for same, column, values in ((_BY_ID, "national_id", numbers), (_BY_CHILD, "name_key", keys)):
            both = [among(connection, table.c[column], values) for table in (_STUDENT, _CHILD)]
            yield from _listed(connection.execute(_in_lists(round_id, same).where(*both)).all())


def _enrolled(*tables: Any) -> list[sa.ColumnElement[bool]]:
    """Who has left, or was struck off by a case, is in no school."""
    return [table.c.status == StudentStatus.ENROLLED for table in tables]


def _is_within(table: Any, scope: str) -> sa.ColumnElement[bool]:
    lo, hi = access.scope_bounds(scope)
    return sa.and_(table.c.scope >= lo, table.c.scope < hi)


# ── What counts as one child ─────────────────────────────────────────────────────────────────────────────


def _same_id(groups: Iterable[tuple[str, tuple[int, ...]]]) -> Iterator[Found]:
    of_number: dict[str, set[int]] = defaultdict(set)
    for number, ids in groups:
        of_number[number].update(ids)
    for found in of_number.values():
        if len(found) > 1:
            yield Found(DuplicateKind.SAME_ID, tuple(sorted(found)))


def _likely(pairs: Iterable[Any]) -> Iterator[Found]:
    for left, right in pairs:
        yield Found(DuplicateKind.LIKELY, (left, right))


def _alike() -> sa.Select[tuple[int, int]]:
    """Pairs with one birth date and one name under different IDs, whose parents may be the same [assumed]."""
    return sa.select(_ONE.c.id, _OTHER.c.id).where(
        _ONE.c.name_key == _OTHER.c.name_key,
        _ONE.c.birth_date == _OTHER.c.birth_date,
        _ONE.c.id < _OTHER.c.id,
        _ONE.c.national_id != _OTHER.c.national_id,
        _ONE.c.name_key != "",
        *_enrolled(_ONE, _OTHER),
        _not_against("father_first_name"),
        _not_against("mother_first_name"),
    )


def _not_against(parent: str) -> sa.ColumnElement[bool]:
    """One of the records does not name the parent, or both name one name."""
    one, other = _ONE.c[parent], _OTHER.c[parent]
    key_of = getattr(sa.func, SQL_FUNCTION)
    # Written alike they are alike; computing the keys of thousands of parents would take most of a school's search.
    return sa.or_(one.is_(None), other.is_(None), one == other, key_of(one, "") == key_of(other, ""))


_BY_ID = _CHILD.c.national_id == _STUDENT.c.national_id
_BY_CHILD = sa.and_(
    _CHILD.c.name_key == _STUDENT.c.name_key,
    _CHILD.c.birth_date == _STUDENT.c.birth_date,
    _CHILD.c.name_key != "",
    sa.or_(_CHILD.c.national_id.is_(None), _CHILD.c.national_id != _STUDENT.c.national_id),
)


def _in_lists(round_id: int, same: Any) -> sa.Select[tuple[int, int]]:
    """Students who are in the round's list of another agency that their area or the centre keeps."""
    # ``0`` follows ``/``, as in access.scope_bounds.
    of_owner = (_STUDENT.c.scope >= _CHILD.c.scope) & (_STUDENT.c.scope < _CHILD.c.scope.concat("0"))
    lists = sa.select(_LIST.c.id).where(_LIST.c.round_id == round_id)
    joined = _CHILD.join(_STUDENT, same & of_owner)
    chosen = sa.select(_STUDENT.c.id, _CHILD.c.id).select_from(joined)
    return chosen.where(_CHILD.c.list_id.in_(lists), *_enrolled(_STUDENT))


def _listed(pairs: Iterable[Any]) -> Iterator[Found]:
    for student, child in pairs:
        yield Found(DuplicateKind.AGENCY, (student,), (child,))
