"""Roles: which rights each holds, changed by administrators without code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu, assoc_user_role

from .. import access
from ..access import SUBJECTS, Action, Level, Privacy, Right, Sight, private_subject
from ..bilingual import Label, Sentence
from ..dataset import history
from ..declaration import Menu, dataset_of, datasets, db, privacies_of, rights_of_role
from ..errors import InvalidRow, NotYours, Problem, RuleViolation
from ..models import Account, RoleOffer, RoleTerms
from ..walls import SetWork, set_based

_OF_DATASETS = (Action.READ, Action.WRITE, Action.IMPORT, Action.EXPORT)
# FAB's own roles; ours are separate, so nobody can be made "Admin" by accident.
_HIDDEN = {"Admin", "Public"}


class LastAdministrator(RuleViolation):
    """Somebody must remain who can manage roles."""

    message = "ต้องมีอย่างน้อยหนึ่งบทบาทที่มีผู้ใช้และจัดการบทบาทได้ มิฉะนั้นจะไม่มีใครแก้ไขสิทธิ์ได้อีก"
    status = 409


class RoleHeld(RuleViolation):
    """Deleting a role that somebody holds would take rights away unseen."""

    message = "ยังมีบัญชีที่ใช้บทบาทนี้ {count} บัญชี จึงลบไม่ได้ กรุณาเปลี่ยนบทบาทของบัญชีเหล่านั้นก่อน"
    status = 409


class RoleBuiltIn(RuleViolation):
    """The roles of access.py would come back with the next upgrade."""

    message = "บทบาทนี้มากับระบบ จึงลบหรือเปลี่ยนระดับไม่ได้ หากไม่ต้องการใช้ ให้เอาออกจากบัญชี หรือปลดสิทธิ์ทั้งหมด"
    status = 409


def label_of(role: Role) -> str:
    """Thai name of a role."""
    return access.ROLE_LABELS.get(role.name, role.name)


def matrix() -> list[tuple[str, str, tuple[Action, ...]]]:
    """The lines of the rights matrix: subject, Thai label, the actions it knows. Datasets come by themselves."""
    lines = [(model.__tablename__, dataset_of(model).th, _OF_DATASETS) for model in datasets()]
    return lines + [(subject, label, actions) for subject, (label, actions) in SUBJECTS.items()]


@dataclass(frozen=True)
class Line:
    """A line of the rights matrix: a subject, the actions it knows, and its groups of private fields."""

    subject: str
    label: str
    actions: tuple[Action, ...]
    privacies: tuple[Privacy, ...] = ()


def chapters() -> list[tuple[str, list[Line]]]:
    """The lines of the matrix under the groups of the navigation, and last what is no dataset."""
    by_menu: dict[Menu, list[Line]] = {}
    for model in datasets():
        by_menu.setdefault(dataset_of(model).menu, []).append(_line(model))
    others = [Line(subject, label, actions) for subject, (label, actions) in SUBJECTS.items()]
    return [*((menu.th, lines) for menu, lines in by_menu.items()), (_OTHERS, others)]


_OTHERS: Final = Label("งานและระบบ", "Work and system")


def _line(model: Any) -> Line:
    return Line(model.__tablename__, dataset_of(model).th, _OF_DATASETS, privacies_of(model))


def in_words(rights: frozenset[Right]) -> list[str]:
    """Rights for people: ``นักเรียน: ดู``, in the order of the matrix; what is no longer known is left out."""
    return [
        said
        for line in (line for _menu, lines in chapters() for line in lines)
        for said in _said(line, rights)
    ]


def _said(line: Line, rights: frozenset[Right]) -> Iterator[str]:
    for action in line.actions:
        if (str(action), line.subject) in rights:
            yield f"{line.label}: {action.th}"
    for privacy in line.privacies:
        if (seen := sight_in(rights, line.subject, privacy)) is not Sight.HIDDEN:
            yield f"{line.label}, {privacy.th}: {seen.th}"


def sight_in(rights: frozenset[Right], dataset: str, privacy: Privacy) -> Sight:
    """What these rights show of a group of fields: the same judgement as every viewer's."""
    return access.Viewer(None, "", "", "", "", rights).sight(dataset, privacy)


def known_rights() -> frozenset[Right]:
    """Every right that exists."""
    acts = {(str(action), subject) for subject, _label, actions in matrix() for action in actions}
    return frozenset(acts | {(str(sight), subject) for subject in _private_subjects() for sight in _HELD})


_HELD = (Sight.SHOWN, Sight.MASKED)


def _private_subjects() -> list[str]:
    return [
        private_subject(model.__tablename__, privacy)
        for model in datasets()
        for privacy in privacies_of(model)
    ]


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
    return [(role.name, label_of(role)) for role in found if may_give(giver, role.name)]


def may_give(giver: str, name: str) -> bool:
    """Whether who looks after the scope ``giver`` may give this role to others (R29).

    Below the centre: the built-in roles of narrower levels, and those which the centre allows them to give.
    """
    if access.may_give(giver, name):
        return True
    terms = _terms_named(name)
    level = level_named(name)
    return terms is not None and terms.given_below and level is not None and _is_narrower(level, giver)


def _is_narrower(level: Level, giver: str) -> bool:
    widest_first = [*Level]
    return widest_first.index(level) > widest_first.index(access.level_of(giver))


