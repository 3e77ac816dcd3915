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


class NoViewer(RuleViolation):
    """Nobody is named as acting: nothing is shown and nothing is written."""

    message = "ไม่ทราบว่าใครเป็นผู้ทำรายการ กรุณาเข้าสู่ระบบแล้วลองใหม่"
    status = 403


class WrongLogin(RuleViolation):
    """Name and password do not belong together, or the account is switched off; which, is not told."""

    message = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หรือขอรหัสผ่านใหม่จากเขตพื้นที่"
    status = 401


class TokenRefused(RuleViolation):
    """An API token that is missing, forged, expired, or older than a logout."""

    message = "โทเค็นใช้ไม่ได้หรือหมดอายุแล้ว กรุณาขอใหม่ที่ /api/v1/security/login"
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


class StaleVersion(RuleViolation):
    """Somebody else saved the row after this person opened it."""

    message = "มีผู้อื่นแก้ไขรายการนี้ไปแล้วระหว่างที่ท่านเปิดอยู่ กรุณาตรวจค่าล่าสุดแล้วบันทึกอีกครั้ง"
    status = 409


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


class SourceMissing(RuleViolation):
    """Rounds and windows name the letter that set them."""

    message = "กรุณาระบุหนังสือที่กำหนด เช่น ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔ ลงวันที่ 25 พฤษภาคม 2567"


class WrongState(RuleViolation):
    """The school's submission is not in the state that this step starts from (R12–R14)."""

    message = "{action}ไม่ได้ เพราะข้อมูลของ {school} อยู่ในสถานะ “{state}” {advice}"
    status = 409


class ChecklistFailed(RuleViolation):
    """Something on the checklist stops the confirming; ``checklist`` tells what (R12, R23)."""

    message = "ยืนยันยังไม่ได้ ต้องแก้ {count} เรื่องก่อน: {summary} กรุณาแก้ตามรายการตรวจสอบแล้วยืนยันอีกครั้ง"

    def __init__(self, checklist: Any) -> None:
        self.checklist = checklist
        self.problems = [Problem(None, item.sentence) for item in checklist.errors]
        super().__init__(count=len(self.problems), summary=[problem.message for problem in self.problems])


class SamePerson(RuleViolation):
    """R13: the director certifies what somebody else has confirmed."""

    message = "ผู้รับรองต้องเป็นคนละคนกับผู้ยืนยัน ท่านเป็นผู้ยืนยันข้อมูลชุดนี้แล้ว กรุณาให้ผู้อำนวยการโรงเรียนเป็นผู้รับรอง"
    status = 409


class SignerUnknown(RuleViolation):
    """R8: every signature has an identified person behind it."""

    message = "การ{action}ต้องทำในนามบัญชีของบุคคล กรุณาเข้าสู่ระบบด้วยบัญชีของท่าน"
    status = 403


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


class NotAScan(RuleViolation):
    """The uploaded file is neither PDF, JPEG nor PNG, whatever its name says."""

    message = "ไฟล์ “{file}” ไม่ใช่ PDF, JPG หรือ PNG กรุณาสแกนหรือถ่ายภาพใบรับรองที่ลงนามแล้วส่งใหม่"


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


# ── What only the database can notice ────────────────────────────────────────────────────────────────────


class ReferenceMissing(RuleViolation):
    """A row points to another that does not exist, or that was deleted meanwhile."""

    message = "รายการที่อ้างถึงไม่มีอยู่แล้ว กรุณาเลือกใหม่แล้วบันทึกอีกครั้ง"


class KeptForever(RuleViolation):
    """The history, frozen rosters and issued documents are written once and never changed or deleted."""

    message = "ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้ หากข้อมูลผิด ให้ส่งกลับแล้วยืนยันและรับรองใหม่"
    status = 409


class TryAgain(RuleViolation):
    """Somebody else's work on the same rows was in the way; the same request will pass later."""

    message = "ขณะนี้มีผู้อื่นกำลังบันทึกข้อมูลเดียวกันอยู่ จึงยังไม่ได้บันทึก กรุณารอสักครู่แล้วลองใหม่"
    status = 503
