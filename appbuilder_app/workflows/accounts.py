"""Accounts: who logs in, in what position, for whose rows, with which roles; and their passwords."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role
from werkzeug.security import check_password_hash, generate_password_hash

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..dataset import history
from ..declaration import db
from ..errors import InvalidRow, NotYours, Problem, RuleViolation
from ..models import Account, Area, School
from . import second_factor
from .roles import level_named, may_give

SHORTEST_PASSWORD = 10


class WrongPassword(RuleViolation):
    """The current password does not match."""

    message = "รหัสผ่านปัจจุบันไม่ถูกต้อง กรุณาลองใหม่"
    status = 422


class WeakPassword(RuleViolation):
    """Too short, or equal to the name."""

    message = "รหัสผ่านใหม่ต้องยาวอย่างน้อย 10 ตัวอักษร และไม่เหมือนชื่อผู้ใช้"
    status = 422


class PasswordsDiffer(RuleViolation):
    """The repetition is not the same."""

    message = "รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน กรุณาพิมพ์ใหม่"
    status = 422


class NotOneself(RuleViolation):
    """Nobody can lock themselves out or raise their own rights."""

    message = "แก้ไขบทบาท ขอบเขต หรือสถานะของบัญชีตนเองไม่ได้ ให้ผู้ดูแลระบบคนอื่นเป็นผู้ทำ"
    status = 409


def hashed(password: str, method: str = "scrypt") -> str:
    """A salted hash of a password."""
    return generate_password_hash(password, method=method)


def require_strong(password: str, username: str) -> None:
    """Refuse a password that is easily guessed."""
    if len(password) < SHORTEST_PASSWORD or password.lower() == username.lower() or len(set(password)) < 4:
        raise WeakPassword


def end_sessions(account: Account) -> None:
    """Make every cookie and token issued so far for this account worthless."""
    account.session_epoch = (account.session_epoch or 1) + 1


def change_own_password(account: Account, current: str, new: str, again: str) -> None:
    """Change one's password: the current one is asked, all other sessions end."""
    if not check_password_hash(account.password or "", current):
        raise WrongPassword
    if new != again:
        raise PasswordsDiffer
    require_strong(new, account.username)
    account.password = hashed(new)
    account.must_change_password = False
    end_sessions(account)
    _record(account, "password", None, None)


def set_up_phone(account: Account, secret: str, code: str, password: str) -> None:
    """Ask for a phone's code from now on, at the door and before signing; the password is asked first."""
    if not check_password_hash(account.password or "", password):
        raise InvalidRow([Problem("password", "รหัสผ่านไม่ถูกต้อง กรุณาลองใหม่")])
    second_factor.set_up(account, secret, code)
    end_sessions(account)


def give_up_phone(account: Account, code: str) -> None:
    """Ask for the password alone again; the phone's own code says that it is its owner who wants it."""
    if not second_factor.is_right(account, code):
        raise InvalidRow([Problem("code", "รหัสไม่ถูกต้องหรือใช้ไปแล้ว ถ้าโทรศัพท์หาย ให้ขอรหัสผ่านใหม่จากเขตพื้นที่")])
    second_factor.take_away(account)


