"""API keys: made by the account that they act for, never stronger than it, and revoked by it or who manages keys."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from .. import access
from ..access import Action, Right, Sight, Viewer
from ..bilingual import Sentence
from ..connections import PLANNED
from ..dataset import lock
from ..declaration import dataset_of, datasets, db
from ..errors import InvalidRow, KeyRefused, NotYours, Problem
from ..models import Account, ApiKey
from ..walls import SetWork, set_based, writing

BEGINNING = "thb_"
SUBJECT = "api_key"
LONGEST_NAME = 60
MOST_KEYS = 20
# Written at most so often: a key that asks ten times a second must not write ten times a second.
NOTED_EVERY = dt.timedelta(hours=1)
# What a key can hold on a dataset, and on what verbs work on. Accounts, roles, rounds and signatures are for persons.
OFFERED = (Action.READ, Action.WRITE, Action.EXPORT, Action.MOVE, Action.DECIDE)
OF_VERBS = ("movement", "request")
_SIGHTS = frozenset(map(str, Sight))
# Every key may read the description of what it can ask for.
_ALWAYS: Right = (Action.READ, "openapi")


def _subjects() -> Iterator[tuple[str, str]]:
    """What there are rights to give on, each with its name: what verbs work on, then the datasets."""
    yield from ((subject, access.SUBJECTS[subject][0]) for subject in OF_VERBS)
    yield from ((model.__tablename__, dataset_of(model).th) for model in datasets())


def offers(viewer: Viewer) -> list[tuple[str, str, list[Action]]]:
    """The subjects, each with its name and the actions on it that a viewer could give to a key."""
    lines = [(one, th, [a for a in OFFERED if viewer.may(a, one)]) for one, th in _subjects()]
    return [(subject, th, actions) for subject, th, actions in lines if actions]


def make_key(
    name: str, rights: Collection[str], scope: str = "", days: int | None = None
) -> tuple[ApiKey, str]:
    """A new key of the acting account, and its secret, which is told this once.

    ``rights`` are ``action:subject``; ``scope`` narrows the key to a place below the owner's; ``days`` is
    how long it lives, None for ever. InvalidRow (422) names what is wrong.
    """
    with access.performing(Action.WRITE, SUBJECT) as owner:
        name = " ".join(name.split())
        if problems := [*_wrong(owner, name, rights, scope)]:
            raise InvalidRow(problems)
        secret, now = BEGINNING + secrets.token_urlsafe(32), lock.now()
        key = ApiKey(
            account_id=owner.id,
            name=name,
            prefix=secret[:10],
            digest=_digest(secret),
            rights=sorted(rights),
            scope="" if scope == owner.scope else scope,
            created_at=now,
            expires_at=now + dt.timedelta(days=days) if days else None,
        )
        db.session.add(key)
        db.session.flush()
        return key, secret


def _wrong(owner: Viewer, name: str, rights: Collection[str], scope: str) -> list[Problem]:
    offered = {f"{action}:{subject}" for subject, _th, actions in offers(owner) for action in actions}
    found = []
    if not 3 <= len(name) <= LONGEST_NAME or not name.isprintable():
        found.append(Problem("name", "ตั้งชื่อคีย์ 3–60 ตัวอักษร ให้รู้ว่าโปรแกรมใดใช้"))
    if not rights or not set(rights) <= offered:
        found.append(Problem("right", "เลือกอย่างน้อยหนึ่งสิทธิ์ จากสิทธิ์ที่บัญชีของท่านมี"))
    if scope and not access.covers(owner.scope, scope):
        found.append(Problem("school_code", "เลือกโรงเรียนในขอบเขตที่ท่านดูแล"))
    if len([key for key in _keys_of(owner.id) if key.opens_at(lock.now())]) >= MOST_KEYS:
        too_many = Sentence("มีคีย์ที่ใช้ได้อยู่แล้ว {most} คีย์ กรุณายกเลิกคีย์ที่ไม่ใช้ก่อน", most=MOST_KEYS)
        found.append(Problem(None, too_many))
    return found


def own_keys() -> list[ApiKey]:
    """The keys of the acting account, newest first."""
    return _keys_of(access.viewer().id)


def _keys_of(account_id: int | None) -> list[ApiKey]:
    query = sa.select(ApiKey).where(ApiKey.account_id == account_id).order_by(ApiKey.id.desc())
    return list(db.session.scalars(query))


def keys_below(limit: int = 200) -> list[tuple[ApiKey, Account]]:
    """Keys of all accounts within the viewer's scope, newest first, for who manages keys."""
    viewer = access.viewer()
    viewer.require(Action.MANAGE, SUBJECT)
    lo, hi = access.scope_bounds(viewer.scope)
    query = (
        sa.select(ApiKey, Account)
        .join(Account, Account.id == ApiKey.account_id)
        .where(Account.scope >= lo, Account.scope < hi)
        .order_by(ApiKey.id.desc())
    )
    return [(key, account) for key, account in db.session.execute(query.limit(limit))]


