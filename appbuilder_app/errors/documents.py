"""Certificates, the keys that sign them, and scans of what was signed by hand."""

from __future__ import annotations

from .base import RuleViolation


class CertificateVoid(RuleViolation):
    """A void certificate takes no signed scan."""

    message = "ใบรับรองเลขที่ {number} ยกเลิกแล้ว จึงแนบไฟล์ไม่ได้ กรุณาแนบกับใบรับรองฉบับล่าสุด"
    status = 409


class NotAKeyFile(RuleViolation):
    """What was uploaded as a key is no PKCS#12 file."""

    message = "ไฟล์นี้ไม่ใช่ไฟล์กุญแจอิเล็กทรอนิกส์ (.p12 หรือ .pfx) กรุณาเลือกไฟล์ที่ได้รับจากผู้ออกใบรับรองอิเล็กทรอนิกส์"


class WrongPassPhrase(RuleViolation):
    """The pass phrase (PIN) does not open the key."""

    message = "รหัสผ่านของกุญแจไม่ถูกต้อง กรุณาพิมพ์ใหม่ หากลืมต้องขอไฟล์กุญแจใหม่จากผู้ออกใบรับรองอิเล็กทรอนิกส์"


class PinBlocked(RuleViolation):
    """Too many wrong PINs: the token answers nobody."""

    message = "โทเคนถูกล็อกเพราะพิมพ์รหัสผิดหลายครั้ง กรุณาติดต่อผู้ดูแลระบบให้ปลดล็อก"


class KeyFileWithoutKey(RuleViolation):
    """A PKCS#12 file with certificates alone."""

    message = "ไฟล์นี้มีแต่ใบรับรอง ไม่มีกุญแจสำหรับลงนาม กรุณาส่งออกไฟล์ใหม่พร้อมกุญแจส่วนตัว (private key)"


class KeyMissing(RuleViolation):
    """The token holds no such key, or more than one."""

    message = "ไม่พบกุญแจสำหรับลงนามในโทเคนนี้ หรือมีหลายกุญแจ กรุณาติดต่อผู้ดูแลระบบ"


class TokenUnreachable(RuleViolation):
    """There is no token of this name."""

    message = "ไม่พบโทเคน “{label}” ที่เซิร์ฟเวอร์ กรุณาติดต่อผู้ดูแลระบบ หรือลงนามด้วยไฟล์กุญแจแทน"
    status = 409


class KeyExpired(RuleViolation):
    """The certificate is not valid today."""

    message = "ใบรับรองอิเล็กทรอนิกส์ของ {name} ใช้ได้ตั้งแต่ {begins} ถึง {ends} เท่านั้น กรุณาขอใบใหม่จากผู้ออกใบรับรอง"


class KeyCannotSign(RuleViolation):
    """The certificate is for another use than signing, or its key of a kind that PDF readers do not know."""

    message = "ใบรับรองอิเล็กทรอนิกส์ของ {name} ไม่ได้ออกให้สำหรับลงนามเอกสาร กรุณาใช้ใบที่ออกให้สำหรับลงนาม"


class KeyNotTrusted(RuleViolation):
    """The certificate's chain does not end at an issuer that this installation believes."""

    message = "ระบบนี้ไม่ได้กำหนดให้เชื่อถือ {issuer} ผู้ออกใบรับรองอิเล็กทรอนิกส์ของ {name} กรุณาติดต่อผู้ดูแลระบบ"


class KeyRevoked(RuleViolation):
    """The issuer has revoked the certificate."""

    message = "ใบรับรองอิเล็กทรอนิกส์ของ {name} ถูกเพิกถอนแล้ว กรุณาขอใบใหม่จากผู้ออกใบรับรอง"


class RevocationUnknown(RuleViolation):
    """Whether the certificate was revoked cannot be found out now."""

    message = "ตรวจไม่ได้ว่าใบรับรองอิเล็กทรอนิกส์ของ {name} ถูกเพิกถอนหรือไม่ กรุณาลองใหม่ภายหลัง"
    status = 503


class TimestampUnreachable(RuleViolation):
    """The time stamping service does not answer."""

    message = "ติดต่อบริการประทับรับรองเวลาไม่ได้ จึงยังไม่ได้ลงนาม กรุณาลองใหม่ภายหลัง"
    status = 503


class NotTheCertifier(RuleViolation):
    """Another than who certified wants to sign the certificate."""

    message = "ใบรับรองเลขที่ {number} รับรองโดย {name} ผู้ลงนามอิเล็กทรอนิกส์ต้องเป็นบุคคลเดียวกัน"
    status = 403


class SignedAlready(RuleViolation):
    """A certificate is signed once."""

    message = "ใบรับรองเลขที่ {number} ลงนามอิเล็กทรอนิกส์แล้ว ดาวน์โหลดฉบับที่ลงนามได้ที่หน้านี้"
    status = 409


class NotAScan(RuleViolation):
    """The uploaded file is neither PDF, JPEG nor PNG, whatever its name says."""

    message = "ไฟล์ “{file}” ไม่ใช่ PDF, JPG หรือ PNG กรุณาสแกนหรือถ่ายภาพใบรับรองที่ลงนามแล้วส่งใหม่"


class TooManyPages(RuleViolation):
    """More scanned pages at once than are read while somebody waits."""

    message = "ส่งได้ครั้งละไม่เกิน {limit} หน้า กรุณาแบ่งส่งหลายครั้ง"


class ScanOfAnother(RuleViolation):
    """The code on the paper says that it is of another document."""

    message = (
        "ไฟล์ “{file}” เป็นของเอกสารอื่น ไม่ใช่ใบรับรองเลขที่ {number} กรุณาเลือกไฟล์ใหม่ หรือแนบที่หน้า “แนบฉบับลงนามหลายหน้า”"
    )


class ScanTooLarge(RuleViolation):
    """The uploaded scan is larger than the store takes."""

    message = "ไฟล์ “{file}” ใหญ่เกิน {limit} MiB กรุณาลดความละเอียดแล้วส่งใหม่"
    status = 413