def accounts_seen(search: str = "") -> list[Account]:
    """Accounts below the viewer's scope (the centre sees its own, too), at most 200, found by name."""
    viewer = access.viewer()
    viewer.require(Action.READ, "account")
    query = (
        sa.select(Account)
        .options(sa.orm.selectinload(Account.roles))
        .order_by(Account.scope, Account.username)
    )
    if viewer.scope != access.CENTRE:
        lo, hi = access.scope_bounds(viewer.scope)
        query = query.where(Account.scope > lo, Account.scope < hi)
    for word in search.split():
        columns = (Account.username, Account.first_name, Account.last_name, Account.scope)
        query = query.where(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return list(db.session.scalars(query.limit(200)))


def account_with(account_id: int) -> Account:
    """One account that the viewer may look after; NotYours (404) otherwise."""
    access.viewer().require(Action.READ, "account")
    account = db.session.get(Account, account_id)
    if account is None or not _is_below(account.scope):
        raise NotYours
    return account


def _is_below(scope: str) -> bool:
    """A district hands out its schools' accounts (R29), never its own colleagues'; the centre everybody's."""
    viewer = access.viewer()
    return viewer.looks_after(scope) and (viewer.scope == access.CENTRE or scope != viewer.scope)


def add_account(
    *,
    username: str,
    first_name: str,
    last_name: str,
    position: str,
    scope: str,
    roles: Sequence[str],
    email: str = "",
) -> tuple[Account, str]:
    """A new account and its first password, which its owner must change at the first login."""
    with access.performing(Action.MANAGE, "account"):
        _require_valid(username, first_name, last_name, scope, roles, None)
        password = first_password()
        account = Account(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=email or f"{username}@account.invalid",
            password=hashed(password),
            active=True,
            position=position,
            scope=scope,
            must_change_password=True,
            session_epoch=1,
        )
        account.roles = roles_named(roles)
        db.session.add(account)
        db.session.flush()
        _record(account, "insert", None, _facts(account))
        return account, password


def change_account(
    account: Account,
    *,
    first_name: str,
    last_name: str,
    position: str,
    scope: str,
    roles: Sequence[str],
    active: bool,
) -> None:
    """Change who an account is; other rights end its sessions at once."""
    with access.performing(Action.MANAGE, "account") as viewer:
        if not _is_below(account.scope):
            raise NotYours
        # Roles that only the centre can give stay with who has them: the form did not offer them.
        kept = [role.name for role in account.roles if not may_give(viewer.scope, role.name)]
        roles = list(dict.fromkeys([*roles, *kept]))
        before = _facts(account)
        changed = (account.scope, sorted(r.name for r in account.roles), account.active) != (
            scope,
            sorted(roles),
            active,
        )
        if changed and account.id == viewer.id:
            raise NotOneself
        _require_valid(account.username, first_name, last_name, scope, roles, account)
        account.first_name, account.last_name, account.position = first_name, last_name, position
        account.scope, account.active, account.roles = scope, active, roles_named(roles)
        if changed:
            end_sessions(account)
        db.session.flush()
        _record(account, "update", before, _facts(account))


def give_password(account: Account) -> str:
    """A new first password for somebody who forgot theirs, or lost the phone: its codes are no longer asked for.

    All sessions of the account end.
    """
    with access.performing(Action.MANAGE, "account"):
        if not _is_below(account.scope):
            raise NotYours
        password = first_password()
        account.password, account.must_change_password = hashed(password), True
        second_factor.take_away(account)
        end_sessions(account)
        _record(account, "password", None, None)
        return password


def first_password() -> str:
    """Twelve letters and digits that are not mistaken for one another when read from paper."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def roles_named(names: Sequence[str]) -> list[Role]:
    """Roles by their names; a name that does not exist is refused."""
    found = list(db.session.scalars(sa.select(Role).where(Role.name.in_(names))))
    if len(found) != len(set(names)):
        raise InvalidRow([Problem("roles", "มีบทบาทที่ไม่มีอยู่ในระบบ กรุณาเลือกใหม่")])
    return found


def _require_valid(
    username: str,
    first_name: str,
    last_name: str,
    scope: str,
    roles: Sequence[str],
    account: Account | None,
) -> None:
    problems = [] if account is not None else _problems_of_name(username)
    problems += [
        Problem(n, "ต้องกรอก")
        for n, v in (("first_name", first_name), ("last_name", last_name))
        if not v.strip()
    ]
    problems += _problems_of_scope(scope, roles)
    held = {role.name for role in account.roles} if account is not None else set()
    if any(not may_give(access.viewer().scope, name) for name in {*roles} - held):
        problems.append(Problem("roles", "ท่านให้บทบาทนี้แก่ผู้อื่นไม่ได้ กรุณาเลือกบทบาทระดับโรงเรียน"))
    if not roles:
        problems.append(Problem("roles", "เลือกอย่างน้อยหนึ่งบทบาท"))
    if problems:
        raise InvalidRow(problems)


def _problems_of_name(username: str) -> list[Problem]:
    """What is wrong with a new account's name; one that exists keeps the name it has."""
    letters = username.replace(".", "").replace("-", "")
    if not (6 <= len(username) <= 64 and username.isascii() and letters.isalnum()):
        return [Problem("username", "ชื่อผู้ใช้: ใช้อักษรอังกฤษและตัวเลขอย่างน้อย 6 ตัว")]
    same_name = sa.func.lower(Account.username) == username.lower()
    if db.session.scalar(sa.select(Account.id).where(same_name)) is not None:
        return [Problem("username", "ชื่อผู้ใช้นี้มีแล้ว กรุณาใช้ชื่ออื่น")]
    return []


def _problems_of_scope(scope: str, roles: Sequence[str]) -> Iterator[Problem]:
    """A place that is not there, or not of the level that a role is for: a school left out would mean all."""
    if not scope_exists(scope) or not _is_below(scope):
        yield Problem("scope", "ขอบเขตไม่ถูกต้อง กรุณาเลือกเขตหรือโรงเรียนจากรายการ")
        return
    widest_first = [*access.Level]
    for name in roles:
        level = level_named(name)
        if level is not None and widest_first.index(level) != scope.count("/"):
            facts = {"role": access.ROLE_LABELS.get(name, name), "level": level.th}
            yield Problem("scope", Sentence("บทบาท “{role}” ใช้กับ{level}เท่านั้น กรุณาเลือก{level}ที่ดูแล", **facts))


def scope_exists(scope: str) -> bool:
    """Whether a scope path names the centre, an area or a school that exists."""
    parts = scope.split("/")
    if parts[0] != access.CENTRE or len(parts) > 3:
        return False
    if len(parts) == 1:
        return True
    if len(parts) == 2:
        return db.session.get(Area, parts[1]) is not None
    school = db.session.get(School, parts[2])
    return school is not None and school.scope == scope


def scope_of(area_code: str, school_code: str) -> str:
    """The path of what a form names: a school, else an area, else the whole country."""
    if school_code:
        school = db.session.get(School, school_code)
        return school.scope if school is not None else ""
    return f"{access.CENTRE}/{area_code}" if area_code else access.CENTRE


def places_of(scopes: Sequence[str]) -> dict[str, str]:
    """What people call the scopes: a school's name, an area's short name, ส่วนกลาง."""
    names = {access.CENTRE: access.Level.CENTRAL.th}
    codes = {scope.split("/")[-1]: scope for scope in scopes if "/" in scope}
    for model, column in ((Area, Area.short_name), (School, School.name)):
        rows = db.session.execute(sa.select(model.code, column).where(model.code.in_(list(codes))))
        names |= {codes[code]: name for code, name in rows}
    return names


def _facts(account: Account) -> dict[str, Any]:
    return {
        "username": account.username,
        "name": account.get_full_name(),
        "position": account.position,
        "scope": account.scope,
        "roles": sorted(role.name for role in account.roles),
        "active": bool(account.active),
    }


def _record(
    account: Account,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    history.record_account(db.session.connection(), account.id, account.scope, action, before, after)
