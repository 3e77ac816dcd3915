"""The RuleViolation family: each refusal is a type with a Thai sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

from .bilingual import Bilingual, Sentence


class _Problem(NamedTuple):
    field: str | None
    message: Bilingual


class Problem(_Problem):
    """One thing wrong with one field of a row; ``field`` is None when it concerns the whole row."""

    __slots__ = ()

    def __new__(cls, field: str | None, message: str) -> Self:
        """A plain message is a Thai sentence without facts."""
        return super().__new__(cls, field, message if isinstance(message, Bilingual) else Sentence(message))


class RuleViolation(Exception):
    """A rule of the register said no.

    ``message`` is a Thai sentence, formatted with the constructor's keyword arguments; ``str()`` of the
    refusal is that sentence (a ``Sentence``: doors can tell it in English).
    ``status`` is the HTTP status every door (screen, API) answers with.
    """

    message: ClassVar[str] = "ทำรายการนี้ไม่ได้"
    status: ClassVar[int] = 422

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(Sentence(self.message, **facts))


class InvalidRow(RuleViolation):
    """A row breaks its declaration; ``problems`` tells each field and what to do about it (422)."""

    message = "ข้อมูลยังไม่ถูกต้อง: {summary}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(summary=[problem.message for problem in self.problems])

    @staticmethod
    def whole(refusal: RuleViolation) -> Problem:
        """Another refusal as a problem of the whole row, for the head of a form."""
        return Problem(None, str(refusal))


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


class StaleVersion(RuleViolation):
    """Somebody else saved the row after this person opened it."""

    message = "มีผู้อื่นแก้ไขรายการนี้ไปแล้วระหว่างที่ท่านเปิดอยู่ กรุณาตรวจค่าล่าสุดแล้วบันทึกอีกครั้ง"
    status = 409


class PreconditionFailed(RuleViolation):
    """The row is no longer the one that ``If-Match`` names (RFC 9110, section 13.1.1)."""

    message = "มีผู้อื่นแก้ไขรายการนี้ไปแล้วหลังจากที่โปรแกรมอ่าน กรุณาอ่านรายการอีกครั้งแล้วส่งใหม่พร้อม ETag ล่าสุด"
    status = 412


class NotJson(RuleViolation):
    """The body of a request to the API is no JSON text, or names a member twice."""

    message = "เนื้อความไม่ใช่ JSON ที่ถูกต้อง หรือมีข้อมูลชื่อเดียวกันสองครั้ง กรุณาตรวจแล้วส่งใหม่"
    status = 400


class StillReferenced(RuleViolation):
    """The row cannot be deleted while other rows point to it."""

    message = "ลบไม่ได้ เพราะยังมีข้อมูลอื่นอ้างถึงรายการนี้ กรุณาลบหรือย้ายข้อมูลเหล่านั้นก่อน"
    status = 409


class AlreadyThere(RuleViolation):
    """A row with the same key exists already."""

    message = "มีรายการนี้อยู่แล้ว ({what} ซ้ำ) กรุณาค้นหารายการเดิมแล้วแก้ไขแทนการเพิ่มใหม่"
    status = 409


class NotADate(RuleViolation, ValueError):
    """A text or number is not one certain day."""

    message = "วันที่ “{text}” ใช้ไม่ได้: {reason} กรุณาพิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 10/06/2569"


class UnknownCode(RuleViolation, ValueError):
    """A text is none of a code list's values, labels or other spellings."""

    message = "ไม่รู้จัก{what} “{text}” กรุณาใช้ค่าใดค่าหนึ่งต่อไปนี้: {allowed}"


class NoOpenRound(RuleViolation):
    """No round of this system exists that the data could belong to."""

    message = "ยังไม่มีรอบจัดเก็บข้อมูลของระบบ {system} จึงยังบันทึกไม่ได้ ส่วนกลางจะเป็นผู้เปิดรอบ"
    status = 409


class RoundClosed(RuleViolation):
    """R15: after closing no path writes the round's data."""

    message = "{round} ปิดแล้ว บันทึกหรือแก้ไขไม่ได้อีก ข้อมูลที่เปลี่ยนหลังจากนี้ให้บันทึกในรอบถัดไปเมื่อเปิด"
    status = 409


class WindowNotYet(RuleViolation):
    """The window of this action has not opened (R12, R27)."""

    message = "ยังไม่ถึงเวลา{action} {round} จะเปิดให้ทำได้ตั้งแต่ {opens}"
    status = 409


