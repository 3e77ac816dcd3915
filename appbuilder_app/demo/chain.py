"""How far the demo's other schools are in the open round: through the real verbs, each by its own people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from .. import access
from ..access import Viewer
from ..declaration import db
from ..models import Account
from ..security import viewer_of
from ..workflows import submissions
from .schools import School

PATH: Final = "setup"

_ACKNOWLEDGED, _CERTIFIED, _CONFIRMED = 16, 11, 9
_REASONS: Final = (
    "จำนวนนักเรียนชั้นอนุบาลปีที่ 2 ไม่ตรงกับบัญชีเรียกชื่อ กรุณาตรวจสอบ",
    "นักเรียนย้ายออกแล้ว 1 คนยังอยู่ในรายชื่อ",
    "กรุณาตรวจสอบข้อมูลความด้อยโอกาสอีกครั้ง",
    "ห้องเรียนชั้นประถมศึกษาปีที่ 4 ไม่ตรงกับที่แจ้งไว้",
)


def advance(schools: Sequence[School], district: str) -> None:
    """Of these schools some are acknowledged, some certified, some confirmed, and the last were returned.

    ``district`` is the username of who acknowledges and returns. The schools' data must be without fault.
    """
    certified = _ACKNOWLEDGED + _CERTIFIED
    codes = [school.code for school in schools]
    returned = codes[certified + _CONFIRMED :]
    people = _people(codes)
    for code in codes:
        _as(people[f"o{code}"], submissions.confirm, code)
    for code in codes[:certified] + returned[::2]:
        _as(people[f"d{code}"], submissions.certify, code)
    officer = _viewer_named(district)
    _as(officer, submissions.acknowledge, codes[:_ACKNOWLEDGED])
    for at, code in enumerate(returned):
        _as(officer, submissions.return_submission, code, _REASONS[at % len(_REASONS)])


def _as(person: Viewer, verb: Callable[..., object], *given: object) -> None:
    with access.acting_as(person, through=PATH):
        verb(*given)


def _people(codes: Sequence[str]) -> dict[str, Viewer]:
    names = [letter + code for code in codes for letter in "od"]
    query = sa.select(Account).where(Account.username.in_(names))
    return {account.username: viewer_of(account) for account in db.session.scalars(query)}


def _viewer_named(username: str) -> Viewer:
    return viewer_of(db.session.scalars(sa.select(Account).filter_by(username=username)).one())