def revoke(key_id: int) -> ApiKey:
    """End a key for good: one's own, or another's for who manages keys; NotYours (404) otherwise."""
    viewer, key = access.viewer(), db.session.get(ApiKey, key_id)
    if key is None or not (key.account_id == viewer.id or _manages(viewer, key)):
        raise NotYours
    action = Action.WRITE if viewer.may(Action.WRITE, SUBJECT) else Action.MANAGE
    with access.performing(action, SUBJECT):
        if key.revoked_at is None:
            key.revoked_at, key.revoked_by = lock.now(), viewer.name
            db.session.flush()
    return key


def _manages(viewer: Viewer, key: ApiKey) -> bool:
    owner = db.session.get(Account, key.account_id)
    return viewer.may(Action.MANAGE, SUBJECT) and owner is not None and viewer.looks_after(owner.scope)


def labels_of(key: ApiKey) -> list[Sentence]:
    """A key's rights in words: subject and actions."""
    held = {tuple(right.split(":", 1)) for right in key.rights}
    lines = []
    for subject, th in _subjects():
        if actions := [action.th for action in OFFERED if (str(action), subject) in held]:
            lines.append(Sentence("{dataset} ({actions})", dataset=th, actions=actions))
    return lines


# ── Being used ───────────────────────────────────────────────────────────────────────────────────────────


def owner_by(secret: str, beside: Callable[[Any], Any]) -> tuple[Account, ApiKey, Any]:
    """The account and the key of a secret; KeyRefused (401), whatever the reason.

    ``beside`` is what else the same statement shall tell of the account, whose number it is given.
    """
    with set_based(SetWork.RECOGNISE):
        found = db.session.execute(_owner_and(beside), {"digest": _digest(secret)}).one_or_none()
    if found is None:
        raise KeyRefused
    key, owner, more = found
    if not key.opens_at(lock.now()) or not owner.is_active:
        raise KeyRefused
    if key.scope and not access.covers(owner.scope, key.scope):
        raise KeyRefused
    _note_use(key)
    return owner, key, more


@cache
def _owner_and(beside: Callable[[Any], Any]) -> sa.Select[Any]:
    asked = ApiKey.digest == sa.bindparam("digest")
    return (
        sa.select(ApiKey, Account, beside(sa.select(ApiKey.account_id).where(asked).scalar_subquery()))
        .join(Account, Account.id == ApiKey.account_id)
        .where(asked)
        .execution_options(**{PLANNED: True})
    )


def narrowed(owner: Viewer, key: ApiKey) -> Viewer:
    """Who a key acts as: its rights that its owner still has, in its place; the history names the key."""
    held = {(action, subject) for action, _, subject in (right.partition(":") for right in key.rights)}
    return replace(
        owner,
        name=f"{owner.name} · API “{key.name}”"[:160],
        scope=key.scope or owner.scope,
        rights=owner.rights & (held | {_ALWAYS} | _sights(owner, held)),
    )


def _sights(owner: Viewer, held: Collection[Right]) -> set[Right]:
    """Of the datasets that a key reads it sees the field groups that its owner sees, and as its owner does."""
    read = {subject for action, subject in held if action == Action.READ}
    return {
        (sight, subject)
        for sight, subject in owner.rights
        if sight in _SIGHTS and subject.split(":")[0] in read
    }


def _note_use(key: ApiKey) -> None:
    now = lock.now()
    if key.last_used_at is not None and now - key.last_used_at < NOTED_EVERY:
        return
    # A transaction of its own, that begins by writing: one that has read could not always go on to write.
    db.session.commit()
    token = writing.set(True)
    try:
        with set_based(SetWork.KEY_USE):
            table = ApiKey.__table__
            db.session.execute(sa.update(table).where(table.c.id == key.id).values(last_used_at=now))
        db.session.commit()
    finally:
        writing.reset(token)


def _digest(secret: str) -> str:
    # The secret is 256 random bits: nothing can be guessed, so a quick hash is as good as a slow one.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