class WindowOver(RuleViolation):
    """The window of this action is over (R12, R27, R35)."""

    message = "หมดเวลา{action} {round} แล้วเมื่อ {closes} หากจำเป็นให้ขอผ่อนผันเวลาจากส่วนกลางผ่านเขตพื้นที่"
    status = 409


class WindowMissing(RuleViolation):
    """Nobody has set when this action is open."""

    message = "ส่วนกลางยังไม่ได้กำหนดช่วงเวลา{action}ของ {round} จึงยังทำไม่ได้"
    status = 409


class SubmissionLocked(RuleViolation):
    """From confirming on the school's rows are locked."""

    message = (
        "ข้อมูลของโรงเรียนใน {round} ถูกล็อกแล้ว (สถานะ: {state}) "
        "หากต้องแก้ไข ให้โรงเรียนถอนการยืนยันหรือให้เขตพื้นที่ส่งกลับที่หน้าการส่งข้อมูล"
    )
    status = 409


class NotASpreadsheet(RuleViolation):
    """An uploaded file is no table we can read."""

    message = "ไฟล์ “{file}” เปิดเป็นตารางไม่ได้: {reason} กรุณาใช้ไฟล์ Excel (.xlsx) หรือ CSV"


class EmptyFile(RuleViolation):
    """An uploaded table has no data rows."""

    message = "ไฟล์ “{file}” ไม่มีแถวข้อมูล กรุณาตรวจสอบว่าเลือกไฟล์ถูกต้องและบันทึกข้อมูลไว้ในไฟล์แล้ว"


class NoHeaderRow(RuleViolation):
    """None of the first rows of a table holds enough known column labels."""

    message = "ไม่พบแถวหัวตารางใน {rows} แถวแรกของไฟล์ “{file}” กรุณาตรวจสอบว่ามีหัวคอลัมน์ เช่น {labels}"


class CellTooLong(RuleViolation):
    """A cell holds more text than any field could take."""

    message = "แถวที่ {row} คอลัมน์ “{column}” มีข้อความยาวเกิน {limit} ตัวอักษร กรุณาแก้ไขในไฟล์แล้วนำเข้าใหม่"


class FileTooLarge(RuleViolation):
    """An uploaded file is, or would unpack to, more than the register takes at once."""

    message = "ไฟล์ “{file}” ใหญ่เกินกว่าที่รับได้ ({limit}) กรุณาแบ่งข้อมูลเป็นหลายไฟล์แล้วนำเข้าทีละไฟล์"
    status = 413


# ── Rounds and signatures ────────────────────────────────────────────────────────────────────────────────


class RoundUnknown(RuleViolation):
    """No such round."""

    message = "ไม่พบรอบที่ {number} ปีการศึกษา {year} กรุณาตรวจปีการศึกษาและเลขรอบ"
    status = 404


class RoundTooEarly(RuleViolation):
    """A round cannot be added before one that is closed: today's data would fall back into it."""

    message = "เพิ่ม{round}ไม่ได้ เพราะ{later}ซึ่งมาทีหลังปิดไปแล้ว กรุณาตรวจปีการศึกษา"
    status = 409


class EarlierRoundOpen(RuleViolation):
    """Rounds are closed in their order (R15)."""

    message = "ปิด{round}ยังไม่ได้ เพราะ{earlier}ยังไม่ปิด กรุณาปิดรอบก่อนหน้าก่อน"
    status = 409


class RoundNotBegun(RuleViolation):
    """Nobody could have reported yet; closing is for good (R15)."""

    message = "ปิด{round}ยังไม่ได้ เพราะเปิดให้แก้ไขข้อมูลตั้งแต่วันที่ {opens} กรุณาตรวจว่าเลือกรอบถูกต้อง"
    status = 409


class RoundAlreadyClosed(RuleViolation):
    """A round is closed once; who closed it and when stays as it was (R15)."""

    message = "{round} ปิดไปแล้วเมื่อ {closed} โดย {by} จึงไม่ต้องปิดอีก"
    status = 409


class PlaceUnknown(RuleViolation):
    """No area and no school has this code."""

    message = "ไม่พบเขตพื้นที่หรือโรงเรียนรหัส “{code}” กรุณาตรวจรหัสอีกครั้ง"
    status = 404


class WindowUpsideDown(RuleViolation):
    """A window must open before it closes."""

    message = "เวลาเริ่มต้องมาก่อนเวลาสิ้นสุด กรุณาแก้ช่วงเวลา"


