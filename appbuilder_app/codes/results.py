"""Codes of the end of the year: exam, failing, what follows from it, destinations, and the turn of the year."""

from __future__ import annotations

from .codelist import CodeList
from .learners import Grade, Level


class FailCriterion(CodeList, noun="เกณฑ์ที่ไม่ผ่าน"):
    """What a learner failed by: the conditions of the core curriculum for moving up; own codes [assumed]."""

    TIME = "time", "เวลาเรียนไม่ถึงร้อยละ 80", "Attended less than 80 %", "เวลาเรียน"
    SUBJECTS = "subjects", "ผลการเรียนไม่ผ่านเกณฑ์", "Failed subjects", "ผลการเรียน", ("ติด 0", "ติด ร", "ติด มส")
    READING = "reading", "การอ่าน คิดวิเคราะห์ และเขียนไม่ผ่าน", "Reading, thinking and writing", "อ่าน คิด เขียน"
    CONDUCT = "conduct", "คุณลักษณะอันพึงประสงค์ไม่ผ่าน", "Conduct", "คุณลักษณะ"
    ACTIVITIES = "activities", "กิจกรรมพัฒนาผู้เรียนไม่ผ่าน", "Learner development activities", "กิจกรรม"


class AfterFail(CodeList, noun="ผลของการสอบตก"):
    """What follows from failing (the second step of R46); own codes. WAITS is left to secondary schools (§1.4)."""

    REPEAT = "repeat", "ซ้ำชั้น", "Repeats the grade", "ซ้ำชั้น"
    WAITS = "waits", "รอดำเนินการ (สอบแก้ตัว)", "Waits for a second exam", "รอดำเนินการ", ("รอสอบแก้ตัว",)


class Absence(CodeList, noun="เหตุที่ยังคงอยู่"):
    """Why a learner who did not sit the final exam is still there; own codes."""

    PENDING = "pending", "ยังไม่สามารถจำหน่ายได้ (3.1.8)", "Pending discharge (3.1.8)", "3.1.8"
    KEPT = "kept", "คงไว้ตามความประสงค์ของผู้ปกครอง", "Kept as the guardian wishes", "คงไว้"


