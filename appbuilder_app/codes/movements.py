"""Codes of movements: what a verb did to a learner's place in a school."""

from __future__ import annotations

from .codelist import CodeList
from .rounds import WindowAction


class MovementKind(CodeList, noun="ประเภทการเคลื่อนย้าย"):
    """What moved (§2.1, menus 2.7.1 to 2.7.8); own codes [derived]."""

    TRANSFER_IN = "transfer_in", "ย้ายเข้า", "Transfer in", "ย้ายเข้า"
    ADD = "add", "เพิ่มนักเรียน", "Added", "เพิ่ม"
    TRANSFER_OUT = "transfer_out", "ย้ายออก", "Transfer out", "ย้ายออก"
    DROPOUT = "dropout", "ออกกลางคัน", "Dropout", "ออกกลางคัน"
    DISCHARGE = "discharge", "จำหน่าย", "Discharge", "จำหน่าย"
    RETURN = "return", "รับกลับเข้าเรียน", "Back in", "รับกลับ"
    CLASS = "class", "จัดชั้นและห้อง", "Class and room", "ชั้น/ห้อง"
    NAME = "name", "แก้ไขชื่อ-สกุล", "Name", "ชื่อ-สกุล"
    IDENTITY = "identity", "แก้ไขเพศ วันเกิด", "Sex and date of birth", "เพศ/วันเกิด"
    NUMBER = "number", "แก้เลขประจำตัวนักเรียน", "Student number", "เลขประจำตัวนักเรียน"
    DUPLICATE = "duplicate", "ตัดออกเพราะซ้ำซ้อน", "Struck off as a duplicate", "ตัดซ้ำ"
    COMPLETED = "completed", "เติมข้อมูลจากระเบียนที่ซ้ำ", "Completed from a duplicate", "เติมข้อมูล"

    @property
    def window(self) -> WindowAction:
        """The window that opens or closes it, where one is set; without one it is open as long as editing is."""
        return _WINDOWS.get(self, WindowAction.EDIT)


_WINDOWS = {
    MovementKind.TRANSFER_IN: WindowAction.MOVE_IN,
    MovementKind.ADD: WindowAction.MOVE_IN,
    MovementKind.TRANSFER_OUT: WindowAction.MOVE_OUT,
    MovementKind.DROPOUT: WindowAction.LEAVE,
    MovementKind.DISCHARGE: WindowAction.LEAVE,
    MovementKind.CLASS: WindowAction.CLASS,
    MovementKind.NAME: WindowAction.NAME,
    MovementKind.IDENTITY: WindowAction.NAME,
}
