"""Code lists of collection rounds: which system, how far a school is, what a window opens."""

from __future__ import annotations

from .codelist import CodeList


class RoundSystem(CodeList, noun="ระบบจัดเก็บข้อมูล"):
    """Which collection a round belongs to; own codes after the systems' names [assumed]."""

    DMC = "dmc", "ข้อมูลนักเรียนรายบุคคล (DMC)", "Learners (DMC)", "นักเรียน"
    ASSET = "asset", "สิ่งก่อสร้าง (OBEC-Asset)", "Buildings (OBEC-Asset)", "สิ่งก่อสร้าง", ("B-OBEC",)
    MOBEC = "mobec", "ครุภัณฑ์ (M-OBEC)", "Equipment (M-OBEC)", "ครุภัณฑ์", ("M-OBEC",)
    EMIS = "emis", "ข้อมูลพื้นฐานสถานศึกษา (EMIS)", "School basics (EMIS)", "ข้อมูลพื้นฐาน"


class SubmissionState(CodeList, noun="สถานะการส่งข้อมูล"):
    """How far a school is in a round (R12–R14); own codes [derived]."""

    OPEN = "open", "กำลังบันทึก", "Open", "กำลังบันทึก"
    CONFIRMED = "confirmed", "ยืนยันแล้ว", "Confirmed", "ยืนยันแล้ว"
    CERTIFIED = "certified", "รับรองแล้ว", "Certified", "รับรองแล้ว"
    ACKNOWLEDGED = "ackd", "รับทราบแล้ว", "Acknowledged", "รับทราบแล้ว"


class Capacity(CodeList, noun="ฐานะของผู้ลงนาม"):
    """In what capacity somebody signs for the head of an office; words of the rules on official letters, own codes."""

    OWN = "own", "ในตำแหน่งของตน", "In their own position", "ตำแหน่งตน"
    FOR = "for", "ปฏิบัติราชการแทน", "Acting for", "ปฏิบัติราชการแทน"
    IN_PLACE = "in_place", "รักษาราชการแทน", "Deputising in the absence of", "รักษาราชการแทน"
    VACANT = "vacant", "รักษาการในตำแหน่ง", "Acting in the vacant post of", "รักษาการในตำแหน่ง"


class Proof(CodeList, noun="วิธีพิสูจน์ตัวตน"):
    """How a signer has shown to be who they are at the moment of signing (R8); own codes."""

    PASSWORD = "password", "รหัสผ่าน", "Password", "รหัสผ่าน"
    CODE = "code", "รหัสจากโทรศัพท์", "Code of the phone", "รหัสจากโทรศัพท์"
    MACHINE = "machine", "ระบบทำแทน", "Done by the system", "ระบบ"


class WindowAction(CodeList, noun="การดำเนินการ"):
    """What a window of a round opens (R10–R14, R26, §1.6); own codes [derived]."""

    EDIT = "edit", "บันทึกและแก้ไขข้อมูล", "Edit", "บันทึก/แก้ไข"
    CONFIRM = "confirm", "ยืนยันข้อมูล", "Confirm", "ยืนยัน"
    CERTIFY = "certify", "รับรองข้อมูล", "Certify", "รับรอง"
    ACKNOWLEDGE = "ack", "รับทราบข้อมูล", "Acknowledge", "รับทราบ"
    MOVE_IN = "move_in", "ย้ายเข้าและเพิ่มนักเรียน", "Transfers in and new students", "ย้ายเข้า/เพิ่ม"
    MOVE_OUT = "move_out", "ย้ายออก", "Transfers out", "ย้ายออก"
    LEAVE = "leave", "ออกกลางคันและจำหน่าย", "Dropout and discharge", "ออกกลางคัน/จำหน่าย"
    CLASS = "class", "จัดชั้นและห้อง", "Classes and rooms", "ชั้น/ห้อง"
    NAME = "name", "แก้ไขชื่อ-สกุล", "Names", "ชื่อ-สกุล"
    ID_CORRECTION = "id_correction", "แก้เลขประจำตัวประชาชน", "Corrections of national IDs", "แก้เลขประจำตัว"


ROUND_STEPS = (WindowAction.EDIT, WindowAction.CONFIRM, WindowAction.CERTIFY, WindowAction.ACKNOWLEDGE)
"""What every round has a window for; the other actions are open with editing unless a window says otherwise."""
