"""The slip with which a new account is handed over: folded twice and sealed, the password inside. Kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.security import check_password_hash

from .. import access
from ..access import Action
from ..dataset import lock
from ..errors import RuleViolation
from ..models import Account
from . import printing


class PasswordUsed(RuleViolation):
    """The first password is no more: its owner has set another, or it never was this one."""

    status = 409
    message = "รหัสผ่านแรกนี้ใช้ไม่ได้แล้ว จึงไม่พิมพ์ใบส่งมอบ ถ้าจำเป็นให้ออกรหัสผ่านใหม่"


def pdf_of(account: Account, password: str, place: str, roles: Sequence[str]) -> bytes:
    """The slip as PDF, for who looks after accounts; PasswordUsed unless it is the account's first password still."""
    from ..typesetting import filled

    access.viewer().require(Action.MANAGE, "account")
    if not account.must_change_password or not check_password_hash(account.password or "", password):
        raise PasswordUsed
    now = lock.now()
    html = filled(
        "credential_slip.html",
        username=account.username,
        name=account.get_full_name(),
        position=account.position or "",
        place=place,
        password=password,
        roles=" ".join(str(role) for role in roles),
        at=now,
        created=now.isoformat(),
    )
    return printing.pages(html, now)
