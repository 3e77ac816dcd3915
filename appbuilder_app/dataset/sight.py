"""Field groups: how much of each field a viewer sees, asked by every path that shows, searches or writes.

Paths that show or take values use ``fields_seen`` where workflows use ``fields_of``: hidden fields are not in
it, and masked ones are there with a kind that gives nothing but the veil, and can be neither searched,
filtered, ordered by nor written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

from .. import access, kinds
from ..access import Privacy, Sight, Viewer
from ..bilingual import Sentence
from ..declaration import Base, Field, fields_of, privacies_of
from ..errors import FieldNotSeen, NotPermitted, Problem
from .validation import labelled

UNSEEN = Sentence("บทบาทของท่านไม่มีสิทธิ์เห็นข้อมูลช่องนี้ จึงบันทึกไม่ได้ หากจำเป็นต้องใช้ ให้ติดต่อผู้ดูแลระบบ")


def sight(viewer: Viewer | None, declared: Field) -> Sight:
    """How much the viewer sees of a field; nobody sees nothing but ordinary fields."""
    if declared.privacy is None:
        return Sight.SHOWN
    return Sight.HIDDEN if viewer is None else viewer.sight(declared.dataset, declared.privacy)


def fields_seen(model: type[Base], viewer: Viewer | None = None) -> Mapping[str, Field]:
    """The fields of a dataset as the viewer (who is acting, when not given) sees them, in their order.

    Hidden fields are absent. Masked ones are not editable, searched, filtered or sortable.
    """
    viewer = viewer or access.viewer_or_none()
    groups = privacies_of(model)
    if not groups:
        return fields_of(model)
    return _as_seen(cast("Any", model), tuple(_sight_of(viewer, model, privacy) for privacy in groups))


def _sight_of(viewer: Viewer | None, model: type[Base], privacy: Privacy) -> Sight:
    return Sight.HIDDEN if viewer is None else viewer.sight(model.__tablename__, privacy)


@cache
def _as_seen(model: Any, sights: tuple[Sight, ...]) -> Mapping[str, Field]:
    sight_by_group: dict[Privacy | None, Sight] = dict(zip(privacies_of(model), sights, strict=True))
    seen = {}
    for name, declared in fields_of(model).items():
        shown = sight_by_group.get(declared.privacy, Sight.SHOWN)
        if shown is not Sight.HIDDEN:
            seen[name] = declared if shown is Sight.SHOWN else _masked(declared)
    return seen


def _masked(declared: Field) -> Field:
    veiled = kinds.Masked(declared.kind)
    return replace(declared, kind=veiled, masked=True, editable=False, searched=False, filtered=False)


def is_shown(model: type[Base], name: str, viewer: Viewer | None = None) -> bool:
    """Whether the viewer sees a field's values: only then may it be searched, ordered by or written."""
    declared = fields_of(model).get(name)
    return declared is None or sight(viewer or access.viewer_or_none(), declared) is Sight.SHOWN


def unseen_problems(model: type[Base], names: Iterable[str], viewer: Viewer | None = None) -> list[Problem]:
    """Of the fields that somebody is about to write, those whose values they may not see, each refused."""
    fields = fields_of(model)
    unseen = [name for name in names if not is_shown(model, name, viewer)]
    return [Problem(name, labelled(fields[name].th, UNSEEN)) for name in unseen]


def require_whole(model: type[Base], viewer: Viewer | None = None) -> None:
    """Refuse (NotPermitted) to take or show whole records of a dataset of which the viewer sees only a part."""
    viewer = viewer or access.viewer_or_none()
    unseen = [p for p in privacies_of(model) if _sight_of(viewer, model, p) is not Sight.SHOWN]
    if unseen:
        raise NotPermitted(
            what=Sentence("ทำรายการนี้ เพราะบทบาทของท่านไม่เห็นข้อมูลกลุ่ม {groups}", groups=[p.th for p in unseen])
        )


def require_shown(model: type[Base], names: Iterable[str], viewer: Viewer | None = None) -> None:
    """Refuse (FieldNotSeen, 403, by name) to write fields whose values the viewer may not see."""
    if problems := unseen_problems(model, names, viewer):
        raise FieldNotSeen(problems)
