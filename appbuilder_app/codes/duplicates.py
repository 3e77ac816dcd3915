"""Codes of duplicates: how two records were found to be one child, and which agencies' lists are compared."""

from __future__ import annotations

from .codelist import CodeList


class DuplicateKind(CodeList, noun="ลักษณะความซ้ำซ้อน"):
    """By what records were found to be of one child; own codes [derived from R11, R33, R36]."""

    SAME_ID = "same_id", "เลขประจำตัวเดียวกันในหลายโรงเรียน", "Same ID in several schools", "เลขเดียวกัน"
    AGENCY = "agency", "ซ้ำซ้อนต่างสังกัด", "In another agency's list, too", "ต่างสังกัด"
    LIKELY = "likely", "น่าจะเป็นเด็กคนเดียวกัน", "Likely the same child", "น่าจะซ้ำ"


class Agency(CodeList, noun="สังกัด"):
    """Other agencies that enrol children: the affiliation in the ministry's ten-digit school codes [public]."""

    PRIVATE = "11", "สำนักงานคณะกรรมการส่งเสริมการศึกษาเอกชน", "Private education", "สช.", ("เอกชน",)
    NON_FORMAL = "12", "กรมส่งเสริมการเรียนรู้", "Learning encouragement", "สกร.", ("กศน.", "กศน")
    VOCATIONAL = "13", "สำนักงานคณะกรรมการการอาชีวศึกษา", "Vocational education", "สอศ.", ("อาชีวศึกษา",)
    HIGHER = "14", "สถาบันอุดมศึกษา", "Higher education", "สกอ.", ("สาธิต", "อว.")
    LOCAL = "30", "องค์กรปกครองส่วนท้องถิ่น", "Local government", "อปท.", ("เทศบาล", "อบต.", "อบจ.")
    BANGKOK = "31", "กรุงเทพมหานคร", "Bangkok Metropolitan Administration", "กทม."
    BUDDHISM = "70", "สำนักงานพระพุทธศาสนาแห่งชาติ", "National Office of Buddhism", "พศ.", ("พระปริยัติธรรม",)
    OTHER = "other", "สังกัดอื่น", "Other agency", "อื่นๆ"


class RecordState(CodeList, noun="สถานะของระเบียนที่ซ้ำ"):
    """What is to become of one record of a case; own codes [derived]."""

    OPEN = "open", "รอวินิจฉัย", "Not decided", "รอวินิจฉัย"
    KEPT = "kept", "นับที่ระเบียนนี้", "Counts here", "นับที่นี่"
    STRUCK = "struck", "ตัดออก", "Struck off", "ตัดออก"
    APART = "apart", "เป็นเด็กคนละคน", "Another child", "คนละคน"
