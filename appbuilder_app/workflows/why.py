"""Why somebody can or cannot see or change a row: the engine's own predicates asked in order, told in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .. import access
from ..access import Action, Sight, Viewer
from ..bilingual import Sentence
from ..dataset import history, lock
from ..dataset.screen_parts import find
from ..declaration import Base, Scoped, dataset_named, dataset_of, db, privacies_of
from ..errors import InvalidRow, NotYours, Problem
from ..models import Account
from ..thaidate import thai_datetime
from .accounts import account_with, places_of
from .roles import label_of


@dataclass(frozen=True)
class Step:
    """One thing that was asked: whether it stands in nobody's way, and what to do when it does."""

    passed: bool
    told: Sentence
    advice: Sentence | None = None


def account_named(username: str) -> Account:
    """An account that the viewer may look after, by its name; InvalidRow at the field otherwise."""
    found = db.session.scalar(
        sa.select(Account).where(sa.func.lower(Account.username) == username.strip().lower())
    )
    try:
        return account_with(found.id if found is not None else 0)
    except NotYours:
        wrong = Sentence("ไม่พบบัญชีนี้ในความดูแลของท่าน กรุณาตรวจชื่อผู้ใช้")
        raise InvalidRow([Problem("username", wrong)]) from None


def row_asked(dataset: str, typed: str) -> tuple[type[Base], str]:
    """What is asked about: a dataset and a key, or the address of a record, from which both are read."""
    address = re.search(r"/data/(\w+)/([^/?#\s]+)", typed)
    name, key = address.groups() if address else (dataset, typed.strip())
    try:
        return dataset_named(name), key
    except KeyError:
        raise InvalidRow([Problem("dataset", "กรุณาเลือกข้อมูลจากรายการ")]) from None


def explain(account: Account, person: Viewer, model: type[Base], key: str) -> list[Step]:
    """Step by step, why ``person`` (as whom the account acts) can or cannot see and change a row.

    Of a row that the asker may not see nothing is told, not even whether it is there. That it was asked
    is written into the account's history.
    """
    account_with(account.id)
    what = {"dataset": model.__tablename__, "key": key[:40]}
    history.record_account(db.session.connection(), account.id, account.scope, "asked", None, what)
    return [*_about_the_account(account), *_about_rights(person, model), *_about_the_row(person, model, key)]


def _about_the_account(account: Account) -> Iterator[Step]:
    if account.active:
        yield Step(True, Sentence("บัญชี {name} ใช้งานได้", name=account.username))
    else:
        advice = Sentence("เปิดใช้บัญชีที่หน้าบัญชีผู้ใช้")
        yield Step(False, Sentence("บัญชี {name} ถูกระงับ จึงเข้าระบบไม่ได้", name=account.username), advice)
    names = [label_of(role) for role in account.roles]
    advice = Sentence("ให้บทบาทที่หน้าบัญชีผู้ใช้")
    yield Step(bool(names), Sentence("บทบาท: {names}", names=names or ["-"]), None if names else advice)


def _about_rights(person: Viewer, model: type[Base]) -> Iterator[Step]:
    dataset = dataset_of(model)
    for action in (Action.READ, Action.WRITE):
        facts = {"action": action.th, "dataset": dataset.th}
        if action is Action.WRITE and dataset.managed:
            yield Step(False, Sentence("{dataset}แก้ไขได้ผ่านขั้นตอนงานเท่านั้น", dataset=dataset.th))
        elif person.may(action, model.__tablename__):
            yield Step(True, Sentence("มีสิทธิ์{action}ใน{dataset}", **facts))
        else:
            advice = Sentence("ให้ผู้ดูแลระบบเพิ่มสิทธิ์ในบทบาท หรือให้บทบาทที่มีสิทธิ์นี้")
            yield Step(False, Sentence("ไม่มีบทบาทใดให้สิทธิ์{action}ใน{dataset}", **facts), advice)
    for privacy in privacies_of(model):
        seen = person.sight(model.__tablename__, privacy)
        told = Sentence("ข้อมูลกลุ่ม{group}: {sight}", group=privacy.th, sight=seen.th)
        yield Step(seen is Sight.SHOWN, told, None if seen is Sight.SHOWN else _OPEN_THE_GROUP)


_OPEN_THE_GROUP = Sentence("ผู้ดูแลระบบเปิดกลุ่มข้อมูลได้ที่หน้าบทบาทและสิทธิ์")


def _about_the_row(person: Viewer, model: type[Base], key: str) -> Iterator[Step]:
    row: Any = find(model, key)
    if row is None:
        advice = Sentence("ตรวจรหัสหรือที่อยู่ของรายการ หากเป็นของหน่วยงานอื่น ให้หน่วยงานที่ดูแลเป็นผู้ตรวจ")
        yield Step(False, Sentence("ไม่พบรายการนี้ในความดูแลของท่าน"), advice)
        return
    places = places_of([row.scope, person.scope]) if isinstance(row, Scoped) else {}
    facts = {"own": places.get(person.scope, person.scope), "owner": places.get(row.scope, row.scope)}
    with access.acting_as(person, through=access.path()):
        # Asked anew as the person: the wall that narrows their lists answers, no second reading of its rule.
        visible = find(model, key) is not None
    if visible:
        yield Step(True, Sentence("บัญชีดูแล {own} รายการนี้เป็นของ {owner} จึงอยู่ในขอบเขตที่เห็น", **facts))
    else:
        yield Step(False, Sentence("บัญชีดูแล {own} แต่รายการนี้เป็นของ {owner} จึงไม่เห็น", **facts), _ANOTHER_ACCOUNT)
    if not person.looks_after(row.scope):
        yield Step(False, Sentence("รายการของ {owner} แก้ไขได้เฉพาะผู้ที่ดูแล {owner}", **facts), _ANOTHER_ACCOUNT)
    yield from _about_the_time(model, row.scope)


_ANOTHER_ACCOUNT = Sentence("ใช้บัญชีของหน่วยงานที่เป็นเจ้าของรายการ หรือตรวจขอบเขตของบัญชีที่หน้าบัญชีผู้ใช้")


def _about_the_time(model: type[Base], scope: str) -> Iterator[Step]:
    system = dataset_of(model).round
    if system is None:
        return
    standing = lock.standing(db.session.connection(), system, scope)
    if standing.refusal is not None:
        advice = Sentence("ขอให้เขตส่งกลับให้แก้ไข หรือขอผ่อนผันเวลาจากส่วนกลาง")
        yield Step(False, Sentence("{why}", why=str(standing.refusal)), advice)
    else:
        closes = thai_datetime(standing.closes_at) if standing.closes_at else "-"
        yield Step(True, Sentence("{round} เปิดให้แก้ไขถึง {closes}", round=standing.round_label, closes=closes))