class NothingWidened(RuleViolation):
    """An exception gives more time, never less."""

    message = "การผ่อนผันต้องได้เวลาเพิ่ม แต่{action}ของ {place} เปิดถึง {closes} อยู่แล้ว กรุณากำหนดเวลาสิ้นสุดให้ช้ากว่านั้น"


class ClosesInThePast(RuleViolation):
    """An exception that is over before it begins helps nobody."""

    message = "เวลาสิ้นสุด {closes} ผ่านไปแล้ว กรุณากำหนดเวลาในอนาคต"


class NotAnException(RuleViolation):
    """An exception is for one district or one school."""

    message = "การผ่อนผันต้องระบุเขตพื้นที่หรือโรงเรียนเดียว ถ้าต้องการเปลี่ยนทั้งประเทศให้กำหนดช่วงเวลาของรอบใหม่"


class ReasonMissing(RuleViolation):
    """What undoes or bends a rule says why; the reason stays in the history."""

    message = "กรุณาระบุเหตุผล เพราะจะบันทึกไว้ในประวัติและแจ้งผู้เกี่ยวข้อง"


def require_reason(reason: str) -> None:
    """ReasonMissing for an empty reason, and for one of spaces."""
    if not reason.strip():
        raise ReasonMissing


class SourceMissing(RuleViolation):
    """Rounds and windows name the letter that set them."""

    message = "กรุณาระบุหนังสือที่กำหนด เช่น ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔ ลงวันที่ 25 พฤษภาคม 2567"


class WrongState(RuleViolation):
    """The school's submission is not in the state that this step starts from (R12–R14)."""

    message = "{action}ไม่ได้ เพราะข้อมูลของ {school} อยู่ในสถานะ “{state}” {advice}"
    status = 409


class ChecklistFailed(RuleViolation):
    """Something on the checklist stops the confirming; ``checklist`` tells what (R12, R23)."""

    message = "ยืนยันยังไม่ได้ ต้องแก้หรือชี้แจง {count} เรื่องก่อน: {summary} กรุณาแก้หรือชี้แจงตามรายการตรวจสอบแล้วยืนยันอีกครั้ง"

    def __init__(self, checklist: Any) -> None:
        self.checklist = checklist
        self.problems = [Problem(None, item.sentence) for item in checklist.open]
        super().__init__(count=len(self.problems), summary=[problem.message for problem in self.problems])


class ExplanationMissing(RuleViolation):
    """An explanation has words."""

    message = "กรุณาเขียนคำชี้แจงว่าเหตุใดข้อมูลจึงถูกต้องแล้ว"


class NothingToExplain(RuleViolation):
    """Only what a query of the round finds now can be explained; errors are put right."""

    message = "ไม่มีรายการที่ชี้แจงได้ อาจแก้ไขหรือชี้แจงไปแล้ว หรือเป็นเรื่องที่ต้องแก้ไขเท่านั้น กรุณาเปิดรายการตรวจสอบอีกครั้ง"
    status = 409


class SamePerson(RuleViolation):
    """R13: the director certifies what somebody else has confirmed."""

    message = "ผู้รับรองต้องเป็นคนละคนกับผู้ยืนยัน ท่านเป็นผู้ยืนยันข้อมูลชุดนี้แล้ว กรุณาให้ผู้อำนวยการโรงเรียนเป็นผู้รับรอง"
    status = 409


class SignerUnknown(RuleViolation):
    """R8: every signature has an identified person behind it."""

    message = "การ{action}ต้องทำในนามบัญชีของบุคคล กรุณาเข้าสู่ระบบด้วยบัญชีของท่าน"
    status = 403


class ProofNeeded(RuleViolation):
    """R8: a signature asks anew who signs, however lately they have logged in."""

    message = "ก่อน{action} ต้องพิสูจน์ตัวตนอีกครั้ง กรุณากรอกรหัสผ่าน หรือรหัสจากโทรศัพท์ถ้าท่านตั้งไว้"
    status = 403


class WrongProof(InvalidRow):
    """The password or the phone's code that was given for a signature is not the right one."""

    message = "ยังไม่ได้ลงนาม: {summary}"


class OrderMissing(InvalidRow):
    """Who signs for somebody else names the order that lets them."""

    message = "ยังไม่ได้ลงนาม: {summary}"


class CertifiedAlready(RuleViolation):
    """Once certified a school cannot take its data back by itself."""

    message = "ข้อมูลรับรองแล้ว โรงเรียนจึงส่งกลับเองไม่ได้ กรุณาติดต่อเขตพื้นที่เพื่อขอให้ส่งกลับ"
    status = 409