class Destination(CodeList, noun="การศึกษาต่อหรือประกอบอาชีพ"):
    """Where a graduate goes: 201–217 after ม.3 and 301–320 after ม.6 [public]; 101–117 after ป.6 [assumed].

    The public list gives 309 twice; its "neither works nor studies" is 319 here [assumed].
    """

    P_SAME = "101", "ม.1 โรงเรียนเดิม", "Secondary 1, same school"
    P_PROVINCE = "102", "ม.1 โรงเรียนอื่นในจังหวัด", "Secondary 1, elsewhere in the province"
    P_OTHER = "103", "ม.1 ต่างจังหวัด", "Secondary 1, another province"
    P_BANGKOK = "104", "ม.1 กรุงเทพมหานคร", "Secondary 1, Bangkok"
    P_ELSE = "107", "ม.1 สถาบันอื่น", "Secondary 1, another institution"
    P_ORDAINED = "115", "บวชในศาสนา (ป.6)", "Ordained (after primary 6)"
    P_NOTHING = "116", "ไม่ศึกษาต่อ (ป.6)", "Does not study on (after primary 6)"
    P_ABROAD = "117", "ต่างประเทศ (ป.6)", "Abroad (after primary 6)"
    L_SAME = "201", "ม.4 โรงเรียนเดิม", "Secondary 4, same school"
    L_PROVINCE = "202", "ม.4 โรงเรียนอื่นในจังหวัด", "Secondary 4, elsewhere in the province"
    L_OTHER = "203", "ม.4 ต่างจังหวัด", "Secondary 4, another province"
    L_BANGKOK = "204", "ม.4 กรุงเทพมหานคร", "Secondary 4, Bangkok"
    L_STATE_VOCATIONAL = "205", "อาชีวศึกษาของรัฐ (ม.3)", "State vocational college (after secondary 3)"
    L_PRIVATE_VOCATIONAL = "206", "อาชีวศึกษาเอกชน (ม.3)", "Private vocational college (after secondary 3)"
    L_ELSE = "207", "สถาบันอื่น (ม.3)", "Another institution (after secondary 3)"
    L_INDUSTRY = "208", "ทำงานภาคอุตสาหกรรม (ม.3)", "Works in industry (after secondary 3)"
    L_FARMING = "209", "ทำงานภาคการเกษตร (ม.3)", "Works in farming (after secondary 3)"
    L_FISHING = "210", "ทำงานการประมง (ม.3)", "Works in fishing (after secondary 3)"
    L_TRADE = "211", "ค้าขาย ธุรกิจ (ม.3)", "Trade (after secondary 3)"
    L_SERVICE = "212", "งานบริการ (ม.3)", "Services (after secondary 3)"
    L_HIRED = "213", "รับจ้างทั่วไป (ม.3)", "Hired work (after secondary 3)"
    L_OTHER_WORK = "214", "ทำงานอื่นๆ (ม.3)", "Other work (after secondary 3)"
    L_ORDAINED = "215", "บวชในศาสนา (ม.3)", "Ordained (after secondary 3)"
    L_NOTHING = "216", "ไม่ประกอบอาชีพและไม่ศึกษาต่อ (ม.3)", "Neither works nor studies (after secondary 3)"
    L_ABROAD = "217", "ต่างประเทศ (ม.3)", "Abroad (after secondary 3)"
    U_STATE = "301", "มหาวิทยาลัยของรัฐ", "State university"
    U_OPEN = "302", "มหาวิทยาลัยเปิด", "Open university"
    U_PRIVATE = "303", "มหาวิทยาลัยเอกชน", "Private university"
    U_STATE_VOCATIONAL = "304", "อาชีวศึกษาของรัฐ", "State vocational college"
    U_PRIVATE_VOCATIONAL = "305", "อาชีวศึกษาเอกชน", "Private vocational college"
    U_NURSE = "306", "สถาบันพยาบาล", "Nursing school"
    U_ARMY = "307", "สถาบันทหาร", "Military school"
    U_POLICE = "308", "สถาบันตำรวจ", "Police school"
    U_ELSE = "309", "สถาบันอื่น", "Another institution"
    U_CIVIL = "310", "รับราชการ", "Government service"
    U_ENTERPRISE = "311", "รัฐวิสาหกิจ", "State enterprise"
    U_INDUSTRY = "312", "ทำงานภาคอุตสาหกรรม", "Works in industry"
    U_FARMING = "313", "ทำงานภาคการเกษตร", "Works in farming"
    U_FISHING = "314", "ทำงานการประมง", "Works in fishing"
    U_TRADE = "315", "ค้าขาย ธุรกิจ", "Trade"
    U_SERVICE = "316", "งานบริการ", "Services"
    U_HIRED = "317", "รับจ้างทั่วไป", "Hired work"
    U_ORDAINED = "318", "บวชในศาสนา", "Ordained"
    U_NOTHING = "319", "ไม่ประกอบอาชีพและไม่ศึกษาต่อ", "Neither works nor studies"
    U_ABROAD = "320", "ต่างประเทศ", "Abroad"

    @property
    def stays(self) -> bool:
        """True for who goes on in the next level of the same school."""
        return self in (Destination.P_SAME, Destination.L_SAME)

    @classmethod
    def after(cls, grade: Grade) -> tuple[Destination, ...]:
        """The destinations of graduates of this grade; none of a grade whose graduates are not asked."""
        if grade not in GRADUATING:
            return ()
        first = {Level.PRIMARY: "1", Level.LOWER_SECONDARY: "2"}.get(grade.level, "3")
        return tuple(one for one in cls if one.value[0] == first)


GRADUATING = tuple(grade for grade in Grade if grade.ends_level and grade.level is not Level.KINDERGARTEN)
"""ป.6, ม.3, ม.6, ปวช.3: whose graduates are asked where they go (§1.4)."""


class Turn(CodeList, noun="ผลของการเลื่อนชั้น"):
    """What the turn of the year did with a learner, or why it left them where they were; own codes."""

    PROMOTED = "promoted", "เลื่อนชั้น", "Moved up"
    CONTINUED = "continued", "จบการศึกษา เรียนต่อโรงเรียนเดิม", "Graduated, goes on in the same school"
    REPEATED = "repeated", "ซ้ำชั้น", "Repeats"
    GRADUATED = "graduated", "จบการศึกษา", "Graduated"
    NO_RESULT = "no_result", "ไม่มีผลสอบปลายปี", "No result"
    ABSENT = "absent", "ไม่เข้าสอบ และไม่ได้บันทึกว่าเพราะเหตุใด", "Did not sit the exam, no reason given"
    PENDING = "pending", "ไม่เข้าสอบ ยังจำหน่ายไม่ได้ (3.1.8)", "Did not sit, pending discharge (3.1.8)"
    KEPT = "kept", "ไม่เข้าสอบ คงไว้ตามความประสงค์ของผู้ปกครอง", "Did not sit, kept as the guardian wishes"
    WAITS = "waits", "สอบตก รอดำเนินการ", "Failed, waits for a second exam"
    UNDECIDED = "undecided", "สอบตก ยังไม่ได้บันทึกว่าซ้ำชั้นหรือไม่", "Failed, nothing decided"
    NO_DESTINATION = "no_destination", "จบการศึกษา ยังไม่มีข้อมูลศึกษาต่อ", "Graduates, no destination"
    NO_NEXT_GRADE = "no_next_grade", "โรงเรียนไม่เปิดสอนชั้นถัดไป", "The school has no next grade"

    @property
    def is_left(self) -> bool:
        """True when the learner was left as they were."""
        return self > Turn.GRADUATED
