"""What the generated screens of a dataset share: buttons, the lock notice, finding and naming a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import g
from flask_appbuilder import BaseView

from .. import access, kinds
from ..access import Action
from ..bilingual import Sentence
from ..codes import RoundSystem
from ..declaration import Base, Scoped, dataset_of, db, fields_of
from ..errors import NotPermitted, NotYours
from ..language import gettext as _
from ..language import said
from . import lock, questions
from .columns import given_by_scope
from .forms import label_of
from .sight import fields_seen


class Button(NamedTuple):
    """A button at the head of a page."""

    label: str
    url: str
    icon: str
    primary: bool = False


@dataclass(frozen=True)
class LockNotice:
    """Why nothing can be edited now, and who can help."""

    message: str
    who: str


class ScreensOfDataset(BaseView):
    """Base of the pages of one dataset: whose row it is, whether it may be written, and why not."""

    model: type[Base]

    def _declared(self) -> Any:
        declared = dataset_of(self.model)
        return {
            "name": self.model.__tablename__,
            "label": label_of(declared),
            "title": declared.title,
            "icon": declared.icon,
            "url": f"{self.route_base}/",
        }

    def _row(self, key: str) -> Base:
        """The row, if the viewer may see it; otherwise 404, whether it exists or not."""
        row = find(self.model, key)
        if row is None:
            raise NotYours
        return row

    def _own_row(self, key: str) -> Base:
        require_by_hand(self.model)
        row = self._row(key)
        if not self._owns(row):
            raise NotYours
        return row

    @staticmethod
    def _owns(row: Base) -> bool:
        return isinstance(row, Scoped) and access.viewer().looks_after(row.scope)

    @staticmethod
    def _key_of(row: Base) -> Any:
        return sa.inspect(type(row)).primary_key_from_instance(row)[0]

    def _may_write(self) -> bool:
        return (
            access.viewer().may(Action.WRITE, self.model.__tablename__) and not dataset_of(self.model).managed
        )

    def _given_by_scope(self) -> dict[str, Any]:
        return given_by_scope(self.model, access.viewer())

    def lock_notice(self, row: Base | None = None) -> LockNotice | None:
        """Why nothing of this can be written now; the same predicate that guards the writing."""
        system = dataset_of(self.model).round
        if system is None or not self._may_write():
            return None
        scope = row.scope if isinstance(row, Scoped) and row.scope else access.viewer().scope
        refusal = standing_now(system, scope).refusal
        return None if refusal is None else LockNotice(str(refusal), _("สอบถามเพิ่มเติมที่เขตพื้นที่การศึกษาของท่าน"))


def require_by_hand(model: type[Base]) -> None:
    """Refuse (NotPermitted, 403) to add, edit or delete rows that only workflow verbs write."""
    if dataset_of(model).managed:
        raise NotPermitted(
            what=Sentence("{action}{dataset}", action=Action.WRITE.th, dataset=dataset_of(model).th)
        )


def standing_now(system: RoundSystem, scope: str) -> lock.Standing:
    """Where a scope stands, asked once per request: the page's head and its list share the answer."""
    known: dict[Any, lock.Standing] = g.setdefault("standings", {})
    if (system, scope) not in known:
        known[system, scope] = lock.standing(db.session.connection(), system, scope)
    return known[system, scope]


def find(model: type[Base], key: str) -> Base | None:
    """A row by its primary key, within the viewer's scope; None for a malformed key, too."""
    column = sa.inspect(model).primary_key[0]
    if column.type.python_type is int:
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            return None
        return db.session.scalar(sa.select(model).where(column == int(key)))
    return db.session.scalar(sa.select(model).where(column == key))


def title_of(row: Base) -> str:
    """What people call the row: its declared title."""
    fields = fields_of(type(row))
    parts = [(fields.get(name), getattr(row, name) or "") for name in dataset_of(type(row)).title]
    # A text of a closed set knows its English.
    shown = [
        said(of.kind.show(value)) if of and isinstance(of.kind, kinds.Spoken) else str(value)
        for of, value in parts
    ]
    return " ".join(shown) or str(row)


def differences(
    model: type[Base],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    row_key: str = "",
) -> list[tuple[str, str, str]]:
    """A history entry for people: label, before, after; personal numbers masked, hidden fields left out.

    Answers of a questionnaire are told question by question; ``row_key`` tells of which sheet.
    """
    fields = fields_seen(model)
    told: list[tuple[str, str, str]] = []
    for name in {**before, **after}:
        if name not in fields:
            continue
        declared, was, now = fields[name], before.get(name), after.get(name)
        if isinstance(declared.kind, kinds.Answers):
            told += [(said(asked), old, new) for asked, old, new in questions.differing(row_key, was, now)]
        else:
            told.append((label_of(declared), _shown(declared.kind, was), _shown(declared.kind, now)))
    return told


def _shown(kind: kinds.Kind, stored: Any) -> str:
    try:
        return kind.mask(kind.read(stored))
    except kinds.NotReadable:
        return str(stored)  # written under an older declaration