# ── Certificates and files ───────────────────────────────────────────────────────────────────────────────


class FileMissing(RuleViolation):
    """A stored file is not there."""

    message = "ไม่พบไฟล์นี้ในที่เก็บไฟล์ กรุณาแจ้งผู้ดูแลระบบ"
    status = 404


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


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────


class AccountUnknown(RuleViolation):
    """No active account has this name."""

    message = "ไม่พบบัญชีผู้ใช้ “{username}” หรือบัญชีถูกปิดใช้งาน กรุณาตรวจชื่อผู้ใช้"
    status = 404


class NotAStudentFile(RuleViolation):
    """A table without the columns that every student needs."""

    message = (
        "ไฟล์นี้ไม่ใช่ไฟล์นักเรียนที่นำเข้าได้ เพราะไม่พบคอลัมน์ {columns} กรุณาใช้ไฟล์ที่ระบบเดิมส่งออกโดยไม่ลบหรือเปลี่ยนชื่อหัวคอลัมน์"
    )


class FileOfAnotherSchool(RuleViolation):
    """The file's rows name another school."""

    message = "ไฟล์นี้เป็นของโรงเรียนรหัส {theirs} ไม่ใช่{school} ({code}) จึงไม่นำเข้า กรุณาเลือกไฟล์ของ{school}"


class ImportSettled(RuleViolation):
    """A file that was committed or cancelled already cannot be settled again."""

    message = "ไฟล์นี้{state}แล้ว จึงทำซ้ำไม่ได้ หากต้องการนำเข้าอีก ให้อัปโหลดไฟล์ใหม่"
    status = 409


# ── Background jobs ──────────────────────────────────────────────────────────────────────────────────────


class JobUnknown(RuleViolation):
    """No such job of this person; an old one may have been cleaned away."""

    message = "ไม่พบงานนี้ อาจถูกลบไปแล้วเพราะเก่าเกินกำหนด กรุณาสั่งงานใหม่"
    status = 404


class JobSettled(RuleViolation):
    """A job in this state cannot be cancelled, or tried again, any more."""

    message = "งานนี้{state} จึงทำรายการนี้ไม่ได้ กรุณาโหลดหน้าใหม่เพื่อดูสถานะล่าสุด"
    status = 409


class JobCancelled(RuleViolation):
    """The owner has cancelled the job; what its last step has committed stays, the rest is given up."""

    message = "ยกเลิกแล้ว"
    status = 409


class JobOwnerGone(RuleViolation):
    """The account that ordered the job was switched off before its turn came."""

    message = "บัญชีของผู้สั่งงานถูกปิดใช้งานแล้ว จึงไม่ทำงานนี้ หากยังต้องการ ให้ผู้มีสิทธิ์สั่งงานใหม่"
    status = 403


class JobGivenUp(RuleViolation):
    """The program was stopped in the middle of this job again and again."""

    message = "งานนี้หยุดกลางคันหลายครั้งจึงเลิกทำ กรุณากด “ลองใหม่” หากยังไม่สำเร็จให้แจ้งผู้ดูแลระบบ"
    status = 500


class JobBroken(RuleViolation):
    """A fault of ours; the trace is in the log, never on the screen."""

    message = "ระบบขัดข้องระหว่างทำงานนี้ ข้อมูลที่ยังไม่เสร็จไม่ถูกบันทึก กรุณากด “ลองใหม่” หากยังไม่สำเร็จให้แจ้งผู้ดูแลระบบ"
    status = 500


# ── What only the database can notice ────────────────────────────────────────────────────────────────────


class ReferenceMissing(RuleViolation):
    """A row points to another that does not exist, or that was deleted meanwhile."""

    message = "รายการที่อ้างถึงไม่มีอยู่แล้ว กรุณาเลือกใหม่แล้วบันทึกอีกครั้ง"


class KeptForever(RuleViolation):
    """The history, frozen rosters and issued documents are written once and never changed or deleted."""

    message = "ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้ หากข้อมูลผิด ให้ส่งกลับแล้วยืนยันและรับรองใหม่"
    status = 409


class KeptForVerbs(RuleViolation):
    """Who and where a child is changes by its verbs alone, whatever the statement."""

    message = (
        "ชื่อ เพศ วันเกิด เลขประจำตัว โรงเรียน ชั้น ห้อง และสถานภาพของนักเรียน เปลี่ยนตรงนี้ไม่ได้"
        " กรุณาใช้รายการ “ย้าย/จำหน่าย/แก้ชื่อ” ที่หน้านักเรียน"
    )
    status = 409


