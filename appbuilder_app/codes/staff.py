"""Code lists of staff: the lines of the EMIS table, and with which money they are paid."""

from __future__ import annotations

from .codelist import CodeList


class Position(CodeList, noun="ตำแหน่ง"):
    """Lines of the EMIS staff table, teachers by rank and academic standing [public]; own codes [assumed]."""

    DIRECTOR = "director", "ผู้อำนวยการ", "Director", "ผอ.", ("ผู้อำนวยการโรงเรียน", "ผู้อำนวยการสถานศึกษา")
    DEPUTY = "deputy", "รองผู้อำนวยการ", "Deputy director", "รอง ผอ.", ("รองผู้อำนวยการโรงเรียน",)
    TEACHER_5 = (
        "teacher5",
        "ครู คศ.5 เชี่ยวชาญพิเศษ",
        "Teacher, senior expert (K5)",
        "ครู คศ.5",
        ("ครูเชี่ยวชาญพิเศษ",),
    )
    TEACHER_4 = "teacher4", "ครู คศ.4 เชี่ยวชาญ", "Teacher, expert (K4)", "ครู คศ.4", ("ครูเชี่ยวชาญ",)
    TEACHER_3 = "teacher3", "ครู คศ.3 ชำนาญการพิเศษ", "Teacher, senior professional (K3)", "ครู คศ.3", (
        "ครูชำนาญการพิเศษ",)  # fmt: skip
    TEACHER_2 = "teacher2", "ครู คศ.2 ชำนาญการ", "Teacher, professional (K2)", "ครู คศ.2", ("ครูชำนาญการ",)
    TEACHER_1 = "teacher1", "ครู คศ.1", "Teacher (K1)"
    ASSISTANT = "assistant", "ครูผู้ช่วย", "Assistant teacher"
    PERMANENT = "permanent", "ลูกจ้างประจำ", "Permanent employee"
    GOVERNMENT = "government", "พนักงานราชการ", "Government employee"
    TEMPORARY = "temporary", "ลูกจ้างชั่วคราว", "Temporary employee", "", ("ครูอัตราจ้าง", "พนักงานจ้าง")

    @property
    def is_civil_servant(self) -> bool:
        """Whether who holds it is a civil servant, paid by the budget alone."""
        return self <= Position.ASSISTANT


class Pay(CodeList, noun="เงินที่ใช้จ้าง"):
    """In or outside the budget (R55); own codes [assumed]."""

    INSIDE = "inside", "ในงบประมาณ", "In the budget", "ในงบ"
    OUTSIDE = "outside", "นอกงบประมาณ", "Outside the budget", "นอกงบ"
