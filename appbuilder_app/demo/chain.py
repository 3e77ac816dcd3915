"""How far the demo's other schools are in the open round: through the real verbs, each by its own people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from .. import access
from ..access import Viewer
from ..codes import Check, Proof, RoundSystem
from ..declaration import db
from ..models import Account
from ..security import viewer_of
from ..workflows import checklist, explanations, submissions
from .schools import School

PATH: Final = "setup"

_ACKNOWLEDGED, _CERTIFIED, _CONFIRMED = 16, 11, 9
_REASONS: Final = (
    "จำนวนนักเรียนชั้นอนุบาลปีที่ 2 ไม่ตรงกับบัญชีเรียกชื่อ กรุณาตรวจสอบ",
    "นักเรียนย้ายออกแล้ว 1 คนยังอยู่ในรายชื่อ",
    "กรุณาตรวจสอบข้อมูลความด้อยโอกาสอีกครั้ง",
    "ห้องเรียนชั้นประถมศึกษาปีที่ 4 ไม่ตรงกับที่แจ้งไว้",
)

_WORDS: Final = "ตรวจสอบกับเอกสารแล้วถูกต้อง"


def advance(schools: Sequence[School], district: str) -> None:
    """Of these schools some are acknowledged, some certified, some confirmed, and the last were returned.

    ``district`` is the username of who acknowledges and returns. The schools' data must be without fault.
    """
    certified = _ACKNOWLEDGED + _CERTIFIED
    codes = [school.code for school in schools]
    returned = codes[certified + _CONFIRMED :]
    people = _people(codes)
    for code in codes:
        _as(people[f"o{code}"], _confirm, code)
    for code in codes[:certified] + returned[::2]:
        _as(people[f"d{code}"], submissions.certify, code)
    officer = _viewer_named(district)
    _as(officer, submissions.acknowledge, codes[:_ACKNOWLEDGED])
    for at, code in enumerate(returned):
        _as(officer, submissions.return_submission, code, _REASONS[at % len(_REASONS)])


def _confirm(code: str, system: RoundSystem = RoundSystem.DMC) -> None:
    """The officer says what there is to say, and confirms."""
    for item in checklist.checklist(code, system).unexplained:
        explanations.explain(code, Check(item.id), _WORDS, None, system)
    submissions.confirm(code, system)


def advance_others(schools: Sequence[School], district: str) -> None:
    """In each other system some of these schools are acknowledged, some certified, and one confirmed."""
    codes = [school.code for school in schools]
    people, officer = _people(codes), _viewer_named(district)
    for system in RoundSystem:
        if system is not RoundSystem.DMC:
            for code in codes:
                _as(people[f"o{code}"], _confirm, code, system)
            for code in codes[:-1]:
                _as(people[f"d{code}"], submissions.certify, code, system)
            _as(officer, submissions.acknowledge, codes[: len(codes) // 2], system)


def advance_first(code: str, officer: str, director: str) -> None:
    """The school to try with: its basics are certified, its equipment confirmed, its buildings still to be done."""
    for system in (RoundSystem.EMIS, RoundSystem.MOBEC):
        _as(_viewer_named(officer), _confirm, code, system)
    _as(_viewer_named(director), submissions.certify, code, RoundSystem.EMIS)


def _as(person: Viewer, verb: Callable[..., object], *given: object) -> None:
    with access.acting_as(person, through=PATH), access.proven(person, Proof.MACHINE.value):
        verb(*given)


def _people(codes: Sequence[str]) -> dict[str, Viewer]:
    names = [letter + code for code in codes for letter in "od"]
    query = sa.select(Account).where(Account.username.in_(names))
    return {account.username: viewer_of(account) for account in db.session.scalars(query)}


def _viewer_named(username: str) -> Viewer:
    return viewer_of(db.session.scalars(sa.select(Account).filter_by(username=username)).one())