class TryAgain(RuleViolation):
    """Somebody else's work on the same rows was in the way; the same request will pass later."""

    message = "ขณะนี้มีผู้อื่นกำลังบันทึกข้อมูลเดียวกันอยู่ จึงยังไม่ได้บันทึก กรุณารอสักครู่แล้วลองใหม่"
    status = 503


class NotAPhoto(RuleViolation):
    """An uploaded file is no picture that can be read, whatever its name says."""

    message = "ไฟล์ “{file}” ไม่ใช่ภาพ JPG, PNG หรือ WebP หรือไฟล์เสียหาย กรุณาเลือกภาพอื่น"


class NotAnAttachment(RuleViolation):
    """An uploaded file is neither a PDF nor a picture, whatever its name says."""

    message = "ไฟล์ “{file}” ไม่ใช่ PDF หรือภาพ JPG, PNG, WebP หรือไฟล์เสียหาย กรุณาเลือกไฟล์อื่น"


class AttachmentTooLarge(RuleViolation):
    """An uploaded file is larger than the store takes."""

    message = "ไฟล์ “{file}” ใหญ่เกิน {limit} MiB กรุณาลดขนาดแล้วส่งใหม่"
    status = 413


class PhotoTooLarge(RuleViolation):
    """A picture has more points than any camera takes; unpacking it would fill the memory."""

    message = "ภาพ “{file}” ละเอียดเกิน {limit} ล้านจุด กรุณาย่อภาพแล้วส่งใหม่"
    status = 413


class NoFileChosen(RuleViolation):
    """The form was sent without a file."""

    message = "ยังไม่ได้เลือกไฟล์ กรุณาเลือกไฟล์แล้วส่งอีกครั้ง"


class QuestionnaireNotOpen(RuleViolation):
    """A questionnaire takes answers only while it is published and open."""

    message = "ตอบ “{name}” ไม่ได้ในขณะนี้ ({when}) หากจำเป็นให้ติดต่อส่วนกลาง"
    status = 409


class QuestionnaireAnswered(RuleViolation):
    """Somebody has answered: what they answered stays what was asked."""

    message = "แบบสอบถาม “{name}” มีผู้ตอบแล้ว {count} แห่ง จึงเปลี่ยนรหัส ปี ผู้ตอบ หรือยกเลิกการเผยแพร่ไม่ได้ กรุณาสร้างแบบสอบถามใหม่แทน"
    status = 409


class QuestionnaireEmpty(RuleViolation):
    """There is nothing to answer in it."""

    message = "แบบสอบถาม “{name}” ยังไม่มีคำถาม จึงเผยแพร่ไม่ได้ กรุณาเพิ่มคำถามก่อน"
    status = 409


class QuestionnairePublished(RuleViolation):
    """Answers mean what was asked: questions stay once schools have seen them."""

    message = "แบบสอบถาม “{name}” เผยแพร่แล้ว คำถามจึงแก้ไขไม่ได้ หากจำเป็นให้ยกเลิกการเผยแพร่ก่อน"
    status = 409


class QuestionOfAnotherKind(RuleViolation):
    """The same code had another kind of answer in a year before: the years could not be compared."""

    message = "คำถามรหัส {code} ในปีการศึกษา {year} เป็นคำตอบชนิด “{kind}” เพื่อให้เทียบข้ามปีได้ กรุณาใช้ชนิดเดิมหรือตั้งรหัสใหม่"
    status = 409


class AnswersMissing(InvalidRow):
    """A sheet is sent when every required question is answered."""

    message = "ยังส่งคำตอบไม่ได้: {summary}"


class NoSuchQuestionnaire(RuleViolation):
    """No published questionnaire of this number is for this place."""

    message = "ไม่พบแบบสอบถามนี้ อาจยังไม่เผยแพร่หรือไม่ใช่แบบสอบถามของท่าน"
    status = 404


class HistoryBusy(RuleViolation):
    """A transaction that was writing does not end: its changes would come too late for their seal."""

    message = "ยังมีงานที่กำลังบันทึกข้อมูลค้างอยู่ จึงยังผนึกประวัติไม่ได้ กรุณาลองใหม่ภายหลัง"
    status = 503


