"""Showing anew who one is, at the moment of signing: the password, or the phone's code where one is set up (R8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.security import check_password_hash

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..codes import Proof
from ..declaration import db
from ..errors import Problem, ProofNeeded, SignerUnknown, WrongProof
from ..models import Account
from . import second_factor

_WRONG = {
    Proof.PASSWORD: Sentence("รหัสผ่านไม่ถูกต้อง กรุณากรอกรหัสผ่านที่ใช้เข้าระบบ"),
    Proof.CODE: Sentence("รหัสจากโทรศัพท์ไม่ถูกต้องหรือใช้ไปแล้ว กรุณากรอกรหัสที่แสดงอยู่ขณะนี้"),
}


def asked_of_viewer() -> Proof:
    """What the viewer will be asked when signing: the phone's code once they have set one up, else the password."""
    account = _account()
    return Proof.CODE if account is not None and account.second_factor else Proof.PASSWORD


@contextmanager
def proved(secret: str) -> Iterator[None]:
    """Everything inside is done by the viewer, who has shown the password or the phone's code; else WrongProof."""
    account = _account()
    if account is None:
        raise SignerUnknown(action=Action.CONFIRM.th)
    by = Proof.CODE if account.second_factor else Proof.PASSWORD
    right = (
        second_factor.is_right(account, secret)
        if by is Proof.CODE
        else check_password_hash(account.password or "", secret)
    )
    if not right:
        raise WrongProof([Problem("proof", _WRONG[by])])
    with access.proven(access.viewer(), by.value):
        yield


def require(action: Action) -> Proof:
    """R8: refuse (ProofNeeded) to sign for who has not just shown to be who they are; how they have shown it."""
    shown = access.proof()
    if shown is None:
        raise ProofNeeded(action=action.th)
    return Proof(shown)


def _account() -> Account | None:
    viewer = access.viewer()
    return db.session.get(Account, viewer.id) if viewer.id is not None else None
