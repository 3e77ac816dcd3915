"""Rules of identity numbers: a student's number changes only through the verbs that keep its history."""

from __future__ import annotations

from .. import identity
from ..codes import IdentityType
from ..errors import RuleViolation


class NumberUsedBefore(RuleViolation):
    """A number that was replaced is never given again."""

    message = "เลข {number} เคยเป็นของนักเรียนคนหนึ่งและถูกแทนด้วยเลขอื่นแล้ว จึงใช้อีกไม่ได้ กรุณาค้นหานักเรียนด้วยเลขนี้ หรือตรวจหลักฐานอีกครั้ง"
    status = 409


def identity_type_of(number: str) -> IdentityType:
    """What a number's paper is: G-codes, and numbers that begin with 0, are not on a national's card."""
    return IdentityType.OTHER if number[:1] in {"G", "0"} else IdentityType.NATIONAL


def is_real(number: str) -> bool:
    """A number of the civil registration, with the right check digit."""
    return identity.kind_of(number) == "national"