class NothingToRevert(RuleViolation):
    """The row has the values of that version already."""

    message = "ข้อมูลเหมือนรุ่นที่เลือกอยู่แล้ว จึงไม่มีอะไรให้ย้อนกลับ กรุณาเลือกรุ่นอื่น"
    status = 409


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────────────


class RequestSettled(RuleViolation):
    """Of two who settle a request at once one does; the other is told who was first."""

    message = "คำขอนี้{state}โดย {by} เมื่อ {at} จึงทำรายการนี้ไม่ได้อีก หากยังจำเป็นให้ยื่นคำขอใหม่"
    status = 409


class NotThisTurn(RuleViolation):
    """The request is not in the state in which this can be done."""

    message = "{action}ไม่ได้ เพราะคำขออยู่ในสถานะ “{state}” กรุณาดูขั้นตอนล่าสุดที่หน้าคำขอ"
    status = 409


class NotThisSide(RuleViolation):
    """Somebody knows of the request but stands on another side of it."""

    message = "{action}ไม่ได้ เพราะเป็นหน้าที่ของ{whose} ท่านแสดงความเห็นหรือแนบหลักฐานได้"
    status = 403


class OwnRequest(RuleViolation):
    """Who asks does not decide."""

    message = "ท่านเป็นผู้ยื่นคำขอนี้ จึงพิจารณาเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นพิจารณา"
    status = 409


class AskedAlready(RuleViolation):
    """One unsettled request about one thing: of two schools that ask for one child, the second is told."""

    message = "มีคำขอเรื่องนี้รอพิจารณาอยู่แล้วตั้งแต่ {since} จึงยื่นซ้ำไม่ได้ กรุณารอผล หรือติดต่อเขตพื้นที่"
    status = 409


class EvidenceMissing(RuleViolation):
    """A request of this kind is decided by its documents."""

    message = "ต้องแนบหลักฐาน: {what} กรุณาแนบไฟล์ PDF หรือภาพถ่าย แล้วส่งอีกครั้ง"


class NothingSaid(RuleViolation):
    """A comment without words."""

    message = "ยังไม่ได้พิมพ์ข้อความ กรุณาพิมพ์แล้วส่งอีกครั้ง"


# ── The end of the year ──────────────────────────────────────────────────────────────────────────────────


class NotEndOfYear(RuleViolation):
    """R37, R46, §1.6: results, 3.1.8 and the admission plan belong to the end-of-year round alone."""

    message = "{what}บันทึกได้เฉพาะในรอบสิ้นปีการศึกษา (รอบที่ 3) ขณะนี้เป็น{round} กรุณารอให้รอบสิ้นปีเปิด"
    status = 409


class StepBefore(RuleViolation):
    """R46: the three steps of the results are taken in their order."""

    message = "ต้องบันทึกตามลำดับ (3.2.2 → 3.2.2.1 → 3.2.2.2): {missing} อีก {count} คน กรุณาบันทึกขั้นนั้นให้ครบก่อน"
    status = 409


class AbsentAndFailed(RuleViolation):
    """Who did not sit the exam has not failed it (R43, R46)."""

    message = "{name} ถูกเลือกทั้ง “ไม่เข้าสอบ” และ “สอบตก” กรุณาเลือกอย่างใดอย่างหนึ่ง"


class CriterionMissing(RuleViolation):
    """§1.4: a failure names the criterion that was failed."""

    message = "{name} สอบตก แต่ยังไม่ได้เลือกเกณฑ์ที่ไม่ผ่าน กรุณาเลือกเกณฑ์"


class DidNotFail(RuleViolation):
    """R46: repeating follows from failing."""

    message = "{name} ไม่ได้สอบตก จึงบันทึกซ้ำชั้นหรือรอดำเนินการไม่ได้ ถ้าสอบตกจริงให้แก้ผลสอบในขั้นที่ 1 ก่อน"
    status = 409


class OnlySecondaryWaits(RuleViolation):
    """§1.4: only secondary schools leave a result open for a second exam."""

    message = "“รอดำเนินการ” ใช้ได้เฉพาะระดับมัธยมศึกษาและ ปวช. กรุณาเลือก “ซ้ำชั้น” หรือแก้ผลสอบของ {name}"


class DidSit(RuleViolation):
    """R47: 3.1.8, and being kept, are for those who did not sit the final exam."""

    message = "{name} เข้าสอบปลายภาคแล้ว จึงบันทึกว่ายังจำหน่ายไม่ได้ (3.1.8) หรือคงไว้ไม่ได้ ถ้าไม่ได้เข้าสอบให้แก้ในขั้นที่ 1 ก่อน"
    status = 409


