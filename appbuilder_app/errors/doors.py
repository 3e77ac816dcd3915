"""Who asks, and whether they may."""

from __future__ import annotations

from .base import InvalidRow, RuleViolation


class FieldNotSeen(InvalidRow):
    """The viewer's roles do not show a field's values, so they may not write them either (403)."""

    message = "{summary}"
    status = 403


class NoViewer(RuleViolation):
    """Nobody is named as acting: nothing is shown and nothing is written."""

    message = "ไม่ทราบว่าใครเป็นผู้ทำรายการ กรุณาเข้าสู่ระบบแล้วลองใหม่"
    status = 403


class WrongLogin(RuleViolation):
    """Name and password do not belong together, or the account is switched off; which, is not told."""

    message = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หรือขอรหัสผ่านใหม่จากเขตพื้นที่"
    status = 401


class CodeNeeded(RuleViolation):
    """The account has a second factor; the password alone opens nothing."""

    message = "บัญชีนี้ต้องใช้รหัส 6 หลักจากโทรศัพท์ด้วย กรุณาส่งรหัสที่โทรศัพท์แสดงอยู่ขณะนี้ในช่อง code"
    status = 401


class TokenRefused(RuleViolation):
    """An API token that is missing, forged, expired, or older than a logout."""

    message = "โทเค็นใช้ไม่ได้หรือหมดอายุแล้ว กรุณาขอใหม่ที่ /api/v1/security/login"
    status = 401


class KeyRefused(RuleViolation):
    """An API key that is unknown, revoked or expired, or whose owner was switched off; which, is not told."""

    message = "คีย์ API ใช้ไม่ได้ หมดอายุ หรือถูกยกเลิกแล้ว กรุณาสร้างคีย์ใหม่ที่หน้า /account/keys/"
    status = 401


class PasswordMustChange(RuleViolation):
    """The first password, which somebody else knows, opens the page where it is changed and nothing else."""

    message = "กรุณาเข้าสู่ระบบทางหน้าเว็บและเปลี่ยนรหัสผ่านแรกก่อน แล้วจึงใช้ API ได้"
    status = 403


class NotPermitted(RuleViolation):
    """The viewer's roles do not hold this right."""

    message = "บัญชีของท่านไม่มีสิทธิ์{what} หากจำเป็นต้องใช้ ให้ติดต่อผู้ดูแลระบบ"
    status = 403


class NotYours(RuleViolation):
    """The row belongs to another owner. 404: the door does not say that it exists."""

    message = "ไม่พบรายการนี้ในขอบเขตที่ท่านดูแล กรุณาตรวจสอบอีกครั้ง"
    status = 404


class WallBreached(RuleViolation):
    """Code tried to reach scoped rows around the scope walls; a mistake of ours, never the user's."""

    message = "คำสั่งฐานข้อมูลนี้ข้ามขอบเขตการเข้าถึง ({what}) จึงถูกปฏิเสธ กรุณาแจ้งผู้ดูแลระบบ"
    status = 500


class RoleTooStrong(RuleViolation):
    """The database role of the application walks through the database's own walls."""

    message = (
        "บทบาท {role} ที่ระบบใช้ต่อฐานข้อมูลมีสิทธิ์มากเกินไป ({reason}) ทำให้กำแพงในฐานข้อมูลไม่มีผล"
        " กรุณาสร้างบทบาทตาม docs/operators/install.md แล้วสั่ง flask setup อีกครั้ง"
    )
    status = 500


class PreconditionFailed(RuleViolation):
    """The row is no longer the one that ``If-Match`` names (RFC 9110, section 13.1.1)."""

    message = "มีผู้อื่นแก้ไขรายการนี้ไปแล้วหลังจากที่โปรแกรมอ่าน กรุณาอ่านรายการอีกครั้งแล้วส่งใหม่พร้อม ETag ล่าสุด"
    status = 412


class NotJson(RuleViolation):
    """The body of a request to the API is no JSON text, or names a member twice."""

    message = "เนื้อความไม่ใช่ JSON ที่ถูกต้อง หรือมีข้อมูลชื่อเดียวกันสองครั้ง กรุณาตรวจแล้วส่งใหม่"
    status = 400


class AccountUnknown(RuleViolation):
    """No active account has this name."""

    message = "ไม่พบบัญชีผู้ใช้ “{username}” หรือบัญชีถูกปิดใช้งาน กรุณาตรวจชื่อผู้ใช้"
    status = 404