def level_named(name: str) -> Level | None:
    """The level whose accounts a role is for; None when it is for any."""
    built_in = next((spec.level for spec in access.ROLES if spec.name == name), None)
    terms = None if built_in else _terms_named(name)
    return built_in or (Level(terms.level) if terms is not None and terms.level else None)


def _terms_named(name: str) -> RoleTerms | None:
    of_name = sa.select(RoleTerms).join(Role, Role.id == RoleTerms.role_id).where(Role.name == name)
    return db.session.scalar(of_name)


def terms_of(role: Role) -> tuple[Level | None, bool]:
    """The level that a role is for, and whether those above that level, not the centre alone, may give it."""
    terms = db.session.get(RoleTerms, role.id)
    return level_named(role.name), is_built_in(role) or (terms is not None and terms.given_below)


def is_built_in(role: Role) -> bool:
    """Whether the role comes with every installation."""
    return role.name in access.ROLE_LABELS


def holders(role: Role, limit: int = 50) -> list[Account]:
    """Who holds a role, at most ``limit`` accounts, widest scope first."""
    access.viewer().require(Action.READ, "role")
    held = sa.select(Account).join(assoc_user_role, assoc_user_role.c.user_id == Account.id)
    held = held.where(assoc_user_role.c.role_id == role.id).order_by(Account.scope, Account.username)
    return list(db.session.scalars(held.limit(limit)))


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
        history.record_role(db.session.connection(), name, None, {"rights": []}, "insert")
        return role


def copy_role(role: Role, name: str) -> Role:
    """A new role with the rights and the level of another; who may give it, is said anew."""
    copy = add_role(name)
    set_rights(copy, set(rights_in(role) & known_rights()))
    set_terms(copy, level_named(role.name), given_below=False)
    return copy


def delete_role(role: Role) -> None:
    """Remove a role that nobody holds and that does not come with the system."""
    with access.performing(Action.MANAGE, "role"):
        _must_be_central()
        if is_built_in(role):
            raise RoleBuiltIn
        if count := len(holders(role)):
            raise RoleHeld(count=count)
        before = _facts(role)
        if (terms := db.session.get(RoleTerms, role.id)) is not None:
            db.session.delete(terms)
            db.session.flush()
        role.permissions = []
        db.session.delete(role)
        db.session.flush()
        history.record_role(db.session.connection(), role.name, before, None, "delete")


def set_terms(role: Role, level: Level | None, given_below: bool) -> None:
    """Say which level's accounts a role is for, and whether districts may give it to them."""
    with access.performing(Action.MANAGE, "role"):
        _must_be_central()
        if is_built_in(role):
            raise RoleBuiltIn
        if given_below and level is not Level.SCHOOL:
            raise InvalidRow(
                [Problem("given_below", "เขตให้ได้เฉพาะบทบาทของโรงเรียน กรุณาเลือกระดับโรงเรียน หรือเอาเครื่องหมายออก")]
            )
        before = _facts(role)
        terms = db.session.get(RoleTerms, role.id) or RoleTerms(role_id=role.id)
        terms.level, terms.given_below = level.value if level else None, given_below
        db.session.add(terms)
        db.session.flush()
        after = _facts(role)
        if before != after:
            history.record_role(db.session.connection(), role.name, before, after)


def _facts(role: Role) -> dict[str, Any]:
    level, given_below = terms_of(role)
    rights = sorted(":".join(right) for right in rights_in(role))
    return {"rights": rights, "level": level.value if level else None, "given_below": given_below}


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
    if not any((Action.MANAGE, "role") in rights_in(role) for role in _roles_at_the_centre()):
        raise LastAdministrator


def _roles_at_the_centre() -> list[Role]:
    """Roles by which somebody who can log in works at the centre: only there roles are managed."""
    held = sa.select(Role).join(assoc_user_role, assoc_user_role.c.role_id == Role.id)
    held = held.join(Account, Account.id == assoc_user_role.c.user_id)
    return list(db.session.scalars(held.where(Account.active, Account.scope == access.CENTRE).distinct()))


def sync_roles() -> None:
    """Make the built-in roles that are not there yet, and offer each the rights on what is new here.

    A role is offered the rights on a subject once. What administrators changed since stays changed.
    """
    for spec in access.ROLES:
        role = db.session.scalar(sa.select(Role).filter_by(name=spec.name))
        if role is None:
            role = Role(name=spec.name)
            db.session.add(role)
            db.session.flush()
        _offer(role, rights_of_role(spec.name))


def _offer(role: Role, rights: frozenset[Right]) -> None:
    noted = RoleOffer.__table__
    with set_based(SetWork.SETUP):
        known = db.session.scalars(sa.select(noted.c.subject).where(noted.c.role_id == role.id)).all()
    new = {subject for _action, subject in known_rights() | rights}.difference(known)
    wanted = {right for right in rights if right[1] in new} - rights_in(role)
    role.permissions += [permission_view(action, subject) for action, subject in sorted(wanted)]
    db.session.flush()
    if new:
        with set_based(SetWork.SETUP):
            rows = [{"role_id": role.id, "subject": subject} for subject in sorted(new)]
            db.session.execute(sa.insert(noted), rows)


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