class PastCompulsoryAge(RuleViolation):
    """R44: only who is under the compulsory age may be kept without the exam."""

    message = "{name} พ้นอายุการศึกษาภาคบังคับแล้ว จึงคงไว้โดยไม่เข้าสอบไม่ได้ ให้ย้ายออก จำหน่าย หรือบันทึก 3.1.8 ถ้ายังติดตามอยู่"


class WishMissing(RuleViolation):
    """R44: the guardian's wish is written down."""

    message = "การคง {name} ไว้ต้องระบุความประสงค์ของผู้ปกครองในช่องหมายเหตุ"


class DoesNotGraduate(RuleViolation):
    """R46, §1.4: destinations are of graduates of ป.6, ม.3, ม.6 and ปวช.3."""

    message = "{name} ไม่ใช่ผู้จบการศึกษาที่ต้องบันทึกการศึกษาต่อ (ป.6 ม.3 ม.6 ปวช.3 ที่สอบได้) กรุณาตรวจผลสอบในขั้นที่ 1"


class DestinationOfOther(RuleViolation):
    """The destination belongs to graduates of another level."""

    message = "“{destination}” ไม่ใช่การศึกษาต่อของผู้จบชั้น{grade} กรุณาเลือกจากรายการของชั้นนี้"


class AfterTheExam(RuleViolation):
    """R39: what happened after the final exam is not of this year."""

    message = "วันที่ {day} อยู่หลังวันสอบปลายภาค ({exam}) จึงบันทึกในรอบสิ้นปีไม่ได้ ให้บันทึกเมื่อเปิดรอบที่ 1 ของปีการศึกษาถัดไป"
    status = 409


class ExamDateOutside(RuleViolation):
    """R38: the final exam of the second term lies between 11 November and the end of the academic year."""

    message = "วันสอบปลายภาคต้องอยู่ระหว่าง {first} ถึง {last} กรุณาตรวจวันที่"


class ClassChanged(RuleViolation):
    """Somebody has changed the class since the page was opened."""

    message = "มีผู้แก้ไขห้องนี้หลังจากที่ท่านเปิดหน้า กรุณาเปิดหน้าใหม่ ตรวจดู แล้วบันทึกอีกครั้ง"
    status = 409


class PlanNotOpened(RuleViolation):
    """R37: a school plans for the grades it opens."""

    message = "โรงเรียนไม่ได้เปิดสอนชั้น{grade} จึงวางแผนรับนักเรียนชั้นนี้ไม่ได้ กรุณาแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียนก่อน"


class PlanOutside(RuleViolation):
    """A plan's figures are small whole numbers."""

    message = "แผนรับชั้น{grade}: จำนวนห้องต้องเป็น 0–99 และจำนวนนักเรียน 0–9,999 กรุณาแก้ตัวเลข"


class NothingToPromote(RuleViolation):
    """R46, §1.4: the turn of the year follows the closing of the end-of-year round."""

    message = "เลื่อนชั้นไม่ได้ เพราะ{round}ยังไม่ปิดหรือไม่ใช่รอบสิ้นปีการศึกษา กรุณาปิดรอบที่ 3 ก่อน"
    status = 409


# ── Movements ────────────────────────────────────────────────────────────────────────────────────────────


class StudentUnknown(RuleViolation):
    """R21: only a child who is in the register can be transferred in."""

    message = "ไม่พบนักเรียนเลขประจำตัวนี้ในระบบ (ข้อ R21) กรุณาตรวจเลข ถ้าเป็นนักเรียนใหม่ให้ใช้ “เพิ่มนักเรียน”"
    status = 404


class EnrolledAlready(RuleViolation):
    """R21: the child is this school's own."""

    message = "{name}กำลังเรียนอยู่ที่โรงเรียนนี้แล้ว (ข้อ R21) ไม่ต้องย้ายเข้า ถ้าต้องการย้ายห้องให้ใช้ “จัดชั้นและห้อง”"
    status = 409


class InRegisterAlready(RuleViolation):
    """R21, R30: a child with this ID is in the register, so it is transferred, not added a second time."""

    message = (
        "มีนักเรียนเลขประจำตัวนี้ในระบบแล้ว (ข้อ R21, R30) กรุณาใช้ “ย้ายเข้า” แทนการเพิ่มใหม่"
        " หากเป็นเด็กคนละคน ให้ตรวจเลขจากบัตรหรือสูติบัตร แล้วแจ้งเขตพื้นที่"
    )
    status = 409


