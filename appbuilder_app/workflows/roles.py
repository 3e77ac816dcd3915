"""Roles: which rights each holds, changed by administrators without code."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu, assoc_user_role

from .. import access
from ..access import SUBJECTS, Action, Right
from ..bilingual import Sentence
from ..dataset import history
from ..declaration import dataset_of, datasets, db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation

_OF_DATASETS = (Action.READ, Action.WRITE, Action.IMPORT, Action.EXPORT)
# FAB's own roles; ours are separate, so nobody can be made "Admin" by accident.
_HIDDEN = {"Admin", "Public"}


class LastAdministrator(RuleViolation):
    """Somebody must remain who can manage roles."""

    message = "ต้องมีอย่างน้อยหนึ่งบทบาทที่มีผู้ใช้และจัดการบทบาทได้ มิฉะนั้นจะไม่มีใครแก้ไขสิทธิ์ได้อีก"
    status = 409


def label_of(role: Role) -> str:
    """Thai name of a role."""
    return access.ROLE_LABELS.get(role.name, role.name)


def matrix() -> list[tuple[str, str, tuple[Action, ...]]]:
    """The lines of the rights matrix: subject, Thai label, the actions it knows. Datasets come by themselves."""
    lines = [(model.__tablename__, dataset_of(model).th, _OF_DATASETS) for model in datasets()]
    return lines + [(subject, label, actions) for subject, (label, actions) in SUBJECTS.items()]


def known_rights() -> frozenset[Right]:
    """Every right that exists."""
    return frozenset((str(action), subject) for subject, _label, actions in matrix() for action in actions)


def roles_with_counts() -> list[tuple[Role, str, int]]:
    """All roles with their Thai name and how many accounts hold them."""
    access.viewer().require(Action.READ, "role")
    counts: dict[int, int] = dict(
        db.session.execute(
            sa.select(assoc_user_role.c.role_id, sa.func.count()).group_by(assoc_user_role.c.role_id),
        ).all(),
    )
    found = db.session.scalars(sa.select(Role).where(Role.name.not_in(_HIDDEN)).order_by(Role.id))
    return [(role, label_of(role), counts.get(role.id, 0)) for role in found]


def choices() -> list[tuple[str, str]]:
    """Roles that the viewer may give, for a form: name and Thai label."""
    found = db.session.scalars(sa.select(Role).where(Role.name.not_in(_HIDDEN)).order_by(Role.id))
    giver = access.viewer().scope
    return [(role.name, label_of(role)) for role in found if access.may_give(giver, role.name)]


def role_with(role_id: int) -> Role:
    """One role; NotYours (404) when there is none."""
    role = db.session.get(Role, role_id)
    if role is None or role.name in _HIDDEN:
        raise NotYours
    return role


def rights_in(role: Role) -> frozenset[Right]:
    """The rights that a role holds."""
    return frozenset((pv.permission.name.removeprefix("can_"), pv.view_menu.name) for pv in role.permissions)


def add_role(name: str) -> Role:
    """A new role without rights."""
    with access.performing(Action.MANAGE, "role"):
        _must_be_central()
        name = " ".join(name.split())
        taken = name in _HIDDEN or db.session.scalar(sa.select(Role.id).filter_by(name=name)) is not None
        if not 3 <= len(name) <= 60 or taken or name in access.ROLE_LABELS.values():
            raise InvalidRow([Problem("name", "ตั้งชื่อบทบาท 3–60 ตัวอักษร และไม่ซ้ำกับบทบาทที่มีอยู่")])
        role = Role(name=name)
        db.session.add(role)
        db.session.flush()
        history.record_role(db.session.connection(), name, {}, {"rights": []})
        return role


def set_rights(role: Role, rights: set[Any]) -> None:
    """Set exactly these rights of a role; unknown ones are refused. Takes effect with the next request."""
    with access.performing(Action.MANAGE, "role"):
        _must_be_central()
        if unknown := rights - known_rights():
            raise InvalidRow([Problem(None, Sentence("ไม่รู้จักสิทธิ์ {rights}", rights=sorted(unknown)))])
        before = sorted(":".join(right) for right in rights_in(role))
        role.permissions = [permission_view(action, subject) for action, subject in sorted(rights)]
        db.session.flush()
        _require_administrator()
        after = sorted(":".join(right) for right in rights)
        history.record_role(db.session.connection(), role.name, {"rights": before}, {"rights": after})


def _must_be_central() -> None:
    # A role is the same for the whole country: who could change one below the centre could change their own.
    if access.viewer().scope != access.CENTRE:
        raise NotYours


def _require_administrator() -> None:
    roles_in_use = select_roles_in_use()
    if not any(("manage", "role") in rights_in(role) for role in roles_in_use):
        raise LastAdministrator


def select_roles_in_use() -> list[Role]:
    """Roles that at least one account holds."""
    return list(
        db.session.scalars(
            sa.select(Role).join(assoc_user_role, assoc_user_role.c.role_id == Role.id).distinct(),
        ),
    )


def sync_roles() -> None:
    """Make the roles of access.py that are not there yet. What administrators changed since stays changed."""
    for spec in access.ROLES:
        if db.session.scalar(sa.select(Role.id).filter_by(name=spec.name)) is None:
            role = Role(name=spec.name)
            role.permissions = [permission_view(action, subject) for action, subject in sorted(spec.rights)]
            db.session.add(role)
    db.session.flush()


def permission_view(action: str, subject: str) -> PermissionView:
    """The row of a right, made when it is not there yet."""
    permission, menu = _named(Permission, f"can_{action}"), _named(ViewMenu, subject)
    query = sa.select(PermissionView).filter_by(permission_id=permission.id, view_menu_id=menu.id)
    found = db.session.scalar(query)
    if found is None:
        found = PermissionView(permission_id=permission.id, view_menu_id=menu.id)
        db.session.add(found)
        db.session.flush()
    return found


def _named(model: Any, name: str) -> Any:
    found = db.session.scalar(sa.select(model).filter_by(name=name))
    if found is None:
        found = model(name=name)
        db.session.add(found)
        db.session.flush()
    return found
