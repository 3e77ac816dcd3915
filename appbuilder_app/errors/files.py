"""Files that people bring."""

from __future__ import annotations

from .base import RuleViolation


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


class FileMissing(RuleViolation):
    """A stored file is not there."""

    message = "ไม่พบไฟล์นี้ในที่เก็บไฟล์ กรุณาแจ้งผู้ดูแลระบบ"
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
