"""The second factor: six digits that a phone makes anew every half minute (RFC 6238).

The secret is kept sealed under the installation's own key, which is not in the database: who reads a copy of the
database can make no codes of it. A code that has opened something once opens nothing again.
"""

from __future__ import annotations

import base64
import re

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from markupsafe import Markup

from ..dataset import history, lock
from ..declaration import db
from ..errors import InvalidRow, Problem
from ..models import Account

ISSUER = "Thabian"
STEP_SECONDS = 30
DRIFT = (0, -1, 1)
"""Steps of the phone's clock that are taken beside the present one."""


def new_secret() -> str:
    """A secret for a phone, 160 bits in base 32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether this could be a secret of ours, and not what somebody has put into the form."""
    return re.fullmatch(r"[A-Z2-7]{32}", text) is not None


def square_code(account: Account, secret: str) -> Markup:
    """The QR code that a phone's application reads, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)
    return Markup(segno.make(address, micro=False).svg_inline(border=2, omitsize=True))  # noqa: S704 - squares


def set_up(account: Account, secret: str, code: str) -> None:
    """Ask this account for a phone's code from now on; ``code`` shows that the phone has taken the secret in."""
    step = _step_of(secret, code) if is_secret(secret) else None
    if step is None:
        raise InvalidRow([Problem("code", "รหัสไม่ตรง กรุณาดูว่าเวลาในโทรศัพท์ถูกต้อง แล้วกรอกรหัส 6 หลักที่แสดงอยู่ขณะนี้")])
    account.second_factor, account.second_factor_step = _sealer().encrypt(secret.encode()).decode(), step
    _record(account, "phone-on")


def take_away(account: Account) -> None:
    """Ask for the password alone again: the phone is lost, or its owner no longer wants it."""
    if account.second_factor is not None:
        account.second_factor = account.second_factor_step = None
        _record(account, "phone-off")


def _record(account: Account, action: str) -> None:
    db.session.flush()
    history.record_account(db.session.connection(), account.id, account.scope, action, None, None)


def is_right(account: Account, code: str) -> bool:
    """Whether this is the phone's code of now that has not been used yet; it is used by asking."""
    db.session.refresh(account, with_for_update=True)
    secret = _secret_of(account)
    step = _step_of(secret, code) if secret is not None else None
    if step is None or step <= (account.second_factor_step or 0):
        return False
    account.second_factor_step = step
    return True


def _step_of(secret: str, code: str) -> int | None:
    """The step of time to which a code belongs, if it is of about now."""
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    now = int(lock.now().timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret)
    return next(
        (now + drift for drift in DRIFT if pyotp.utils.strings_equal(made.generate_otp(now + drift), digits)),
        None,
    )


def _secret_of(account: Account) -> str | None:
    """The secret; None where there is none, and where the installation's key is no longer the one it was sealed by."""
    if account.second_factor is None:
        return None
    try:
        return _sealer().decrypt(account.second_factor.encode()).decode()
    except InvalidToken:
        return None


def _sealer() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"thabian second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(str(current_app.secret_key).encode())))