class EnrolledTwice(RuleViolation):
    """R30: of a child who is in two schools already, none can be moved before it is decided which is right."""

    message = (
        "นักเรียนคนนี้มีชื่อซ้ำซ้อนอยู่มากกว่าหนึ่งโรงเรียน (ข้อ R30) ต้องวินิจฉัยเรื่องซ้ำซ้อนก่อน กรุณาแนบหลักฐานที่เมนู “นักเรียนซ้ำซ้อน”"
    )
    status = 409


class NotEnrolled(RuleViolation):
    """R22: only who is enrolled can leave or be moved to another class."""

    message = "{name}มีสถานภาพ “{status}” (ข้อ R22) จึงทำรายการนี้ไม่ได้ หากกลับมาเรียนให้ใช้ “รับกลับเข้าเรียน”"
    status = 409


class IsEnrolled(RuleViolation):
    """R45: only who has left is taken back."""

    message = "{name}กำลังศึกษาอยู่แล้ว (ข้อ R45) จึงไม่ต้องรับกลับ"
    status = 409


class HasDied(RuleViolation):
    """R22: nobody is moved out of a record of death but by undoing it."""

    message = "{name}ถูกบันทึกว่าถึงแก่กรรม (ข้อ R22) หากบันทึกผิดให้โรงเรียนเดิมยกเลิกรายการจำหน่าย"
    status = 409


class TakenMeanwhile(RuleViolation):
    """Of two schools that take one child, one does; the other is told."""

    message = "{name}ไม่ได้อยู่ที่โรงเรียนเดิมแล้ว อาจมีโรงเรียนอื่นรับไปก่อน กรุณาค้นหาเลขประจำตัวอีกครั้ง"
    status = 409


class SatFinalExam(RuleViolation):
    """R43, R45: who sat the final exam stays until the next year's round opens."""

    message = "{name}เข้าสอบปลายภาคแล้ว จึงย้ายออกหรือจำหน่ายไม่ได้ (ข้อ R43, R45) ให้รอรอบที่ 1 ของปีการศึกษาหน้า"
    status = 409


class ExamNotRecorded(RuleViolation):
    """R43: in round 3 only those leave of whom it is recorded that they did not sit the exam."""

    message = "ในรอบสิ้นปี ต้องบันทึกก่อนว่า{name}เข้าสอบปลายภาคหรือไม่ จึงจะย้ายออกหรือจำหน่ายได้ (ข้อ R43)"
    status = 409


class NotAtFinalExam(RuleViolation):
    """R41, R42: round 3 takes in nobody but who is present and sat this year's final exam."""

    message = "รอบสิ้นปีรับเข้าได้เฉพาะนักเรียนที่มาเรียนและเข้าสอบปลายภาคของปีนี้ (ข้อ R41, R42) นักเรียนใหม่ปีหน้าให้รอรอบที่ 1"
    status = 409


class OnlyAtYearsEnd(RuleViolation):
    """R38, R46: exams are recorded in round 3."""

    message = "บันทึกการเข้าสอบปลายภาคได้เฉพาะรอบที่ 3 สิ้นปีการศึกษา (ข้อ R38, R46) กรุณาเว้นช่องนี้ว่างไว้"
    status = 409


class GradeNotTaught(RuleViolation):
    """R24: a class that the school does not open."""

    message = "{school}ไม่เปิดสอนชั้น{grade} (ข้อ R24) กรุณาเลือกชั้นอื่น หรือแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียน"


class NotThatDay(RuleViolation):
    """R34: a movement is recorded after it happened."""

    message = "วันที่ {day} ยังมาไม่ถึง (ข้อ R34) กรุณาบันทึกเมื่อนักเรียนย้ายหรือออกจริง"


class GroundMissing(RuleViolation):
    """R22: dropout names its cause, discharge its ground."""

    message = "กรุณาระบุเหตุ{kind} (ข้อ R22) เป็นค่าใดค่าหนึ่งต่อไปนี้: {allowed}"


class CannotUndo(RuleViolation):
    """R45: what was done by mistake is undone within its round, as long as nothing has followed."""

    message = "ยกเลิก “{kind}” ไม่ได้ เพราะ{why} (ข้อ R45) กรุณาทำรายการใหม่แทน"
    status = 409


class TooManyMoved(RuleViolation):
    """More students than one form moves."""

    message = "ย้ายพร้อมกันได้ไม่เกิน {most} คน กรุณาทำทีละห้อง"
