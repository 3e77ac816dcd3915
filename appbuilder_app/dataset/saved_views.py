"""Saved views of lists: who sees which, saving, sharing, and the one that opens first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import (
    Role,
    assoc_group_role,
    assoc_user_group,
    assoc_user_role,
)
from werkzeug.datastructures import MultiDict

from .. import access
from ..access import Action, Level, Viewer
from ..declaration import Base
from ..errors import NotPermitted, NotYours, RuleViolation
from ..models import SavedView
from .listing import AnySession
from .query import Query, columns_of

MOST_VIEWS = 50
LONGEST_NAME = 80
_PASSING = {"after", "before", "first", "with", "view"}


class NameMissing(RuleViolation):
    """A view without a name cannot be found again."""

    message = "กรุณาตั้งชื่อมุมมอง ไม่เกิน 80 ตัวอักษร"


class NameTaken(RuleViolation):
    """Two views of one person with one name could not be told apart."""

    message = "ท่านมีมุมมองชื่อ “{name}” อยู่แล้ว กรุณาใช้ชื่ออื่น"
    status = 409


class TooManyViews(RuleViolation):
    """A drop-down that nobody can read helps nobody."""

    message = "บันทึกได้ไม่เกิน {most} มุมมองต่อรายการ กรุณาลบมุมมองที่ไม่ใช้แล้ว"


class QueryTooLong(RuleViolation):
    """An address that long would not be opened by every browser."""

    message = "เงื่อนไขของมุมมองนี้ยาวเกินไป กรุณาลดตัวกรองหรือคอลัมน์"


class View(NamedTuple):
    """A saved view as its reader sees it; ``mine`` when the reader may change it."""

    id: int
    name: str
    query: str
    mine: bool
    shared_role: str | None
    is_default: bool


def views_of(session: AnySession, model: type[Base], viewer: Viewer) -> list[View]:
    """The views that a person can open: their own first, then those shared with a role of theirs.

    One statement. A view is shared within its owner's scope: a district's reaches its schools, no others.
    """
    found = session.execute(
        sa.select(SavedView)
        .where(SavedView.dataset == model.__tablename__, _visible_to(viewer))
        .order_by(SavedView.owner_id != viewer.id, SavedView.name, SavedView.id)
        .limit(2 * MOST_VIEWS)
    ).scalars()
    return [
        View(row.id, row.name, row.query, mine := row.owner_id == viewer.id, row.shared_role,
             row.is_default and mine)
        for row in found
    ]  # fmt: skip


def _visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    own = sa.select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == viewer.id)
    of_groups = (
        sa.select(assoc_group_role.c.role_id)
        .join(assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id)
        .where(assoc_user_group.c.user_id == viewer.id)
    )
    roles = sa.select(Role.name).where(Role.id.in_(own.union(of_groups)))
    above = SavedView.scope.in_(access.ancestors(viewer.scope))
    return sa.or_(SavedView.owner_id == viewer.id, sa.and_(above, SavedView.shared_role.in_(roles)))


def kept_of(arguments: Any) -> list[tuple[str, str]]:
    """What a view keeps of a list's arguments: not the page one happens to be on."""
    return [(name, value) for name, value in arguments if value and name not in _PASSING]


def save(session: AnySession, model: type[Base], name: str, query: str) -> int:
    """Save a list under a name; a view of one's own with this name is replaced. The caller commits."""
    viewer, name = access.viewer(), _named(name)
    _require_sound(model, viewer, query)
    with _at_work(model):
        row = session.scalar(_own(model, viewer).where(SavedView.name == name))
        if row is None:
            _require_room(session, model, viewer)
            row = SavedView(dataset=model.__tablename__, name=name, owner_id=viewer.id)
            session.add(row)
        row.query = query
        session.flush()
    return row.id


def rename(session: AnySession, model: type[Base], key: int, name: str) -> None:
    """Give one's own view another name."""
    row, name = _mine(session, model, key), _named(name)
    same = _own(model, access.viewer()).where(SavedView.name == name, SavedView.id != key)
    if session.scalar(same) is not None:
        raise NameTaken(name=name)
    with _at_work(model):
        row.name = name
        session.flush()


def remove(session: AnySession, model: type[Base], key: int) -> None:
    """Delete one's own view."""
    row = _mine(session, model, key)
    with _at_work(model):
        session.delete(row)
        session.flush()


def share(session: AnySession, model: type[Base], key: int, role: str | None) -> None:
    """Let everybody with a role in one's scope open a view, or nobody any more (None).

    Officers above the schools may: they look after those who will read it.
    """
    row, viewer = _mine(session, model, key), access.viewer()
    if not may_share(viewer):
        raise NotPermitted(what="แบ่งปันมุมมอง")
    if role is not None and session.scalar(sa.select(Role.id).where(Role.name == role)) is None:
        raise NotYours
    with _at_work(model):
        row.shared_role = role
        session.flush()


def may_share(viewer: Viewer) -> bool:
    """Whether a person may share views with a role: district and central officers, within their scope."""
    return viewer.level is not Level.SCHOOL


def roles_to_share_with(session: AnySession) -> list[str]:
    """Names of all roles."""
    return list(session.scalars(sa.select(Role.name).where(Role.name != "Public").order_by(Role.id)))


def open_first(session: AnySession, model: type[Base], key: int | None) -> None:
    """Let one's list open with this view (None: with all rows). Of a shared view one gets a copy of one's own."""
    viewer = access.viewer()
    with _at_work(model):
        for row in session.scalars(_own(model, viewer).where(SavedView.is_default)):
            row.is_default = False
        session.flush()
        if key is None:
            return
        chosen = session.scalar(sa.select(SavedView).where(SavedView.id == key, _visible_to(viewer)))
        if chosen is None or chosen.dataset != model.__tablename__:
            raise NotYours
        if chosen.owner_id != viewer.id:
            key = save(session, model, chosen.name, chosen.query)
        _mine(session, model, key).is_default = True
        session.flush()


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _at_work(model: type[Base]) -> Iterator[None]:
    """Views are written by these verbs only; who may read a dataset may keep views of it."""
    with access.performing(Action.READ, model.__tablename__), access.because(None):
        yield


def _own(model: type[Base], viewer: Viewer) -> sa.Select[SavedView]:
    return sa.select(SavedView).where(
        SavedView.dataset == model.__tablename__, SavedView.owner_id == viewer.id
    )


def _mine(session: AnySession, model: type[Base], key: int) -> SavedView:
    row = session.scalar(_own(model, access.viewer()).where(SavedView.id == key))
    if row is None:
        raise NotYours
    return row


def _named(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NameMissing
    return name


def _require_sound(model: type[Base], viewer: Viewer, query: str) -> None:
    if len(query) > SavedView.query.type.length:
        raise QueryTooLong
    arguments = MultiDict(parse_qsl(query))
    Query.of(model, arguments)
    columns_of(model, viewer, arguments)


def _require_room(session: AnySession, model: type[Base], viewer: Viewer) -> None:
    if len(list(session.scalars(_own(model, viewer).limit(MOST_VIEWS)))) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
